"""Markdown as the article speaks it: TeX becomes MathML, notes and citations open in place."""

import re
from functools import cache

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

REFERENCE = re.compile(r"^\[@(?P<key>\w+) (?P<label>[^\]]+)\]: (?P<text>.+)$", re.MULTILINE)
CITATION = re.compile(r"\[@(?P<key>\w+)\]")


def _math(content, options):
    """Return TeX as MathML; the source stays readable to whoever asks for it."""
    tree = convert(content.strip(), display="block" if options["display_mode"] else "inline")
    return tree.replace("<math ", f'<math alttext="{Markup.escape(content.strip())}" ', 1)


def opener(name, label, said, html):
    """Return a button within the line, and the text that it opens in place; works without a script."""
    return (
        f'<button type="button" class="note" popovertarget="{name}" aria-label="{said}">{label}</button>'
        f'<span popover id="{name}" class="note-text" role="note">{html}</span>'
    )


def _note(self, tokens, index, options, env):
    number = tokens[index].meta["id"] + 1
    note = env["footnotes"]["list"][number - 1]
    html = self.renderInline(note["tokens"], options, env)
    return opener(f"note-{env['slug']}-{number}", number, f"Note {number}", html)


@cache
def _parser():
    parser = MarkdownIt("commonmark", {"html": True, "typographer": True}).enable(["table", "replacements", "smartquotes"])
    parser = parser.use(dollarmath_plugin, renderer=_math, allow_digits=False).use(footnote_plugin).disable("footnote_tail")
    parser.add_render_rule("footnote_ref", _note)
    return parser


def _parsed(text, slug):
    return _parser().render(text, {"slug": slug}).replace("<dollarmath>", "").replace("</dollarmath>", "")


def inline(text):
    """Return Markdown of one paragraph as HTML without its paragraph."""
    return _parsed(text, "inline").strip().removeprefix("<p>").removesuffix("</p>").replace("</p>\n<p>", "<br>")


def references(text):
    """Return {key: (label, Markdown)} of the lines `[@key label]: text`."""
    return {match["key"]: (match["label"], match["text"]) for match in REFERENCE.finditer(text)}


def render(text, *, slug, cited):
    """Return Markdown as HTML.

    slug : str, names the notes' anchors. cited : {key: (label, Markdown)}, what `[@key]` may name.

    Raises
    ------
    ValueError
        For a citation of nothing.
    """
    count = iter(range(1, 1000))

    def cite(match):
        if match["key"] not in cited:
            raise ValueError(f"[@{match['key']}]: no such reference; there are {', '.join(sorted(cited))}")
        label, source = cited[match["key"]]
        name = f"cite-{slug}-{next(count)}"
        return " " + opener(name, label, f"Reference: {label}", inline(source))

    def item(match):
        return f'- <span id="ref-{match["key"]}">{inline(match["text"])}</span>'

    return _parsed(CITATION.sub(cite, REFERENCE.sub(item, text)), slug)
