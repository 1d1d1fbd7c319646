"""Levelling against full enumeration and the bounds it gives; every schedule is checked by code of its own."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import permutations

import pytest

from kedge.model.solvers.activity_network import Schedule
from kedge.model.solvers.levelling import Levelled, level, level_network
from kedge.model.solvers.serial_scheme import SerialScheme
from kedge.tests.effort import times
from kedge.tests.feasibility import faults, network_faults

from .network_cases import network

Project = tuple[list[int], list[list[int]], list[list[int]], list[int] | list[list[int]]]


def project(seed: int, count: int) -> Project:
    rng = random.Random(seed)
    durations = [rng.randint(0, 5) for _ in range(count)]
    successors = [
        [other for other in range(one + 1, count) if rng.random() < 2 / count] for one in range(count)
    ]
    capacities = [rng.randint(1, 5) for _ in range(rng.randint(0, 3))]
    demands = [[rng.randint(0, capacity) for capacity in capacities] for _ in range(count)]
    if capacities and rng.random() < 0.4:
        horizon = 3 * sum(durations) + 20
        listed = [
            [capacity if rng.random() < 0.9 else rng.randint(0, capacity) for _ in range(horizon)]
            for capacity in capacities
        ]
        return durations, successors, demands, listed
    return durations, successors, demands, capacities


def test_every_schedule_keeps_links_and_capacities() -> None:
    found = 0
    for seed in range(times(1500)):
        durations, successors, demands, capacities = project(seed, 1 + seed % 9)
        made = level(durations, successors, demands, capacities, schedules=1 + seed % 40, seed=seed)
        if made.misfit:
            continue
        found += 1
        assert faults(durations, successors, demands, capacities, made.starts) == [], seed
        assert made.makespan == max(start + work for start, work in zip(made.starts, durations, strict=True))
        assert made.lower_bound <= made.makespan
        assert made.schedules <= 1 + seed % 40
    assert found > times(1500) * 0.8


def test_finds_the_best_of_small_projects() -> None:
    """An optimal schedule is among those that serial passes in all orders give (Kolisch, EJOR 90 (1996))."""
    tried = 0
    for seed in range(times(60)):
        durations, successors, demands, capacities = project(seed, 6)
        made = level(durations, successors, demands, capacities, schedules=400, seed=seed)
        best = best_of_all_orders(durations, successors, demands, capacities)
        if made.misfit:
            assert best is None
            continue
        tried += 1
        assert made.makespan == best, seed
    assert tried > times(60) * 0.8


def best_of_all_orders(
    durations: list[int],
    successors: list[list[int]],
    demands: list[list[int]],
    capacities: list[int] | list[list[int]],
) -> int | None:
    """The least makespan, by trying every order and every start from the left."""
    best: int | None = None
    count = len(durations)
    horizon = 3 * sum(durations) + 20
    for order in permutations(range(count)):
        if any(order.index(other) < order.index(one) for one in range(count) for other in successors[one]):
            continue
        ends: dict[int, int] = {}
        used = [[0] * (horizon + 10) for _ in capacities]
        for one in order:
            start = max([ends[other] for other in ends if one in successors[other]], default=0)
            while start < horizon and not fits(one, start, durations, demands, capacities, used):
                start += 1
            for resource, units in enumerate(demands[one]):
                for period in range(start, start + durations[one]):
                    used[resource][period] += units
            ends[one] = start + durations[one]
        makespan = max(ends.values())
        if makespan < horizon and (best is None or makespan < best):
            best = makespan
    return best


def fits(
    one: int,
    start: int,
    durations: list[int],
    demands: list[list[int]],
    capacities: list[int] | list[list[int]],
    used: list[list[int]],
) -> bool:
    for resource, capacity in enumerate(capacities):
        for period in range(start, start + durations[one]):
            units = (
                capacity if isinstance(capacity, int) else capacity[period] if period < len(capacity) else 0
            )
            if used[resource][period] + demands[one][resource] > units:
                return False
    return True


def test_the_same_input_gives_the_same_schedule_and_more_effort_no_worse_one() -> None:
    durations, successors, demands, capacities = project(5, 40)
    made = [
        level(durations, successors, demands, capacities, schedules=effort) for effort in (1, 50, 50, 600)
    ]
    assert made[1] == made[2]
    assert made[0].makespan >= made[1].makespan >= made[3].makespan


@pytest.mark.parametrize(
    ("durations", "successors", "demands", "capacities", "misfit"),
    [
        ([1, 1, 1], [[1], [0], []], [[], [], []], [], (0, 1)),
        ([1, 2], [[], []], [[1], [3]], [2], (1,)),
        ([2, 3], [[], []], [[1], [1]], [[1, 1, 0, 1, 1]], (1,)),
        ([2, 2], [[1], []], [[1], [1]], [[1, 1, 0, 1]], (1,)),
    ],
    ids=["loop", "too many units", "never open long enough", "room for one before the other"],
)
def test_names_the_activity_that_has_no_place(
    durations: list[int],
    successors: list[list[int]],
    demands: list[list[int]],
    capacities: list[int] | list[list[int]],
    misfit: tuple[int, ...],
) -> None:
    made = level(durations, successors, demands, capacities)
    assert (made.starts, made.misfit, made.optimal) == ((), misfit, False)


def test_an_empty_project_ends_at_once() -> None:
    assert level([], [], [], [3]) == Levelled((), 0, 0, 1)


def test_a_stopped_search_gives_what_it_has() -> None:
    durations, successors, demands, capacities = project(5, 40)
    made = level(durations, successors, demands, capacities, stop=lambda: True)
    assert made.schedules == 1
    assert faults(durations, successors, demands, capacities, made.starts) == []


def test_a_levelled_network_is_valid_and_never_worse_than_its_rule_pass() -> None:
    gained = 0
    for seed in range(times(400)):
        made = network(seed, loops=seed % 5 == 0)
        found = level_network(made, range(len(made.activities)), schedules=60, seed=seed)
        assert network_faults(made, found.schedule) == [], seed
        assert found.first == SerialScheme(made).schedule(range(len(made.activities)))
        assert cost(made.due, found.schedule) <= cost(made.due, found.first), seed
        gained += cost(made.due, found.schedule) < cost(made.due, found.first)
    assert gained > 20


def cost(due: Mapping[int, int], schedule: Schedule) -> tuple[int, int, int]:
    delay = sum(max(0, schedule.ends[one] - moment) for one, moment in due.items())
    return len(schedule.unplaced), delay, schedule.makespan
