"""What follows from changes for money: what projects cost, and limits that this passes."""

from __future__ import annotations

from collections.abc import Iterator

from ..budget.budget import ProjectBudget, StageBudget
from ..plan.plan import holder_id
from ..records.address import Address
from ..records.project import Project
from ..text.figure import written
from .causes import Causes
from .changes import Difference
from .consequence import TOTAL, UNMOVED, Consequence, Row
from .outcome import Outcomes, cost_shift

_GONE = {"dropped": "is dropped", "done": "is done", "hold": "is on hold"}


class MoneyConsequences:
    """Money on both sides, where it differs."""

    def __init__(self, difference: Difference, found: Outcomes, causes: Causes) -> None:
        self._difference = difference
        self._found = found
        self._causes = causes
        self._titles = difference.titles
        self._unit = difference.after.plan.board.currency
        has_percentiles = found.has_percentiles
        self._field = "P80" if has_percentiles else "expected"
        self._figure = "budget P80" if has_percentiles else "expected cost"

    def found(self) -> tuple[list[Consequence], list[Row]]:
        """Projects that cost more or less, and limits that this passes; a row for each project, and for all of them."""
        consequences: list[Consequence] = []
        rows: list[Row] = []
        before, after = (side.budgets for side in (self._found.before, self._found.after))
        for project in sorted(before.keys() | after.keys()):
            old, new = before.get(project), after.get(project)
            if old is None or new is None:
                consequences.append(self._came_or_went(project, old, new))
                rows.append(self._row(project, _cost(old), _cost(new)))
                continue
            rise = cost_shift(old.costs, new.costs, 0.8).sure
            passed = list(_limits_passed(old, new))
            if not rise and not passed:
                continue
            causes = self._causes.of_cost(project)
            rows.append(self._row(project, _cost(old), _cost(new), rise, _cap(new, self._unit)))
            if rise:
                consequences.append(self._moved(project, _cost(old), _cost(new), rise, causes))
            consequences += [self._passed(project, *one, old, causes) for one in passed]
        if len(rows) > 1:
            note = f"of {len(before.keys() | after.keys())} projects"
            rows.append(self._row("", self._found.before.cost, self._found.after.cost, note=note))
        return consequences, rows

    def _row(self, project: str, was: float, now: float, rise: float | None = None, note: str = "") -> Row:
        moved = round(now) - round(was) if rise is None else round(rise)
        title = "" if project and not self._titles.has_projects else project or TOTAL
        return Row(
            project or TOTAL,
            self._figure,
            self._money(was),
            self._money(now),
            f"{moved:+,}" if moved else UNMOVED,
            note,
            title,
        )

    def _moved(
        self, project: str, was: float, now: float, rise: float, causes: tuple[str, ...]
    ) -> Consequence:
        return Consequence(
            "budget",
            "warning" if rise > 0 else "advice",
            f"{self._figure}{self._titles.of_named(project)} {self._money(was)} → {self._money(now)} "
            f"({round(rise):+,})",
            Address("project", project, project),
            self._field,
            round(was),
            round(now),
            causes,
            brief=f"budget{self._titles.of(project)} {round(rise):+,} {self._unit}",
            grows=max(rise, 0.0),
            share=rise / was if was else float("inf"),
        )

    def _came_or_went(
        self, project: str, old: ProjectBudget | None, new: ProjectBudget | None
    ) -> Consequence:
        """The cost of a project that is worked on only on one side."""
        was, now = (round(_cost(one)) for one in (old, new))
        about = Address("project", project, project)
        changed = [
            change.address.id for change in self._difference.changes if change.address.project == project
        ]
        what = "is worked on now" if old is None else self._state_of(about)
        return Consequence(
            "budget",
            "warning" if now else "advice",
            f"{self._titles.named(about)} {what}: {self._figure} {self._money(was)} → {self._money(now)}",
            about,
            self._field,
            was,
            now,
            (project,) if project in changed else tuple(changed),
            brief=f"{project} {what} ({now - was:+,} {self._unit})",
            grows=float(now),
            share=float("inf"),
        )

    def _state_of(self, about: Address) -> str:
        record = self._difference.after.plan.get(about)
        return _GONE.get(record.state, "is not worked on") if isinstance(record, Project) else "is removed"

    def _passed(
        self,
        project: str,
        stage: StageBudget,
        name: str,
        limit: float,
        old: ProjectBudget,
        causes: tuple[str, ...],
    ) -> Consequence:
        was = next((one.cost(0.8) for one in old.stages if one.id == stage.id), 0.0)
        now = stage.cost(0.8)
        whose = self._titles.named(Address("project", project, project))
        return Consequence(
            "budget",
            "error",
            f"{whose} passes the {name} of stage {stage.id}: {self._figure} {self._money(now)} of "
            f"{self._money(limit)}",
            Address("strategy", project, holder_id("strategy", project)),
            f"stages.{stage.id}.{name}",
            round(was),
            round(now),
            causes,
            brief=f"{self._titles.inside(project)}{name} of stage {stage.id} passed",
            is_dangerous=True,
            grows=now - limit,
            share=float("inf"),
        )

    def _money(self, amount: float) -> str:
        return f"{round(amount):,} {self._unit}"


def _cost(budget: ProjectBudget | None) -> float:
    return budget.whole.cost(0.8) if budget is not None else 0.0


def _cap(budget: ProjectBudget, unit: str) -> str:
    """The cap that a project's cost is held against, where it has one stage."""
    cap = next((stage.cap for stage in budget.stages if stage.cap is not None and stage.people), None)
    return f"cap {written(cap)} {unit}" if cap is not None and len(budget.stages) == 1 else ""


def _limits_passed(old: ProjectBudget, new: ProjectBudget) -> Iterator[tuple[StageBudget, str, float]]:
    """Caps and approvals that P80 is above now and was not."""
    before = {stage.id: stage for stage in old.stages}
    for stage in new.stages:
        was = before.get(stage.id)
        for name, limit, was_limit in (
            ("cap", stage.cap, was.cap if was is not None else None),
            ("approval", stage.approved, was.approved if was is not None else None),
        ):
            if (
                limit is not None
                and stage.over(limit) >= 1
                and not (was is not None and was.over(was_limit) >= 1)
            ):
                yield stage, name, limit
