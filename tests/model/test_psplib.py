"""Levelling on public instances: how far from the best makespans known, counted in schedules and so on any machine."""

from __future__ import annotations

import pytest

from kedge.bench.psplib import DATA, read_set
from kedge.model.solvers.levelling import level
from kedge.tests.feasibility import faults

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs the public data in ../shared/data")


@pytest.mark.parametrize(
    ("name", "schedules", "gap"),
    [("j30", 24, 1.5), ("j60", 24, 2.5), ("j90", 24, 2.5), ("j120", 24, 6.2), ("j30", 1000, 0.3)],
)
def test_mean_gap_of_a_set(name: str, schedules: int, gap: float) -> None:
    """The gap in per cent that rule passes alone may leave, and the whole search on the smallest projects."""
    gaps: list[float] = []
    for instance, known in read_set(name):
        made = level(*instance, schedules=schedules)
        assert faults(*instance, made.starts) == []
        assert made.makespan >= known.lower_bound >= known.critical_path
        assert made.lower_bound <= known.makespan
        gaps.append(made.makespan / known.makespan - 1)
    assert len(gaps) >= 48
    assert 100 * sum(gaps) / len(gaps) <= gap


@pytest.mark.parametrize(("name", "better"), [("j60", 1.0), ("j90", 0.8), ("j120", 1.8)])
def test_the_search_gains_on_rule_passes(name: str, better: float) -> None:
    """By so many per cent of the best makespan known, over each fourth instance."""
    gain = count = 0.0
    for instance, known in list(read_set(name))[::4]:
        rules, search = (level(*instance, schedules=effort).makespan for effort in (24, 1000))
        gain += 100 * (rules - search) / known.makespan
        count += 1
    assert gain / count >= better
