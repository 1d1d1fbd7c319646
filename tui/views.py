"""The columns of the board, made from a plan and from what is looked at.

Everything here is a value. A view is made once for a plan and a way of looking, and is used until either changes;
lines are found by arithmetic, so that a column of ten thousand cards costs no more to draw than one of ten.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, compress, count
from operator import is_not
from typing import TYPE_CHECKING

from ..model.plan import Plan
from ..model.playbook.spine import PHASES, STAGES, STEPS
from ..model.records.card import Card
from ..model.records.project import Project

if TYPE_CHECKING:
    from ..model.query import SearchIndex

CARD_LINES = 2
Item = Card | Project

_STEP_TITLES = {(step.phase, step.id): step.title for step in STEPS}
_STEP_ORDER = {(step.phase, step.id): index for index, step in enumerate(STEPS)}
_STATUS_TITLES = {"doing": "In progress", "todo": "To do", "done": "Done", "dropped": "Dropped"}
_STAGE_TITLES = {stage.id: stage.title for stage in STAGES}
_LAST = 1_000_000
_FEW = 200
"""Changed cards above which all columns are made anew."""
_AT_ONCE = 100
"""Cards that are made ready for a search between two keys: about a millisecond."""


class Members(tuple[Item, ...]):
    """The items of a group in their order. A step leaves most groups alone, so that this is not made anew for it."""

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each id stands."""
        return {item.id: index for index, item in enumerate(self)}


@dataclass(frozen=True)
class Group:
    """Cards of a column that share a step (or a status, an owner …), in the order of their ranks."""

    key: str
    title: str
    """Its heading; empty where it has none."""
    members: Members
    start: int
    top: int
    """The line of its heading, or of its first card where it has none."""

    @property
    def end(self) -> int:
        """The index after that of its last card."""
        return self.start + len(self.members)

    @property
    def cards_top(self) -> int:
        """The line of its first card."""
        return self.top + (1 if self.title else 0)

    @property
    def height(self) -> int:
        """Its lines, with the heading."""
        return self.cards_top - self.top + len(self.members) * CARD_LINES


@dataclass(frozen=True)
class Line:
    """What stands on one line of a column."""

    group: Group
    index: int
    """Of the card; -1 for the heading of the group."""
    part: int
    """Which of the card's lines it is."""


@dataclass(frozen=True)
class Column:
    """One phase with what it shows."""

    phase: str
    title: str
    groups: tuple[Group, ...] = ()
    items: tuple[Item, ...] = ()
    total: int = 0
    """Cards in the phase, with those that the filter hides."""
    doing: int = 0
    """Cards in progress, with those that the filter hides."""
    limit: int | None = None
    """Most cards in progress before the board asks."""
    strays: frozenset[str] = field(default_factory=frozenset)
    """Ids that the filter would hide, shown because they have just been touched."""

    @cached_property
    def height(self) -> int:
        """All lines of the column."""
        return self.groups[-1].top + self.groups[-1].height if self.groups else 0

    @cached_property
    def _starts(self) -> list[int]:
        return [group.start for group in self.groups]

    @cached_property
    def _tops(self) -> list[int]:
        return [group.top for group in self.groups]

    def index_of(self, key: str) -> int | None:
        """Where an id stands among the items; None where it is not shown."""
        for group in self.groups:
            if (place := group.members.places.get(key)) is not None:
                return group.start + place
        return None

    def group_of(self, index: int) -> Group:
        """The group that holds an item."""
        return self.groups[bisect_right(self._starts, index) - 1]

    def line_of(self, index: int) -> int:
        """The first line of an item."""
        group = self.group_of(index)
        return group.cards_top + (index - group.start) * CARD_LINES

    def span_of(self, index: int) -> tuple[int, int]:
        """The lines to show for an item, first and last; with the heading where it is the first of its group."""
        group = self.group_of(index)
        line = self.line_of(index)
        return (group.top if index == group.start else line), line + CARD_LINES - 1

    def at(self, line: int) -> Line | None:
        """What stands on a line; None below the end."""
        if not 0 <= line < self.height:
            return None
        group = self.groups[bisect_right(self._tops, line) - 1]
        if line < group.cards_top:
            return Line(group, -1, 0)
        place, part = divmod(line - group.cards_top, CARD_LINES)
        return Line(group, group.start + place, part)

    def nearest(self, line: int) -> int:
        """The index of the item at a line, or of the one nearest to it."""
        found = self.at(max(0, min(line, self.height - 1)))
        assert found is not None
        return found.group.start if found.index < 0 else found.index


@dataclass(frozen=True)
class Look:
    """What decides which cards stand where; a view is remade when it changes."""

    project: str
    group: str = "step"
    query: str = ""
    kept: frozenset[str] = frozenset()


