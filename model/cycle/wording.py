"""A cycle looked back on, in words: the same lines for the command line and for the board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ..flow.calibration import Record
from ..gates.gates import GateReport
from ..playbook.outline import place_titles, stage_word
from ..records.governance import Review
from ..snapshot.snapshot import Snapshot
from ..text.amounts import whole_percent
from ..text.dates import on_date, say_date
from ..text.figure import amount, written
from ..value.worth import Worth
from .results import Compared, CycleReview, DateResult, MetricResult

_STATE = {"reached": "met", "missed": "not met", "not measured": "unknown", "no target": "n/a"}
_BRACKETED = re.compile(r" \(([a-z0-9-]+)\)")
_ESTIMATES = 3
"""Persons, and kinds of work, whose estimates are listed."""


class Row(NamedTuple):
    """A line of a look back."""

    text: str
    depth: int = 1
    """0 for a heading."""
    mark: str = ""
    """A state, whose sign comes before the text, or a sign itself."""
    lacks: Literal["", "metric", "lesson", "answer"] = ""
    """What is missing here; a screen names the key that adds it."""
    command: str = ""
    """The command that adds it."""


def review_rows(
    snapshot: Snapshot, found: CycleReview, rank: tuple[int, int] | None, worth: Worth, *, with_ids: bool
) -> Iterator[Row]:
    """Results, plan against what came out, lessons, and what may happen next with what it asks.

    Commands need ids, behind the titles; on a screen they say nothing.
    """
    project = found.project
    since = f", since {say_date(project.started, found.today)}" if project.started else ""
    where = f"cycle {project.cycle}, {stage_word(project.stage)}, in {place_titles(project.phase)[0]}"
    yield Row(f"{project.label}: {where}{since}", 0)
    yield Row("Results", 0)
    yield from (_metric(found, one, with_ids=with_ids) for one in found.metrics)
    if not found.metrics:
        yield Row("no metric is defined", lacks="metric", command="kedge metric add TITLE target=…")
    yield Row("Planned and actual", 0)
    yield from (_figure(snapshot, one) for one in found.figures)
    for where in dict.fromkeys(one.actual_by for one in found.figures if one.actual is None):
        yield Row(_asked(snapshot, where), lacks="answer", command=f"kedge answer {where}")
    yield from _estimates(found)
    if found.dates:
        yield Row("Dates", 0)
        yield from (_date(found, one) for one in found.dates)
    yield from _learned(found)
    if rank is not None:
        place = f"Rank {rank[0]} of {rank[1]} projects, chance" if rank[1] > 1 else "Chance"
        yield Row(f"{place} of success {whole_percent(worth.confidence.value)}{worth.chance_mark}", 0)
        yield from (Row(text, 1, "!") for text in worth.shortfalls)
        yield from (Row(text, 1, "?") for text in worth.unchecked)
    if found.outcomes:
        yield Row("What may happen next", 0)
        for name, report in found.outcomes.items():
            yield from _outcome(snapshot, name, report, with_ids=with_ids)
    if found.recorded is not None:
        yield from _recorded(found, found.recorded)
    if found.earlier:
        earlier = "; ".join(
            f"cycle {one.cycle if one.cycle is not None else '?'}: {one.next or 'not decided'}"
            for one in found.earlier
        )
        yield Row(f"Earlier: {earlier}", 0)


def _estimates(found: CycleReview) -> Iterator[Row]:
    """What estimates of this cycle's cards came to: all of them, then those with most cards."""
    if not found.estimates:
        return
    yield Row("Estimates of the cards done in this cycle, in working days by the owner's share", 0)
    for by in ("all", "person", "kind"):
        named = [one for one in found.estimates if one.by == by and (one.id or by == "all")]
        yield from (Row(_estimate(one)) for one in named[:_ESTIMATES])


def _estimate(one: Record) -> str:
    cards = f"{one.count} card{'s' if one.count != 1 else ''}"
    within = f"; {one.within} of {one.ranges} within their range" if one.ranges else ""
    whose = place_titles(one.id)[-1] if one.by == "kind" else one.id or "all"
    return f"{whose}: {cards}, {one.factor:.2f} times the estimate{within}"


