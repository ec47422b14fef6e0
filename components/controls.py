"""Controls: Panel widgets bound to Parameters, without Panel's wait and in the article's dress."""

from typing import ClassVar

import bokeh.models
import panel as pn
import param


class Slider(pn.widgets.FloatSlider):
    """A slider whose every move is handled at once: the newest value wins, so there is nothing to wait for."""

    _debounce = 0
    # Nothing else of it can change in the browser; to listen for the rest is a quarter of what a slider costs.
    _linked_properties: ClassVar = ("value",)


class Choice(pn.widgets.Select):
    """A choice among named values, handled at once; Bokeh's own model, which a page without Panel's script can show."""

    _debounce = 0
    _widget_type = bokeh.models.Select
    _rename: ClassVar = {"groups": None, "disabled_options": None, "size": None}
    _stylesheets: ClassVar = []


class Switch(pn.widgets.Checkbox):
    """A yes or no, handled at once."""

    _debounce = 0


class Carrier:
    """A Parameter that has no widget: a bare slider that no page shows carries its value, at a tenth of a widget's cost."""

    def __init__(self, parameter):
        self.parameter, self.models = parameter, []
        self.watcher = parameter.owner.param.watch(self._follow, parameter.name)

    def get_root(self, document=None, comm=None, preprocess=False):
        """Return a new model that is in step with the Parameter, as a widget's would be."""
        p = self.parameter
        model = bokeh.models.Slider(
            start=p.bounds[0], end=p.bounds[1], step=p.step, value=getattr(p.owner, p.name), title=p.label, show_value=False
        )
        model.on_change("value", self._take)
        self.models.append(model)
        return model

    def _take(self, attribute, old, new):
        setattr(self.parameter.owner, self.parameter.name, int(new) if isinstance(self.parameter, param.Integer) else new)

    def _follow(self, event):
        for model in self.models:
            model.value = event.new

    def close(self):
        """Let go of the state and of the models."""
        self.parameter.owner.param.unwatch(self.watcher)
        self.models = []


def decimals(parameter):
    """Return how many decimals the Parameter's step asks for."""
    text = f"{parameter.step or 0.001:.10f}".rstrip("0")
    return len(text.split(".")[1])


def control(parameter, *, seen=True):
    """Return the widget for a Parameter: its label, bounds and step, nothing of its own; `Figure.roots` dresses it."""
    if not seen and isinstance(parameter, param.Number) and not isinstance(parameter, param.Boolean):
        return Carrier(parameter)
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
