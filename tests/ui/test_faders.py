"""Handles that move along one axis, and names that set one Parameter: a hand moves what it means, and nothing else."""

import pytest

from components import FIGURES
from components.figure import arguments

SLUG = "polynomial_features"


@pytest.fixture
def tab(open_tab, exported):
    opened = open_tab().open(f"file://{exported}/figures/{SLUG}.html")
    opened.page.locator('[data-handle="w_2"]').scroll_into_view_if_needed()
    return opened


def moved(tab, before):
    """Return the names of the Parameters that differ from what they were."""
    return {name for name, value in tab.state(SLUG).items() if value != before[name]}


def middle(tab, handle):
    box = tab.page.locator(f'[data-handle="{handle}"]').bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_press_above_an_observation_brings_that_one(tab):
    before = tab.state(SLUG)
    x, _ = middle(tab, "d_8")
    other = middle(tab, "d_9")
    # As high as the ninth and beyond, and yet in the column of the eighth.
    tab.page.mouse.click(x + 2, other[1] - 45)
    assert tab.until(lambda: moved(tab, before) == {"d_8"})
    assert tab.state(SLUG)["d_8"] > before["d_8"]


def test_of_two_handles_that_overlap_the_nearer_is_taken(tab):
    tab.page.set_viewport_size({"width": 390, "height": 800})
    tab.set(SLUG, {"d_8": 1.0, "d_9": 1.0})
    tab.page.locator('[data-handle="d_8"]').scroll_into_view_if_needed()
    (x8, y), (x9, _) = (middle(tab, name) for name in ("d_8", "d_9"))
    assert x9 - x8 < 14, "they do not overlap"
    before = tab.state(SLUG)
    # d_9 lies on top of d_8.
    tab.page.mouse.move(x8 + 1, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x8 + 1, y + 40, steps=4)
    tab.page.mouse.up()
    assert tab.until(lambda: moved(tab, before) == {"d_8"})


def test_the_name_of_a_best_place_sends_its_own_fader_there(tab):
    before = tab.state(SLUG)
    tab.page.get_by_role("button", name="set Weight w₂ to the best").click()
    assert tab.until(lambda: moved(tab, before) == {"w_2"})
    assert tab.state(SLUG)["w_2"] == pytest.approx(tab.tables(SLUG)["targets"]["y"][1], abs=1e-9)


def test_a_fader_says_the_weight_and_not_its_height(open_tab, exported):
    tab = open_tab().open(f"file://{exported}/figures/eigenfeatures.html")
    said = tab.page.locator('[data-handle="height_1"]').get_attribute("aria-label")
    figure = FIGURES["eigenfeatures"]
    weight = figure.readouts(**{name: figure.parameters()[name].default for name in arguments(figure.readouts)})["height_1"]
    assert said == f"Fader: Weight x₁ {weight}. Arrow keys move it."
