"""What was planned at a baseline, as the chart draws it below the bars, and what has moved since, in words."""

from __future__ import annotations

from typing import NamedTuple

from ...model.capacity.calendar import in_days
from ...model.review.baseline import Baseline, Counts, Dated, Moves, say_move
from ...model.schedule.schedule import Schedule
from ...model.schedule.targets import Milestone
from ...model.text.amounts import counted
from ...model.text.dates import day_month
from ...model.text.figure import written
from ...model.text.named import quoted
from .chart import Bar
from .scale import point


class Planned(NamedTuple):
    """A row below a card or a milestone that has moved: from when to when it was planned."""

    start: int
    end: int
    text: str
    moved: str


class Before:
    """A baseline against a schedule."""

    def __init__(self, baseline: Baseline, made: Schedule) -> None:
        self.baseline = baseline
        self.moves = Moves(baseline, made)
        self._ends = {name: _points(one) for name, one in baseline.cards.items()}
        self._counts: dict[str, Counts] = {}

    def counts(self, project: str) -> Counts:
        """How the cards of a project stand, or all."""
        if project not in self._counts:
            self._counts[project] = self.moves.counts(project)
        return self._counts[project]

    def below(self, shown: Bar | Milestone) -> bool:
        """Whether something was planned for other days, so that it has a row of its own below."""
        if isinstance(shown, Milestone):
            return bool(self.moves.of_milestone(shown.key))
        ends = self._ends.get(shown.card.id)
        return ends is not None and ends != (shown.start, shown.end)

    def row(self, shown: Bar | Milestone) -> Planned:
        """What that row says."""
        today = self.moves.made.today
        if isinstance(shown, Milestone):
            day = self.baseline.milestones[shown.key]
            at = point(day, 1)
            return Planned(
                at, at + 1, f"was {day_month(day, today)}", _by(self.moves.of_milestone(shown.key))
            )
        name = shown.card.id
        one = self.baseline.cards[name]
        return Planned(*self._ends[name], f"was {self._said(one)}", _by(self.moves.of_card(name)))

    def about_card(self, name: str) -> str:
        """When a card was planned, and by how much it has moved."""
        one, by = self.baseline.cards.get(name), self.moves.of_card(name)
        if one is None:
            return "not in the baseline"
        return f"planned {self._said(one)}" + (f", {say_move(by)}" if by is not None else "")

    def head(self, project: str) -> str:
        """Which baseline, the milestones that have moved, and how many cards have."""
        before, counts, made = self.baseline, self.counts(project), self.moves.made
        moved = [
            f"{quoted(made.milestones[key].title)} {_by(by)}" for key, by in self.moves.milestones(project)
        ]
        open_ = sum(project in ("", one.task.project) for one in made.cards.values())
        parts = [
            ", ".join(moved) or "no milestone moved",
            f"{counts.moved} of {counted(open_, 'card')} moved",
        ]
        parts += [f"{counts.new} new"] if counts.new else []
        parts += [f"{counts.gone} gone or done"] if counts.gone else []
        return f"baseline {before.title} of {day_month(before.today, made.today)}: {' · '.join(parts)}"

    def _said(self, one: Dated) -> str:
        today = self.moves.made.today
        start, end = (day_month(day, today) for day in (one.start, one.end))
        return start if start == end else f"{start} to {end}"


def _points(one: Dated) -> tuple[int, int]:
    return point(one.start, one.start_half == "pm"), point(one.end, one.end_half == "pm") + 1


def _by(moved: int | None) -> str:
    """In working days, with a sign."""
    return f"{'+' if moved > 0 else '-'}{written(in_days(abs(moved)))}d" if moved else ""
