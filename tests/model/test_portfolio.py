"""The best set against full enumeration and published instances; the order, and how firm both are."""

from __future__ import annotations

import random
from itertools import combinations
from math import inf
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kedge.model.solvers import constraints, knapsack
from kedge.model.solvers.constraints import Knapsack
from kedge.tests.effort import times

from .choices import allowed, choose

# John Burkardt, KNAPSACK_01, data for the 0/1 knapsack problem: weights, profits, capacity, best set.
BURKARDT = {
    "P01": (
        [23, 31, 29, 44, 53, 38, 63, 85, 89, 82],
        [92, 57, 49, 68, 60, 43, 67, 84, 87, 72],
        165,
        "1111010000",
    ),
    "P02": ([12, 7, 11, 8, 9], [24, 13, 23, 15, 16], 26, "01110"),
    "P03": ([56, 59, 80, 64, 75, 17], [50, 50, 64, 46, 50, 5], 190, "110010"),
    "P04": ([31, 10, 20, 19, 4, 3, 6], [70, 20, 39, 37, 7, 5, 10], 50, "1001000"),
    "P05": ([25, 35, 45, 5, 25, 3, 2, 2], [350, 400, 450, 20, 70, 8, 5, 5], 104, "10111011"),
    "P06": ([41, 50, 49, 59, 55, 57, 60], [442, 525, 511, 593, 546, 564, 617], 170, "0101001"),
    "P07": (
        [70, 73, 77, 80, 82, 87, 90, 94, 98, 106, 110, 113, 115, 118, 120],
        [135, 139, 149, 150, 156, 163, 173, 184, 192, 201, 210, 214, 221, 229, 240],
        750,
        "101010111000011",
    ),
    "P08": (
        [
            *(382745, 799601, 909247, 729069, 467902, 44328, 34610, 698150, 823460, 903959, 853665, 551830),
            *(610856, 670702, 488960, 951111, 323046, 446298, 931161, 31385, 496951, 264724, 224916, 169684),
        ],
        [
            *(
                825594,
                1677009,
                1676628,
                1523970,
                943972,
                97426,
                69666,
                1296457,
                1679693,
                1902996,
                1844992,
                1049289,
            ),
            *(
                1252836,
                1319836,
                953277,
                2067538,
                675367,
                853655,
                1826027,
                65731,
                901489,
                577243,
                466257,
                369261,
            ),
        ],
        6404180,
        "110111000110100100000111",
    ),
}


@pytest.mark.parametrize("name", BURKARDT)
def test_a_published_instance(name: str):
    needs, values, limit, best = BURKARDT[name]
    wanted = tuple(at for at, bit in enumerate(best) if bit == "1")
    found = choose(values, [[need] for need in needs], [limit])
    assert found.proven
    assert found.value == sum(values[at] for at in wanted)
    assert found.chosen == wanted


def test_a_published_instance_with_two_limits():
    """H. M. Weingartner & D. N. Ness, Operations Research 15 (1967) 83-103: the first, as the SAC-94 suite has it."""
    values = [
        *(1898, 440, 22507, 270, 14148, 3100, 4650, 30800, 615, 4975, 1160, 4225, 510, 11880),
        *(479, 440, 490, 330, 110, 560, 24355, 2885, 11748, 4550, 750, 3720, 1950, 10500),
    ]
    first = [
        *(45, 0, 85, 150, 65, 95, 30, 0, 170, 0, 40, 25, 20, 0),
        *(0, 25, 0, 0, 25, 0, 165, 0, 85, 0, 0, 0, 0, 100),
    ]
    second = [
        *(30, 20, 125, 5, 80, 25, 35, 73, 12, 15, 15, 40, 5, 10),
        *(10, 12, 10, 9, 0, 20, 60, 40, 50, 36, 49, 40, 19, 150),
    ]
    found = choose(values, list(zip(first, second, strict=True)), [600, 600])
    assert found.proven
    assert found.value == 141278


