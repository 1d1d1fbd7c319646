"""What has another id in the later of two plans, so that it is compared with what it was.

Git keeps no ids: a renamed card is a file that went and a file that came. The ending of a card's id stays through a
rename (`-7k2m`); anything else is known by its title, or by having most of its content in common. The earlier plan is
then given the later ids, references and all, before anything is compared: a reference that followed is no change of
its own, and a rename alone has no consequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..edit.edits import rebuilt
from ..edit.renames import points_at, replace_name, set_name
from ..plan.ids import ending
from ..plan.plan import Plan, holder_id
from ..plan.references import Reference, references
from ..records.address import Address
from ..records.base import Entry, Record, to_data
from ..records.card import Card
from ..records.kinds import ENTRIES, KINDS
from ..records.values import same

ALIKE, ALIKE_WITH_TITLE = 0.9, 0.4
"""Share of the fields that have to be the same for two things with different names to be one; with the same title."""
MOST_COMPARED = 20_000
"""Pairs of things that are compared field by field; of more only those with the same ending or title are one."""

Renames = Mapping[Address, Address]
"""Old addresses of records and entries with their new ones."""
Named = tuple[str, Entry]
"""A thing with its id."""


def renames(before: Plan, after: Plan) -> dict[Address, Address]:
    """The records, and entries in them, that have another id or project in the later plan."""
    found = _projects(before, after)
    moved = {old.project: new.project for old, new in found.items()}
    gone: dict[str, dict[str, Record]] = {}
    for address, record in before.records.items():
        place = _moved(address, moved)
        if place != address and place in after.records:
            found[address] = place
        elif place not in after.records and not KINDS[address.kind].single:
            gone.setdefault(address.kind, {})[f"{place.project}/{address.id}"] = record
    there = set(found.values())
    for kind, old in gone.items():
        new = {
            f"{address.project}/{address.id}": record
            for address, record in after.by_kind.get(kind, {}).items()
            if address not in before.records and address not in there
        }
        for one, other in _paired_records(old, new):
            found[one.address] = other.address
    for address, record in before.records.items():
        now = after.records.get(found.get(address, address))
        if now is not None and now is not record:
            found |= _entries(record, now)
    return found


def _paired_records(
    gone: Mapping[str, Record], came: Mapping[str, Record]
) -> Iterator[tuple[Record, Record]]:
    """Records of a kind that went with those that came; by name they are `project/id`."""
    for old, new in _paired([*gone.items()], [*came.items()]):
        yield gone[old], came[new]


def aligned(before: Plan, moves: Renames) -> Plan:
    """The earlier plan with the later ids, in every reference too."""
    if not moves:
        return before
    wanted = {(old.kind, old.id) for old in moves}
    inside: dict[Address, list[tuple[str, str, str]]] = {}
    for old, new in moves.items():
        if old.kind in ENTRIES and old.id != new.id:
            where = ENTRIES[old.kind]
            holder = Address(where.record, old.project, holder_id(where.record, old.project))
            inside.setdefault(holder, []).append((where.section, old.id, new.id))
    records: dict[Address, Record] = {}
    for address, record in before.records.items():
        place = moves.get(address, address)
        named = [
            (ref, new)
            for ref in references(record, with_words=True)
            if (ref.kind, ref.target.rpartition("/")[2]) in wanted
            for new in _pointed_at(ref, record.project, moves)
        ]
        keys = inside.get(address, ())
        if place != address or named or keys:
            record = _rewritten(record, place, named, keys)
        records[place] = record
    return Plan(records)


def _rewritten(
    record: Record,
    place: Address,
    named: Iterable[tuple[Reference, Address]],
    keys: Iterable[tuple[str, str, str]],
) -> Record:
    data = to_data(record)
    for ref, new in named:
        scope, slash, _ = ref.target.rpartition("/")
        if slash and scope != new.project and not ref.is_key:
            set_name(data, ref.path, lambda text, new=new: f"{new.project}/{text.partition('/')[2]}")
        replace_name(data, ref.path, new.id, is_key=ref.is_key)
    for section, old_id, new_id in keys:
        # A section whose keys are ids of other things has followed those already.
        if old_id in data.get(section, {}):
            data[section][new_id] = data[section].pop(old_id)
    return rebuilt(record, data, new_id=place.id, project=place.project)


def _pointed_at(ref: Reference, project: str, moves: Renames) -> list[Address]:
    """The new address of what a reference points at, where that has one."""
    scope, _, name = ref.target.rpartition("/")
    likely = [Address(ref.kind, one, name) for one in dict.fromkeys((scope, project, ""))]
    if ref.kind == "project":
        likely.append(Address("project", name, name))
    if ref.kind == "card" and not scope and not any(one in moves for one in likely):
        likely = [one for one in moves if one.kind == "card" and one.id == name]
    return [moves[one] for one in likely if one in moves and points_at(ref.target, project, one)][:1]


# ---- what is one


def _projects(before: Plan, after: Plan) -> dict[Address, Address]:
    """Projects whose folder has another name."""
    gone = {name: one for name, one in before.projects.items() if name not in after.projects}
    came = {name: one for name, one in after.projects.items() if name not in before.projects}
    return {old.address: new.address for old, new in _paired_records(gone, came)}


def _moved(address: Address, moved: Mapping[str, str]) -> Address:
    project = moved.get(address.project, address.project)
    if project == address.project:
        return address
    return Address(address.kind, project, project if address.kind == "project" else address.id)


def _entries(old: Record, new: Record) -> dict[Address, Address]:
    """Entries of a record that have another key."""
    found: dict[Address, Address] = {}
    for kind in ENTRIES.values():
        if kind.record != old.KIND:
            continue
        before: Mapping[str, Entry] = getattr(old, kind.section)
        after: Mapping[str, Entry] = getattr(new, kind.section)
        gone = [(key, one) for key, one in before.items() if key not in after]
        came = [(key, one) for key, one in after.items() if key not in before]
        for one, other in _paired(gone, came):
            found[Address(kind.name, old.project, one)] = Address(kind.name, new.project, other)
    return found


def _paired(gone: Sequence[Named], came: Sequence[Named]) -> list[tuple[str, str]]:
    """The old names of what went with the new names in its place: each once, the surest first."""
    found: list[tuple[str, str]] = []
    for key_of in (_ending, _content):
        pairs = list(_by_key(gone, came, key_of)) if gone and came else []
        found += pairs
        old, new = {one for one, _ in pairs}, {other for _, other in pairs}
        gone, came = [one for one in gone if one[0] not in old], [one for one in came if one[0] not in new]
    if len(gone) * len(came) > MOST_COMPARED:
        return found
    left = dict(came)
    for name, old in gone:
        fits = [other for other, new in left.items() if _is_alike(old, new)]
        # Where several fit, nothing says which of them it is.
        if len(fits) == 1:
            found.append((name, fits[0]))
            del left[fits[0]]
    return found


def _by_key(
    gone: Iterable[Named], came: Iterable[Named], key_of: Callable[[Named], str]
) -> Iterator[tuple[str, str]]:
    """Names that have the same key, where it says which is which."""
    sides: list[dict[str, list[str]]] = []
    for things in (gone, came):
        names: dict[str, list[str]] = {}
        for one in things:
            names.setdefault(key_of(one), []).append(one[0])
        sides.append(names)
    before, after = sides
    for key in before.keys() & after.keys():
        if key and len(before[key]) == len(after[key]) == 1:
            yield before[key][0], after[key][0]


def _ending(one: Named) -> str:
    """The ending of a card's id, or the whole id where it has none."""
    name, thing = one
    name = name.rpartition("/")[2]
    return (ending(name) or name) if isinstance(thing, Card) else ""


def _content(one: Named) -> str:
    """All that is said of a thing that has a name."""
    return repr(sorted(to_data(one[1]).items())) if one[1].label else ""


def _is_alike(old: Entry, new: Entry) -> bool:
    """Whether two things say so much that is the same that they are one; with the same title less of it has to be."""
    before, after = to_data(old), to_data(new)
    names = before.keys() | after.keys()
    shared = sum(1 for name in names if name in before and name in after and same(before[name], after[name]))
    has_same_title = bool(getattr(old, old.LABEL, "")) and old.label == new.label
    return len(names) > (1 if has_same_title else 4) and shared / len(names) >= (
        ALIKE_WITH_TITLE if has_same_title else ALIKE
    )
