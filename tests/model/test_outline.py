"""What a schedule carries along from one state of a plan to the next gives the dates that a fresh look gives."""

from __future__ import annotations

from random import Random
from typing import Any

from kedge.model.plan.plan import Plan
from kedge.model.records.base import Record
from kedge.model.schedule.dates import Dates
from kedge.model.schedule.outline import Outline
from kedge.model.schedule.planning import PartCache, plan_dates
from kedge.tests.effort import times

from .plan_from import plan_from
from .schedule_cases import DAY, TODAY, random_plan, snapshot_of
from .test_links import tangled


def dates_of(plan: Plan, cache: PartCache, effort: int | None) -> Dates:
    return plan_dates(snapshot_of(plan), effort, cache, lambda _doing, _share: None)


def changed(plan: Plan, random: Random) -> Plan:
    """A plan after something that a person may do to it."""
    records = dict(plan.records)
    card = random.choice([*plan.cards.values()])
    kind = random.choice(("figure",) * 6 + ("tie", "tie", "gone", "new", "other"))
    if kind == "gone" and len(plan.cards) > 3:
        del records[card.address]
    elif kind == "new":
        new = card.model_copy(update={"id": f"n-{random.randrange(10**6):06}"})
        records[new.address] = new
    elif kind == "other":
        other: Record = random.choice([one for one in records.values() if one.KIND in ("person", "project")])
        fields: dict[str, Any] = (
            {"share": random.choice((0.0, 0.5, 1.0))}
            if other.KIND == "person"
            else {"state": random.choice(("active", "hold"))}
        )
        records[other.address] = other.model_copy(update=fields)
    else:
        records[card.address] = card.model_copy(update=_fields(plan, kind, random))
    return Plan(records)


def _fields(plan: Plan, kind: str, random: Random) -> dict[str, Any]:
    day = TODAY + DAY * random.randint(-10, 60)
    figures: list[dict[str, Any]] = [
        {"estimate": random.choice(((), (0.0,), (1.0, 2.0, 6.0), (9.0,), (1e6,)))},
        {"due": day},
        {"not_before": day},
        {"rank": random.choice(("a", "m", "z"))},
        {"title": "Another title"},
    ]
    ties: list[dict[str, Any]] = [
        {"status": random.choice(("todo", "doing", "done"))},
        {"owner": random.choice((None, *plan.people))},
        {"skill": random.choice((None, "python"))},
        {"milestone": random.choice((None, "first"))},
        {"fixed": random.choice((None, day))},
        {"needs": tuple(random.sample([*plan.cards], random.randint(0, 2)))},
    ]
    return random.choice(figures if kind == "figure" else ties)


def assert_same(found: Dates, fresh: Dates, seed: int) -> None:
    assert list(found.tasks.items()) == list(fresh.tasks.items()), seed
    assert [one.card for one in found.tasks.values()] == [one.card for one in fresh.tasks.values()], seed
    assert found.problems == fresh.problems, seed
    places = [
        {name: (one.start, one.end, one.person) for name, one in dates.placed.items()}
        for dates in (found, fresh)
    ]
    assert list(places[0].items()) == list(places[1].items()), seed
    assert found.downstream.needed_by == fresh.downstream.needed_by, seed
    assert found.downstream.leads_to == fresh.downstream.leads_to, seed


def test_dates_after_changes_are_those_of_a_fresh_look() -> None:
    carried = 0
    for seed in range(times(60)):
        random = Random(seed)
        plan = plan_from(tangled(seed)) if seed % 2 else random_plan(seed)
        cache = PartCache()
        effort = 0 if seed % 3 else 5
        dates_of(plan, cache, effort)
        for _ in range(12):
            before = cache.outline
            plan = changed(plan, random)
            found = dates_of(plan, cache, effort)
            assert_same(found, dates_of(plan, PartCache(), effort), seed)
            assert isinstance(before, Outline)
            assert cache.outline is not None
            carried += cache.outline.gone is before.gone
    assert carried > times(60)


def test_an_estimate_leaves_all_other_tasks_as_they_are() -> None:
    plan, cache = plan_from(tangled(3)), PartCache()
    before = dates_of(plan, cache, 0)
    card = next(one.task.card for one in before.placed.values() if not one.task.is_running)
    new = card.model_copy(update={"estimate": (7.0,)})
    after = dates_of(Plan({**plan.records, card.address: new}), cache, 0)
    assert [name for name, task in after.tasks.items() if task is not before.tasks[name]] == [card.id]
    assert after.downstream is before.downstream
    assert after.placed[card.id].part.scheme.incoming is before.placed[card.id].part.scheme.incoming