# C. C. Petersen, Management Science 13 (1967) 736-750, on the choice of R&D projects: the first two, as the OR-Library
# has them (mknap1): values, needs by limit, limits, value of the best set.
PETERSEN = [
    (
        [100, 600, 1200, 2400, 500, 2000],
        [
            *([8, 12, 13, 64, 22, 41], [8, 12, 13, 75, 22, 41], [3, 6, 4, 18, 6, 4], [5, 10, 8, 32, 6, 12]),
            *([5, 13, 8, 42, 6, 20], [5, 13, 8, 48, 6, 20], [0, 0, 0, 0, 8, 0], [3, 0, 4, 0, 8, 0]),
            *([3, 2, 4, 0, 8, 4], [3, 2, 4, 8, 8, 4]),
        ],
        [80, 96, 20, 36, 44, 48, 10, 18, 22, 24],
        3800,
    ),
    (
        [600.1, 310.5, 1800, 3850, 18.6, 198.7, 882, 4200, 402.5, 327],
        [
            *([20, 5, 100, 200, 2, 4, 60, 150, 80, 40], [20, 7, 130, 280, 2, 8, 110, 210, 100, 40]),
            *([60, 3, 50, 100, 4, 2, 20, 40, 6, 12], [60, 8, 70, 200, 4, 6, 40, 70, 16, 20]),
            *([60, 13, 70, 250, 4, 10, 60, 90, 20, 24], [60, 13, 70, 280, 4, 10, 70, 105, 22, 28]),
            *([5, 2, 20, 100, 2, 5, 10, 60, 0, 0], [45, 14, 80, 180, 6, 10, 40, 100, 20, 0]),
            *([55, 14, 80, 200, 6, 10, 50, 140, 30, 40], [65, 14, 80, 220, 6, 10, 50, 180, 30, 50]),
        ],
        [450, 540, 200, 360, 440, 480, 200, 360, 440, 480],
        8706.1,
    ),
]


@pytest.mark.parametrize(("values", "rows", "limits", "best"), PETERSEN)
def test_a_published_instance_with_ten_limits(
    values: list[float], rows: list[list[float]], limits: list[float], best: float
):
    found = choose(values, list(zip(*rows, strict=True)), limits)
    assert found.proven
    assert found.value == pytest.approx(best)


def enumerated(problem: dict[str, Any]) -> float | None:
    """The best value over all sets, or None where no set is allowed."""
    count = len(problem["values"])
    best = None
    for size in range(count + 1):
        for chosen in combinations(range(count), size):
            value = sum(problem["values"][one] for one in chosen)
            if (best is None or value > best) and allowed(problem, chosen, spare=1e-6):
                best = value
    return best


@st.composite
def problems(draw: st.DrawFn, most: int = 9) -> dict[str, Any]:
    count = draw(st.integers(0, most))
    limits = draw(st.integers(0, 3))
    figure = draw(st.sampled_from([st.integers(0, 30), st.integers(0, 300).map(lambda tenths: tenths / 10)]))
    value = draw(st.sampled_from([st.integers(-5, 60), st.floats(-5, 60, allow_nan=False)]))
    one = st.integers(0, count - 1) if count else st.nothing()
    few = {"max_size": 3 if count else 0}
    return {
        "values": draw(st.lists(value, min_size=count, max_size=count)),
        "needs": draw(
            st.lists(st.lists(figure, min_size=limits, max_size=limits), min_size=count, max_size=count)
        ),
        "limits": draw(
            st.lists(st.one_of(st.integers(0, 120), st.just(inf)), min_size=limits, max_size=limits)
        ),
        "required": draw(st.lists(one, max_size=min(2, count))),
        "excluded": draw(st.lists(one, max_size=min(2, count))),
        "either_or": draw(st.lists(st.lists(one, max_size=3), **few)),
        "follows": draw(st.lists(st.tuples(one, one), max_size=4 if count else 0)),
    }


@given(problems())
@settings(max_examples=times(150))
def test_the_set_is_the_best_of_all(problem: dict[str, Any]):
    found = choose(**problem)
    best = enumerated(problem)
    assert found.proven
    if best is None:
        assert found.conflict is not None
        assert found.chosen == ()
        return
    assert found.conflict is None
    assert allowed(problem, found.chosen, spare=1e-6)
    assert found.value == pytest.approx(best, abs=1e-6)
    assert found.value == pytest.approx(sum(problem["values"][one] for one in found.chosen), abs=1e-6)
    assert list(found.chosen) == sorted(found.chosen)
    assert found == choose(**problem)


