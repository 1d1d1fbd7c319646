"""Several states of a plan side by side: dates, chances, money, scope and risk, each against the first of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..derived.derived import Derived
from ..derived.progress import Progress, silent
from ..records.governance import Risk
from ..schedule.targets import Key
from ..snapshot.snapshot import Snapshot
from ..text.amounts import counted
from ..text.dates import short_date
from ..text.figure import written
from .figures import Figures, targets_of
from .plan_consequences import Scope, scope_of, total_of

What = Literal["date", "p80", "chance", "cost", "scope", "risk"]
WHATS: dict[What, str] = {
    "date": "date",
    "p80": "P80",
    "chance": "due date holds in",
    "cost": "cost P80",
    "scope": "scope",
    "risk": "open risks",
}
"""What is compared, as it is said after the name of what has it."""
Value = dt.date | float | Scope | tuple[int, int] | None
"""A date, money or a share, a scope; of risks how many are open, and the sum of chance times impact."""
MOST = 8
"""States that are compared at most."""


@dataclass(frozen=True)
class Scenario:
    """One state of the plan with its figures."""

    name: str
    snapshot: Snapshot
    figures: Figures


@dataclass(frozen=True)
class Line:
    """One figure in all states; None where a state has none."""

    what: What
    project: str
    name: str
    """The milestone; empty where it is of the project, or of the whole plan."""
    values: tuple[Value, ...]

    @property
    def title(self) -> str:
        """`mvp-live P80`, `churn cost P80`, `total scope`."""
        return f"{self.name or self.project or 'total'} {WHATS[self.what]}"

    @property
    def differs(self) -> bool:
        """Whether any state has another value than the first."""
        return any(one != self.values[0] for one in self.values[1:])


def scenario(
    name: str,
    snapshot: Snapshot,
    *,
    runs: int | None = None,
    seed: int | None = None,
    progress: Progress = silent,
) -> Scenario:
    """A state with its figures. The same day, runs and seed on all sides make them comparable."""
    return Scenario(name, snapshot, Figures.whole(Derived(snapshot).told(progress), runs, seed))


def scenario_lines(scenarios: Sequence[Scenario]) -> list[Line]:
    """Every figure that any of the states has: milestones by date, then projects, then the whole plan."""
    return [*_milestones(scenarios), *_projects(scenarios)]


def _milestones(scenarios: Sequence[Scenario]) -> Iterator[Line]:
    sides = [one.figures for one in scenarios]
    for key in targets_of(sides):
        project, name = key
        getters: tuple[tuple[What, Callable[[Figures, Key], Value]], ...] = (
            ("date", Figures.end),
            ("p80", Figures.p80),
            ("chance", _chance),
        )
        for what, get in getters:
            values = tuple(get(side, key) for side in sides)
            if any(one is not None for one in values):
                yield Line(what, project, name, values)


def _chance(side: Figures, key: Key) -> float | None:
    found = side.outlook(key)
    return found.chance if found is not None else None


def _projects(scenarios: Sequence[Scenario]) -> Iterator[Line]:
    projects = dict.fromkeys(name for one in scenarios for name in one.snapshot.plan.projects)
    scopes = [scope_of(one.snapshot.plan) for one in scenarios]
    for project in projects:
        costs = tuple(one.figures.cost(project) for one in scenarios)
        if any(costs):
            yield Line("cost", project, "", tuple(round(one) if one is not None else None for one in costs))
        yield Line("scope", project, "", tuple(one.get(project, Scope(0, 0.0)) for one in scopes))
        yield Line("risk", project, "", tuple(_risk(one.snapshot, project) for one in scenarios))
    if len(projects) > 1:
        totals = [[one.figures.cost(project) or 0.0 for project in projects] for one in scenarios]
        if any(map(any, totals)):
            yield Line("cost", "", "", tuple(round(sum(one)) for one in totals))
        yield Line("scope", "", "", tuple(total_of(one.values()) for one in scopes))
        yield Line("risk", "", "", tuple(_risk(one.snapshot, "") for one in scenarios))


def _risk(snapshot: Snapshot, project: str) -> tuple[int, int]:
    """Open risks of a project, or of the whole plan, and what they weigh together."""
    found = [
        one
        for one in snapshot.plan.of_kind("risk", project or None)
        if isinstance(one, Risk) and one.state == "open"
    ]
    return len(found), sum((one.chance or 0) * (one.impact or 0) for one in found)


# ---- in words


def said(line: Line, at: int, today: dt.date, currency: str) -> tuple[str, str]:
    """A value in words, and how far it is from the first: `21 Dec`, `+9 days`; the latter may be empty."""
    value, first = line.values[at], line.values[0]
    match value:
        case None:
            return "none", ""
        case dt.date():
            apart = (value - first).days if isinstance(first, dt.date) else 0
            return short_date(
                value, today
            ), f"{apart:+} {'day' if abs(apart) == 1 else 'days'}" if apart else ""
        case Scope():
            assert isinstance(first, Scope)
            days = round(value.days - first.days, 1)
            cards = value.cards - first.cards
            parts = [f"{cards:+} {'card' if abs(cards) == 1 else 'cards'}"] if cards else []
            parts += [f"{'+' if days > 0 else ''}{written(days)} days"] if days else []
            return value.said, ", ".join(parts)
        case (int(count), int(weight)):
            apart = weight - first[1] if isinstance(first, tuple) else 0
            return f"{count} open, {counted(weight, 'point')}", f"{apart:+}" if apart else ""
        case _ if line.what == "chance":
            apart = round(100 * (value - first)) if isinstance(first, float | int) else 0
            return f"{value:.0%}", f"{apart:+}" if apart else ""
        case _:
            apart = round(value - first) if isinstance(first, float | int) else 0
            return f"{value:,.0f} {currency}".rstrip(), f"{apart:+,}" if apart else ""


def summary(scenarios: Sequence[Scenario], lines: Sequence[Line]) -> str:
    """How much differs, in one line."""
    differing = sum(one.differs for one in lines)
    if not differing:
        return f"{counted(len(scenarios), 'state')} of the plan: no figure differs"
    same = len(lines) - differing
    rest = f", {counted(same, 'figure')} the same" if same else ""
    verb = "differs" if differing == 1 else "differ"
    return f"{counted(len(scenarios), 'state')} of the plan: {counted(differing, 'figure')} {verb}{rest}"
