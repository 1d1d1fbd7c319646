"""The fields that a query can ask for: one table for cards, one for projects."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, get_args

from ..cards.status import is_blocked, is_late, is_ready
from ..plan.lookup import resolve_card
from ..records.card import Card, Status
from ..records.fields import Phase, Stage
from .context import Context, fold
from .field import (
    EQUALITY,
    NONE,
    Field,
    Test,
    choice,
    match_id,
    negated,
    ordered,
    read_date,
    read_number,
    reference,
    scheduled,
    table,
    text_field,
)
from .syntax import Comparison

if TYPE_CHECKING:
    from ..records.project import Project


def _used(kind: str, name: str) -> Callable[[Context], set[str]]:
    get = attrgetter(name)
    return lambda context: {value for one in context.plan.of_kind(kind) if (value := get(one))}


def _people(kind: str, name: str) -> Callable[[Context], set[str]]:
    """Everybody in the plan, and those named in this field whom no file describes yet."""
    used = _used(kind, name)
    return lambda context: used(context) | context.plan.people.keys()


def _milestones(context: Context) -> set[str]:
    """Milestones of all projects, and those named by cards that no strategy describes yet."""
    used = _used("card", "milestone")(context)
    return {*context.plan.ids("milestone"), *(name.rpartition("/")[2] for name in used)}


def _needs(comparison: Comparison, context: Context) -> Test:
    waiting: set[str] = set()
    for text in comparison.values:
        if text.lower() != NONE:
            target = match_id(comparison, text, resolve_card(text, context.plan))
            waiting.update(context.plan.needed_by.get(target, ()))
    or_none = any(text.lower() == NONE for text in comparison.values)

    def test(card: Card) -> bool:
        return card.id in waiting or (or_none and not card.needs)

    return negated(test) if comparison.operator == "!=" else test


_fold_tag = lru_cache(maxsize=4096)(fold)


def _tags(comparison: Comparison, _: Context) -> Test:
    wanted = {fold(text) for text in comparison.values}
    or_none = NONE in wanted

    def test(record: Card | Project) -> bool:
        if not record.tags:
            return or_none
        for tag in record.tags:  # noqa: SIM110  a generator would cost as much as the test
            if _fold_tag(tag) in wanted:
                return True
        return False

    return negated(test) if comparison.operator == "!=" else test


def _likely(card: Card) -> float | None:
    """The middle figure of an estimate."""
    return card.estimate[len(card.estimate) // 2] if card.estimate else None


def _with_status(*statuses: str) -> Callable[[Context], Test]:
    return lambda _: lambda card: card.status in statuses


def _with_state(state: str) -> Callable[[Context], Test]:
    return lambda _: lambda project: project.state == state


def _late(context: Context) -> Test:
    """Open after its due day, or by the schedule to be so where one can be made."""
    known = context.dates().items() if context.dates is not None else ()
    coming = {name for name, one in known if one.is_late}
    return lambda card: card.id in coming or is_late(card, context.today)


def _critical(context: Context) -> Test:
    assert context.dates is not None  # else it is refused
    critical = {name for name, one in context.dates().items() if one.is_critical}
    return lambda card: card.id in critical


def _milestone_of(card: Card) -> str | None:
    return card.milestone.rpartition("/")[2] if card.milestone else None


CARD_FIELDS: dict[str, Field] = table(
    (
        text_field("title", "words in the title"),
        text_field("id", "a part of the id"),
        text_field("notes", "words in the notes"),
        reference(
            "project",
            "the project it belongs to",
            lambda context: context.plan.projects.keys() | context.plan.cards_of.keys(),
            can_be_unset=False,
        ),
        choice("phase", "assess, plan, execute or iterate", get_args(Phase)),
        text_field("step", "the step of the method"),
        choice("status", "todo, doing, done or dropped", get_args(Status)),
        choice("stage", "mvp, growth or maturity", get_args(Stage), can_be_unset=True),
        reference(
            "milestone",
            "the milestone it leads to",
            _milestones,
            get=_milestone_of,
        ),
        reference("owner", "the person who does it; me is you", _people("card", "owner"), is_person=True),
        text_field("skill", "the skill it takes"),
        Field("tag", "a tag; #data is the same as tag:data", EQUALITY, _tags, attrgetter("tags")),
        Field("needs", "a card that comes first", EQUALITY, _needs, attrgetter("needs")),
        ordered("due", "the due date", read_date),
        ordered("not_before", "the first day on which it can start", read_date),
        ordered("fixed", "the morning on which it starts whatever happens", read_date),
        ordered("estimate", "working days, the likely figure", read_number, get=_likely),
        ordered("remaining", "working days that are left", read_number),
        scheduled("start", "the day on which it starts, by the schedule", read_date, lambda one: one.start),
        scheduled("end", "the day on which it is done, by the schedule", read_date, lambda one: one.end),
        scheduled("slack", "working days it can wait", read_number, lambda one: one.slack),
    ),
    states={
        "open": _with_status("todo", "doing"),
        "todo": _with_status("todo"),
        "doing": _with_status("doing"),
        "done": _with_status("done"),
        "dropped": _with_status("dropped"),
        "blocked": lambda context: lambda card: is_blocked(context.plan, card),
        "ready": lambda context: lambda card: is_ready(context.plan, card, context.today),
        "late": _late,
        "critical": _critical,
        "mine": lambda context: lambda card: card.owner == context.me,
    },
    extra={name: attrgetter(name) for name in ("blocked", "checklist", "datasets", "links")},
)

PROJECT_FIELDS: dict[str, Field] = table(
    (
        text_field("title", "words in the title"),
        text_field("id", "a part of the id"),
        text_field("summary", "words in the summary"),
        text_field("notes", "words in the notes"),
        choice("phase", "assess, plan, execute or iterate", get_args(Phase)),
        choice("stage", "mvp, growth or maturity", get_args(Stage)),
        choice("state", "active, hold, dropped or done", ("active", "hold", "dropped", "done")),
        reference("lead", "the person who leads it; me is you", _people("project", "lead"), is_person=True),
        reference(
            "sponsor", "the person who pays and decides", _people("project", "sponsor"), is_person=True
        ),
        text_field("client", "for whom it is done"),
        Field("tag", "a tag; #data is the same as tag:data", EQUALITY, _tags, attrgetter("tags")),
        ordered("due", "the date that was promised", read_date),
        ordered("started", "the first day of this cycle", read_date),
        ordered("cycle", "which trip through the phases it is", read_number),
        ordered("complexity", "how complex it is, 1 to 5", read_number),
    ),
    states={
        **{state: _with_state(state) for state in ("active", "hold", "dropped", "done")},
        "mandatory": lambda _: lambda project: project.mandatory,
        "late": lambda context: (
            lambda project: (
                project.due is not None
                and project.due < context.today
                and project.state in ("active", "hold")
            )
        ),
        "mine": lambda context: lambda project: project.lead == context.me,
    },
    extra={name: attrgetter(name) for name in ("goals", "links")},
)
