"""Behind a hand: no change waits, and of many changes the newest one is drawn."""

import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest
from bokeh.application.handlers.function import FunctionHandler
from bokeh.client import pull_session
from panel.io.application import Application
from panel.io.server import get_server

from components import FIGURES, RateMap
from components.controls import Carrier, control
from tests.conftest import in_this_process

SLOW = 0.15
"""Seconds: what a redraw costs here, far more than all the messages take to arrive."""


@pytest.mark.parametrize("slug", FIGURES)
def test_no_control_waits_before_it_is_handled(slug):
    figure = FIGURES[slug]()
    # Also those that stand on no page: a notebook may show them.
    for widget in [*figure.controls.values(), *(control(figure.state.param[name]) for name in figure.parameters())]:
        assert isinstance(widget, Carrier) or widget._debounce == 0


@contextmanager
def served(figure):
    """Serve one figure's models from a thread with a loop of its own; yield the address."""

    def place(document):
        for name, model in figure.roots(document).items():
            model.name = name
            document.add_root(model)

    application = Application(FunctionHandler(place))
    with in_this_process(lambda: get_server({"/": application}, address="127.0.0.1"), figure.close) as address:
        yield address


def drag(address, values):
    """Move the slider β to each of the values, one message each, all sent before the first is drawn."""
    session = pull_session(url=address)
    slider = session.document.get_model_by_name("control-beta")
    for value in values:
        slider.value = value
    session.force_roundtrip()
    session.close()


def test_of_many_changes_the_newest_is_drawn_and_few_others():
    drawn, values = [], np.round(np.linspace(0.2, 0.69, 50), 3).tolist()

    class Slow(RateMap):
        @staticmethod
        def columns(alpha_lam, beta, kappa):
            drawn.append(beta)
            time.sleep(SLOW)
            return RateMap.columns(alpha_lam, beta, kappa)

    figure = Slow(engine="python")
    drawn.clear()
    with served(figure) as address:
        client = threading.Thread(target=drag, args=(address, values))
        client.start()
        client.join(30)
        deadline = time.monotonic() + 30
        while drawn[-1:] != values[-1:] and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(3 * SLOW)  # nothing more is to come
    assert figure.state.beta == drawn[-1] == values[-1]
    assert len(drawn) <= 3
    (sent,) = figure.wire.data["texts"]
    assert sent[-1] == RateMap(beta=values[-1], engine="python").sentence.text