def _learned(found: CycleReview) -> Iterator[Row]:
    yield Row("Lessons", 0)
    for one in found.lessons:
        shown = f"; shown in {', '.join(one.projects)}" if one.projects else ""
        tags = f" [{', '.join(one.lesson.tags)}]" if one.lesson.tags else " [no tag: it is shown nowhere]"
        yield Row(f"{one.lesson.what}{tags}{shown}")
    if not found.lessons:
        yield Row("none yet", lacks="lesson", command="kedge lesson add TEXT tags=…")
    for title, group in (
        (
            "Techniques to try",
            [
                (
                    one.title,
                    one.could_change,
                    f"look at it again by {say_date(one.review_by, found.today)}" if one.review_by else "",
                )
                for one in found.techniques.values()
            ],
        ),
        ("Debts", [(one.what, one.fix or one.interest, one.owner) for one in found.debts.values()]),
    ):
        if group:
            yield Row(title, 0)
            yield from (Row("; ".join(str(part) for part in parts if part)) for parts in group)


def _metric(found: CycleReview, one: MetricResult, *, with_ids: bool) -> Row:
    metric, unit = one.metric, one.metric.unit or ""
    title = metric.label or one.id
    name = f"{title} ({one.id})" if with_ids and title != one.id else title
    parts = [f"{name}: {one.state}"]
    if metric.actual is not None:
        parts.append(amount(metric.actual, unit))
    if one.target is not None:
        kind = "target" if metric.target is not None else "limit"
        parts.append(f"{kind} {written(one.target)}")
    if metric.baseline is not None:
        parts.append(f"baseline {written(metric.baseline)}")
    if one.way is not None:
        parts.append(f"{100 * one.way:.0f} % of the way")
    if metric.measured_on is not None:
        parts.append(f"measured {say_date(metric.measured_on, found.today)}")
    return Row(", ".join(parts), 1, _STATE[one.state])


def _figure(snapshot: Snapshot, one: Compared) -> Row:
    planned = (
        f"planned {amount(one.planned, one.unit)}"
        if one.planned is not None
        else f"not planned ({_asked(snapshot, one.planned_by)})"
    )
    if one.actual is None:
        return Row(f"{one.name}: actual unknown, {planned}")
    ratio = f", {whole_percent(one.ratio)}" if one.ratio is not None else ""
    return Row(f"{one.name}: actual {amount(one.actual, one.unit)}, {planned}{ratio}")


def _asked(snapshot: Snapshot, where: str) -> str:
    """Where a figure would be: the question in its words, or the stage."""
    item = snapshot.playbook.item(where)
    return f'"{item.text}"' if item is not None else f"stage {stage_word(where.split('.')[1])}"


def _date(found: CycleReview, one: DateResult) -> Row:
    due = f", due {say_date(one.due, found.today)}" if one.due else ""
    if one.state == "open":
        late = "late" if one.due is not None and one.due < found.today else "open"
        state = f"{late}, expected {say_date(one.expected, found.today)}" if one.expected else late
    else:
        state = {"reached": "reached", "no cards": "no card leads to it"}[one.state]
    return Row(f"{one.title or one.id}: {state}{due}")


def _outcome(snapshot: Snapshot, name: str, report: GateReport, *, with_ids: bool) -> Iterator[Row]:
    if report.is_open:
        yield Row(f"{name}: open", 1, "met")
        return
    yield Row(f"{name}: {'; '.join(report.asks)}", 1, "not met")
    for check in report.checks:
        if check.verdict not in ("met", "to be judged") and check.because:
            because = check.because[-1]
            yield Row(because if with_ids else _without_ids(snapshot, because), 2)


def _without_ids(snapshot: Snapshot, text: str) -> str:
    """The sentence of a condition without the questions' ids in brackets."""
    known = snapshot.playbook.item
    return _BRACKETED.sub(lambda found: "" if known(found[1]) is not None else found[0], text)


def _recorded(found: CycleReview, one: Review) -> Iterator[Row]:
    decided = f", decided: {one.decision}" if one.decision else ""
    when = f" {on_date(one.date, found.today)}" if one.date else ""
    yield Row(f"Written down{when}{decided}", 0)
    for mark, texts in (("+", one.went_well), ("-", one.went_badly)):
        yield from (Row(text, 1, mark) for text in texts)
