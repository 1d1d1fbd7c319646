"""Hand-overs: links that cross teams, with the day on which something changes hands and how late it may come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from .dates import Dates, Placed


@dataclass(frozen=True)
class Handover:
    """What one team gives to another."""

    giver: str
    """The card that comes first."""
    taker: str
    from_team: str
    to_team: str
    kind: str
    date: dt.date
    """When the first card reaches what the other one waits for: its end, or its start."""
    slack: int
    """Half days by which that may come later before the other card does."""


def handovers_of(dates: Dates) -> list[Handover]:
    """All hand-overs of a schedule, by date."""
    found = [one for placed in dates.placed.values() for one in _into(dates, placed)]
    return sorted(found, key=lambda one: (one.date, one.giver, one.taker))


def _into(dates: Dates, taker: Placed) -> Iterator[Handover]:
    to_team = _team(dates, taker)
    if not to_team:
        return
    for need in taker.task.needs:
        giver = dates.placed.get(need.before)
        from_team = _team(dates, giver) if giver is not None else ""
        if giver is None or not from_team or from_team == to_team:
            continue
        moment = giver.end if need.kind[0] == "F" else giver.start
        wanted = (taker.start if need.kind[1] == "S" else taker.end) - need.lag
        slack = max(0, wanted - moment)
        date = dates.reached_on(need)
        yield Handover(giver.task.id, taker.task.id, from_team, to_team, need.kind, date, slack)


def _team(dates: Dates, one: Placed) -> str:
    person = dates.plan.people.get(one.person or "")
    return (person.team or "") if person is not None else ""
