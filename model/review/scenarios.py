"""Several states of a plan side by side: dates, chances, money, scope and risk, each against the first of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..capacity.calendar import Axis, in_days
from ..derived.derived import Derived
from ..derived.progress import Progress, silent
from ..records.address import Address
from ..records.governance import Risk
from ..schedule.targets import Key
from ..snapshot.snapshot import Snapshot
from ..text.amounts import counted
from ..text.dates import day_month
from ..text.figure import signed, written
from .figures import Figures, targets_of
from .plan_consequences import Scope, scope_of, total_of
from .titles import Titles

What = Literal["date", "p80", "on_time", "cost", "cards", "days", "risks", "risk", "unread"]
WHATS: dict[What, str] = {
    "date": "date",
    "p80": "P80",
    "on_time": "on time",
    "cost": "cost P80",
    "cards": "cards",
    "days": "work",
    "risks": "open risks",
    "risk": "risk, of 25 each",
    "unread": "files unreadable",
}
"""What is compared, as it is said after the name of what has it."""
Value = dt.date | float | None
"""A date; a share of the runs; money; a count; working days; of open risks the sum of chance times impact."""
MOST = 8
"""States that are compared at most."""


@dataclass(frozen=True)
class Scenario:
    """One state of the plan with its figures."""

    name: str
    commit: str
    """Empty for the index and the work tree."""
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
    label: str = ""
    """What a person calls the milestone."""
    axis: Axis | None = field(default=None, compare=False, repr=False)
    """The calendar on which working days between dates are counted: that of the first state."""

    @property
    def subject(self) -> str:
        """What it is a figure of: a milestone's title, a project, the whole plan."""
        return self.label or self.name or self.project or "total"

    @property
    def figure(self) -> str:
        """What is compared: `date`, `P80`, `open risks`."""
        return WHATS[self.what]

    def apart(self, value: Value) -> float:
        """How far a value is from the first state's: dates by working days; 0 where one of them has none."""
        first = self.values[0]
        if isinstance(value, dt.date) and isinstance(first, dt.date):
            return in_days(self.axis.evening(value) - self.axis.evening(first)) if self.axis else 0.0
        if isinstance(value, int | float) and isinstance(first, int | float):
            return value - first
        return 0.0

    @property
    def differs(self) -> bool:
        """Whether any state has another value than the first."""
        return any(one != self.values[0] for one in self.values[1:])


def scenario(
    name: str,
    commit: str,
    snapshot: Snapshot,
    *,
    runs: int | None = None,
    seed: int | None = None,
    progress: Progress = silent,
) -> Scenario:
    """A state with its figures. The same day, runs and seed on all sides make them comparable."""
    return Scenario(name, commit, snapshot, Figures.whole(Derived(snapshot).told(progress), runs, seed))


def scenario_lines(scenarios: Sequence[Scenario]) -> list[Line]:
    """Every figure that any of the states has: milestones by date, projects, the whole plan, what is missing."""
    return [*_milestones(scenarios), *_projects(scenarios), *_unread(scenarios)]


def _unread(scenarios: Sequence[Scenario]) -> Iterator[Line]:
    """How many files could not be read: without what is in them, every other figure looks better."""
    counts = tuple(len(one.snapshot.unreadable) for one in scenarios)
    if any(counts):
        yield Line("unread", "", "", counts)


def _milestones(scenarios: Sequence[Scenario]) -> Iterator[Line]:
    sides = [one.figures for one in scenarios]
    first = sides[0]
    axis = first.forecast.axis if first.forecast is not None else first.schedule.axis
    titles = Titles(*(one.snapshot.plan for one in reversed(scenarios)))
    for key in targets_of(sides):
        project, name = key
        label = titles.label(Address("milestone", *key)) if name else ""
        getters: tuple[tuple[What, Callable[[Figures, Key], Value]], ...] = (
            ("date", Figures.end),
            ("p80", Figures.p80),
            ("on_time", _chance),
        )
        for what, get in getters:
            values = tuple(get(side, key) for side in sides)
            if any(one is not None for one in values):
                yield Line(
                    what, project, name, values, f"{titles.inside(project)}{label}" if label else "", axis
                )


