"""E130 and E131: what must be written down before real users meet a model, and a runbook that was never run."""

from __future__ import annotations

from collections.abc import Iterator

from ..assess.standing import standings
from ..operations.documents import TRIED, Document, documents
from ..operations.live import live_since
from ..records.address import Address
from ..records.project import Project
from .rule import PLAYBOOK, Hit, Rule, View, per_active

READS = ("assessment", "model", "rollout", "dataset", "monitor")
"""Kinds of records that say what is live, and what is written down."""


def _needed(project: Project, view: View) -> Iterator[tuple[Document, Hit]]:
    """The documents that are needed at the stage of a project with real users, each with its place."""
    since = live_since(view.plan, project.id, view.today)
    if since is None or view.unread("assessment", project.id):
        return
    address = Address("assessment", project.id, "assessment")
    is_there = address in view.plan.records
    for one in documents(view.plan, project.id, standings(view.snapshot, project.id)):
        if one.is_needed and one.standing.state != "waived":
            has_answer = is_there and one.standing.answer is not None
            place = ("answers", one.id) if has_answer else ()
            yield one, Hit(address if is_there else project.address, f"real users since {since}", place, "")


def document_missing(project: Project, view: View) -> Iterator[Hit]:
    """A document that the stage asks for and that no path leads to, although real users meet the system."""
    for one, at in _needed(project, view):
        if not one.files:
            hint = f"write it, then kedge answer {one.id} --evidence PATH"
            yield Hit(
                at.address,
                f"{at.message}, and no document is named: {one.standing.item.text} ({one.id})",
                at.field,
                hint,
            )


def runbook_not_tried(project: Project, view: View) -> Iterator[Hit]:
    """A runbook of a live system that only its author has run."""
    for one, at in _needed(project, view):
        if one.files and one.is_untried:
            hint = f"have someone else run it, then kedge answer {one.id} (e on the board ticks the line)"
            yield Hit(at.address, f"{at.message}, and the runbook was not yet {TRIED}", at.field, hint)


RULES = (
    Rule(
        "E130",
        "document-missing",
        "warning",
        "Whoever is called at night, or takes the model over, has only what is written down.",
        "Write it, and name its path as the evidence of the question.",
        PLAYBOOK + "doc-basics, doc-model-card, doc-datasheet, doc-runbook",
        "",
        per_active(document_missing, *READS),
    ),
    Rule(
        "E131",
        "runbook-not-tried",
        "warning",
        "A runbook that only its author has run leaves out what only its author knows.",
        "Let someone who did not write it follow it, and tick the line.",
        PLAYBOOK + "doc-runbook",
        'checked = ["retrain", "release", "roll back", "switch off"]',
        per_active(runbook_not_tried, *READS),
    ),
)
