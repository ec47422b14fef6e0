// What lies over a plot's canvas: handles to drag, taps, axes, labels and the names of points. It holds no mathematics.
// In scope: what `runtime.js` names.

const handle = (figure, view, overlay, {plot, x, y, label, at, turn: [[a, b], [c, d]], hollow}) => {
  const taken = spec.taps.includes(plot)
  const button = document.createElement("button")
  button.type = "button"
  button.className = hollow ? "handle hollow" : "handle"
  button.dataset.handle = [x, y].filter(Boolean).join("-")
  overlay.append(button)
  const canvas = view.canvas_view.el
  const point = () => {
    const [u, v] = [x ? controls[x].value : at, y ? controls[y].value : at]
    return [a * u + b * v, c * u + d * v]
  }
  const value = (n) => figure.said?.[n] ?? Number(controls[n].value.toPrecision(3))
  let placed = ""
  const place = () => {
    const [px, py] = point()
    const {x_scale, y_scale} = view.frame
    const left = x_scale.compute(px), top = y_scale.compute(py)
    if (!Number.isFinite(left + top)) return
    const said = [x, y].filter(Boolean).map((n) => `${spec.parameters[n].label} ${value(n)}`).join(", ")
    if (placed === (placed = `${left} ${top} ${said}`)) return
    button.style.left = `${left}px`
    button.style.top = `${top}px`
    button.setAttribute("aria-label", `${label}: ${said}. Arrow keys move it.`)
  }
  const moveTo = (clientX, clientY) => {
    const box = canvas.getBoundingClientRect()
    bring(view.frame.x_scale.invert(clientX - box.left), view.frame.y_scale.invert(clientY - box.top))
  }
  const bring = (px, py) => {
    const values = {}
    if (x) values[x] = a * px + c * py
    if (y) values[y] = b * px + d * py
    for (const [name, value] of Object.entries(values)) {
      values[name] = snapped(value, spec.parameters[name])
    }
    ask(values)
  }
  const ask = (values) => {
    // Every handle of a figure asks the same rule, which may name Parameters that this one does not move.
    const allowed = programs.confine ? figure.run("confine", {...figure.inputs(), ...values}) : {}
    figure.set(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, allowed[name] ?? value])))
    place()
  }
  let grip = null
  const start = (event, offset) => {
    grip = offset
    button.setPointerCapture(event.pointerId)
    button.focus({preventScroll: true})
    event.preventDefault()
    event.stopPropagation()
  }
  const offset = (event) => {
    const box = button.getBoundingClientRect()
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2]
  }
  button.offset = offset
  button.grab = (event) => start(event, offset(event))
  const others = () => [...overlay.querySelectorAll(".handle")]
  // Of handles that overlap, the one whose middle is nearest is meant.
  button.addEventListener("pointerdown", (event) => {
    const away = (b) => Math.hypot(...b.offset(event))
    others().reduce((a, b) => (away(b) < away(a) ? b : a), button).grab(event)
  })
  button.addEventListener("pointermove", (event) => {
    if (grip == null) return
    event.stopPropagation()
    moveTo(event.clientX - grip[0], event.clientY - grip[1])
  })
  for (const end of ["pointerup", "pointercancel"]) button.addEventListener(end, () => { grip = null })
  // Pressed without being moved, or by Enter, a handle taps the place where it lies.
  let from = null
  button.addEventListener("pointerdown", () => { from = String(point()) })
  if (taken) button.addEventListener("click", (event) => {
    const [px, py] = point()
    if (event.detail == 0 || from === String([px, py])) figure.set(figure.run("tapped", {...figure.inputs(), px, py}))
  })
  button.addEventListener("keydown", (event) => {
    const along = {ArrowLeft: x, ArrowRight: x, ArrowUp: y ?? x, ArrowDown: y ?? x}[event.key]
    if (along == null) return
    event.preventDefault()
    // The arrows move along the plot's axes, which need be neither the Parameters' nor upright.
    const turned = a != 1, {start, end} = along == x ? view.model.x_range : view.model.y_range
    const [px, py] = point()
    const to = moved(event, turned ? (along == x ? px : py) : controls[along].value, spec.parameters[along], end < start && y != null)
    if (turned) bring(...(along == x ? [to, py] : [px, to]))
    else ask({[along]: to})
  })
  // Pressing anywhere in the plot brings the (nearest) handle there; a finger must tap, so that it can still scroll.
  const nearest = (event) => {
    // A handle that moves along one axis alone can be brought to any place on it.
    const away = (b) => { const [dx, dy] = b.offset(event); return Math.hypot(b.free == "x" ? 0 : dx, b.free == "y" ? 0 : dy) }
    return others().every((b) => away(button) <= away(b))
  }
  button.free = x && y ? "" : x ? "x" : "y"
  const inside = (event) => {
    const box = canvas.getBoundingClientRect()
    return view.frame.bbox.contains(event.clientX - box.left, event.clientY - box.top)
  }
  // Where a tap has a meaning of its own it brings no handle.
  const area = taken ? null : view.canvas_view.events_el
  area?.addEventListener("pointerdown", (event) => {
    if (event.pointerType != "mouse" || event.button != 0 || !inside(event) || !nearest(event)) return
    moveTo(event.clientX, event.clientY)
    start(event, [0, 0])
  })
  area?.addEventListener("click", (event) => {
    if (event.pointerType != "mouse" && inside(event) && nearest(event)) moveTo(event.clientX, event.clientY)
  })
  return place
}

