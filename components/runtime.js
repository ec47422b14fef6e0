// What a figure does in the browser, whatever it shows: run the traced columns (browser engine), paint once a frame,
// carry the handles and marks, follow the reader's theme. It holds no mathematics: `programs` come from Python.
// In scope: what all figures share (sheet, palettes), and from Bokeh cb_obj, cb_context and cb_data, one figure's own part.
const {programs} = cb_data
const figures = (window.momentumFigures ??= new Map())

const named = (id) => cb_obj.document.get_model_by_id(id)
const group = (ids) => Object.fromEntries(Object.entries(ids).map(([key, id]) => [key, named(id)]))
const models = JSON.parse(cb_data.models)
const [plots, controls, sources] = [models.plots, models.controls, models.sources].map(group)
const [sentence, wire] = [models.sentence, models.wire].map(named)
const painted = models.painted.map(([id, name, role]) => [named(id), name, role])

const find = (model) => {
  for (const index of [cb_context.index, window.Bokeh?.index]) {
    const found = index?.find_one?.(model) ?? index?.get?.(model)
    if (found != null) return found
  }
  return null
}
// How far a pointer may stray between down and up and still mean a tap, in px.
const STILL = 6
const clamp = (value, low, high) => Math.min(high, Math.max(low, value))
const property = (name) => (spec.parameters[name].kind == "boolean" ? "active" : "value")

let spec, constants, themes

