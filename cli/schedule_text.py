"""The schedule as lines that fit 80 columns: cards by start, milestones, what leads to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..model.capacity.calendar import in_days, say_days
from ..model.plan.ids import ending
from ..model.review.baseline import say_move
from ..model.schedule.problem import CARD_LATE, MILESTONE_LATE
from ..model.text.amounts import counted
from ..model.text.dates import say_date, short_date
from ..model.text.figure import written
from ..model.text.visible import one_line
from . import output
from .text import can_draw, wide, wrapped

if TYPE_CHECKING:
    from ..model.review.baseline import Moves
    from ..model.schedule.dates import Placed
    from ..model.schedule.problem import Problem
    from ..model.schedule.proven import Proven
    from ..model.schedule.reasons import Reason
    from ..model.schedule.schedule import Schedule
    from ..model.schedule.targets import Key, Milestone

_FINDINGS = 12
"""Findings that are listed below a schedule; `check` lists all of them."""
_WHO, _DATE = 8, 10


def critical_mark() -> str:
    """The sign of a card without slack."""
    return "◆" if can_draw() else "*"


def schedule_lines(
    made: Schedule,
    cards: Sequence[str],
    project: str | None,
    problems: Sequence[Problem],
    *,
    explain: bool,
    moves: Moves | None = None,
) -> Iterator[str]:
    """The schedule for a person; with a baseline each card that has moved says so."""
    yield _head(made, cards)
    if moves is not None:
        yield from wrapped(_baseline(moves, len(cards), project or ""), "  ")
    several = len({made.cards[name].task.project for name in cards}) > 1
    for name in _projects(made, cards) if several else ("",):
        mine = [one for one in cards if not name or made.cards[one].task.project == name]
        yield from ("", name) if name else ("",)
        yield f"    {'START':<{_DATE}} {'END':<{_DATE}} {'DAYS':>4} {'WHO':<{_WHO}} {'SLACK':>5}  CARD"
        for card in made.by_start(mine):
            yield from _row(made, card, explain=explain)
            if moves is not None and (said := card_move(moves, card)):
                yield f"     {'·' if can_draw() else '-'} {said}"
    milestones = [one for one in made.milestones.values() if project in (None, one.key[0])]
    if milestones:
        yield ""
        yield "Milestones"
        for one in milestones:
            yield from milestone_lines(made, one, several=several, moves=moves)
    yield from _late_lines(made, cards)
    yield from problem_lines([one for one in problems if one.code not in (MILESTONE_LATE, CARD_LATE)])


def proof_line(found: Proven) -> str:
    """Whether it is proven that no schedule is better."""
    better = (
        f"; {counted(found.improved, 'part')} of the plan got better dates by it" if found.improved else ""
    )
    if found.is_proven:
        return f"Proven: no order of the work misses due dates by less, or ends earlier{better}."
    return (
        f"Not proven: for {found.parts - found.proven} of {counted(found.parts, 'part')} of the plan there may be "
        f"better dates{better}."
    )


def _baseline(moves: Moves, cards: int, project: str) -> str:
    """What the baseline is, and how much of it has moved."""
    before, counts = moves.before, moves.counts(project)
    parts = [f"{counts.moved} of {counted(cards, 'card')} moved"]
    parts += [f"{counts.new} new"] if counts.new else []
    parts += [f"{counts.gone} gone or done"] if counts.gone else []
    day = short_date(before.today, moves.made.today)
    return f"Baseline {one_line(before.title)}, as planned on {day}: {', '.join(parts)}"


def card_move(moves: Moves, name: str) -> str:
    """From when to when a card was planned, where that is not as it is now."""
    then, by, today = moves.before.cards.get(name), moves.of_card(name), moves.made.today
    if then is None or by is None:
        return "not in the baseline"
    made = moves.made
    if not by and made.dates.start_date(made.cards[name]) == then.start:
        return ""
    start, end = (short_date(day, today) for day in (then.start, then.end))
    return f"was {start}{f' to {end}' if end != start else ''}, {say_move(by)}"


def _milestone_move(moves: Moves, key: Key) -> str:
    then, by = moves.before.milestones.get(key), moves.of_milestone(key)
    if then is None:
        return ""
    when = short_date(then, moves.made.today)
    return f"was {when}" + (f", {say_move(by)}" if by else "") if by != 0 else ""


def _projects(made: Schedule, cards: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(made.cards[name].task.project for name in cards))


def _head(made: Schedule, cards: Sequence[str]) -> str:
    left = len(made.dates.tasks) - len(made.cards)
    assumed = sum(made.cards[name].task.is_assumed for name in cards)
    parts = [f"As of {short_date(made.today, made.today)}", counted(len(cards), "open card")]
    if left:
        parts.append(f"{left} left out")
    if assumed:
        parts.append(f"{assumed} without an estimate")
    return f"{', '.join(parts)}; {critical_mark()} has no slack, ! is late"


def _row(made: Schedule, name: str, *, explain: bool) -> Iterator[str]:
    one = made.cards[name]
    marks = f"{critical_mark() if name in made.critical else ' '}{'!' if made.late(one) else ' '}"
    start, end = (
        short_date(day, made.today) for day in (made.dates.start_date(one), made.dates.end_date(one))
    )
    days = written(in_days(one.task.work)) + ("?" if one.task.is_assumed else "")
    who = output.padded(one.person or "–", _WHO)
    slack = "" if name in made.critical else written(in_days(made.slack[name]))
    figures = f" {marks} {start:<{_DATE}} {end:<{_DATE}} {days:>4} {who} {slack:>5}  "
    yield output.shorten(figures + card_name(made, name), wide())
    if explain:
        reason = made.reasons.of(one).text
        drag = in_days(made.drag(name)) if name in made.critical else 0
        more = f"; drag {written(drag)}d" if drag else ""
        blocked = f"; blocked: {one.task.card.blocked}" if one.task.card.blocked else ""
        yield from wrapped(f"{reason}{more}{blocked}", "       ", "     · " if can_draw() else "     - ")


def card_name(made: Schedule, name: str) -> str:
    """The end of a card's id, by which commands find it, and its title."""
    return one_line(f"{ending(name) or name} {made.cards[name].task.card.label}")


