"""Writing a look back down, as one step: the review, and the evidence as the result has moved it.

The decision itself is taken at the gate, and nowhere else (`gates.decision`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..calculators.money import LADDER
from ..edit.edits import add_record, edit_each
from ..operations.experiments import live_tests
from ..plan.change import Batch, Path, set_path
from ..plan.ids import free_id
from ..records.address import Address
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..value.claims import EVIDENCE_QUESTIONS
from ..value.evidence import live_model
from ..value.project_figures import Answers
from .results import CycleReview, MetricResult

VERDICT, TRUST = "tp-verdict", "tp-trust"
TRUSTED, DISTRUSTED = 4, 2
"""Grades of trust from which users rely on it, and up to which they work around it."""
_WAYS = {"better": "supports", "no difference seen": "mixed", "worse": "against"}
"""Which way the evidence for the value points after each verdict; the other verdicts say nothing about it."""


@dataclass(frozen=True)
class LookBack:
    """What people say of a cycle besides its figures."""

    went_well: Sequence[str] = ()
    went_badly: Sequence[str] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    """Why a metric came out as it did, by the metric's id."""
    evidence: Sequence[str] = ()
    """Where the result can be read: paths in the repository, or addresses."""
    following: str | None = None
    """What is proposed to happen next; the decision is taken at the gate."""


@dataclass(frozen=True)
class Moved:
    """How the result moves the evidence for a factor of the chance of success."""

    factor: str
    question: str
    """The one that asks for it."""
    before: str
    after: str
    evidence: tuple[str, ...]

    @property
    def words(self) -> str:
        """The move, in a line."""
        if self.before == self.after:
            return f"evidence for {self.factor}: {self.after}, with more to show for it"
        return f"evidence for {self.factor}: {self.before} → {self.after}"


@dataclass(frozen=True)
class _Result:
    """What a cycle says about a factor: how good that evidence is, which way it points, and where it can be read."""

    factor: str
    level: str
    way: str
    evidence: Sequence[str] = ()


def record_review(snapshot: Snapshot, found: CycleReview, said: LookBack) -> tuple[Batch, tuple[Moved, ...]]:
    """The step that writes the review of the cycle, or adds to it, and moves the evidence by the result."""
    plan, project = snapshot.plan, found.project
    moved = tuple(evidence_moved(snapshot, found, said.evidence))
    values = _fields(found, said)
    if found.recorded is None:
        wanted = f"cycle-{project.cycle}-{project.stage}"
        new = free_id(wanted, plan.ids("review", project.id))
        data: dict[str, Any] = {
            "title": f"Cycle {project.cycle}, {project.stage}: {project.title}",
            "cycle": project.cycle,
            "stage": project.stage,
        }
        review = add_record(plan, "review", project.id, new, _nested(data, values))
    else:
        review = edit_each(plan, {found.recorded.address: values}, "")
    label = f"{project.id}: review of cycle {project.cycle}"
    changes = review.changes
    if moved:
        answers = {path: value for one in moved for path, value in _answer(project, one).items()}
        changes += edit_each(plan, {Address("assessment", project.id, "assessment"): answers}, "").changes
    return Batch(label, changes), moved


def evidence_moved(snapshot: Snapshot, found: CycleReview, evidence: Sequence[str] = ()) -> Iterator[Moved]:
    """What the results of a cycle make of the evidence for value, technique and adoption; nothing where none is new.

    A level that was reached is never lowered: what did not hold turns the way that the evidence points. The level of
    the data follows from its records by itself, and is not moved here.
    """
    project = found.project
    for result in _results(snapshot, found):
        question = EVIDENCE_QUESTIONS[result.factor]
        before = snapshot.plan.answers(project.id).get(question)
        said = str(before.verdict) if before is not None and before.verdict in LADDER else "nothing"
        level = max((result.level, said), key=lambda one: LADDER[one])
        known = before.evidence if before is not None else ()
        named = tuple(dict.fromkeys((*known, *evidence, *result.evidence)))
        was = (before.result or "supports") if before is not None else "supports"
        if result.factor != "value" and result.way == "supports" and not named:
            # Without anything to show for it the higher level would count as less, and close the gate.
            continue
        if (said, was, known) != (level, result.way, named):
            yield Moved(result.factor, question, f"{said}, {was}", f"{level}, {result.way}", named)


