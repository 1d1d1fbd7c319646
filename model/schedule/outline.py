"""What is scheduled and how it hangs together, before anything has a date; carried along from state to state.

Most changes touch the figures of a card: then the loops, the people, the parts and what leads where are as before, and
only the cards that changed are looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..capacity.calendar import Axis
from ..capacity.presence import Presence
from ..plan.plan import Plan
from ..records.address import Address
from ..records.base import Record
from ..records.board import Calendar
from ..snapshot.snapshot import Snapshot
from .axes import Axes
from .downstream import Downstream
from .left_out import hopeless, without_waiters
from .loops import Loops, loops_of
from .parts import Calendars, Part, parts_of, staff
from .problem import Problem
from .tasks import Task, Tasks, collect

CARD = "card"


@dataclass(frozen=True)
class Outline:
    """The tasks of a plan in parts, with what is left out."""

    snapshot: Snapshot
    collected: Tasks
    gone: Loops
    staffed: Mapping[str, tuple[Presence, ...]]
    axes: Axes
    without_place: Mapping[str, Problem]
    parts: tuple[Part, ...]
    downstream: Downstream

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is said of tasks before any has a date."""
        return (*self.collected.problems, *self.gone.problems, *self.without_place.values())

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        calendar: Calendar,
        calendars: Callable[[Axis], Calendars],
        before: Outline | None = None,
    ) -> Outline:
        """The outline of a plan; `before` is that of an earlier state, of which it takes over what is the same."""
        collected = collect(snapshot, before.collected if before is not None else None)
        changed = before and _changed(before, snapshot, collected)
        if before is not None and changed is not None:
            found = before._following(snapshot, collected, calendar, calendars, changed)
            if found is not None:
                return found
        tasks = collected.by_id
        gone = loops_of(tasks)
        left = {name: task for name, task in tasks.items() if name not in gone.left_out}
        axes = Axes(calendar, snapshot.today, left.values(), calendars)
        staffed = staff(snapshot.plan, left)
        without_place = hopeless(snapshot, left, staffed, axes)
        left = without_waiters(left, without_place)
        parts = tuple(parts_of(snapshot.plan, left, staffed, snapshot.today))
        return cls(snapshot, collected, gone, staffed, axes, without_place, parts, Downstream(tasks))

    def _following(
        self,
        snapshot: Snapshot,
        collected: Tasks,
        calendar: Calendar,
        calendars: Callable[[Axis], Calendars],
        changed: Sequence[Task],
    ) -> Outline | None:
        """The outline where some tasks have other figures; None where one of them could find no place, or others do."""
        tasks = collected.by_id
        left = [task for name, task in tasks.items() if name not in self.gone.left_out]
        axes = Axes(calendar, snapshot.today, left, calendars)
        if self.without_place or (axes.key, axes.at(0).axis) != (self.axes.key, self.axes.at(0).axis):
            return None
        asked = {task.id: task for task in changed if task.id not in self.gone.left_out}
        if hopeless(snapshot, asked, self.staffed, axes):
            return None
        parts = tuple(part.with_tasks(asked) for part in self.parts)
        downstream = self.downstream.following(tasks, changed)
        return Outline(snapshot, collected, self.gone, self.staffed, axes, {}, parts, downstream)


def _changed(before: Outline, snapshot: Snapshot, collected: Tasks) -> list[Task] | None:
    """The tasks that are not as they were, where all hang together as before; None where they do not."""
    old, new = before.collected.by_id, collected.by_id
    if before.snapshot.today != snapshot.today or not _is_same_but_cards(before.snapshot.plan, snapshot.plan):
        return None
    if old.keys() != new.keys() or any(one != other for one, other in zip(old, new, strict=True)):
        return None
    changed = [task for name, task in new.items() if task is not old[name]]
    return changed if all(_is_tied_alike(old[task.id], task) for task in changed) else None


def _is_tied_alike(old: Task, new: Task) -> bool:
    """Whether two states of a task have the same links and the same people."""
    return all(
        one == other
        for one, other in (
            (old.card.needs, new.card.needs),
            (old.needs, new.needs),
            (old.named, new.named),
            (old.is_running, new.is_running),
            (old.fixed is None, new.fixed is None),
            (old.project, new.project),
            (old.owner, new.owner),
            (old.skill, new.skill),
        )
    )


def _is_same_but_cards(old: Plan, new: Plan) -> bool:
    """Whether two states of a plan differ in cards only."""
    kinds = (old.by_kind.keys() | new.by_kind.keys()) - {CARD}
    return all(_is_same(old.by_kind.get(kind, {}), new.by_kind.get(kind, {})) for kind in kinds)


def _is_same(old: Mapping[Address, Record], new: Mapping[Address, Record]) -> bool:
    return old.keys() == new.keys() and all(record is new[address] for address, record in old.items())
