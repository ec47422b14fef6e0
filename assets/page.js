// What the page does around its figures: links that remember, reset, play, copy, theme, notices. No mathematics.
// The figures register themselves in `momentumFigures` when they are ready; bounds and labels come with them.
(() => {
  const figures = (window.momentumFigures ??= new Map())
  const onPage = new Set([...document.querySelectorAll("[data-figure]")].map((el) => el.dataset.figure))
  const LONGEST = 60

  // Bokeh builds all views of a page in one breath. Between two plots the page may paint and listen, so that the first
  // figure can be played with while the others are still under way.
  const plotView = window.Bokeh?.Models?.Plot?.prototype.default_view?.prototype
  if (plotView != null) {
    const build = plotView.lazy_initialize
    const LONG = 50
    let rested = 0
    plotView.lazy_initialize = async function () {
      if (performance.now() - rested > LONG) {
        await new Promise((go) => setTimeout(go))
        rested = performance.now()
      }
      return build.call(this)
    }
  }

  // --- notices: plain words, one at a time, never in the way
  const notices = document.getElementById("notices")
  const notify = (sentences) => {
    if (!notices || sentences.length == 0) return
    const close = Object.assign(document.createElement("button"), {type: "button", textContent: "Close"})
    close.addEventListener("click", () => { notices.replaceChildren(); notices.hidden = true })
    const list = document.createElement("ul")
    for (const sentence of sentences) list.append(Object.assign(document.createElement("li"), {textContent: sentence}))
    notices.replaceChildren(list, close)
    notices.hidden = false
  }
  const shorten = (text) => (text.length > LONGEST ? text.slice(0, LONGEST) + "…" : text)

  // --- links: ?figure.parameter=value, only what differs from its default
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
  const check = (parameter, text) => {
    if (parameter.kind == "choice") {
      if (parameter.options.includes(text)) return {value: text}
      return {error: `is not one of ${parameter.options.join(", ")}`}
    }
    if (parameter.kind == "boolean") {
      if (text == "true" || text == "false") return {value: text == "true"}
      return {error: "is not true or false"}
    }
    const value = Number(text)
    if (!NUMBER.test(text) || !Number.isFinite(value)) return {error: "is not a finite number"}
    if (value < parameter.low || value > parameter.high) return {error: `is outside ${parameter.low} to ${parameter.high}`}
    if (parameter.kind == "integer" && !Number.isInteger(value)) return {error: "is not a whole number"}
    return {value}
  }
  const read = (query, specs) => {
    const states = new Map(), errors = [], seen = new Set()
    for (const [key, text] of new URLSearchParams(query)) {
      const [slug, name, ...rest] = key.split(".")
      const label = shorten(key)
      if (seen.has(key)) {
        errors.push(`The link sets ${label} more than once; its default is kept.`)
        states.get(slug)?.delete(name)
        continue
      }
      seen.add(key)
      const spec = specs.get(slug)
      if (spec == null) {
        if (key.includes(".")) errors.push(`The link names a figure that is not here: ${label}.`)
        continue
      }
      const parameter = rest.length == 0 && Object.hasOwn(spec.parameters, name ?? "") ? spec.parameters[name] : null
      if (parameter == null) {
        errors.push(`The link names nothing that can be set: ${label}.`)
        continue
      }
      const {value, error} = check(parameter, text)
      if (error) {
        errors.push(`${label}: “${shorten(text)}” ${error}; its default ${parameter.default} is kept.`)
        continue
      }
      if (!states.has(slug)) states.set(slug, new Map())
      states.get(slug).set(name, value)
    }
    return {states, errors}
  }
  const specs = () => new Map([...figures].map(([slug, figure]) => [slug, figure.spec]))
  const query = (slugs) => {
    const pairs = []
    for (const slug of slugs) {
      const figure = figures.get(slug)
      const state = figure.get()
      for (const [name, parameter] of Object.entries(figure.spec.parameters)) {
        if (state[name] !== parameter.default) pairs.push(`${slug}.${name}=${encodeURIComponent(state[name])}`)
      }
    }
    return pairs.length ? "?" + pairs.join("&") : ""
  }
  const apply = (text, {resetOthers = false} = {}) => {
    const {states, errors} = read(text, specs())
    for (const [slug, figure] of figures) {
      const values = Object.fromEntries(states.get(slug) ?? [])
      if (resetOthers || states.has(slug)) {
        const base = resetOthers ? Object.fromEntries(Object.entries(figure.spec.parameters).map(([n, p]) => [n, p.default])) : {}
        figure.set({...base, ...values})
      }
    }
    notify(errors)
    return states
  }

  const asked = location.search
  let settled = false
  let writing = null
  const remember = () => {
    if (!settled) return
    clearTimeout(writing)
    writing = setTimeout(() => {
      const next = location.pathname + query(figures.keys()) + location.hash
      try { history.replaceState(null, "", next) } catch { /* a file inside a sandboxed frame has no history */ }
    }, 250)
  }
  const ready = (slug) => {
    const element = document.querySelector(`[data-figure="${slug}"]`)
    figures.get(slug).listeners.add(remember)
    element?.setAttribute("data-ready", "")
    scrub(slug, element?.querySelector(".scrub"))
    // Each figure takes its part of the link as soon as it is there; what no figure could take is said at the end.
    const {states, errors} = read(asked, specs())
    if (states.has(slug)) figures.get(slug).set(Object.fromEntries(states.get(slug)))
    if (settled || ![...onPage].every((name) => figures.has(name))) return
    notify(errors)
    settled = true
    document.documentElement.dataset.ready = ""
  }
  window.addEventListener("popstate", () => apply(location.search, {resetOthers: true}))

  // --- links and buttons that act on a figure
  const calm = matchMedia("(prefers-reduced-motion: reduce)")
  const playing = new Map()
  const stop = (slug) => {
    const running = playing.get(slug)
    if (running == null) return
    cancelAnimationFrame(running.frame)
    running.button.textContent = "Play"
    playing.delete(slug)
  }
  const play = (slug, button) => {
    if (playing.has(slug)) return stop(slug)
    const figure = figures.get(slug)
    const {parameter, seconds} = figure.spec.play
    const {low, high} = figure.spec.parameters[parameter]
    const from = figure.get()[parameter] >= high ? low : figure.get()[parameter]
    const start = performance.now() - ((from - low) / (high - low)) * seconds * 1000
    const running = {button, frame: 0}
    playing.set(slug, running)
    button.textContent = "Pause"
    let shown = -1
    const tick = (now) => {
      // With reduced motion, time passes in a few still pictures.
      const stages = calm.matches ? 6 : Infinity
      let share = Math.min(1, Math.max(0, (now - start) / (seconds * 1000)))
      if (Number.isFinite(stages)) share = Math.floor(share * stages) / stages
      if (share !== shown) figure.set({[parameter]: low + share * (high - low)})
      shown = share
      if (share < 1) running.frame = requestAnimationFrame(tick)
      else stop(slug)
    }
    running.frame = requestAnimationFrame(tick)
  }

  // Where time has no slider among the controls, one stands beside the button that lets it pass.
  const scrub = (slug, range) => {
    if (range == null) return
    const figure = figures.get(slug)
    const {parameter} = figure.spec.play
    const {low, high, kind} = figure.spec.parameters[parameter]
    Object.assign(range, {min: low, max: high, step: kind == "integer" ? 1 : "any"})
    const follow = () => { range.value = figure.get()[parameter] }
    range.addEventListener("input", () => { stop(slug); figure.set({[parameter]: Number(range.value)}) })
    figure.listeners.add(follow)
    follow()
  }

  const offer = async (element, text, done) => {
    const notice = element.querySelector(".figure-notice")
    try {
      await navigator.clipboard.writeText(text)
      notice.textContent = done
      setTimeout(() => { if (notice.textContent == done) notice.textContent = "" }, 4000)
    } catch {
      const field = Object.assign(document.createElement("textarea"), {value: text, readOnly: true, rows: 3})
      field.setAttribute("aria-label", "Copy this text")
      notice.replaceChildren(field)
      field.select()
    }
  }
  const link = (slug) => new URL(location.pathname + query([slug]) + (onPage.size > 1 ? `#${slug}` : ""), location.href).href
  const embed = (slug, element) => {
    const source = new URL(element.dataset.url || location.pathname, location.href)
    source.search = query([slug])
    const title = figures.get(slug).spec.title.replaceAll('"', "&quot;")
    const height = Math.ceil(element.getBoundingClientRect().height + 48)
    return `<iframe src="${source.href.replaceAll("&", "&amp;")}" title="${title}" style="width:100%;height:${height}px;border:0" loading="lazy"></iframe>\n`
      + `<script>addEventListener("message",e=>{if(e.data?.figureHeight)for(const f of document.querySelectorAll("iframe"))`
      + `if(f.contentWindow===e.source)f.style.height=e.data.figureHeight+"px"})</` + `script>`
  }
  const actions = {
    reset: (slug) => { stop(slug); figures.get(slug).reset() },
    play: (slug, element, button) => play(slug, button),
    "copy-link": (slug, element) => offer(element, link(slug), "Link copied."),
    embed: (slug, element) => offer(element, embed(slug, element), "Embed code copied."),
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-act]")
    if (button != null) {
      const element = button.closest("[data-figure]")
      const slug = element?.dataset.figure
      if (button.dataset.act == "theme") return switchTheme()
      if (slug != null && figures.has(slug)) actions[button.dataset.act]?.(slug, element, button)
      return
    }
    const anchor = event.target.closest?.('a[href^="?"]')
    if (anchor == null || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    for (const slug of apply(anchor.getAttribute("href")).keys()) {
      stop(slug)
      const element = document.querySelector(`[data-figure="${slug}"]`)
      const box = element.getBoundingClientRect()
      if (box.bottom < 120 || box.top > innerHeight - 120) element.scrollIntoView({block: "center", behavior: calm.matches ? "auto" : "smooth"})
      element.classList.remove("changed")
      void element.offsetWidth
      element.classList.add("changed")
    }
  })

  // --- theme
  const root = document.documentElement
  const dark = matchMedia("(prefers-color-scheme: dark)")
  const label = () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light")
    const button = document.getElementById("theme-switch")
    if (button) button.setAttribute("aria-label", now == "dark" ? "Switch to the light theme" : "Switch to the dark theme")
    return now
  }
  const switchTheme = () => {
    root.dataset.theme = label() == "dark" ? "light" : "dark"
    try { localStorage.setItem("theme", root.dataset.theme) } catch { /* no storage: the choice lasts as long as the page */ }
    label()
    window.dispatchEvent(new Event("themechange"))
  }
  dark.addEventListener("change", label)
  label()

  // --- paper folds nothing away
  let unfolded = []
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")]
    for (const details of unfolded) details.open = true
  })
  window.addEventListener("afterprint", () => { for (const details of unfolded.splice(0)) details.open = false })

  // --- contents that follow the reader
  const entries = [...document.querySelectorAll("nav a[href^='#']")]
  const narrow = document.querySelector(".contents-narrow")
  const where = document.createElement("span")
  narrow?.querySelector("summary").append(where)
  const spy = new IntersectionObserver((changes) => {
    for (const {target, isIntersecting} of changes) {
      if (!isIntersecting) continue
      where.textContent = ""
      for (const a of entries) {
        const here = a.hash == `#${target.id}`
        if (here) a.setAttribute("aria-current", "true")
        else a.removeAttribute("aria-current")
        if (here) where.textContent = a.textContent
      }
    }
  }, {rootMargin: "-20% 0px -70% 0px"})
  // The opening has no entry: above the first section none is current.
  for (const part of document.querySelectorAll("section, footer")) spy.observe(part)
  const fold = () => { narrow.open = false }
  narrow?.addEventListener("click", (event) => { if (event.target.closest("a")) fold() })
  narrow?.addEventListener("keydown", (event) => { if (event.key == "Escape") fold() })

  // --- inside another page: say how tall we are
  if (window.parent !== window) {
    const tell = () => window.parent.postMessage({figureHeight: Math.ceil(root.getBoundingClientRect().height), figures: [...onPage]}, "*")
    new ResizeObserver(tell).observe(document.body)
    tell()
  }

  for (const slug of figures.keys()) ready(slug)
  window.addEventListener("figureready", (event) => queueMicrotask(() => ready(event.detail)))

  window.momentumPage = {read, apply}
})()
