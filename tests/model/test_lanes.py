"""Sums and maxima of all runs at once, against the same run by run."""

from __future__ import annotations

from random import Random

from kedge.model.solvers.activity_network import Link
from kedge.model.solvers.lanes import LARGEST, equal, free_ends, greater, packed, unpacked
from kedge.tests.effort import times


def _values(random: Random, runs: int) -> list[int]:
    return [random.choice((0, 1, LARGEST, random.randint(0, LARGEST))) for _ in range(runs)]


def test_lanes_are_compared_each_for_itself() -> None:
    random = Random(1)
    for _ in range(times(300)):
        runs = random.choice((1, 2, 63, 200))
        one, other = _values(random, runs), _values(random, runs)
        found = greater(packed(one), packed(other), runs)
        assert list(unpacked(found, runs)) == list(map(max, one, other))
        same = equal(packed(one), packed(other), runs)
        assert list(unpacked(same, runs)) == [int(a == b) for a, b in zip(one, other, strict=True)]


def test_free_ends_are_those_of_one_run_after_the_other() -> None:
    random = Random(2)
    kinds = ("FS", "SS", "FF", "SF")
    for _ in range(times(60)):
        count, runs = random.randint(1, 12), random.randint(1, 20)
        links = [
            Link(random.randrange(after), after, random.choice(kinds), random.choice((0, 0, 5, -7)))
            for after in range(1, count)
            for _ in range(2)
        ]
        releases = [random.randint(0, 30) for _ in range(count)]
        works = [[random.randint(0, 40) for _ in range(runs)] for _ in range(count)]
        ends = free_ends(range(count), links, releases, list(map(packed, works)).__getitem__, runs)
        for run in range(runs):
            starts: list[int] = []
            for one in range(count):
                bounds = [releases[one]]
                for before, after, kind, lag in links:
                    if after == one:
                        moment = starts[before] + lag + (works[before][run] if kind[0] == "F" else 0)
                        bounds.append(moment - (works[one][run] if kind[1] == "F" else 0))
                        if lag < 0 or kind[1] == "F":
                            bounds.append(starts[before])
                starts.append(max(bounds))
                assert unpacked(ends[one], runs)[run] == starts[one] + works[one][run]
