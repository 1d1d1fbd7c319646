"""The timeline as text: when each card is done and why then, and what leads to a milestone."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from ..model.capacity.calendar import in_days, say_days
from ..model.text.amounts import counted
from ..model.text.dates import say_date
from ..storage.disk.errors import KedgeError, UnknownId
from . import context, naming, output
from .at_revision import planned_at
from .command import Command
from .completing import ids_of
from .revision import REVISION
from .settings import Settings
from .telling import PATIENCE, told
from .text import wrapped

if TYPE_CHECKING:
    from ..model.plan.plan import Plan
    from ..model.records.card import Card
    from ..model.review.baseline import Moves
    from ..model.schedule.dates import Placed
    from ..model.schedule.proven import Proven
    from ..model.schedule.reasons import Reason
    from ..model.schedule.schedule import Schedule
    from ..model.schedule.targets import Key
    from .telling import Tell

READ = {"board", "card", "person", "project", "strategy"}
"""Kinds of records that a schedule is made from."""

_DRAG = (
    "Slack: every card is moved as late as links, people and this date allow; those that do not move have none. "
    "Drag: the plan is scheduled again in the same order without the work of one card, and the date comes earlier by "
    "so much. A card without slack can have no drag where another way is as long."
)
_NO_DRAG = (
    "Drag is left out: to find it for {}, the whole plan would be scheduled again for each. The Timeline (key 5) "
    "has it for the card under the cursor."
)

effort_option = click.option(
    "--effort",
    type=click.IntRange(0, 1_000_000),
    metavar="N",
    help="Schedules to try for each part of the plan; more may end earlier, 0 is the first one found.",
)


@click.command(cls=Command, reads=True)
@click.option("--explain", is_flag=True, help="Why each card starts when it does.")
@click.option("--mermaid", is_flag=True, help="A Gantt chart in Mermaid's language.")
@click.option(
    "--all", "in_full", is_flag=True, help="With --json: done and dropped cards too, without dates."
)
@click.option(
    "--optimal", is_flag=True, help="Look for better dates, or prove that there are none (needs ortools)."
)
@click.option(
    "--baseline",
    metavar="REV",
    type=REVISION,
    help="What has moved since the plan at a revision, as it was planned then.",
)
@effort_option
@click.pass_obj
def schedule(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    *,
    explain: bool,
    mermaid: bool,
    in_full: bool,
    optimal: bool,
    baseline: str | None,
    effort: int | None,
) -> None:
    """Show when each card is done, by whom, and with how much slack.

    The plan is levelled as a whole, since projects share people; --project shows one. The same plan on the same day
    has the same dates everywhere.

    --baseline takes a commit, a branch or a tag, and the dates that its plan had on the day of that commit; kedge diff
    sees both states on the same day.

    --optimal goes on from these dates with CP-SAT, and says whether it is proven that nothing is better: no due date
    missed by less, and no earlier end. Other commands and the board keep the usual dates.
    """
    from .schedule_data import problems_of, proof_data, schedule_data, with_baseline
    from .schedule_text import proof_line, schedule_lines

    with told(settings, after=PATIENCE) as tell:
        if optimal:
            _need_ortools()
        plan, made = scheduled(settings, effort, tell)
        found = _proven(made, tell) if optimal else None
        made = found.schedule if found is not None else made
        project = context.named_project(settings, plan.projects)
        moves = _moves(settings, baseline, made, effort, tell) if baseline is not None else None
        cards = [name for name, one in made.cards.items() if project in (None, one.task.project)]
        if settings.json:
            others = _others(plan, made, project) if in_full else []
            data = schedule_data(made, cards, others, project, tell)
            if moves is not None:
                data = with_baseline(data, moves, project)
            output.data("schedule", {**data, **(proof_data(found) if found is not None else {})})
            return
        if mermaid:
            from .schedule_mermaid import mermaid_lines

            output.lines(mermaid_lines(made, cards, project, moves))
            return
        problems = problems_of(made, project)
        lines = list(schedule_lines(made, cards, project, problems, explain=explain, moves=moves))
        lines += ["", *wrapped(proof_line(found), "  ")] if found is not None else []
    if not made.dates.tasks:
        output.say(settings, "no open card to schedule: kedge add makes one")
        return
    output.lines(lines)


def _need_ortools() -> None:
    """Raises KedgeError where it is not installed."""
    from ..model.solvers.proof import is_there

    if not is_there():
        raise KedgeError(
            "proofs come with the package ortools, which is not installed",
            f"{sys.executable} -m pip install ortools, or more effort without a proof: kedge schedule --effort 10000",
        )


def _proven(made: Schedule, tell: Tell) -> Proven:
    from ..model.schedule.proven import proven

    return proven(made, tell)


def _moves(settings: Settings, revision: str, made: Schedule, effort: int | None, tell: Tell) -> Moves:
    """What has moved since the plan at a revision. Raises KedgeError."""
    from ..model.review.baseline import Moves, baseline

    then = planned_at(settings, revision)
    side = then.side
    before = baseline(then.snapshot, made.dates.plan, side.title, side.commit, effort=effort, progress=tell)
    return Moves(before, made)


def scheduled(settings: Settings, effort: int | None, tell: Tell) -> tuple[Plan, Schedule]:
    """The plan and its schedule. Raises KedgeError."""
    derived = context.derived(settings, context.read(settings, READ))
    return derived.plan, derived.told(tell).schedule(effort)


def _others(plan: Plan, made: Schedule, project: str | None) -> list[Card]:
    """The cards without dates."""
    cards = (card for card in plan.cards.values() if project in (None, card.project))
    return sorted((card for card in cards if card.id not in made.cards), key=lambda card: card.id)


@click.command(cls=Command, reads=True)
@click.argument("what", metavar="[MILESTONE|CARD]", default="", shell_complete=ids_of("milestone"))
@click.option(
    "--explain", is_flag=True, help="How drag is worked out, and why cards beside the way have no slack."
)
@effort_option
@click.pass_obj
def critical(settings: Settings, what: str, *, explain: bool, effort: int | None) -> None:
    """Show what a milestone, a card or the end of a project waits for, and how much each card holds it up.

    Without a name: the project's last open milestone, else its end. The way is told from its first cause; drag is by
    how many days the date would come earlier if that card took no work.
    """
    with told(settings, after=PATIENCE) as tell:
        plan, made = scheduled(settings, effort, tell)
        targets = _targets(settings, plan, made, what)
        if settings.json:
            found = [_critical_data(made, *one, tell) for one in targets]
            output.data("critical", found[0] if what or len(found) == 1 else {"projects": found})
            return
        lines = [line for one in targets for line in _critical_lines(made, *one, tell, explain=explain)]
    if not targets:
        output.say(settings, "no open card has a date: kedge schedule says what is left out, and why")
    output.lines(lines)


def _targets(settings: Settings, plan: Plan, made: Schedule, what: str) -> list[tuple[Key | None, str]]:
    """What is asked for: milestones or projects with the card that they end with, or a card alone."""
    project = context.named_project(settings, plan.projects)
    if not what:
        wanted = [project] if project else list(plan.projects)
        keys = [key for name in wanted if (key := _last(made, name)) is not None]
        return [(key, made.last_card(key) or "") for key in keys]
    try:
        key = milestone_of(made, what, project)
    except UnknownId as no_milestone:
        try:
            card = context.find_card(settings, plan, what)
        except UnknownId as no_card:
            near = (*no_milestone.nearest, *no_card.nearest)
            raise UnknownId(what, "milestone or card", near) from None
        if card.id not in made.cards:
            raise KedgeError(f"{card.id} has no date", _why_not(made, card)) from None
        return [(None, card.id)]
    return [(key, made.last_card(key) or "")]


def milestone_of(made: Schedule, name: str, project: str | None) -> Key:
    """The milestone with this name. Raises UnknownId, and KedgeError for one without a date."""
    names = {"/".join(key): key for key in made.milestones if project in (None, key[0])}
    key = names[naming.one_of(name, "milestone", names)]
    if made.milestones[key].date is None:
        state = "done" if made.milestones[key].is_done else "left out of the schedule"
        raise KedgeError(f"{key[1]} has no date: every card that leads to it is {state}")
    return key


def _why_not(made: Schedule, card: Card) -> str:
    if not card.is_open:
        return f"it is {card.status}"
    return next(
        (one.message for one in made.problems if one.address == card.address), "its project is not active"
    )


def _last(made: Schedule, project: str) -> Key | None:
    """The last open milestone of a project, else its end; None where no card of it has a date."""
    ends = made.targets.ends
    own = [key for key, one in made.milestones.items() if key[0] == project and one.end is not None]
    if own:
        return max(own, key=lambda key: (ends[key], key))
    return (project, "") if (project, "") in ends else None


def _critical_data(made: Schedule, key: Key | None, card: str, tell: Tell) -> dict[str, object]:
    from .schedule_data import card_data, milestone_data, reason_data

    slack, chain, drags = _measured(made, key, card, tell)
    if key is None:
        target: dict[str, object] = {"kind": "card", "id": card}
    elif key[1]:
        target = {"kind": "milestone", **milestone_data(made.milestones[key])}
    else:
        target = {"kind": "project", "id": key[0]}
    days = {name: None if drag is None else in_days(drag) for name, drag in drags.items()}
    path: list[dict[str, object]] = []
    for one, reason in chain:
        name = one.task.id
        # Slack is that to this target; work that only holds up the same person does not lead to it and keeps its own.
        left = slack.get(name, made.slack[name])
        own = {
            "critical": not left,
            "slack": in_days(left),
            "drag": days[name],
            "reason": reason_data(reason),
        }
        path.append({**card_data(made, name, None), **own})
    return {"target": target, "path": path, "critical": _without(made, slack), "drag": days}


def _without(made: Schedule, slack: Mapping[str, int]) -> list[str]:
    """The cards that have no slack, by start."""
    return made.by_start(name for name, days in slack.items() if days == 0)


def _critical_lines(
    made: Schedule, key: Key | None, card: str, tell: Tell, *, explain: bool
) -> Iterator[str]:
    from .schedule_text import card_name, milestone_lines, path_lines

    slack, chain, drags = _measured(made, key, card, tell)
    names = _without(made, slack)
    end = say_date(made.dates.end_date(made.cards[card]), made.today)
    if key is not None and key[1]:
        yield from milestone_lines(made, made.milestones[key])
    else:
        yield from wrapped(f"{key[0] if key else card_name(made, card)}: ends {end}", "      ", "  ")
    yield ""
    yield "The way to it, the first cause first"
    yield from path_lines(made, chain, drags)
    on_the_way = {one.task.id for one, _ in chain}
    if rest := [name for name in names if name not in on_the_way]:
        yield from ("", "Other cards without slack")
        for name in rest:
            drag = f", drag {say_days(held)}" if (held := drags[name]) else ""
            yield from wrapped(f"{card_name(made, name)}{drag}", "      ", "    ")
            if explain:
                one = made.cards[name]
                start = say_date(made.dates.start_date(one), made.today)
                yield from wrapped(f"starts {start}: {made.reasons.of(one).text}", "        ", "      ")
    if None in drags.values():
        yield ""
        yield from wrapped(_NO_DRAG.format(counted(len(drags), "card")), "")
    if explain:
        yield ""
        yield from wrapped(_DRAG, "")
    yield ""


def _measured(
    made: Schedule, key: Key | None, card: str, tell: Tell
) -> tuple[Mapping[str, int], Sequence[tuple[Placed, Reason]], dict[str, int | None]]:
    """The slack of cards to a target, the way to the card that it ends with, and the drag of each that has no slack.

    A drag is None where finding all of them out would take minutes.
    """
    from ..model.schedule.drag import MOST_ASKED

    members = made.before(card) if key is None else made.members(key)
    end = made.cards[card].end if key is None else made.targets.ends[key]
    slack = made.slack_to(dict.fromkeys(members, end))
    chain = made.way_to(card)
    wanted = list(dict.fromkeys([*_without(made, slack), *(one.task.id for one, _ in chain)]))
    if not made.drags.is_small(wanted, MOST_ASKED):
        return slack, chain, dict.fromkeys(wanted)
    drags: dict[str, int | None] = {}
    for number, name in enumerate(wanted):
        tell("drag", number / len(wanted))
        drags[name] = made.drags.of_card(name, card) if key is None else made.drags.of(name, key)
    return slack, chain, drags
