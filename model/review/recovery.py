"""Bringing back what a merge has lost, as one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..edit.edits import batch_of, parsed, rebuilt, remove
from ..plan.change import Batch, Change, apply, folded, set_path, with_fields
from ..plan.plan import Plan
from ..records.address import Address
from .lost_edits import LostEdit
from .range_findings import is_lost, still


def recovery(plan: Plan, edits: Iterable[LostEdit]) -> Batch:
    """The step that gives a plan the edits that are not there yet, and takes them out of where they landed.

    What was changed since the merge stays as it is. Raises EditRefused where a value does not fit any more.
    """
    now, changes = plan, list[Change]()
    names: list[str] = []
    texts: dict[Address, str] = {}
    for edit in edits:
        if not is_lost(edit, now):
            continue
        found = _changes(now, edit)
        now = apply(now, found)
        changes += found
        names.append(edit.address.id)
        if edit.text:
            texts[edit.address] = edit.text
    step = batch_of(f"bring back what a merge lost: {', '.join(dict.fromkeys(names))}", folded(changes))
    return replace(step, texts=texts)


def _changes(plan: Plan, edit: LostEdit) -> list[Change]:
    if edit.what == "removal":
        return list(remove(plan, [edit.address]).changes)
    landed = _set_right(plan, edit, is_landed=True) if edit.landed is not None else []
    if edit.what == "fields":
        return [*_set_right(plan, edit, is_landed=False), *landed]
    if edit.what == "stray":
        return landed
    data: dict[str, object] = {}
    for one in edit.fields:
        set_path(data, one.path, one.wanted)
    made = parsed(edit.address.kind, edit.address.project, edit.address.id, data)
    return [Change(None, made), *landed]


def _set_right(plan: Plan, edit: LostEdit, *, is_landed: bool) -> list[Change]:
    """The fields as they should be, in the record itself or in the one that got its edit."""
    address = edit.landed if is_landed and edit.landed is not None else edit.address
    record = plan.get(address)
    fields = edit.strange if is_landed else edit.fields
    wanted = {one.path: one.wanted for one in still(plan, address, fields)}
    if record is None or not wanted:
        return []
    return [Change(record, rebuilt(record, with_fields(record, wanted)))]
