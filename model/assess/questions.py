"""A question with its answer in words: the board and the command line say the same of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..playbook.conditions import Count
from ..playbook.item import Figure
from ..playbook.outline import stage_word
from ..playbook.pass_words import pass_words
from ..playbook.playbook import Playbook
from ..records.assessment import Answer
from ..records.values import is_list
from ..text.figure import written
from ..value.counted import sure
from ..value.proof import Named
from .expected import expects
from .records_asked import several, wanted_records
from .standing import Standing

Row = tuple[str, str]
"""A name and a text; the name is empty where the text goes on below the one above it."""


def plain(value: object) -> str:
    """A value of an answer as a person writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return written(value)
    if is_list(value):
        return ", ".join(map(str, value))
    return str(value)


def said(one: Standing) -> str:
    """What is answered, in a line; empty where nothing is."""
    item, reply = one.item, one.reply
    if reply.verdict not in (None, "", ()):
        unit = item.unit.removeprefix("money").strip() if item.kind == "number" else ""
        answer = f"{plain(reply.verdict)} {unit}".rstrip()
        not_checked = "its evidence is not checked" if one.counted.unchecked else ""
        return ", ".join(filter(None, (answer, one.counted.less, not_checked)))
    if reply.values:
        return "; ".join(f"{name}: {plain(value)}" for name, value in reply.values.items())
    if item.lines and reply.checked:
        return f"{len(reply.checked)} of {len(item.lines)} lines hold"
    if item.record and reply.records:
        kinds = [kind if reply.records == 1 else several(kind) for kind in item.record]
        return f"{reply.records} {' or '.join(kinds)}"
    return ""


def way(one: Standing) -> str:
    """The command that adds what a question lacks, where QUESTION stands for its id."""
    if one.counted.why:
        return "kedge answer QUESTION --evidence PATH"
    if one.item.record and isinstance(one.item.passes, Count):
        return f"kedge {one.item.record[0]} add"
    wants = {"check": "LINES", "numbers": "NAME=VALUE"}.get(one.item.kind, "VERDICT")
    return f"kedge answer QUESTION {wants}"


def about(
    playbook: Playbook,
    one: Standing,
    *,
    answered: str = "",
    whole: bool = True,
) -> list[Row]:
    """All there is to say of a question beside its text and state.

    `answered` says who gave the answer and when. Without `whole` it ends where a person has read enough to answer.
    """
    item, answer = one.item, one.answer
    rows = [("missing", one.lacks().removeprefix("missing: ")), ("answer", said(one))]
    if answer is not None:
        rows += [
            ("counts less", one.counted.why),
            ("answered", answered),
            ("because", answer.because or ""),
            ("points", answer.result or ""),
            ("confidence", _how_sure(playbook, answer, one.counted.evidence)),
            ("evidence", ", ".join(each.words for each in one.counted.evidence)),
            ("valid until", str(answer.valid_until or "")),
            ("notes", answer.notes.strip()),
        ]
    rows.append(("why", item.why))
    if item.kind == "record":
        kinds = " or ".join(map(several, item.record))
        counted = f", where {item.filter}" if item.filter else ""
        rows.append(("wants", f"{kinds}: {wanted_records(item)}{counted} (kedge {item.record[0]} add)"))
        rows.append(("each with", ", ".join(map(str, item.wants))))
        rows.append(("among them", ", ".join(map(str, item.covers))))
    elif item.kind not in ("check", "numbers", "scale"):
        rows.append(("wants", expects(item)))
    rows += _headed("grades", item.labels)
    marks = [f"[{'x' if line in one.reply.checked else ' '}]" for line in item.lines]
    rows += _headed(
        "lines",
        [
            f"{mark} {number} {line}"
            for number, (mark, line) in enumerate(zip(marks, item.lines, strict=True), 1)
        ],
    )
    rows += _headed("figures", [_figure(one, figure) for figure in item.fields])
    rows += _headed("or instead", [_figure(one, figure) for figure in item.instead])
    rows += _headed("if known", [_figure(one, figure) for figure in item.beside])
    rows.append(("used for", "; ".join(each.title for each in playbook.decisions if each.id in item.feeds)))
    awaited = [f"{each.title} ({each.awaits})" for each in playbook.decisions if each.id in item.later]
    rows.append(("used later", "; ".join(awaited)))
    if whole:
        step = playbook.step(item.step)
        needed = "never needed" if item.must == "never" else f"needed from {stage_word(item.must)} on"
        first = ", among the first" if item.triage else ""
        rows += [
            ("met when", pass_words(item.passes)),
            ("asked", f"{needed}, weight {item.weight} of 5{first}"),
            ("only when", str(item.when) if item.when else ""),
            ("step", f"{step.title if step else item.step} ({item.step})"),
            ("sources", "; ".join(playbook.sources.get(name, name) for name in item.source)),
        ]
    return [(name, text) for name, text in rows if text]


def _how_sure(playbook: Playbook, answer: Answer, evidence: Sequence[Named]) -> str:
    level, why = sure(playbook, answer, evidence)
    return f"{answer.confidence} (counts as {level}: {why})" if why else level


def _headed(name: str, texts: Collection[str]) -> list[Row]:
    """Texts below each other, the name before the first one."""
    return [("" if number else name, text) for number, text in enumerate(texts)]


def _figure(one: Standing, figure: Figure) -> str:
    value = one.reply.values.get(figure.id)
    given = "not given" if value is None else plain(value)
    return f"{figure.id}: {given} ({figure.unit})" if figure.unit else f"{figure.id}: {given}"