// How far a pointer may stray between down and up and still mean a tap, in px.
const STILL = 6

// A tap between the handles: what it means is the figure's to say.
const taps = (figure, view) => {
  const area = view.canvas_view.events_el
  area.style.cursor = "pointer"
  let down = null
  area.addEventListener("pointerdown", (event) => { down = [event.clientX, event.clientY] })
  area.addEventListener("click", (event) => {
    if (down == null || Math.hypot(event.clientX - down[0], event.clientY - down[1]) > STILL) return
    const box = view.canvas_view.el.getBoundingClientRect()
    const [sx, sy] = [event.clientX - box.left, event.clientY - box.top]
    if (!view.frame.bbox.contains(sx, sy)) return
    const {x_scale, y_scale} = view.frame
    figure.set(figure.run("tapped", {...figure.inputs(), px: x_scale.invert(sx), py: y_scale.invert(sy)}))
  })
}

// Axes and colour bar: text beside the canvas, by per cent, so that no layout and no repaint ever touches them.
const axes = (figure, view, overlay, {x, y, bar}) => {
  const {x_scale, y_scale, bbox} = view.frame
  const part = (parent, name, text = "", style = {}) => {
    const el = document.createElement("div")
    el.className = name
    el.textContent = text
    Object.assign(el.style, style)
    parent.append(el)
    return el
  }
  for (const [name, axis] of [["x", x], ["y", y]]) {
    if (axis == null) continue
    const el = part(overlay, `axis ${name}`)
    el.setAttribute("aria-hidden", "true")
    for (const [value, label] of axis.ticks) {
      const share = name == "x" ? x_scale.compute(value) / bbox.width : y_scale.compute(value) / bbox.height
      part(el, "tick", label, {[name == "x" ? "left" : "top"]: `${100 * share}%`})
    }
    part(el, "title", axis.title)
  }
  if (bar != null) {
    const el = part(overlay, "bar")
    el.setAttribute("aria-hidden", "true")
    for (const [share, label] of bar.ticks) part(el, "tick", label, {bottom: `${100 * share}%`})
    const colour = () => { el.style.background = `linear-gradient(to top, ${themes[figure.dressed][bar.ramp].join(",")})` }
    figure.dressing.push(colour)
    colour()
  }
}

const texts = (figure, view, overlay, {table, text, x, y, dx, dy, align, role}) => {
  const spans = []
  return () => {
    const {data} = sources[table]
    data[text].forEach((content, i) => {
      if (spans[i] == null) {
        spans[i] = document.createElement("span")
        spans[i].className = `label ${align}`
        spans[i].style.color = `var(--${role.replaceAll("_", "-")})`
        spans[i].setAttribute("aria-hidden", "true")
        overlay.append(spans[i])
      }
      const span = spans[i]
      if (span.textContent !== content) span.textContent = content
      const left = view.frame.x_scale.compute(typeof x == "string" ? data[x][i] : x)
      const top = view.frame.y_scale.compute(typeof y == "string" ? data[y][i] : y)
      const place = `translate(${left + dx}px, ${top + dy}px)`
      if (span.place !== place) span.style.transform = span.place = place
    })
  }
}

