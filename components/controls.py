"""Controls: Panel widgets bound to Parameters, without Panel's wait and in the article's dress."""

from typing import ClassVar

import panel as pn
import param
from bokeh.models import Select


class Slider(pn.widgets.FloatSlider):
    """A slider whose every move is handled at once: the newest value wins, so there is nothing to wait for."""

    _debounce = 0


class Choice(pn.widgets.Select):
    """A choice among named values, handled at once; Bokeh's own model, which a page without Panel's script can show."""

    _debounce = 0
    _widget_type = Select
    _rename: ClassVar = {"groups": None, "disabled_options": None, "size": None}
    _stylesheets: ClassVar = []


class Switch(pn.widgets.Checkbox):
    """A yes or no, handled at once."""

    _debounce = 0


def decimals(parameter):
    """Return how many decimals the Parameter's step asks for."""
    text = f"{parameter.step or 0.001:.10f}".rstrip("0")
    return len(text.split(".")[1])


def control(parameter):
    """Return the widget for a Parameter: its label, bounds and step, nothing of its own; `Figure.roots` dresses it."""
    common = {"sizing_mode": "stretch_width", "margin": 0}
    if isinstance(parameter, param.Boolean):
        return Switch.from_param(parameter, **common)
    if isinstance(parameter, param.Selector):
        return Choice.from_param(parameter, description=None, **common)
    places = decimals(parameter)
    return Slider.from_param(parameter, format=f"0.{'0' * places}" if places else "0", **common)


def as_number(parameter, value):
    """Return the value as `columns()` takes it: a number; for a choice, its place in the list."""
    if isinstance(parameter, param.Selector):
        return list(parameter.objects).index(value)
    return value


def describe(parameter):
    """Return what a link, a reset or a read-out needs to know of a Parameter, as plain data."""
    common = {"label": parameter.label, "default": parameter.default}
    if isinstance(parameter, param.Boolean):
        return common | {"kind": "boolean"}
    if isinstance(parameter, param.Selector):
        return common | {"kind": "choice", "options": list(parameter.names or parameter.objects)}
    low, high = parameter.bounds
    integer = isinstance(parameter, param.Integer)
    return common | {"kind": "integer" if integer else "number", "low": low, "high": high, "step": parameter.step or 0.001}
