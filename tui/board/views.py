"""The columns of the board, made from a plan and from what is looked at.

A view is made once for a plan and a way of looking, and is used until either changes; a step makes only the
groups again that it touches, and a filter goes over what has its order already.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress, count
from operator import is_not
from typing import TYPE_CHECKING, cast

from ...model.plan.plan import Plan
from ...model.playbook.outline import PHASES, STAGES, STEPS
from ...model.records.card import Card
from .columns import Column, Group, Item, Members, is_closed
from .view_state import ViewState

if TYPE_CHECKING:
    from ...model.query.context import CardDates, SearchIndex

_STEP_TITLES = {(step.phase, step.id): step.title for step in STEPS}
_STEP_ORDER = {(step.phase, step.id): index for index, step in enumerate(STEPS)}
_STATUS_TITLES = {"doing": "In progress", "todo": "To do", "done": "Done", "dropped": "Dropped"}
_STAGE_TITLES = {stage.id: stage.title for stage in STAGES}
_LAST = 1_000_000
_FEW = 200
"""Changed cards above which all columns are made again."""
_AT_ONCE = 100
"""Cards that are made ready for a search between two keys: about a millisecond."""


@dataclass(frozen=True)
class Look:
    """What decides which cards stand where; a view is remade when it changes."""

    project: str
    group: str = "step"
    query: str = ""
    kept: frozenset[str] = frozenset()
    folded: bool = False
    """Whether what is finished is in one line for each group, where no query asks for it."""

    @classmethod
    def of(cls, state: ViewState) -> Look:
        """What a state of the view asks for: the same for who tries a query and for who then paints it."""
        folded = not state.unfolded and not state.filter.strip()
        return cls(state.project, state.group, state.filter, state.kept, folded)


class Views:
    """Makes columns, and keeps the last ones as long as plan and look are the same."""

    def __init__(
        self, today: dt.date, me: str = "", dates: Callable[[], Mapping[str, CardDates]] | None = None
    ) -> None:
        self.today = today
        self._dates = dates
        self.me = me
        self._plan = Plan()
        self._look: Look | None = None
        self._all: tuple[Column, ...] = ()
        """The columns with everything in them."""
        self._shown: tuple[Column, ...] = ()
        """What the filter leaves of them."""
        self._index: SearchIndex | None = None

    def prepare_search(self, plan: Plan) -> Iterator[None]:
        """Makes, some cards at a time, the text that a filter looks through; what it has already costs nothing."""
        from ...model.query.context import SearchIndex

        self._index = self._index or SearchIndex()
        for number, card in enumerate(card for cards in plan.cards_of.values() for card in cards):
            self._index.text(card)
            if number % _AT_ONCE == 0:
                yield

    def forget(self) -> None:
        """Makes all columns again when they are asked for next: what cards show or match is something else now."""
        self._look = None

    def columns(self, plan: Plan, look: Look) -> tuple[Column, ...]:
        """The four columns. Raises QueryError where the query cannot be understood."""
        if plan is not self._plan or look != self._look:
            whole = self._patched(plan, look) or (
                project_columns(plan, look.project, look.group) if look.project else portfolio_columns(plan)
            )
            shown = whole
            if look.query.strip():
                shown = self._filtered(plan, look, whole)
            elif look.folded:
                shown = tuple(_folded(column, look.kept, plan) for column in whole)
            self._plan, self._look, self._all, self._shown = plan, look, whole, shown
        return self._shown

    def _patched(self, plan: Plan, look: Look) -> tuple[Column, ...] | None:
        """The last columns with a few cards changed; None where they have to be made again.

        Columns that nothing has touched are the same objects, so that they need not be painted.
        """
        old, last = self._plan, self._look
        if last is None or (last.project, last.group) != (look.project, look.group):
            return None
        if plan is old:
            return self._all
        if not look.project or plan.board is not old.board:
            return None
        if look.group == "milestone" and plan.strategy(look.project) != old.strategy(look.project):
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
            for column in self._all
        )

    def _filtered(self, plan: Plan, look: Look, columns: Iterable[Column]) -> tuple[Column, ...]:
        from ...model.query.compiler import compile_project_query, compile_query
        from ...model.query.context import Context, SearchIndex
        from ...model.query.syntax import parse_query

        self._index = self._index or SearchIndex()
        context = Context(
            plan=plan, today=self.today, me=self.me or None, dates=self._dates, index=self._index
        )
        made = compile_query if look.project else compile_project_query
        matches = cast("Callable[[Item], bool]", made(parse_query(look.query), context))
        return tuple(_narrowed(column, matches, look.kept) for column in columns)


def finished(plan: Plan, keys: Iterable[str]) -> list[Item]:
    """Those cards and projects among some ids in which nothing is left to do."""
    found = (plan.cards.get(key) or plan.projects.get(key) for key in keys)
    return [one for one in found if one is not None and is_closed(one)]


def _folded(column: Column, kept: frozenset[str], plan: Plan) -> Column:
    """A column without what is finished; what has just been finished stays, until the focus moves on."""
    here = frozenset(
        one.id
        for one in finished(plan, kept)
        if (_phase_of(one) if isinstance(one, Card) else one.phase) == column.phase
    )
    return column.folding(here) if here else column.without_finished


def _narrowed(column: Column, matches: Callable[[Item], bool], kept: Collection[str]) -> Column:
    """A column with the items that match, and those that are kept without matching; it still counts the others."""
    strays = frozenset(
        key for key in kept if (at := column.index_of(key)) is not None and not matches(column.items[at])
    )
    groups: list[tuple[str, str, Members]] = []
    for group in column.groups:
        some = Members(item for item in group.members if matches(item) or item.id in strays)
        if some:
            groups.append((group.key, group.title, some))
    return _column(_head(column), groups, column.total, column.doing, column.limit, strays)


_Bucket = tuple[list[Card], list[Card]]
"""The cards of a group: what is still to be done, and what is not."""


def project_columns(plan: Plan, project: str, grouping: str) -> tuple[Column, ...]:
    """A project's cards by phase, and by step (or status, owner, milestone, stage) inside it."""
    buckets: dict[str, dict[str, _Bucket]] = {phase.id: {} for phase in PHASES}
    doing = dict.fromkeys(buckets, 0)
    key_of = _KEYS[grouping]
    for card in plan.cards_of.get(project, ()):
        phase = _phase_of(card)
        doing[phase] += card.status == "doing"
        unfinished, finished = buckets[phase].setdefault(key_of(card), ([], []))
        (unfinished if card.is_open else finished).append(card)
    limits = plan.board.limits
    columns: list[Column] = []
    for phase in PHASES:
        groups = buckets[phase.id]
        order = _ordered(plan, project, grouping, phase.id, groups)
        columns.append(
            _column(
                (phase.id, phase.title),
                [(key, title, [*chain(*groups[key])]) for key, title in order],
                sum(len(some) for bucket in groups.values() for some in bucket),
                doing[phase.id],
                getattr(limits, phase.id),
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
    return _column(_head(column), groups, total, doing, column.limit)


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


def portfolio_columns(plan: Plan) -> tuple[Column, ...]:
    """The projects by the phase where each is, in the order of their ranks."""
    columns: list[Column] = []
    for phase in PHASES:
        projects = [one for one in plan.projects.values() if one.phase == phase.id]
        groups = [("", "", sorted(projects, key=is_closed))] if projects else []
        columns.append(_column((phase.id, phase.title), groups, len(projects), 0, None))
    return tuple(columns)


def _head(column: Column) -> tuple[str, str]:
    """The phase and the title of a column."""
    return column.phase, column.title


def _column(
    head: tuple[str, str],
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
    return Column(*head, tuple(made), items, total, doing, limit, strays)


def _place(item: Item) -> tuple[bool, str, str]:
    """What an item is sorted by in its group; finished work must not push the rest out of sight."""
    return is_closed(item), item.rank, item.id


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
            names = {key: (people[key].label if key in people else key) or "no owner" for key in keys}
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
    index, folding = column.index_of(focus), column.folding_at(focus)
    if folding is not None:
        item, group = folding.folded[0], folding
    elif index is not None:
        item, group = column.items[index], column.group_of(index)
    else:
        return phase, {}
    place = item.place if isinstance(item, Card) and item.phase == phase else phase
    fields: dict[str, object] = {}
    if grouping in ("owner", "milestone", "stage") and group.key:
        fields[grouping] = group.key
    return place, fields