@given(problems())
@settings(max_examples=times(100))
def test_the_set_is_the_best_of_all_when_lists_are_short(problem: dict[str, Any]):
    """What 60 projects seldom need: groups that are split, and projects that are settled either way."""
    with patch.object(knapsack, "MOST_TURNS", (1, 2)), patch.object(constraints, "MOST_OPTIONS", 3):
        found = choose(**problem)
    best = enumerated(problem)
    assert found.proven
    if best is not None:
        assert found.value == pytest.approx(best, abs=1e-6)
        assert allowed(problem, found.chosen, spare=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_twelve_projects_with_two_limits(seed: int):
    rng = random.Random(seed)
    problem = {
        "values": [rng.lognormvariate(4, 1) for _ in range(12)],
        "needs": [[rng.uniform(1, 20), rng.uniform(1, 5)] for _ in range(12)],
        "limits": [50, 15],
        "required": [0],
        "excluded": [1],
        "either_or": [[2, 3, 4], [4, 5]],
        "follows": [(6, 7), (8, 7), (9, 2)],
    }
    found = choose(**problem)
    assert found.proven
    assert allowed(problem, found.chosen, spare=1e-6)
    assert found.value == pytest.approx(enumerated(problem))


@pytest.mark.parametrize("limits", [1, 2, 4])
@pytest.mark.parametrize("seed", range(2))
def test_values_that_follow_the_needs_are_hardest(seed: int, limits: int):
    """Strongly correlated, where the best set and the bound lie far apart, at every length of the lists."""
    rng = random.Random(seed)
    needs = [[rng.randint(10, 100) for _ in range(limits)] for _ in range(12)]
    problem: dict[str, Any] = {
        "values": [sum(row) + 30 for row in needs],
        "needs": needs,
        "limits": [sum(row[at] for row in needs) // 2 for at in range(limits)],
        "required": [0],
        "excluded": [],
        "either_or": [[1, 2]],
        "follows": [(3, 4)],
    }
    best = enumerated(problem)
    for lengths in (knapsack.MOST_TURNS, (2, 8), (1,)):
        with patch.object(knapsack, "MOST_TURNS", lengths):
            found = choose(**problem)
        assert found.proven
        assert found.value == best
        assert allowed(problem, found.chosen, spare=1e-6)


def sixty(seed: int, noise: float = inf) -> dict[str, Any]:
    """Values that have nothing to do with the needs, or that follow them but for some noise, which is harder.

    Without any noise a constant stands on top: strongly correlated, the hardest (Pisinger 2005).
    """
    rng = random.Random(seed)
    needs = [[rng.uniform(20, 300), rng.uniform(1, 14)] for _ in range(60)]
    places = rng.sample(range(60), k=32)
    return {
        "values": [
            rng.lognormvariate(5, 0.9)
            if noise == inf
            else max(1.0, money + 15 * months + (rng.uniform(-noise, noise) or 30))
            for money, months in needs
        ],
        "needs": needs,
        "limits": [sum(row[at] for row in needs) / 2 for at in range(2)],
        "required": places[:2],
        "excluded": places[2:4],
        "either_or": [places[at : at + 3] for at in range(4, 16, 3)],
        "follows": [(places[at], places[at + 1]) for at in range(16, 31, 2)],
    }


@pytest.mark.parametrize("noise", [inf, 60, 20, 0])
@pytest.mark.parametrize("seed", range(3))
def test_sixty_projects_are_proven_in_few_nodes(seed: int, noise: float):
    problem = sixty(seed, noise)
    found = choose(**problem, deadline_s=inf)
    assert found.proven
    assert found.nodes < 10
    assert allowed(problem, found.chosen, spare=1e-6)
    for one in set(range(60)) - set(
        found.chosen
    ):  # no single project more, and no exchange of two, is better
        assert not allowed(problem, [*found.chosen, one]) or problem["values"][one] <= 1e-6
        for other in found.chosen:
            swapped = [*(set(found.chosen) - {other}), one]
            gained = problem["values"][one] - problem["values"][other]
            assert gained <= 1e-6 or not allowed(problem, swapped)


def test_a_search_that_is_stopped_says_what_it_knows():
    problem = sixty(1)
    best = choose(**problem)
    calls = 0

    def stop() -> bool:
        nonlocal calls
        calls += 1
        return calls > 3

    found = choose(**problem, stop=stop)
    assert not found.proven
    assert calls < 10
    assert allowed(problem, found.chosen, spare=1e-6)
    assert found.value <= best.value + 1e-6 <= found.bound + 2e-6
    assert not choose(**problem, deadline_s=0).proven


class Watched(knapsack.Search):
    """A search of ten projects that notes which sets it looks at; the first is in the best set known."""

    def __init__(self) -> None:
        super().__init__(
            constraints.Constraints(Knapsack([float(value) for value in range(5, 15)], [[]] * 10, []))
        )
        self.constraints.grain = 1.0  # without its slack for rounding
        self.best, self.best_value = 0b1, 5.0
        self.seen: list[int] = []

    def _keep(self, projects: int) -> None:
        self.seen.append(projects)
        super()._keep(projects)

    def meet(
        self,
        bound: float,
        left: float,
        price: float,
        *groups: list[tuple[float, float, int]],
        stop: Any = bool,
    ) -> float:
        """`groups` are turns: what one loses, what it frees, and the projects that it changes."""
        turns = [[knapsack._Turn(loss, (frees,), changes) for loss, frees, changes in one] for one in groups]
        self._stop = stop
        return self._meet(bound, 0b1, [left], [price], turns, 10_000)


def test_a_set_that_is_better_by_the_smallest_step_is_found_on_the_very_limit():
    """It loses all of the gap (8 less 5 and a step of 1), by one turn or by two, and leaves nothing of the limit."""
    one = Watched()
    assert one.meet(8, -1, 0, [(2, 1, 0b11)]) == inf
    assert (one.best, one.best_value) == (0b10, 6)
    two = Watched()
    assert two.meet(8, -1, 0, [(1, 0.5, 0b1)], [(1, 0.5, 0b10)]) == inf
    assert (two.best, two.best_value) == (0b10, 6)
    leaving = Watched()
    assert (
        leaving.meet(8, 0, 0.5, [(1, 2, 0b11)]) == inf
    )  # what is left of the limit costs the rest of the gap
    assert (leaving.best, leaving.best_value) == (0b10, 6)


def test_only_sets_that_can_be_better_are_looked_at():
    over = Watched()
    over.meet(8, -1, 0, [(2, 0.5, 0b11)])
    assert over.seen == []  # the limit is passed
    dear = Watched()
    dear.meet(8, 0, 0.5, [(1, 3, 0b11)])
    assert dear.seen == [0b1]  # what it leaves of the limit loses too much
    both = Watched()
    both.meet(8, 0, 0, [(1.5, 0, 0b1)], [(1, 0, 0)])
    assert both.seen == [0b1, 0b1, 0]  # not both turns, which lose 2.5
    shrinks = Watched()
    shrinks.meet(12, -1, 0, [(1, 1, 0b10_0000_0001), (3, 1, 0b11)])
    assert (shrinks.seen, shrinks.best_value) == ([0b10_0000_0000], 14)  # nothing is left of the gap
    assert shrinks.meet(12, -1, 0, [(1, 1, 0b11)]) == inf
    assert len(shrinks.seen) == 1


def test_a_stop_is_asked_for_every_so_many_turns_and_proves_nothing():
    calls = 0

    def stop() -> bool:
        nonlocal calls
        calls += 1
        return calls > 1  # the first question comes while turns are listed

    search = Watched()
    turns = [(1.0, number + 1.0, 0b11) for number in range(200)]
    assert search.meet(200, 0, 0, turns, stop=stop) == 0
    assert (calls, len(search.seen)) == (2, knapsack._ASK_EVERY - 1)
