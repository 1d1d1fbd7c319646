"""P101 to P108: what cards and the calendar say that makes every date of a plan doubtful."""

from __future__ import annotations

from collections.abc import Iterator

from ..capacity.calendar import has_working_day, unreadable_rules
from ..cards.network import parse_need
from ..plan.plan import Plan, target_of
from ..records.address import Address
from ..records.base import Record
from ..records.card import Card
from ..records.strategy import Strategy
from .rule import PLAYBOOK, Hit, Rule, View, naming, per_plan, per_record
from .settings import BOARD

LONG_DAYS = 10
"""Days from which on a card hides more than it says."""
SURE_DAYS = 2
"""Days up to which a single figure is good enough."""


def in_progress_without_owner(card: Card, view: View) -> Iterator[Hit]:
    """Work that goes on without anyone who does it, or a date by which it is wanted."""
    if card.status != "doing":
        return
    project, _, name = (card.milestone or "").rpartition("/")
    milestone = view.plan.strategy(project or card.project).milestones.get(name)
    asked = {"owner=…": "who does it", "due=…": "by when"}
    lacks: dict[str, str] = {}
    if not card.owner:
        lacks["owner=…"] = "an owner"
    if card.due is None and (milestone is None or milestone.due is None):
        lacks["due=…"] = "a date"
    if lacks:
        yield Hit(
            card.address,
            f"in progress without {' and '.join(lacks.values())}",
            ("owner",) if not card.owner else ("due",),
            f"say {' and '.join(asked[one] for one in lacks)}: kedge set {card.id} {' '.join(lacks)}",
        )


