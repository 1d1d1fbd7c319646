"""What the gates ask of a system that runs: monitors, tests of readiness, experiments, error budgets, reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from kedge.model.assess.standing import standings
from kedge.model.operations.rubric import readiness, rubric_of
from kedge.model.operations.tracks import TRACKS, tracks
from kedge.model.plan.plan import Plan
from kedge.model.snapshot.snapshot import Snapshot

from .gate_cases import PLAYBOOK, TODAY, check, plan, worth

WHOLE: dict[str, Any] = {
    "title": "Failed requests",
    "operator": ">",
    "value": 5.0,
    "unit": "%",
    "action": "roll back",
    "owner": "mira",
    "last_tested": TODAY,
    "runs_since": TODAY - dt.timedelta(14),
}


def with_monitor(**fields: Any) -> Plan:
    return plan({"monitor churn/failed": {**WHOLE, **fields}})


def test_a_limit_that_is_only_a_sentence_is_no_limit() -> None:
    verdict, because = check(
        "monitors-work", with_monitor(operator=None, value=None, limit="more than usual")
    )
    assert verdict == "not met"
    assert "more than a sentence" in because


def test_an_alarm_that_can_never_fire_does_not_work() -> None:
    burn = {"operator": ">=", "value": 14.4, "unit": "times burn"}
    assert check("monitors-work", with_monitor(**burn, objective=0.93))[0] == "not met"
    assert check("monitors-work", with_monitor(**burn, objective=0.999))[0] == "met"


@pytest.mark.parametrize(("days", "expected"), [(14, "met"), (13, "not met"), (None, "unknown")])
def test_monitors_are_alive_after_two_weeks(days: int | None, expected: str) -> None:
    since = TODAY - dt.timedelta(days) if days is not None else None
    assert check("monitors-alive", with_monitor(runs_since=since))[0] == expected
    assert check("monitors-alive", plan())[0] == "not met"


@pytest.mark.parametrize(("failures", "expected"), [(999, "met"), (1000, "not met")])
def test_the_error_budget_is_not_spent(failures: int, expected: str) -> None:
    # 0.1 % of a million events in the 30 days of the objective are the whole budget.
    counts = {"events": 1_000_000, "failures": failures, "counted_hours": 720.0}
    found = check("monitors-alive", with_monitor(objective=0.999, objective_days=30.0, **counts))
    assert found[0] == expected


def test_a_promise_without_counts_is_asked_about() -> None:
    promise = {"mon-slo": {"values": {"objective in percent": 99.9}}}
    verdict, because = check("monitors-alive", plan({"monitor churn/failed": WHOLE}, promise))
    assert verdict == "unknown"
    assert "counted_hours" in because


def test_a_result_of_a_live_test_is_a_verdict() -> None:
    files = {"experiment churn/contact": {"title": "Contact", "kind": "A/B", "result": "against"}}
    assert check("verdict-is-in", plan(files))[0] == "met"
    assert check("verdict-is-in", plan())[0] == "not met"
    offline = {"experiment churn/contact": {"title": "Contact", "kind": "offline", "result": "against"}}
    assert check("verdict-is-in", plan(offline))[0] == "not met"


@pytest.mark.parametrize(("treatment", "expected"), [(100, "met"), (200, "not met")])
def test_guardrails_of_a_test_hold_as_its_counts_say(treatment: int, expected: str) -> None:
    arms = {name: {"title": name, "units": 10_000, "events": 2_000} for name in ("control", "treatment")}
    test = {
        "title": "Contact",
        "kind": "A/B",
        "primary_metric": "left",
        "guardrails": ["complaints"],
        "result": "inconclusive",
        "arms": arms,
        "measures": {"complaints": {"margin": 0.005, "counts": {"control": 100, "treatment": treatment}}},
    }
    metrics = {"left": {"title": "Left"}, "complaints": {"title": "Complaints", "better": "lower"}}
    files = {"experiment churn/contact": test, "strategy churn/strategy": {"metrics": metrics}}
    assert check("guardrails-held", plan(files))[0] == expected


# ---- the rubric


def marks(mark: str, count: int = 7, **others: str) -> Mapping[str, Any]:
    """So many tests of each section with a mark."""
    rubric = rubric_of(Snapshot.of(plan(), PLAYBOOK, TODAY))
    assert rubric is not None
    found: dict[str, Any] = {}
    for section in rubric.sections:
        for test in [one for one in rubric.tests if one.section == section][:count]:
            found[test.id] = {"mark": mark}
    return found | {name: {"mark": one} for name, one in others.items()}


def marked(tests: Mapping[str, Any], stage: str = "mvp") -> Plan:
    return plan({"assessment churn/assessment": {"tests": tests}}, stage=stage)


@pytest.mark.parametrize(
    ("count", "stage", "expected"),
    [
        (1, "mvp", "met"),
        (1, "growth", "unknown"),
        (2, "growth", "met"),
        (3, "maturity", "unknown"),
        (4, "maturity", "met"),
    ],
)
def test_the_test_score_is_the_weakest_section(count: int, stage: str, expected: str) -> None:
    assert check("well-tested", marked(marks("automatic", count), stage))[0] == expected


def test_a_score_that_everybody_knows_to_be_low_is_not_met() -> None:
    verdict, because = check("well-tested", marked(marks("none")))
    assert verdict == "not met"
    assert "these raise it" in because


def test_28_tests_have_marks_from_people_and_from_answers() -> None:
    answers = {"data-rights": {"checked": list(_lines("data-rights"))}}
    current = plan(answers=answers)
    snapshot = Snapshot.of(current, PLAYBOOK, TODAY)
    found = readiness(snapshot, "churn", standings(snapshot, "churn"))
    assert found is not None
    assert len(found.tests) == 28
    rights = next(one for one in found.tests if one.id == "mlts-data-4")
    assert (rights.mark, rights.points, rights.source) == ("by hand", 0.5, "data-rights")
    # The other sections have nothing: what raises one does not raise the score.
    assert found.score.value == 0


def _lines(item: str) -> tuple[str, ...]:
    found = PLAYBOOK.item(item)
    assert found is not None
    return found.lines


def test_a_mark_counts_over_what_an_answer_gives() -> None:
    tests = {"mlts-data-4": {"mark": "automatic"}}
    snapshot = Snapshot.of(marked(tests), PLAYBOOK, TODAY)
    found = readiness(snapshot, "churn", standings(snapshot, "churn"))
    assert found is not None
    assert found.sections["data"] == 1


# ---- tracks


def test_tracks_are_ready_by_weight() -> None:
    item = PLAYBOOK.item("dp-flow")
    assert item is not None
    current = plan(
        answers={"dp-flow": {"verdict": "by a nightly export into the feature store, and by the API"}}
    )
    snapshot = Snapshot.of(current, PLAYBOOK, TODAY)
    found = {one.name: one for one in tracks(snapshot, "churn", standings(snapshot, "churn"))}
    assert list(found) == list(TRACKS)
    data = found["data"]
    total = sum(one.item.weight for one in data.questions if one.counts)
    assert data.ready == pytest.approx(item.weight / total)
    assert found["documentation"].ready == 0
    # What holds the gate comes first, then by weight.
    waiting = [(not one.holds_gate, -one.item.weight) for one in found["production"].open_questions]
    assert waiting == sorted(waiting)
    assert "Rehearse the rollback" in [title for _, title, _ in found["production"].offers]


# ---- ending


def test_keeping_it_failed_in_two_reviews_in_a_row() -> None:
    def retire(*gains: float) -> str:
        files: dict[str, Any] = {
            f"review churn/cycle-{at}": {
                "title": f"Cycle {at}",
                "date": TODAY - dt.timedelta(300 - at),
                "measured_gain": gain,
            }
            for at, gain in enumerate(gains)
        }
        files["project other/other"] = {
            "title": "Other",
            "dependencies": {
                "lists": {"giver": "churn", "taker": "other", "what": "lists", "state": "agreed"}
            },
        }
        answers = worth(**{"pri-run": {"values": {"money per year to run": 40_000}}})
        return check("may-end", plan(files, answers, phase="iterate"), outcome="retire")[0]

    assert retire() == "unknown"
    assert retire(10_000) == "unknown"
    assert retire(90_000, 10_000) == "not met"
    assert retire(10_000, 10_000) == "met"
    assert retire(10_000, 10_000, 90_000) == "not met"
