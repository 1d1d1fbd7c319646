"""Another id for a record or an entry, or another project for cards; every reference follows, as one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..plan.change import Batch, Change
from ..plan.plan import Plan, holder_id
from ..plan.references import references
from ..records.address import Address, is_id
from ..records.base import Record, to_data
from ..records.card import Card
from ..records.kinds import ENTRIES, KINDS
from ..text.amounts import with_article
from ..text.named import noun
from .edits import batch_of, changes_to, names_of, rebuilt
from .refusal import EditRefused


def rename(plan: Plan, address: Address, new_id: str) -> Batch:
    """Gives a record or an entry another id, and follows every reference to it, as one step."""
    if not is_id(new_id):
        raise EditRefused(
            f"{new_id!r} is not an id: lower-case letters, digits and single hyphens, at most 64"
        )
    if address.kind not in KINDS:
        return _rename_entry(plan, address, new_id)
    record = plan.get(address)
    if record is None:
        raise EditRefused(f"there is no {address}")
    if KINDS[address.kind].single:
        raise EditRefused(f"{with_article(address.kind)} has its name from its folder")
    if plan.has(address.kind, new_id, address.project):
        raise EditRefused(f"there is {with_article(noun(address.kind))} {new_id} already")
    renamed = rebuilt(record, to_data(record), new_id=new_id)
    followed = _follow(plan, address, new_id, {record.address: renamed})
    own = followed.pop(record.address)
    changes = [Change(record, own), *changes_to(plan, followed)]
    return batch_of(f"rename {address.id} to {new_id}", changes, renamed=[address])


def move_to_project(plan: Plan, cards: Sequence[Card], project: str) -> Batch:
    """Moves cards to another project, with their ids; what they name in the old one is then named with its project.

    References that name a card with its old project follow it.
    """
    if project not in plan.projects:
        raise EditRefused(f"there is no project {project!r}")
    moving = {f"{card.project}/{card.id}": card for card in cards if card.project != project}
    found: dict[Address, Record] = {}
    for card in moving.values():
        data = to_data(card)
        for ref in references(card):
            where = ENTRIES[ref.kind].record if ref.kind in ENTRIES else ref.kind
            if ref.kind != "card" and where in KINDS and KINDS[where].in_project and "/" not in ref.target:
                replace_name(data, ref.path, f"{card.project}/{ref.target}", is_key=ref.is_key)
        found[card.address] = rebuilt(card, data, project=project)
    for place, record in plan.records.items():
        current = found.get(place, record)
        found_refs = references(current, with_words=True)
        names = [ref for ref in found_refs if ref.kind == "card" and ref.target in moving]
        if names:
            data = to_data(current)
            for ref in names:
                set_name(data, ref.path, lambda text: _in_project(text, project))
            found[place] = rebuilt(current, data)
    changes = [Change(plan.get(place), record) for place, record in found.items()]
    label = f"move {names_of(cards)} to project {project}"
    return batch_of(label, changes, renamed=[card.address for card in moving.values()])


def _rename_entry(plan: Plan, address: Address, new_id: str) -> Batch:
    where = ENTRIES[address.kind]
    holder = plan.get(Address(where.record, address.project, holder_id(where.record, address.project)))
    entries: Mapping[str, object] = getattr(holder, where.section) if holder is not None else {}
    if holder is None or address.id not in entries:
        raise EditRefused(f"there is no {address}")
    if new_id in entries:
        raise EditRefused(f"there is {with_article(noun(address.kind))} {new_id} already")
    data = to_data(holder)
    data[where.section][new_id] = data[where.section].pop(address.id)
    changed = rebuilt(holder, data)
    followed = _follow(plan, address, new_id, {holder.address: changed})
    return batch_of(f"rename {address.id} to {new_id}", changes_to(plan, followed), renamed=[address])


def _follow(
    plan: Plan, address: Address, new_id: str, given: Mapping[Address, Record]
) -> dict[Address, Record]:
    """Records that name the address, rewritten to its new id; `given` ones are taken as they are and followed too."""
    found: dict[Address, Record] = dict(given)
    for place, record in plan.records.items():
        current = found.get(place, record)
        names = [ref for ref in references(current, with_words=True) if ref.kind == address.kind]
        names = [ref for ref in names if points_at(ref.target, current.project, address)]
        if not names:
            continue
        data = to_data(current)
        for ref in names:
            replace_name(data, ref.path, new_id, is_key=ref.is_key)
        found[place] = rebuilt(current, data)
    return found


def points_at(target: str, project: str, address: Address) -> bool:
    """Whether an id, or `project/id`, that a record of a project names is that of an address."""
    scope, _, name = target.rpartition("/")
    if name != address.id:
        return False
    plan_wide = address.kind == "card" or not address.project
    return (not scope and plan_wide) or (scope or project) == address.project or address.kind == "person"


def replace_name(data: dict[str, Any], path: tuple[str | int, ...], new_id: str, *, is_key: bool) -> None:
    """Gives what is named at a path another id: a value, an item of a list, or the key of a table."""
    table: Any = data
    for key in path[: -2 if isinstance(path[-1], int) else -1]:
        table = table[key]
    if is_key:
        table[new_id] = table.pop(path[-1])
        return
    set_name(data, path, lambda text: _renamed(text, new_id))


def set_name(data: dict[str, Any], path: tuple[str | int, ...], new: Callable[[str], str]) -> None:
    """Rewrites one value, or one item of a list, in place."""
    table: Any = data
    for key in path[: -2 if isinstance(path[-1], int) else -1]:
        table = table[key]
    if isinstance(path[-1], int):
        name = path[-2]
        items = list(table[name])
        items[path[-1]] = new(items[path[-1]])
        table[name] = items
    else:
        table[path[-1]] = new(table[path[-1]])


def _in_project(text: str, project: str) -> str:
    """`old/card SS+2d` with another project in it."""
    name, space, rest = text.partition(" ")
    return f"{project}/{name.rpartition('/')[2]}{space}{rest}"


def _renamed(text: str, new_id: str) -> str:
    """`project/old SS+2d`, or `metrics.old.target`, with the new id in it."""
    name, space, rest = text.partition(" ")
    scope, slash, path = name.rpartition("/")
    section, dot, field = path.partition(".")
    if dot:
        _, dot_after, after = field.partition(".")
        new_id = f"{section}.{new_id}{dot_after}{after}"
    return f"{scope}{slash}{new_id}{space}{rest}"
