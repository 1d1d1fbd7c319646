"""Drift against published values and tables, and against chance itself."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.data.clusters import ClusterCounts, spread
from kedge.model.data.distributions import (
    chi_square_quantile,
    chi_square_tail,
    f_quantile,
    f_tail,
    kolmogorov_limit_tail,
)
from kedge.model.data.drift import (
    chi_square_test,
    column_drift,
    kolmogorov_tail,
    psi,
    psi_limit,
    psi_of_counts,
)
from kedge.model.playbook import shipped

# ---- the playbook's calculator


def test_the_playbooks_examples_come_out() -> None:
    examples = shipped().calculator("calc-drift").examples
    compared = 0
    for example in examples:
        given = example.inputs
        if "expected" in given:
            assert psi(given["expected"], given["actual"]) == pytest.approx(example.outputs["psi"], abs=5e-7)
        else:
            limit = psi_limit(int(given["bins"]), int(given["n"]), int(given["m"]))
            assert limit == pytest.approx(example.outputs["fair_limit"], rel=5e-6)
        compared += 1
    assert compared == 4


def samples(size: int, runs: int) -> list[float]:
    """The index of pairs of samples from one distribution, in ten equal bins."""
    random = Random(7)
    found = []
    for _ in range(runs):
        counts = [[0, 0] for _ in range(10)]
        for side in (0, 1):
            for _ in range(size):
                counts[random.randrange(10)][side] += 1
        found.append(psi_of_counts([(old, new) for old, new in counts]))
    return found


def test_chance_passes_the_fair_limit_in_one_check_of_twenty_and_the_habit_in_four_of_ten() -> None:
    found = samples(200, 1000)
    limit = psi_limit(10, 200, 200)
    assert 0.03 < sum(value > limit for value in found) / len(found) < 0.08
    assert sum(value > 0.1 for value in found) / len(found) == pytest.approx(0.38, abs=0.05)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12))
def test_the_index_is_never_negative_and_does_not_care_which_sample_came_first(counts) -> None:
    if not sum(old for old, _ in counts) or not sum(new for _, new in counts):
        return
    found = psi_of_counts(counts)
    assert found >= 0
    assert math.isfinite(found)
    assert found == pytest.approx(psi_of_counts([(new, old) for old, new in counts]), abs=1e-12)


def test_equal_shares_have_no_index_however_large_the_samples() -> None:
    assert psi_of_counts([(10, 1000), (30, 3000)]) == pytest.approx(0, abs=1e-15)


def test_an_empty_bin_counts_as_half_a_row() -> None:
    assert psi_of_counts([(50, 0), (50, 100)]) == pytest.approx(
        (0.005 - 0.5) * math.log(0.005 / 0.5) + (1 - 0.5) * math.log(1 / 0.5)
    )


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        psi([0.5, 0.5], [1.0])


# ---- published tables


def named(*counts: tuple[int, int]) -> dict[str, tuple[int, int]]:
    return {str(at): pair for at, pair in enumerate(counts)}


@pytest.mark.parametrize(
    ("probability", "degrees", "value"),
    [
        # Abramowitz & Stegun 1964, table 26.8
        (0.95, 1, 3.84146),
        (0.99, 1, 6.63490),
        (0.95, 5, 11.0705),
        (0.95, 9, 16.9190),
        (0.99, 10, 23.2093),
        (0.05, 10, 3.94030),
        (0.5, 4, 3.35669),
        (0.95, 30, 43.7729),
        (0.95, 100, 124.342),
    ],
)
def test_quantiles_of_chi_square_are_those_of_the_tables(
    probability: float, degrees: int, value: float
) -> None:
    assert chi_square_quantile(probability, degrees) == pytest.approx(value, rel=1e-5)
    assert chi_square_tail(value, degrees) == pytest.approx(1 - probability, abs=1e-5)


@given(st.floats(0.001, 0.999), st.integers(1, 2000))
def test_the_quantile_undoes_the_tail(probability: float, degrees: int) -> None:
    assert chi_square_tail(chi_square_quantile(probability, degrees), degrees) == pytest.approx(
        1 - probability, abs=1e-8
    )


@pytest.mark.parametrize(
    ("probability", "degrees", "below", "value"),
    [
        # Abramowitz & Stegun 1964, table 26.9
        (0.95, 1, 1, 161.4),
        (0.95, 2, 10, 4.10),
        (0.95, 5, 20, 2.71),
        (0.99, 3, 12, 5.95),
        (0.95, 10, 60, 1.99),
        (0.95, 1, 120, 3.92),
    ],
)
def test_quantiles_of_f_are_those_of_the_tables(
    probability: float, degrees: float, below: float, value: float
) -> None:
    assert f_quantile(probability, degrees, below) == pytest.approx(value, rel=2e-3)
    assert f_tail(value, degrees, below) == pytest.approx(1 - probability, abs=1e-3)


@given(st.floats(0.001, 0.999), st.floats(1, 200), st.floats(1, 2000))
def test_the_quantile_of_f_undoes_its_tail(probability: float, degrees: float, below: float) -> None:
    assert f_tail(f_quantile(probability, degrees, below), degrees, below) == pytest.approx(
        1 - probability, abs=1e-8
    )


def test_f_of_many_degrees_below_the_line_is_chi_square() -> None:
    assert 4 * f_quantile(0.95, 4, 1e7) == pytest.approx(chi_square_quantile(0.95, 4), rel=1e-5)
    assert (f_tail(0, 3, 4), f_tail(-1, 3, 4)) == (1, 1)
    with pytest.raises(ValueError, match="no quantile"):
        f_quantile(0.95, 3, 0)


@pytest.mark.parametrize(("probability", "degrees"), [(0, 3), (1, 3), (0.5, 0)])
def test_there_is_no_quantile_outside_of_the_distribution(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        chi_square_quantile(probability, degrees)


@pytest.mark.parametrize(
    ("x", "tail"),
    [
        # The documentation of scipy.special.kolmogorov
        (0.5, 0.96394524),
        (1.0, 0.26999967),
        # Critical values after Smirnov 1948, in every table of the two-sample test: 1.22, 1.36, 1.63, 1.95
        (1.2238, 0.1000),
        (1.3581, 0.0500),
        (1.6276, 0.0100),
        (1.9495, 0.0010),
    ],
)
def test_the_kolmogorov_distribution_is_that_of_the_tables(x: float, tail: float) -> None:
    assert kolmogorov_limit_tail(x) == pytest.approx(tail, abs=3e-5)


def test_both_forms_of_the_kolmogorov_distribution_meet() -> None:
    assert kolmogorov_limit_tail(1.18 - 1e-12) == pytest.approx(kolmogorov_limit_tail(1.18), abs=1e-9)
    assert kolmogorov_limit_tail(0) == 1


def test_a_distance_says_more_with_more_rows() -> None:
    tails = [kolmogorov_tail(0.1, size, size) for size in (50, 200, 1000)]
    assert tails == sorted(tails, reverse=True)
    assert tails[0] > 0.9 > 0.001 > tails[2]


def test_chi_square_of_a_published_table_of_counts() -> None:
    # Agresti 2007, An Introduction to Categorical Data Analysis, table 2.5: X² = 30.07, df = 2
    found = chi_square_test(named((762, 484), (327, 239), (468, 477)))
    assert found is not None
    assert found.statistic == pytest.approx(30.07, abs=0.005)
    assert found.degrees == 2
    assert found.p_value < 0.001
    assert found.pooled == 0
    # V of a table with two columns is the root of X² by the number of rows.
    assert found.effect == ("Cramér's V", pytest.approx(math.sqrt(30.07 / 2757), abs=1e-4))


def test_rare_values_are_taken_together_so_that_chi_square_fits() -> None:
    found = chi_square_test(named((50, 60), (50, 40), (3, 1), (2, 2), (1, 3)))
    assert found is not None
    assert found.pooled == 3
    assert found.degrees == 2
    alone = chi_square_test(named((500, 510), (1, 0)))
    assert alone is None
    assert chi_square_test(named((0, 5))) is None


# ---- the verdict


def test_drift_is_more_than_chance_and_more_than_what_matters() -> None:
    def verdict(counts, matters=0.1):
        bins = {str(at): pair for at, pair in enumerate(counts)}
        return column_drift("x", "values", bins, (0, 0), matters=matters).verdict

    assert verdict([(5000, 2000), (5000, 8000)]) == "drift"
    assert verdict([(5000, 4700), (5000, 5300)]) == "small"
    assert verdict([(5000, 5010), (5000, 4990)]) == "none"
    assert verdict([(20, 14), (20, 26)]) == "too few rows"
    assert verdict([(20, 1), (20, 39)]) == "drift"
    assert verdict([(5000, 4700), (5000, 5300)], 0.001) == "drift"


def test_values_that_go_missing_are_drift_too() -> None:
    found = column_drift("x", "number", {"to 1": (500, 300), "over 1": (500, 300)}, (0, 400))
    assert found.verdict == "drift"
    assert found.missing == (0, 0.4)
    assert found.bins["(missing)"] == (0, 400)


def test_a_constant_column_cannot_drift() -> None:
    found = column_drift("x", "values", {"a": (10, 20), "b": (0, 0)}, (0, 0))
    assert (found.psi, found.limit, found.verdict, found.tests) == (0, 0, "none", ())


def test_a_sample_without_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        column_drift("x", "values", {"a": (10, 0)}, (0, 0))


# ---- rows in clusters


def clustered(*sides: list[tuple[int, ...]]) -> tuple[dict[str, tuple[int, int]], ClusterCounts]:
    """Rows per bin, and how they go together, from the rows of each cluster in each bin."""
    names = [str(at) for at in range(len(sides[0][0]))]
    rows = [[sum(cluster[at] for cluster in side) for at in range(len(names))] for side in sides]
    bins = {name: (rows[0][at], rows[1][at]) for at, name in enumerate(names)}
    together = {
        (one, other): tuple(sum(cluster[i] * cluster[j] for cluster in side) for side in sides)
        for i, one in enumerate(names)
        for j, other in enumerate(names)
    }
    return bins, ClusterCounts((len(sides[0]), len(sides[1])), together)


def test_clusters_of_one_row_are_independent_rows() -> None:
    ones = [(1, 0, 0)] * 500 + [(0, 1, 0)] * 300 + [(0, 0, 1)] * 200
    bins, counts = clustered(ones, ones)
    found = spread(bins, [[name] for name in bins], counts)
    assert found.design_effect == pytest.approx(1000 / 999)
    assert found.degrees == pytest.approx(2)
    assert found.limit(0.95) == pytest.approx(psi_limit(3, 1000, 1000), rel=5e-3)


def test_rows_that_are_all_alike_in_their_cluster_count_as_one() -> None:
    whole = [(20, 0)] * 30 + [(0, 20)] * 70
    bins, counts = clustered(whole, whole)
    column = column_drift("x", "values", bins, (0, 0), clustered=counts)
    assert column.design_effect == pytest.approx(20 * 100 / 99)
    # As if each cluster were a row.
    assert column.limit == pytest.approx(psi_limit(2, 100, 100), rel=0.05)
    assert column.limit > 15 * psi_limit(2, 2000, 2000)


def test_the_statistic_stays_pearsons_and_only_its_p_value_knows_the_clusters() -> None:
    old, new = [(20, 0)] * 30 + [(0, 20)] * 70, [(20, 0)] * 40 + [(0, 20)] * 60
    bins, counts = clustered(old, new)
    plain, careful = chi_square_test(bins), chi_square_test(bins, counts)
    assert plain is not None
    assert careful is not None
    assert (plain.statistic, plain.effect) == (careful.statistic, careful.effect)
    assert plain.p_value < 1e-9
    # The same test on one row for each cluster: X² = 2.198 with one degree, p = 0.138.
    assert careful.p_value == pytest.approx(0.138, abs=0.01)


def test_clusters_that_are_alike_as_wholes_do_not_narrow_the_limit() -> None:
    balanced = [(5, 5)] * 40
    bins, counts = clustered(balanced, balanced)
    column = column_drift("x", "values", bins, (0, 0), clustered=counts)
    assert column.limit == pytest.approx(psi_limit(2, 400, 400), rel=0.05)
    assert column.design_effect == 1
    assert column.verdict == "none"


def test_one_cluster_has_no_spread() -> None:
    bins, counts = clustered([(10, 20)], [(5, 3), (4, 6)])
    with pytest.raises(ValueError, match="no spread"):
        column_drift("x", "values", bins, (0, 0), clustered=counts)


def test_chance_passes_the_limit_of_clusters_in_one_check_of_twenty_and_that_of_rows_in_most() -> None:
    random = Random(11)

    def sample() -> list[tuple[int, ...]]:
        found = []
        for _ in range(30):
            home, counts = random.randrange(4), [0] * 4
            for _ in range(max(1, int(random.expovariate(1 / 20)))):
                counts[home if random.random() < 0.3 else random.randrange(4)] += 1
            found.append(tuple(counts))
        return found

    alarms, naive, runs = 0, 0, 400
    for _ in range(runs):
        bins, counts = clustered(sample(), sample())
        column = column_drift("x", "values", bins, (0, 0), clustered=counts)
        alarms += column.psi > column.limit
        naive += column.psi > psi_limit(4, *(sum(pair[side] for pair in bins.values()) for side in (0, 1)))
    assert 0.02 < alarms / runs < 0.09
    assert naive / runs > 0.35