// Names of points: each beside its point, none over another name, another point or the frame's edge.
const names = (figure, view, overlay, marks) => {
  const labels = marks.map((mark) => {
    const acts = mark.sets_x != null || mark.sets_y != null
    const el = document.createElement(acts ? "button" : "span")
    if (acts) {
      el.type = "button"
      // Where it sets both, it is the point that is meant; where one alone, that one.
      const named = [mark.sets_x, mark.sets_y].filter(Boolean)
      const alone = named.length == 1 ? `${spec.parameters[named[0]].label} ` : ""
      el.setAttribute("aria-label", `${spec.title}: set ${alone}to the ${mark.label}`)
      el.addEventListener("click", () => {
        const [px, py] = point(mark)
        figure.set(Object.fromEntries([[mark.sets_x, px], [mark.sets_y, py]].filter(([name]) => name != null)))
      })
    }
    el.className = acts ? "mark" : "mark still"
    el.textContent = mark.label
    overlay.append(el)
    return {el, mark, side: 0}
  })
  const point = ({table, x, y, row}) => [sources[table].data[x][row], sources[table].data[y][row]]
  const measure = () => {
    for (const label of labels) Object.assign(label, {w: label.el.offsetWidth, h: label.el.offsetHeight})
  }
  measure()
  document.fonts?.ready.then(() => { measure(); place() })
  let width = 0
  const place = () => {
    const {x_scale, y_scale, bbox} = view.frame
    if (bbox.width != width) {
      width = bbox.width
      for (const label of labels) label.side = 0
    }
    const dots = labels.map(({mark}) => {
      const [px, py] = point(mark)
      return [x_scale.compute(px), y_scale.compute(py), 9]
    })
    for (const h of spec.handles.filter(({plot}) => plots[plot] === view.model)) {
      dots.push([x_scale.compute(h.x ? controls[h.x].value : h.at), y_scale.compute(h.y ? controls[h.y].value : h.at), 12])
    }
    const taken = []
    labels.forEach((label, i) => {
      const [cx, cy] = dots[i]
      const seen = Number.isFinite(cx + cy) && bbox.contains(cx, cy)
      label.el.style.visibility = seen ? "" : "hidden"
      if (!seen) return
      const {w, h} = label
      const shown = dots.filter(([x, y], j) => j != i && Number.isFinite(x + y))
      const g = 13
      const sides = [[g, -h / 2], [-g - w, -h / 2], [-w / 2, -g - h], [-w / 2, g], [g, -g - h], [g, g], [-g - w, -g - h], [-g - w, g],
        [2 * g, -2 * g - h], [2 * g, 2 * g], [-2 * g - w, -2 * g - h], [-2 * g - w, 2 * g]]
      const cost = ([dx, dy]) => {
        const box = [cx + dx, cy + dy, cx + dx + w, cy + dy + h]
        const out = Math.max(0, bbox.left - box[0]) + Math.max(0, box[2] - bbox.right) + Math.max(0, bbox.top - box[1]) + Math.max(0, box[3] - bbox.bottom)
        const over = taken.reduce((sum, other) => sum + overlap(box, other), 0)
        const hidden = shown.reduce((sum, [x, y, r]) => sum + overlap(box, [x - r, y - r, x + r, y + r]), 0)
        return 100 * out + over + hidden
      }
      // The side of the last time is kept as long as it is free: a name should not jump about.
      let best = label.side, least = cost(sides[best])
      for (let side = 0; least > 0 && side < sides.length; side++) {
        const c = cost(sides[side])
        if (c < least) [best, least] = [side, c]
      }
      label.side = best
      const [dx, dy] = sides[best]
      label.el.style.left = `${cx + dx}px`
      label.el.style.top = `${cy + dy}px`
      taken.push([cx + dx, cy + dy, cx + dx + w, cy + dy + h])
    })
  }
  return place
}

const overlap = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]))

// A hand cannot mean more digits than the step has.
const snapped = (value, {low, high, step}) => Number(clamp(low + Math.round((value - low) / step) * step, low, high).toPrecision(12))

// Arrow keys: a hundredth of the range; with Shift one step; Page keys a tenth; Home and End the ends.
const moved = (event, value, {low, high, step}, flipped = false) => {
  const unit = (event.shiftKey ? step : Math.max(step, (high - low) / 100)) * (flipped ? -1 : 1)
  const by = {ArrowRight: unit, ArrowUp: unit, ArrowLeft: -unit, ArrowDown: -unit, PageUp: 10 * unit, PageDown: -10 * unit}[event.key]
  if (event.key == "Home") return low
  if (event.key == "End") return high
  return by == null ? null : snapped(value + by, {low, high, step})
}