def _results(snapshot: Snapshot, found: CycleReview) -> Iterator[_Result]:
    project, said = found.project, Answers(snapshot, found.project.id)
    verdict = said.answer(VERDICT)
    way = _WAYS.get(str(verdict.verdict)) if verdict is not None else None
    if verdict is not None and way is not None:
        # A controlled test proves; a verdict without one is a rehearsal.
        tests = live_tests(snapshot.plan, project)
        links = [*verdict.evidence, *(link for one in tests for link in one.links)]
        yield _Result("value", "proven" if tests else "rehearsal", way, links)
    quality = _quality(snapshot, found)
    if quality:
        gained = [one for one in quality if one.state == "reached" or (one.way or 0) > 0]
        is_held = all(one.state == "reached" for one in quality)
        way = "supports" if is_held else "mixed" if gained else "against"
        files = [one.metric.measured_in for one in quality if one.metric.measured_in]
        live = live_model(snapshot, project.id)
        links = [*files, *(live.links if live is not None else ())]
        tests = live_tests(snapshot.plan, project)
        level = "test" if live is None else "proven" if tests else "rehearsal"
        yield _Result("technique", level, way, links)
    trust = said.answer(TRUST)
    if trust is not None and isinstance(trust.verdict, int | float) and not isinstance(trust.verdict, bool):
        way = (
            "supports" if trust.verdict >= TRUSTED else "against" if trust.verdict <= DISTRUSTED else "mixed"
        )
        yield _Result("adoption", "rehearsal", way, trust.evidence)


def _quality(snapshot: Snapshot, found: CycleReview) -> Sequence[MetricResult]:
    """The metrics that say whether the method reaches the quality: that of the live model, else the primary ones.

    Only what was measured in this cycle counts.
    """
    model, began = live_model(snapshot, found.project.id), found.project.started
    measured = [
        one
        for one in found.metrics
        if one.state in ("reached", "missed")
        and (began is None or (one.metric.measured_on is not None and one.metric.measured_on >= began))
    ]
    named = [one for one in measured if model is not None and one.id == model.metric]
    return named or [one for one in measured if one.metric.role == "primary"]


def _fields(found: CycleReview, said: LookBack) -> dict[Path, object]:
    """The fields of the review; what was said before is kept, and what is measured now takes its place."""
    known, reasons = found.recorded, dict(said.reasons)
    figures = {one.name: one.actual for one in found.figures}
    well, badly = (known.went_well, known.went_badly) if known is not None else ((), ())
    values: dict[Path, object] = {
        ("date",): found.today,
        ("went_well",): tuple(dict.fromkeys((*well, *said.went_well))),
        ("went_badly",): tuple(dict.fromkeys((*badly, *said.went_badly))),
        ("measured_gain",): figures["gain a year"],
        ("spent",): figures["money"],
    }
    if said.following:
        values["next",] = said.following
    for one in found.metrics:
        if one.state == "no target":
            continue
        for name, value in (
            ("target", one.target),
            ("actual", one.metric.actual),
            ("why", reasons.get(one.id)),
        ):
            if value is not None:
                values["results", one.id, name] = value
    return {path: value for path, value in values.items() if value is not None}


def _nested(data: dict[str, Any], values: dict[Path, object]) -> dict[str, Any]:
    for path, value in values.items():
        set_path(data, path, value)
    return data


def _answer(project: Project, moved: Moved) -> dict[Path, object]:
    level, _, way = moved.after.partition(", ")
    fields: dict[Path, object] = {
        ("answers", moved.question, "verdict"): level,
        ("answers", moved.question, "result"): way,
        ("answers", moved.question, "evidence"): moved.evidence,
    }
    if project.cycle > 1:
        fields["answers", moved.question, "cycle"] = project.cycle
    return fields
