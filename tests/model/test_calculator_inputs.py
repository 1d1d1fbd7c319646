"""Inputs of calculators as a person types them, and as the answers of a project keep them."""

from __future__ import annotations

import datetime as dt
from math import isclose, isfinite

import pytest

from kedge.model.assess.arithmetic import SHOWN
from kedge.model.assess.verdicts import read_verdict
from kedge.model.calculators.catalog import CALCULATORS
from kedge.model.calculators.inputs import (
    KEPT,
    Input,
    calculate,
    calculated,
    inputs_of,
    kept_inputs,
    read_input,
    write_input,
)
from kedge.model.playbook import shipped
from kedge.model.playbook.calculator import Example
from kedge.model.playbook.item import Item
from kedge.model.text.figure import Calculated, Explained
from kedge.model.value.worth import Worth

TODAY = dt.date(2026, 11, 20)
EXAMPLES = [
    pytest.param(one.id, example, id=f"{one.id}-{at}")
    for one in shipped().calculators
    if one.id in CALCULATORS
    for at, example in enumerate(one.examples)
]


def item(question: str) -> Item:
    found = shipped().item(question)
    assert found is not None
    return found


def test_every_calculator_of_the_playbook_can_be_computed_and_no_example_is_forgotten():
    assert {one.id for one in shipped().calculators} == CALCULATORS.keys()
    assert len(EXAMPLES) == sum(len(one.examples) for one in shipped().calculators) == 73


def test_each_published_example_names_where_it_was_published():
    for one in shipped().calculators:
        for example in one.examples if one.id in CALCULATORS else ():
            kind, _, source = example.origin.partition(":")
            assert kind.startswith("own") or ("published" in kind and source.strip()), example


@pytest.mark.parametrize(("calculator", "example"), EXAMPLES)
def test_an_example_can_be_typed(calculator: str, example: Example):
    inputs = {one.name: one for one in inputs_of(calculator)}
    typed = {name: write_input(value) for name, value in example.inputs.items()}
    given = {name: read_input(inputs[name], text) for name, text in typed.items()}
    found = calculate(calculator, given)
    assert isinstance(found, Explained)
    for name, wanted in example.outputs.items():
        figure = found[name]
        if isinstance(wanted, int | float):
            assert isinstance(figure, int | float)
            assert isclose(figure, wanted, rel_tol=example.tolerance)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5k", 1500), ("2M", 2e6), (" 1_000 ", 1000), ("-3", -3), ("1e6", 1e6)],
)
def test_numbers_in_short(text: str, value: float):
    one = inputs_of("calc-gain")[0]
    assert read_input(one, text) == value


@pytest.mark.parametrize(
    ("calculator", "name"),
    [("calc-slo", "share_used"), *(("calc-learning-curve", one) for one in ("e1", "e2", "target", "floor"))],
)
def test_an_error_and_a_part_are_typed_in_percent_too(calculator: str, name: str):
    one = next(one for one in inputs_of(calculator) if one.name == name)
    assert read_input(one, "8%") == read_input(one, "0.08") == 0.08
    assert read_input(one, "12") == 12
    with pytest.raises(ValueError, match=f"{name}: expected a number of at least 0, such as 0.08 or 8%"):
        read_input(one, "-8%")


@pytest.mark.parametrize("text", ["", "x", "1,2", "--1", "nan", "inf", "1 2", "5 apples"])
def test_what_is_no_number_is_said_to_be_none(text: str):
    with pytest.raises(ValueError, match=r"low: expected a number, such as 1200 or -3\.5, not"):
        read_input(inputs_of("calc-gain")[0], text)


def test_what_is_missing_is_named():
    with pytest.raises(ValueError, match="missing: low, high"):
        calculate("calc-gain", {"likely": 2.0})


# ---- kept with answers


def test_the_names_of_kept_figures_are_those_of_the_questions():
    for question, names in KEPT.items():
        asked = item(question)
        assert set(names) <= {one.name for one in inputs_of(asked.calculator)}, question
        assert set(names.values()) <= {figure.id for figure in asked.figures}, question


