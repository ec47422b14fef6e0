"""The reference: the same 450 bars from the same columns, as a plain Panel page draws them with its defaults."""

import panel as pn
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from components.error_decomposition import StepSize, columns

pn.extension()


def _table(alpha_lam):
    return columns(alpha_lam)["stack"]


low, high = StepSize.param.alpha_lam.bounds
slider = pn.widgets.FloatSlider(start=low, end=high, step=StepSize.param.alpha_lam.step, value=1.0)
source = ColumnDataSource(_table(slider.value))
plot = figure(width=700, height=320)
plot.quad(left="left", right="right", bottom="bottom", top="top", source=source)


def _redraw(alpha_lam):
    source.data = _table(alpha_lam)


slider.param.watch(lambda event: _redraw(event.new), "value")
pn.Column(slider, pn.pane.Bokeh(plot)).servable()
