"""What a check looks at: everything, or what some changes leave it to look at again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from ..plan.change import Change
from ..plan.plan import Plan
from ..plan.references import references
from ..records.address import Address
from ..records.base import Record
from .rule import Check, Naming, View

Subject = Address | str
"""What was looked at: a record, a project by its id, or the whole plan (the empty text)."""
BeforeAfter = tuple[Record | None, Record | None]
"""A record before and after, at one address."""


# ---- what is looked at


def all_subjects(check: Check, plan: Plan) -> Iterator[tuple[Subject, Any]]:
    """Everything that a check looks at."""
    match check.scope:
        case "plan":
            yield "", plan
        case "project":
            yield from plan.projects.items()
        case "folder":
            yield from ((name, name) for name in {address.project for address in plan.records})
        case "record" if check.kinds:
            for kind in check.kinds:
                for address, record in plan.by_kind.get(kind, {}).items():
                    if kind != "card" or plan.cards[address.id] is record:
                        yield address, record
        case "record":
            yield from plan.records.items()


class Changed:
    """What has changed, by kind: most rules read a few kinds, and a whole import may have changed."""

    def __init__(self, pairs: Iterable[BeforeAfter]) -> None:
        self._by_kind: dict[str, list[tuple[Address, BeforeAfter]]] = {}
        for pair in pairs:
            address = _side(pair).address
            self._by_kind.setdefault(address.kind, []).append((address, pair))
        self._projects = {
            kind: {address.project for address, _ in those} for kind, those in self._by_kind.items()
        }
        self._around: dict[tuple[object, object], Collection[Address]] = {}

    def of(self, kinds: Collection[str]) -> Iterator[tuple[Address, BeforeAfter]]:
        """The changes of some kinds; of all where none is named."""
        for kind in kinds or self._by_kind:
            yield from self._by_kind.get(kind, ())

    def around(self, check: Check, view: View) -> Collection[Address]:
        """What has changed in a way that matters to a check, with its neighbours; checks share those in one view."""
        known = self._around.get((check.matters, check.near))
        if known is None:
            found: dict[Address, None] = {}
            for address, pair in self.of(()):
                if check.matters(*pair):
                    found[address] = None
                    for record in pair:
                        if record is not None:
                            found.update(dict.fromkeys(check.near(record, view)))
            known = self._around[check.matters, check.near] = found.keys()
        return known

    def projects(self, check: Check, kinds: Collection[str]) -> set[str]:
        """Where records of some kinds, or of all, have changed in a way that matters to a check."""
        if check.matters_always:
            return {name for kind in kinds or self._by_kind for name in self._projects.get(kind, ())}
        return {address.project for address, pair in self.of(kinds) if check.matters(*pair)}


def touched(check: Check, view: View, changed: Changed) -> Iterator[tuple[Subject, Any]]:
    """What a check has to look at again after some changes."""
    match check.scope:
        case "plan":
            if any(check.matters(*pair) for _, pair in changed.of(check.kinds)):
                yield "", view.plan
        case "project":
            yield from _touched_projects(check, view.plan, changed)
        case "folder":
            yield from ((name, name) for name in changed.projects(check, ()))
        case "record":
            yield from _touched_records(check, view, changed)


def _touched_projects(check: Check, plan: Plan, changed: Changed) -> Iterator[tuple[Subject, Any]]:
    reading = changed.projects(check, check.kinds) | {
        address.project for address, _ in changed.of(("project",))
    }
    # Of what belongs to no project any may read: people.
    for name in plan.projects if "" in reading else reading:
        yield name, plan.projects.get(name)
    for name in reading - plan.projects.keys():
        yield name, None


def _touched_records(check: Check, view: View, changed: Changed) -> Iterator[tuple[Subject, Any]]:
    # Without neighbours a change of another kind leads to nothing that the check looks at.
    again = (
        changed.around(check, view)
        if check.has_near
        else [address for address, pair in changed.of(check.kinds) if check.matters(*pair)]
    )
    for address in again:
        if check.reads(address.kind):
            yield address, _looked_at(check, view.plan, address)


def _looked_at(check: Check, plan: Plan, address: Address) -> Record | None:
    """The record at an address; None where there is none, or it is a card behind another one with its id."""
    record = plan.records.get(address)
    if record is not None and check.kinds and address.kind == "card" and plan.cards[address.id] is not record:
        return None
    return record


def subject_named(check: Check, plan: Plan, name: Subject) -> Any:
    """What has a name in a plan; None where nothing has."""
    if isinstance(name, Address):
        return _looked_at(check, plan, name)
    return plan if check.scope == "plan" else name if check.scope == "folder" else plan.projects.get(name)


# ---- what has changed


def pairs_of(changes: Iterable[Change]) -> list[BeforeAfter]:
    """Records before and after by address: of one that was renamed, the old place and the new one."""
    first: dict[Address, Record | None] = {}
    last: dict[Address, Record | None] = {}
    for change in changes:
        for record, is_there in ((change.before, False), (change.after, True)):
            if record is not None:
                first.setdefault(record.address, None if is_there else record)
                last[record.address] = record if is_there else None
    return [(before, last[address]) for address, before in first.items() if before or last[address]]


def _side(pair: BeforeAfter) -> Record:
    record = pair[1] or pair[0]
    assert record is not None
    return record


def kind_of(pair: BeforeAfter) -> str:
    """The kind of record that a pair is about."""
    return _side(pair).KIND


def twins(old: Plan, new: Plan, pairs: Iterable[BeforeAfter]) -> list[Record]:
    """Cards that come to light, or go behind another, as one with their id in another project goes or comes."""
    if all(len(plan.cards) == len(plan.by_kind.get("card", ())) for plan in (old, new)):
        return []
    ids = {_side(pair).id for pair in pairs if kind_of(pair) == "card"}
    made = {_side(pair).address for pair in pairs if pair[0] is None}
    return [
        record
        for address, record in new.by_kind.get("card", {}).items()
        if address.id in ids and address not in made
    ]


def named_in(record: Record | None) -> set[str]:
    """The ids that a record names."""
    return {one.target.rpartition("/")[2] for one in references(record)} if record is not None else set()


def renamed(naming: Naming, pairs: Iterable[BeforeAfter]) -> Naming:
    """Who names whom after some changes."""
    changed: Naming = {}
    for before, after in pairs:
        old, new = named_in(before), named_in(after)
        if old == new:
            continue
        address = _side((before, after)).address
        for name in old ^ new:
            known = changed.get(name, naming.get(name, ()))
            changed[name] = (
                (*known, address) if name in new else tuple(one for one in known if one != address)
            )
    return {**naming, **changed} if changed else naming
