"""Behind a hand: no change waits, and of many changes the newest one is drawn."""

import pytest

from components import FIGURES
from components.controls import Carrier, control


@pytest.mark.parametrize("slug", FIGURES)
def test_no_control_waits_before_it_is_handled(slug):
    figure = FIGURES[slug]()
    # Also those that stand on no page: a notebook may show them.
    for widget in [*figure.controls.values(), *(control(figure.state.param[name]) for name in figure.parameters())]:
        assert isinstance(widget, Carrier) or widget._debounce == 0
