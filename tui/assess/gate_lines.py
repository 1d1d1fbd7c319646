"""What a gate says: its verdict in short, and everything that it asks with the arithmetic, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...model.playbook.playbook import Playbook
from ...model.text.amounts import counted, whole_percent
from ..draw.glyphs import Glyphs
from ..draw.signs import sign

if TYPE_CHECKING:
    from ...model.assess.standing import Standing
    from ...model.gates.gates import GateReport

_MOST = 5
"""Questions that would raise the score."""
_COMMAND = "; kedge "
"""What the command begins with that adds what is missing; on the board a key does."""


def _shortest_way(report: GateReport) -> str:
    """What opens a gate, or passes it, in a sentence."""
    if report.is_open:
        return "It is open: d records the decision."
    if report.barred:
        return f"It is closed: {report.barred}."
    score = report.score if report.score is not None and report.score < report.wanted_score else None
    verdicts = Counter(check.verdict for check in report.checks)
    steps = [
        f"{verb} {counted(count, noun)}"
        for verb, count, noun in (
            ("answer", len(report.holding), "question"),
            ("meet", verdicts["not met"], "condition"),
            ("add what is missing for", verdicts["unknown"], "condition"),
            ("judge", verdicts["to be judged"], "condition"),
        )
        if count
    ]
    steps += [f"raise the score to {whole_percent(report.wanted_score)}"] if score is not None else []
    return f"It is closed. To open it: {', '.join(steps)}. Or d passes it with an override and its reason."


def gate_lines(playbook: Playbook, report: GateReport, glyphs: Glyphs) -> Iterator[str]:
    """Everything that a gate asks, with its arithmetic, for reading."""
    gate = report.gate
    yield gate.title
    yield _shortest_way(report)
    yield from _not_met(playbook, report)
    yield from _score(report)
    carried = [_asked(one) for one in report.to_confirm]
    yield from _under("Carried over from an earlier cycle, to be confirmed (C on the question)", carried)
    if report.checks:
        yield from ("", "Conditions")
    for check in sorted(report.checks, key=lambda one: one.verdict == "met"):
        yield f"  {sign(check.verdict, glyphs)[0]} {check.verdict}: {check.text}"
        yield from (f"      {text}" for text in check.because)
    yield from _under("Waived", [f"{_asked(one)}: {one.set_aside_by}" for one in report.waived])
    yield from _under("Said not to apply", [f"{_asked(one)}: {one.set_aside_by}" for one in report.set_aside])
    yield from _under(
        "Counts less than claimed: evidence is missing (e on the question adds it)",
        [one.shortfall for one in report.unproven],
    )
    yield from _under("Rests on evidence that is not checked", report.unchecked)
    yield from (f"warning: {text}" for text in report.warnings)
    yield from ("", f"It ends in: {', '.join(gate.outcomes)}. Decided by: {gate.decided_by}.")


def _under(heading: str, rows: Sequence[str]) -> Iterator[str]:
    """Some rows under a heading; nothing where there are none."""
    if any(rows):
        yield from ("", heading)
        yield from (f"  {row}" for row in rows)


def _not_met(playbook: Playbook, report: GateReport) -> Iterator[str]:
    """The questions that hold the gate, by step: what each lacks, so that all of them are on one screen.

    Enter goes to the question, which has its words and the command.
    """
    for step in dict.fromkeys(one.item.step for one in report.holding):
        named = playbook.step(step)
        yield from ("", f"Not met in: {named.title if named else step}")
        for one in report.holding:
            if one.item.step == step:
                yield from (f"  ! {_asked(one)}", f"      {one.lacks().partition(_COMMAND)[0]}")


def _score(report: GateReport) -> Iterator[str]:
    """The score of the other questions, and what would raise it."""
    if report.score is None:
        return
    reached, wanted = whole_percent(report.score), whole_percent(report.wanted_score)
    yield from ("", f"Score of the other questions: {reached}, wanted {wanted}")
    if report.score < report.wanted_score:
        rows, left = report.raising[:_MOST], len(report.raising) - _MOST
        yield "What raises it, the weightiest first (n on the screen goes there)"
        yield from (f"  {_asked(one)}, weight {one.item.weight}" for one in rows)
        yield from (f"  and {left} more",) if left > 0 else ()


def _asked(one: Standing) -> str:
    """A question in its words, with the id that leads to it."""
    return f"{one.item.text} ({one.item.id})"