def milestone_lines(
    made: Schedule, one: Milestone, *, several: bool = False, moves: Moves | None = None
) -> Iterator[str]:
    """A milestone in a line."""
    name = "/".join(one.key) if several else one.key[1]
    due = f", due {say_date(one.due, made.today)}" if one.due else ""
    if one.date is None:
        said = f"done{due}" if one.is_done else f"no date: none of its cards has one{due}"
    else:
        late = f", {say_days(one.late)} late" if one.late else ""
        said = f"{say_date(one.date, made.today)}{due}{late}"
    if one.left_out and one.date is not None:
        said += f"; without {counted(len(one.left_out), 'card')} that cannot be scheduled"
    if moves is not None and (moved := _milestone_move(moves, one.key)):
        said += f"; {moved}"
    mark = "!" if one.late else " "
    yield from wrapped(said, "      ", f"  {mark} {one_line(name)}: ")


def _late_lines(made: Schedule, cards: Iterable[str]) -> Iterator[str]:
    late = [name for name in cards if made.late(made.cards[name])]
    if not late:
        return
    yield from ("", "Late, and what makes them late")
    for name in sorted(late, key=lambda one: -made.late(made.cards[one])):
        one = made.cards[name]
        due = one.task.card.due
        assert due is not None
        said = f"{say_days(made.late(one))} after {say_date(due, made.today)}"
        causes = [reason.text for _, reason in reversed(made.way_to(name))]
        yield from wrapped(f"{said}: {'; '.join(causes[:3])}", "      ", f"  ! {card_name(made, name)}, ")


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Findings, the first of them."""
    if not problems:
        return
    yield from ("", "Findings")
    for one in problems[:_FINDINGS]:
        said = one.message if one.message.startswith(f"{one.id} ") else f"{one.id}: {one.message}"
        yield from wrapped(said, "      ", f"  {one.code} ")
    if len(problems) > _FINDINGS:
        yield f"  and {len(problems) - _FINDINGS} more: kedge check --select P lists them"


# ---- what leads to a date


def path_lines(
    made: Schedule, chain: Sequence[tuple[Placed, Reason]], drags: Mapping[str, int | None]
) -> Iterator[str]:
    """A chain of cards, each with what it waits for; the first cause first."""
    for one, reason in chain:
        name = one.task.id
        start, end = (
            short_date(day, made.today) for day in (made.dates.start_date(one), made.dates.end_date(one))
        )
        drag = f"  drag {written(in_days(held))}d" if (held := drags.get(name)) else ""
        head = f"  {critical_mark()} {start:<{_DATE}} – {end:<{_DATE}} {one_line(one.person or '–')}{drag}"
        yield head if can_draw() else head.replace("–", "-")
        yield from wrapped(f"{card_name(made, name)}", "      ")
        yield from wrapped(reason.text, "        ", "      < " if not can_draw() else "      ← ")
