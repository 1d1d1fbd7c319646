"""Small choices among projects, for tests of the best one."""

from __future__ import annotations

from typing import Any

from kedge.model.solvers import choose as solver
from kedge.model.solvers.choose import Choice
from kedge.model.solvers.constraints import Knapsack


def choose(*figures: Any, stop: Any = None, deadline_s: float = 10.0, **links: Any) -> Choice:
    return solver.choose(Knapsack(*figures, **links), stop=stop, deadline_s=deadline_s)
