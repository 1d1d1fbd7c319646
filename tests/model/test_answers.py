"""Typed words as answers: every kind of question, and what is refused."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.assess.answers import clear_answer, set_answer
from kedge.model.assess.expected import expects
from kedge.model.assess.standing import standings
from kedge.model.assess.typed_figures import read_number
from kedge.model.assess.verdicts import check_lines, read_level, read_result, read_verdict
from kedge.model.edit.refusal import EditRefused
from kedge.model.plan.change import apply
from kedge.model.plan.field_spec import TextRefused
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.playbook.item import Item
from kedge.model.records.assessment import Answer
from kedge.model.snapshot.snapshot import Snapshot

TODAY = dt.date(2026, 11, 20)
PLAYBOOK = shipped()


def item(name: str) -> Item:
    found = PLAYBOOK.item(name)
    assert found is not None
    return found


def read(name: str, *words: str, before: dict[str, Any] | None = None) -> Any:
    """The one value that some words set."""
    fields = read_verdict(item(name), words, Answer(**before) if before else None, TODAY)
    assert len(fields) == 1
    return next(iter(fields.values()))


@pytest.mark.parametrize(
    ("question", "words", "value"),
    [
        ("disc-simpler", ["no"], False),
        ("disc-simpler", ["Y"], True),
        ("disc-fit", ["4"], 4),
        ("stage-timebox", ["29"], 29),
        ("stage-timebox", ["29", "weeks"], 29),
        ("stage-timebox", ["1", "week"], 1),
        ("stage-timebox", ["2.5"], 2.5),
        ("stage-cap", ["170k"], 170_000),
        ("stage-cap", ["1.1m", "EUR"], 1_100_000),
        ("stage-cap", ["1,100,000"], 1_100_000),
        ("stage-baseline", ["-5%"], -5),
        ("stage-poc", ["solves part"], "solves part of it"),
        ("stage-poc", ["not"], "not run"),
        ("disc-risk-class", ["minimal"], "minimal risk"),
        ("pri-ev-value", ["test"], "test"),
        ("disc-benefit", ["more", "revenue"], ["more revenue"]),
        ("disc-benefit", ["lower risk", "more revenue"], ["more revenue", "lower risk"]),
        ("disc-benefit", ["lower, more"], ["more revenue", "lower risk"]),
        ("disc-decision", ["Agents", "call", "first"], "Agents call first"),
        ("pri-links", ["none"], "none"),
    ],
)
def test_a_verdict_of_each_kind(question: str, words: list[str], value: object) -> None:
    assert read(question, *words) == value


@pytest.mark.parametrize(
    ("question", "words", "says"),
    [
        ("disc-simpler", ["maybe"], "yes or no is expected"),
        ("disc-fit", ["6"], "a grade from 1 to 5"),
        ("disc-fit", ["3.5"], "a grade from 1 to 5"),
        ("stage-timebox", ["29", "days"], "(weeks) is expected"),
        ("stage-timebox", ["soon"], "(weeks) is expected"),
        ("stage-cap", ["1,5"], "(money) is expected"),
        ("stage-cap", ["-5"], "a number of at least 0 is expected, not -5"),
        ("stage-cap", ["9" * 20], "not as large"),
        ("stage-poc", ["solves"], "may be 'solves the business ask', 'solves part of it'"),
        ("stage-poc", ["perhaps"], "is none of: solves the business ask"),
        ("disc-benefit", ["none", "lower"], "goes with no other choice"),
        ("disc-outcome", ["yes"], "kedge goal add"),
        ("pri-gain", ["a", "lot"], "'low' (money per year)"),
        ("pri-gain", ["1/2"], "'low' (money per year)"),
        ("pri-gain", ["least=4"], "has no figure 'least'; it has 'low'"),
        ("pri-gain", ["low=5", "likely=4"], "must not decrease"),
        ("pri-cost", ["low=4"], "may be 'to next gate: low', 'after it: low'"),
        ("pri-cost", ["1/2/3"], "say which of 'to next gate' and 'after it'"),
        ("pri-complexity", ["complexity=7"], "a grade from 1 to 5"),
        ("disc-decision", [" "], "a text"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_expected(
    question: str, words: list[str], says: str
) -> None:
    with pytest.raises(TextRefused) as refused:
        read(question, *words)
    assert says in str(refused.value)


def test_named_figures_are_added_to_those_that_stand_there() -> None:
    assert read("pri-gain", "low=100", "likely=2k", "high=300k") == {
        "low": 100,
        "likely": 2000,
        "high": 300_000,
    }
    assert read("pri-gain", "100/200/300") == {"low": 100, "likely": 200, "high": 300}
    before = {"values": {"low": 1.0, "likely": 2.0, "high": 3.0}}
    assert read("pri-gain", "high=9", before=before) == {"low": 1, "likely": 2, "high": 9}
    assert read("pri-gain", "high=", before=before) == {"low": 1, "likely": 2}
    assert read("pri-gain", "low=", "likely=", "high=", before=before) is None


def test_a_figure_goes_by_the_beginnings_of_its_words() -> None:
    assert read("pri-cost", "next=1/2/3", "after-it-low=4", "person=11.8") == {
        "to next gate: low": 1,
        "to next gate: likely": 2,
        "to next gate: high": 3,
        "after it: low": 4,
        "person-months to next gate": 11.8,
    }
    assert read("arch-quality", "metric=recall", "who=Greta,", "14", "months") == {
        "metric": "recall",
        "who measures, on which data": "Greta, 14 months",
    }
    assert read("pr-rollback", "date=today", "who=mira") == {
        "date last rehearsed": "2026-11-20",
        "who may do it": "mira",
    }


def test_what_calculators_read_beside_a_question_can_be_said_too() -> None:
    assert read("pri-gain", "impact=2") == {"impact": 2}
    assert read("pri-errors", "recall=0.3", "prev=0.03") == {"recall": 0.3, "prevalence": 0.03}


def test_lines_of_a_checklist_go_by_number_or_words() -> None:
    lines = item("disc-aware").lines
    assert read("disc-aware", "1", "4") == [lines[0], lines[3]]
    assert read("disc-aware", "1,4") == [lines[0], lines[3]]
    assert read("disc-aware", "may", "fail") == [lines[2]]
    assert read("disc-aware", "may fail", "probabilities") == [lines[1], lines[2]]
    assert read("disc-aware", "all") == list(lines)
    before = {"checked": [lines[1]]}
    assert read("disc-aware", "1", before=before) == [lines[0], lines[1]]
    assert read("disc-aware", "none", before=before) == []
    assert check_lines(item("disc-aware"), ["2"], lines[:2], holds=False) == [lines[0]]
    for wrong, says in (
        ("9", "lines 1 to 4"),
        ("0", "no line 0"),
        ("told", "may be"),
        ("cake", "is none of"),
    ):
        with pytest.raises(TextRefused, match=says):
            check_lines(item("disc-aware"), [wrong])
    with pytest.raises(TextRefused, match="has no lines"):
        check_lines(item("disc-fit"), ["1"])


def test_lines_that_the_playbook_no_longer_has_are_kept() -> None:
    assert check_lines(item("disc-aware"), ["1"], ["an old line"]) == [
        item("disc-aware").lines[0],
        "an old line",
    ]


def test_every_question_can_say_what_it_expects() -> None:
    for one in PLAYBOOK.items:
        assert expects(one)


@pytest.mark.parametrize("name", [one.id for one in PLAYBOOK.items if one.kind == "choice"])
def test_every_choice_can_be_written_whole(name: str) -> None:
    for choice in item(name).choices:
        value = read(name, choice)
        assert value in (choice, [choice])


@given(st.text(max_size=30))
def test_no_text_is_ever_misread_as_a_number(text: str) -> None:
    try:
        value = read_number("x", text, "weeks")
    except TextRefused:
        return
    assert 0 <= value <= 1e15
    assert any(sign.isdecimal() for sign in text)


@given(st.integers(0, 10**12))
def test_a_number_is_read_as_it_is_written(value: int) -> None:
    assert read_number("x", str(value), "money") == value
    assert read_number("x", f"{value:,}", "money") == value
    assert read_number("x", f"{value}k", "money") == value * 1000


# ---- the step


def plan(answers: dict[str, Any] | None = None) -> Plan:
    records = [parse("project", "churn", "churn", {"title": "Churn"})]
    if answers is not None:
        records.append(parse("assessment", "churn", "assessment", {"answers": answers}))
    return Plan({record.address: record for record in records})


def after(before: Plan, name: str, fields: dict[str, Any]) -> Answer:
    found = {address.id: one for address, one in before.entries("answer", "churn")}
    batch = set_answer(before, "churn", item(name), fields, found.get(name))  # type: ignore[arg-type]
    changed = apply(before, batch.changes)
    return next(one for address, one in changed.entries("answer", "churn") if address.id == name)  # type: ignore[return-value]


def test_the_first_answer_makes_the_assessment() -> None:
    assert after(plan(), "disc-simpler", {"verdict": False, "because": "measured"}).verdict is False


def test_a_verdict_takes_the_place_of_unknown_and_the_other_way_round() -> None:
    unknown = plan({"disc-simpler": {"state": "unknown", "because": "nobody measured"}})
    said = after(unknown, "disc-simpler", {"verdict": False})
    assert (said.state, said.verdict, said.because) == (None, False, "nobody measured")
    answered = plan({"disc-simpler": {"verdict": True}})
    assert after(answered, "disc-simpler", {"state": "unknown"}).verdict is None


def test_a_question_is_set_aside_for_a_reason_only() -> None:
    with pytest.raises(EditRefused, match="say why"):
        after(plan(), "disc-fit", {"state": "not-applicable"})
    assert (
        after(plan(), "disc-fit", {"state": "not-applicable", "because": "bought as a service"}).state
        == "not-applicable"
    )
    reasoned = plan({"disc-fit": {"because": "bought as a service"}})
    assert after(reasoned, "disc-fit", {"state": "not-applicable"}).state == "not-applicable"


def test_which_way_evidence_points_is_said_where_it_is_asked() -> None:
    assert after(plan(), "pri-ev-value", {"verdict": "test", "result": "mixed"}).result == "mixed"
    with pytest.raises(EditRefused, match="does not ask"):
        after(plan(), "disc-fit", {"verdict": 3, "result": "mixed"})


def test_an_answer_can_be_taken_away() -> None:
    before = plan({"disc-fit": {"verdict": 3}, "disc-vision": {"verdict": 4}})
    changed = apply(before, clear_answer(before, "churn", item("disc-fit")).changes)
    assert [address.id for address, _ in changed.entries("answer")] == ["disc-vision"]
    with pytest.raises(EditRefused, match="no answer"):
        clear_answer(changed, "churn", item("disc-fit"))
    with pytest.raises(EditRefused, match="no answer"):
        clear_answer(plan(), "churn", item("disc-fit"))


def test_levels_and_ways_are_said_whole() -> None:
    assert (read_level("Rehearsal"), read_result("supports")) == ("rehearsal", "supports")
    with pytest.raises(TextRefused, match="did you mean rehearsal"):
        read_level("reh")
    with pytest.raises(TextRefused, match="nothing, opinion"):
        read_level("certain")
    with pytest.raises(TextRefused, match="supports, mixed, against"):
        read_result("yes")


def test_what_is_read_meets_its_question() -> None:
    words = {
        "disc-fit": ["5"],
        "disc-benefit": ["lower risk"],
        "pri-gain": ["1/2/3"],
        "disc-aware": ["all"],
        "stage-timebox": ["12 weeks"],
        "disc-simpler": ["no"],
        "disc-problem": ["Agents call the wrong people"],
    }
    current = plan()
    for name, typed in words.items():
        fields = read_verdict(item(name), typed, None, TODAY) | {"evidence": ["docs/tried.md"]}
        current = apply(current, set_answer(current, "churn", item(name), fields, None).changes)
    standing = standings(Snapshot.of(current, PLAYBOOK, TODAY), "churn")
    assert [name for name in words if not standing[name].met] == []


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1 100 000", "money", 1_100_000),
        ("1\u202f100", "money", 1_100),
        ("12'000", "money", 12_000),
        ("€12k", "money", 12_000),
        ("12 000 EUR", "money", 12_000),
        ("0.125", "weeks", 0.125),
        ("1.5k", "money", 1_500),
        ("12.5%", "share of cases", 0.125),
    ],
)
def test_numbers_as_people_write_them(text: str, unit: str, value: float) -> None:
    assert read_number("data-cost", text, unit) == value


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("12.000", "money", "12.000 may be 12000 or 12.0000"),
        ("12.000 EUR", "money", "12.000 EUR may be 12000 or 12.0000"),
        ("1.234,5", "money", "it is written 1234.5"),
        ("1,5k", "money", "it is written 1234.5"),
        ("0,02", "share of cases", "a share is written 0.02 or 2%"),
        ("1/50", "share of cases", "a share is written 0.02 or 2%"),
        ("120%", "share of cases", "a share is between 0 and 1, or 100%, not 120%"),
        ("2", "share of cases", "2 % is 0.02"),
    ],
)
def test_a_number_that_is_refused_says_how_it_is_written(text: str, unit: str, said: str) -> None:
    with pytest.raises(TextRefused, match=re.escape(said)):
        read_number("data-cost", text, unit)
