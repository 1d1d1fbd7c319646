"""Draws of three-point estimates against published quantiles and exact laws."""

from __future__ import annotations

import json
from bisect import bisect_right
from math import sqrt
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import pytest

from kedge.model.solvers.beta_pert import ThreePoints, common_factor, draws, quantile

NETWORKS = Path(__file__).parents[3] / "shared/data/reference/networks.json"


def reference() -> list[dict[str, Any]]:
    return json.loads(NETWORKS.read_text())["beta_pert"] if NETWORKS.is_file() else []


@pytest.mark.skipif(not NETWORKS.is_file(), reason="needs the public data in ../shared/data")
def test_quantiles_mean_and_variance_are_those_of_scipy() -> None:
    for case in reference():
        points = ThreePoints(*case["three"])
        assert points.mean == pytest.approx(case["mean"])
        assert points.variance == pytest.approx(case["variance"])
        for chance, place in case["quantiles"].items():
            assert quantile(points, float(chance)) == pytest.approx(
                place, abs=2e-5 * (points.greatest - points.least)
            )


def test_draws_have_the_mean_variance_and_quantiles_of_their_distribution() -> None:
    """Within four standard errors, for the shapes from one end to the other."""
    runs, unit = 40_000, 1000
    for likely in (2, 2.3, 4, 5.5, 7.9, 9):
        points = ThreePoints(2, likely, 9)
        drawn = sorted(draws(1, f"card {likely}", points, common_factor(1, "p", runs), unit))
        deviation = sqrt(points.variance)
        assert fmean(drawn) / unit == pytest.approx(points.mean, abs=4 * deviation / sqrt(runs) + 1 / unit)
        assert pstdev(drawn) / unit == pytest.approx(deviation, rel=0.02)
        for chance in (0.05, 0.5, 0.8, 0.95):
            below = bisect_right(drawn, quantile(points, chance) * unit) / runs
            assert below == pytest.approx(chance, abs=4 * sqrt(chance * (1 - chance) / runs) + 0.004)
        assert points.least * unit <= drawn[0]
        assert drawn[-1] <= points.greatest * unit


@pytest.mark.parametrize("correlation", [0.0, 0.1, 0.3, 0.5, 0.8])
def test_a_chain_spreads_by_the_common_factor(correlation: float) -> None:
    """sd = s sqrt(n (1 + (n - 1) rho)) for normals; this shape is close to one."""
    runs, count = 4000, 30
    points = ThreePoints(10, 20, 30)
    common = common_factor(3, "chain", runs, correlation)
    chains = [
        sum(row) / 1000
        for row in zip(*(draws(3, f"c{at}", points, common, 1000) for at in range(count)), strict=True)
    ]
    expected = sqrt(points.variance * count * (1 + (count - 1) * correlation))
    assert pstdev(chains) == pytest.approx(expected, rel=0.06)
    assert fmean(chains) == pytest.approx(20 * count, abs=4 * expected / sqrt(runs))


def test_draws_depend_on_nothing_but_seed_key_and_points() -> None:
    common = common_factor(0, "p", 50)
    points = ThreePoints(2, 4, 9)
    first = draws(0, "a", points, common, 32)
    draws(0, "b", points, common, 32)
    assert draws(0, "a", points, common_factor(0, "p", 50), 32) == first
    assert draws(0, "b", points, common, 32) != first
    assert draws(1, "a", points, common, 32) != first
    # The same on every machine and every version of Python: these figures may only change on purpose.
    assert list(first[:6]) == [126, 142, 127, 104, 235, 166]


def test_one_figure_is_no_draw_and_points_out_of_order_are_refused() -> None:
    common = common_factor(0, "p", 3)
    assert list(draws(0, "a", ThreePoints(2, 2, 2), common, 32)) == [64, 64, 64]
    with pytest.raises(ValueError, match="three points"):
        draws(0, "a", ThreePoints(3, 2, 4), common)
    with pytest.raises(ValueError, match="correlation"):
        common_factor(0, "p", 3, 1.0)
