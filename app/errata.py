"""The errata as the prose lists them: each slip with both forms, and how far each is off."""

from urllib.parse import quote

from components.errata import FOLLOWED, PUBLISHED, title_of
from simulation.words import significant

THREADS = "https://github.com/distillpub/post--momentum/issues"


def listing(records):
    """Return the records of `simulation.errata` as a Markdown list."""
    return "\n".join(map(_item, records))


def _item(one):
    there = f"{PUBLISHED[one.kind].capitalize()}: {_formula(one.published)} (off by {significant(one.residual_published, 2)})."
    here = f"As here: {_formula(one.correct)} (off by {significant(one.residual_correct, 1)})."
    more = []
    if one.threads:
        more.append("Reported in " + " and ".join(f"[#{thread}]({THREADS}/{thread})" for thread in one.threads) + ".")
    if one.name in FOLLOWED:
        more.append(f"[Follow it](?errata.erratum={quote(title_of(one.name))}).")
    lines = [f"**{title_of(one.name)}.** {one.sentence}", there, here, *([" ".join(more)] if more else [])]
    return "- " + "<br>\n  ".join(lines)


def _formula(tex):
    # A long one scrolls by itself on a narrow screen, instead of widening the page.
    return f'<span class="formula">${tex}$</span>'
