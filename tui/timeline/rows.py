"""Rows of the chart: what stands in which order. A row is drawn only when it comes into sight."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from ...model.plan.plan import Plan
from ...model.playbook.outline import PHASES, STEPS
from ...model.records.card import Card
from ...model.schedule.targets import Milestone
from ..draw.spans import Span
from .before import Before, Planned
from .chart import Bar, Chart

_TITLES: Mapping[str, str] = {f"{one.phase}/{one.id}": one.title for one in STEPS}
_PHASES: Mapping[str, str] = {one.id: one.title for one in PHASES}
_ORDER: Mapping[str, int] = {
    place: at
    for at, place in enumerate(
        place
        for phase in PHASES
        for place in (phase.id, *(one for one in _TITLES if one.startswith(phase.id)))
    )
}


@dataclass(frozen=True)
class Heading:
    """The name of a group."""

    title: str
    is_project: bool = False


Shown = Heading | Milestone | Bar | Card | Planned
"""What a row shows; a card without a date shows itself."""
Draw = Callable[[Shown], tuple[Span, ...]]


FIELDS = ("id", "owner", "milestone", "place", "status", "tag")
"""What can stand before a colon in the filter."""


def texts_of(card: Card) -> Mapping[str, str]:
    """What the filter looks at."""
    known = {name: getattr(card, name) or "" for name in FIELDS[:-1]}
    return {**known, "tag": " ".join(card.tags), "text": card.label}


class BeforeRow:
    """The row below a card or a milestone that has moved: when it was planned. The cursor goes past it."""

    __slots__ = ("_before", "_draw", "_of")
    key: Hashable = None

    def __init__(self, of: Bar | Milestone, before: Before, draw: Draw) -> None:
        self._of, self._before, self._draw = of, before, draw

    @property
    def spans(self) -> tuple[Span, ...]:
        """The row as it is drawn now."""
        return self._draw(self._before.row(self._of))

    @property
    def text(self) -> str:
        """The row without its looks."""
        return "".join(text for text, _ in self.spans)


class ChartRow:
    """A row of the chart, drawn whenever it is looked at: its scale may have changed meanwhile."""

    __slots__ = ("_draw", "key", "shown")

    def __init__(self, shown: Shown, draw: Draw) -> None:
        self.shown = shown
        self.key: Hashable = _key(shown)
        self._draw = draw

    @property
    def spans(self) -> tuple[Span, ...]:
        """The row as it is drawn now."""
        return self._draw(self.shown)

    @property
    def text(self) -> str:
        """The row without its looks."""
        return "".join(text for text, _ in self.spans)


def _key(shown: Shown) -> Hashable:
    match shown:
        case Bar():
            return shown.card.id
        case Milestone():
            return ("milestone", *shown.key)
        case Card():
            return shown.id
        case _:
            return None


def rows_of(found: Iterable[Shown], before: Before | None, draw: Draw) -> Iterator[ChartRow | BeforeRow]:
    """The rows of the chart; with a baseline one more below each thing that has moved."""
    for one in found:
        yield ChartRow(one, draw)
        if before is not None and isinstance(one, Bar | Milestone) and before.below(one):
            yield BeforeRow(one, before, draw)


def shown_in(
    chart: Chart, plan: Plan, project: str, fits: Callable[[Card], bool], *, critical: bool
) -> Iterator[Shown]:
    """What there is to show, of one project or of all: milestones, then cards by step and start."""
    projects = [one for one in plan.projects if project in ("", one)]
    bars: dict[str, dict[str, list[Bar]]] = {}
    for bar in chart.bars.values():
        card = bar.card
        if (not critical or bar.is_critical) and fits(card):
            bars.setdefault(card.project, {}).setdefault(card.place, []).append(bar)
    missing: dict[str, list[Card]] = {}
    for card in chart.missing.values():
        if not critical and fits(card):
            missing.setdefault(card.project, []).append(card)
    for name in projects:
        milestones = chart.milestones(name)
        mine = bars.get(name, {})
        if not mine and not milestones and name not in missing:
            continue
        if len(projects) > 1:
            yield Heading(plan.projects[name].label, is_project=True)
        if milestones:
            yield Heading("Milestones")
            yield from milestones
        yield from _by_step(mine)
        if name in missing:
            yield Heading("Without a date")
            yield from missing[name]


def _by_step(groups: Mapping[str, list[Bar]]) -> Iterator[Shown]:
    for place in sorted(groups, key=lambda one: (_ORDER.get(one, len(_ORDER)), one)):
        yield Heading(_TITLES.get(place) or _PHASES.get(place, place))
        yield from sorted(groups[place], key=attrgetter("start", "end"))
