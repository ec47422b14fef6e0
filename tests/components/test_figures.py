"""What holds for every figure: a new one in `FIGURES` is covered without a new test."""

import gc
import re
import weakref

import numpy as np
import pytest
from bokeh.document import Document

from components import FIGURES
from components.controls import as_number, describe
from components.figure import ENGINES, TAP, Figure, arguments

SLUGS = list(FIGURES)
PARAMETERS = [(slug, name) for slug, figure in FIGURES.items() for name in figure.parameters()]


def corners(figure):
    """Return states: the default, and for each Parameter both ends of its bounds, the others at their default."""
    values = {name: as_number(p, p.default) for name, p in figure.parameters().items()}
    states = [values]
    for name, p in figure.parameters().items():
        facts = describe(p)
        ends = {"choice": lambda f: (0, len(f["options"]) - 1), "boolean": lambda f: (False, True)}
        states += [values | {name: end} for end in ends.get(facts["kind"], lambda f: (f["low"], f["high"]))(facts)]
    return states


@pytest.fixture(params=SLUGS)
def figure(request):
    return FIGURES[request.param]


def test_it_states_its_parts(figure):
    assert figure.slug == figure.__module__.rpartition(".")[2]
    assert figure.__doc__
    assert figure.title
    assert figure.columns.__doc__
    assert figure.words.__doc__


@pytest.mark.parametrize(("slug", "name"), PARAMETERS)
def test_every_parameter_is_labelled_documented_and_bounded(slug, name):
    p = FIGURES[slug].parameters()[name]
    assert p.doc
    assert p.label != name
    facts = describe(p)
    if facts["kind"] in ("number", "integer"):
        assert facts["low"] <= p.default <= facts["high"]
        assert facts["step"] > 0


def test_a_value_out_of_bounds_is_refused_by_name(figure):
    for name, p in figure.parameters().items():
        facts = describe(p)
        if facts["kind"] in ("number", "integer"):
            with pytest.raises(ValueError, match=name):
                figure.State(**{name: facts["high"] + 1})


def test_an_unknown_engine_is_refused_with_the_choices(figure):
    with pytest.raises(ValueError, match="engine: 'abacus' is not one of python, browser"):
        figure(engine="abacus")


def test_columns_are_equally_long_and_the_words_whole_at_every_bound(figure):
    lengths = None
    for state in corners(figure):
        with np.errstate(all="ignore"):
            tables, sentence = figure.tables_and_words(**state)
        seen = {name: {len(column) for column in table.values()} for name, table in tables.items()}
        assert all(len(sizes) == 1 for sizes in seen.values()), (state, seen)
        assert lengths in (None, seen), "a table changes its length"
        lengths = seen
        assert isinstance(sentence, str)
        assert sentence
        assert not re.search(r"nan|not a number|None|\{|\}", sentence), (state, sentence)


def test_columns_are_pure(figure):
    state = corners(figure)[0]
    with np.errstate(all="ignore"):
        one, two = (figure.tables_and_words(**state) for _ in range(2))
    assert one[1] == two[1]
    for name in one[0]:
        for column in one[0][name]:
            np.testing.assert_array_equal(one[0][name][column], two[0][name][column])


@pytest.mark.parametrize("engine", ENGINES)
def test_it_builds_into_a_valid_document(figure, engine, caplog):
    document = Document()
    built = figure(engine=engine)
    for model in built.roots(document).values():
        document.add_root(model)
    document.validate()
    document.to_json()
    assert [record.message for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


def test_one_change_of_several_parameters_is_one_redraw(figure):
    built = figure(engine="python")
    first = next(iter(built.sources.values()))
    assigned = []
    moving = next(name for name in built.compute()[0])
    built.sources[moving].on_change("data", lambda attr, old, new: assigned.append(attr))
    changes = {}
    for name, p in figure.parameters().items():
        facts = describe(p)
        if facts["kind"] in ("number", "integer"):
            changes[name] = facts["low"] if p.default != facts["low"] else facts["high"]
    built.state.param.update(**changes)
    assert len(assigned) == 1
    assert first is next(iter(built.sources.values()))
    built.reset()
    assert len(assigned) == 2
    assert built.numbers() == corners(figure)[0]


def test_the_sources_follow_the_state(figure):
    built = figure(engine="python")
    for state in corners(figure)[1:]:
        built.state.param.update(
            **{
                name: list(p.objects)[state[name]] if describe(p)["kind"] == "choice" else state[name]
                for name, p in figure.parameters().items()
            }
        )
        with np.errstate(all="ignore"):
            tables, sentence = figure.tables_and_words(**state)
        assert built.sentence.text == sentence
        for name, table in tables.items():
            for column, values in table.items():
                drawn = built.sources[name].data[column]
                if np.ndim(values) == 2:
                    drawn, values = drawn[0], np.asarray(values, dtype=np.float32)
                np.testing.assert_array_equal(drawn, values)


def test_two_readers_share_nothing(figure):
    one, two = figure(engine="python"), figure(engine="python")
    assert not one.sentence.references() & two.sentence.references()
    models = [set().union(*(model.references() for model in built.roots(Document()).values())) for built in (one, two)]
    assert not models[0] & models[1]
    name = next(name for name, p in figure.parameters().items() if describe(p)["kind"] in ("number", "integer"))
    before = two.numbers()
    one.state.param.update(**{name: describe(figure.parameters()[name])["high"]})
    assert two.numbers() == before


def test_a_shared_state_does_not_keep_a_closed_view_alive(figure):
    state = figure.State()
    built = figure(state, engine="python")
    built.close()
    ghost = weakref.ref(built)
    del built
    gc.collect()
    assert ghost() is None


def test_marks_labels_handles_and_ticks_name_what_exists(figure):
    built = figure(engine="python")
    parameters = figure.parameters()
    for handle in figure.handles:
        assert handle.plot in built.plots
        assert {handle.x, handle.y} - {None} <= set(parameters)
    for mark in figure.marks:
        assert mark.plot in built.plots
        assert {mark.x, mark.y} <= set(built.sources[mark.table].data)
        assert {mark.sets_x, mark.sets_y} - {None} <= set(parameters)
    for label in figure.labels:
        assert label.plot in built.plots
        needed = {name for name in (label.x, label.y, label.text) if isinstance(name, str)}
        assert needed <= set(built.sources[label.table].data)
    for name, marks in figure.ticks.items():
        facts = describe(parameters[name])
        assert all(facts["low"] <= value <= facts["high"] for value in marks)
    assert set(figure.unseen) <= set(parameters)
    if figure.play:
        assert figure.play.parameter in parameters


def test_every_unseen_parameter_can_be_moved_by_a_handle_a_tap_or_play(figure):
    moved = {name for handle in figure.handles for name in (handle.x, handle.y)} | {figure.play and figure.play.parameter}
    if figure.tapped:
        values = {name: as_number(p, p.default) for name, p in figure.parameters().items()} | dict.fromkeys(TAP, 0.0)
        moved |= set(figure.tapped(**{name: values[name] for name in arguments(figure.tapped)}))
    assert set(figure.unseen) <= moved


def test_every_parameter_has_a_home(figure):
    assert issubclass(figure, Figure)
    shown = {name.removeprefix("control-") for name in figure().roots(Document()) if name.startswith("control-")}
    assert shown | set(figure.unseen) == set(figure.parameters())