class Runtime {
  constructor() {
    this.spec = spec = JSON.parse(cb_data.specification)
    themes = JSON.parse(palettes)
    // Constants travel as whole numbers of a unit where that is shorter.
    const unpacked = ([values, unit]) => Float64Array.from(values, (value) => value * unit)
    constants = Object.fromEntries(Object.entries(cb_data.constants).map(([part, list]) => [part, list.map(unpacked)]))
    this.plots = plots
    this.sources = sources
    this.sentence = sentence
    this.painted = painted
    this.view = find
    this.listeners = new Set()
    this.installed = new Set()
    for (const model of [wire, ...Object.values(plots), ...Object.values(controls)]) model.figure = this
    this.stale = false
    this.announced = false
    this.patience = 600
    this.dressed = "light"
    this.dressing = []
    this.places = []
    this.tell = []
    this.said = programs.readouts == null ? null : this.run("readouts", this.inputs())
    // A server sends the columns with the page; a browser that computes them itself begins with none.
    this.drawn = this.behind = null
    if (programs.tables_and_words != null) this.redraw()
    this.follow = () => this.dress()
    window.addEventListener("themechange", this.follow)
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.follow)
    window.addEventListener("beforeprint", () => this.dress("light"))
    window.addEventListener("afterprint", this.follow)
    document.fonts?.ready.then(() => this.repaint())
    this.dress()
  }

  // --- the state: what links, reset and play read and write
  get() {
    return Object.fromEntries(Object.keys(controls).map((name) => [name, controls[name][property(name)]]))
  }
  set(values) {
    for (const [name, value] of Object.entries(values)) {
      const {kind} = spec.parameters[name]
      const v = kind == "integer" ? Math.round(value) : kind == "boolean" ? Boolean(value) : value
      if (controls[name][property(name)] !== v) controls[name][property(name)] = v
    }
  }
  reset() {
    this.set(Object.fromEntries(Object.entries(spec.parameters).map(([name, p]) => [name, p.default])))
  }

  // --- a change: the columns, then the pixels
  // `laid` where a layout may have made new views, which want to be dressed.
  changed(laid = true) {
    const missing = laid ? this.install() : 0
    if (missing == 0 && laid && !this.announced) {
      this.announced = true
      figures.set(spec.slug, this)
      window.dispatchEvent(new CustomEvent("figureready", {detail: spec.slug}))
    } else if (missing > 0 && this.patience-- > 0) {
      // Bokeh builds the views of a page one after the other.
      requestAnimationFrame(() => this.changed())
    }
    if (this.stale) return
    this.stale = true
    queueMicrotask(() => {
      this.stale = false
      if (programs.readouts != null) this.said = this.run("readouts", this.inputs())
      if (programs.tables_and_words != null) this.redraw()
      for (const act of [...this.places, ...this.tell]) act()
      for (const listener of this.listeners) listener(this)
    })
  }
  inputs() {
    const numbers = {}
    for (const [name, p] of Object.entries(spec.parameters)) {
      const value = controls[name][property(name)]
      numbers[name] = p.kind == "choice" ? p.options.indexOf(value) : Number(value)
    }
    return numbers
  }
  backdropInputs(inputs) {
    return programs.backdrop && JSON.stringify(programs.backdrop[0].map((name) => inputs[name]))
  }
  redraw() {
    const inputs = this.inputs()
    const drawn = JSON.stringify(inputs)
    if (drawn == this.drawn) return
    this.drawn = drawn
    const behind = this.backdropInputs(inputs)
    if (behind != this.behind) this.assign(this.run("backdrop", inputs))
    this.behind = behind
    const [tables, text] = this.run("tables_and_words", inputs)
    this.assign(tables)
    this.say(text)
  }
  // What a server computed, unpacked: all tables came as one row.
  receive() {
    const {tables: [names], numbers: [sent], texts: [texts]} = wire.data
    // Bokeh's own kind of array would make each part of itself anew from the start of its buffer.
    const numbers = new Float64Array(sent.buffer, sent.byteOffset, sent.length)
    let n = 0, t = 0
    const column = (shape) => {
      if (shape[0] == null) return texts.slice(t, (t += shape[1]))
      if (shape.length == 1) return numbers.slice(n, (n += shape[0]))
      return Array.from({length: shape[0]}, () => numbers.subarray(n, (n += shape[1])))
    }
    const tables = {}
    for (const name of names) tables[name] = Object.fromEntries(spec.layout[name].map(([key, shape]) => [key, column(shape)]))
    this.assign(tables)
    this.say(texts[t])
  }
  say(text) {
    if (text === sentence.text) return
    // Into the page directly: the view would build itself and its layout anew at every change.
    const target = find(sentence)?.markup_el
    sentence.setv({text}, {sync: false, silent: target != null})
    if (target != null) target.textContent = text
  }
  run(part, inputs) {
    return programs[part][1](inputs, constants[part])
  }
  assign(tables) {
    for (const [name, table] of Object.entries(tables)) {
      const data = {}
      for (const [column, value] of Object.entries(table)) {
        data[column] = Array.isArray(value) && value[0]?.BYTES_PER_ELEMENT != null ? [image(value, sources[name].data[column][0])] : value
      }
      // Not synchronised: a server, if there is one, need not see what the browser can compute.
      sources[name].setv({data}, {sync: false, check_eq: false})
    }
  }
  repaint() {
    for (const plot of Object.values(plots)) find(plot)?.request_repaint?.()
  }

  // --- colours
  theme() {
    const root = document.documentElement
    if (root.dataset.theme) return root.dataset.theme
    if (document.body?.dataset.jpThemeLight != null) return document.body.dataset.jpThemeLight == "false" ? "dark" : "light"
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
  }
  dress(theme = this.theme()) {
    if (theme == this.dressed) return
    this.dressed = theme
    for (const [model, name, role] of painted) model.setv({[name]: themes[theme][role]}, {sync: false})
    for (const act of this.dressing) act()
  }

  // --- once a view exists
  install() {
    let missing = 0
    for (const [name, plot] of Object.entries(plots)) {
      const view = find(plot)
      missing += view?.frame == null
      if (view?.frame == null || this.installed.has(view)) continue
      this.installed.add(view)
      smooth(view)
      clean(view)
      bare(view)
      view.canvas_view.events_el.style.touchAction = "pan-y"
      const overlay = view.canvas_view.shadow_el ?? view.shadow_el
      const style = document.createElement("style")
      style.textContent = sheet
      overlay.append(style)
      const handles = spec.handles.filter((h) => h.plot == name).map((h) => this.handle(view, overlay, h))
      const marks = spec.marks.filter((m) => m.plot == name)
      const labels = spec.labels.filter((l) => l.plot == name).map((l) => this.texts(view, overlay, l))
      const places = [...handles, ...labels, ...(marks.length ? [this.names(view, overlay, marks)] : [])]
      this.axes(view, overlay, plot.tags[0])
      if (spec.taps.includes(name)) this.taps(view)
      this.places.push(...places)
      const placeAll = () => places.forEach((place) => place())
      view.repainted?.connect?.(placeAll)
      placeAll()
    }
    for (const [name, model] of Object.entries(controls)) {
      if (spec.unseen.includes(name)) continue
      const view = find(model)
      missing += view?.shadow_el == null
      view?.shadow_el?.querySelector("input[type=checkbox], select")?.setAttribute("aria-label", spec.parameters[name].label)
      const target = view?.shadow_el?.querySelector(".noUi-handle")
      if (target == null || this.installed.has(target)) continue
      this.installed.add(target)
      this.slider(name, model, view, target)
    }
    return missing
  }
  slider(name, model, view, target) {
    const parameter = spec.parameters[name]
    target.setAttribute("aria-label", parameter.label)
    const title = view.title_el
    // noUiSlider rounds what it tells a screen reader; say the value as it is shown.
    this.tell.push(() => {
      const value = view.shadow_el.querySelector(".bk-slider-value")
      const text = title.firstChild
      if (text?.nodeType == 3 && text.data.endsWith(": ")) text.data = text.data.slice(0, -2) + " = "
      const said = this.said?.[name]
      const shown = said ?? value?.textContent.replace("-", "−")
      if (value != null && value.textContent !== shown) value.textContent = shown
      const facts = {min: parameter.low, max: parameter.high, now: model.value, text: value?.textContent ?? String(model.value)}
      for (const [key, fact] of Object.entries(facts)) {
        if (target.getAttribute(`aria-value${key}`) !== String(fact)) target.setAttribute(`aria-value${key}`, fact)
      }
    })
    // Bokeh writes the title anew at every change.
    new MutationObserver(this.tell.at(-1)).observe(title, {childList: true})
    this.tell.at(-1)()
    // The slider's own keys move by its finest step; a reader's keys should cross the range in a hundred presses.
    target.addEventListener("keydown", (event) => {
      const value = moved(event, model.value, parameter)
      if (value == null) return
      event.preventDefault()
      event.stopImmediatePropagation()
      this.set({[name]: value})
    }, true)
  }
  handle(view, overlay, {plot, x, y, label, at, turn: [[a, b], [c, d]], hollow}) {
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
    const value = (n) => this.said?.[n] ?? Number(controls[n].value.toPrecision(3))
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
      const allowed = programs.confine ? this.run("confine", {...this.inputs(), ...values}) : {}
      this.set(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, allowed[name] ?? value])))
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
      if (event.detail == 0 || from === String([px, py])) this.set(this.run("tapped", {...this.inputs(), px, py}))
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
  // A tap between the handles: what it means is the figure's to say.
  taps(view) {
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
      this.set(this.run("tapped", {...this.inputs(), px: x_scale.invert(sx), py: y_scale.invert(sy)}))
    })
  }
  // Axes and colour bar: text beside the canvas, by per cent, so that no layout and no repaint ever touches them.
  axes(view, overlay, {x, y, bar}) {
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
      const colour = () => { el.style.background = `linear-gradient(to top, ${themes[this.dressed][bar.ramp].join(",")})` }
      this.dressing.push(colour)
      colour()
    }
  }
  texts(view, overlay, {table, text, x, y, dx, dy, align, role}) {
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
  names(view, overlay, marks) {
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
          this.set(Object.fromEntries([[mark.sets_x, px], [mark.sets_y, py]].filter(([name]) => name != null)))
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
}

const overlap = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]))