class Views:
    """Makes columns, and keeps the last ones as long as plan and look are the same."""

    def __init__(self, today: dt.date, me: str = "") -> None:
        self.today = today
        self.me = me
        self._plan: Plan | None = None
        self._look: Look | None = None
        self._columns: tuple[Column, ...] = ()
        self._index: SearchIndex | None = None

    def prepare_search(self, plan: Plan) -> Iterator[None]:
        """Makes, some cards at a time, the text that a filter looks through; what it has already costs nothing."""
        from ..model.query import SearchIndex

        self._index = self._index or SearchIndex()
        for number, card in enumerate(card for cards in plan.cards_of.values() for card in cards):
            self._index.text(card)
            if number % _AT_ONCE == 0:
                yield

    def columns(self, plan: Plan, look: Look) -> tuple[Column, ...]:
        """The four columns. Raises QueryError where the query cannot be understood."""
        if plan is not self._plan or look != self._look:
            self._columns = self._patched(plan, look) or self._build(plan, look)
            self._plan, self._look = plan, look
        return self._columns

    def _patched(self, plan: Plan, look: Look) -> tuple[Column, ...] | None:
        """The last columns with a few cards changed; None where they have to be made anew.

        Columns that nothing has touched are the same objects, so that they need not be painted.
        """
        old = self._plan
        if old is None or look != self._look or look.query.strip() or not look.project:
            return None
        if plan.board is not old.board or (
            look.group == "milestone" and plan.strategy(look.project) != old.strategy(look.project)
        ):
            return None
        if look.group == "owner" and plan.people is not old.people and plan.people != old.people:
            return None
        before, after = old.cards_of.get(look.project, []), plan.cards_of.get(look.project, [])
        gone, new = _differing(before, after)
        if len(new) + len(gone) > _FEW:
            return None
        return tuple(
            _patched_column(plan, look, column, gone, new)
            if any(_phase_of(card) == column.phase for card in (*gone, *new))
            else column
            for column in self._columns
        )

    def _build(self, plan: Plan, look: Look) -> tuple[Column, ...]:
        if not look.query.strip():
            if not look.project:
                return portfolio_columns(plan)
            return project_columns(plan, look.project, look.group)
        from ..model.query import Context, SearchIndex, compile_project_query, compile_query, parse_query

        self._index = self._index or SearchIndex()
        context = Context(plan=plan, today=self.today, me=self.me or None, index=self._index)
        query = parse_query(look.query)
        if not look.project:
            return portfolio_columns(plan, compile_project_query(query, context), look.kept)
        return project_columns(plan, look.project, look.group, compile_query(query, context), look.kept)


def project_columns(
    plan: Plan,
    project: str,
    grouping: str,
    matches: Callable[[Card], bool] | None = None,
    kept: Collection[str] = (),
) -> tuple[Column, ...]:
    """A project's cards by phase, and by step (or status, owner, milestone, stage) inside it."""
    buckets: dict[str, dict[str, list[Card]]] = {phase.id: {} for phase in PHASES}
    totals = dict.fromkeys(buckets, 0)
    doing = dict.fromkeys(buckets, 0)
    strays: set[str] = set()
    key_of = _KEYS[grouping]
    first = PHASES[0].id
    for card in plan.cards_of.get(project, ()):
        phase, _, _ = card.place.partition("/")
        if phase not in buckets:
            phase = first
        totals[phase] += 1
        if card.status == "doing":
            doing[phase] += 1
        if matches is not None and not matches(card):
            if card.id not in kept:
                continue
            strays.add(card.id)
        buckets[phase].setdefault(key_of(card), []).append(card)
    limits = plan.board.limits
    columns: list[Column] = []
    for phase in PHASES:
        groups = buckets[phase.id]
        order = _ordered(plan, project, grouping, phase.id, groups)
        columns.append(
            _column(
                phase.id,
                phase.title,
                [(key, title, sorted(groups[key], key=is_closed)) for key, title in order],
                totals[phase.id],
                doing[phase.id],
                getattr(limits, phase.id),
                frozenset(strays),
            )
        )
    return tuple(columns)


def _patched_column(
    plan: Plan, look: Look, column: Column, gone: Sequence[Card], new: Sequence[Card]
) -> Column:
    """A column without a filter, after some cards have gone and others have come."""
    key_of = _KEYS[look.group]
    known = {group.key: group.members for group in column.groups}
    changed: dict[str, list[Item]] = {}
    total, doing = column.total, column.doing
    for cards, by in ((gone, -1), (new, 1)):
        for card in cards:
            if _phase_of(card) != column.phase:
                continue
            total, doing = total + by, doing + by * (card.status == "doing")
            key = key_of(card)
            if key not in changed:
                changed[key] = list(known.get(key, ()))
            if by < 0:
                del changed[key][bisect_left(changed[key], _place(card), key=_place)]
            else:
                insort(changed[key], card, key=_place)
    members = {key: some for key, some in {**known, **changed}.items() if some}
    order = _ordered(plan, look.project, look.group, column.phase, members)
    groups = [(key, title, members[key]) for key, title in order]
    return _column(column.phase, column.title, groups, total, doing, column.limit)


