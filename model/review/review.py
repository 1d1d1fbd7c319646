"""The review of a change to a plan: one verdict, what follows, a table, and what could not be counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..derived.derived import Derived
from ..forecast.forecast import USUAL_RUNS
from ..schedule.relevance import can_move_dates
from ..text.amounts import counted, counted_of
from .causes import Causes, can_cost
from .changes import Difference
from .consequence import KINDS, TOTAL, UNMOVED, Consequence, Kind, Row
from .date_consequences import DateConsequences
from .gate_consequences import GateConsequences
from .money_consequences import MoneyConsequences
from .outcome import Outcome, Progress, outcomes
from .plan_consequences import (
    Scope,
    Scopes,
    goals_moved,
    limits_passed,
    risks_changed,
    scope_changed,
    scope_of,
    slips_hidden,
    total_of,
    work_held_or_freed,
)

SAME_PLAN = "the same plan"
_IN_VERDICT = 3


@dataclass(frozen=True)
class Review:
    """What is to be said of a change to a plan."""

    difference: Difference
    verdict: str
    """One line."""
    consequences: tuple[Consequence, ...] = ()
    """The dangerous ones first, each kind together."""
    table: tuple[Row, ...] = ()
    not_counted: tuple[tuple[str, int], ...] = ()
    """What could not be counted, in words, with how much of it there is."""
    unmoved: int = 0
    """Milestones with the same dates on both sides."""
    runs: int | None = None
    """Runs that the percentiles come from; None where there are none."""
    sampling_error: float = 0.0
    """Working days by which ever more runs could move the P80 of a date in the table, where the runs are fewer than a
    forecast's; 0 otherwise."""
    shift_error: float = 0.0
    """The same for what such a date moved by, which is less: both sides draw from the same streams."""
    has_consequences: bool = True
    """Whether they were asked for."""

    @property
    def dangerous(self) -> tuple[Consequence, ...]:
        """What a reviewer has to see first."""
        return tuple(one for one in self.consequences if one.is_dangerous)


@dataclass
class _Found:
    """What has been found so far."""

    consequences: list[Consequence] = field(default_factory=list[Consequence])
    rows: list[Row] = field(default_factory=list[Row])
    unmoved: int = 0
    missed: dict[str, int] = field(default_factory=dict[str, int])
    runs: int | None = None
    errors: tuple[float, float] = (0.0, 0.0)


def changes_only(difference: Difference) -> Review:
    """The changes, with the goals that they move, and nothing else of what follows."""
    goals = list(goals_moved(difference))
    return Review(difference, _verdict(difference, goals), tuple(goals), has_consequences=False)


def review(
    difference: Difference,
    *,
    runs: int | None = None,
    seed: int | None = None,
    progress: Progress = lambda _doing, _share: None,
) -> Review:
    """The changes with all that follows from them.

    `runs` and `seed` as in `forecast`; without `runs` as many as suit the number of cards. `progress` hears how far it
    has come, and may raise what ends the work.
    """
    if not difference.changes:
        return Review(difference, _verdict(difference, []), not_counted=tuple(_missed(difference).items()))
    found = _Found()
    before = Derived(difference.before).told(progress)
    after = before.after(difference.after, difference.changes).told(progress)
    found.consequences += goals_moved(difference)
    scopes = scope_of(difference.before.plan), scope_of(difference.after.plan)
    found.consequences += scope_changed(difference, scopes)
    found.consequences += slips_hidden(difference)
    found.consequences += work_held_or_freed(difference)
    found.consequences += risks_changed(difference)
    found.consequences += limits_passed(difference)
    _add_dates(found, difference, before, after, progress, (runs, seed))
    others = GateConsequences(difference, before, after)
    found.consequences += others.gates()
    progress("checking", None)
    found.consequences += others.findings()
    found.consequences += others.ranks()
    found.missed |= _missed(difference)
    found.missed["answers behind a gate or a rank, with evidence that is not checked"] = len(others.unchecked)
    if others.skipped:
        found.missed["gates with a condition on percentiles"] = len(others.skipped)
    ordered = sorted(found.consequences, key=_order)
    return Review(
        difference,
        _verdict(difference, ordered),
        tuple(ordered),
        tuple(_table(found, difference, scopes)),
        tuple((what, count) for what, count in found.missed.items() if count),
        found.unmoved,
        found.runs,
        *found.errors,
    )


def _order(one: Consequence) -> tuple[bool, int, bool, float]:
    """Dangerous ones first, each kind together, what comes later before what comes earlier, the most first."""
    return not one.is_dangerous, KINDS.index(one.kind), one.later <= 0, -abs(one.later)


