"""P109 to P119: what only the schedule shows. These rules are asked by `check`, not while a person works."""

from __future__ import annotations

from collections.abc import Iterator

from ..plan.plan import Plan
from ..schedule import problem as code
from ..schedule.problem import Problem
from .rule import Check, Hit, Rule, View, per_schedule

KINDS = ("board", "card", "person", "project", "strategy")


def _found(wanted: str) -> Check:
    """A check that gives the problems with a code that scheduling has come across."""

    def find(plan: Plan, view: View) -> Iterator[Hit]:  # noqa: ARG001
        if view.schedule is not None:
            yield from (_hit(one) for one in view.schedule.problems if one.code == wanted)

    return per_schedule(find, *KINDS)


def _one_person(plan: Plan, view: View) -> Iterator[Hit]:  # noqa: ARG001
    if view.schedule is not None:
        from ..schedule.card_advice import one_person_critical

        yield from map(_hit, one_person_critical(view.schedule))


def _pins(plan: Plan, view: View) -> Iterator[Hit]:  # noqa: ARG001
    if view.schedule is not None:
        from ..schedule.card_advice import pins_on_critical_path

        yield from map(_hit, pins_on_critical_path(view.schedule))


def _hit(one: Problem) -> Hit:
    return Hit(one.address, one.message, one.field, one.hint)


SCHEDULE = "docs/plan.md: schedule"


RULES = (
    Rule(
        code.MILESTONE_LATE,
        "milestone-late",
        "warning",
        "A date that was promised and does not follow from the plan will be missed; those who wait for it should "
        "hear of that now.",
        "Look at what it waits for (`kedge critical`), take work out, or agree another date.",
        SCHEDULE,
        "due = 2026-11-24",
        _found(code.MILESTONE_LATE),
    ),
    Rule(
        code.CARD_LATE,
        "card-late",
        "warning",
        "A card that ends after its due date makes others late, or its date means nothing.",
        "Look at what it waits for (`kedge critical`), give it to someone else, or correct the date.",
        SCHEDULE,
        "due = 2026-11-24",
        _found(code.CARD_LATE),
    ),
    Rule(
        code.OVERLOAD,
        "overload",
        "warning",
        "Where a person has more work in a week than time, both cards come late, and no one has said which.",
        "Put one of the cards back, give it to someone else, or fix another day.",
        SCHEDULE,
        'status = "doing"',
        _found(code.OVERLOAD),
    ),
    Rule(
        code.PIN_IMPOSSIBLE,
        "pin-impossible",
        "error",
        "A card that is fixed on a day keeps it, whatever else the plan says. Where links, people or the calendar "
        "say otherwise, one of them is wrong.",
        "Fix another day, or change what is in the way.",
        SCHEDULE,
        "fixed = 2026-11-24",
        _found(code.PIN_IMPOSSIBLE),
    ),
    Rule(
        code.PIN_IN_THE_PAST,
        "pin-in-the-past",
        "warning",
        "A card that should have started on a day that has passed either has, or will not.",
        "Mark it as in progress or done, or fix another day.",
        SCHEDULE,
        "fixed = 2026-11-16",
        _found(code.PIN_IN_THE_PAST),
    ),
    Rule(
        code.NOBODY_THERE,
        "nobody-can-do-it",
        "error",
        "Work whose person is gone before it can be done, has no time for the project, or is in no plan, has no "
        "date, and neither has what waits for it.",
        "Name another owner, give the person time, or make the card smaller.",
        SCHEDULE,
        'skill = "vision"',
        _found(code.NOBODY_THERE),
    ),
    Rule(
        code.NEEDS_UNFINISHED,
        "in-progress-too-early",
        "advice",
        "Work that begins before what it needs is done has to be done again, or it did not need the other card.",
        "Finish the other card first, or remove the need.",
        SCHEDULE,
        'status = "doing"',
        _found(code.NEEDS_UNFINISHED),
    ),
    Rule(
        code.ONE_PERSON_CRITICAL,
        "one-person-critical",
        "advice",
        "When one person does everything that a date waits for, a week of illness is a week of delay.",
        "Give some of it to others, or have someone learn it meanwhile.",
        SCHEDULE,
        'owner = "mira"',
        per_schedule(_one_person, *KINDS),
    ),
    Rule(
        code.PIN_CRITICAL,
        "pin-on-critical-path",
        "advice",
        "A fixed day that a milestone waits for holds it up by itself: nothing else can make it come earlier.",
        "Make sure that the day is really fixed; else remove it, and use a need or not_before.",
        SCHEDULE,
        "fixed = 2026-11-30",
        per_schedule(_pins, *KINDS),
    ),
    Rule(
        code.TOO_FAR,
        "too-far",
        "error",
        "An end in a hundred years was mistyped, and would hide whatever else is wrong.",
        "Correct the figure or the date.",
        SCHEDULE,
        "not_before = 2199-01-07",
        _found(code.TOO_FAR),
    ),
    Rule(
        code.NEEDS_LEFT_OUT,
        "needs-without-date",
        "warning",
        "What waits for a card without a date has none itself, or one that cannot be believed.",
        "See the finding of the card that it needs.",
        SCHEDULE,
        'needs = [\n  "label-audit-9x4p",\n]',
        _found(code.NEEDS_LEFT_OUT),
    ),
)
