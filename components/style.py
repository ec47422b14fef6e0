"""The look, in one place: colours by role, fonts, and the defaults of every plot and slider.

The rest of the project names roles ("accent", "muted"), never a hex value. Each role has a light and a dark value; the
page's stylesheet reads them as custom properties, the canvases get them through `Figure.paint`.
"""

import math
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise

from bokeh.models import LinearScale, LogScale, Plot, Range1d
from bokeh.palettes import Viridis256

FONTS = {
    "sans": 'Inter, "Inter fallback", system-ui, sans-serif',
    "serif": '"Source Serif 4", "Serif fallback", Georgia, serif',
}
"""Faces by role; the page's stylesheet brings those that are not the system's."""


@dataclass(frozen=True)
class Palette:
    """Colours of one theme, by role."""

    page: str
    surface: str
    text: str
    muted: str
    rule: str
    accent: str
    accent_strong: str
    component_1: str
    component_2: str
    component_3: str
    deterministic: str
    stochastic: str
    halo: str
    boundary: str
    diverged: str


LIGHT = Palette(
    page="#fcfcfa",
    surface="#f3f3ef",
    text="#1c2026",
    muted="#5b6370",
    rule="#d9dbd6",
    accent="#c2410c",
    accent_strong="#d9480f",
    component_1="#440154",
    component_2="#31688e",
    component_3="#1f9e89",
    deterministic="#1f6f9f",
    stochastic="#8a63b8",
    halo="#fcfcfa",
    boundary="#1c2026",
    diverged="#2b2f36",
)
DARK = Palette(
    page="#15181c",
    surface="#1d2126",
    text="#e6e8eb",
    muted="#9aa3af",
    rule="#343a42",
    accent="#ff8f4d",
    accent_strong="#ff8f4d",
    component_1="#c9a0ff",
    component_2="#5fb0e8",
    component_3="#4fd1a5",
    deterministic="#5fb0e8",
    stochastic="#c9a0ff",
    halo="#15181c",
    boundary="#e6e8eb",
    diverged="#07090b",
)


def _mix(start, end, n):
    """Return `n` hex colours from `start` to `end`, evenly spaced in sRGB."""
    a, b = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (start, end))
    return ["#" + "".join(f"{round(p + (q - p) * i / (n - 1)):02x}" for p, q in zip(a, b, strict=True)) for i in range(n)]


def _through(*stops):
    """Return the ramp through (share of the way, colour), 0 first and 1 last, in steps of a sixty-fourth."""
    parts = [_mix(a, b, round(64 * (t - s)) + 1) for (s, a), (t, b) in pairwise(stops)]
    return [colour for part in parts for colour in part[:-1]] + parts[-1][-1:]


CONTOUR_LEVELS = 14
RAMPS = {
    "light": {
        "components": [LIGHT.component_1, LIGHT.component_2, LIGHT.component_3],
        "contour": _mix("#c2cad4", "#f6f7f6", CONTOUR_LEVELS),
        "rate": list(Viridis256[::-1]),
        "signed": _through((0, "#6b3fa0"), (0.5, "#eceae4"), (1, "#0d7c6b")),
        "paint": _through((0, "#6b3fa0"), (0.25, LIGHT.rule), (0.75, LIGHT.component_3), (1, "#06332d")),
    },
    "dark": {
        "components": [DARK.component_1, DARK.component_2, DARK.component_3],
        "contour": _mix("#434f5d", "#1a1e23", CONTOUR_LEVELS),
        "rate": list(Viridis256[::-1]),
        "signed": _through((0, DARK.component_1), (0.5, "#262b31"), (1, DARK.component_3)),
        "paint": _through((0, DARK.component_1), (0.25, DARK.rule), (0.75, DARK.component_3), (1, "#f0fff9")),
    },
}
"""Ramps by role: `contour` runs from the valley to the hills, `rate` from fast (light) to slow (dark), `signed` from -1 by way
of 0 to 1, and `paint` from -1/2 by way of 0, bare, and 1, covered, to 3/2, overshot.
"""


@lru_cache
def palettes():
    """Return `{"light": {role: colour or ramp}, "dark": ...}`, as the browser needs it."""
    return {"light": asdict(LIGHT) | RAMPS["light"], "dark": asdict(DARK) | RAMPS["dark"]}


def css_variables():
    """Return the stylesheet that publishes the faces, and the roles for both themes, as custom properties."""

    def block(palette):
        return " ".join(f"--{role.replace('_', '-')}: {colour};" for role, colour in asdict(palette).items())

    faces = " ".join(f"--{role}: {face};" for role, face in FONTS.items())
    return (
        f":root {{ color-scheme: light; {faces} {block(LIGHT)} }}\n"
        f"@media screen {{ :root[data-theme=dark] {{ color-scheme: dark; {block(DARK)} }} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) "
        f"{{ color-scheme: dark; {block(DARK)} }} }}\n"
    )


