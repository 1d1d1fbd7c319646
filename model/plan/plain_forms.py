"""Values written in another form than the format's, where their meaning is plain.

`tags = "data, infra"` is a list of two, and `[[checklist]]` written twice is two items, whatever the format says.
Such a value is read as what it means, so that nothing that a person wrote is missing on the board; storage writes
it in the format's form when the field is next edited.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple, get_args

from ..records.address import is_id
from ..records.base import Entry, Record, sections, tables
from ..records.kinds import ENTRIES, entry_name, record_model
from ..records.values import is_list, is_table
from ..text.slug import slug
from .field_spec import LISTS, shapes
from .ids import entry_id
from .ranks import spread
from .validate import KnownKeys, Problem, build

Path = tuple[str, ...]
Place = tuple[str | int, ...]


class PlainForm(NamedTuple):
    """A field that is read in the format's form, and written in another."""

    path: Path
    value: Any
    """As plain values, in the format's form."""
    was: str
    """What is written in the file, in words."""

    @property
    def form(self) -> str:
        """What the format wants in its place, in words."""
        if is_list(self.value):
            count = len(self.value)
            return f"a list of {count} item{'s' * (count != 1)}"
        name = self.path[-1]
        keys = ", ".join(f"[{name}.{key}]" for key in list(self.value)[:3])
        return f"tables with keys: {keys}" + (" …" if len(self.value) > 3 else "")

    def written(self, path: Place) -> Place:
        """The place in the file of what is read at a path."""
        depth = len(self.path)
        if not is_table(self.value) or path[:depth] != self.path or len(path) == depth:
            return path
        keys = list[str | int](self.value)
        return (*self.path, keys.index(path[depth]), *path[depth + 1 :]) if path[depth] in keys else path


def read(
    kind: str, project: str, record_id: str, data: Mapping[str, Any], known: KnownKeys | None = None
) -> tuple[Record, list[Problem], tuple[PlainForm, ...]]:
    """`build`, with values taken for what they plainly mean; these too, outermost first."""
    model = record_model(kind)
    refused: set[Path] = set()
    while True:
        reading = _Reading(kind, refused)
        values = reading.table(model, data)
        record, problems = build(kind, project, record_id, values, known)
        wrong = [problem.path for problem in problems if problem.code == "F104"]
        # A list with an item, or tables with a key, that cannot be read after all were not so plain.
        bad = {one.path for one in reading.found if any(_is_of(path, one.path) for path in wrong)}
        if not bad:
            return record, problems, tuple(reading.found)
        refused |= bad


def _is_of(path: Place, field: Path) -> bool:
    return path[: len(field)] == field and len(path) <= len(field) + 1


@dataclass
class _Reading:
    """One reading of a record: its kind, the fields that are taken as they are, and the plain forms found."""

    kind: str
    refused: Collection[Path]
    found: list[PlainForm] = field(default_factory=list[PlainForm])

    def table(self, model: type[Entry], data: Mapping[str, Any], path: Path = ()) -> dict[str, Any]:
        """A table's values in the format's form, also those of the tables inside it."""
        result: dict[str, Any] = {}
        for name, value in data.items():
            at = (*path, name)
            inner = sections(model).get(name)
            table = tables(model).get(name)
            if inner is not None:
                result[name] = self._section(model, inner, value, at)
            elif table is not None and is_table(value):
                result[name] = self.table(table, value, at)
            else:
                items = None if at in self.refused else _list(model, name, value)
                if items is not None:
                    was = "a text" if isinstance(value, str) else "a single value"
                    self.found.append(PlainForm(at, items, was))
                result[name] = value if items is None else items
        return result

    def _section(self, model: type[Entry], inner: type[Entry], value: Any, at: Path) -> Any:
        if is_list(value) and at not in self.refused:
            keyed = _keyed(self.kind, model, at[-1], inner, value)
            if keyed is not None:
                are_texts = all(isinstance(one, str) for one in value)
                self.found.append(
                    PlainForm(at, keyed, "a list of texts" if are_texts else "tables without keys")
                )
                value = keyed
        if not is_table(value):
            return value
        return {
            key: self.table(inner, one, (*at, key)) if is_table(one) else one for key, one in value.items()
        }


def _list(model: type[Entry], name: str, value: Any) -> list[Any] | None:
    """The items of a list that is written as one value; None where it is not."""
    shape = shapes(model).get(name)
    if shape is None or shape.control not in LISTS or isinstance(value, list | Mapping):
        return None
    if not isinstance(value, str):
        return [value]
    if shape.control == "list":
        # Words of such a list have no commas.
        return [item for item in (part.strip() for part in re.split(r"[,\n]", value)) if item]
    text = value.strip("\n")
    return None if "\n" in text else [text] if text.strip() else []


def _keyed(
    kind: str, model: type[Entry], name: str, inner: type[Entry], items: Sequence[Any]
) -> dict[str, Any] | None:
    """Tables, or mere texts, by keys made for them; None where their meaning is not plain."""
    tabled: list[dict[str, Any]] = []
    for one in items:
        if isinstance(one, str) and inner.LABEL in inner.model_fields:
            tabled.append({inner.LABEL: one})
        elif is_table(one):
            tabled.append(dict(one))
        else:
            return None
    keys = _keys(kind, model, name, inner, tabled)
    if keys is None:
        return None
    if "rank" in inner.model_fields and not any("rank" in one for one in tabled):
        for one, rank in zip(tabled, spread(len(tabled)), strict=True):
            one["rank"] = rank
    return dict(zip(keys, tabled, strict=True))


def _keys(
    kind: str, model: type[Entry], name: str, inner: type[Entry], items: Sequence[Mapping[str, Any]]
) -> list[str] | None:
    """A key for each: the id that it has, else a slug, or letters drawn by what it says, the same every time.

    None where keys name other things (a person, a stage) and it is not said which.
    """
    made: list[str] = []
    is_free = get_args(model.model_fields[name].annotation)[0] is str
    is_named = any((one.record, one.section) == (kind, name) for one in ENTRIES.values())
    for item in items:
        own, label = item.get("id"), str(item.get(inner.LABEL, ""))
        if isinstance(own, str) and is_id(own) and own not in made:
            made.append(own)
        elif not is_free:
            return None
        elif is_named and label:
            wanted = slug(label, entry_name(kind, name))
            number = 2
            key = wanted
            while key in made:
                key, number = f"{wanted}-{number}", number + 1
            made.append(key)
        else:
            made.append(entry_id(made, Random(f"{name} {len(made)} {label}")))  # noqa: S311  an id, no secret
    return made
