// How a plot paints, made lean: once a frame, one glyph a renderer, no search trees. Each replaces one method of Bokeh's views.

// Rows of numbers as Bokeh holds an image: an array that knows its shape.
const image = (rows, before) => {
  const shape = [rows.length, rows[0].length]
  const pixels = new before.constructor(shape[0] * shape[1], shape)
  rows.forEach((row, i) => pixels.set(row, i * row.length))
  return pixels
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
