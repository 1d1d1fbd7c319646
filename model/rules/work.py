"""R2: how cards, milestones and projects hang together, and whether their states go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from ..cards.network import Need, loops, needed_card, parse_need
from ..plan.plan import Plan, target_of
from ..records.base import Record
from ..records.card import Card
from ..records.project import Project
from ..text.wording import lacks_words
from .rule import Hit, Rule, View, naming, per_plan, per_project, per_record


def loop_in_needs(plan: Plan, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """Cards that wait for each other in a circle."""
    for loop in loops(plan):
        if len(loop) == 1:
            continue  # a card that needs itself has a rule of its own
        card = plan.cards[loop[0]]
        index = next(at for at, need in enumerate(card.needs) if target_of(need) == loop[1])
        yield Hit(
            card.address,
            f"needs go round in a circle: {' → '.join((*loop, loop[0]))}",
            ("needs", index),
            "take one of these needs out",
        )


def _other_needs(before: Record | None, after: Record | None) -> bool:
    """Whether a change can close a loop, or open one."""
    if isinstance(before, Card) and isinstance(after, Card):
        return before.needs != after.needs
    return True


def needs_itself(card: Card, view: View) -> Iterator[Hit]:
    """A card that waits for itself."""
    if not any(card.id in text for text in card.needs):
        return
    for index, need in _needs(card):
        if needed_card(view.plan, need) is card:
            yield Hit(
                card.address,
                f"{card.id} needs itself",
                ("needs", index),
                "remove the need",
                "remove its need of itself",
            )


def needs_dropped(card: Card, view: View) -> Iterator[Hit]:
    """An open card that waits for one that will never be done."""
    if not card.is_open or not view.has_dropped:
        return
    for index, need in _needs(card):
        other = needed_card(view.plan, need)
        if other is not None and other.status == "dropped":
            reason = f" ({other.dropped})" if other.dropped else ""
            yield Hit(
                card.address,
                f"needs {other.id}, which was dropped{reason}",
                ("needs", index),
                "remove the need, or need what takes its place",
            )


def done_too_early(card: Card, view: View) -> Iterator[Hit]:
    """A done card that needs one that is not done."""
    for index, need in _needs(card) if card.status == "done" else ():
        other = needed_card(view.plan, need)
        if other is not None and other.is_open and need.link in ("FS", "FF"):
            yield Hit(
                card.address,
                f"is done, but {other.id}, which it needs, is {other.status}",
                ("needs", index),
                "finish the other card, or remove the need if it is wrong",
            )


def need_twice(card: Card, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """Two needs of a card that say the same link with different lags."""
    if len(card.needs) < 2 or not any(" " in text for text in card.needs):
        return  # without words for them all are the same link without a lag
    lags: dict[tuple[str, str], float] = {}
    for index, need in _needs(card):
        if lags.setdefault((need.target, need.link), need.lag_days) != need.lag_days:
            yield Hit(
                card.address,
                f"needs {need.target} twice by the same kind of link ({need.link})",
                ("needs", index),
                "keep the one with the lag that is meant",
            )


def _needs(card: Card) -> Iterator[tuple[int, Need]]:
    """Every need of a card, with its index; what cannot be read as one is no card's id, and R201 speaks of it."""
    for index, text in enumerate(card.needs):
        try:
            yield index, parse_need(text)
        except ValueError:
            continue


