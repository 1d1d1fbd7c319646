"""Estimates against actuals, by person and by kind of work; and what an estimator's own history does to a spread.

An actual is the working days in which a card was in progress, by the share of their time that its owner has for the
project. It is held against the likely figure that the card had when its work began: what is estimated afterwards is
no estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import fmean, pstdev
from typing import Literal, NamedTuple

from ..solvers.beta_pert import ThreePoints
from .finished import ENOUGH, Span

By = Literal["all", "person", "kind"]
_LEAST_WIDTH, _MOST_WIDTH = 0.5, 3.0
"""A spread is never cut or widened beyond these: a handful of cards says no more."""
_PRIOR = 5
"""So many cards are taken to have come as estimated, beside those that were seen."""
_SIXTH = 6
"""A beta-PERT duration has about a sixth of its range for its standard deviation."""


@dataclass(frozen=True)
class Judged:
    """A card that is done, with an estimate from before its work began."""

    span: Span
    points: ThreePoints
    """Of the estimate, or of the spread that the board gives to a single figure."""
    actual: float
    """Working days of its owner's share."""
    has_range: bool
    """Whether the estimate said three points itself."""

    @property
    def ratio(self) -> float:
        """Actual against likely."""
        return self.actual / self.points.likely


@dataclass(frozen=True)
class Record:
    """How right the estimates of some cards were."""

    by: By
    id: str
    """A person, or a place of the method; empty for all, and for cards without an owner."""
    count: int
    factor: float
    """What likely figures must be multiplied with: exp(mean(ln(actual / likely))); above 1 they were too low."""
    spread: float
    """Standard deviation of ln(actual / likely)."""
    width: float
    """Standard deviation of actual / likely after that factor, against what the three points said it would be."""
    ranges: int
    """Cards whose estimate was a range."""
    within: int
    """Those of them whose actual was in it."""


class Correction(NamedTuple):
    """What is done to the three points of an estimate."""

    factor: float = 1.0
    width: float = 1.0

    def applied(self, points: ThreePoints) -> ThreePoints:
        """The three points by this history: likely by the factor, its distances to both ends by the width, too."""
        likely = points.likely * self.factor
        below = (points.likely - points.least) * self.factor * self.width
        above = (points.greatest - points.likely) * self.factor * self.width
        return ThreePoints(max(0.0, likely - below), likely, likely + above)


@dataclass(frozen=True)
class Corrected:
    """A correction, and from how many cards of whom it is."""

    person: str
    """Empty for everyone who has too few cards of their own."""
    count: int
    correction: Correction


@dataclass(frozen=True)
class Corrections:
    """What each person's own history does to their estimates."""

    rows: tuple[Corrected, ...] = ()
    """Persons with enough cards; last, with an empty name, all cards together where those are enough."""

    def of(self, person: str) -> Correction:
        """That of a person, else that of all cards, else none."""
        names = {row.person: row.correction for row in self.rows}
        return names.get(person) or names.get("") or Correction()


def judged_of(
    done: Iterable[Span], share: Callable[[str, str], float], spread: Callable[[float], ThreePoints]
) -> list[Judged]:
    """The cards that had an estimate above nothing; `share` is of a person in a project."""
    found: list[Judged] = []
    for one in done:
        match one.estimate:
            case (figure,) if figure > 0:
                points = spread(figure)
            case (least, likely, greatest) if 0 <= least <= likely <= greatest and likely > 0:
                points = ThreePoints(least, likely, greatest)
            case _:
                continue
        part = share(one.owner, one.project) if one.owner else 1.0
        found.append(Judged(one, points, one.days * (part or 1.0), len(one.estimate) == 3))
    return found


def records_of(judged: Sequence[Judged]) -> list[Record]:
    """All cards together, then each person, then each kind of work, those with most cards first."""
    if not judged:
        return []
    return [
        _record("all", "", judged),
        *_grouped("person", judged, lambda one: one.span.owner),
        *_grouped("kind", judged, lambda one: one.span.place),
    ]


def _grouped(by: By, judged: Iterable[Judged], name: Callable[[Judged], str]) -> list[Record]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(name(one), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_record(by, key, group) for key, group in ordered]


def _record(by: By, name: str, group: Sequence[Judged]) -> Record:
    logs = [log(one.ratio) for one in group]
    factor = exp(fmean(logs))
    ranged = [one for one in group if one.has_range]
    return Record(
        by,
        name,
        len(group),
        factor,
        pstdev(logs),
        _width(group, factor),
        len(ranged),
        sum(one.points.least <= one.actual <= one.points.greatest for one in ranged),
    )


def _width(group: Sequence[Judged], factor: float) -> float:
    """How much wider actuals are than the estimates said; 1 where these said no width."""
    said = fmean((one.points.greatest - one.points.least) / _SIXTH / one.points.likely for one in group)
    seen = pstdev([one.ratio / factor for one in group])
    return seen / said if said else 1.0


def corrections_of(records: Iterable[Record]) -> Corrections:
    """What histories of enough cards do, pulled towards no correction the more the fewer cards they have."""
    enough = [
        one for one in records if one.count >= ENOUGH and one.by != "kind" and (one.id or one.by == "all")
    ]
    enough.sort(key=lambda one: (one.by == "all", one.id))
    return Corrections(tuple(Corrected(one.id, one.count, _correction(one)) for one in enough))


def _correction(one: Record) -> Correction:
    weight = one.count / (one.count + _PRIOR)
    width = min(max(one.width, _LEAST_WIDTH), _MOST_WIDTH)
    return Correction(one.factor**weight, width**weight)
