"""Limits that can be judged: what counts as beyond, how sentences are read, and which alarms cannot work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pytest

from kedge.model.operations.budgets import error_budget
from kedge.model.operations.limits import Limit, Reading, judge, limit_of
from kedge.model.operations.migration import migration
from kedge.model.operations.monitors import (
    by_urgency,
    least_events,
    monitor_state,
    never_fires,
    window_hours,
)
from kedge.model.operations.sentences import read_sentence
from kedge.model.plan.change import apply
from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.records.delivery import Guardrail, Monitor, Rollout
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.value.project_figures import Answers

TODAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def readings(values: Sequence[float], minutes: float = 60, events: float | None = None) -> list[Reading]:
    """Readings that end now, at equal distances."""
    step = dt.timedelta(minutes=minutes)
    return [Reading(value, NOON - step * back, events) for back, value in enumerate(reversed(values))]


def monitor(**fields: object) -> Monitor:
    return Monitor.model_validate({"title": "Failed requests", **fields})


def kept(found: Sequence[Reading]) -> dict[str, object]:
    """Readings as a monitor keeps them."""
    return {
        f"r{at}": {"read_at": f"{one.at:%Y-%m-%dT%H:%M}Z", "value": float(one.value)}
        for at, one in enumerate(found)
    }


def said(*, objective: float | None = None) -> Answers:
    answers: Mapping[str, object] = {}
    if objective is not None:
        answers = {"mon-slo": {"values": {"objective in percent": objective, "window in days": 28}}}
    from kedge.model.plan.validate import parse

    records = [
        parse("project", "churn", "churn", {"title": "Churn"}),
        parse("assessment", "churn", "assessment", {"answers": answers}),
    ]
    return Answers(Snapshot.of(Plan({one.address: one for one in records}), shipped(), TODAY), "churn")


# ---- judging


@pytest.mark.parametrize(
    ("operator", "value", "beyond"),
    [(">", 5, False), (">=", 5, True), ("<", 5, False), ("<=", 5, True), (">", 4.9, True), ("<", 5.1, True)],
)
def test_a_value_at_the_limit_is_beyond_it_only_where_the_limit_says_so(
    operator: str, value: float, beyond: bool
) -> None:
    record = monitor(operator=operator, value=float(value))
    limit = limit_of(record)
    assert limit is not None
    assert judge(limit, readings([5])).verdict == ("fired" if beyond else "fine")


def test_a_guardrail_is_what_must_hold() -> None:
    limit = limit_of(Guardrail(metric="p95", operator="<=", value=120.0))
    assert limit is not None
    assert judge(limit, readings([120])).verdict == "fine"
    assert judge(limit, readings([121])).verdict == "fired"


def test_so_many_readings_in_a_row_count() -> None:
    limit = Limit(">", 0.1, in_a_row=3)
    assert judge(limit, readings([0.2, 0.2])).verdict == "beyond"
    assert judge(limit, readings([0.2, 0.05, 0.2, 0.2])).verdict == "beyond"
    assert judge(limit, readings([0.05, 0.2, 0.2, 0.2])).verdict == "fired"
    assert judge(limit, readings([0.2, 0.2, 0.2, 0.05])).verdict == "fine"


def test_so_long_counts() -> None:
    limit = Limit(">", 5, for_minutes=30)
    assert judge(limit, readings([9, 9, 9], minutes=10)).verdict == "beyond"
    assert judge(limit, readings([9, 9, 9, 9], minutes=10)).verdict == "fired"


def test_few_events_are_not_judged() -> None:
    limit = Limit(">", 5, least_events=100)
    assert judge(limit, readings([50], events=99)).verdict == "not judged"
    assert judge(limit, readings([50], events=100)).verdict == "fired"
    # How many there were is not known: that is no reason to stay silent.
    assert judge(limit, readings([50])).verdict == "fired"


def test_a_time_of_day_takes_the_last_reading_up_to_then() -> None:
    limit = Limit("<", 11400, at="05:30")
    day = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    early, late = Reading(11000, day.replace(hour=5, minute=30)), Reading(12000, day.replace(hour=6))
    assert judge(limit, [early, late]).verdict == "fired"
    assert judge(limit, [late]).verdict == "not judged"


def test_nothing_read_is_not_judged() -> None:
    assert judge(Limit(">", 5), []).verdict == "not judged"


# ---- sentences


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("> 0.12", {"operator": ">", "value": 0.12}),
        ("< 11,400 at 05:30", {"operator": "<", "value": 11400, "at": "05:30"}),
        ("< 0.24 in two weeks running", {"operator": "<", "value": 0.24, "in_a_row": 2}),
        ("> EUR 110 a run", {"operator": ">", "value": 110, "unit": "EUR a run"}),
        ("<= 2.5 per 1,000 contacts", {"operator": "<=", "value": 2.5, "unit": "per 1,000 contacts"}),
        ("≥ 3 %", {"operator": ">=", "value": 3, "unit": "%"}),
        ("more than 2M rows", {"operator": ">", "value": 2_000_000, "unit": "rows"}),
        (
            "> 5 % for 10 minutes with at least 200 requests",
            {"operator": ">", "value": 5, "unit": "%", "for_minutes": 10, "least_events": 200},
        ),
        ("below 0.8 on three days in a row", {"operator": "<", "value": 0.8, "in_a_row": 3}),
        ("> 5 errors three times running", {"operator": ">", "value": 5, "unit": "errors", "in_a_row": 3}),
    ],
)
def test_a_plain_sentence_is_read_in_full(text: str, fields: dict[str, object]) -> None:
    found = read_sentence(text)
    assert found.fields == fields
    assert found.is_whole


@pytest.mark.parametrize(
    "text",
    [
        "<= 1 or so",
        "< 1,050,000 rows, or none",
        "p95 <= 120 ms",
        "above 0.2 over 4 weeks",
        "> 5 % unless it is a Sunday",
    ],
)
def test_what_the_figures_cannot_say_stays(text: str) -> None:
    found = read_sentence(text)
    assert found.fields
    assert not found.is_whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        "more than usual",
        "no more than 5",
        "> 0,5 %",
        "warn at > 5, page at > 10",
        "between 3 and > 5",
        "over 4 weeks < 0.2",
        "three failures",
        "> 1,23,4",
        "> " + "9" * 400,
    ],
)
def test_a_sentence_that_leaves_doubt_is_not_read(text: str) -> None:
    assert read_sentence(text).fields == {}


def test_a_window_is_no_part_of_the_unit() -> None:
    for text in (
        "> 2 % of requests in 10 minutes",
        "> 2 % of requests within any hour",
        "> 2 % of requests in a day",
    ):
        found = read_sentence(text)
        assert found.fields == {"operator": ">", "value": 2, "unit": "% of requests"}
        assert not found.is_whole


def test_migration_is_one_step_and_leaves_what_it_cannot_read() -> None:
    drift = Monitor.model_validate({"id": "drift", "project": "churn", "title": "Drift", "limit": "> 0.12"})
    vague = Monitor.model_validate({"id": "vague", "project": "churn", "title": "Bad", "limit": "a lot"})
    rollout = Rollout.model_validate(
        {
            "id": "first",
            "project": "churn",
            "title": "First",
            "guardrails": {"a": {"metric": "rows", "limit": ">= 5, or none"}},
        }
    )
    plan = Plan({one.address: one for one in (drift, vague, rollout)})
    batch, left = migration(plan)
    assert [one.name for one in left] == ["vague"]
    after = apply(plan, batch.changes)
    found = after.get(drift.address)
    assert isinstance(found, Monitor)
    assert (found.operator, found.value, found.limit) == (">", 0.12, None)
    changed = after.get(rollout.address)
    assert isinstance(changed, Rollout)
    assert changed.guardrails["a"].value == 5
    assert changed.guardrails["a"].limit == ">= 5, or none"
    assert after.get(Address("monitor", "churn", "vague")) == vague
    assert migration(after)[0].changes == ()


def test_what_cannot_be_read_of_a_file_is_not_written_over() -> None:
    from kedge.model.plan.validate import build
    from kedge.model.records.base import with_unfit
    from kedge.model.records.findings import Finding

    record, _ = build("monitor", "churn", "odd", {"title": "Odd", "limit": "> 5"})
    broken = with_unfit(record, (Finding("F104", "error", "operator does not fit", field=("operator",)),))
    batch, (left,) = migration(Plan({broken.address: broken}))
    assert batch.changes == ()
    assert "operator does not fit" in left.blocked


# ---- alarms that cannot work


def burn(objective: float | None, operator: str = ">=") -> Monitor:
    return monitor(operator=operator, value=14.4, unit="times burn", objective=objective)


def test_a_burn_of_14_4_cannot_be_reached_below_93_06_percent() -> None:
    # At 1 - 1/14.4 all requests failing burn exactly 14.4 times.
    assert not never_fires(burn(0.9306), said())
    assert "14.29" in never_fires(burn(0.93), said())
    assert never_fires(burn(0.9), said())
    assert not never_fires(burn(0.999), said())


def test_the_promise_of_the_project_is_the_objective_of_a_monitor_without_one() -> None:
    assert never_fires(burn(None), said(objective=93))
    assert not never_fires(burn(None), said(objective=99.9))
    assert not never_fires(burn(None), said())


@pytest.mark.parametrize(
    ("operator", "value", "unit", "never"),
    [
        (">", 100, "%", True),
        (">=", 100, "%", False),
        (">", 1, "share", True),
        ("<", 0, "share", True),
        ("<=", 0, "share", False),
        (">", 120, "% of last week", False),
        (">", 5000, "rows", False),
    ],
)
def test_a_share_ends_at_its_ends(operator: str, value: float, unit: str, never: bool) -> None:
    assert bool(never_fires(monitor(operator=operator, value=float(value), unit=unit), said())) == never


def test_one_failure_among_few_events_fires_it() -> None:
    few = {"operator": ">", "value": 5.0, "unit": "%", "window": "1 hour"}
    # 5 % of 10 are half an event: the first one passes it.
    assert least_events(monitor(**few, events_per_hour=10.0), said()) == 21
    assert least_events(monitor(**few, events_per_hour=10.0, least_events=21), said()) is None
    assert least_events(monitor(**few, events_per_hour=1000.0), said()) is None
    assert least_events(monitor(**few), said()) is None


def test_one_failure_burns_a_small_budget() -> None:
    record = burn(0.999).model_copy(update={"window": "1 hour", "events_per_hour": 20.0})
    # An error rate of 1.44 % is less than one of 20.
    assert least_events(record, said()) == 71


@pytest.mark.parametrize(
    ("window", "hours"),
    [("30 minutes", 0.5), ("1 hour", 1), ("2 weeks", 336), ("one run", None), (None, None), ("a day", 24)],
)
def test_a_window_in_words_is_a_time(window: str | None, hours: float | None) -> None:
    assert window_hours(monitor(window=window)) == hours


# ---- error budgets and states


def test_an_error_budget_is_spent_as_fast_as_counted() -> None:
    record = monitor(objective=0.999, objective_days=30.0, events=100_000, failures=1440, counted_hours=1.0)
    found = error_budget(record, said())
    assert found is not None
    # SRE Workbook, table 5-6: a burn of 14.4 for an hour takes 2 % of the budget of 30 days.
    assert found.burn == pytest.approx(14.4)
    assert found.used == pytest.approx(0.02)
    assert found.days_left == pytest.approx(0.98 * 30 / 14.4)
    assert not found.is_spent


def test_more_failures_than_events_are_refused() -> None:
    record = monitor(objective=0.999, events=10, failures=11, counted_hours=1.0)
    with pytest.raises(ValueError, match="at most 10 failures"):
        error_budget(record, said())


def test_states_follow_readings_and_days() -> None:
    fields: dict[str, object] = {"operator": ">", "value": 5.0, "last_tested": dt.date(2026, 11, 1)}

    def state(values: Sequence[float] = (), **more: object) -> str:
        return monitor_state(
            monitor(**{**fields, "readings": kept(readings(values)), **more}), said(), TODAY
        ).state

    assert state() == "fine"
    assert state([9]) == "fired"
    assert state([9], in_a_row=2) == "beyond"
    assert state([1], last_fired=TODAY) == "fine"
    assert state(last_fired=TODAY) == "fired"
    assert state(operator=None, value=None, limit="a lot") == "cannot be judged"
    assert state(last_tested=None) == "never tested"
    assert state(last_tested=dt.date(2026, 1, 1)) == "silent too long"
    # Where a clock was years ahead, its reading neither fires nor hides that there is no other.
    ahead = [Reading(9, NOON + dt.timedelta(days=365))]
    assert monitor_state(monitor(**fields, readings=kept(ahead)), said(), TODAY).state == "fine"
    old = [Reading(1, NOON - dt.timedelta(days=30))]
    both = [*old, *ahead]
    assert monitor_state(monitor(**fields, readings=kept(both)), said(), TODAY).state == "silent too long"
    assert monitor_state(monitor(**fields, readings=kept(old)), said(), TODAY).state == "silent too long"


def test_what_needs_a_person_comes_first() -> None:
    fine = monitor(id="a", operator=">", value=5.0, last_tested=TODAY)
    fired = monitor(id="b", operator=">", value=5.0, last_tested=TODAY, last_fired=TODAY)
    found = by_urgency([monitor_state(one, said(), TODAY) for one in (fine, fired)])
    assert [one.monitor.id for one in found] == ["b", "a"]
