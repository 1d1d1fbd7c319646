"""E130 to E134: what must be written down before real users meet a model, how old it is, and who ran the runbook."""

from __future__ import annotations

from collections.abc import Iterator

from ..operations.documents import RECORDS, TRIED, Document, dated_documents
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
    standing = view.standings(project.id)
    for one in dated_documents(view.plan, project.id, standing, view.snapshot.files):
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


def document_out_of_date(project: Project, view: View) -> Iterator[Hit]:
    """A document that was changed before what it describes."""
    for one, at in _needed(project, view):
        for each in one.older:
            hint = f"bring {each.path} up to date; kedge documents {project.id} shows the ages"
            yield Hit(at.address, each.text, at.field, hint)


def runbook_run_unnamed(project: Project, view: View) -> Iterator[Hit]:
    """A runbook of which is said that it was run, and not by whom and when."""
    for one, at in _needed(project, view):
        if one.is_unnamed:
            said = "the runbook is said to have been run, and not by whom and when"
            yield Hit(at.address, said, at.field, RECORDS)


def runbook_changed_since(project: Project, view: View) -> Iterator[Hit]:
    """A runbook that was changed since it was run last."""
    for one, at in _needed(project, view):
        if one.is_run_before_change and one.last_run is not None:
            said = f"the runbook was run last on {one.last_run.on}, and changed on {one.changed}"
            yield Hit(at.address, said, at.field, f"have it run again, then {RECORDS}")


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
    Rule(
        "E132",
        "document-out-of-date",
        "advice",
        "A document that is older than what it describes says how things were.",
        "Bring it up to date, or commit it again once it was read and found right.",
        PLAYBOOK + "doc-basics, doc-model-card, doc-datasheet, doc-runbook",
        "",
        per_active(document_out_of_date, *READS),
    ),
    Rule(
        "E133",
        "runbook-run-unnamed",
        "advice",
        "That someone ran it once says little; who did, and when, can be asked and grows old.",
        "Write down who ran it and when.",
        PLAYBOOK + "doc-runbook",
        '"tried by someone who did not write it"',
        per_active(runbook_run_unnamed, *READS),
    ),
    Rule(
        "E134",
        "runbook-changed-since",
        "advice",
        "What was changed since the last run has been tried by no one.",
        "Have it run again by someone who did not write it.",
        PLAYBOOK + "doc-runbook",
        "",
        per_active(runbook_changed_since, *READS),
    ),
)
