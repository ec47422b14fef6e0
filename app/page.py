"""The page: figures placed in the article's skeleton, on a Bokeh document that is served or exported alike."""

import gc
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import jinja2
from bokeh.core.property.validation import validate
from markupsafe import Markup

from app import article
from components import FIGURES, style
from components.figure import Shared

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"
SCRIPTS = ("bokeh.min.js", "bokeh-widgets.min.js")
"""All that a page needs of Bokeh's scripts, and nothing of Panel's: a widget's model is Bokeh's own."""
CROWDED = 10
"""Ticks closer than this, in per cent of a slider, share their room."""

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
)


def build(document, *, engine="python", single=None, asset, inlined=None, scripts=(), figure_url, article_url):
    """Put the article, or the one figure named by `single`, on the document; return its figures by slug.

    asset : callable, name of a file under assets/ -> its URL.
    inlined : callable, name of a file under assets/ -> its text, for a page that holds everything itself; or None.
    scripts : URLs of `SCRIPTS`, where the page is not given them otherwise.
    figure_url : callable, slug -> URL of the page that shows this figure alone, or None where there is none.
    """
    # The tests validate every property of every figure; each reader need not pay for it again.
    with _uninterrupted(), validate(False):
        return _build(document, engine, single, asset, inlined, scripts, figure_url, article_url)


@contextmanager
def _uninterrupted():
    """Look for no garbage meanwhile: a page is a thousand models, made at once, and all of them stay."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _build(document, engine, single, asset, inlined, scripts, figure_url, article_url):
    slugs = [single] if single else article.figure_slugs()
    figures = {slug: FIGURES[slug](engine=engine) for slug in slugs}
    # Each new root makes Bokeh walk all the models again; frozen, it walks them once.
    shared = Shared.make()
    with document.models.freeze():
        for slug, figure in figures.items():
            for part, model in figure.roots(document, shared=shared).items():
                model.name = f"{slug}-{part}"
                document.add_root(model)
    document.title = FIGURES[single].title if single else article.title()
    document.template = TEMPLATES.get_template("template.html")
    document.template_variables.update(
        {
            "title": document.title,
            "description": article.DESCRIPTION,
            "opening": article.opening(),
            "sections": article.sections(),
            "references": article.references(),
            "figure": _Placer(figures, figure_url),
            "css_variables": Markup(style.css_variables()),
            "asset": asset,
            "inlined": inlined,
            "scripts": scripts,
            "single": single,
            "caption": article.caption(single) if single else "",
            "article_url": article_url,
            "article_title": article.title(),
        }
    )
    document.on_session_destroyed(_Release(figures))
    return figures


class _Release:
    """What to let go of when a reader leaves."""

    def __init__(self, figures):
        self.figures = figures

    def __call__(self, session_context):
        for figure in self.figures.values():
            figure.close()
        self.figures = {}


class _Placer:
    """`figure(slug, caption)` of the template: the figure's skeleton with its Bokeh roots in their places."""

    def __init__(self, figures, figure_url):
        # Kept as plain data: the template's variables outlive the session's figures.
        self.facts = {slug: _facts(figure) | {"url": figure_url(slug)} for slug, figure in figures.items()}

    @jinja2.pass_context
    def __call__(self, context, slug, caption=""):
        roots = context["roots"]

        def place(part):
            root = roots[f"{slug}-{part}"]
            return Markup(f'<div id="{root.elementid}" data-root-id="{root.id}" style="display: contents"></div>')

        return Markup(TEMPLATES.get_template("figure.html").render(self.facts[slug], place=place, caption=Markup(caption)))


def _facts(figure):
    """Return what the skeleton must know of a figure."""
    parameters = figure.parameters()
    return {
        "slug": figure.slug,
        "title": figure.title,
        "layout": figure.layout,
        "plots": [{"name": name, "root": f"plot-{name}", "room": _room(plot)} for name, plot in figure.plots.items()],
        "controls": [
            {"name": name, "root": f"control-{name}", "label": p.label, "ticks": _ticks(p, figure.ticks.get(name, {}))}
            for name, p in parameters.items()
            if name not in figure.unseen
        ],
        "words": "words",
        "play": figure.play is not None,
        # Where time has no slider of its own, one stands beside the button.
        "scrub": figure.play and figure.play.parameter in figure.unseen and parameters[figure.play.parameter].label,
    }


def _room(plot):
    """Return the room that a plot needs, as CSS, so that nothing moves when it is drawn."""
    top, _, bottom, _ = plot.margin
    return f"aspect-ratio: {plot.aspect_ratio:.4f}" if plot.aspect_ratio else f"min-height: {top + plot.height + bottom}px"


def _ticks(parameter, marks):
    """Return a slider's ticks: its two ends, and the values that matter in between, in per cent of the track."""
    if getattr(parameter, "bounds", None) is None:
        return []
    low, high = parameter.bounds
    values = sorted(({low: f"{low:g}", high: f"{high:g}"} | marks).items())
    ticks = [
        {"value": repr(v), "label": label, "left": round(100 * (v - low) / (high - low), 2), "end": v in (low, high), "side": ""}
        for v, label in values
    ]
    # Two labels side by side give way to each other: one ends at its tick, the other begins there.
    for one, two in pairwise(ticks):
        if two["left"] - one["left"] < CROWDED:
            one["side"], two["side"] = one["side"] or ("" if one["end"] else "before"), "" if two["end"] else "after"
    return ticks
