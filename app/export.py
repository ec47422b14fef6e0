"""The static export: the same pages as files, with the browser engine, that ask the network for nothing."""

import base64
import mimetypes
import re
import shutil
from functools import partial
from pathlib import Path

from bokeh.document import Document
from bokeh.embed.bundle import Bundle
from bokeh.embed.elements import html_page_for_render_items
from bokeh.embed.util import standalone_docs_json_and_render_items
from bokeh.util.paths import bokehjs_path
from markupsafe import Markup

from app.article import caption
from app.page import ASSETS, SCRIPTS, build
from components import FIGURES

EXTERNAL = re.compile(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""", re.IGNORECASE)
FONT_FACE = re.compile(r'@font-face \{ font-family: "(?P<family>[^"]+)"; src: url[^}]*\}')
FONT = re.compile(r"""url\(['"]?(fonts/[^'")]+)['"]?\)""")
LINK = re.compile(r"<a\s[^>]*>", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b.*?</script>", re.IGNORECASE | re.DOTALL)


def _script(name):
    return bokehjs_path() / "js" / name


def _data_url(path):
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def inlined_asset(name, *, single=None):
    """Return the text of a file of assets/; a stylesheet with its fonts inside, for a figure alone those that it uses."""
    text = (ASSETS / name).read_text(encoding="utf-8")
    if single:
        unused = {"Source Serif 4"} | (set() if "<math" in caption(single) else {"STIX Two Math"})
        text = FONT_FACE.sub(lambda m: "" if m["family"] in unused else m[0], text)
    return Markup(FONT.sub(lambda m: f"url({_data_url(ASSETS / m[1])})", text))


def page_html(*, single=None, up="", inline=False, figure_url, article_url):
    """Return one page. `up`: from the page to the export's root. `inline`: everything inside the page itself."""
    document = Document()
    figures = build(
        document,
        engine="browser",
        single=single,
        asset=lambda name: f"{up}assets/{name}",
        inlined=partial(inlined_asset, single=single) if inline else None,
        figure_url=figure_url,
        article_url=article_url,
    )
    docs_json, items = standalone_docs_json_and_render_items(document.roots, suppress_callback_warning=True)
    bundle = Bundle()
    if inline:
        bundle.js_raw = [_script(name).read_text(encoding="utf-8") for name in SCRIPTS]
    else:
        bundle.js_files = [f"{up}assets/{name}" for name in SCRIPTS]
    html = html_page_for_render_items(bundle, docs_json, items, document.title, document.template, document.template_variables)
    for figure in figures.values():
        figure.close()
    outside = EXTERNAL.search(LINK.sub("", SCRIPT.sub("", html)))
    if outside:
        around = outside.string[max(0, outside.start() - 40) : outside.end() + 60]
        raise ValueError(f"{single or 'article'}: the page refers to an external address: ...{around}...")
    return html


def export(out, *, figures=None, single_file=False, progress=lambda line: None):
    """Write the article and each figure, or only the figures named, under the folder `out`.

    Raises
    ------
    ValueError
        For an unknown figure, before anything is written; or if a page would ask the network for anything.
    OSError
        If the folder cannot be written.
    """
    out = Path(out)
    unknown = set(figures or ()) - set(FIGURES)
    if unknown:
        raise ValueError(f"figures: {', '.join(sorted(map(repr, unknown)))} not among {', '.join(FIGURES)}")
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(f"out: {out} is a file, not a folder")
    (out / "figures").mkdir(parents=True, exist_ok=True)
    whole = figures is None
    if not single_file:
        shutil.copytree(ASSETS, out / "assets", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.md", "screenshot*"))
        for name in SCRIPTS:
            shutil.copyfile(_script(name), out / "assets" / name)
        progress(f"{out / 'assets'}: scripts, style and fonts, shared by all pages")
    if whole:
        html = page_html(inline=single_file, figure_url=lambda slug: f"figures/{slug}.html", article_url="index.html")
        _write(out / "index.html", html, progress)
    for slug in FIGURES if whole else figures:
        html = page_html(
            single=slug, up="../", inline=single_file, figure_url=lambda slug: f"{slug}.html",
            article_url="../index.html" if whole else None,
        )  # fmt: skip
        _write(out / "figures" / f"{slug}.html", html, progress)


def _write(path, html, progress):
    path.write_text(html, encoding="utf-8")
    progress(f"{path}: {len(html.encode()) / 1e6:.2f} MB")