def estimate_without_range(card: Card, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A single figure for more than a little work."""
    if card.is_open and card.estimate and len(card.estimate) == 1 and card.estimate[0] > SURE_DAYS:
        days = card.estimate[0]
        yield Hit(
            card.address,
            f"one figure for {days:g} days: how much less, how much more may it be?",
            ("estimate",),
            f"give low, likely and high: kedge set {card.id} estimate={days * 0.75:g}/{days:g}/{days * 2:g}",
        )


def card_over_ten_days(card: Card, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A card too large for anyone to see whether it is on its way."""
    likely = card.estimate[len(card.estimate) // 2] if card.is_open and card.estimate else 0
    if likely > LONG_DAYS:
        yield Hit(
            card.address,
            f"{likely:g} days in one card",
            ("estimate",),
            "split it into parts that can be done",
        )


def negative_lag(card: Card, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A need that counts back from an end which is not known yet."""
    for index, text in enumerate(card.needs) if card.is_open else ():
        try:
            need = parse_need(text)
        except ValueError:
            continue
        if need.lag_days < 0:
            yield Hit(
                card.address,
                f"starts {-need.lag_days:g} days before {need.target} ends, which is not known before it has"
                if need.link == "FS"
                else f"a lag of {need.lag_days:g} days after {need.target}",
                ("needs", index),
                "need the part of the other card that is wanted, or its start: SS+2d",
            )


def open_end(card: Card, view: View) -> Iterator[Hit]:
    """A card nothing waits for, and that leads to no milestone, in a project that has some."""
    if not card.is_open or card.milestone or not view.plan.strategy(card.project).milestones:
        return
    waiting = (view.plan.cards[name] for name in view.plan.needed_by.get(card.id, ()))
    if not any(one.is_open for one in waiting):
        yield Hit(
            card.address,
            "nothing waits for it, and it leads to no milestone",
            ("milestone",),
            f"say what it is for: kedge set {card.id} milestone=…, or drop it",
        )


def _led_to(record: Record, view: View) -> Iterator[Address]:
    """The cards that a card waits for; of a strategy, those of its project."""
    plan = view.plan
    if isinstance(record, Card):
        names = map(target_of, record.needs)
        yield from (plan.cards[name].address for name in names if name in plan.cards)
    elif isinstance(record, Strategy):
        yield from (card.address for card in plan.cards_of.get(record.project, ()))


def zero_estimate(card: Card, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """Open work that is said to take no time."""
    if not card.is_open:
        return
    for name in ("remaining", "estimate"):
        value = getattr(card, name)
        counts = name == "estimate" or card.status == "doing"
        if counts and value is not None and (value == 0 or (name == "estimate" and not any(value))):
            yield Hit(
                card.address,
                f"{name} is 0; it is scheduled with half a day",
                (name,),
                "mark it as done, or estimate what is left",
            )
            return


def no_working_days(plan: Plan, view: View) -> Iterator[Hit]:
    """A calendar on which nothing can be done."""
    if not has_working_day(plan.board.calendar, view.today):
        yield Hit(
            BOARD,
            "the calendar has no working day within a year; scheduled as if Monday to Friday were",
            ("calendar", "weekdays"),
            "name the days of the week on which you work, and look at holidays and recurring",
        )


def unreadable_rule(plan: Plan, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A recurrence rule that names no day for anyone."""
    for at, why in unreadable_rules(plan.board.calendar).items():
        yield Hit(
            BOARD,
            f"the rule {plan.board.calendar.recurring[at]!r} cannot be read, so that its days are worked: {why}",
            ("calendar", "recurring", at),
            "write it as RFC 5545 does: FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,31",
        )


NETWORKS = "critical path method: PMI, Practice Standard for Scheduling"


RULES = (
    Rule(
        "P101",
        "in-progress-without-owner",
        "warning",
        "Work that no one answers for, or that has no date, is the work that is still there in a year.",
        "Name the person who does it, and its due date, its own or its milestone's.",
        PLAYBOOK + "rule-owner-date",
        'status = "doing"',
        per_record(in_progress_without_owner, "card", near=naming),
    ),
    Rule(
        "P102",
        "estimate-without-range",
        "advice",
        "One figure is a wish or a worst case, and no one can tell which. The spread is what a forecast is made of.",
        "Give three: what it takes if all goes well, what is likely, what it takes if it goes badly.",
        "docs/plan.md: estimates",
        "estimate = 5",
        per_record(estimate_without_range, "card"),
    ),
    Rule(
        "P103",
        "card-over-ten-days",
        "advice",
        "A card of more than two weeks is in progress for a month before anyone sees that it is late.",
        "Split it into parts of a few days that can each be done.",
        "docs/plan.md: estimates",
        "estimate = [8, 12, 20]",
        per_record(card_over_ten_days, "card"),
    ),
    Rule(
        "P104",
        "negative-lag",
        "advice",
        "When work starts two days before other work ends, someone has to know the end in advance. A lag hides the "
        "part that is really waited for.",
        "Make that part a card of its own, or count from the start of the other card.",
        NETWORKS,
        'needs = [\n  "label-audit-9x4p FS-2d",\n]',
        per_record(negative_lag, "card"),
    ),
    Rule(
        "P105",
        "open-end",
        "advice",
        "Work that leads nowhere has slack to the end of the project, whatever it is really for.",
        "Say which milestone it leads to, or which card needs it; or drop it.",
        NETWORKS,
        'title = "Tidy the notebooks"',
        per_record(open_end, "card", near=_led_to),
    ),
    Rule(
        "P106",
        "zero-estimate",
        "warning",
        "Work that takes no time is done, or was not estimated.",
        "Mark it as done, or estimate what is left.",
        "docs/plan.md: estimates",
        "estimate = 0",
        per_record(zero_estimate, "card"),
    ),
    Rule(
        "P107",
        "no-working-days",
        "error",
        "On a calendar without working days nothing ever ends.",
        "Name the weekdays on which you work, and look at holidays and recurring rules.",
        "docs/plan.md: calendar",
        "weekdays = []",
        per_plan(no_working_days, "board"),
    ),
    Rule(
        "P108",
        "unreadable-rule",
        "error",
        "Days off that a rule means and no one can read are planned as working days.",
        "Write the rule as RFC 5545 does.",
        "RFC 5545, 3.3.10",
        "FREQ=NONSENSE",
        per_plan(unreadable_rule, "board"),
    ),
)
