"""What in a change only a person may do: decide, set aside, accept, and move what was agreed.

Coding agents work on plans beside people. They may do daily work and propose; whoever reads a decision has to be able
to trust that a person made it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..plan.change import Batch, Change, FieldChange
from ..plan.plan import Plan
from ..records.values import is_table
from ..text.visible import one_line
from .goal_posts import moved_by

_DECIDING = frozenset({"gate", "outcome", "date", "by", "changes", "override", "judged"})
"""Fields of a decision that make it one; with the others alone it is a proposal."""
_MOVING = frozenset({"phase", "stage", "cycle", "state"})
"""Fields of a project that a gate's decision moves."""


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
    for field in change.fields():
        what = _reason(record.KIND, field, is_new=change.before is None)
        if what:
            yield f"{one_line(record.id)}: {what}"


def _reason(kind: str, field: FieldChange, *, is_new: bool) -> str:
    path = field.path
    if path[-1] == "approved_by" or _approves(field.before) or _approves(field.after):
        return "an approval"
    match kind, path[0]:
        case "decision", name if name in _DECIDING:
            return f"a decision ({name})"
        case "project", "waivers":
            return "a waiver"
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


def _approves(value: object) -> bool:
    """Whether a table that is new, or gone, holds an approval."""
    return is_table(value) and any(key == "approved_by" or _approves(one) for key, one in value.items())