def _add_dates(
    found: _Found,
    difference: Difference,
    before: Derived,
    after: Derived,
    progress: Progress,
    draw: tuple[int | None, int | None],
) -> None:
    """What becomes of dates and money, where a change can move any."""
    moving = [one for one in difference.changes if can_move_dates(one.before, one.after)]
    costly = [one for one in difference.changes if can_cost(one)]
    if not moving and not costly:
        return
    projects = set(difference.after.plan.projects)
    if all(one.address.project for one in costly):
        projects &= {one.address.project for one in costly}
    both = outcomes(
        Outcome(difference.before, before.schedule, progress),
        Outcome(difference.after, after.schedule, progress),
        projects,
        *draw,
    )
    causes = Causes(difference, both, progress)
    work = DateConsequences(difference, both, causes)
    moved = 0
    for consequence, rows in work.dates():
        found.consequences.append(consequence)
        found.rows += rows
        moved += consequence.about.kind == "milestone"
    made = both.after.schedule
    found.missed["cards that cannot be scheduled"] = sum(one not in made.cards for one in made.dates.tasks)
    found.unmoved = max(len(both.after.schedule.milestones) - moved, 0)
    consequences, rows = MoneyConsequences(difference, both, causes).found()
    found.consequences += consequences
    found.rows += rows
    found.consequences += work.overloads()
    found.consequences += work.critical()
    found.runs = both.after.runs
    if found.runs is not None and found.runs < USUAL_RUNS:
        found.errors = work.sampling_errors()
    if not both.has_percentiles and both.cards:
        found.missed["cards without P50 and P80 (--runs N works them out)"] = both.cards


# ---- the table


def _table(found: _Found, difference: Difference, scopes: Scopes) -> Iterator[Row]:
    """A row for each milestone that moves, for money, for scope, and the total."""
    yield from found.rows
    old, new = scopes
    for project in sorted(old.keys() | new.keys()):
        before, after = old.get(project, Scope(0, 0.0)), new.get(project, Scope(0, 0.0))
        if (moved := after - before) != Scope(0, 0.0):
            title = project if difference.titles.has_projects else ""
            yield Row(project, "scope", before.said, after.said, moved.as_change, title=title)
    before, after = total_of(old.values()), total_of(new.values())
    change = (after - before).as_change or UNMOVED
    yield Row(TOTAL, "", before.said, after.said, change, title="total scope")


# ---- what could not be counted


def _missed(difference: Difference) -> dict[str, int]:
    """Open cards without an estimate, files that cannot be read on one side or the other, people without a rate."""
    plan = difference.after.plan
    active = {one.id for one in plan.projects.values() if one.state == "active"}
    open_cards = [card for card in plan.cards.values() if card.is_open and card.project in active]
    owners = {card.owner for card in open_cards if card.owner}
    without_rate = [one for one in owners if one not in plan.people or plan.people[one].day_rate is None]
    return {
        "cards without estimate": sum(1 for card in open_cards if not card.estimate),
        "files unreadable": len(difference.before.unreadable | difference.after.unreadable),
        "people without rate": len(without_rate),
    }


# ---- the verdict

_COUNTED: dict[Kind, str] = {
    "blocked": "cards newly blocked",
    "overload": "people with too much to do",
    "gate": "gates asking for more",
    "risk": "risks worse",
}


def _verdict(difference: Difference, found: Sequence[Consequence]) -> str:
    """One line: what matters most, or that nothing does."""
    if difference.is_same_plan:
        return f"{SAME_PLAN}: only the layout of files differs" if difference.is_relaid else SAME_PLAN
    told = [one.brief for one in found if one.brief and one.severity != "advice"]
    better = [one.brief for one in found if one.brief and one.severity == "advice"]
    hidden = counted(len(difference.uncompared), "file") if difference.uncompared else ""
    told = told or better[:_IN_VERDICT]
    parts = [f"{hidden} cannot be compared", *told[:_IN_VERDICT]] if hidden else told[:_IN_VERDICT]
    if len(told) > _IN_VERDICT:
        parts.append(f"and {len(told) - _IN_VERDICT} more")
    for kind, what in _COUNTED.items():
        count = sum(one.kind == kind and one.severity != "advice" and not one.brief for one in found)
        if count:
            parts.append(counted_of(count, what))
    new = [one.severity for one in found if one.kind == "finding" and one.severity != "advice"]
    if new:
        errors = new.count("error")
        parts.append(
            counted(len(new), "new finding") + (f", {counted(errors, 'error')} among them" if errors else "")
        )
    if parts:
        return "; ".join(parts)
    records = len(difference.records)
    if not records:
        return "another order of cards, and nothing else"
    return f"{counted(records, 'record')} changed; no date, cost, goal or gate gets worse"
