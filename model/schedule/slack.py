"""How much later a card could start: before its milestone moves, before any other card does, before a date is missed.

Slack is measured under the same people: everything is moved to the right as far as links, people and the milestone
allow, and the distance that a card has moved is its slack. It counts days on which the card's own person works.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..solvers.activity_network import Link, Schedule
from ..solvers.critical_path import LinkedActivities, distance
from .dates import Dates, Placed
from .levelled import LevelledPart
from .targets import Targets

_NEVER = 1 << 40


def total_slack(dates: Dates, targets: Targets) -> dict[str, int]:
    """Half days by which each card can start later without moving its milestone, else its project's end."""
    return slack_to(dates, {name: targets.bound(name) for name in dates.placed})


def slack_to(dates: Dates, bounds: Mapping[str, int]) -> dict[str, int]:
    """Half days by which each of some cards can start later while all of them end by their bounds.

    Cards without a bound are free to move to the end of the plan.
    """
    found: dict[str, int] = {}
    last = max((one.end for one in dates.placed.values()), default=0)
    for part in dates.parts:
        ids = part.source.part.ids
        if not any(name in bounds for name in ids):
            continue
        moved = part.moved_right(tuple([bounds.get(name, last) for name in ids]))
        for number, name in enumerate(ids):
            if name in bounds and name in dates.placed:
                found[name] = _slack(part, moved, number, bounds[name])
    return found


def _slack(part: LevelledPart, moved: Schedule, number: int, bound: int) -> int:
    calendar = part.source.calendar(number, moved.modes[number])
    start, end = part.schedule.starts[number], part.schedule.ends[number]
    if part.source.part.tasks[number].fixed is None:
        return distance(calendar, start, moved.starts[number])
    # A pin does not move; what it could is what those after it leave.
    latest = _free_end(part.movable.outgoing[number], moved, start, end, bound)
    return max(0, distance(calendar, end, latest))


def free_slack(dates: Dates, targets: Targets) -> dict[str, int]:
    """Half days by which each card can start later without moving anything else, people's next work included."""
    following = _next_work(dates)
    found: dict[str, int] = {}
    for name, one in dates.placed.items():
        bound = min(targets.bound(name), following.get(name, _NEVER))
        links = one.part.scheme.outgoing[one.number]
        latest = _free_end(links, one.part.schedule, one.start, one.end, bound)
        found[name] = max(0, distance(one.calendar, one.end, latest))
    return found


def latest_starts(dates: Dates) -> dict[str, int]:
    """The moment by which each card must have started for every date that depends on it to be met, by links alone.

    Only cards with such a date are in it; a moment before today is one that has passed, and a negative one lies before
    the axis. A date beyond the axis asks for nothing.
    """
    found: dict[str, int] = {}
    for part in dates.parts:
        network = part.source.network
        if not network.due:
            continue
        modes = part.schedule.modes
        works = [one.modes[mode].work for one, mode in zip(network.activities, modes, strict=True)]
        calendars = [part.source.calendar(number, mode) for number, mode in enumerate(modes)]
        linked = LinkedActivities(works, network.links, calendars)
        horizon = part.source.axis.horizon
        bounds = [network.due.get(number, horizon) for number in range(len(works))]
        late, _ = linked.backward(linked.order(), part.schedule.ends, bounds)
        tasks, last = part.source.part.tasks, part.source.axis.last
        near = [number for number in network.due if (tasks[number].due or last) <= last]
        for number in _leading_to(near, linked):
            if part.schedule.ends[number] >= 0:
                found[part.source.part.ids[number]] = late[number]
    return found


def _leading_to(due: Iterable[int], linked: LinkedActivities) -> set[int]:
    """The activities that have a due date, or that something with one waits for."""
    found, left = set(due), list(due)
    while left:
        for link in linked.incoming[left.pop()]:
            if link.before not in found:
                found.add(link.before)
                left.append(link.before)
    return found


def _free_end(links: Sequence[Link], moved: Schedule, start: int, end: int, bound: int) -> int:
    """The last moment at which a card may end before it moves one that waits for it, or passes a bound."""
    latest = bound
    for _, after, kind, lag in links:
        if moved.starts[after] < 0:
            continue
        theirs = moved.ends[after] if kind[1] == "F" else moved.starts[after]
        own = end if kind[0] == "F" else start
        latest = min(latest, end + theirs - lag - own)
    return latest


def _next_work(dates: Dates) -> dict[str, int]:
    """For each card with a person, the moment at which that person's next work begins that cannot be beside it."""
    found: dict[str, int] = {}
    for works in dates.by_person.values():
        following: list[Placed] = []
        for one in reversed(works):
            later = (
                other.start for other in reversed(following) if other.start >= one.end and one.excludes(other)
            )
            if (nearest := next(later, None)) is not None:
                found[one.task.id] = nearest
            following.append(one)
    return found
