"""What a gate says: its verdict in short, and everything that it asks with the arithmetic, as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...model.playbook.playbook import Playbook
from ...model.text.amounts import whole_percent
from ..draw.glyphs import Glyphs
from ..draw.spans import Span

if TYPE_CHECKING:
    from ...model.gates.gates import GateReport

_SIGNS = {
    "met": ("✓", "v", "good"),
    "not met": ("✗", "x", "warning"),
    "open": ("○", "o", ""),
    "unknown": ("?", "?", "warning"),
    "waived": ("⚑", "w", "quiet"),
    "confirm": ("↻", "~", "warning"),
    "n/a": ("–", "-", "quiet"),
    "cannot be told": ("?", "?", "warning"),
}
"""For each word the sign, the one in ASCII, and the look."""


def sign(word: str, glyphs: Glyphs) -> Span:
    """The sign of a state, which always stands beside its word."""
    drawn, plain, look = _SIGNS.get(word, ("·", ".", "quiet"))
    return (plain if glyphs.name == "ascii" else drawn), look


def raising(report: GateReport, most: int = 8) -> str:
    """The questions that would raise the score, the weightiest first."""
    named = [f"{one.item.id} {one.item.weight}" for one in report.raising]
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return f"{', '.join(named[:most])}{more}"


def gate_lines(playbook: Playbook, report: GateReport, glyphs: Glyphs) -> Iterator[str]:
    """Everything that a gate asks, with its arithmetic, for reading."""
    gate = report.gate
    yield f"{gate.title}: {gate.from_phase} to {gate.to_phase}"
    yield "It is open: nothing is missing." if report.is_open else f"It is closed: {'; '.join(report.asks)}."
    for step in dict.fromkeys(one.item.step for one in report.holding):
        named = playbook.step(step)
        yield from ("", f"Not met in: {named.title if named else step}")
        for one in report.holding:
            if one.item.step == step:
                yield from (f"  ! {one.item.id}: {one.item.text}", f"      {one.lacks()}")
    if report.score is not None:
        yield from (
            "",
            f"Score of the other questions: {whole_percent(report.score)}, wanted {whole_percent(report.wanted_score)}",
        )
        if report.score < report.wanted_score:
            yield f"  what raises it, with its weight (n goes there): {raising(report)}"
    if report.to_confirm:
        yield from ("", "Carried over from an earlier cycle, to be confirmed (C on the question)")
        yield f"  {', '.join(one.item.id for one in report.to_confirm)}"
    if report.checks:
        yield from ("", "Conditions that are computed")
    for check in report.checks:
        yield f"  {sign(check.verdict, glyphs)[0]} {check.verdict}: {check.text}"
        yield from (f"      {text}" for text in check.because)
    if report.waived:
        yield from ("", "Waived")
        for one in report.waived:
            yield f"  {one.item.id}: {one.lacks()}: {one.waiver.reason if one.waiver else ''}"
    if report.set_aside:
        yield from ("", "Said not to apply")
        for one in report.set_aside:
            yield f"  {one.item.id}: {one.answer.because if one.answer else ''}"
    yield from (f"warning: {text}" for text in report.warnings)
    yield from ("", f"It ends in: {', '.join(gate.outcomes)}. Decided by: {gate.decided_by}.")
