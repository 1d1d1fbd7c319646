"""What a gate says to people: where it is closed, what is missing and which command adds it, on one screen.

What is met is counted only; `-v` shows every question in its words and all of the arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..model.text.amounts import whole_percent
from ..model.text.named import quoted
from .text import sign, wrapped

if TYPE_CHECKING:
    from ..model.assess.standing import Standing
    from ..model.gates.gates import Check, GateReport
    from ..model.snapshot.snapshot import Snapshot
    from ..model.value.claims import Claim

_COMMAND = "kedge "
"""What commands begin with, in words that say what is missing."""
_ON_BOARD = " (enter on the board)"
"""The key beside a command; the short form names it once."""
_LONGEST = 26
"""Characters of a title: with the command beside it a hollow project's gate fits on a screen of 80x24."""
_PARTS = "missing:"
"""What a question begins with that lacks figures or lines."""
_MOST = 3
"""Questions that would raise the score, in the short form."""


def gate_lines(snapshot: Snapshot, found: GateReport, *, whole: bool) -> Iterator[str]:
    """What a gate asks; with `whole` also what is met, and why."""
    asked, record = found.gate, snapshot.plan.projects[found.project]
    title = f"{asked.title}  ({asked.id} of {found.project}: {asked.from_phase} → {asked.to_phase})"
    yield from wrapped(title, "  ", "")
    yield f"{'open' if found.is_open else 'closed'}, at stage {record.stage}"
    if found.barred:
        yield from wrapped(found.barred, "  ", "")
    is_long = whole or found.is_open
    yield from _apart([_must_line(found)], is_long=is_long)
    yield from _holding(snapshot, found) if whole else _lacking(found.holding)
    yield from _apart(_score(found, whole=whole), is_long=is_long)
    if found.to_confirm:
        yield from (
            "",
            "Carried over from an earlier cycle: kedge answer QUESTION --confirm, or answer it again",
        )
        yield from wrapped(", ".join(one.item.id for one in found.to_confirm))
    yield from _apart(_checks(found, whole=whole), is_long=is_long)
    yield from _apart(_unproven(found.unproven), is_long=is_long)
    links = (line for text in found.unchecked for line in wrapped(text, "      ", f"  {sign('unknown')} "))
    yield from _apart(links, is_long=is_long)
    for title, group in (("Waived", found.waived), ("Said not to apply", found.set_aside)):
        if group:
            yield from ("", title)
            for one in group:
                yield from wrapped(one.set_aside_by, " " * 6, f"    {one.item.id}  ")
    for warning in found.warnings:
        yield from ("", *wrapped(f"warning: {warning}", "  ", ""))
    if not is_long:
        return
    ending = f"It ends in: {', '.join(asked.outcomes)}. Decided by: {asked.decided_by}."
    yield from ("", *wrapped(ending, "  ", ""))


def _apart(lines: Iterable[str], *, is_long: bool) -> Iterator[str]:
    """A part of the report, with room above it where there is room."""
    lines = list(lines)
    yield from ("", *lines) if is_long and lines else lines


def _must_line(found: GateReport) -> str:
    count = len(found.holding)
    if not count:
        return "Needed questions: all met, or waived"
    return f"Needed questions: {count} {'is' if count == 1 else 'are'} not met (enter on the board, or a command)"


def _holding(snapshot: Snapshot, found: GateReport) -> Iterator[str]:
    """The questions that hold the gate in their words, by step."""
    for step in dict.fromkeys(one.item.step for one in found.holding):
        named = snapshot.playbook.step(step)
        yield f"  {named.title if named else step}"
        for one in found.holding:
            if one.item.step == step:
                yield from wrapped(one.item.text, " " * 6, f"    {sign('not met')} {one.item.id}  ")
                yield from wrapped(one.lacks(), " " * 6)


def _lacking(holding: Iterable[Standing]) -> Iterator[str]:
    """What each question lacks and the command that adds it; those that lack the same together."""
    from ..model.assess.questions import way

    groups: dict[tuple[str, str], list[Standing]] = {}
    for one in holding:
        lacks = _short(one)
        same = _PARTS if lacks.startswith(_PARTS) else lacks
        groups.setdefault((same, way(one)), []).append(one)
    for (lacks, command), group in groups.items():
        parts = "lines" if command.endswith("LINES") else "figures"
        words = f"{parts} are missing" if lacks == _PARTS and len(group) > 1 else _short(group[0])
        title = quoted(group[0].item.text, _LONGEST)
        yield from _missing("not met", words, command, [one.item.id for one in group], title)


