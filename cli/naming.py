"""Which id or record a text means: a whole id, a part of one, or `project/id`, and what is near where none fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..model.records.address import Address
from ..storage.disk.errors import AmbiguousId, UnknownId

if TYPE_CHECKING:
    from ..model.plan.plan import Plan


_SHOWN = 16
"""Choices that are named where none fits."""


def one_of(text: str, kind: str, ids: Iterable[str]) -> str:
    """The id that a text or a part of an id means. Raises UnknownId or AmbiguousId."""
    from ..model.plan.ids import resolve
    from ..model.records.kinds import ENTRIES, KINDS

    ids = list(ids)
    found = resolve(text, ids)
    if found.match is not None:
        return found.match
    if found.candidates:
        raise AmbiguousId(text, kind, found.candidates)
    unknown = UnknownId(text, kind, found.nearest)
    if not found.nearest and ids and kind not in {*KINDS, *ENTRIES, "record", "calculator"}:
        # No command lists what is neither a record nor a calculator.
        unknown.hint = f"there are: {', '.join(ids[:_SHOWN])}{' …' if len(ids) > _SHOWN else ''}"
    raise unknown


def found_in(text: str, known: Sequence[Address]) -> Address:
    """The one of some addresses that is meant. Raises UnknownId or AmbiguousId."""
    from ..model.records.kinds import KINDS

    wanted = text.strip().lower()
    exact = [one for one in known if wanted in (one.id, name_of(one))]
    files = [one for one in exact if one.kind in KINDS]
    if len(exact) == 1 or len(files) == 1:
        # A person's part in a project has the person's id: the person is meant.
        return (files or exact)[0]
    if exact:
        raise AmbiguousId(text, "record", [str(one) for one in exact])
    cards = [name_of(one) for one in known if one.kind == "card"]
    others: dict[str, list[Address]] = {}
    for one in known:
        if one.kind != "card":
            others.setdefault(name_of(one), []).append(one)
    try:
        name = readable(text, "card", cards)
        return Address("card", *name.split("/", 1))
    except UnknownId:
        fits = others[readable(text, "record", [*others, *cards])]
    if len(fits) > 1:
        raise AmbiguousId(text, "record", [str(one) for one in fits])
    return fits[0]


def readable(text: str, kind: str, names: Iterable[str]) -> str:
    """`one_of` for `project/id` names, which speaks of bare ids where the project says nothing."""
    try:
        return one_of(text, kind, names)
    except AmbiguousId as error:
        raise AmbiguousId(text, kind, _shortest(error.candidates)) from None
    except UnknownId as error:
        near = error.nearest or _near(text, names)
        raise UnknownId(text, kind, _shortest(near)) from None


def _near(text: str, names: Iterable[str]) -> Sequence[str]:
    from ..model.plan.ids import similar

    return similar(text, {bare_id(name) for name in names})


def _shortest(names: Sequence[str]) -> list[str]:
    bare = [bare_id(name) for name in names]
    return bare if len(set(bare)) == len(bare) else [name.removeprefix("/") for name in names]


def part_of(text: str) -> str:
    """What the id that is meant has to contain; a text that no id contains for an empty one."""
    return text.strip().lower().rpartition("/")[2] or "\0"


def name_of(address: Address) -> str:
    return f"{address.project}/{address.id}"


def bare_id(name: str) -> str:
    return name.rpartition("/")[2]


def addresses(plan: Plan, kind: str) -> list[Address]:
    """Addresses of all records or entries of a kind, sorted; of a plan read on demand, of files not read too."""
    from ..model.records.kinds import KINDS

    if kind in KINDS:
        return sorted(plan.names(kind))
    return sorted(address for address, _ in plan.entries(kind))


def all_addresses(plan: Plan) -> list[Address]:
    """Addresses of all records and entries."""
    from ..model.records.kinds import ENTRIES

    return [*plan.names(), *(one for kind in ENTRIES for one in addresses(plan, kind))]
