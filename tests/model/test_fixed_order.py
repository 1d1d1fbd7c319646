"""All runs at once against the plan, and against one run after the other by plain arithmetic."""

from __future__ import annotations

import random
from array import array

from kedge.model.solvers.activity_network import Activity, ActivityNetwork, Link, Mode
from kedge.model.solvers.fixed_order import FixedOrder, hand_overs
from kedge.model.solvers.serial_scheme import SerialScheme
from kedge.model.solvers.simulation import NEVER, PARTS, Simulation
from kedge.model.solvers.working_time import WorkingTime
from kedge.tests.effort import times

from .network_cases import network


def test_with_the_plans_durations_nothing_ends_later_than_planned() -> None:
    """It ends as planned, except that parts of a period are enough for an FF link that ends in a day off."""
    same = placed = 0
    for seed in range(times(1500)):
        made = network(seed)
        schedule = SerialScheme(made).schedule(range(len(made.activities)))
        if schedule.conflicts or not all(isinstance(one, int) for one in made.capacities):
            continue
        work = [
            array("I", [one.modes[mode].work * PARTS])
            for one, mode in zip(made.activities, schedule.modes, strict=True)
        ]
        found = FixedOrder(made, schedule).ends(work, range(len(work)))
        for (end,), planned, start in zip(found, schedule.ends, schedule.starts, strict=True):
            if start < 0:
                assert end == NEVER
                continue
            assert end <= planned * PARTS, seed
            placed += 1
            same += end == planned * PARTS
    assert placed > times(1500)
    assert same > 0.95 * placed


def test_runs_are_those_of_one_run_at_a_time() -> None:
    """Start-to-start links, lags, two calendars: lane by lane what the event-driven simulation gives."""
    rng = random.Random(4)
    calendars = [WorkingTime(([1] * 10 + [0] * 4) * 30), WorkingTime(([0, 1, 1] + [1] * 4) * 60)]
    made = ActivityNetwork(
        [Activity((Mode(4, (), one % 3 if one % 3 < 2 else None),), one % 2) for one in range(12)],
        [Link(one, one + 3, ("FS", "SS")[one % 2], (0, 2, 5)[one % 3]) for one in range(9)],
        [],
        calendars,
        calendars[0],
    )
    schedule = SerialScheme(made).schedule(range(12))
    work = [array("I", [rng.randrange(1, 400) for _ in range(50)]) for _ in range(12)]
    assert FixedOrder(made, schedule).ends(work, range(12)) == Simulation(made, schedule).ends(
        work, range(12)
    )


def test_a_person_takes_cards_in_the_plans_order() -> None:
    person = ((0, 1),)
    made = ActivityNetwork(
        [Activity((Mode(2, ((1, 1),)),)), Activity((Mode(1, person),)), Activity((Mode(5, person),))],
        [Link(0, 1)],
        [1, 1],
    )
    schedule = SerialScheme(made).schedule([0, 1, 2])
    assert hand_overs(made, schedule) == [Link(1, 2)]
    work = [array("I", [PARTS * periods]) for periods in (3, 1, 5)]
    assert FixedOrder(made, schedule).ends(work, [1, 2]) == [[4 * PARTS], [9 * PARTS]]


def test_units_that_nobody_had_are_taken_first() -> None:
    made = ActivityNetwork([Activity((Mode(3, ((0, 1),)),), release) for release in (0, 0, 5, 5)], [], [3])
    schedule = SerialScheme(made).schedule([0, 1, 2, 3])
    assert hand_overs(made, schedule) == [Link(0, 3)]


def test_work_after_the_end_of_a_calendar_never_ends_and_a_stopped_simulation_has_no_runs() -> None:
    made = ActivityNetwork(
        [Activity((Mode(2, (), 0),)), Activity((Mode(1),))], [Link(0, 1)], [], [WorkingTime([1] * 3)]
    )
    simulation = FixedOrder(made, SerialScheme(made).schedule([0, 1]))
    work = [array("I", [96, 97, 5000]), array("I", [1, 1, 1])]
    assert simulation.ends(work, [0, 1]) == [[96, NEVER, NEVER], [97, NEVER, NEVER]]
    assert simulation.ends(work, [1], lambda: True) == [[]]
