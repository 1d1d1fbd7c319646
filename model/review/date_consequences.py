"""What follows from changes for dates, people's weeks, the critical path and money, with the changes that cause it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ..budget.budget import ProjectBudget, StageBudget
from ..capacity.calendar import HALF_DAYS, in_days
from ..plan.plan import holder_id
from ..records.address import Address
from ..schedule.schedule import Schedule
from ..schedule.targets import Key
from ..text.amounts import counted
from ..text.dates import say_date
from ..text.figure import written
from ..text.named import quoted
from .causes import Causes
from .changes import Difference
from .consequence import Consequence, Row
from .outcome import Outcome, Outcomes, cost_moved_by, moved_by, percentile_moved_by

MOST_CRITICAL = 3_000
"""Cards of a plan above which the critical path is not compared."""
PERCENTILES = (("P50", 0.5), ("P80", 0.8))
_NAMED = 5


class DateConsequences:
    """Dates and money of both sides, where they differ."""

    def __init__(self, difference: Difference, found: Outcomes, causes: Causes) -> None:
        self._difference = difference
        self._found = found
        self._causes = causes
        self._today = difference.after.today
        self._unit = difference.after.plan.board.currency

    @property
    def _sides(self) -> tuple[Outcome, Outcome]:
        return self._found.before, self._found.after

    # ---- dates

    def keys(self) -> list[Key]:
        """The milestones that may have moved, and the ends of projects that have none, in the order of the plan."""
        before, after = self._sides
        known = [*after.schedule.milestones, *before.schedule.milestones]
        found = [key for key in dict.fromkeys(known) if key in self._found.keys]
        with_milestones = {project for project, _ in known}
        ends = sorted(key for key in self._found.keys if not key[1] and key[0] not in with_milestones)
        return [*found, *ends]

    def dates(self) -> Iterator[tuple[Consequence, list[Row]]]:
        """What moves, or is due before it is reached now, with its rows of the table."""
        for key in self.keys():
            rows, later = self._rows(key)
            was_late, is_late = (self._is_late(side, key) for side in self._sides)
            if not rows and is_late and not was_late:
                day = self._day(self._date_of(self._found.after, key))
                rows = [Row(self._name(key), day, day, "due before that", self._note(key))]
            if rows:
                yield self._date(key, rows, later, is_missed=is_late and (later > 0 or not was_late)), rows

    def sampling_error(self) -> float:
        """Working days by which ever more runs could move the P80 of one of these dates, as far as that is known."""
        outlooks = [self._found.after.outlook(key) for key in self.keys()]
        errors = [one.error(0.8) for one in outlooks if one is not None]
        return in_days(max((one for one in errors if one is not None), default=0))

    def _rows(self, key: Key) -> tuple[list[Row], float]:
        """The rows of a milestone, and the working days by which it comes later: at P80 where there is one."""
        before, after = self._sides
        name, note = self._name(key), self._note(key)
        old, new = self._date_of(before, key), self._date_of(after, key)
        rows: list[Row] = []
        moved = moved_by(before, after, key)
        if moved or (old is None) != (new is None):
            rows.append(Row(name, self._day(old), self._day(new), _days(moved) if old and new else "", note))
        later = moved
        was, now = before.outlook(key), after.outlook(key)
        if was is not None and now is not None:
            for percentile, chance in PERCENTILES:
                later = percentile_moved_by(was, now, chance)
                if later:
                    days = self._day(was.date(chance)), self._day(now.date(chance))
                    rows.append(Row(f"{name} {percentile}", *days, _days(later), note))
        return rows, later / HALF_DAYS

    def _is_late(self, side: Outcome, key: Key) -> bool:
        """Whether a milestone is reached after it is due: at P80 where there is one."""
        milestone = side.schedule.milestones.get(key)
        outlook = side.outlook(key)
        last = outlook.date(0.8) or dt.date.max if outlook is not None else self._date_of(side, key)
        return (
            milestone is not None and milestone.due is not None and last is not None and last > milestone.due
        )

    def _note(self, key: Key) -> str:
        milestone = self._found.after.schedule.milestones.get(key)
        return (
            f"due {self._day(milestone.due)}" if milestone is not None and milestone.due is not None else ""
        )

    def _date(self, key: Key, rows: Sequence[Row], later: float, *, is_missed: bool) -> Consequence:
        before, after = self._sides
        old, new = self._date_of(before, key), self._date_of(after, key)
        name, plan = self._name(key), rows[0]
        said = ", ".join(
            f"{row.name.removeprefix(name).strip()} {row.before} → {row.after}".strip() for row in rows
        )
        due = f" ({plan.note})" if plan.note else ""
        came = self._came_or_went(key, old, new)
        return Consequence(
            "date",
            "error" if is_missed else "warning" if later > 0 else "advice",
            f"{name} {came or said}{due}",
            Address("milestone", *key) if key[1] else Address("project", key[0], key[0]),
            "date",
            self._figures(before, key, old),
            self._figures(after, key, new),
            self._causes.of_date(key),
            brief=_brief(rows, is_missed=is_missed) if is_missed or later > 0 else "",
            is_dangerous=is_missed,
            later=max(later, 0.0),
        )

    def _came_or_went(self, key: Key, old: dt.date | None, new: dt.date | None) -> str:
        """What is said where a side has no date."""
        if old is not None and new is not None:
            return ""
        if new is not None:
            return f"has a date now: {self._day(new)}"
        is_there = key in self._found.after.schedule.milestones
        return (
            f"has no open card any more (was {self._day(old)})"
            if is_there or not key[1]
            else (f"is a milestone no more (was {self._day(old)})")
        )

    @staticmethod
    def _figures(side: Outcome, key: Key, date: dt.date | None) -> dict[str, dt.date | None]:
        outlook = side.outlook(key)
        found: dict[str, dt.date | None] = {"date": date}
        if outlook is not None:
            found |= {name.lower(): outlook.date(chance) for name, chance in PERCENTILES}
        return found

    def _date_of(self, side: Outcome, key: Key) -> dt.date | None:
        end = side.moment(key)
        return side.schedule.axis.date(end - 1) if end else None

    def _name(self, key: Key) -> str:
        """The milestone's id, with its project where the plan has several; the end of a project."""
        if not key[1]:
            return f"end of {key[0]}"
        plan = self._difference.after.plan
        return key[1] if len(plan.projects) < 2 else f"{key[0]}/{key[1]}"

    def _day(self, day: dt.date | None) -> str:
        return say_date(day, self._today) if day is not None else "none"

    # ---- people

    def overloads(self) -> Iterator[Consequence]:
        """People who have more work in their weeks than before, and more than they have time for."""
        before, after = (side.schedule for side in self._sides)
        if before is after:
            return
        changed = {change.address.id: change for change in self._difference.changes}
        for name, load in sorted(after.loads.items()):
            old = before.loads.get(name)
            over, was = load.over, old.over if old is not None else 0.0
            if over - was < 1 / HALF_DAYS:
                continue
            worst = max(load.weeks, key=lambda week: week.over)
            mine = [one.task.id for one in after.dates.by_person.get(name, ())]
            causes = [one for one in (name, *mine) if one in changed] or [
                one for one, change in changed.items() if change.address.kind in ("strategy", "board")
            ]
            yield Consequence(
                "overload",
                "warning",
                f"{name} has {worst.said} in the week of {self._day(worst.monday)}"
                + (f", and {written(round(over, 1))} days too much in all" if load.over > worst.over else ""),
                Address("person", "", name),
                "load",
                round(was, 2),
                round(over, 2),
                tuple(causes),
                grows=over - was,
            )

    def critical(self) -> Iterator[Consequence]:
        """Cards that are on a critical path now and were not, and the other way round, by project."""
        before, after = (side.schedule for side in self._sides)
        if before is after or max(len(before.cards), len(after.cards)) > MOST_CRITICAL:
            return
        projects = {one.task.project for side in (before, after) for one in side.cards.values()}
        for project in sorted(projects):
            old, new = (
                {one for one in side.critical if side.cards[one].task.project == project}
                for side in (before, after)
            )
            came = after.by_start(new - old)
            went = [one for one in sorted(old - new) if one in after.cards]
            if not came and not went:
                continue
            parts = [f"{counted(len(came), 'card')} joined ({_few(after, came)})"] if came else []
            parts += [f"{counted(len(went), 'card')} left ({_few(after, went)})"] if went else []
            changed = {change.address.id for change in self._difference.changes}
            own = [one for one in (*came, *went) if one in changed]
            yield Consequence(
                "critical",
                "advice",
                f"critical path of {project}: {', '.join(parts)}",
                Address("project", project, project),
                "critical",
                sorted(old - new),
                sorted(new - old),
                tuple(own) or self._causes.of_date((project, "")),
            )

    # ---- money

    def money(self) -> Iterator[tuple[Consequence, Row]]:
        """Projects that cost more or less, at P80, and limits that this passes."""
        sides = [side.budgets for side in self._sides]
        for project in sorted(sides[0].keys() | sides[1].keys()):
            old, new = (side.get(project) for side in sides)
            if old is None or new is None:
                yield self._came_with_money(project, old, new)
                continue
            rise = cost_moved_by(old, new, 0.8)
            passed = list(_limits_passed(old, new))
            if not rise and not passed:
                continue
            was, now = old.whole.cost(0.8), new.whole.cost(0.8)
            causes = self._causes.of_cost(project)
            cap = next((stage.cap for stage in new.stages if stage.cap is not None and stage.people), None)
            note = f"cap {written(cap)} {self._unit}" if cap is not None and len(new.stages) == 1 else ""
            row = Row(f"{project} budget P80", self._money(was), self._money(now), f"{round(rise):+,}", note)
            yield (
                Consequence(
                    "budget",
                    "warning" if rise > 0 else "advice",
                    f"budget of {project} at P80 {self._money(was)} → {self._money(now)} ({round(rise):+,})",
                    Address("project", project, project),
                    "P80",
                    round(was),
                    round(now),
                    causes,
                    brief=f"budget of {project} {round(rise):+,} {self._unit}" if rise > 0 else "",
                    grows=max(rise, 0.0),
                    share=rise / was if was else float("inf"),
                ),
                row,
            )
            for stage, name, limit in passed:
                yield self._passed(project, stage, name, limit, old, causes), row

    def _came_with_money(
        self, project: str, old: ProjectBudget | None, new: ProjectBudget | None
    ) -> tuple[Consequence, Row]:
        """The cost of a project that is worked on only on one side."""
        was, now = (round(one.whole.cost(0.8)) if one is not None else 0 for one in (old, new))
        about = Address("project", project, project)
        changed = [
            change.address.id for change in self._difference.changes if change.address.project == project
        ]
        text = f"{project} {'is worked on now' if old is None else 'is not worked on any more'}: at P80 "
        return (
            Consequence(
                "budget",
                "warning" if now else "advice",
                f"{text}{self._money(now or was)}",
                about,
                "P80",
                was,
                now,
                (project,) if project in changed else tuple(changed),
                brief=f"{project} {'adds' if now else 'saves'} {self._money(now or was)}",
                grows=float(now),
                share=float("inf"),
            ),
            Row(f"{project} budget P80", self._money(was), self._money(now), f"{now - was:+,}"),
        )

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
        return Consequence(
            "budget",
            "error",
            f"{project} passes the {name} of stage {stage.id}: P80 {self._money(now)} of {self._money(limit)}",
            Address("strategy", project, holder_id("strategy", project)),
            f"stages.{stage.id}.{name}",
            round(was),
            round(now),
            causes,
            brief=f"{project} passes the {name} of stage {stage.id}",
            is_dangerous=True,
            grows=now - limit,
            share=float("inf"),
        )

    def _money(self, amount: float) -> str:
        return f"{round(amount):,} {self._unit}"


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


def _days(half_days: int) -> str:
    """`+11 days`, `-0.5 days`."""
    days = in_days(half_days)
    return f"{'+' if days > 0 else ''}{written(days)} day{'s' * (abs(days) != 1)}"


def _brief(rows: Sequence[Row], *, is_missed: bool) -> str:
    """The last row of a milestone in a few words: `mvp-live P80 +11 days (due 18 Dec)`."""
    row = rows[-1]
    return f"{row.name} {row.change}".rstrip() + (f" ({row.note})" if is_missed and row.note else "")


def _few(made: Schedule, names: Sequence[str]) -> str:
    """Some cards by their titles, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(quoted(made.cards[name].task.card.label) for name in names[:_NAMED]) + more