NOT_KEPT = {
    "it-actual": "the figures of a whole project are held against its plan",
    "it-next": "the project's worth has the inputs",
    "mon-slo": "its objective is in percent, and the window is all that its calculator would say",
    "pr-load": "a load that was tried, not one that is expected",
    "tr-bias": "it asks for the ratio, not for the counts",
}


def test_every_question_with_figures_and_a_calculator_keeps_its_inputs():
    asked = {one.id for one in shipped().items if one.calculator and one.kind in ("number", "numbers")}
    assert asked - KEPT.keys() == {*NOT_KEPT, "strat-budget"}


def test_questions_that_show_figures_exist_and_so_do_the_figures():
    for question, names in SHOWN.items():
        assert item(question)
        assert set(names) <= set(Worth.__dataclass_fields__)


def test_a_number_is_reckoned_from_what_is_typed():
    words = ["items=10k", "labels=3", "seconds=20", "rate=12", "review=0.1", "rework=0.05"]
    found = read_verdict(item("data-cost"), words, None, TODAY)
    assert found["verdict"] == 2310
    assert found["values"] == {
        "items": 10000,
        "labels per item": 3,
        "seconds per label": 20,
        "rate per hour": 12,
        "review share": 0.1,
        "rework share": 0.05,
    }
    assert read_verdict(item("data-cost"), ["1200"], None, TODAY) == {"verdict": 1200}
    # Not enough to reckon with: it is kept, and the verdict stays open.
    assert read_verdict(item("data-cost"), ["items=10k"], None, TODAY) == {"values": {"items": 10000}}


def test_agreement_is_reckoned_from_the_table_of_pairs():
    found = read_verdict(item("dp-agreement"), ["table=20,5/10,15"], None, TODAY)
    assert found == {"values": {"table": "20,5/10,15"}, "verdict": 0.4}
    assert kept_inputs(item("dp-agreement"), {"table": "gibberish"}) == {}
    assert calculated(item("dp-agreement"), {"table": "1,2/3"}) is None


def test_quality_gets_its_lower_bound():
    """Evan Miller's interval for 14 of 100: 8.5 % to 22.1 %."""
    found = read_verdict(item("tr-quality"), ["right=14", "sample=100"], None, TODAY)
    assert found["values"] == {
        "right answers": 14,
        "test sample size": 100,
        "result": 0.14,
        "lower bound": pytest.approx(0.085263, abs=1e-6),
    }


def test_impact_stands_in_place_of_a_value_in_money():
    gain = item("pri-gain")
    assert gain.met(gain.reply(values={"impact": 2}))
    assert not gain.met(gain.reply(values={"low": 1, "likely": 2}))
    assert gain.reply(values={"low": 1, "likely": 2}).missing == ("high",)
    assert gain.met(gain.reply(values={"low": 1, "likely": 2, "high": 3}))
    # What is known besides is not asked for.
    errors = item("pri-errors")
    assert errors.met(errors.reply(values={"cost of a false alarm": 2.1, "cost of a miss": 7.7}))


@pytest.mark.parametrize(
    ("calculator", "typed", "wanted"),
    [
        ("calc-budget", {"lines": "80,100,160/30,40,80", "correlated": "yes"}, {"sd": 21.6666667}),
        ("calc-peeking", {"looks": "2", "boundary": "Pocock"}, {"false_alarm": 0.05}),
        ("calc-schedule", {"paths": "4,6,12;4,6,12", "by": "8", "method": "beta-pert"}, {"mean": 7.4747475}),
        (
            "calc-split-check",
            {"counts": "315,101,108,32", "shares": "56.25%,18.75%,18.75%,6.25%"},
            {"p": 0.925426},
        ),
    ],
)
def test_tables_words_and_yes_can_be_typed(calculator: str, typed: dict[str, str], wanted: dict[str, float]):
    inputs = {one.name: one for one in inputs_of(calculator)}
    found = calculate(calculator, {name: read_input(inputs[name], text) for name, text in typed.items()})
    assert isinstance(found, Explained)
    assert {name: found.number(name) for name in wanted} == pytest.approx(wanted, rel=2e-4)


