"""Values in a file that could not be understood: they stay as they are until a person has mended them.

A record is made without such a value. An edit that touched it would put something else in the place of words that
could not be read, so that it is refused, whichever way it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..records.address import Address
from ..records.findings import Finding
from ..records.kinds import ENTRIES
from .plan import Plan, holder_id

CODE = "F104"
"""The code of findings about a value that does not fit."""
HINT = "nothing was written; correct that line first: kedge edit, or any editor"


def field_of(finding: Finding) -> tuple[str, ...]:
    """The field that a value belongs to: of an item of a list that is the whole list."""
    found: list[str] = []
    for key in finding.field:
        if isinstance(key, int):
            break
        found.append(key)
    return tuple(found)


def overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one of two paths leads to the other, so that writing at either changes what is at both."""
    shared = min(len(one), len(other))
    return tuple(one[:shared]) == tuple(other[:shared])


def touched(unfit: Iterable[Finding], path: Sequence[str]) -> Finding | None:
    """The first unfit value that writing at a path would write over, or take away."""
    return next((one for one in unfit if overlap(field_of(one), path)), None)


def at(plan: Plan, address: Address) -> dict[str, Finding]:
    """What could not be read of a record or an entry, by the name of the field that it is, or is in."""
    where = ENTRIES.get(address.kind)
    if where is not None:
        kind, path = where.record, (where.section, address.id)
        address = Address(kind, address.project, holder_id(kind, address.project))
    else:
        path = ()
    record = plan.get(address)
    fields = [(field_of(one), one) for one in record.unfit] if record is not None else []
    depth = len(path)
    return {field[depth]: one for field, one in fields if len(field) > depth and field[:depth] == path}


def entries_unread(plan: Plan, kind: str, project: str | None) -> list[Finding]:
    """What hides entries of a kind, all of them or some: values in the place of their tables."""
    where = ENTRIES.get(kind)
    if where is None:
        return []
    if project is None:
        records = list(plan.of_kind(where.record))
    else:
        own = plan.get(Address(where.record, project, holder_id(where.record, project)))
        records = [own] if own is not None else []
    found = [one for record in records for one in record.unfit]
    return [one for one in found if field_of(one)[0] == where.section and len(field_of(one)) < 3]


def place_of(finding: Finding) -> str:
    """`projects/churn/project.toml:12`."""
    return f"{finding.file}:{finding.line}" if finding.line else finding.file


def refusal(finding: Finding) -> str:
    """Why a write is refused, with what is written there."""
    return f"{place_of(finding)}: {finding.message}; it is not written over"


def unreadable(finding: Finding) -> str:
    """What a list or a screen says in the place of the value."""
    return f"cannot be read ({place_of(finding)}): {finding.message}"
