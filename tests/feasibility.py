"""What is wrong with a schedule: links and capacities counted period by period, sharing nothing with the solvers.

Slow and plain on purpose. Benchmarks and tests pass every schedule through it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kedge.model.solvers.activity_network import ActivityNetwork, Schedule


def faults(
    durations: Sequence[int],
    successors: Sequence[Sequence[int]],
    demands: Sequence[Sequence[int]],
    capacities: Sequence[int] | Sequence[Sequence[int]],
    starts: Sequence[int],
) -> list[str]:
    """Each link and capacity that start times break, in words; nothing where they break none."""
    found = [f"activity {one} starts at {start}" for one, start in enumerate(starts) if start < 0]
    for one, after in enumerate(successors):
        found += [
            f"{other} starts at {starts[other]}, before {one} ends at {starts[one] + durations[one]}"
            for other in after
            if starts[other] < starts[one] + durations[one]
        ]
    for resource, capacity in enumerate(capacities):
        used: Counter[int] = Counter()
        for one, start in enumerate(starts):
            for period in range(start, start + durations[one]):
                used[period] += demands[one][resource]
        found += [
            f"period {period}: {units} units of resource {resource}"
            for period, units in sorted(used.items())
            if units > _units(capacity, period)
        ]
    return found


def network_faults(network: ActivityNetwork, schedule: Schedule) -> list[str]:
    """The same for a network; what its fixed starts break is left out if the schedule names it as a conflict."""
    placed = [one for one, start in enumerate(schedule.starts) if start >= 0]
    named = {one.activity for one in schedule.unplaced}
    both_or_neither = [one for one in range(len(schedule.starts)) if (one in named) == (one in placed)]
    found = [f"{one} has no place and no reason, or both" for one in both_or_neither]
    for one in placed:
        found += _own_faults(network, schedule, one)
    return found + _overloads(network, schedule, placed) + _broken_links(network, schedule)


def _own_faults(network: ActivityNetwork, schedule: Schedule, one: int) -> list[str]:
    """What is wrong with an activity's place by itself: its release, its fixed start, its calendar."""
    found: list[str] = []
    activity = network.activities[one]
    mode = activity.modes[schedule.modes[one]]
    start, end = schedule.starts[one], schedule.ends[one]
    worked = list(range(start, end))
    if mode.calendar is not None:
        working = set(network.calendars[mode.calendar].periods)
        worked = [period for period in worked if period in working]
    if activity.fixed is None:
        if start < activity.release:
            found.append(f"{one} starts at {start}, before its release at {activity.release}")
        if mode.work and worked[:1] != [start]:
            found.append(f"{one} starts at {start}, when nothing is worked")
    elif start != activity.fixed:
        found.append(f"{one} starts at {start}, and is fixed at {activity.fixed}")
    if end == start and any(conflict == (one, None) for conflict in schedule.conflicts):
        return found  # fixed where its calendar is never open long enough
    if len(worked) != mode.work:
        found.append(f"{one} works {len(worked)} of {mode.work} periods")
    if mode.work and worked[-1:] != [end - 1]:
        found.append(f"{one} ends at {end}, when nothing is worked")
    return found


def _overloads(network: ActivityNetwork, schedule: Schedule, placed: Sequence[int]) -> list[str]:
    short = {conflict.activity for conflict in schedule.conflicts if conflict.link is None}
    used: list[Counter[int]] = [Counter() for _ in network.capacities]
    excused: set[tuple[int, int]] = set()
    for one in placed:
        mode = network.activities[one].modes[schedule.modes[one]]
        for resource, units in mode.demands if mode.work else ():
            for period in range(schedule.starts[one], schedule.ends[one]):
                used[resource][period] += units
                if one in short:
                    excused.add((resource, period))
    return [
        f"period {period}: {units} units of resource {resource}"
        for resource, capacity in enumerate(network.capacities)
        for period, units in sorted(used[resource].items())
        if units > _units(capacity, period) and (resource, period) not in excused
    ]


def _units(capacity: int | Sequence[int], period: int) -> int:
    if isinstance(capacity, int):
        return capacity
    return capacity[period] if period < len(capacity) else 0


def _broken_links(network: ActivityNetwork, schedule: Schedule) -> list[str]:
    found: list[str] = []
    named = {conflict.link for conflict in schedule.conflicts}
    starts, ends = schedule.starts, schedule.ends
    for link in network.links:
        if link in named or starts[link.before] < 0 or starts[link.after] < 0:
            continue
        first = starts[link.before] if link.kind[0] == "S" else ends[link.before]
        then = starts[link.after] if link.kind[1] == "S" else ends[link.after]
        if link.lag == 0 or network.lag_calendar is None:
            kept = then >= first + link.lag
        else:
            worked = network.lag_calendar.periods
            between = sum(period < then for period in worked) - sum(period < first for period in worked)
            kept = between >= link.lag
        if not kept:
            found.append(f"{link.after} at {then} breaks {link} from {first}")
    return found
