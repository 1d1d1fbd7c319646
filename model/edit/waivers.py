"""Setting a question aside: what makes a waiver, or a question that does not apply, count.

A question that holds a gate may be set aside by a person who may decide there: for a while by a waiver, with a reason
and an end (the playbook's `waiver_rule`), or because it does not apply (`not_applicable_rule`).
"""

from __future__ import annotations

from collections.abc import Callable

from ..plan.change import Batch
from ..playbook.item import Item
from ..records.assessment import Answer, Assessment
from ..records.base import Record
from ..records.governance import Decision
from ..records.project import Project, Waiver
from ..snapshot.snapshot import Snapshot
from ..text.named import named, quoted
from ..text.wording import lacks_words
from .deciders import gate_of, is_the_lead, lacks_to_decide
from .refusal import EditRefused


def lacks_of(snapshot: Snapshot, project: Project, waiver: Waiver) -> list[str]:
    """What a recorded waiver lacks to count."""
    found = _blanks(waiver.approved_by, waiver.reason, waiver.expires)
    if waiver.approved_by:
        item = snapshot.playbook.item(waiver.item)
        gate = gate_of(snapshot.playbook, item) if item is not None else None
        wrong = lacks_to_decide(snapshot, project, waiver.approved_by, gate)
        found += [f"an approver who may decide ({wrong})"] if wrong else []
    return found


def refuse_step(see: Callable[[], Snapshot], batch: Batch) -> None:
    """Raises EditRefused where a step sets a question aside, or decides at a gate, in a way that cannot count.

    `see` gives the plan before the step; it is called only where a step speaks of such a thing.
    """
    for change in batch.changes:
        before, after = change.before, change.after
        if isinstance(after, Project) and isinstance(before, Project):
            for key, waiver in after.waivers.items():
                old = before.waivers.get(key)
                if waiver != old:
                    _refuse_waiver(see(), after, waiver, old)
        elif isinstance(after, Assessment):
            answers = before.answers if isinstance(before, Assessment) else {}
            for name, answer in after.answers.items():
                if answer.approved_by and answer.state == "not-applicable" and answer != answers.get(name):
                    _refuse_approver(see(), after.project, name, answer.approved_by)
        elif isinstance(after, Decision) and after.gate is not None:
            _refuse_reason(after, before)


def _refuse_reason(after: Decision, before: Record | None) -> None:
    """A decision at a gate that is given a reason which is none."""
    for field in ("why", "override"):
        text = getattr(after, field)
        wrong = lacks_words(text) if text and text != getattr(before, field, None) else ""
        if wrong:
            raise EditRefused(f"a decision at a gate has a reason: {wrong}, not {quoted(text)} ({field})")


def _refuse_waiver(snapshot: Snapshot, project: Project, waiver: Waiver, old: Waiver | None) -> None:
    """What a waiver lacked before the step is no reason to refuse another word in it."""
    known = _missing(snapshot, project, old) if old is not None else []
    missing = [one for one in _missing(snapshot, project, waiver) if one not in known]
    if missing:
        raise EditRefused(
            f"a waiver needs {', '.join(missing)}: approved_by=PERSON reason=TEXT expires=DATE, and not by the lead"
        )


def _missing(snapshot: Snapshot, project: Project, waiver: Waiver) -> list[str]:
    found = lacks_of(snapshot, project, waiver)
    if waiver.expires is not None and waiver.expires < snapshot.today:
        found.append(f"a day ahead on which it ends ({waiver.expires} has passed)")
    return found


def _refuse_approver(snapshot: Snapshot, project: str, question: str, approver: str) -> None:
    record, item = snapshot.plan.projects.get(project), snapshot.playbook.item(question)
    if record is None or item is None:
        return
    if item.blocks_at(record.stage):
        wrong = lacks_to_decide(snapshot, record, approver, gate_of(snapshot.playbook, item))
    else:
        wrong = is_the_lead(snapshot.plan, record, approver)
    if wrong:
        raise EditRefused(
            f"{named(item.text, item.id)} does not apply: another person approves that; {wrong}"
        )


def _blanks(approved_by: object, reason: object, expires: object) -> list[str]:
    wanted = {
        "an approver": approved_by,
        "a reason in a few words": not lacks_words(str(reason or "")),
        "a day on which it ends": expires,
    }
    return [what for what, value in wanted.items() if not value]


def lacks_to_set_aside(snapshot: Snapshot, project: Project, item: Item, answer: Answer) -> str:
    """Why a question that is said not to apply is still asked, and what helps; empty where it is set aside."""
    holds = item.blocks_at(project.stage)
    how = f"kedge answer {item.id} --not-applicable --because TEXT{' --approved-by PERSON' if holds else ''}"
    if lacks_words(answer.because or "", item.text):
        return f"it is said not to apply, without a reason in a few words: {how}; X on the board"
    if not holds:
        return ""
    if answer.approved_by is None:
        wrong = "a person who does not lead the project has to agree"
    else:
        wrong = lacks_to_decide(snapshot, project, answer.approved_by, gate_of(snapshot.playbook, item))
        wrong = f"{answer.approved_by} cannot agree to that ({wrong})" if wrong else ""
    return f"it is said not to apply, and it holds the gate: {wrong}: {how}; X on the board" if wrong else ""