def _chance(side: Figures, key: Key) -> float | None:
    found = side.outlook(key)
    return found.chance if found is not None else None


def _projects(scenarios: Sequence[Scenario]) -> Iterator[Line]:
    projects = dict.fromkeys(name for one in scenarios for name in one.snapshot.plan.projects)
    scopes = [scope_of(one.snapshot.plan) for one in scenarios]
    for project in projects:
        costs = [one.figures.cost(project) for one in scenarios]
        found = [one.get(project, Scope(0, 0.0)) for one in scopes]
        yield from _of_project(scenarios, project, costs, found)
    if len(projects) > 1:
        costs = [sum(one.figures.cost(project) or 0.0 for project in projects) for one in scenarios]
        yield from _of_project(scenarios, "", costs, [total_of(one.values()) for one in scopes])


def _of_project(
    scenarios: Sequence[Scenario], project: str, costs: Iterable[float | None], scopes: Sequence[Scope]
) -> Iterator[Line]:
    """The figures of a project, or of the whole plan where it has no name."""
    risks = [_risks(one.snapshot, project) for one in scenarios]
    lines: tuple[tuple[What, Iterable[Value]], ...] = (
        ("cost", (round(one) if one is not None else None for one in costs)),
        ("cards", (one.cards for one in scopes)),
        ("days", (round(one.days, 1) for one in scopes)),
        ("risks", map(len, risks)),
        ("risk", map(sum, risks)),
    )
    for what, values in lines:
        line = Line(what, project, "", tuple(values))
        if any(line.values):
            yield line


def _risks(snapshot: Snapshot, project: str) -> list[int]:
    """What each open risk weighs, of a project or of the whole plan: chance times impact."""
    return [
        (one.chance or 0) * (one.impact or 0)
        for one in snapshot.plan.of_kind("risk", project or None)
        if isinstance(one, Risk) and one.state == "open"
    ]


# ---- in words


def said(line: Line, value: Value, today: dt.date, currency: str) -> str:
    """A value with how far it is from the first state's: `10 Dec (+3 days)`, in working days."""
    if value is None:
        return "none"
    moved = line.apart(value)
    if isinstance(value, dt.date):
        far = f"{signed(moved)} {'day' if abs(moved) == 1 else 'days'}"
        return day_month(value, today) + (f" ({far})" if moved else "")
    if line.what == "on_time":
        points = round(100 * moved)
        return f"{value:.0%}" + (f" ({points:+})" if points else "")
    unit = {"cost": f" {currency}", "days": " days"}.get(line.what, "").rstrip()
    number = f"{value:,.0f}" if line.what != "days" else written(value)
    far = f"{moved:+,.0f}" if line.what != "days" else signed(round(moved, 1))
    return f"{number}{unit}" + (f" ({far})" if moved else "")


def cells(line: Line, today: dt.date, currency: str) -> list[str]:
    """The values of a line in words."""
    return [said(line, value, today, currency) for value in line.values]


def summary(scenarios: Sequence[Scenario], lines: Sequence[Line]) -> str:
    """How much differs, in one line."""
    differing = sum(one.differs for one in lines)
    hidden = max((len(one.snapshot.unreadable) for one in scenarios), default=0)
    missing = f"; {counted(hidden, 'file')} unreadable, not in the figures" if hidden else ""
    if not differing:
        return f"{counted(len(scenarios), 'state')} of the plan: no figure differs{missing}"
    same = len(lines) - differing
    rest = f", {counted(same, 'figure')} the same" if same else ""
    verb = "differs" if differing == 1 else "differ"
    head = f"{counted(len(scenarios), 'state')} of the plan: {counted(differing, 'figure')} {verb}"
    return f"{head}{rest}{missing}"
