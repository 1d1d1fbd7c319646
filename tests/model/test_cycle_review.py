"""What came out of a cycle: metrics against targets, what is written down, and how the evidence moves by the result."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.assess.standing import standings
from kedge.model.cycle.closing import LookBack, record_review
from kedge.model.cycle.results import cycle_review, missing_of
from kedge.model.cycle.wording import review_rows
from kedge.model.derived.derived import Derived
from kedge.model.flow.card_history import CardHistory, CardState, CardStep, PlanHistory
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
    assert [lack.words.partition(" ")[0] for lack in missing_of(found)] == ["Recall:", "gain", "money:", "no"]


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
    assert bool(moved) == (way is not None)
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


LIVE: tuple[str, str, dict[str, Any]] = (
    "model",
    "churn-1",
    {"title": "Churn 1", "metric": "recall", "live_from": dt.date(2026, 10, 1), "links": ["docs/card.md"]},
)


@pytest.mark.parametrize(
    ("actual", "records", "level", "way"),
    [
        (0.81, [], "test", "supports"),
        (0.81, [LIVE], "rehearsal", "supports"),
        (0.81, [LIVE, TEST], "proven", "supports"),
        # Half of the way, then none of it.
        (0.6, [LIVE], "rehearsal", "mixed"),
        (0.4, [LIVE], "rehearsal", "against"),
    ],
)
def test_what_was_measured_moves_the_evidence_for_the_technique(
    actual: float, records: list[Any], level: str, way: str
) -> None:
    metric = {
        **METRIC,
        "actual": actual,
        "measured_on": dt.date(2026, 11, 1),
        "measured_in": "reports/backtest.json",
    }
    now = derived(plan_of({"recall": metric}, {"pri-ev-tech": {"verdict": "opinion"}}, *records))
    batch, moved = record_review(now.snapshot, cycle_review(now, "churn"), LookBack())
    answer = apply(now.plan, batch.changes).answers("churn")["pri-ev-tech"]
    assert (answer.verdict, answer.result) == (level, way)
    assert answer.evidence[0] == "reports/backtest.json"
    assert [one.words for one in moved] == [f"evidence for technique: opinion, supports → {level}, {way}"]


def test_what_was_measured_before_the_cycle_moves_nothing() -> None:
    metric = {**METRIC, "actual": 0.81, "measured_on": dt.date(2026, 8, 1)}
    now = derived(plan_of({"recall": metric}))
    assert record_review(now.snapshot, cycle_review(now, "churn"), LookBack())[1] == ()


@pytest.mark.parametrize(("trust", "way"), [(5, "supports"), (4, "supports"), (3, "mixed"), (2, "against")])
def test_the_trust_of_users_moves_the_evidence_for_adoption(trust: int, way: str) -> None:
    answers = {"tp-trust": {"verdict": trust, "evidence": ["docs/survey.md"]}}
    now = derived(plan_of({}, answers))
    batch, _ = record_review(now.snapshot, cycle_review(now, "churn"), LookBack())
    answer = apply(now.plan, batch.changes).answers("churn")["pri-ev-adopt"]
    assert (answer.verdict, answer.result, answer.evidence) == ("rehearsal", way, ("docs/survey.md",))


ESTIMATE = (1.0, 2.0, 4.0)


def test_trust_without_anything_to_show_for_it_raises_no_level() -> None:
    now = derived(plan_of({}, {"tp-trust": {"verdict": 5}}))
    assert record_review(now.snapshot, cycle_review(now, "churn"), LookBack())[1] == ()


def test_estimates_are_held_against_what_cards_of_the_cycle_took() -> None:
    def card(name: str, first: int, last: int) -> CardHistory:
        def at(day: int, hour: int) -> dt.datetime:
            return dt.datetime(2026, 9, day, hour, tzinfo=dt.UTC)

        # Seen before its work began: of a card that is in progress when the history begins no start is known.
        planned = CardState("execute", owner="mira", estimate=ESTIMATE)
        steps = (
            CardStep(at(1, 9), "c0", "mira", planned),
            CardStep(
                at(first, 9), "a1", "mira", CardState("execute", "doing", owner="mira", estimate=ESTIMATE)
            ),
            CardStep(
                at(last, 16), "b2", "mira", CardState("execute", "done", owner="mira", estimate=ESTIMATE)
            ),
        )
        return CardHistory("churn", name, steps)

    history = PlanHistory(
        cards={("churn", one.id): one for one in (card("late", 7, 10), card("on-time", 14, 15))},
    )
    now = derived(plan_of({"recall": METRIC}))
    found = cycle_review(now, "churn", history)
    every, mira, _ = found.estimates
    # Four and two working days, where two were likely.
    assert (every.count, every.within, every.ranges) == (2, 2, 2)
    assert every.factor == pytest.approx(2**0.5)
    assert mira.id == "mira"
    rows = [row.text for row in review_rows(now.snapshot, found, (1, 1), now.worth("churn"), with_ids=False)]
    assert "all: 2 cards, 1.41 times the estimate; 2 of 2 within their range" in rows
    later = derived(plan_of({"recall": METRIC}, started=dt.date(2026, 9, 12)))
    assert cycle_review(later, "churn", history).estimates[0].count == 1
    assert cycle_review(now, "churn").estimates == ()
