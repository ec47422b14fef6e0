"""The article's words: Markdown in, HTML out, with figures in their places and numbers from the simulation."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import jinja2
from markupsafe import Markup

from app import markdown
from app.numbers import numbers
from components import FIGURES

TEXT = Path(__file__).parent / "text"
DESCRIPTION = "An article on momentum in optimisation that can be played: every figure computes as you drag."
OPENING, REFERENCES = "00_opening", "90_references"
FIGURE = re.compile(r"^::: figure (?P<slug>\S+)\n(?P<caption>.*?)^:::$", re.MULTILINE | re.DOTALL)
MARKER = re.compile(r"^:::.*$", re.MULTILINE)


class Part(NamedTuple):
    """A stretch of the article: prose as HTML, or a figure's slug with its caption as HTML."""

    kind: str
    content: str
    caption: str = ""


class Section(NamedTuple):
    """One section: its anchor, its title, and its parts in order."""

    slug: str
    title: str
    parts: list


@cache
def _file(name):
    """Return (title, text with its numbers) of a file of the prose."""
    path = TEXT / f"{name}.md"
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    try:
        text = environment.from_string(path.read_text(encoding="utf-8")).render(numbers())
    except jinja2.UndefinedError as error:
        raise ValueError(f"{path.name}: {error.message}; known numbers: {', '.join(sorted(numbers()))}") from error
    title, _, body = text.partition("\n")
    if not title.startswith("# "):
        raise ValueError(f"{path.name}, line 1: expected '# ' and the title, got {title!r}")
    return title[2:].strip(), body


@cache
def _section(name):
    title, body = _file(name)
    _check(name, body)
    captions = {}

    def place(match):
        captions[match["slug"]] = match["caption"].strip()
        return f"\n\n<div>FIGURE {match['slug']}</div>\n\n"

    slug = name.partition("_")[2].replace("_", "-")
    html = markdown.render(FIGURE.sub(place, body), slug=slug, cited=_cited())
    parts = []
    for i, piece in enumerate(re.split(r"<div>FIGURE (\S+)</div>", html)):
        if i % 2:
            parts.append(Part("figure", piece, Markup(markdown.inline(captions[piece]))))
        elif piece.strip():
            parts.append(Part("html", Markup(piece)))
    return Section(slug, title, parts)


def _check(name, body):
    """Raise ValueError for a marker that is not one, with its line."""
    for match in MARKER.finditer(FIGURE.sub(lambda m: "\n" * m[0].count("\n"), body)):
        line = body.count("\n", 0, match.start()) + 2
        raise ValueError(f"{name}.md, near line {line}: {match[0]!r} does not open and close a figure")
    for match in FIGURE.finditer(body):
        if match["slug"] not in FIGURES:
            line = body.count("\n", 0, match.start()) + 2
            raise ValueError(f"{name}.md, line {line}: no figure {match['slug']!r}; there are {', '.join(FIGURES)}")


@cache
def _cited():
    return markdown.references(_file(REFERENCES)[1])


def _names():
    return sorted(path.stem for path in TEXT.glob("[0-9][0-9]_*.md"))


def title():
    """Return the article's title."""
    return _file(OPENING)[0]


def opening():
    """Return the opening: its prose and the hero."""
    return _section(OPENING)


def sections():
    """Return the sections between the opening and the references, in order."""
    return [_section(name) for name in _names() if name not in (OPENING, REFERENCES)]


def references():
    """Return the credit and the list of references."""
    return _section(REFERENCES)


def figure_slugs():
    """Return the slugs of the article's figures, in reading order."""
    return [part.content for section in [opening(), *sections()] for part in section.parts if part.kind == "figure"]


def caption(slug):
    """Return a figure's caption as HTML."""
    parts = [part for section in [opening(), *sections()] for part in section.parts]
    return next((part.caption for part in parts if part.kind == "figure" and part.content == slug), "")
