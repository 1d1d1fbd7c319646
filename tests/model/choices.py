"""Small choices among projects, for tests of the best one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from kedge.model.solvers import choose as solver
from kedge.model.solvers.choose import Choice
from kedge.model.solvers.constraints import Knapsack


def choose(*figures: Any, stop: Any = None, deadline_s: float = 10.0, **links: Any) -> Choice:
    return solver.choose(Knapsack(*figures, **links), stop=stop, deadline_s=deadline_s)


def allowed(problem: dict[str, Any], chosen: Collection[int], spare: float = 0.0) -> bool:
    """Whether a set keeps limits, with so much to spare, and links; shares nothing with the search."""
    inside = set(chosen)
    return (
        inside >= set(problem["required"])
        and not inside & set(problem["excluded"])
        and all(len(inside & set(group)) <= 1 for group in problem["either_or"])
        and all(first in inside for one, first in problem["follows"] if one in inside)
        and all(
            sum(problem["needs"][one][at] for one in inside) <= limit + spare
            for at, limit in enumerate(problem["limits"])
        )
    )
