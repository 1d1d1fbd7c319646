"""Rows that come in clusters, such as the clicks of a session or the orders of a day, and what that does to chance.

A thousand clicks of ten visitors say no more than ten visitors do: where rows of a cluster are alike, chance moves two
samples further apart than independent rows would, and a limit for independent rows raises false alarms. How far is
measured from the clusters themselves. The sum over groups of (a - b)² / p, which the stability index comes to where
shares differ little, is then distributed as a sum of squares with unequal weights, which has the mean and the variance
of a multiple of F.

Sources: Kish 1965, Survey Sampling (design effect); Rao & Scott 1984, On chi-squared tests for multiway contingency
tables with cell proportions estimated from survey data, Annals of Statistics 12 (the weights, second-order correction);
Thomas & Rao 1987, Small-sample comparisons of level and power for simple goodness-of-fit statistics under cluster
sampling, JASA 82 (F for few clusters); the same test as `svychisq(statistic = "F")` of the R package survey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .distributions import f_quantile, f_tail

LEAST_CLUSTERS = 2
"""Of each sample: with one there is nothing to measure their spread by."""


@dataclass(frozen=True)
class ClusterCounts:
    """How rows of the same cluster fall into bins together, old and new."""

    clusters: tuple[int, int]
    together: Mapping[tuple[str, str], tuple[float, float]]
    """Sum over clusters of the rows in one bin times the rows in another (or the same); both orders are there."""


@dataclass(frozen=True)
class Spread:
    """How far two samples of clusters move apart by chance alone, as the sum over groups of (a - b)² / p."""

    mean: float
    degrees: float
    below: float
    """Degrees of freedom of the estimate itself: few clusters say little about their spread."""
    design_effect: float
    """How many times the mean of independent rows this is; so many rows count as one."""

    def limit(self, confidence: float) -> float:
        """What the sum stays under by chance alone; 0 where nothing can move."""
        return self.mean * f_quantile(confidence, self.degrees, self.below) if self.mean else 0.0

    def tail(self, distance: float) -> float:
        """How often chance alone gives such a sum or more."""
        return f_tail(distance / self.mean, self.degrees, self.below) if self.mean else 1.0


def spread(
    bins: Mapping[str, tuple[int, int]], groups: Sequence[Sequence[str]], clustered: ClusterCounts
) -> Spread:
    """The spread of two samples over groups of bins, which hold all rows. Raises ValueError for a lone cluster."""
    if min(clustered.clusters) < LEAST_CLUSTERS:
        raise ValueError(f"{min(clustered.clusters)} cluster has no spread")
    rows = [sum(pair[side] for pair in bins.values()) for side in (0, 1)]
    counts = [[sum(bins[name][side] for name in group) for group in groups] for side in (0, 1)]
    pooled = [(old + new) / sum(rows) for old, new in zip(*counts, strict=True)]
    size = len(groups)
    covariance = [[0.0] * size for _ in groups]
    for side, many in enumerate(clustered.clusters):
        products = [[_together(clustered, one, other, side) for other in groups] for one in groups]
        shares = [count / rows[side] for count in counts[side]]
        # Rows in a group times the rows of the whole cluster, summed over clusters.
        whole = [sum(line) for line in products]
        squares = sum(whole)
        factor = many / (many - 1) / rows[side] ** 2
        for i in range(size):
            for j in range(size):
                residual = products[i][j] - shares[i] * whole[j] - shares[j] * whole[i]
                covariance[i][j] += factor * (residual + shares[i] * shares[j] * squares)
    mean = sum(max(0.0, covariance[i][i]) / pooled[i] for i in range(size) if pooled[i])
    second = sum(
        covariance[i][j] ** 2 / (pooled[i] * pooled[j])
        for i in range(size)
        for j in range(size)
        if pooled[i] and pooled[j]
    )
    independent = (size - 1) * (1 / rows[0] + 1 / rows[1])
    degrees = mean * mean / second if second else float(size - 1)
    effect = mean / independent if independent else 1.0
    if effect < 1:
        # Clusters that are alike as wholes, as each day of a balanced week is, must not make alarms out of nothing.
        mean, effect = independent, 1.0
    return Spread(mean, degrees, degrees * (sum(clustered.clusters) - 2), effect)


def _together(clustered: ClusterCounts, one: Sequence[str], other: Sequence[str], side: int) -> float:
    return sum(clustered.together.get((a, b), (0.0, 0.0))[side] for a in one for b in other)
