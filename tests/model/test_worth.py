"""From a project's records to its figures, and to the lists that it is ranked in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped, with_team
from kedge.model.records.board import Board
from kedge.model.records.delivery import Model
from kedge.model.snapshot.repository_files import FileState, RepositoryFiles
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import Explained
from kedge.model.value.evidence import DataEvidence, data_evidence
from kedge.model.value.worth import Worth, worth

from .evidence_files import Files
from .worth_cases import (
    CHECKED,
    PUBLIC,
    TODAY,
    complete,
    costs,
    evidence,
    lacking,
    plan_of,
    records,
    value,
    values,
    worth_of,
)

OWN = {**PUBLIC, "origin": "own production"}


# ---- the bet


def test_the_worked_example_of_the_playbook():
    """Gain 200, running 40, three years at 10 %, p = 0.75^4 over two stages of 30 and 120."""
    found = worth_of(plan_of(*records()))
    assert value(found.present_value) == pytest.approx(397.896, abs=1e-3)
    assert found.confidence.value == pytest.approx(0.75**4)
    assert isinstance(found.expected_value, Explained)
    assert found.expected_value.value == pytest.approx(28.397, abs=1e-3)
    assert found.expected_value["all_in"] == pytest.approx(-24.104, abs=1e-2)


def test_the_arithmetic_of_the_bet_can_be_read():
    found = worth_of(plan_of(Board(id="board", currency="CHF"), *records())).expected_value
    assert isinstance(found, Explained)
    text = "\n".join(found.lines())
    for line in (
        "Expected value of the staged bet: 28.4 CHF",
        "  Present value if it works: 397.9 CHF",
        "net per year = 200 - 40 - 0 = 160",
        "    Yearly gain: 200 CHF per year",
        "  Chance of success: 0.3164",
        "data: open: analogue; explored, public",
    ):
        assert line in text


def test_without_cost_after_the_gate_there_is_one_stage():
    answers = complete() | {"pri-cost": costs(30, 0)}
    found = worth_of(plan_of(*records(answers=answers)))
    assert value(found.expected_value) == pytest.approx(0.75**4 * 397.896 - 30, abs=1e-3)


def test_a_broken_year_counts_in_part():
    playbook, problems = with_team({"scoring": {"horizon_years": 1.5, "discount_rate": 0.0}})
    assert problems == []
    plan = plan_of(*records())
    assert value(
        worth(Snapshot.of(plan, playbook, TODAY), plan.projects["churn"]).present_value
    ) == pytest.approx(240)


def test_cost_has_its_p80():
    points = {"to next gate: low": 100, "to next gate: likely": 200, "to next gate: high": 600}
    answers = complete() | {"pri-cost": {"values": points}}
    found = worth_of(plan_of(*records(answers=answers)))
    assert isinstance(found.cost, Explained)
    assert found.cost.value == pytest.approx(250)
    assert found.cost.number("p80") == pytest.approx(250 + 0.8416 * 500 / 6, abs=0.01)
    assert lacking(found.expected_value).missing == "after it: low, after it: likely, after it: high"


@pytest.mark.parametrize(
    ("question", "answer", "missing"),
    [
        ("pri-gain", None, "low, likely, high"),
        ("pri-gain", values(low=1, likely=2), "high"),
        ("pri-gain", {"state": "unknown", **values(low=1, likely=2, high=3)}, "low, likely, high"),
        ("pri-gain", values(low=1, likely=2, high="much"), "high"),
        ("pri-gain", values(low=3, likely=2, high=1), "low <= likely <= high is expected"),
        ("pri-cost", None, "to next gate: low, to next gate: likely, to next gate: high"),
    ],
)
def test_what_is_missing_is_said_with_its_question(
    question: str, answer: dict[str, Any] | None, missing: str
):
    answers = complete()
    del answers[question]
    if answer is not None:
        answers[question] = answer
    found = lacking(worth_of(plan_of(*records(answers=answers))).expected_value)
    assert found.question == question
    assert found.missing.startswith(missing)
    assert found.lines() == [f"{found.name}: not known; missing: {found.missing} ({question})"]


@pytest.mark.parametrize(("stage", "known"), [("mvp", True), ("growth", False), ("maturity", False)])
def test_running_cost_counts_as_nothing_until_its_question_blocks(stage: str, *, known: bool):
    answers = complete()
    del answers["pri-run"]
    found = worth_of(plan_of(*records(answers=answers, stage=stage)))
    assert isinstance(found.running_cost, Explained) is known
    assert isinstance(found.expected_value, Explained) is known
    if known:
        assert any("counts as nothing" in line for line in found.running_cost.lines())
    else:
        assert lacking(found.expected_value).question == "pri-run"


def test_errors_cost_once_their_rates_are_there():
    prices: dict[str, Any] = {"cost of a false alarm": 1, "cost of a miss": 2}
    answers = complete() | {"pri-errors": {"values": prices}, "disc-reach": {"verdict": 100}}
    found = worth_of(plan_of(*records(answers=answers)))
    assert lacking(found.error_cost).missing == "prevalence, recall, false-alarm rate"
    assert value(found.present_value) == pytest.approx(397.896, abs=1e-3)
    rates = {"prevalence": 0.1, "recall": 0.5, "false-alarm rate": 0.1}
    answers["pri-errors"] = {"values": prices | rates}
    found = worth_of(plan_of(*records(answers=answers)))
    assert value(found.error_cost) == pytest.approx(100 * 0.9 * 0.1 * 1 + 100 * 0.1 * 0.5 * 2)
    assert value(found.present_value) == pytest.approx((160 - 19) * 397.896 / 160, abs=1e-3)


# ---- confidence


def test_nothing_answered_is_one_half_each():
    found = worth_of(plan_of(*records(answers={}, datasets={})))
    assert found.confidence.value == pytest.approx(0.5**4)
    assert any("pri-ev-tech says no level" in note for note in found.confidence.notes)


def test_mixed_and_contrary_answers():
    answers = complete() | {
        "pri-ev-value": evidence("test", "mixed"),
        "pri-ev-tech": evidence("test", "against"),
    }
    found = worth_of(plan_of(*records(answers=answers)))
    assert found.confidence.value == pytest.approx(0.5 * 0.75 * 0.15 * 0.75)


def test_a_team_may_refit_the_ladder():
    playbook, problems = with_team(
        {"scoring": {"evidence": {"analogue": {"p": 0.7}}, "cap_confidence": 0.05}}
    )
    assert problems == []
    plan = plan_of(*records())
    assert worth(Snapshot.of(plan, playbook, TODAY), plan.projects["churn"]).confidence.value == 0.05


def grades(signal: float | None, like: float | None = None, **more: Any) -> dict[str, Any]:
    given = {"data-signal": signal, "data-like-production": like}
    return {
        name: {"verdict": grade, **(more if name == "data-signal" else {})}
        for name, grade in given.items()
        if grade is not None
    }


def data_of(plan: Plan, files: RepositoryFiles | None = None) -> DataEvidence:
    return data_evidence(Snapshot.of(plan, shipped(), TODAY, files=files), "churn")


LEVELS = [
    ({}, None, None, "nothing", "supports"),
    ({"a": {"access": "refused", **OWN}}, 5, 5, "nothing", "supports"),
    ({"a": {"origin": "own production"}}, 5, 5, "opinion", "supports"),
    ({"a": {"origin": "simulated", "checked_on": CHECKED}}, 5, 5, "opinion", "supports"),
    ({"a": {"checked_on": CHECKED}}, 5, 5, "opinion", "supports"),
    ({"a": PUBLIC}, 5, 5, "analogue", "supports"),
    ({"a": {**PUBLIC, "origin": "bought", "explored": ["duplicates"]}}, None, None, "analogue", "supports"),
    ({"a": OWN}, None, 5, "opinion", "supports"),
    ({"a": OWN}, 3, None, "test", "supports"),
    ({"a": {**PUBLIC, "origin": "client"}}, 3, 3, "test", "supports"),
    ({"a": OWN}, 3, 4, "rehearsal", "supports"),
    ({"a": OWN}, 2, None, "test", "against"),
    ({"a": OWN}, 1, 5, "rehearsal", "against"),
    ({"a": PUBLIC}, 2, None, "analogue", "against"),
    ({"a": {"origin": "own production"}}, 2, None, "opinion", "supports"),
    ({"a": {"origin": "own production"}, "b": OWN}, 4, 2, "test", "supports"),
    ({"a": {"origin": "own production"}, "b": PUBLIC}, 2, 2, "analogue", "against"),
    ({"a": {"access": "refused"}, "b": OWN}, 4, 2, "test", "supports"),
]


@pytest.mark.parametrize(("datasets", "signal", "like", "level", "result"), LEVELS)
def test_the_level_of_the_data(
    datasets: dict[str, dict[str, Any]], signal: int | None, like: int | None, level: str, result: str
):
    found = data_of(plan_of(*records(answers=grades(signal, like), datasets=datasets)))
    assert (found.level, found.result) == (level, result)
    assert len(found.reasons) >= max(1, len(datasets))


@pytest.mark.parametrize(
    ("since", "until", "level"),
    [
        (dt.date(2026, 11, 25), None, "proven"),
        (dt.date(2026, 11, 26), None, "test"),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 24), "test"),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 25), "proven"),
    ],
)
def test_data_that_feeds_a_live_model_is_proven(since: dt.date, until: dt.date | None, level: str):
    model = Model.model_validate(
        {"id": "m", "project": "churn", "live_from": since, "live_to": until, "links": ["docs/live.md"]}
    )
    found = data_of(plan_of(model, *records(answers=grades(3, 3), datasets={"a": OWN})))
    assert found.level == level


# ---- what stands behind a level


def with_files(states: dict[str, FileState], **answers: Any) -> Worth:
    plan = plan_of(*records(answers=complete() | answers))
    return worth(Snapshot.of(plan, shipped(), TODAY, files=Files(states)), plan.projects["churn"])


THERE: dict[str, FileState] = {"docs/tried.md": "there", "docs/first-look.md": "there"}


def test_levels_count_with_a_document_and_as_opinion_without() -> None:
    assert with_files(THERE).confidence.value == pytest.approx(0.75**4)
    assert with_files(THERE).shortfalls == ()
    without = with_files({})
    assert without.confidence.value == pytest.approx(0.67**4)
    assert [one.partition(":")[0] for one in without.shortfalls] == ["value", "data", "technique", "adoption"]
    assert "docs/tried.md is not there" in without.shortfalls[0]
    assert any("kedge answer pri-ev-value --evidence PATH" in one for one in without.confidence.notes)


def test_a_link_counts_and_is_said_not_to_be_checked() -> None:
    answer = evidence("test") | {"evidence": ["https://example.org/report"]}
    found = with_files(THERE, **{"pri-ev-value": answer})
    assert found.confidence["factor value"] == 0.85
    assert "value: rests on https://example.org/report (not checked)" in found.confidence.notes


def test_nothing_stays_nothing_and_an_old_answer_is_an_opinion() -> None:
    old = evidence("test") | {"valid_until": TODAY - dt.timedelta(1)}
    found = with_files(THERE, **{"pri-ev-value": old, "pri-ev-tech": {"verdict": "nothing"}})
    assert (found.confidence["factor value"], found.confidence["factor technique"]) == (0.67, 0.5)
    assert found.shortfalls == ("value: test counts as opinion: it was valid until 2026-11-24",)
    today = with_files(THERE, **{"pri-ev-value": evidence("test") | {"valid_until": TODAY}})
    assert today.confidence["factor value"] == 0.85


@pytest.mark.parametrize("level", ["analogue", "test", "rehearsal", "proven"])
def test_what_speaks_against_a_project_needs_no_document(level: str) -> None:
    answer = {"pri-ev-tech": evidence(level, "against")}
    assert with_files({}, **answer).confidence["factor technique"] == pytest.approx(
        with_files(THERE, **answer).confidence["factor technique"]
    )
    grades_against = {"data-signal": {"verdict": 1}}
    assert (
        with_files({}, **grades_against).confidence["factor data"]
        == with_files(THERE, **grades_against).confidence["factor data"]
    )


def test_a_team_may_take_documents_only_or_nothing_at_all() -> None:
    plan = plan_of(*records(answers={"pri-ev-value": evidence("test") | {"evidence": ["https://a.org/b"]}}))

    def factor(needs: list[str], otherwise: str = "opinion") -> float:
        playbook, problems = with_team(
            {"scoring": {"evidence": {"test": {"needs": needs, "otherwise": otherwise}}}}
        )
        assert problems == []
        return worth(Snapshot.of(plan, playbook, TODAY), plan.projects["churn"]).confidence["factor value"]

    assert [factor(["file", "link"]), factor(["file"]), factor(["file"], "nothing")] == [0.85, 0.67, 0.5]
    assert factor([]) == 0.85
    _, (problem,) = with_team({"scoring": {"evidence": {"test": {"otherwise": "proven"}}}})
    assert "not a level that needs no evidence" in str(problem)


HASH = "0" * 64
BACKED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {}, "opinion"),
    ({"links": ["docs/first-look.md"]}, {}, "test"),
    ({"links": ["docs/gone.md"]}, {}, "opinion"),
    ({"profile": {"source": "a.csv", "sha256": HASH}}, {}, "test"),
    ({"profile": {"source": "a.csv", "sha256": "x"}}, {}, "opinion"),
    ({}, {"evidence": ["docs/tried.md"]}, "test"),
    ({}, {"evidence": ["docs/tried.md"], "valid_until": TODAY - dt.timedelta(1)}, "opinion"),
]


@pytest.mark.parametrize(("dataset", "signal", "level"), BACKED)
def test_data_need_something_behind_them(dataset: dict[str, Any], signal: dict[str, Any], level: str) -> None:
    own = {"a": {"origin": "own production", "checked_on": CHECKED, **dataset}}
    plan = plan_of(*records(answers=grades(3, **signal), datasets=own))
    assert data_of(plan, Files(THERE)).level == level


@pytest.mark.parametrize(
    ("links", "level"), [([], "test"), (["docs/gone.md"], "test"), (["docs/tried.md"], "proven")]
)
def test_a_live_model_is_shown_by_a_link(links: list[str], level: str) -> None:
    model = Model.model_validate({"id": "m", "project": "churn", "live_from": TODAY, "links": links})
    plan = plan_of(model, *records(answers=grades(3), datasets={"a": OWN}))
    found = data_of(plan, Files(THERE))
    assert (found.level, found.said) == (level, "proven")