@pytest.mark.parametrize(
    ("calculator", "name", "text", "expected"),
    [
        ("calc-peeking", "boundary", "pokock", "expected none or pocock or obrien-fleming, not"),
        ("calc-budget", "correlated", "perhaps", "expected yes or no, not"),
        ("calc-schedule", "paths", "1,2", "low, likely and high are expected"),
    ],
)
def test_a_wrong_word_says_which_ones_there_are(calculator: str, name: str, text: str, expected: str):
    inputs = {one.name: one for one in inputs_of(calculator)}
    with pytest.raises(ValueError, match=expected):
        calculate(calculator, {name: read_input(inputs[name], text)})


# ---- odd input, for each input of each calculator


ODD = (
    *(
        "",
        "x",
        "nan",
        "inf",
        "-inf",
        "1e300",
        "-1e300",
        "1e999",
        "1e-300",
        "1e15",
        "-1",
        "0",
        "0.3",
        "1",
        "1.5",
    ),
    *("2", "10", "50%", "200%", "-5%", "1,2,3", "0,0", "1/2", "1,2/3", "-1,1", "nan,nan", "a:b", "data:sure"),
    *("__", "1__0", "0x10", "५", "²", "1e", "--2", "k", "%"),
)


def tried(calculator: str, base: dict[str, object], one: Input, text: str) -> tuple[Calculated | None, str]:
    try:
        return calculate(calculator, base | {one.name: read_input(one, text)}), ""
    except ValueError as wrong:
        return None, str(wrong)


@pytest.mark.parametrize(("calculator", "example"), EXAMPLES)
def test_odd_input_gives_a_figure_or_names_the_input(calculator: str, example: Example):
    inputs = {one.name: one for one in inputs_of(calculator)}
    base = {name: read_input(inputs[name], write_input(value)) for name, value in example.inputs.items()}
    assert calculate(calculator, base).lines()
    for one in inputs.values():
        for text in ODD:
            found, wrong = tried(calculator, base, one, text)
            if found is None:
                assert any(name in wrong for name in inputs), f"{one.name}={text}: {wrong}"
                assert "\n" not in wrong
                assert len(wrong) < 300
                continue
            numbers = [value for value in found.figures.values() if isinstance(value, int | float)]
            assert all(isfinite(number) for number in numbers), f"{one.name}={text}: {numbers}"
            assert found.lines()


SHARES = [
    (calculator, one.name)
    for calculator in sorted(CALCULATORS)
    for one in inputs_of(calculator)
    if one.kind in ("share", "shares")
]


def test_the_inputs_that_are_shares():
    assert {name for _, name in SHARES} == {
        *(
            "alpha",
            "confidence",
            "error",
            "floor",
            "fpr",
            "level",
            "margin",
            "objective",
            "p",
            "p0",
            "p1",
            "p2",
        ),
        *(
            "planned_load",
            "power",
            "prevalence",
            "rate",
            "ratio",
            "recall",
            "review",
            "rework",
            "share",
            "shares",
        ),
        *("actual", "expected", "load", "slo", "utilisation"),
    }


@pytest.mark.parametrize(("calculator", "name"), SHARES)
def test_a_share_is_a_share(calculator: str, name: str):
    (one,) = [one for one in inputs_of(calculator) if one.name == name]
    with pytest.raises(ValueError, match=f"^{name}: a share is between 0 and 1; 2 % is 0.02 or `2%`$"):
        read_input(one, "2")
    with pytest.raises(ValueError, match=f"^{name}: a share is between 0 and 1, not -0.1$"):
        read_input(one, "-0.1")
    for text, value in (("2%", 0.02), ("0.02", 0.02), (".5", 0.5), ("100 %", 1), ("0", 0), ("1", 1)):
        assert read_input(one, text) == ((value,) if one.kind == "shares" else value)


def test_percent_is_for_shares():
    with pytest.raises(ValueError, match="low: expected a number, such as"):
        read_input(inputs_of("calc-gain")[0], "5%")
