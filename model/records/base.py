"""What all records have in common.

A record is a frozen pydantic model of one TOML file; an entry is a frozen model of one table inside it.
Keys that no model knows are kept (`model_extra`), so that a newer kedge or a script can write what this one
does not understand. `id` and `project` come from the file's place, never from its text.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from .address import Address

PLACE_FIELDS = frozenset({"id", "project"})

Groups = tuple[tuple[str, ...], ...]
"""Keys in canonical order; a blank line stands between groups."""


class Entry(BaseModel):
    """A table inside a record: a checklist item, an answer, a metric."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    LABEL: ClassVar[str] = "title"
    """The field that names the thing to a person."""
    GROUPS: ClassVar[Groups] = ()
    """Its own keys in canonical order."""

    @property
    def label(self) -> str:
        """What a person calls it; empty when nothing was written."""
        return str(getattr(self, self.LABEL, "") or "")


class Record(Entry):
    """One thing in the plan, in one file."""

    KIND: ClassVar[str]

    id: str = Field(default="", description="the file's name without its ending", exclude=True)
    project: str = Field(default="", description="the project whose folder holds the file", exclude=True)

    @property
    def address(self) -> Address:
        """Where the record stands in its plan."""
        return Address(self.KIND, self.project, self.id)

    @property
    def label(self) -> str:
        """What a person calls it: the title, or the id where there is none."""
        return super().label or self.id


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
