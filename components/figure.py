"""The figure: what every figure does, so that each one only states its numbers, its columns and its drawing."""

import asyncio
import inspect
import json
from dataclasses import asdict
from functools import cached_property, lru_cache
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
import panel as pn
import param
from bokeh.models import (
    AllIndices,
    CDSView,
    Column,
    ColumnDataSource,
    CustomJS,
    Div,
    GlyphRenderer,
    InlineStyleSheet,
    Selection,
    Toolbar,
    UnionRenderers,
)

from components import style, wire
from components.controls import Carrier, as_number, control, describe
from components.overlay import Handle, Label, Mark, Play
from simulation.trace import trace

ENGINES = ("python", "browser")
TAP = ("px", "py")
"""The arguments of `Figure.tapped` that say where: in the plot's own coordinates."""
OVERLAY, *SCRIPTS = (
    (Path(__file__).parent / name).read_text(encoding="utf-8")
    for name in ("overlay.css", "painting.js", "overlay.js", "runtime.js")
)
PATIENCE = 30
"""Turns of the event loop in which no change has come, before a redraw: a message that lies there takes some 20 to come in."""
PARTS = ("tables_and_words", "backdrop", "confine", "readouts", "tapped")
"""What of a figure can be traced; the last three are a hand's, which a browser runs whatever the engine."""


def arguments(function):
    """Return the names of a function's arguments; of none, none. `**numbers` is not a name."""
    if function is None:
        return ()
    parameters = inspect.signature(function).parameters.values()
    return tuple(p.name for p in parameters if p.kind is not p.VAR_KEYWORD)


def _names(models):
    """Return {key: name of the model in its document}."""
    return {key: model.id for key, model in models.items()}


class Shared(NamedTuple):
    """What the figures of one document share: the script that all of them run, and the dress of their controls."""

    runtime: CustomJS
    dress: InlineStyleSheet

    @classmethod
    def make(cls):
        """Return new ones: a Bokeh model belongs to one document."""
        args = {"sheet": OVERLAY, "palettes": json.dumps(style.palettes())}
        return cls(CustomJS(args=args, code="\n".join(SCRIPTS)), InlineStyleSheet(css=style.SLIDER_CSS))


