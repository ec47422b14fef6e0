"""The prose: its figures, its numbers, its links, its formulas."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import pytest

from app import article, markdown
from app.numbers import numbers
from components import FIGURES
from components.controls import describe

SECTIONS = [article.opening(), *article.sections(), article.references()]
TEXTS = sorted(article.TEXT.glob("*.md"))


def html_of(section):
    return "".join(f"{part.content if part.kind == 'html' else ''}{part.caption}" for part in section.parts)


ALL_HTML = "".join(html_of(section) for section in SECTIONS)


def test_every_figure_stands_in_the_article_once_in_reading_order():
    assert article.figure_slugs() == list(FIGURES)


def test_every_link_that_sets_a_figure_names_a_parameter_and_a_value_within_its_bounds():
    links = re.findall(r'href="\?([^"]+)"', ALL_HTML)
    assert links
    for link in links:
        for key, text in parse_qsl(link.replace("&amp;", "&"), strict_parsing=True):
            slug, name = key.split(".")
            facts = describe(FIGURES[slug].parameters()[name])
            if facts["kind"] == "choice":
                assert text in facts["options"], link
            elif facts["kind"] == "boolean":
                assert text in ("true", "false"), link
            else:
                assert facts["low"] <= float(text) <= facts["high"], link


def test_every_number_of_the_simulation_is_used_in_the_prose():
    source = "".join(path.read_text(encoding="utf-8") for path in TEXTS)
    used = set(re.findall(r"{{\s*(\w+)\s*}}", source))
    assert used == set(numbers())


def test_no_tex_and_no_placeholder_is_left():
    visible = re.sub(r'alttext="[^"]*"', "", ALL_HTML)
    assert "$" not in visible
    assert "\\" not in visible
    assert "{{" not in visible
    assert ":::" not in visible


def test_every_reference_is_cited_and_every_citation_known():
    source = "".join(path.read_text(encoding="utf-8") for path in TEXTS)
    cited = {match["key"] for match in markdown.CITATION.finditer(source)}
    assert cited == set(markdown.references(source))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_one_sentence_a_line(path):
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        plain = re.sub(r"\$\$.*?\$\$|\$.*?\$|\^\[.*?\](?!\()|\]\([^)]*\)|^\[@.*|^- .*", "", line)
        assert not re.search(r"[a-z][.!?] [A-Z]", plain), line


@pytest.mark.parametrize("section", SECTIONS[1:-1], ids=lambda section: section.slug)
def test_each_section_closes_with_a_question(section):
    paragraphs = re.findall(r"<p>(.*?)</p>", html_of(section), re.DOTALL)
    assert any("?" in paragraph for paragraph in paragraphs[-2:]), paragraphs[-1]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.slug)
def test_the_html_is_well_formed(section):
    open_tags = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in ("br", "img", "hr"):
                open_tags.append(tag)

        def handle_startendtag(self, tag, attrs):
            """A tag that closes itself."""

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    for part in section.parts:
        Checker().feed(str(part.content) if part.kind == "html" else str(part.caption))
    assert open_tags == []


def test_a_formula_keeps_its_source_for_screen_readers():
    html = markdown.render(r"$\sqrt{\beta}$", slug="test", cited={})
    assert 'alttext="\\sqrt{\\beta}"' in html
    assert "<msqrt>" in html


def test_a_citation_of_nothing_is_an_error_that_lists_the_references():
    with pytest.raises(ValueError, match=r"\[@nobody\]: no such reference; there are goh2017"):
        markdown.render("[@nobody]", slug="test", cited={"goh2017": ("Goh 2017", "...")})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("No title", r"90_broken.md, line 1: expected '# ' and the title"),
        ("# T\n::: figure nothing\n:::\n", r"90_broken.md, line 2: no figure 'nothing'; there are hero"),
        ("# T\n::: figure hero\nnever closed\n", r"90_broken.md, near line 2: '::: figure hero' does not open and close"),
        ("# T\n{{ nonsense }}\n", r"90_broken.md: 'nonsense' is undefined; known numbers: .*gd_best"),
    ],
)
def test_a_mistake_in_the_prose_is_named_with_its_place(tmp_path, monkeypatch, text, message):
    (tmp_path / "90_broken.md").write_text(text, encoding="utf-8")
    (tmp_path / "90_references.md").write_text("# R\n", encoding="utf-8")
    monkeypatch.setattr(article, "TEXT", tmp_path)
    article._file.cache_clear()
    article._section.cache_clear()
    try:
        with pytest.raises(ValueError, match=message):
            article._section("90_broken")
    finally:
        article._file.cache_clear()
        article._section.cache_clear()
        article._cited.cache_clear()


WORDS_A_MINUTE = 230
"""Of a reader of such prose; a formula counts as a word, what opens on demand as none."""


def test_it_reads_in_twenty_to_thirty_minutes():
    html = "".join(html_of(section) for section in SECTIONS[:-1])
    for hidden in (r"<details.*?</details>", r"<span popover.*?</span>"):
        html = re.sub(hidden, "", html, flags=re.DOTALL)
    html = re.sub(r"<math.*?</math>", " formula ", html, flags=re.DOTALL)
    words = re.findall(r"[\w'’]+", re.sub(r"<[^>]+>", " ", html))
    assert 20 <= len(words) / WORDS_A_MINUTE <= 30
