"""Two more references: a canvas of the same 450 bars with nothing around it, and a bare Bokeh page with one line."""

import json

from bokeh.embed import file_html
from bokeh.plotting import figure
from bokeh.resources import INLINE

from components.decomposition import LAMS
from components.error_decomposition import ErrorDecomposition
from components.style import LIGHT

CANVAS = """<!DOCTYPE html><meta charset="utf-8"><title>canvas</title>
<input id="slider" type="range" min="0" max="2" step="0.001" value="1" style="width:600px"><br>
<canvas id="canvas" width="700" height="320"></canvas>
<script>
const program = %(program)s
const constants = %(constants)s
const colours = %(colours)s
const context = canvas.getContext("2d")
const draw = () => {
  const {left, right, bottom, top, component} = program({alpha_lam: Number(slider.value)}, constants)[0].stack
  context.clearRect(0, 0, 700, 320)
  for (let i = 0; i < left.length; i++) {
    context.fillStyle = colours[component[i]]
    context.fillRect((left[i] + 1) * 4.6, 320 - top[i] * 200, (right[i] - left[i]) * 4.6, (top[i] - bottom[i]) * 200)
  }
}
slider.addEventListener("input", draw)
draw()
</script>"""


def canvas_html():
    """Return the page of the canvas; its columns are the traced ones, like everybody's."""
    program = ErrorDecomposition.program()
    colours = [LIGHT.component_1, LIGHT.component_2, LIGHT.component_3][: len(LAMS)]
    constants = json.dumps([constant.tolist() for constant in program.constants])
    return CANVAS % {"program": program.javascript, "constants": constants, "colours": json.dumps(colours)}


def line_html():
    """Return a bare Bokeh page with one line plot, everything inside."""
    plot = figure(width=700, height=320)
    plot.line([0, 1, 2], [1, 0, 1])
    return file_html(plot, INLINE, "line")