def circular_order(plan: Plan, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """Milestones that come after each other, or projects that follow each other, in a circle."""
    for record in plan.of_kind("strategy"):
        milestones = plan.strategy(record.project).milestones
        after = {key: tuple(_local(milestone.after, record.project)) for key, milestone in milestones.items()}
        if circle := _circle(after):
            index = _index(milestones[circle[0]].after, circle[1])
            yield Hit(
                record.address,
                f"milestones come after each other in a circle: {' → '.join(circle)}",
                ("milestones", circle[0], "after", index),
                "take one of these out of `after`",
            )
    follows = {project.id: project.follows for project in plan.projects.values()}
    if circle := _circle(follows):
        project = plan.projects[circle[0]]
        yield Hit(
            project.address,
            f"projects follow each other in a circle: {' → '.join(circle)}",
            ("follows", project.follows.index(circle[1])),
            "take one of these out of `follows`",
        )


def _local(targets: Sequence[str], project: str) -> Iterator[str]:
    for target in targets:
        scope, _, name = target.rpartition("/")
        if scope in ("", project):
            yield name


def _index(targets: Sequence[str], name: str) -> int:
    return next(at for at, target in enumerate(targets) if target.rpartition("/")[2] == name)


def _circle(graph: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A circle, its first member again at its end; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # The sorter goes from what comes first to what waits for it; people read the other way.
        circle = list(reversed(error.args[1]))[:-1]
        start = circle.index(min(circle))
        return (*circle[start:], *circle[:start], circle[start])
    return ()


def dropped_reason(card: Card, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A dropped card without a reason, or a reason on a card that was not dropped."""
    wrong = lacks_words(card.dropped or "") if card.status == "dropped" else ""
    if wrong and not (card.dropped or "").strip():
        yield Hit(card.address, "was dropped without a reason", ("status",), 'say why: dropped = "…"')
    elif wrong:
        message = f"was dropped, and {card.dropped!r} says little: {wrong}"
        yield Hit(card.address, message, ("dropped",), "say why, so that it can be understood next year")
    elif card.dropped and card.status != "dropped":
        yield Hit(
            card.address,
            f"says why it was dropped, but is {card.status}",
            ("dropped",),
            'set status = "dropped", or remove the reason',
        )


def blocked_when_closed(card: Card, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A reason why a card cannot go on, on a card that needs not go on."""
    if card.blocked and not card.is_open:
        yield Hit(
            card.address,
            f"is {card.status}, but says why it is blocked",
            ("blocked",),
            "remove the reason; git keeps it",
        )


def open_in_closed_project(project: Project, view: View) -> Iterator[Hit]:
    """Work in a project that is not worked on."""
    if project.state == "active":
        return
    waits = project.state == "hold"
    left = [
        card.id
        for card in view.plan.cards_of.get(project.id, ())
        if (card.status == "doing" if waits else card.is_open)
    ]
    if left:
        what = "in progress" if waits else "open"
        shown = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
        state = "on hold" if waits else project.state
        cards = "a card is" if len(left) == 1 else f"{len(left)} cards are"
        yield Hit(
            project.address,
            f"the project is {state}, but {cards} {what}: {shown}",
            ("state",),
            "finish, drop or move them, or set the project active",
        )


_NETWORK = "Kelley and Walker 1959, Critical-path planning and scheduling: a network has no loops"
_NEEDS = "docs/format.md: card, needs"
_STATES = "docs/format.md: card, project"

RULES = (
    Rule(
        "R202",
        "loop-in-needs",
        "error",
        "Cards that wait for each other never start. The rest of the plan is still scheduled, these are not.",
        "Take out the need that is not really one; often it is a shared input that deserves a card of its own.",
        _NETWORK,
        'needs = [\n  "backfill-night-4h8c",\n]',
        per_plan(loop_in_needs, "card", matters=_other_needs),
    ),
    Rule(
        "R206",
        "needs-itself",
        "error",
        "A card that waits for itself never starts.",
        "Remove the need; `kedge check --fix` does that.",
        _NETWORK,
        'needs = [\n  "label-audit-9x4p",\n]',
        per_record(needs_itself, "card", near=naming),
    ),
    Rule(
        "R207",
        "needs-dropped",
        "warning",
        "What was dropped is never done, so that the card stays blocked for good.",
        "Remove the need, or replace it by what is done instead.",
        _NEEDS,
        'needs = [\n  "label-audit-9x4p",\n]',
        per_record(needs_dropped, "card", near=naming),
    ),
    Rule(
        "R210",
        "done-too-early",
        "advice",
        "Either the card is not done, or it did not need the other one. Both make schedules and flow figures wrong.",
        "Finish the other card, or remove the need.",
        _NEEDS,
        'status = "done"\nneeds = [\n  "label-audit-9x4p",\n]',
        per_record(done_too_early, "card", near=naming),
    ),
    Rule(
        "R211",
        "dropped-reason",
        "warning",
        "Whoever has the same idea next year wants to know why it was dropped; a reason on a live card "
        "misleads.",
        "Write the reason, or remove it.",
        _STATES,
        'status = "dropped"',
        per_record(dropped_reason, "card"),
    ),
    Rule(
        "R213",
        "open-in-closed-project",
        "warning",
        "Cards of a project that is dropped, done or on hold still ask for people's time.",
        "Finish, drop or move the cards, or take the project up again.",
        _STATES,
        'state = "dropped"',
        per_project(open_in_closed_project, "card"),
    ),
    Rule(
        "R214",
        "need-twice",
        "warning",
        "Two needs of the same card by the same link say two different lags, and only the longer one counts.",
        "Keep the one that is meant.",
        _NEEDS,
        'needs = [\n  "label-audit-9x4p",\n  "label-audit-9x4p FS+2d",\n]',
        per_record(need_twice, "card"),
    ),
    Rule(
        "R215",
        "blocked-when-closed",
        "advice",
        "A reason for waiting on a card that waits for nothing makes lists of what is blocked longer than "
        "they are.",
        "Remove the reason.",
        _STATES,
        'status = "done"\nblocked = "waits for the licence"',
        per_record(blocked_when_closed, "card"),
    ),
    Rule(
        "R216",
        "circular-order",
        "error",
        "Milestones or projects that come after each other in a circle have no order, so that no date and "
        "no choice of projects can be computed from it.",
        "Take one of the links out.",
        _NETWORK,
        'after = ["mvp-live"]',
        per_plan(circular_order, "strategy", "project"),
    ),
)
