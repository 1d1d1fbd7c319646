"""Schedules with a proof: against all orders and modes of small networks, and on plans. Needs ortools."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest

from kedge.model.derived.progress import silent
from kedge.model.schedule.proven import proven
from kedge.model.solvers.activity_network import ActivityNetwork, Schedule
from kedge.model.solvers.proof import is_there, lateness, prove
from kedge.model.solvers.serial_scheme import SerialScheme
from kedge.tests.feasibility import network_faults

from .network_cases import network
from .schedule_cases import random_plan, schedule_of, snapshot_of

pytestmark = pytest.mark.skipif(not is_there(), reason="ortools is not installed (extra: optimal)")

FEW = 4
"""Activities of which all orders are tried."""
WORK = 5.0
"""What a search may take here, in CP-SAT's deterministic time."""


def cost(problem: ActivityNetwork, found: Schedule) -> tuple[int, int]:
    return lateness(problem, found), found.makespan


def best_of_all(problem: ActivityNetwork) -> tuple[int, int]:
    scheme = SerialScheme(problem)
    modes = product(*(range(len(one.modes)) for one in problem.activities))
    tried = (
        scheme.schedule(order, chosen)
        for chosen in modes
        for order in permutations(range(len(problem.activities)))
    )
    return min(cost(problem, one) for one in tried if not one.unplaced)


def bad_start(problem: ActivityNetwork) -> Schedule:
    """A schedule that can be bettered: last things first, by whoever is named last."""
    count = len(problem.activities)
    return SerialScheme(problem).schedule(
        range(count - 1, -1, -1), [len(one.modes) - 1 for one in problem.activities]
    )


def small_networks() -> list[ActivityNetwork]:
    """Those of a few activities that can be asked for, all of which have a place."""
    found: list[ActivityNetwork] = []
    for seed in range(2_000):
        one = replace(network(seed), lag_calendar=None)
        fits = 1 < len(one.activities) <= FEW and all(isinstance(each, int) for each in one.capacities)
        if fits and not bad_start(one).unplaced:
            found.append(one)
        if len(found) == 25:
            break
    return found


def test_what_is_proven_is_the_best_of_all_orders_and_modes() -> None:
    networks = small_networks()
    assert len(networks) > 15
    proofs = better = 0
    for problem in networks:
        first = bad_start(problem)
        found = prove(problem, first, WORK)
        assert found is not None
        least = best_of_all(problem)
        assert (found.late, found.makespan) <= cost(problem, first)
        if found.is_proven:
            assert (found.late, found.makespan) == least
        proofs += found.is_proven
        better += least < cost(problem, first)
        if not first.conflicts:
            ends = tuple(
                _end(problem, one, start, mode)
                for one, (start, mode) in enumerate(zip(found.starts, found.modes, strict=True))
            )
            assert network_faults(problem, Schedule(found.starts, ends, found.modes)) == []
    assert proofs > len(networks) * 0.7
    assert better


def _end(problem: ActivityNetwork, one: int, start: int, mode: int) -> int:
    way = problem.activities[one].modes[mode]
    end = start + way.work if way.calendar is None else problem.calendars[way.calendar].end(start, way.work)
    assert end is not None
    return end


def test_a_worse_schedule_of_a_plan_becomes_the_best_one() -> None:
    # Longest first on two machines: 3+3 against 2+2+2 is best at 6; as listed it ends at 7.
    cards = {
        f"card p/c{at}": {"title": f"Card {at}", "place": "execute", "skill": "ml", "estimate": [days]}
        for at, days in enumerate((2, 2, 2, 3, 3))
    }
    people = {f"person /{name}": {"name": name, "skills": ["ml"]} for name in ("ana", "ben")}
    made = schedule_of({"project p/p": {"title": "P"}, **people, **cards}, effort=0)
    assert made.targets.ends["p", ""] - made.dates.now == 14
    found = proven(made, silent)
    assert (found.parts, found.proven, found.improved) == (1, 1, 1)
    assert found.schedule.targets.ends["p", ""] - made.dates.now == 12
    assert all(found.schedule.reasons.of(one).text for one in found.schedule.cards.values())


def test_proving_twice_gives_the_same_dates() -> None:
    def dates(seed: int) -> dict[str, tuple[int, int]]:
        from kedge.model.schedule.schedule import schedule

        found = proven(schedule(snapshot_of(random_plan(seed)), effort=0), silent, WORK)
        return {name: (one.start, one.end) for name, one in found.schedule.cards.items()}

    for seed in range(2):
        assert dates(seed) == dates(seed)


def test_a_proof_never_makes_a_plan_later() -> None:
    from kedge.model.schedule.schedule import schedule

    for seed in range(6):
        made = schedule(snapshot_of(random_plan(seed)))
        found = proven(made, silent, WORK)
        for part, was in zip(found.schedule.dates.parts, made.dates.parts, strict=True):
            problem = part.source.network
            assert cost(problem, part.schedule) <= cost(problem, was.schedule)
        assert found.proven <= found.parts