class Figure(pn.viewable.Viewer):
    """State -> `columns()` -> one source a table; the view is built once, then only the sources' data change.

    engine : "python" computes on the server behind every change; "browser" runs the traced columns beside the
    reader. The view cannot tell them apart.
    """

    title: ClassVar[str]
    State: ClassVar[type[param.Parameterized]]
    columns: ClassVar
    """Pure: the state's numbers -> {table: {column: equal-length array}}; each table is one source."""
    words: ClassVar
    """Pure: (tables, the state's numbers) -> what the figure shows, in words."""
    backdrop: ClassVar = None
    """Pure, like `columns`, of some of the Parameters: the costly tables that only these change."""
    confine: ClassVar = None
    """Pure: the Parameters that a handle asks for -> those it may have; its arguments name them."""
    readouts: ClassVar = None
    """Pure: the state's numbers -> {parameter: text}, said above a slider instead of its bare value."""
    tapped: ClassVar = None
    """Pure: (px, py, the Parameters that its other arguments name) -> the Parameters after a tap there, on a plot of `taps`."""
    taps: ClassVar[tuple[str, ...]] = ()
    handles: ClassVar[tuple[Handle, ...]] = ()
    marks: ClassVar[tuple[Mark, ...]] = ()
    labels: ClassVar[tuple[Label, ...]] = ()
    play: ClassVar[Play | None] = None
    unseen: ClassVar[tuple[str, ...]] = ()
    """Parameters that move by a handle, a tap or play, and have no slider of their own."""
    ticks: ClassVar[dict[str, dict[float, str]]] = {}
    """Values worth a tick under a slider, besides its ends: {parameter: {value: label}}."""
    layout: ClassVar[str] = ""
    """CSS `grid-template` of the plots on wide screens, areas named as the plots; empty: one under the other."""

    slug: ClassVar[str]

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.slug = cls.__module__.rpartition(".")[2]

    def __init__(self, state=None, *, engine="browser", **values):
        super().__init__()
        if engine not in ENGINES:
            raise ValueError(f"engine: {engine!r} is not one of {', '.join(ENGINES)}")
        self.engine = engine
        self.state = self.State(**values) if state is None else state
        self._painted, self._moving, self._bound = [], set(), []
        self._stale, self._turns = False, 0
        self._backdrop_of = None
        tables, sentence = self.compute()
        # Nothing is ever selected or filtered: what Bokeh keeps for that, for each source and each glyph, they share.
        self._inert = {"selected": Selection(), "selection_policy": UnionRenderers()}
        self._every_row, self._views = AllIndices(), {}
        sent = wire.as_columns if engine == "python" else wire.without_rows
        self.sources = {name: ColumnDataSource(data=sent(table), **self._inert) for name, table in tables.items()}
        self._moving = self._moving or set(tables)
        self.wire = ColumnDataSource(**self._inert)
        self._layout = wire.layout(tables)
        self.sentence = Div(text=sentence, stylesheets=[style.WORDS_CSS], margin=0, sizing_mode="stretch_width")
        self.plots = self.build()
        toolbar = Toolbar()
        for plot in self.plots.values():
            plot.toolbar = toolbar
        self._watcher = self.state.param.watch(self._changed, list(self.parameters()))

    # --- what a figure states ------------------------------------------------------------------------------------

    def build(self):
        """Return the figure's plots (`style.lean_plot`) by name, drawn with `draw`."""
        raise NotImplementedError

    # --- numbers ---------------------------------------------------------------------------------------------------

    @classmethod
    def parameters(cls):
        """Return the state's Parameters by name, in order of definition."""
        return {name: p for name, p in cls.State.param.objects("existing").items() if name != "name"}

    def numbers(self):
        """Return the state as `columns()` takes it."""
        return {name: as_number(p, getattr(self.state, name)) for name, p in self.parameters().items()}

    @classmethod
    def tables_and_words(cls, **numbers):
        """Return (tables, sentence): pure, traceable, the one thing both engines run."""
        tables = cls.columns(**numbers)
        return tables, cls.words(tables, **numbers)

    def compute(self):
        """Return (tables, sentence) of the present state; a diverged run overflows quietly, and is data."""
        numbers = self.numbers()
        with np.errstate(all="ignore"):
            tables, sentence = self.tables_and_words(**numbers)
            behind = {name: numbers[name] for name in arguments(self.backdrop)}
            if self.backdrop is not None and behind != self._backdrop_of:
                self._moving = set(tables)
                tables = self.backdrop(**behind) | tables
                self._backdrop_of = behind
        return tables, sentence

    @classmethod
    @lru_cache
    def program(cls, part="tables_and_words"):
        """Return one of the figure's `PARTS` traced to JavaScript, once."""
        function = getattr(cls, part)
        examples = {name: float(as_number(p, p.default)) for name, p in cls.parameters().items()} | dict.fromkeys(TAP, 0.0)
        names = arguments(function) or cls.parameters()
        with np.errstate(all="ignore"):
            return trace(function, **{name: examples[name] for name in names})

    @classmethod
    @lru_cache
    def constants(cls, part):
        """Return the constants of a traced part as they travel; see `wire.compact`."""
        return [wire.compact(constant) for constant in cls.program(part).constants]

    def programs(self):
        """Return the traced parts that the browser runs: with the python engine, only what a hand needs at once."""
        parts = PARTS[2:] if self.engine == "python" else PARTS
        return {part: self.program(part) for part in parts if getattr(self, part)}

    # --- one path from a change to the pixels ------------------------------------------------------------------------

    def _changed(self, *_):
        if self.engine == "browser":
            return
        document = self.sentence.document
        if document is None or document.session_context is None:
            self.redraw()
            return
        # Changes that arrive together, or while a redraw is under way, are drawn once, with the newest values.
        self._turns = PATIENCE
        if not self._stale:
            self._stale = True
            self._settle(document)

    def _settle(self, document):
        """Redraw when all changes that have arrived are taken in: a millisecond, where there are none."""
        self._turns -= 1
        if self._turns > 0:
            asyncio.get_running_loop().call_soon(self._settle, document)
        else:
            document.add_next_tick_callback(self.redraw)

    def redraw(self):
        """Compute the columns of the present state and hand them to the sources, over the wire where there is one."""
        self._stale = False
        tables, sentence = self.compute()
        document = self.sentence.document
        if document is not None and document.session_context is not None:
            self.wire.data = wire.packed(tables, sentence)
            return
        for name, table in tables.items():
            self.sources[name].data = wire.as_columns(table)
        self.sentence.text = sentence

    def reset(self):
        """Return every Parameter to its default, in one change."""
        self.state.param.update(**{name: p.default for name, p in self.parameters().items()})

    def close(self):
        """Let go of the state and of Panel's register of views, so that nothing keeps this figure alive."""
        self.state.param.unwatch(self._watcher)
        for widget, model in self._bound:
            if isinstance(widget, Carrier):
                widget.close()
                continue
            widget._cleanup(model)
            pn.state._views.pop(model.ref["id"], None)
        self._bound = []

    # --- drawing -------------------------------------------------------------------------------------------------------

    def paint(self, model, **roles):
        """Give a model's colour properties a role each; the browser follows the reader's theme with the same list."""
        palette = style.palettes()["light"]
        model.update(**{name: palette[role] for name, role in roles.items()})
        self._painted += [[model, name, role] for name, role in roles.items()]
        return model

    def draw(self, plot, table, glyph, **roles):
        """Add a glyph that reads `table` to the plot, coloured by role; return its renderer."""
        # What moves is painted on the canvas above, so that what stands still is not painted again with it.
        level = "overlay" if table in self._moving else "glyph"
        if table not in self._views:
            self._views[table] = CDSView(filter=self._every_row)
        renderer = GlyphRenderer(
            data_source=self.sources[table],
            view=self._views[table],
            glyph=self.paint(glyph, **roles),
            muted_glyph=None,
            level=level,
        )
        plot.renderers.append(renderer)
        return renderer

    def add_source(self, table, **columns):
        """Add a table that never changes."""
        self.sources[table] = ColumnDataSource(data=columns, **self._inert)

    # --- the browser's part ----------------------------------------------------------------------------------------------

    @cached_property
    def controls(self):
        """The widgets by Parameter name; those of `unseen` Parameters carry the value and are not shown."""
        return {name: control(self.state.param[name], seen=name not in self.unseen) for name in self.parameters()}

    def spec(self):
        """Return what the page must know of this figure, as plain data."""
        return {
            "slug": self.slug,
            "title": self.title,
            "parameters": {name: describe(p) for name, p in self.parameters().items()},
            "unseen": list(self.unseen),
            "handles": [asdict(handle) for handle in self.handles],
            "marks": [asdict(mark) for mark in self.marks],
            "labels": [asdict(label) for label in self.labels],
            "layout": self._layout,
            "play": asdict(self.play) if self.play else None,
            "taps": list(self.taps),
        }

    def roots(self, document=None, comm=None, shared=None):
        """Return the Bokeh models to place on a page, by name, wired to each other; call once a view.

        `plot-NAME`, `control-NAME` for each control that is shown, and `words`. A figure that is alone on its document
        brings its own `Shared`.
        """
        shared = shared or Shared.make()
        widgets = {name: widget.get_root(document, comm, preprocess=False) for name, widget in self.controls.items()}
        for model in widgets.values():
            # Panel would fetch stylesheets for each widget: ours needs none of them, and an export can fetch none.
            model.stylesheets = [shared.dress]
        self._bound += [(self.controls[name], model) for name, model in widgets.items()]
        self._wire(widgets, shared.runtime)
        shown = {f"control-{name}": model for name, model in widgets.items() if name not in self.unseen}
        return {f"plot-{name}": plot for name, plot in self.plots.items()} | shown | {"words": self.sentence}

    def _wire(self, widgets, runtime):
        programs = self.programs()
        parts = ",\n".join(f"{part}: [{list(arguments(getattr(self, part)))}, {p.javascript}]" for part, p in programs.items())
        # By their names, and as one text: Bokeh walks all that a root can reach, and looks for models in every value.
        names = {
            "plots": _names(self.plots),
            "controls": _names(widgets),
            "sources": _names(self.sources),
            "sentence": self.sentence.id,
            "wire": self.wire.id,
            "painted": [[model.id, name, role] for model, name, role in self._painted],
        }
        unseen = [widgets[name] for name in self.unseen]
        undrawn = [source for table, source in self.sources.items() if table not in self._views]
        args = {
            "specification": json.dumps(self.spec()),
            "models": json.dumps(names),
            # What no root of the page leads to.
            "hidden": [self.wire, *unseen, *undrawn],
            "constants": {part: self.constants(part) for part in programs},
        }
        start = CustomJS(
            args=args | {"runtime": runtime},
            code=f"runtime.execute(cb_obj, {{{', '.join(args)}, programs: {{{parts}}}}})",
        )
        call, moved = (CustomJS(code=f"cb_obj.figure?.changed({laid})") for laid in ("true", "false"))
        self.wire.js_on_change("data", CustomJS(code="cb_obj.figure?.receive()"))
        for model in widgets.values():
            model.js_on_change("active" if "active" in model.properties() else "value", moved)
        for i, plot in enumerate(self.plots.values()):
            # The first layout of a plot is the earliest moment at which its view exists, however the page was made.
            plot.js_on_change("inner_width", call if i else start)
            plot.js_on_change("inner_height", call)

    def standing_alone(self):
        """Return a new view of the same state as one Bokeh layout that needs no page around it."""
        view = type(self)(self.state)
        variables = style.css_variables().replace(":root:not([data-theme=light])", ":host").replace(":root", ":host")
        roots = view.roots()
        view.close()
        return Column(children=list(roots.values()), stylesheets=[variables], max_width=984, sizing_mode="stretch_width")

    def __panel__(self):
        """Show the figure by itself: in a notebook, or inside another Panel app."""
        return pn.pane.Bokeh(self.standing_alone(), sizing_mode="stretch_width")

    def _repr_mimebundle_(self, include=None, exclude=None):
        # A notebook that only imports a figure should see it, without a word of Panel.
        if not pn.extension._loaded:
            pn.extension()
        return super()._repr_mimebundle_(include, exclude)
