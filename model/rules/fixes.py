"""Mending what can be mended without asking: where there is one answer, and nothing that a person wrote is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from ..edit.edits import EditRefused, edit, move
from ..plan.change import Batch, Path, difference, get_path
from ..plan.references import references
from ..records.address import Address
from ..records.base import Record
from ..records.card import Card
from ..records.findings import Finding
from ..records.values import is_list
from ..snapshot.snapshot import Snapshot
from .checking import check
from .naming import has, suggestion
from .references import nearest_place

MOST_ROUNDS = 20
"""Mending one thing may bring up another in the same record; more than a few rounds are never needed."""


def fix(snapshot: Snapshot, finding: Finding) -> Batch | None:
    """The change that mends a finding of this plan; None where a person has to decide."""
    mend = _FIXES.get(finding.code)
    record = snapshot.plan.get(finding.address) if finding.address else None
    if mend is None or record is None:
        return None
    try:
        batch = mend(snapshot, record, finding.field)
    except EditRefused:
        return None  # what would be written does not fit either
    return batch if batch is not None and batch.changes else None


def fixed(snapshot: Snapshot, findings: Iterable[Finding]) -> Batch:
    """One step that mends all of the findings that can be mended; without changes where none can.

    A record is mended once in a round, since findings speak of it as it was; then the rules look at it again.
    """
    pending = [finding for finding in findings if finding.fix]
    wanted = {(finding.code, finding.address) for finding in pending}
    mended, count = snapshot, 0
    for _ in range(MOST_ROUNDS):
        touched: set[Address | None] = set()
        for finding in pending:
            if finding.address in touched:
                continue
            batch = fix(mended, finding)
            if batch is not None:
                mended = mended.after(batch.changes)
                touched.add(finding.address)
                count += 1
        if not touched:
            break
        again = check(mended, select={code for code, _ in wanted})
        pending = [one for one in again if one.fix and (one.code, one.address) in wanted]
    label = "fix 1 finding" if count == 1 else f"fix {count} findings"
    return Batch(label, difference(snapshot.plan, mended.plan))


Where = tuple[str | int, ...]
Mend = Callable[[Snapshot, Record, Where], Batch | None]


def _repeated_item(snapshot: Snapshot, record: Record, where: Where) -> Batch | None:
    path = cast("Path", where[:-1])
    items = get_path(record, path)
    if not is_list(items):
        return None
    return edit(
        snapshot.plan, record.address, {path: list(dict.fromkeys(items))}, f"name things once in {path[-1]}"
    )


def _unknown_reference(snapshot: Snapshot, record: Record, where: Where) -> Batch | None:
    found = next((one for one in references(record) if one.path == where and not one.is_key), None)
    if found is None or has(snapshot, found.kind, found.target, record.project):
        return None
    meant = suggestion(snapshot, found.kind, found.target, record.project)
    if not meant.certain:
        return None
    path = cast("Path", where[:-1] if isinstance(where[-1], int) else where)
    value: Any = get_path(record, path)
    if isinstance(where[-1], int):
        # A need may go on with its link and lag: only the name is written again.
        texts = list(value)
        texts[where[-1]] = meant.text + texts[where[-1]].removeprefix(found.target)
        value = texts
    else:
        value = meant.text
    return edit(snapshot.plan, record.address, {path: value}, f"write {meant.text} for {found.target}")


def _unknown_place(snapshot: Snapshot, record: Record, where: Where) -> Batch | None:  # noqa: ARG001
    places = frozenset(snapshot.playbook.places())
    if not isinstance(record, Card) or record.place in places:
        return None
    meant = nearest_place(record.place, places)
    return move([record], meant.text) if meant.certain else None


def _needs_itself(snapshot: Snapshot, record: Record, where: Where) -> Batch | None:  # noqa: ARG001
    if not isinstance(record, Card):
        return None
    own = (record.id, f"{record.project}/{record.id}")
    others = [text for text in record.needs if text.partition(" ")[0] not in own]
    return edit(
        snapshot.plan,
        record.address,
        {("needs",): others or None},
        f"remove the need of {record.id} of itself",
    )


_FIXES: dict[str, Mend] = {
    "F124": _repeated_item,
    "R201": _unknown_reference,
    "R205": _unknown_place,
    "R206": _needs_itself,
}
