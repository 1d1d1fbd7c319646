"""Which changes a later date or a higher cost comes from.

Where one change only can be behind it, that is the one. Where there are several, each is left out in turn and the plan
worked out without it: what then does not happen, it caused. Two changes of which either is enough show themselves the
other way round, each made alone. Where that would take too long, all changes that can be behind it are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from ..plan.change import Change
from ..plan.plan import Plan
from ..records.address import Address
from ..records.card import Card
from ..records.strategy import Strategy
from ..schedule.relevance import can_move_dates
from ..schedule.schedule import PartCache, schedule
from ..schedule.targets import Key
from ..snapshot.snapshot import Snapshot
from .changes import Difference, ids_of
from .outcome import Outcome, Outcomes, Progress, cost_shift, moved_by, percentile_shift

LIGHT_RUNS = 200
"""Runs by which it is tried whether a percentile moves."""
MOST_WORK = 1_500.0
"""Milliseconds, about, that trying takes at most: see `_work`."""
_PER_CARD, _PER_CARD_RUN = 0.1, 0.005
"""Milliseconds to schedule a card, and to run one."""

Effect = Callable[[Outcome, Outcome], float]
"""By how much the second of two outcomes is later, or dearer."""


_PRICED: Mapping[str, tuple[str, ...]] = {
    "person": ("day_rate",),
    "strategy": ("budget", "resources", "stages"),
    "card": ("stage",),
    "dataset": ("cost", "label_cost"),
    "project": ("stage",),
    "board": ("currency",),
}
"""What costs follow from, by kind of record, besides what dates follow from."""


def can_cost(change: Change) -> bool:
    """Whether a change can make a project cost another sum."""
    if can_move_dates_of(change):
        return True
    side = change.after or change.before
    fields = _PRICED.get(side.KIND, ()) if side is not None else ()
    blank = type(side)() if isinstance(side, Strategy) else None
    old, new = change.before or blank, change.after or blank
    if old is None or new is None:
        return bool(fields)
    return any(getattr(old, name) != getattr(new, name) for name in fields)


class Causes:
    """Finds the changes behind what differs between two outcomes."""

    def __init__(self, difference: Difference, found: Outcomes, progress: Progress) -> None:
        self._difference = difference
        self._found = found
        self._progress = progress
        self._cache = PartCache()
        self._tried: dict[tuple[Address, bool], Outcome] = {}

    def of_date(self, key: Key) -> tuple[str, ...]:
        """The changes that move a milestone, or the end of a project."""

        def effect(before: Outcome, after: Outcome) -> float:
            moved = moved_by(before, after, key)
            old, new = before.outlook(key), after.outlook(key)
            if moved or old is None or new is None:
                return moved
            return percentile_shift(old, new, 0.8).sure

        cards = self._cards_behind(key)
        return self._of(self._relevant(cards, can_move_dates_of), effect)

    def of_cost(self, project: str) -> tuple[str, ...]:
        """The changes that make a project cost more, or less."""

        def effect(before: Outcome, after: Outcome) -> float:
            old, new = before.budgets.get(project), after.budgets.get(project)
            return cost_shift(old.costs, new.costs, 0.8).sure if old is not None and new is not None else 0.0

        cards = {
            one.id
            for plan in (self._difference.before.plan, self._difference.after.plan)
            for one in plan.cards.values()
            if one.project == project
        }
        return self._of(self._relevant(cards, can_cost, project), effect)

    # ---- which may be behind it

    def _cards_behind(self, key: Key) -> set[str]:
        """The cards whose dates may have to do with a target: those in the parts of its cards, on either side."""
        found: set[str] = set()
        for side in (self._found.before, self._found.after):
            members = set(side.schedule.targets.members.get(key, ()))
            for part in side.schedule.dates.parts:
                ids = {task.id for task in part.source.part.tasks}
                if ids & members:
                    found |= ids
        return found

    def _relevant(
        self, cards: set[str], matters: Callable[[Change], bool], project: str = ""
    ) -> list[Change]:
        """The changes that may be behind what becomes of some cards."""
        plan = self._difference.after.plan
        projects = {plan.cards[one].project for one in cards if one in plan.cards} | {project}
        found: list[Change] = []
        for change in self._difference.changes:
            address = change.address
            match address.kind:
                case "card":
                    is_near = address.id in cards
                case "person":
                    is_near = self._has_work_of(address.id, cards)
                case _:
                    is_near = not address.project or address.project in projects
            if is_near and matters(change):
                found.append(change)
        return found

    def _has_work_of(self, person: str, cards: set[str]) -> bool:
        """Whether a person owns one of some cards, or may do one that asks for a skill."""
        plans = (self._difference.before.plan, self._difference.after.plan)
        skills = {one for plan in plans if person in plan.people for one in plan.people[person].skills}
        return any(
            (card := plan.cards.get(one)) is not None
            and (card.owner == person if card.owner else card.skill in skills)
            for plan in plans
            for one in cards
        )

    # ---- trying

    def _of(self, relevant: list[Change], effect: Effect) -> tuple[str, ...]:
        if len(relevant) < 2 or self._work(len(relevant)) > MOST_WORK:
            return ids_of(relevant)
        whole = effect(*self._light)
        if not whole:
            # Too small a shift for the few runs that are tried.
            return ids_of(relevant)
        before, after = self._light
        causes = [one for one in relevant if effect(self._try(one, is_alone=False), after) * whole > 0]
        causes = causes or [
            one for one in relevant if effect(before, self._try(one, is_alone=True)) * whole > 0
        ]
        return ids_of(causes or relevant)

    def _work(self, count: int) -> float:
        """Milliseconds, about, that trying some changes takes."""
        cards = len(self._found.after.schedule.dates.tasks)
        runs = LIGHT_RUNS if self._found.has_percentiles else 0
        return count * (cards * _PER_CARD + self._found.cards * runs * _PER_CARD_RUN)

    @cached_property
    def _light(self) -> tuple[Outcome, Outcome]:
        """Both states with few runs."""
        return self._outcome(self._difference.before), self._outcome(self._difference.after)

    def _try(self, change: Change, *, is_alone: bool) -> Outcome:
        """The later state without a change, or the earlier one with it alone."""
        key = (change.address, is_alone)
        if key not in self._tried:
            snapshot = self._difference.before if is_alone else self._difference.after
            self._tried[key] = self._outcome(snapshot.after([change if is_alone else change.inverse]))
        return self._tried[key]

    def _outcome(self, snapshot: Snapshot) -> Outcome:
        made = Outcome(
            snapshot, lambda: schedule(snapshot, cache=self._cache, progress=self._progress), self._progress
        )
        made.narrow(self._found.keys, self._found.after.projects)
        made.runs = LIGHT_RUNS if self._found.has_percentiles else None
        made.seed = self._found.after.seed
        return made


def can_move_dates_of(change: Change) -> bool:
    """Whether a change can move a date."""
    return can_move_dates(change.before, change.after)


def cards_changed(changes: tuple[Change, ...], *plans: Plan) -> Iterator[str]:
    """Ids of the cards that changed, and of those that need one of them."""
    for change in changes:
        if isinstance(change.after or change.before, Card):
            yield change.address.id
            for plan in plans:
                yield from plan.needed_by.get(change.address.id, ())
