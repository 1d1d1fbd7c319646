"""What came out of a cycle: metrics against targets, what is written down, and how the evidence moves by the result."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.assess.standing import standings
from kedge.model.cycle.closing import LookBack, record_review
from kedge.model.cycle.results import cycle_review, missing_of
from kedge.model.derived.derived import Derived
from kedge.model.plan.change import apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.records.governance import Review
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.value.project_figures import Answers

TODAY = dt.date(2026, 11, 20)
PLAYBOOK = shipped()
METRIC: dict[str, Any] = {"title": "Recall", "role": "primary", "baseline": 0.4, "target": 0.8}


def derived(plan: Plan) -> Derived:
    return Derived(Snapshot.of(plan, PLAYBOOK, TODAY))


def plan_of(
    metrics: dict[str, Any] | None = None,
    answers: dict[str, Any] | None = None,
    *more: tuple[str, str, dict[str, Any]],
    **project: Any,
) -> Plan:
    began = {"title": "Churn", "phase": "iterate", "started": dt.date(2026, 8, 28), **project}
    records = [
        parse("project", "churn", "churn", began),
        parse("strategy", "churn", "strategy", {"metrics": metrics or {}}),
        parse("assessment", "churn", "assessment", {"answers": answers or {}}),
        *(parse(kind, "churn", name, data) for kind, name, data in more),
    ]
    return Plan({record.address: record for record in records})


@pytest.mark.parametrize(
    ("fields", "state", "way"),
    [
        ({"actual": 0.8}, "reached", 1.0),
        ({"actual": 0.6}, "missed", 0.5),
        ({}, "not measured", None),
        ({"actual": 0.6, "target": None}, "no target", None),
        ({"actual": 0.6, "baseline": None}, "missed", None),
        ({"actual": 0.6, "better": "lower"}, "reached", 0.5),
        (
            {"actual": 2.0, "role": "guardrail", "target": None, "limit": 1.5, "better": "lower"},
            "missed",
            None,
        ),
    ],
)
def test_a_metric_is_held_against_its_target_or_limit(
    fields: dict[str, Any], state: str, way: float | None
) -> None:
    said = {name: value for name, value in {**METRIC, **fields}.items() if value is not None}
    (found,) = cycle_review(derived(plan_of({"recall": said})), "churn").metrics
    assert found.state == state
    assert found.way == (pytest.approx(way) if way is not None else None)


def test_what_is_not_said_is_named_with_what_adds_it() -> None:
    found = cycle_review(derived(plan_of({"recall": METRIC})), "churn")
    weeks = next(one for one in found.figures if one.name == "weeks")
    assert weeks.actual == 12.0  # 84 days since it started
    assert [lack.partition(" ")[0] for lack in missing_of(found)] == ["recall", "gain", "money:", "no"]


TEST: tuple[str, str, dict[str, Any]] = (
    "experiment",
    "live",
    {
        "title": "Live",
        "kind": "A/B",
        "result": "supports",
        "ended": dt.date(2026, 10, 1),
        "links": ["docs/ab.md"],
    },
)


@pytest.mark.parametrize(
    ("verdict", "tests", "level", "way"),
    [
        ("better", [TEST], "proven", "supports"),
        ("better", [], "rehearsal", "supports"),
        ("no difference seen", [TEST], "proven", "mixed"),
        ("worse", [TEST], "proven", "against"),
        ("could not be tested", [TEST], "opinion", None),
        ("still running", [TEST], "opinion", None),
    ],
)
def test_the_evidence_moves_by_the_result(
    verdict: str, tests: list[Any], level: str, way: str | None
) -> None:
    answers = {"pri-ev-value": {"verdict": "opinion"}, "tp-verdict": {"verdict": verdict}}
    now = derived(plan_of({}, answers, *tests))
    batch, moved = record_review(now.snapshot, cycle_review(now, "churn"), LookBack())
    answer = apply(now.plan, batch.changes).answers("churn")["pri-ev-value"]
    assert (answer.verdict, answer.result) == (level, way)
    assert (moved is None) == (way is None)
    assert answer.evidence == (("docs/ab.md",) if way and tests else ())


def test_a_review_is_written_once_for_a_cycle_and_then_added_to() -> None:
    now = derived(
        plan_of({"recall": {**METRIC, "actual": 0.6}}, {"it-actual": {"values": {"cost spent": 5}}})
    )
    said = LookBack(("small steps",), (), (("recall", "labels came late"),), (), "keep running")
    first, _ = record_review(now.snapshot, cycle_review(now, "churn"), said)
    after = derived(apply(now.plan, first.changes))
    again, _ = record_review(
        after.snapshot, cycle_review(after, "churn"), LookBack(("small steps", "tests"), ("late",))
    )
    (review,) = apply(after.plan, again.changes).of_kind("review", "churn")
    assert isinstance(review, Review)
    assert (review.id, review.cycle, review.spent, review.next) == ("cycle-1-mvp", 1, 5, "keep running")
    assert (review.went_well, review.went_badly) == (("small steps", "tests"), ("late",))
    result = review.results["recall"]
    assert (result.target, result.actual, result.why) == (0.8, 0.6, "labels came late")


@pytest.mark.parametrize(("said_in", "counts"), [(None, False), (1, False), (2, True)])
def test_what_each_cycle_answers_by_itself_does_not_count_in_the_next(
    said_in: int | None, counts: bool
) -> None:
    answer: dict[str, Any] = {"verdict": "retire"} | ({"cycle": said_in} if said_in else {})
    plan = plan_of({}, {"it-decision": answer}, cycle=2)
    snapshot = Snapshot.of(plan, PLAYBOOK, TODAY)
    one = standings(snapshot, "churn")["it-decision"]
    assert (one.met, one.holds_gate) == (counts, not counts)
    assert ("cycle 1" in one.lacks()) is not counts
    assert (Answers(snapshot, "churn").answer("it-decision") is not None) is counts
