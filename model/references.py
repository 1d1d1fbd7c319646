"""Who points at whom.

A field says with its type what kind of thing its ids name (`Refers`). From that one mark follow the checks of
references, the renames that reach every one of them, completion, and the pickers of the board.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin

from .records.base import Entry, sections
from .records.fields import Refers


class Reference(NamedTuple):
    """A place in a record that names something else."""

    path: tuple[str | int, ...]
    kind: str
    target: str
    """The id, or `project/id`, without a kind of link and a lag."""
    is_key: bool = False
    """Whether the id is the key of a table rather than a value."""


def _mark(annotation: Any) -> str | None:
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, Refers):
            return mark.kind
    if get_origin(annotation) is dict:
        return None
    for argument in get_args(annotation):
        if not isinstance(argument, str) and (kind := _mark(argument)) is not None:
            return kind
    return None


@cache
def referring_fields(model: type[Entry]) -> dict[str, str]:
    """Fields of a model that hold ids, with the kind of what they name."""
    found: dict[str, str] = {}
    for name, info in model.model_fields.items():
        kinds = [mark.kind for mark in info.metadata if isinstance(mark, Refers)]
        kind = kinds[0] if kinds else _mark(info.annotation)
        if kind is not None and get_origin(info.annotation) is not dict:
            found[name] = kind
    return found


@cache
def referring_keys(model: type[Entry]) -> dict[str, str]:
    """Sections of a model whose keys are ids of other things, with the kind of those."""
    found: dict[str, str] = {}
    for name in sections(model):
        kind = _mark(get_args(model.model_fields[name].annotation)[0])
        if kind is not None:
            found[name] = kind
    return found


@cache
def _referring_sections(model: type[Entry]) -> tuple[str, ...]:
    """Sections in which anything is named: most have nothing, and are not walked through."""
    keys = referring_keys(model)
    return tuple(
        name
        for name, inner in sections(model).items()
        if name in keys or referring_fields(inner) or _referring_sections(inner)
    )


def references(entry: Entry, path: tuple[str | int, ...] = ()) -> Iterator[Reference]:
    """Everything that a record, or an entry in it, points at."""
    model = type(entry)
    for name, kind in referring_fields(model).items():
        value = getattr(entry, name)
        if isinstance(value, tuple):
            for index, text in enumerate(value):
                yield Reference((*path, name, index), kind, text.partition(" ")[0])
        elif value:
            yield Reference((*path, name), kind, value)
    keys = referring_keys(model)
    for name in _referring_sections(model):
        for key, inner in getattr(entry, name).items():
            if name in keys:
                yield Reference((*path, name, key), keys[name], key, is_key=True)
            yield from references(inner, (*path, name, key))
