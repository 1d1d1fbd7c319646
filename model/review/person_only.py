"""What in a change only a person may do: decide, set aside, accept, and move what was agreed.

Coding agents work on plans beside people. They may do daily work and propose; whoever reads a decision has to be able
to trust that a person made it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..plan.change import MISSING, Batch, Change, FieldChange
from ..plan.plan import Plan
from ..records.assessment import Answer, Assessment
from ..records.governance import Decision
from ..records.values import is_table
from ..text.visible import one_line
from .goal_posts import moved_by

_MOVING = frozenset({"phase", "stage", "cycle", "state"})
"""Fields of a project that a gate's decision moves."""
_APPROVED = frozenset({"approved", "approved_by"})
"""Fields that hold what was approved, and by whom, wherever they are."""
_AGREED = frozenset({"state", "because"})
"""Fields of an answer that whoever approved it has agreed to."""
_OF_AGENTS = (MISSING, None, "agent")
"""What an agent may write, or take away, as the name of who recorded a decision."""


def person_only(plan: Plan, changes: Collection[Change]) -> tuple[str, ...]:
    """What a person has to do of these changes, a line each; empty where an agent may make them.

    The projects of the `plan` say where work has begun.
    """
    found = [line for change in changes for line in _of_record(change)]
    moved = moved_by(plan, Batch("", tuple(changes)))
    goals = (
        f"{one_line(one.address.project)}: {one_line(one.words)}, a goal that moves after work began"
        for one in moved
    )
    return tuple(dict.fromkeys((*found, *goals)))


def _of_record(change: Change) -> Iterator[str]:
    record = change.after or change.before
    assert record is not None
    if isinstance(change.before, Decision) and change.before.is_decided:
        yield f"{one_line(record.id)}: a decision that was made"
        return
    for field in change.fields():
        what = _reason(record.KIND, field, is_new=change.before is None) or _agreed(change, field)
        if what:
            yield f"{one_line(record.id)}: {what}"


def _reason(kind: str, field: FieldChange, *, is_new: bool) -> str:
    path = field.path
    if path[-1] in _APPROVED or _approves(field.before) or _approves(field.after):
        return "an approval"
    match kind, path[0]:
        # With other fields alone it is a proposal.
        case "decision", ("gate" | "outcome" | "date" | "by" | "changes" | "override" | "judged"):
            return "a decision"
        case "decision", "recorded_by" if not all(one in _OF_AGENTS for one in (field.before, field.after)):
            return "who recorded a decision"
        case "project", "waivers":
            return "a waiver"
        case "project", "phase" if is_new and field.after != "assess":
            return "a project that begins behind its first gate"
        case "project", name if name in _MOVING and not is_new:
            return f"the project's {name}, which a gate moves"
        case "risk", "state" if "accepted" in (field.before, field.after):
            return "an accepted risk"
        case (("card" | "project"), "allow"):
            return "an exception to a rule"
        case "board", "rules":
            return "which findings count"
        case _:
            return ""


def _agreed(change: Change, field: FieldChange) -> str:
    """Whether a field belongs to an answer that was approved as it was."""
    if len(field.path) != 3 or field.path[0] != "answers" or field.path[2] not in _AGREED:
        return ""
    answers = (_answer(side, field.path[1]) for side in (change.before, change.after))
    return "an approved answer" if any(one is not None and one.approved_by for one in answers) else ""


def _answer(record: object, name: str) -> Answer | None:
    return record.answers.get(name) if isinstance(record, Assessment) else None


def _approves(value: object) -> bool:
    """Whether a table that is new, or gone, holds an approval."""
    return is_table(value) and any(key in _APPROVED or _approves(one) for key, one in value.items())