SLIDER_CSS = """
:host { font: 13px/1.4 var(--sans); color: var(--text); margin: 0; padding: 0 2px;
  box-sizing: border-box; }
.bk-input-group { padding: 0 10px; gap: 0; }
.bk-slider-title { font-size: 13px; color: var(--text); white-space: nowrap; margin-left: -10px; }
.bk-slider-value { font-weight: 600; color: var(--accent); font-variant-numeric: tabular-nums; }
.bk-input-group .noUi-target { border: 0; box-shadow: none; background: var(--rule); border-radius: 2px; margin: 11px 0 12px; }
.noUi-horizontal { height: 3px; }
.noUi-connects { border-radius: 2px; }
.noUi-connect { background-color: var(--accent) !important; }
.noUi-base { cursor: pointer; }
.noUi-base::before { content: ""; position: absolute; inset: -12px -10px; }
.noUi-horizontal .noUi-handle, .noUi-handle { width: 24px; height: 24px; top: -11px; right: -12px; border: 0; background: transparent;
  box-shadow: none; cursor: grab; border-radius: 50%; outline: none; }
.noUi-handle::before { content: ""; display: block; position: absolute; inset: 5px; width: auto; height: auto; border-radius: 50%;
  background: var(--accent); box-shadow: 0 0 0 2px var(--page); }
.noUi-handle::after { content: ""; display: block; position: absolute; inset: 1px; width: auto; height: auto; left: 1px; top: 1px; border-radius: 50%;
  background: transparent; border: 2px solid transparent; }
.noUi-handle:hover::after { border-color: color-mix(in srgb, var(--accent) 45%, transparent); }
.noUi-handle:focus-visible::after { border-color: var(--accent); }
.noUi-active { cursor: grabbing; }
.bk-input-group > label { margin: 0 0 0 -10px; padding: 0; font-size: 13px; color: var(--text); }
select.bk-input { width: auto; min-width: 120px; height: 32px !important; margin-left: -10px; padding: 0 24px 0 2px; border: 0; border-radius: 0;
  border-bottom: 1.5px solid var(--accent); appearance: none; font: 600 13px/1.4 var(--sans); color: var(--accent);
  cursor: pointer; }
select:not([multiple]).bk-input { background: right 6px center / 10px 5px no-repeat
  conic-gradient(from -45deg at 50% 100%, var(--accent) 90deg, transparent 0); }
select.bk-input option { background: var(--page); color: var(--text); }
select.bk-input:focus-visible, input[type=checkbox]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.bk-input-group.bk-inline, .bk-input-group label { align-items: center; }
input[type=checkbox] { width: 18px; height: 18px; margin: 0 8px 0 0; accent-color: var(--accent); cursor: pointer; }
"""
"""The article's own controls: a thin track and one warm handle; a word to choose; a box to tick. They inherit the page's roles."""

WORDS_CSS = """
:host { font: inherit; color: inherit; }
.bk-clearfix { display: block; }
"""


def round_ticks(low, high, about=5):
    """Return about so many round values from low to high.

    >>> round_ticks(0, 150), round_ticks(-1.6, 1.6)
    ([0.0, 50.0, 100.0, 150.0], [-1.0, 0.0, 1.0])
    """
    rough = (high - low) / about
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{step * i:.10g}") for i in range(first, last + 1)]


def axis(title, ticks):
    """Return an axis as the browser needs it: {"title", "ticks": [[value, label], ...]}; `ticks` may bring their labels."""
    pairs = ticks.items() if isinstance(ticks, dict) else ((value, f"{value:g}".replace("-", "−")) for value in ticks)
    return {"title": title, "ticks": [list(pair) for pair in pairs]}


def lean_plot(
    x_range, y_range, *, height=320, x_axis=None, y_axis=None, x_ticks=None, y_ticks=None, x_scale="linear", bar=None, aspect=None
):
    """Return a `Plot` without tools, grid, outline or canvas axes: its frame is its canvas.

    The axes are text beside the canvas, set once by the browser's runtime from the plot's tag: nothing of them is painted
    again while a figure moves, and they can be read and printed as text.

    x_range, y_range : (start, end). x_axis, y_axis : the axis' title, "" for ticks alone, None for no axis.
    x_ticks, y_ticks : values, or {value: label}, when the default choice is not the one a reader needs.
    bar : {"ramp": role, "ticks": {share: label}}, a colour bar at the right, or None.
    aspect : width over height, kept at every width of the page, for what must not be distorted; `height` is then not used.
    """
    axes = {"bar": bar and {"ramp": bar["ramp"], "ticks": [list(pair) for pair in bar["ticks"].items()]}}
    for name, title, ticks, ends in (("x", x_axis, x_ticks, x_range), ("y", y_axis, y_ticks, y_range)):
        axes[name] = None if title is None else axis(title, round_ticks(*sorted(ends)) if ticks is None else ticks)
    bottom = 6 if x_axis is None else 44 if x_axis else 26
    left = 2 if y_axis is None else 56 if y_axis else 34
    right = 56 if bar else 2 if x_axis is None else 16
    linear = LinearScale()
    return Plot(
        x_range=Range1d(*x_range),
        y_range=Range1d(*y_range),
        x_scale=LogScale() if x_scale == "log" else linear,
        y_scale=linear,
        title=None,
        toolbar_location=None,
        height=height - bottom - 8,
        margin=(8, right, bottom, left),
        sizing_mode="scale_width" if aspect else "stretch_width",
        aspect_ratio=aspect,
        outline_line_color=None,
        background_fill_color=None,
        border_fill_color=None,
        min_border=0,
        lod_threshold=None,
        tags=[axes],
    )
