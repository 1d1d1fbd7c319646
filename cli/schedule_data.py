"""The schedule for programs: the shapes that other tools rely on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..model.capacity.calendar import in_days

if TYPE_CHECKING:
    import datetime as dt

    from ..model.records.card import Card
    from ..model.review.baseline import Moves
    from ..model.schedule.handovers import Handover
    from ..model.schedule.load import Load
    from ..model.schedule.problem import Problem
    from ..model.schedule.proven import Proven
    from ..model.schedule.reasons import Reason
    from ..model.schedule.schedule import Schedule
    from ..model.schedule.targets import Key, Milestone
    from .telling import Tell


def schedule_data(
    made: Schedule, cards: Iterable[str], others: Iterable[Card], project: str | None, tell: Tell
) -> dict[str, Any]:
    """The whole schedule; `others` are cards without dates that are wanted too."""
    names = list(cards)
    drags = drags_of(made, names, tell)
    return {
        "today": made.today.isoformat(),
        "cards": [*(card_data(made, name, drags.get(name)) for name in names), *map(_without_dates, others)],
        "milestones": [
            milestone_data(one) for one in made.milestones.values() if project in (None, one.key[0])
        ],
        "people": [load_data(load) for load in made.loads.values()],
        "findings": [problem_data(one) for one in problems_of(made, project)],
        "not_counted": [
            {
                "what": "cards without an estimate",
                "count": sum(made.cards[name].task.is_assumed for name in names),
            }
        ],
    }


def with_baseline(data: Mapping[str, Any], moves: Moves, project: str | None) -> dict[str, Any]:
    """The same with what was planned at a baseline; `moved` are working days, above 0 for later."""
    before, counts = moves.before, moves.counts(project or "")
    cards = [{**one, "baseline": _card_before(moves, one["id"])} for one in data["cards"]]
    milestones = [
        {**one, "baseline": _milestone_before(moves, (one["project"], one["id"]))}
        for one in data["milestones"]
    ]
    head = {
        "revision": before.title,
        "commit": before.commit or None,
        "today": before.today.isoformat(),
        "moved": counts.moved,
        "new": counts.new,
        "gone": counts.gone,
    }
    return {**data, "cards": cards, "milestones": milestones, "baseline": head}


def _card_before(moves: Moves, name: str) -> dict[str, Any] | None:
    then, by = moves.before.cards.get(name), moves.of_card(name)
    if then is None:
        return None
    return {
        "start": then.start.isoformat(),
        "start_half": then.start_half,
        "end": then.end.isoformat(),
        "end_half": then.end_half,
        "moved": None if by is None else in_days(by),
    }


def _milestone_before(moves: Moves, key: Key) -> dict[str, Any] | None:
    then, by = moves.before.milestones.get(key), moves.of_milestone(key)
    if then is None:
        return None
    return {"date": then.isoformat(), "moved": None if by is None else in_days(by)}


def proof_data(found: Proven) -> dict[str, Any]:
    """Whether it is proven that no schedule is better."""
    return {
        "optimal": {
            "proven": found.is_proven,
            "parts": found.parts,
            "proven_parts": found.proven,
            "improved_parts": found.improved,
        }
    }


def drags_of(made: Schedule, cards: Iterable[str], tell: Tell) -> dict[str, float | None]:
    """The drag of cards in days: nothing where there is slack, None where finding it out would take too long."""
    critical = [name for name in cards if name in made.critical]
    if not made.drags.is_small(critical):
        return dict.fromkeys(critical)
    found: dict[str, float | None] = {}
    for number, name in enumerate(critical):
        tell("drag", number / len(critical))
        found[name] = in_days(made.drag(name))
    return found


def card_data(made: Schedule, name: str, drag: float | None) -> dict[str, Any]:
    """A card with its dates."""
    one = made.cards[name]
    card, axis = one.task.card, made.axis
    latest = made.latest_starts.get(name)
    return {
        "id": name,
        "project": card.project,
        "start": made.dates.start_date(one).isoformat(),
        "start_half": "am" if one.task.fixed is not None else axis.half(one.start),
        "end": made.dates.end_date(one).isoformat(),
        "end_half": axis.half(one.end - 1),
        "days": in_days(one.task.work),
        "owner": one.person,
        "critical": name in made.critical,
        "slack": in_days(made.slack[name]),
        "drag": drag if name in made.critical else 0.0,
        "late": in_days(made.late(one)),
        "reason": reason_data(made.reasons.of(one)),
        "status": card.status,
        "free_slack": in_days(made.free_slack[name]),
        "latest_start": None if latest is None or latest < 0 else axis.date(latest).isoformat(),
        "due": iso(card.due),
        "milestone": card.milestone,
        "assumed": one.task.is_assumed,
        "blocked": card.blocked,
    }


def reason_data(reason: Reason) -> dict[str, Any]:
    """Why a card starts when it does."""
    return {"kind": reason.kind, "of": reason.of, "text": reason.text, "card": reason.card}


def _without_dates(card: Card) -> dict[str, Any]:
    dates = dict.fromkeys(("start", "start_half", "end", "end_half", "days"))
    figures = {"critical": False, "slack": None, "drag": None, "late": 0.0, "reason": None}
    return {
        "id": card.id,
        "project": card.project,
        **dates,
        "owner": card.owner,
        **figures,
        "status": card.status,
        "due": iso(card.due),
        "milestone": card.milestone,
    }


def milestone_data(one: Milestone) -> dict[str, Any]:
    """A milestone with the date that follows from its cards."""
    return {
        "id": one.key[1],
        "project": one.key[0],
        "title": one.title,
        "date": iso(one.date),
        "due": iso(one.due),
        "late": in_days(one.late),
        "done": one.is_done,
    }


def load_data(load: Load) -> dict[str, Any]:
    """The weeks of a person or a team."""
    weeks = [
        {"week": week.monday.isoformat(), "capacity": week.capacity, "load": week.load, "over": week.over}
        for week in load.weeks
    ]
    return {"id": load.name, "team": load.team or None, "weeks": weeks}


def handover_data(made: Schedule, one: Handover) -> dict[str, Any]:
    """What one team gives to another."""
    return {
        "date": one.date.isoformat(),
        "from": one.giver,
        "from_team": one.from_team,
        "to": one.taker,
        "to_team": one.to_team,
        "link": one.kind,
        "slack": in_days(one.slack),
        "needed_by": made.dates.start_date(made.cards[one.taker]).isoformat(),
        "critical": one.giver in made.critical and not one.slack,
    }


def problem_data(problem: Problem) -> Mapping[str, Any]:
    """What could not be scheduled as it is written."""
    return {"code": problem.code, "id": problem.id, "message": problem.message, "hint": problem.hint}


def problems_of(made: Schedule, project: str | None) -> list[Problem]:
    """The findings about a project and what belongs to none, or all."""
    return [one for one in made.problems if project is None or one.address.project in ("", project)]


def iso(day: dt.date | None) -> str | None:
    """A date as programs read it."""
    return day.isoformat() if day is not None else None
