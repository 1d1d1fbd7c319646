"""How often the percentiles of past forecasts held: the plan of past weeks, forecast as it was, against what came.

A forecast counts for a percentile only where its day has passed: then it held or it did not, whatever is open still.
Those whose day is yet to come would count only where they held early, and would flatter the forecast.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..flow.card_history import CardHistory, PlanHistory
from ..text.dates import has_come
from .forecast import Forecast

MOST = 12
"""Past plans that are forecast, a week or more apart."""
CHANCES: Mapping[str, float] = {"p50": 0.5, "p80": 0.8}


@dataclass(frozen=True)
class Moment:
    """A past state of the plan, and the day on which it was the newest."""

    day: dt.date
    commit: str


@dataclass(frozen=True)
class Trial:
    """One forecast of one milestone or card, and what came of it."""

    moment: Moment
    kind: Literal["milestone", "card"]
    project: str
    id: str
    dates: Mapping[str, dt.date | None]
    """By percentile; None where no date was reached."""
    done: dt.date | None
    """When it was done; None where it is not yet."""

    def held(self, name: str, today: dt.date) -> bool | None:
        """Whether a percentile held; None where its day has not passed, or it had none."""
        day = self.dates[name]
        if day is None or day >= today:
            return None
        return self.done is not None and self.done <= day


@dataclass(frozen=True)
class Backtest:
    """All past forecasts against what came."""

    today: dt.date
    moments: tuple[Moment, ...]
    trials: tuple[Trial, ...]
    gone: int
    """Forecasts of cards that were dropped or removed since: no day is right for them."""

    def count(self, name: str, kind: str = "") -> tuple[int, int]:
        """How often a percentile held, of how many forecasts whose day has passed."""
        known = [one.held(name, self.today) for one in self.trials if kind in ("", one.kind)]
        return sum(one is True for one in known), sum(one is not None for one in known)

    def share(self, name: str, kind: str = "") -> float | None:
        """The same as a share; None of none."""
        held, count = self.count(name, kind)
        return held / count if count else None


def moments_of(history: PlanHistory, today: dt.date, most: int = MOST) -> list[Moment]:
    """The last commit of each past week that has one, evenly thinned, the oldest first."""
    steps = sorted(
        ((step.at, step.commit) for card in history.cards.values() for step in card.steps),
        key=lambda one: one[0],
    )
    weeks: dict[tuple[int, int], Moment] = {}
    this_week = today.isocalendar()[:2]
    for at, commit in steps:
        week = at.date().isocalendar()[:2]
        if week < this_week:
            weeks[week] = Moment(at.date(), commit)
    found = list(weeks.values())
    if len(found) <= most:
        return found
    return [found[round(at * (len(found) - 1) / (most - 1))] for at in range(most)]


def trials_of(
    moment: Moment, found: Forecast, history: PlanHistory, today: dt.date, project: str = ""
) -> tuple[list[Trial], int]:
    """What a past forecast said of open cards and milestones; and how many of its cards are gone since."""
    cards = history.cards.values()
    latest = {name: one for one in cards for name in one.earlier_ids} | {one.id: one for one in cards}
    trials: list[Trial] = []
    gone = 0
    for card, made in found.schedule.cards.items():
        if project not in ("", made.task.project):
            continue
        then = latest.get(card)
        if _is_gone(then):
            gone += 1
            continue
        outlook = found.card(card)
        dates = {name: outlook.date(chance) for name, chance in CHANCES.items()}
        trials.append(Trial(moment, "card", made.task.project, card, dates, _done(then, today)))
    for key in found.schedule.milestones:
        if project not in ("", key[0]) or not found.has(key):
            continue
        outlook = found.outlook(key)
        dates = {name: outlook.date(chance) for name, chance in CHANCES.items()}
        done = _all_done((latest.get(card) for card in found.schedule.targets.members[key]), today)
        trials.append(Trial(moment, "milestone", *key, dates, done))
    return trials, gone


def _is_gone(card: CardHistory | None) -> bool:
    return card is None or card.removed is not None or card.state.status == "dropped"


def _done(card: CardHistory | None, today: dt.date) -> dt.date | None:
    done = card.done.date() if card is not None and card.done is not None else None
    return done if has_come(done, today) else None


def _all_done(cards: Iterable[CardHistory | None], today: dt.date) -> dt.date | None:
    """When the last of some cards was done, those aside that are gone; None where one is open."""
    days = [_done(card, today) for card in cards if not _is_gone(card)]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