def _short(one: Standing) -> str:
    """What a question lacks; of several lines or figures the first, and of records the command that names them."""
    missing, lacks = one.reply.missing, one.lacks()
    if _COMMAND in lacks:
        command = _COMMAND + lacks.partition(_COMMAND)[2].removesuffix(_ON_BOARD)
        return command.replace(f" {one.item.id} ", " QUESTION ")
    if len(missing) > 1 and lacks == f"{_PARTS} {'; '.join(missing)}":
        return f"{_PARTS} {missing[0]}, and {len(missing) - 1} more"
    return lacks


def _missing(word: str, lacks: str, command: str, ids: list[str], title: str = "") -> Iterator[str]:
    """What one question lacks, by its title; of several their ids, which the command takes in place of QUESTION."""
    about = ", ".join(ids)
    if len(ids) == 1:
        lacks, command = (text.replace("QUESTION", ids[0]) for text in (lacks, command))
        about = title or about
    if lacks.startswith(_COMMAND):
        text = f"{about}: {lacks}"
    elif len(ids) == 1:
        text = f"{about}: {lacks} ({command})"
    else:
        text = f"{lacks} ({command}): {about}"
    yield from wrapped(text, "      ", f"  {sign(word)} ")


def _unproven(claims: Sequence[Claim]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for one in claims:
        command = one.way.replace(one.question, "QUESTION") if one.question else one.way
        groups.setdefault((one.words, command), []).append(one.question or one.factor)
    for (words, command), ids in groups.items():
        yield from _missing("unknown", words, command, ids)


def _score(found: GateReport, *, whole: bool) -> Iterator[str]:
    if found.score is None:
        yield "Score of the other questions: not asked"
        return
    enough = "enough" if found.score >= found.wanted_score else "not enough"
    reached, wanted = whole_percent(found.score), whole_percent(found.wanted_score)
    if found.score < found.wanted_score and not whole:
        named = ", ".join(one.item.id for one in found.raising[:_MOST])
        more = f" and {len(found.raising) - _MOST} more" if len(found.raising) > _MOST else ""
        text = (
            f"Score of the other questions: {reached}, wanted {wanted} (kedge answer QUESTION): {named}{more}"
        )
        yield from wrapped(text, "  ", "")
        return
    yield f"Score of the other questions: {reached} of the weights, wanted {wanted}: {enough}"
    if found.score < found.wanted_score:
        named = ", ".join(f"{one.item.id} {one.item.weight}" for one in found.raising)
        yield from wrapped(f"what raises it, with its weight: {named}")


def _checks(found: GateReport, *, whole: bool) -> Iterator[str]:
    """The conditions; where it is closed only those that keep it so, and what people judged."""
    is_long = whole or found.is_open
    shown = [check for check in found.checks if is_long or check.verdict != "met" or check.is_judged]
    if found.checks:
        met = sum(check.verdict == "met" for check in found.checks)
        also = "" if is_long else f": {met} of {len(found.checks)} are met (-v says them in words)"
        yield f"Conditions{also}"
    if is_long:
        for check in shown:
            yield from _check_lines(check, whole=whole or check.is_judged)
        return
    groups: dict[tuple[str, str], list[str]] = {}
    for check in shown:
        if check.is_judged or check.verdict == "to be judged":
            yield from _check_lines(check, whole=check.is_judged)
        else:
            groups.setdefault((check.verdict, check.because[-1] if check.because else ""), []).append(
                check.text
            )
    for (verdict, because), texts in groups.items():
        about = quoted(texts[0], _LONGEST) if len(texts) == 1 else f"{len(texts)} conditions"
        said = f"{about}: {because}" if because else "; ".join(texts)
        yield from wrapped(said, " " * 6, f"  {sign(verdict)} ")


def _check_lines(check: Check, *, whole: bool) -> Iterator[str]:
    name = f" ({check.id})" if check.is_judged else ""
    yield from wrapped(f"{check.verdict}: {check.text}{name}", " " * 4, f"  {sign(check.verdict)} ")
    for line in check.because if whole else check.because[-1:]:
        yield from wrapped(line, " " * 8, " " * 6)