// Rows of numbers as Bokeh holds an image: an array that knows its shape.
const image = (rows, before) => {
  const shape = [rows.length, rows[0].length]
  const pixels = new before.constructor(shape[0] * shape[1], shape)
  rows.forEach((row, i) => pixels.set(row, i * row.length))
  return pixels
}

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

// Nothing is selected, hovered, muted or decimated here: of the six glyphs that Bokeh keeps up for each renderer one is ever
// painted. Nor need a search tree be grown at each change to learn which points are in sight: the frame clips them.
const bare = (view) => {
  for (const {glyph, ...others} of [...view.renderer_views.values()].map(kept)) {
    Object.assign(glyph, {_mask_data: null, index_data() {}})
    for (const other of Object.values(others)) Object.assign(other, {set_data: async () => {}, set_visuals() {}, map_data() {}})
  }
}
const kept = (renderer) => Object.fromEntries(["", "selection_", "nonselection_", "hover_", "muted_", "decimated_"]
  .map((kind) => [`${kind}glyph`, renderer[`${kind}glyph`]]).filter(([, glyph]) => glyph != null))

// Bokeh clears a canvas after shifting it by half a pixel: without this, half of what was painted at its top and left edge stays.
const clean = (view) => {
  for (const layer of [view.canvas_view.primary, view.canvas_view.overlays]) {
    layer.clear = () => layer.ctx.clearRect(-1, -1, layer.bbox.width + 2, layer.bbox.height + 2)
  }
}

// One paint a frame, and the first at once. Bokeh's throttle measures a frame as just under 1/60 s and then skips it.
const smooth = (view) => {
  let waiting = null
  let fresh = true
  const paint = (done) => {
    waiting = null
    fresh = false
    requestAnimationFrame(() => { fresh = true })
    if (!view.is_destroyed) view.repaint()
    done()
  }
  view.throttled_paint = () => (waiting ??= new Promise((done) => {
    queueMicrotask(() => (fresh ? paint(done) : requestAnimationFrame(() => paint(done))))
  }))
  view.throttled_paint.stop = () => {}
}

if (cb_obj.figure == null) new Runtime()
cb_obj.figure.changed()
