"""How far one input of a project must move, all else equal, to change the chosen set or the order of the list.

Gain and chance change what a project is worth, and one search tells the worth from which on it is chosen. Its cost
and its person-months change what it takes of the limits as well, and so which others fit beside it: there the set that
was found says how far the input can move before it no longer fits or no longer pays, and only beyond that the choice is
made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

from ..capacity.capacity import Limit, share_of_scarcest
from ..playbook.playbook import Playbook
from ..solvers.choose import Choice, tipping_point
from ..text.amounts import percent
from ..text.figure import Explained, amount, figure_of
from ..value.worth import Ranking, Worth, bet
from .proposal import Proposal

FURTHEST = 10.0
"""How many times its present size an input is followed upwards."""
_PRECISION = 1e-6
"""Of the furthest figure: how near it is told where an input tips."""
_MOST_SEARCHES = 60
"""For one input; few need more than six."""


@dataclass(frozen=True)
class BreakEven:
    """How far one input of a project must move, all else equal, until something changes."""

    project: str
    name: str
    unit: str
    now: float
    at: float
    effect: str
    """`comes in`, `drops out`, or `overtakes` with the other project's id."""
    is_chance: bool = False

    def __str__(self) -> str:
        before, after = (self.said(one, self.unit) for one in (self.now, self.at))
        return f"{self.project} {self.effect} when {self.name.lower()} moves from {before} to {after}"

    def said(self, value: float, unit: str = "") -> str:
        """A figure of the input; a chance in percent, as chances are said elsewhere."""
        return percent(value) if self.is_chance else amount(value, unit)


@dataclass(frozen=True)
class _Size:
    """One input that says how much a project takes: its cost, or its person-months of a skill."""

    name: str
    unit: str
    now: float
    skill: str | None
    """None for the cost."""

    @classmethod
    def all(cls, one: Worth) -> Iterator[_Size]:
        """Those of a project that are known."""
        if isinstance(one.cost, Explained):
            yield cls(one.cost.name, one.cost.unit, one.cost.value, None)
        if isinstance(one.months, Explained):
            for skill, months in one.effort.items():
                name = f"{one.months.name}, {skill}" if skill else one.months.name
                yield cls(name, one.months.unit, months, skill)

    def counts_for(self, limit: Limit) -> bool:
        """Whether more of it takes more of this limit, one for one."""
        return (limit.need(1, {}) if self.skill is None else limit.need(0, {self.skill: 1})) > 0

    def sized(self, one: Worth, figure: float) -> Worth:
        """The project with another figure for it."""
        if self.skill is not None:
            return replace(one, effort={**one.effort, self.skill: figure})
        cost = replace(one.cost, value=figure) if isinstance(one.cost, Explained) else one.cost
        value = one.expected_value
        if isinstance(value, Explained) and isinstance(one.present_value, Explained):
            later = figure_of(one.later_cost)
            value = bet(one.present_value, one.confidence, figure, later, unit=value.unit)
        return replace(one, cost=cost, expected_value=value)


# ---- in or out


def break_evens(
    proposal: Proposal,
    playbook: Playbook,
    project: str = "",
    *,
    stop: Callable[[], bool] | None = None,
    tell: Callable[[float], None] | None = None,
) -> tuple[BreakEven, ...]:
    """How far gain, chance, cost or person-months of a project must move for it to come in or drop out.

    Of every project without an id. `tell` hears the share that is done. Where `stop` ends a search, nothing is said
    of it.
    """
    found: list[BreakEven] = []
    ids = [one.project.id for one in proposal.worths]
    for at, name in enumerate(ids):
        if stop is not None and stop():
            break
        if project in ("", name):
            found += break_evens_of(proposal, playbook, name, stop=stop)
        if tell is not None:
            tell((at + 1) / len(ids))
    return tuple(found)


def break_evens_of(
    proposal: Proposal, playbook: Playbook, project: str, *, stop: Callable[[], bool] | None = None
) -> Iterator[BreakEven]:
    """The same for one project, each as soon as it is known.

    An input that cannot change it, however far it moves, has no entry; nor has a project that must be in, cannot be,
    or has no value in money.
    """
    at = next((at for at, one in enumerate(proposal.worths) if one.project.id == project), -1)
    one = proposal.worths[at] if at >= 0 else None
    if one is None or one.project.mandatory or proposal.choice.conflict is not None:
        return
    if not isinstance(one.expected_value, Explained) or at in proposal.links.excluded:
        return
    inside = at in proposal.choice.chosen
    effect = "drops out" if inside else "comes in"
    other = proposal.choice_with([] if inside else [at], [at] if inside else [], stop=stop)
    if not (proposal.choice.proven and other.proven) or (stop is not None and stop()):
        return
    without, having = (other, proposal.choice) if inside else (proposal.choice, other)
    if without.conflict is not None:
        return
    if having.conflict is None:
        target = without.value - (having.value - proposal.values[at])
        yield from _worth_tips(one, playbook, target, above=inside, effect=effect)
    for size in _Size.all(one):
        if stop is not None and stop():
            return
        if any(size.counts_for(limit) for limit in proposal.ranking.limits) or size.skill is None:
            found = _size_tip(proposal, at, size, without.value, stop, inside=inside)
            if found is not None:
                yield BreakEven(project, size.name, size.unit, size.now, found, effect)


