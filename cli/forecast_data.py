"""The forecast for programs: the shapes that other tools rely on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .schedule_data import iso

if TYPE_CHECKING:
    from ..model.budget.budget import Budgets
    from ..model.flow.throughput import Throughput
    from ..model.forecast.forecast import Forecast, Outlook
    from ..model.schedule.targets import Key

PERCENTILES = {"p50": 0.5, "p80": 0.8, "p95": 0.95}
_DRIVERS = 5


def forecast_data(found: Forecast, keys: Sequence[Key], project: str | None, cost: Budgets) -> dict[str, Any]:
    """The forecast of milestones and projects, and of the cards of a project or a milestone."""
    from ..model.forecast.forecast import METHOD

    made = found.schedule
    cards = [name for name, one in made.cards.items() if project in (None, one.task.project)]
    if len(keys) == 1 and keys[0][1]:
        cards = made.members(keys[0])
    return {
        "runs": found.runs,
        "seed": found.seed,
        "method": METHOD,
        "correlation": found.correlation,
        "today": made.today.isoformat(),
        "milestones": [_milestone_data(found, key) for key in keys if key[1]],
        "projects": [_project_data(found, key) for key in keys if not key[1]],
        "cards": [_card_data(found, name) for name in cards],
        "cost": _cost_data(cost, project),
        "not_counted": not_counted(found, project),
    }


def _milestone_data(found: Forecast, key: Key) -> dict[str, Any]:
    one = found.schedule.milestones[key]
    outlook = found.outlook(key) if found.has(key) else None
    return {
        "id": key[1],
        "project": key[0],
        "title": one.title,
        "plan": iso(one.date),
        **_outlook_data(outlook),
        "due": iso(one.due),
        "chance": outlook.chance if outlook is not None else None,
        "done": one.is_done,
        "drivers": _drivers_data(found, key),
    }


def _project_data(found: Forecast, key: Key) -> dict[str, Any]:
    made = found.schedule
    return {
        "id": key[0],
        "plan": iso(made.axis.date(made.targets.ends[key] - 1)),
        **_outlook_data(found.outlook(key)),
        "drivers": _drivers_data(found, key),
    }


def _card_data(found: Forecast, name: str) -> dict[str, Any]:
    outlook = found.card(name)
    return {
        "id": name,
        "project": found.schedule.cards[name].task.project,
        "criticality": found.criticality[name],
        **{percentile: iso(outlook.date(chance)) for percentile, chance in PERCENTILES.items()},
        "due": iso(outlook.due),
        "chance": outlook.chance,
    }


def _outlook_data(outlook: Outlook | None) -> dict[str, Any]:
    if outlook is None:
        return {**dict.fromkeys(PERCENTILES), "sampling": {}, "histogram": []}
    days = outlook.days
    return {
        **{name: iso(outlook.date(chance)) for name, chance in PERCENTILES.items()},
        "sampling": {
            name: [iso(day) for day in outlook.between(chance)] for name, chance in PERCENTILES.items()
        },
        "histogram": [{"date": day.isoformat(), "runs": days[day]} for day in sorted(days)],
    }


def _drivers_data(found: Forecast, key: Key) -> list[dict[str, Any]]:
    if not found.has(key):
        return []
    return [
        {"id": one.card, "criticality": one.criticality, "weight": round(one.weight, 4)}
        for one in found.drivers(key, _DRIVERS)
    ]


def _cost_data(cost: Budgets, project: str | None) -> dict[str, Any]:
    people = cost.to_come(project)
    return {
        "unit": cost.unit,
        "p50": people(0.5),
        "p80": people(0.8),
        "of": "people on open cards, without resources and contingency: kedge budget has all of it",
    }


def not_counted(found: Forecast, project: str | None) -> list[dict[str, Any]]:
    """What the forecast assumes or leaves out, with how much of it there is."""
    made = found.schedule
    tasks = [one for one in made.dates.tasks.values() if project in (None, one.project)]
    counts = {
        "cards without an estimate": sum(one.is_assumed for one in tasks),
        "cards that cannot be scheduled": sum(one.id not in made.cards for one in tasks),
        "cards with a single figure as estimate": sum(len(one.card.estimate or ()) == 1 for one in tasks),
    }
    return [{"what": what, "count": count} for what, count in counts.items()]


def throughput_data(found: Throughput) -> dict[str, Any]:
    """The forecast by the cards that were done in past weeks."""
    from ..model.flow.throughput import METHOD

    return {
        "method": METHOD,
        "weeks": list(found.weeks),
        "open": found.open_cards,
        **{name: iso(found.dates.get(name)) for name in ("p50", "p85", "p95")},
        "why_not": found.why_not or None,
    }
