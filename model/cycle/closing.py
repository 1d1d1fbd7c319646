"""Writing a look back down, as one step: the review, and the evidence as the result has moved it.

The decision itself is taken at the gate, and nowhere else (`gates.decision`).
"""

from __future__ import annotations

from collections.abc import Sequence
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
from ..value.project_figures import Answers
from .results import CycleReview

VERDICT, WORTH = "tp-verdict", EVIDENCE_QUESTIONS["value"]
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
    """How the result moves the evidence for a project's value."""

    question: str
    before: str
    after: str
    evidence: tuple[str, ...]

    @property
    def words(self) -> str:
        """The move, in a line."""
        return f"{self.question}: {self.before} → {self.after}"


def record_review(snapshot: Snapshot, found: CycleReview, said: LookBack) -> tuple[Batch, Moved | None]:
    """The step that writes the review of the cycle, or adds to it, and moves the evidence by the result."""
    plan, project = snapshot.plan, found.project
    moved = evidence_moved(snapshot, project, said.evidence)
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
    if moved is not None:
        changes += edit_each(
            plan, {Address("assessment", project.id, "assessment"): _answer(project, moved)}, ""
        ).changes
    return Batch(label, changes), moved


def evidence_moved(snapshot: Snapshot, project: Project, evidence: Sequence[str] = ()) -> Moved | None:
    """What the verdict in production makes of the evidence for the value; None where it says nothing new.

    A controlled test proves; a verdict without one is a rehearsal. A level that was reached is never lowered: what
    did not hold turns the way that the evidence points.
    """
    verdict = Answers(snapshot, project.id).answer(VERDICT)
    way = _WAYS.get(str(verdict.verdict)) if verdict is not None else None
    if verdict is None or way is None:
        return None
    tests = live_tests(snapshot.plan, project)
    before = snapshot.plan.answers(project.id).get(WORTH)
    said = str(before.verdict) if before is not None and before.verdict in LADDER else "nothing"
    level = max(("proven" if tests else "rehearsal", said), key=lambda one: LADDER[one])
    known = before.evidence if before is not None else ()
    links = (*known, *evidence, *verdict.evidence, *(link for one in tests for link in one.links))
    named = tuple(dict.fromkeys(links))
    was = (before.result or "supports") if before is not None else "supports"
    if (said, was, known) == (level, way, named):
        return None
    return Moved(WORTH, f"{said}, {was}", f"{level}, {way}", named)


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