def _size_tip(
    proposal: Proposal,
    at: int,
    size: _Size,
    without: float,
    stop: Callable[[], bool] | None,
    *,
    inside: bool,
) -> float | None:
    """Up to which figure a project is in that is out beyond it; None where that is never so, or was not found out."""
    limits = [limit for limit in proposal.ranking.limits if size.counts_for(limit)]
    falls = size.skill is None

    def reach(figure: float) -> tuple[float, float] | None:
        """Up to which figure it is in for sure, and up to which it may be; None where it is out here."""
        trial = proposal.resized(at, size.sized(proposal.worths[at], figure))
        choice = trial.choice_with([at], stop=stop)
        if not choice.proven:
            raise _NotProvenError
        if choice.conflict is not None or choice.value <= without:
            return None
        # A higher figure leaves fewer sets, so that the other projects are worth no more there.
        pays = figure + (choice.value - without) if falls else inf
        fits = figure + min((_left(trial, choice, limit) for limit in limits), default=inf)
        return min(pays, fits), pays

    highest = FURTHEST * size.now if inside else size.now
    finest = max([_PRECISION * highest, *(1e-8 * limit.available.value for limit in limits)])
    try:
        if inside:
            return None if highest <= 0 or reach(highest) else _highest(reach, size.now, highest, finest)
        return _highest(reach, 0.0, highest, finest) if highest > 0 and reach(0.0) else None
    except _NotProvenError:
        return None


class _NotProvenError(Exception):
    """A search was stopped; nothing can be said."""


def _left(proposal: Proposal, choice: Choice, limit: Limit) -> float:
    used = sum(
        limit.need(figure_of(proposal.worths[one].cost), proposal.worths[one].effort) for one in choice.chosen
    )
    return max(0.0, limit.available.value - used)


def _highest(
    reach: Callable[[float], tuple[float, float] | None], lowest: float, highest: float, finest: float
) -> float:
    """The figure at which a project goes from in to out, being in at the lowest and out at the highest."""
    sure, most, figure, near = lowest, highest, lowest, True
    for _ in range(_MOST_SEARCHES):
        found = reach(figure)
        if found is None:
            most = figure
        else:
            sure, most = max(sure, min(found[0], most)), min(most, found[1])
        if most - sure <= finest:
            break
        # Mostly what comes just behind the last set that fits settles it; halves make an end where it does not.
        figure = min(most, sure + finest) if near else (sure + most) / 2
        near = not near
    return sure


# ---- the order of the list


def rank_changes(ranking: Ranking, playbook: Playbook) -> tuple[BreakEven, ...]:
    """For each project of the money list but the first: how far an input must move until it overtakes the next."""
    found: list[BreakEven] = []
    for above, below in zip(ranking.money, ranking.money[1:], strict=False):
        index = below.index
        if isinstance(index, Explained) and isfinite(figure_of(above.index)):
            needed = figure_of(above.index) * index.number("share")
            effect = f"overtakes {above.worth.project.id}"
            found += _worth_tips(below.worth, playbook, needed, above=False, effect=effect)
            found += _size_overtakings(ranking, above.worth, below.worth, effect)
    return tuple(found)


def _size_overtakings(ranking: Ranking, above: Worth, below: Worth, effect: str) -> Iterator[BreakEven]:
    """How far cost or person-months of a project must fall until it overtakes the one above it."""
    for size in _Size.all(below):

        def overtakes(figure: float, size: _Size = size) -> bool:
            moved = figure - size.now if size.skill is None else 0.0
            measures = [
                # What all projects cost together moves with the cost of one.
                limit if limit in ranking.limits else limit.moved(moved)
                for limit in ranking.measures
            ]
            return _index(size.sized(below, figure), measures) > _index(above, measures)

        if size.now > 0 and not overtakes(size.now):
            at = tipping_point(overtakes, size.now, 0.0)
            if at is not None:
                yield BreakEven(below.project.id, size.name, size.unit, size.now, at, effect)


def _index(one: Worth, measures: Sequence[Limit]) -> float:
    """The expected value per share of what is scarcest."""
    value = figure_of(one.expected_value)
    share, _ = share_of_scarcest(measures, figure_of(one.cost), one.effort)
    return value / share if share > 0 else inf if value > 0 else 0.0


# ---- gain and chance


def _worth_tips(
    one: Worth, playbook: Playbook, target: float, *, above: bool, effect: str
) -> list[BreakEven]:
    """Where gain and chance bring the expected value over (or under) a target."""
    gain, present, chance = one.gain, one.present_value, one.confidence
    if not isinstance(gain, Explained) or not isinstance(present, Explained):
        return []
    factor, scoring = present.number("of one a year"), playbook.scoring

    def value(present_value: float, p: float) -> float:
        staked = bet(
            replace(present, value=present_value),
            replace(chance, value=p),
            figure_of(one.cost),
            figure_of(one.later_cost),
        )
        return staked.number("started")

    def by_gain(yearly: float) -> bool:
        return (value(present.value + (yearly - gain.value) * factor, chance.value) > target) != above

    def by_chance(p: float) -> bool:
        return (value(present.value, p) > target) != above

    most = FURTHEST * max(gain.value, 1.0)
    far = (0.0, scoring.floor_confidence) if above else (most, scoring.cap_confidence)
    found: list[BreakEven] = []
    for known, changed, furthest in ((gain, by_gain, far[0]), (chance, by_chance, far[1])):
        at = None if changed(known.value) else tipping_point(changed, known.value, furthest)
        if at is not None:
            was = known.value
            found.append(
                BreakEven(one.project.id, known.name, known.unit, was, at, effect, is_chance=known is chance)
            )
    return found
