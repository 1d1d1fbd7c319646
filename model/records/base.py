"""What all records have in common.

A record is a frozen pydantic model of one TOML file; an entry is a frozen model of one table inside it.
Keys that no model knows are kept (`model_extra`), so that a newer kedge or a script can write what this one
does not understand. `id` and `project` come from the file's place, never from its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from .address import Address
from .findings import Finding
from .values import same

PLACE_FIELDS = frozenset({"id", "project"})

R = TypeVar("R", bound="Record")

Groups = tuple[tuple[str, ...], ...]
"""Keys in canonical order; a blank line separates groups."""
FormGroups = tuple[tuple[str, tuple[str, ...]], ...]
"""Headings of a form, each with the keys below it. Keys of no heading are rarely used, and folded."""


class Entry(BaseModel):  # noqa: PLW1641  pydantic gives frozen models their hash
    """A table inside a record: a checklist item, an answer, a metric."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, defer_build=True, allow_inf_nan=False)

    def __eq__(self, other: object) -> bool:
        """Whether all values are the same. Fields have types; keys that no model knows may be 1 here and true there."""
        if not isinstance(other, Entry) or not super().__eq__(other):
            return False
        return not self.model_extra or same(self.model_extra, other.model_extra)

    LABEL: ClassVar[str] = "title"
    """The field that names the thing to a person."""
    GROUPS: ClassVar[Groups] = ()
    """Its own keys in canonical order."""
    FORM: ClassVar[FormGroups] = ()
    """Its keys as a person fills them in; where nothing is said, in the order of the file."""
    WANTED: ClassVar[frozenset[str]] = frozenset()
    """Keys without which it does not count, though a file may leave them out: forms mark them."""

    @property
    def label(self) -> str:
        """What a person calls it; empty when nothing was written."""
        return str(getattr(self, self.LABEL, "") or "")


class Record(Entry):
    """One thing in the plan, in one file."""

    KIND: ClassVar[str]

    id: str = Field(default="", description="the file's name without its ending", exclude=True)
    project: str = Field(default="", description="the project whose folder holds the file", exclude=True)
    unfit: ClassVar[tuple[Finding, ...]] = ()
    """What could not be read of its file, so that the record is without it: see `with_unfit`."""

    @property
    def address(self) -> Address:
        """The place of the record in its plan."""
        return Address(self.KIND, self.project, self.id)

    @property
    def label(self) -> str:
        """What a person calls it: the title, or the id where there is none."""
        return super().label or self.id


def with_unfit(record: R, unfit: tuple[Finding, ...]) -> R:
    """The same record, which knows what of its file could not be read. It is equal to one that does not."""
    if unfit:
        record = record.model_copy()
        # A name of the class that is no field: neither compared nor written.
        vars(record)["unfit"] = unfit
    return record


def to_data(entry: Entry) -> dict[str, Any]:
    """The entry as plain TOML values: what is set, and keys that no model knows, without defaults."""
    return entry.model_dump(mode="python", exclude_unset=True, exclude_none=True, exclude=set(PLACE_FIELDS))


def entry_class(annotation: Any) -> type[Entry] | None:
    """The entry model inside a field's type: `dict[str, Metric]` and `Calendar | None` give theirs."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation if issubclass(annotation, Entry) else None
    for argument in get_args(annotation):
        found = entry_class(argument)
        if found is not None:
            return found
    return None


@cache
def sections(model: type[Entry]) -> dict[str, type[Entry]]:
    """Fields that hold keyed tables (`dict[str, Entry]`), with the model of their entries."""
    found: dict[str, type[Entry]] = {}
    for name, info in model.model_fields.items():
        if get_origin(info.annotation) is dict:
            inner = entry_class(get_args(info.annotation)[1])
            if inner is not None:
                found[name] = inner
    return found


@cache
def tables(model: type[Entry]) -> dict[str, type[Entry] | None]:
    """Fields that hold one table: an entry model, or None for plain `name = value` tables."""
    found: dict[str, type[Entry] | None] = {}
    for name, info in model.model_fields.items():
        if name in sections(model):
            continue
        if get_origin(info.annotation) is dict:
            found[name] = None
        else:
            inner = entry_class(info.annotation)
            if inner is not None:
                found[name] = inner
    return found


def with_entries(record: Record) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """A record and the entries in it, each with its path."""
    yield (), record
    for name in sections(type(record)):
        yield from (((name, key), entry) for key, entry in getattr(record, name).items())
    for name, model in tables(type(record)).items():
        if model is not None and (entry := getattr(record, name)) is not None:
            yield (name,), entry
