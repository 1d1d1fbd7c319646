"""The serial scheme on random networks: every schedule is checked by code that shares nothing with it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from kedge.model.solvers.activity_network import (
    Activity,
    ActivityNetwork,
    Link,
    Mode,
    PinConflict,
    Schedule,
    Unplaced,
)
from kedge.model.solvers.serial_scheme import SerialScheme
from kedge.model.solvers.working_time import WorkingTime
from kedge.tests.effort import times
from kedge.tests.feasibility import network_faults

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
        assert right.makespan <= schedule.makespan, seed
        assert left.makespan <= schedule.makespan, seed
        placed += sum(start >= 0 for start in schedule.starts)
    assert placed > 4 * len(SEEDS)


def test_the_usual_kind_is_placed_as_any_other() -> None:
    """Whatever is placed without a look at all that an activity may ask for has the place that the look finds."""
    usual = 0
    for seed in SEEDS:
        made = network(seed)
        plain, general = SerialScheme(made), SerialScheme(made)
        general.plain = [None] * len(made.activities)
        order = shuffled(made, seed)
        schedule = plain.schedule(order)
        assert schedule == general.schedule(order), seed
        assert schedule == plain.in_order(plain.feasible_order(order)), seed
        later = [schedule.makespan + 7 * (one % 3) for one in range(len(made.activities))]
        for latest in (None, later):
            assert plain.right_justified(schedule, latest) == general.right_justified(schedule, latest), seed
        without = order[:1]
        assert plain.schedule(order, without=without) == general.schedule(order, without=without), seed
        usual += sum(one is not None for one in plain.plain)
    assert usual > len(SEEDS) // 2


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


NETWORKS = Path(__file__).parents[3] / "shared/data/reference/networks.json"
GRID = 60
"""Parts of a period, so that all durations and lags of the reference networks are whole."""


@pytest.mark.skipif(not NETWORKS.is_file(), reason="needs the public data in ../shared/data")
def test_reference_networks_have_their_published_times() -> None:
    """Without resources the pass is the critical path method; justified to the right it gives the late times."""
    for case in json.loads(NETWORKS.read_text())["networks"]:
        names = [one["id"] for one in case["activities"]]
        works = [
            one["duration"]
            if "duration" in one
            else (one["three"][0] + 4 * one["three"][1] + one["three"][2]) / 6
            for one in case["activities"]
        ]
        made = ActivityNetwork(
            [Activity((Mode(round(work * GRID)),)) for work in works],
            [
                Link(names.index(one["from"]), names.index(one["to"]), one["type"], round(one["lag"] * GRID))
                for one in case["links"]
            ],
        )
        scheme = SerialScheme(made)
        early = scheme.schedule(range(len(names)))
        late = scheme.right_justified(early)
        expect = case["expect"]
        assert early.makespan == pytest.approx(GRID * expect["finish"], abs=0.01)
        for key, found in (
            ("early_start", early.starts),
            ("early_finish", early.ends),
            ("late_start", late.starts),
            ("late_finish", late.ends),
        ):
            wanted = [round(GRID * expect[key][name], 2) for name in names]
            assert list(found) == pytest.approx(wanted, abs=0.01), (case["name"], key)


def test_a_part_timer_takes_twice_as_long_and_two_shares_fit_into_one_person() -> None:
    """A person at half of the time in each of two projects: half a unit each, one card at a time."""
    week = WorkingTime(([1] * 10 + [0] * 4) * 8)
    person, first, second = 0, 1, 2
    made = ActivityNetwork(
        [
            Activity((Mode(2 * 4, ((person, 1), (first, 1)), 0),)),
            Activity((Mode(2 * 4, ((person, 1), (first, 1)), 0),)),
            Activity((Mode(2 * 4, ((person, 1), (second, 1)), 0),)),
        ],
        [],
        [2, 1, 1],
        [week],
    )
    schedule = SerialScheme(made).schedule([0, 1, 2])
    assert (schedule.starts, schedule.ends) == ((0, 8, 0), (8, 20, 8))


def test_takes_whoever_is_done_first_and_says_who_it_was() -> None:
    away = WorkingTime([0] * 6 + [1] * 20)
    there = WorkingTime([1] * 26)
    skilled = Activity((Mode(4, ((0, 1),), 0), Mode(4, ((1, 1),), 1)))
    made = ActivityNetwork([skilled] * 3, [], [1, 1], [away, there])
    schedule = SerialScheme(made).schedule([0, 1, 2])
    assert list(zip(schedule.modes, schedule.starts, strict=True)) == [(1, 0), (1, 4), (0, 6)]


def test_fixed_starts_stay_and_name_what_they_break() -> None:
    link = Link(0, 1)
    made = ActivityNetwork(
        [
            Activity((Mode(5, ((0, 1),)),)),
            Activity((Mode(2, ((0, 1),)),), 0, 3),
            Activity((Mode(2, ((0, 1),)),), 0, 4),
        ],
        [link],
        [1],
    )
    schedule = SerialScheme(made).schedule([0, 1, 2])
    assert schedule.starts == (6, 3, 4)
    assert set(schedule.conflicts) == {PinConflict(2), PinConflict(1, link)}


@pytest.mark.parametrize(
    ("activities", "links", "unplaced"),
    [
        ([1, 1, 1, 1], [(0, 1), (1, 0), (1, 2)], {(0, "loop", 1), (1, "loop", 0), (2, "needs", 1)}),
        ([1, 99], [(1, 0)], {(1, "calendar", None), (0, "needs", 1)}),
        ([6, 6], [], {(1, "capacity", None)}),
        ([1], [(0, 0)], {(0, "loop", 0)}),
    ],
    ids=["loop", "gone before it ends", "too much for the time left", "waits for itself"],
)
def test_what_has_no_place_is_named_with_its_obstacle(
    activities: list[int], links: list[tuple[int, int]], unplaced: set[tuple[int, str, int | None]]
) -> None:
    made = ActivityNetwork(
        [Activity((Mode(work, ((0, 1),), 0),)) for work in activities],
        [Link(*one) for one in links],
        [1],
        [WorkingTime([1] * 10)],
    )
    schedule = SerialScheme(made).schedule(range(len(activities)))
    assert {tuple(one) for one in schedule.unplaced} == unplaced
    assert network_faults(made, schedule) == []


def test_a_lag_past_the_axis_is_named() -> None:
    made = ActivityNetwork(
        [Activity((Mode(1),))] * 2, [Link(0, 1, "FS", 50)], lag_calendar=WorkingTime([1] * 10)
    )
    assert SerialScheme(made).schedule([0, 1]).unplaced == (Unplaced(1, "axis", 0),)


def test_work_taken_away_gains_what_a_network_without_it_gains() -> None:
    """The same order with no work for one activity is the schedule of a network in which it takes no time."""
    for seed in range(times(400)):
        made = network(seed)
        order = shuffled(made, seed)
        one = seed % len(order)
        activities = list(made.activities)
        activities[one] = activities[one]._replace(modes=(Mode(0),))
        without = SerialScheme(replace(made, activities=activities)).schedule(order)
        assert SerialScheme(made).schedule(order, without=[one]) == without


def test_slack_ends_where_it_is_asked_to() -> None:
    """Each activity as late as its own bound allows: what leads to an early milestone moves less."""
    made = ActivityNetwork([Activity((Mode(2, ((one, 1),)),)) for one in range(3)], [], [1, 1, 1])
    scheme = SerialScheme(made)
    assert scheme.right_justified(scheme.schedule([0, 1, 2]), [2, 7, 10]).starts == (0, 5, 8)