def _differing(before: Sequence[Card], after: Sequence[Card]) -> tuple[list[Card], list[Card]]:
    """The cards that only the one and only the other list has, of two that are alike but for a few."""
    # With map the interpreter does it in one go: ten thousand cards are looked at for each step.
    same = min(len(before), len(after))
    head = next(compress(count(), map(is_not, before, after)), same)
    tail = next(compress(count(), map(is_not, reversed(before), reversed(after))), same)
    tail = min(tail, same - head)
    known = {id(card): card for card in before[head : len(before) - tail]}
    present = {id(card): card for card in after[head : len(after) - tail]}
    return (
        [card for key, card in known.items() if key not in present],
        [card for key, card in present.items() if key not in known],
    )


def _phase_of(card: Card) -> str:
    """The column of a card; a place that no phase knows is shown in the first one."""
    phase = card.place.partition("/")[0]
    return phase if phase in _PHASE_IDS else PHASES[0].id


def portfolio_columns(
    plan: Plan, matches: Callable[[Project], bool] | None = None, kept: Collection[str] = ()
) -> tuple[Column, ...]:
    """The projects by the phase where each stands, in the order of their ranks."""
    columns: list[Column] = []
    for phase in PHASES:
        projects = [one for one in plan.projects.values() if one.phase == phase.id]
        fitting = {one.id for one in projects if matches is None or matches(one)}
        shown = [one for one in projects if one.id in fitting or one.id in kept]
        groups = [("", "", sorted(shown, key=is_closed))] if shown else []
        strays = frozenset(one.id for one in shown if one.id not in fitting)
        columns.append(_column(phase.id, phase.title, groups, len(projects), 0, None, strays))
    return tuple(columns)


def _column(
    phase: str,
    title: str,
    groups: Iterable[tuple[str, str, Sequence[Item]]],
    total: int,
    doing: int,
    limit: int | None,
    strays: frozenset[str] = frozenset(),
) -> Column:
    made: list[Group] = []
    start = top = 0
    for key, heading, some in groups:
        group = Group(key, heading, some if isinstance(some, Members) else Members(some), start, top)
        made.append(group)
        start, top = group.end, top + group.height
    items = tuple(chain.from_iterable(group.members for group in made))
    return Column(phase, title, tuple(made), items, total, doing, limit, strays)


def _place(item: Item) -> tuple[bool, str, str]:
    """What an item is sorted by in its group; finished work must not push the rest out of sight."""
    return is_closed(item), item.rank, item.id


def is_closed(item: Item) -> bool:
    """Whether nothing is left to do."""
    return not item.is_open if isinstance(item, Card) else item.state in ("dropped", "done")


def _step_key(card: Card) -> str:
    phase, _, step = card.place.partition("/")
    return step if phase in _PHASE_IDS else card.place


_PHASE_IDS = {phase.id for phase in PHASES}
_KEYS: Mapping[str, Callable[[Card], str]] = {
    "step": _step_key,
    "status": lambda card: card.status,
    "owner": lambda card: card.owner or "",
    "milestone": lambda card: card.milestone or "",
    "stage": lambda card: card.stage or "",
}


def _ordered(
    plan: Plan, project: str, grouping: str, phase: str, keys: Iterable[str]
) -> list[tuple[str, str]]:
    """The groups that there are, in the order of the board, each with its heading."""
    match grouping:
        case "step":
            known = {key: _STEP_TITLES.get((phase, key), key) for key in keys}
            return _sorted(known, lambda key: _STEP_ORDER.get((phase, key), _LAST if key else -1))
        case "status":
            order = list(_STATUS_TITLES)
            return _sorted({key: _STATUS_TITLES.get(key, key) for key in keys}, order.index)
        case "owner":
            people = plan.people
            names = {key: (people[key].label if key in people else key) or "nobody yet" for key in keys}
            return sorted(names.items(), key=lambda pair: (not pair[0], pair[1].casefold(), pair[0]))
        case "milestone":
            milestones = plan.strategy(project).milestones
            titles = {
                key: (milestones[key].label if key in milestones else key) or "no milestone" for key in keys
            }
            dates = {key: milestones[key].due if key in milestones else None for key in titles}
            return sorted(
                titles.items(),
                key=lambda pair: (not pair[0], dates[pair[0]] or dt.date.max, pair[1].casefold(), pair[0]),
            )
        case _:
            order = [stage.id for stage in STAGES]
            titles = {key: _STAGE_TITLES.get(key, key) or "no stage" for key in keys}
            return _sorted(titles, lambda key: order.index(key) if key in order else _LAST)


def _sorted(titles: Mapping[str, str], place: Callable[[str], int]) -> list[tuple[str, str]]:
    return sorted(titles.items(), key=lambda pair: (place(pair[0]), pair[1]))


def column_step(
    columns: Sequence[Column], phase: str, focus: str, grouping: str
) -> tuple[str, dict[str, object]]:
    """Where a card is added right here: its place, and the fields that put it in the focused group."""
    column = next(one for one in columns if one.phase == phase)
    index = column.index_of(focus)
    if index is None:
        return phase, {}
    item, group = column.items[index], column.group_of(index)
    place = item.place if isinstance(item, Card) and item.phase == phase else phase
    fields: dict[str, object] = {}
    if grouping in ("owner", "milestone", "stage") and group.key:
        fields[grouping] = group.key
    return place, fields
