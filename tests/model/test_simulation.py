"""Runs of a network against its schedule, against exact laws, and against what may not depend on others."""

from __future__ import annotations

from random import Random

import pytest

from kedge.model.solvers.activity_network import Activity, ActivityNetwork, Link, Mode, Schedule, Unplaced
from kedge.model.solvers.beta_pert import ThreePoints, common_factor, draws
from kedge.model.solvers.clock import NEVER, PARTS
from kedge.model.solvers.serial_scheme import SerialScheme
from kedge.model.solvers.simulation import Simulation
from kedge.model.solvers.working_time import WorkingTime
from kedge.tests.effort import times
from kedge.tests.feasibility import network_faults

from .network_cases import network


def whole_ends(made: ActivityNetwork, schedule: Schedule) -> list[int]:
    """One run with the durations of the plan."""
    work = [[one.modes[mode].work * PARTS] for one, mode in zip(made.activities, schedule.modes, strict=True)]
    return [end[0] for end in Simulation(made, schedule).ends(work, range(len(work)))]


def test_a_run_with_the_plans_durations_is_a_schedule() -> None:
    """It keeps everything that a schedule keeps, where nothing is fixed and capacities do not change."""
    runs = 0
    for seed in range(times(2500)):
        made = network(seed)
        if any(one.fixed is not None for one in made.activities):
            continue
        if not all(isinstance(one, int) for one in made.capacities):
            continue
        schedule = SerialScheme(made).schedule(range(len(made.activities)))
        ends = whole_ends(made, schedule)
        if any(end == NEVER for one, end in enumerate(ends) if schedule.starts[one] >= 0):
            continue
        if any(
            end % PARTS for end in ends
        ):  # an FF link into a day off: the work goes on for a part of a period
            continue
        assert network_faults(made, rebuilt(made, schedule, [end // PARTS for end in ends])) == [], seed
        runs += 1
    assert runs > times(2500) / 4


def rebuilt(made: ActivityNetwork, schedule: Schedule, ends: list[int]) -> Schedule:
    """The schedule with these ends, each with the latest start that its calendar has for it."""
    starts: list[int] = []
    for one, (activity, number, end) in enumerate(zip(made.activities, schedule.modes, ends, strict=True)):
        mode = activity.modes[number]
        if schedule.starts[one] < 0:
            starts.append(-1)
        elif mode.calendar is None or not mode.work:
            starts.append(end - mode.work)
        else:
            before = [period for period in made.calendars[mode.calendar].periods if period < end]
            starts.append(before[-mode.work])
    kept = [end if start >= 0 else -1 for start, end in zip(starts, ends, strict=True)]
    return Schedule(tuple(starts), tuple(kept), schedule.modes, schedule.unplaced)


def test_people_do_one_thing_at_a_time_in_the_plans_order() -> None:
    """Two cards of one person and one of another: sums and the later of two, run by run."""
    made = ActivityNetwork(
        [Activity((Mode(2, ((person, 1),)),)) for person in (0, 0, 1)] + [Activity((Mode(0),))],
        [Link(1, 3), Link(2, 3)],
        [1, 1],
    )
    schedule = SerialScheme(made).schedule(range(4))
    work = [[64, 100, 7], [64, 1, 7], [64, 300, 20], [0, 0, 0]]
    assert Simulation(made, schedule).ends(work, [0, 1, 3]) == [[64, 100, 7], [128, 101, 14], [128, 300, 20]]


def test_someone_free_does_not_wait_for_a_card_that_is_not_ready() -> None:
    """The plan's order is a priority, no sequence; what is known later changes nothing that was begun."""
    made = ActivityNetwork(
        [Activity((Mode(2, ((0, 1),)),)), Activity((Mode(1, ((1, 1),)),)), Activity((Mode(5, ((1, 1),)),))],
        [Link(0, 1)],
        [1, 1],
    )
    schedule = SerialScheme(made).schedule([0, 1, 2])
    assert schedule.starts == (0, 2, 3)
    late = Simulation(made, schedule).ends([[3 * PARTS], [PARTS], [5 * PARTS]], [1, 2])
    assert late == [[6 * PARTS], [5 * PARTS]]


def test_work_stands_still_on_days_off_and_never_ends_after_the_calendar() -> None:
    week = WorkingTime([1, 1, 0, 0, 1, 1])
    made = ActivityNetwork(
        [Activity((Mode(1, ((0, 1),), 0),)), Activity((Mode(2, ((0, 1),), 0),))], [Link(0, 1)], [1], [week]
    )
    schedule = SerialScheme(made).schedule([0, 1])
    half = PARTS // 2
    runs = Simulation(made, schedule).ends(
        [[half, PARTS, 2 * PARTS], [half, PARTS + half, 2 * PARTS + 1]], [0, 1]
    )
    assert runs == [[half, PARTS, 2 * PARTS], [PARTS, 4 * PARTS + half, NEVER]]


def test_an_unrelated_card_changes_no_run() -> None:
    def ends(activities: int) -> list[int]:
        made = ActivityNetwork(
            [Activity((Mode(4, ((min(one, 2), 1),)),)) for one in range(activities)], [Link(0, 1)], [1, 1, 1]
        )
        common = common_factor(0, "p", 200)
        work = [draws(0, f"card {one}", ThreePoints(2, 4, 9), common, PARTS) for one in range(activities)]
        return Simulation(made, SerialScheme(made).schedule(range(activities))).ends(work, [1])[0]

    assert ends(2) == ends(3) == ends(40)


def test_what_has_no_place_is_left_out_and_a_stopped_simulation_has_fewer_runs() -> None:
    made = ActivityNetwork([Activity((Mode(1, ((0, 2),)),)), Activity((Mode(1, ((0, 1),)),))], [], [1])
    schedule = SerialScheme(made).schedule([0, 1])
    assert schedule.unplaced == (Unplaced(0, "capacity"),)
    assert Simulation(made, schedule).ends([[5, 6], [7, 8]], [0, 1]) == [[NEVER, NEVER], [7, 8]]
    answers = iter([False, True])
    assert Simulation(made, schedule).ends([[5, 6], [7, 8]], [1], lambda: next(answers)) == [[7]]
    with pytest.raises(ValueError, match="constant"):
        Simulation(ActivityNetwork([], [], [[1, 2]]), schedule)


def test_merging_paths_are_later_than_each_of_them() -> None:
    """Of k paths that each keep a date with probability p, all keep it with p to the k (GAO-16-89G, merge bias)."""
    runs, paths = 4000, 3
    made = ActivityNetwork(
        [Activity((Mode(4),)) for _ in range(paths)] + [Activity((Mode(0),))],
        [Link(one, paths) for one in range(paths)],
    )
    schedule = SerialScheme(made).schedule(range(paths + 1))
    common = common_factor(5, "p", runs, 0.0)
    points = ThreePoints(2, 4, 6)
    work = [draws(5, f"path {one}", points, common, PARTS) for one in range(paths)] + [[0] * runs]
    together = Simulation(made, schedule).ends(work, [paths])[0]
    share = sum(end <= 4 * PARTS for end in together) / runs
    alone = [sum(end <= 4 * PARTS for end in one) / runs for one in work[:paths]]
    assert share == pytest.approx(alone[0] * alone[1] * alone[2], abs=4 * (0.125 * 0.875 / runs) ** 0.5)


def test_plain_runs_are_those_of_the_general_way() -> None:
    """Where nobody shares a person both ways give the same ends and the same causes."""
    compared = 0
    for seed in range(times(200)):
        random = Random(seed)
        calendars = [
            WorkingTime([random.random() < 0.6 for _ in range(random.randint(20, 80))]) for _ in range(3)
        ]
        activities: list[Activity] = []
        for _ in range(random.randint(1, 15)):
            person = random.randrange(4)
            mode = (
                Mode(random.randint(1, 4), ((person, 1),), person)
                if person < 3
                else Mode(random.randint(1, 4))
            )
            activities.append(Activity((mode,), random.choice((0, 0, random.randint(0, 30)))))
        links = [
            Link(before, after)
            for after in range(1, len(activities))
            for before in random.sample(range(after), min(after, random.randint(0, 2)))
        ]
        made = ActivityNetwork(activities, links, [1, 1, 1], calendars)
        schedule = SerialScheme(made).schedule(random.sample(range(len(activities)), len(activities)))
        work = [[random.choice((0, 1, 32, random.randint(1, 200))) for _ in range(4)] for _ in activities]
        plain, general = Simulation(made, schedule), Simulation(made, schedule)
        assert plain.is_plain
        general.is_plain = False
        found = list(plain.runs(work))
        assert found == list(general.runs(work)), seed
        compared += sum(end < NEVER for ends, _ in found for end in ends)
    assert compared > times(200)


@pytest.mark.parametrize(
    ("mode", "link"),
    [
        (Mode(1, ((0, 1), (1, 1)), 0), Link(0, 1)),
        (Mode(1, ((2, 1),), 0), Link(0, 1)),
        (Mode(1, ((0, 1),), 0), Link(0, 1, "SS")),
        (Mode(1, ((0, 1),), 0), Link(0, 1, lag=2)),
        (Mode(1, ((0, 1),)), Link(0, 1)),
    ],
)
def test_what_is_shared_or_waits_for_a_start_is_not_plain(mode: Mode, link: Link) -> None:
    whole = [Activity((Mode(1, ((1, 1),), 0),)), Activity((mode,))]
    made = ActivityNetwork(whole, [link], [1, 1, 2], [WorkingTime([1] * 20)])
    assert not Simulation(made, SerialScheme(made).schedule([0, 1])).is_plain
