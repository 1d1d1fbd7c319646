"""Who points at whom.

A field says with its type what kind of thing its ids name (`Refers`). From that one mark follow the checks of
references, the renames that reach every one of them, completion, and the pickers of the board.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

from ..records.base import Entry, sections
from ..records.fields import MayName, Refers
from ..records.kinds import ENTRIES, KINDS
from ..records.values import is_list

M = TypeVar("M", Refers, MayName)


class Reference(NamedTuple):
    """A place in a record that names something else."""

    path: tuple[str | int, ...]
    kind: str
    target: str
    """The id, or `project/id`, without a kind of link and a lag, and without the rest of a path to a field."""
    is_key: bool = False
    """Whether the id is the key of a table rather than a value."""


def _mark(annotation: Any, wanted: type[M]) -> M | None:
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, wanted):
            return mark
    if get_origin(annotation) is dict:
        return None
    for argument in get_args(annotation):
        if not isinstance(argument, str) and (mark := _mark(argument, wanted)) is not None:
            return mark
    return None


def _marked(model: type[Entry], wanted: type[M]) -> dict[str, M]:
    """Fields of a model with their marks of a kind."""
    found: dict[str, M] = {}
    for name, info in model.model_fields.items():
        if get_origin(info.annotation) is not dict:
            marks = [mark for mark in info.metadata if isinstance(mark, wanted)]
            mark = marks[0] if marks else _mark(info.annotation, wanted)
            if mark is not None:
                found[name] = mark
    return found


@cache
def referring_fields(model: type[Entry]) -> dict[str, str]:
    """Fields of a model that hold ids, with the kind of what they name."""
    return {name: mark.kind for name, mark in _marked(model, Refers).items()}


@cache
def naming_fields(model: type[Entry]) -> dict[str, tuple[str, ...]]:
    """Fields of a model that may hold the id of something of some kinds, or words that are none."""
    return {name: mark.kinds for name, mark in _marked(model, MayName).items()}


@cache
def referring_keys(model: type[Entry]) -> dict[str, str]:
    """Sections of a model whose keys are ids of other things, with the kind of those."""
    found: dict[str, str] = {}
    for name in sections(model):
        mark = _mark(get_args(model.model_fields[name].annotation)[0], Refers)
        if mark is not None:
            found[name] = mark.kind
    return found


@cache
def _referring_sections(model: type[Entry]) -> tuple[str, ...]:
    """Sections in which anything is named: most have nothing, and are not walked through."""
    keys = referring_keys(model)
    return tuple(
        name
        for name, inner in sections(model).items()
        if name in keys or referring_fields(inner) or naming_fields(inner) or _referring_sections(inner)
    )


def references(
    entry: Entry, path: tuple[str | int, ...] = (), *, with_words: bool = False
) -> Iterator[Reference]:
    """Everything that a record, or an entry in it, points at.

    `with_words` adds what may be an id or mere words, once for each kind that it may name.
    """
    model = type(entry)
    for name, kind in referring_fields(model).items():
        value = getattr(entry, name)
        if is_list(value):
            # As `_texts` has them, in the one loop that a plan of many needs spends its time in.
            for index, text in enumerate(value):
                yield Reference((*path, name, index), kind, text.partition(" ")[0])
        elif value:
            yield Reference((*path, name), kind, value)
    for name, kinds in naming_fields(model).items() if with_words else ():
        for place, text in _texts(entry, name):
            named = _on_path(text)
            yield from (Reference((*path, *place), kind, target) for kind, target in named)
            if not named:
                yield from (Reference((*path, *place), kind, text) for kind in kinds)
    keys = referring_keys(model)
    for name in _referring_sections(model):
        for key, inner in getattr(entry, name).items():
            if name in keys:
                yield Reference((*path, name, key), keys[name], key, is_key=True)
            yield from references(inner, (*path, name, key), with_words=with_words)


def _texts(entry: Entry, name: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The texts of a field, each with its place; of items in a list what comes before a kind of link and a lag."""
    value = getattr(entry, name)
    if is_list(value):
        yield from (((name, index), text.partition(" ")[0]) for index, text in enumerate(value))
    elif value:
        yield (name,), value


def _on_path(text: str) -> list[tuple[str, str]]:
    """What the path of a field leads by, as kind and id: `metrics.churn-recall.target` leads by a metric."""
    scope, slash, path = text.rpartition("/")
    parts = path.split(".")
    if len(parts) < 2 or " " in path:
        return []
    kinds = [one.name for one in ENTRIES.values() if one.section == parts[0]]
    kinds += [one.name for one in KINDS.values() if one.plural == parts[0]]
    return [(kind, f"{scope}{slash}{parts[1]}") for kind in kinds]
