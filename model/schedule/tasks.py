"""Cards as tasks: which of them are scheduled, how much work each is, from when it can start and what it waits for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..capacity.calendar import half_days
from ..cards.network import Link, needed_card, parse_need
from ..cards.urgency import board_order
from ..plan.plan import Plan
from ..records.card import Card
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from .problem import NEEDS_LEFT_OUT, NEEDS_UNFINISHED, ZERO_ESTIMATE, Problem

ReleaseKind = Literal["today", "project", "not_before"]


class TaskNeed(NamedTuple):
    """An open card that comes first."""

    before: str
    kind: Link
    lag: int
    """Half days on the board's calendar."""


@dataclass(frozen=True, slots=True)
class Task:
    """A card as the schedule sees it."""

    card: Card = field(compare=False)
    """Not compared: what is written about it moves no date."""
    id: str
    project: str
    work: int
    """Half days."""
    release: dt.date
    """The first day on which it may start."""
    released_by: ReleaseKind
    owner: str | None
    skill: str | None
    needs: tuple[TaskNeed, ...]
    """What holds it back; nothing where it is in progress."""
    fixed: dt.date | None = None
    is_running: bool = False
    is_assumed: bool = False
    """Whether the board's default stands in for an estimate."""
    due: dt.date | None = None
    """The earliest of its own due date and its milestone's."""
    named: tuple[str, ...] = ()
    """All open cards that it names as needs, also those that do not hold it back."""


@dataclass(frozen=True)
class Tasks:
    """The tasks of a plan by card, those first that come first on the board."""

    by_id: Mapping[str, Task]
    snapshot: Snapshot = field(repr=False)
    """What they were collected from."""
    problems_of: Mapping[str, tuple[Problem, ...]]
    """What is to be said of some of them."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is to be said of all of them."""
        return tuple(one for said in self.problems_of.values() for one in said)


def collect(snapshot: Snapshot, before: Tasks | None = None) -> Tasks:
    """The cards that are scheduled: the open ones of projects that are worked on.

    `before` are those of an earlier state of the plan: what a task is made of is mostly the same.
    """
    plan = snapshot.plan
    dues = milestone_dues(plan)
    found: dict[str, Task] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    needs: dict[str, TaskNeed] = {}
    known: Mapping[str, Task] = _taken_over(before, snapshot, dues) if before is not None else {}
    for card in _in_order(plan, before):
        task = known.get(card.id)
        if task is None or before is None:
            said: list[Problem] = []
            task = _task(snapshot, card, dues, said, needs)
            if said:
                problems[card.id] = tuple(said)
        elif card.id in before.problems_of:
            problems[card.id] = before.problems_of[card.id]
        found[card.id] = task
    return Tasks(found, snapshot, problems)


def _in_order(plan: Plan, before: Tasks | None) -> Sequence[Card]:
    """The cards that are scheduled; in the order of an earlier state where no change could have made it another one."""
    order = _order(plan)
    if before is not None and before.snapshot.plan.cards.keys() == plan.cards.keys():
        old, were = before.snapshot.plan, _order(before.snapshot.plan)
        changed = [card for name, card in plan.cards.items() if card is not old.cards[name]]
        is_same = old.by_kind.get("project") == plan.by_kind.get("project") and all(
            is_scheduled(plan, one) is is_scheduled(old, old.cards[one.id])
            and order(one) == were(old.cards[one.id])
            for one in changed
        )
        if is_same:
            return [plan.cards[name] for name in before.by_id]
    return sorted((one for one in plan.cards.values() if is_scheduled(plan, one)), key=order)


def _taken_over(
    before: Tasks, snapshot: Snapshot, dues: Mapping[tuple[str, str], dt.date]
) -> Mapping[str, Task]:
    """The tasks for which nothing has changed that they are made of."""
    old, new = before.snapshot.plan, snapshot.plan
    if before.snapshot.today != snapshot.today or milestone_dues(old) != dues:
        return {}
    if old.board.estimates.default != new.board.estimates.default or not _are_worked_on_alike(old, new):
        return {}
    changed = {name for name, card in new.cards.items() if old.cards.get(name) is not card}
    gone = old.cards.keys() - new.cards.keys()
    # Whether a card holds another one back follows from its id, its status and its project.
    moved = gone | {name for name in changed if _standing(old, name) != _standing(new, name)}
    again = changed | gone | {waiter for name in moved for waiter in new.needed_by.get(name, ())}
    return {name: task for name, task in before.by_id.items() if name not in again}


def _are_worked_on_alike(old: Plan, new: Plan) -> bool:
    states = [{name: (one.state, one.started) for name, one in plan.projects.items()} for plan in (old, new)]
    return states[0] == states[1]


def _standing(plan: Plan, name: str) -> tuple[str, str] | None:
    card = plan.cards.get(name)
    return (card.project, card.status) if card is not None else None


