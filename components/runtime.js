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
    window.addEventListener("beforeprint", () => {
      this.dress("light")
      // The next frame would come too late for the paper.
      for (const view of Object.values(plots).map(find).filter((view) => this.installed.has(view))) {
        for (const renderer of view.renderer_views.values()) renderer.set_visuals?.()
        view.invalidate_painters()
        view.repaint()
      }
    })
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
    if (matchMedia("print").matches) return "light"
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
      // Nothing can be done with the canvas by key: its handles are stops of their own.
      view.canvas_view.events_el.removeAttribute("tabindex")
      const overlay = view.canvas_view.shadow_el ?? view.shadow_el
      const style = document.createElement("style")
      style.textContent = sheet
      overlay.append(style)
      const handles = spec.handles.filter((h) => h.plot == name).map((h) => handle(this, view, overlay, h))
      const marks = spec.marks.filter((m) => m.plot == name)
      const labels = spec.labels.filter((l) => l.plot == name).map((l) => texts(this, view, overlay, l))
      const places = [...handles, ...labels, ...(marks.length ? [names(this, view, overlay, marks)] : [])]
      axes(this, view, overlay, plot.tags[0])
      if (spec.taps.includes(name)) taps(this, view)
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
}

if (cb_obj.figure == null) new Runtime()
cb_obj.figure.changed()
