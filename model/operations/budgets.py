"""Error budgets: what an objective allows, how fast it is spent, and alarms on that speed."""

from __future__ import annotations

from dataclasses import dataclass

from ..calculators.operating import DAY_HOURS, slo
from ..records.delivery import Monitor
from ..text.figure import Explained, exact
from ..value.project_figures import Answers

WINDOW_DAYS = 30.0
"""Of an objective that names no window."""


@dataclass(frozen=True)
class ErrorBudget:
    """An error budget, and how much of it is spent."""

    objective: float
    days: float
    """Window of the objective."""
    burn: float
    """How many times as fast as allowed it was spent while it was counted."""
    used: float
    """Share of the whole budget that went while it was counted; above 1 it is overspent."""
    figure: Explained
    """The same with its arithmetic."""

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.used >= 1

    @property
    def days_left(self) -> float | None:
        """Days until it is spent at this speed; None where nothing is spent."""
        return max(0.0, 1 - self.used) * self.days / self.burn if self.burn else None


def objective_of(monitor: Monitor, said: Answers) -> tuple[float, float] | None:
    """Objective and its window in days: the monitor's own, else what the project promises (mon-slo)."""
    objective, days = monitor.objective, monitor.objective_days
    if objective is None:
        percent = said.figure("mon-slo", "objective in percent")
        objective = float(exact(percent) / 100) if percent is not None else None
        days = days or said.figure("mon-slo", "window in days")
    if objective is None or not 0 < objective < 1:
        return None
    return objective, days or WINDOW_DAYS


def error_budget(monitor: Monitor, said: Answers) -> ErrorBudget | None:
    """The error budget that a monitor counts; None where it counts none. Raises ValueError on contradictions."""
    promised = objective_of(monitor, said)
    if promised is None or not monitor.events or monitor.failures is None or not monitor.counted_hours:
        return None
    objective, days = promised
    hours = monitor.counted_hours
    found = slo(
        objective=objective,
        days=days,
        failures=monitor.failures,
        per_hour=monitor.events / hours,
        hours=hours,
    )
    burn = found.number("burn")
    return ErrorBudget(objective, days, burn, burn * hours / (days * DAY_HOURS), found)