def is_scheduled(plan: Plan, card: Card) -> bool:
    """Whether a card is open, and its project is worked on."""
    if card.status not in ("todo", "doing"):
        return False
    project = plan.projects.get(card.project)
    return project is None or project.state == "active"


def milestone_key(card: Card) -> tuple[str, str] | None:
    """Project and id of the milestone that a card names."""
    if not card.milestone:
        return None
    project, _, name = card.milestone.rpartition("/")
    return project or card.project, name


def milestone_dues(plan: Plan) -> dict[tuple[str, str], dt.date]:
    """The dates by which milestones are wanted, by project and id."""
    return {
        (address.project, address.id): due
        for address, milestone in plan.entries("milestone")
        if (due := getattr(milestone, "due", None)) is not None
    }


def days_of_work(card: Card, default: float) -> tuple[float, bool]:
    """Working days that a card takes, and whether they are only assumed."""
    if card.status == "doing" and card.remaining is not None:
        return card.remaining, False
    if not card.estimate:
        return default, True
    return mean_days(card.estimate), False


def mean_days(estimate: Sequence[float]) -> float:
    """The working days to expect of one figure, or of low, likely and high (PERT)."""
    if len(estimate) == 1:
        return estimate[0]
    low, likely, high = estimate
    return (low + 4 * likely + high) / 6


def _order(plan: Plan) -> Callable[[Card], tuple[int, tuple[str | int, ...]]]:
    """A key that sorts cards as the portfolio board has their projects, then as each board has them."""
    place = {project: at for at, project in enumerate(plan.projects)}
    return lambda card: (place.get(card.project, len(place)), board_order(card))


def _task(
    snapshot: Snapshot,
    card: Card,
    dues: Mapping[tuple[str, str], dt.date],
    problems: list[Problem],
    known: dict[str, TaskNeed],
) -> Task:
    plan = snapshot.plan
    days, is_assumed = days_of_work(card, plan.board.estimates.default)
    if days == 0 and not is_assumed:
        name = "remaining" if card.status == "doing" and card.remaining is not None else "estimate"
        problems.append(
            Problem(
                ZERO_ESTIMATE,
                card.address,
                f"{name} is 0; it is scheduled with half a day",
                (name,),
                "mark it as done, or estimate what is left",
            )
        )
    is_running = card.status == "doing"
    release, released_by = _release(snapshot, card, plan.projects.get(card.project))
    wanted = [day for day in (card.due, dues.get(milestone_key(card) or ("", ""))) if day is not None]
    needs = tuple(_needs(plan, card, problems, known)) if card.needs else ()
    return Task(
        card,
        card.id,
        card.project,
        max(1, half_days(days)),
        release,
        released_by,
        card.owner,
        None if card.owner else card.skill,
        () if is_running else needs,
        None if is_running else card.fixed,
        is_running,
        is_assumed,
        min(wanted, default=None),
        tuple(need.before for need in needs),
    )


def _release(snapshot: Snapshot, card: Card, project: Project | None) -> tuple[dt.date, ReleaseKind]:
    latest: tuple[dt.date, ReleaseKind] = snapshot.today, "today"
    if card.status == "doing":
        return latest
    if project is not None and project.started is not None and project.started > latest[0]:
        latest = project.started, "project"
    if card.not_before is not None and card.not_before > latest[0]:
        latest = card.not_before, "not_before"
    return latest


def _needs(plan: Plan, card: Card, problems: list[Problem], known: dict[str, TaskNeed]) -> Iterator[TaskNeed]:
    """The needs that still hold a card back; a lag after a card that is done has passed.

    `known` has those that other cards wait for in the same words: nothing more is to be said of them.
    """
    is_running = card.status == "doing"
    for index, text in enumerate(card.needs):
        if text in known and not is_running:
            yield known[text]
            continue
        try:
            need = parse_need(text)
        except ValueError:
            continue  # loading has reported it
        other = needed_card(plan, need)
        if other is None or not other.is_open:
            continue
        if not is_scheduled(plan, other):
            state = {"hold": "on hold"}.get(plan.projects[other.project].state, "closed")
            problems.append(
                Problem(
                    NEEDS_LEFT_OUT,
                    card.address,
                    f"needs {other.id}, whose project {other.project} is {state}; scheduled as if it were done",
                    ("needs", index),
                    "remove the need, or take the project up again",
                )
            )
            continue
        if is_running and need.link in ("FS", "SS") and not _is_met(other, need.link):
            problems.append(
                Problem(
                    NEEDS_UNFINISHED,
                    card.address,
                    f"in progress, and {other.id}, which it needs, is not {_wanted(need.link)}",
                    ("needs", index),
                    "finish the other card first, or remove the need if it is wrong",
                )
            )
        known[text] = TaskNeed(other.id, need.link, round(need.lag_days * 2))
        yield known[text]


def _is_met(other: Card, link: Link) -> bool:
    return link == "SS" and other.status == "doing"


def _wanted(link: Link) -> str:
    return "done" if link == "FS" else "begun"
