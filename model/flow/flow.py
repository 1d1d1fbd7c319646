"""The flow of a plan, or of one of its projects: every figure that follows from the history of its cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..capacity.calendar import Axis
from ..capacity.presence import presence
from ..cards.spread import spread
from ..plan.plan import Plan
from ..text.amounts import counted
from .calibration import Judged, Record, judged_of, records_of
from .card_history import CardHistory, PlanHistory
from .cumulative import Day, days_of
from .finished import Spans, spans_of
from .throughput import Throughput, Week, throughput_of, weeks_of


@dataclass(frozen=True)
class Lacking:
    """What could not be counted, and how much of it there is."""

    count: int
    thing: str
    why: str

    @property
    def words(self) -> str:
        """`3 cards done without an estimate`."""
        return f"{counted(self.count, self.thing)} {self.why}"


@dataclass(frozen=True)
class Flow:
    """Figures of flow, seen on a day."""

    today: dt.date
    since: dt.date | None
    """The first commit of the plan; None where there is none up to today."""
    spans: Spans
    weeks: tuple[Week, ...]
    days: tuple[Day, ...]
    ahead: Throughput
    """When the open cards are done at the pace of past weeks."""
    judged: tuple[Judged, ...]
    records: tuple[Record, ...]
    """Estimates against actuals: all cards, each person, each kind of work."""
    lacking: tuple[Lacking, ...]
    """What could not be counted."""
    is_cut_off: bool = False
    """Whether the clone's history begins later than the plan's."""

    @property
    def open_cards(self) -> int:
        """Cards that are not done, in the last commit."""
        return self.days[-1].scope - self.days[-1].done if self.days else 0


def flow_of(plan: Plan, history: PlanHistory, today: dt.date, project: str = "") -> Flow:
    """The flow of a project, or of all of them. Nothing after today counts, whatever clocks have said."""
    cards = [one for one in history.cards.values() if project in ("", one.project)]
    seen = [one for one in (_until(card, today) for card in cards) if one is not None]
    since = history.since
    first = since.date() if since is not None and since.date() <= today else None
    axis = Axis(plan.board.calendar, first or today, today)
    spans = spans_of(seen, since, axis, today)
    done = [one.done.date() for one in seen if one.done is not None]
    days = days_of(seen, first, today)
    open_cards = days[-1].scope - days[-1].done if days else 0
    judged = _judged(plan, spans)
    return Flow(
        today,
        first,
        spans,
        weeks_of(first, done, today),
        days,
        throughput_of(first, done, open_cards, today),
        tuple(judged),
        tuple(records_of(judged)),
        tuple(_lacking(history, spans, len(judged), _late_steps(cards, today))),
        history.is_cut_off,
    )


def estimates_against_actuals(
    plan: Plan, history: PlanHistory, today: dt.date, project: str, since: dt.date | None = None
) -> tuple[Record, ...]:
    """How right the estimates of a project's cards were that were done since a day."""
    cards = [one for one in history.cards.values() if one.project == project]
    seen = [one for one in (_until(card, today) for card in cards) if one is not None]
    begun = history.since
    first = begun.date() if begun is not None and begun.date() <= today else None
    spans = spans_of(seen, begun, Axis(plan.board.calendar, first or today, today), today)
    judged = [one for one in _judged(plan, spans) if since is None or one.span.end >= since]
    return tuple(records_of(judged))


def _judged(plan: Plan, spans: Spans) -> list[Judged]:
    """The cards that are done and had an estimate."""
    usual = plan.board.estimates
    return judged_of(
        spans.done,
        lambda person, of: float(presence(plan, person, of).share),
        lambda figure: spread(figure, usual),
    )


def _until(card: CardHistory, today: dt.date) -> CardHistory | None:
    """A card as it was seen up to a day; None where it was not there yet."""
    removed = card.removed if card.removed is not None and card.removed.date() <= today else None
    if card.steps[-1].at.date() <= today and removed is card.removed:
        return card
    steps = tuple(one for one in card.steps if one.at.date() <= today)
    return CardHistory(card.project, card.id, steps, removed, card.earlier_ids) if steps else None


def _late_steps(cards: Sequence[CardHistory], today: dt.date) -> int:
    return sum(one.at.date() > today for card in cards for one in card.steps)


def _lacking(history: PlanHistory, spans: Spans, judged: int, late_steps: int) -> Iterator[Lacking]:
    found = (
        Lacking(spans.never_begun, "card", "done without a commit in progress: no cycle time"),
        Lacking(spans.begun_before, "card", "begun before the history does: no cycle time"),
        Lacking(len(spans.done) - judged, "card", "done without an estimate when work began"),
        Lacking(history.unread, "version", "of cards that cannot be read"),
        Lacking(history.not_fetched, "version", "of cards not fetched by this partial clone"),
        Lacking(late_steps, "step", "of cards dated after today"),
    )
    return (one for one in found if one.count)
