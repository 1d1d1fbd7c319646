"""What follows from changes for dates, people's weeks and the critical path, with the changes that cause it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from math import ceil

from ..capacity.calendar import HALF_DAYS, in_days
from ..records.address import Address
from ..schedule.schedule import Schedule
from ..schedule.targets import Key
from ..text.amounts import counted
from ..text.dates import say_date, say_monday
from ..text.figure import signed, written
from ..text.named import named, quoted
from .causes import Causes
from .changes import Difference
from .consequence import Consequence, Row
from .outcome import Outcome, Outcomes, moved_by, percentile_shift

PERCENTILES = (("P50", 0.5), ("P80", 0.8))
_NAMED = 5


class DateConsequences:
    """Dates of both sides, where they differ."""

    def __init__(self, difference: Difference, found: Outcomes, causes: Causes) -> None:
        self._difference = difference
        self._found = found
        self._causes = causes
        self._today = difference.after.today
        self._titles = difference.titles

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
            left_out = self._left_out(key)
            if not rows and (left_out or (is_late and not was_late)):
                day = self._day(self._date_of(self._found.after, key))
                rows = [self._row(key, "", day, day, "too early" if left_out else "due before that")]
            if rows:
                is_missed = is_late and (later > 0 or not was_late)
                yield self._date(key, rows, later, left_out, is_missed=is_missed), rows

    def sampling_errors(self) -> tuple[float, float]:
        """Working days by which ever more runs could move a P80 of these dates, and by how much of that its change."""
        before, after = self._sides
        dates, shifts = [0], [0.0]
        for key in self.keys():
            was, now = before.outlook(key), after.outlook(key)
            if now is not None and (error := now.error(0.8)) is not None:
                dates.append(error)
                shifts += [percentile_shift(was, now, 0.8).error] if was is not None else []
        return in_days(max(dates)), in_days(ceil(max(shifts)))

    def _rows(self, key: Key) -> tuple[list[Row], float]:
        """The rows of a milestone, and the working days by which it comes later: at P80 where there is one."""
        before, after = self._sides
        old, new = self._date_of(before, key), self._date_of(after, key)
        rows: list[Row] = []
        moved = moved_by(before, after, key)
        if moved or (old is None) != (new is None):
            change = _days(moved) if old and new else ""
            rows.append(self._row(key, "", self._day(old), self._day(new), change))
        later = moved
        was, now = before.outlook(key), after.outlook(key)
        if was is not None and now is not None:
            for percentile, chance in PERCENTILES:
                shift = percentile_shift(was, now, chance)
                days = was.date(chance), now.date(chance)
                later = round(shift.sure if all(days) else shift.by)
                if later:
                    change = _days(later) if all(days) else ""
                    # With that chance it is not reached at all: people are gone before, or it is years away.
                    said = [self._day(day) if day is not None else "never" for day in days]
                    rows.append(self._row(key, percentile, said[0], said[1], change))
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

    def _left_out(self, key: Key) -> frozenset[str]:
        """The cards that a milestone, or a project's end, has lost to the plan: its date says nothing of them."""
        before, after = (_without_place(side.schedule, key) for side in self._sides)
        return after - before

    def _date(
        self, key: Key, rows: Sequence[Row], later: float, left_out: Collection[str], *, is_missed: bool
    ) -> Consequence:
        before, after = self._sides
        old, new = self._date_of(before, key), self._date_of(after, key)
        # The row of P50 says nothing that those of the date and of P80 do not: it is in the table alone.
        told = [row for row in rows if row.figure != "P50"] or rows
        said = ", ".join(f"{row.figure} {row.before} → {row.after}".strip() for row in told)
        due = f" ({rows[0].note})" if rows[0].note else ""
        came = self._came_or_went(key, old, new, left_out)
        without = f"without {counted(len(left_out), 'card')} that cannot be scheduled" if left_out else ""
        return Consequence(
            "date",
            "error" if is_missed or left_out else "warning" if later > 0 else "advice",
            f"{self._named(key)} {came or said}{due}{f'; {without}' if without else ''}",
            Address("milestone", *key) if key[1] else Address("project", key[0], key[0]),
            "date",
            self._figures(before, key, old),
            self._figures(after, key, new),
            self._causes.of_date(key),
            brief=self._brief(key, rows[-1], without or came, is_missed=is_missed),
            is_dangerous=is_missed or bool(left_out),
            later=float("inf") if left_out else later,
        )

    def _came_or_went(
        self, key: Key, old: dt.date | None, new: dt.date | None, left_out: Collection[str]
    ) -> str:
        """What is said where a side has no date."""
        if old is not None and new is not None:
            return ""
        if new is not None:
            return f"has a date now: {self._day(new)}"
        project, name = key
        plan = self._difference.after.plan
        what = "has no date any more" if left_out else "has no open card any more"
        if (record := plan.projects.get(project)) is None or record.state != "active":
            what = "is not planned any more"
        elif name and name not in plan.strategy(project).milestones:
            what = "is no longer a milestone"
        return f"{what} (was {self._day(old)})"

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

    def _row(self, key: Key, figure: str, before: str, after: str, change: str) -> Row:
        project, name = key
        inside = self._titles.has_projects
        subject = (f"{project}/{name}" if inside else name) if name else f"end of {project}"
        label = self._titles.label(Address("milestone", *key)) if name else f"end{self._titles.of(project)}"
        title = f"{self._titles.inside(project)}{label}" if name else label
        return Row(subject, figure, before, after, change, self._note(key), title)

    def _named(self, key: Key) -> str:
        """A milestone by its title with the id, or the end of a project."""
        project, name = key
        if not name:
            return f"end{self._titles.of_named(project)}"
        title = self._titles.label(Address("milestone", *key))
        return named(title, f"{project}/{name}" if self._titles.has_projects else name)

    def _brief(self, key: Key, row: Row, came: str, *, is_missed: bool) -> str:
        """A milestone in a few words: `"MVP live" P80 +11 days (due 18 Dec)`."""
        project, name = key
        title = self._titles.short(Address("milestone", *key)) if name else f"end{self._titles.of(project)}"
        change = came or f"{row.figure} {row.change or f'{row.before} → {row.after}'}".lstrip()
        due = f" ({row.note})" if is_missed and row.note else ""
        inside = self._titles.inside(project) if name else ""
        return f"{inside}{title} {change}{due}"

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
            person = Address("person", "", name)
            worst = max(load.weeks, key=lambda week: week.over)
            monday = say_monday(worst.monday, self._today)
            mine = [one.task.id for one in after.dates.by_person.get(name, ())]
            causes = [one for one in (name, *mine) if one in changed] or [
                one for one, change in changed.items() if change.address.kind in ("strategy", "board")
            ]
            yield Consequence(
                "overload",
                "warning",
                f"{self._titles.label(person)} has {worst.said} in the week of {monday}"
                + (f", and {written(round(over, 1))} days too much in all" if load.over > worst.over else ""),
                person,
                "load",
                round(was, 2),
                round(over, 2),
                tuple(causes),
                grows=over - was,
            )

    def critical(self) -> Iterator[Consequence]:
        """Cards that are on a critical path now and were not, and the other way round, by project."""
        before, after = (side.schedule for side in self._sides)
        if before is after:
            return
        projects = {one.task.project for side in (before, after) for one in side.cards.values()}
        for project in sorted(projects):
            old, new = (
                {one for one in side.critical if side.cards[one].task.project == project}
                for side in (before, after)
            )
            joined = new - old
            came = after.by_start(one for one in after.cards if one in joined)
            went = [one for one in sorted(old - new) if one in after.cards]
            if not came and not went:
                continue
            parts = [f"{counted(len(came), 'card')} joined it ({_few(after, came)})"] if came else []
            parts += [f"{counted(len(went), 'card')} left it ({_few(after, went)})"] if went else []
            changed = {change.address.id for change in self._difference.changes}
            own = [one for one in (*came, *went) if one in changed]
            yield Consequence(
                "critical",
                "advice",
                f"critical path{self._titles.of_named(project)}: {', '.join(parts)}",
                Address("project", project, project),
                "critical",
                sorted(old - new),
                sorted(new - old),
                tuple(own) or self._causes.of_date((project, "")),
            )


def _without_place(made: Schedule, key: Key) -> frozenset[str]:
    """The open cards that lead to a milestone, or belong to a project, and cannot be scheduled."""
    project, name = key
    if name:
        milestone = made.milestones.get(key)
        return frozenset(milestone.left_out if milestone is not None else ())
    tasks = made.dates.tasks.values()
    return frozenset(one.id for one in tasks if one.project == project and one.id not in made.cards)


def _days(half_days: int) -> str:
    """`+11 days`, `-0.5 days`."""
    days = in_days(half_days)
    return f"{signed(days)} day{'s' * (abs(days) != 1)}"


def _few(made: Schedule, names: Sequence[str]) -> str:
    """Some cards by their titles, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(quoted(made.cards[name].task.card.label) for name in names[:_NAMED]) + more
