"""What an answer may be: the same when it is typed and when it stands in a file, where it does not count otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.assess.standing import standings
from kedge.model.assess.verdicts import read_verdict
from kedge.model.plan.field_spec import TextRefused
from kedge.model.playbook import shipped
from kedge.model.playbook.fit import fitting, misfits
from kedge.model.records.assessment import Answer
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import Explained
from kedge.model.value.project_figures import Answers
from kedge.model.value.worth import worth

from .plan_from import plan_from

TODAY = dt.date(2026, 11, 30)
PLAYBOOK = shipped()
ERRORS = {
    "cases per year": 1000,
    "prevalence": 0.02,
    "recall": 0.8,
    "false-alarm rate": 0.01,
    "cost of a false alarm": 5,
    "cost of a miss": 100,
}
SHARES = [
    (item.id, figure.id)
    for item in PLAYBOOK.items
    for figure in item.figures
    if figure.unit.startswith("share")
]


def snapshot(answers: dict[str, Any]) -> Snapshot:
    records = {
        "project churn/churn": {"title": "Churn", "stage": "maturity"},
        "assessment churn/assessment": {"answers": answers},
    }
    return Snapshot.of(plan_from(records), PLAYBOOK, TODAY)


def wrongs(question: str, **fields: Any) -> list[str]:
    item = PLAYBOOK.item(question)
    assert item is not None
    return [why for _, why in misfits(item, Answer.model_validate(fields))]


def test_the_figures_that_are_shares() -> None:
    assert set(SHARES) >= {
        ("data-cost", "review share"),
        ("data-cost", "rework share"),
        ("pri-errors", "prevalence"),
        ("pri-errors", "recall"),
        ("pri-errors", "false-alarm rate"),
        ("arch-load", "planned load"),
        ("tr-bias", "lowest group rate divided by highest"),
    }


@pytest.mark.parametrize(("question", "name"), SHARES)
def test_a_share_is_typed_and_written_as_one(question: str, name: str) -> None:
    item = PLAYBOOK.item(question)
    assert item is not None
    says = f"{name}: a share is between 0 and 1; 2 % is 0.02 or `2%`"
    with pytest.raises(TextRefused) as refused:
        read_verdict(item, [f"{name}=2"], None, TODAY)
    assert str(refused.value) == says
    for text, value in (("2%", 0.02), ("0.02", 0.02), ("100%", 1), ("0", 0)):
        assert read_verdict(item, [f"{name}={text}"], None, TODAY)["values"] == {name: value}
    assert wrongs(question, values={name: 2}) == [says]
    assert wrongs(question, values={name: 1}) == []
    answer = Answer.model_validate({"values": {name: 2, "set-up": 1}})
    assert dict(fitting(item, answer).values) == {"set-up": 1}


def test_a_share_as_a_percentage_is_neither_met_nor_a_figure() -> None:
    right = snapshot({"pri-errors": {"values": ERRORS}})
    assert standings(right, "churn")["pri-errors"].met
    assert isinstance(worth(right, right.plan.projects["churn"]).error_cost, Explained)
    wrong = snapshot({"pri-errors": {"values": {**ERRORS, "prevalence": 2}}})
    one = standings(wrong, "churn")["pri-errors"]
    assert not one.met
    assert one.lacks() == "prevalence: a share is between 0 and 1; 2 % is 0.02 or `2%`"
    assert worth(wrong, wrong.plan.projects["churn"]).error_cost.lines() == [
        "Cost of errors: not known; missing: prevalence (pri-errors)"
    ]


@pytest.mark.parametrize(
    ("question", "fields", "says"),
    [
        ("stage-timebox", {"verdict": -5}, "at least 0"),
        ("stage-cap", {"verdict": 1e300}, "not as large as that"),
        ("stage-cap", {"verdict": 10**400}, "a number is expected, not inf"),
        ("data-signal", {"verdict": 9}, "a grade from 1 to 5"),
        ("disc-decision", {"verdict": 5}, "a text is expected"),
        ("disc-risk-class", {"verdict": ["minimal risk", "high risk"]}, "one choice is expected, not 2"),
        ("disc-risk-class", {"verdict": "none"}, "is none of"),
        (
            "disc-profile",
            {"verdict": ["none of these", "personalises per user"]},
            "goes with no other choice",
        ),
        ("pri-gain", {"values": {"low": 3, "likely": 2, "high": 5}}, "must not decrease"),
        ("pri-gain", {"values": {"impact": 100}}, "one of 0.25, 0.5, 1, 2 or 3 is expected"),
        ("pri-gain", {"values": {"low": "180k", "likely": 1, "high": 2}}, "a number is expected, not '180k'"),
        ("pri-complexity", {"values": {"complexity 1-5": 7}}, "a grade from 1 to 5"),
        ("pri-complexity", {"values": {"complexity 1-5": 2.5}}, "a grade from 1 to 5"),
        ("arch-limits", {"values": {"availability": 0.999}}, "the share 0.999 is 99.9"),
        ("mon-slo", {"values": {"objective in percent": 0.99}}, "the share 0.99 is 99"),
        (
            "arch-limits",
            {"values": {"availability": 100.5}},
            "a percentage is between 1 and 100, or 0, not 100.5",
        ),
        ("tr-quality", {"values": {"test sample size": 10.5}}, "a whole number"),
        ("pr-rollback", {"values": {"date last rehearsed": "soon"}}, "a date such as"),
    ],
)
def test_what_cannot_be_meant_never_counts(question: str, fields: dict[str, Any], says: str) -> None:
    assert any(says in why for why in wrongs(question, **fields)), wrongs(question, **fields)
    seen = snapshot({question: fields})
    one = standings(seen, "churn")[question]
    assert not one.met
    assert says in one.lacks()
    if "verdict" in fields:
        found = Answers(seen, "churn").answer(question)
        assert found is not None
        assert found.verdict is None


def test_agreement_is_never_better_than_whole() -> None:
    assert wrongs("dp-agreement", verdict=2) == ["a kappa from -1 to 1 is expected, not 2"]
    assert wrongs("dp-agreement", verdict=-0.2) == wrongs("dp-agreement", verdict=1) == []


def test_a_percentage_below_one_may_be_a_share() -> None:
    says = "a percentage is between 1 and 100, or 0; the share 0.999 is 99.9"
    assert wrongs("arch-limits", values={"availability": 0.999}) == [f"availability: {says}"]
    assert wrongs("arch-limits", values={"availability": 0}) == []
    assert wrongs("arch-limits", values={"availability": 99.9}) == []


def test_what_is_said_not_to_be_known_is_no_misfit() -> None:
    assert wrongs("stage-cap", state="unknown", verdict="much") == []


def test_text_typed_and_written_agree() -> None:
    for text, value in (("2 %", 2), ("-3%", -3), ("80", 80)):
        item = PLAYBOOK.item("stage-baseline")
        assert item is not None
        assert read_verdict(item, text.split(), None, TODAY) == {"verdict": value}
        assert wrongs("stage-baseline", verdict=value) == []
