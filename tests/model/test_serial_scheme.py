"""The serial scheme on random networks: every schedule is checked by code that shares nothing with it."""

from __future__ import annotations

import random
from dataclasses import replace

from kedge.model.solvers.activity_network import ActivityNetwork, Schedule
from kedge.model.solvers.feasibility import network_faults
from kedge.model.solvers.serial_scheme import SerialScheme
from kedge.tests.effort import times

from .network_cases import network

SEEDS = range(times(3000))


def shuffled(made: ActivityNetwork, seed: int) -> list[int]:
    return random.Random(seed).sample(range(len(made.activities)), k=len(made.activities))


def test_every_pass_keeps_links_calendars_and_capacities() -> None:
    placed = 0
    for seed in SEEDS:
        made = network(seed)
        scheme = SerialScheme(made)
        schedule = scheme.schedule(shuffled(made, seed))
        right = scheme.right_justified(schedule)
        left = scheme.left_justified(right)
        for one in (schedule, right, left):
            assert network_faults(made, one) == [], seed
        assert all(late >= early for late, early in zip(right.starts, schedule.starts, strict=True)), seed
        assert all(early <= late for early, late in zip(left.starts, right.starts, strict=True)), seed
        assert (
            right.makespan == max(schedule.makespan, right.makespan) and left.makespan <= schedule.makespan
        ), seed
        placed += sum(start >= 0 for start in schedule.starts)
    assert placed > 4 * len(SEEDS)


def test_no_activity_of_a_pass_could_start_earlier() -> None:
    for seed in SEEDS:
        made = network(seed)
        schedule = SerialScheme(made).schedule(shuffled(made, seed))
        pinned = {conflict.activity for conflict in schedule.conflicts}
        for one, activity in enumerate(made.activities):
            if schedule.starts[one] <= 0 or activity.fixed is not None:
                continue
            earlier = moved(made, schedule, one, schedule.starts[one] - 1)
            if earlier and not pinned:
                assert network_faults(made, earlier), (seed, one)


def moved(made: ActivityNetwork, schedule: Schedule, one: int, start: int) -> Schedule | None:
    """The schedule with one activity begun at another moment, in the same mode."""
    mode = made.activities[one].modes[schedule.modes[one]]
    end = start + mode.work
    if mode.calendar is not None and mode.work:
        worked = [period for period in made.calendars[mode.calendar].periods if period >= start][: mode.work]
        if len(worked) < mode.work or worked[0] != start:
            return None
        end = worked[-1] + 1
    starts, ends = list(schedule.starts), list(schedule.ends)
    starts[one], ends[one] = start, end
    return replace(schedule, starts=tuple(starts), ends=tuple(ends))
