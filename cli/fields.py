"""Typed assignments (`owner=mira`, `tags=+data,-old`, `checklist.k7f2.done=yes`) as values of fields.

What a field takes is read from the model; ids may be shortened here as everywhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model.plan.change import MISSING, Path, get_path
from ..model.plan.field_spec import LISTS, Shape, TextRefused, change_list, read_text, shapes, value_shape
from ..model.plan.ids import similar
from ..model.records.base import Entry, sections, tables
from ..model.text.amounts import with_article
from ..model.text.named import noun
from ..storage.disk.errors import BadValue, UnknownId
from . import naming

if TYPE_CHECKING:
    from ..model.plan.plan import Plan

_ASSIGNMENT = re.compile(r"([A-Za-z_][\w.-]*)=(.*)", re.DOTALL)
_ELSEWHERE = {
    "id": "kedge rename gives another id",
    "project": "the folder of its file says it",
    "phase": "place=execute/data-pipeline says phase and step",
    "step": "place=execute/data-pipeline says phase and step",
}
_NOT_IN_PLAN = ("gate", "item")
"""Kinds of things that the playbook holds, not the plan."""


@dataclass(frozen=True)
class Assignment:
    """A field and the text that was typed for it."""

    path: Path
    text: str


def split(words: Iterable[str]) -> tuple[list[str], list[Assignment]]:
    """Ids and assignments of a command line, which may be in any order."""
    ids: list[str] = []
    assignments: list[Assignment] = []
    for word in words:
        found = _ASSIGNMENT.fullmatch(word)
        if found:
            assignments.append(Assignment(tuple(found[1].split(".")), found[2]))
        else:
            ids.append(word)
    return ids, assignments


def shape_at(kind: str, model: type[Entry], path: Path) -> Shape:
    """The shape of a field, also of one inside a table of the record. Raises BadValue with the nearest names."""
    name, *inner = path
    if not inner:
        found = shapes(model).get(name)
        if found is not None:
            return found
    elif name in sections(model) and len(inner) > 1:
        return shape_at(f"{kind}'s {name}", sections(model)[name], tuple(inner[1:]))
    elif name in tables(model):
        table = tables(model)[name]
        if table is not None:
            return shape_at(f"{kind}'s {name}", table, tuple(inner))
        if len(inner) == 1:
            return value_shape(model, name)
    raise _unknown(kind, model, path)


def _unknown(kind: str, model: type[Entry], path: Path) -> BadValue:
    name, *inner = path
    text, what = ".".join(path), with_article(noun(kind))
    if name in sections(model):
        example = next(iter(shapes(sections(model)[name])), "")
        return BadValue(f"{text} is not one field of {what}", f"write {name}.ID.{example}=…")
    if name in tables(model):
        return BadValue(f"{text} is not one field of {what}", f"write {name}.NAME=…")
    if inner and name in shapes(model):
        return BadValue(f"{name} of {what} has no fields inside", f"write {name}=…")
    known = [*shapes(model), *sections(model), *tables(model)]
    near = similar(name, known)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    hint = _ELSEWHERE.get(name) or f"{meant}there are {', '.join(known)}"
    return BadValue(f"{what} has no field {name!r}", hint)


@dataclass(frozen=True)
class Reader:
    """Reads typed values as seen from one plan on one day."""

    plan: Plan
    today: dt.date
    places: Sequence[str]
    """Where a card may be."""

    def values(
        self,
        kind: str,
        model: type[Entry],
        current: Entry | Mapping[str, object],
        project: str,
        assignments: Sequence[Assignment],
    ) -> dict[Path, object]:
        """The values that were typed, by field; MISSING clears one. Raises BadValue with what was expected."""
        values: dict[Path, object] = {}
        for one in assignments:
            if _takes_away(model, one):
                values[one.path] = MISSING
                continue
            shape = shape_at(kind, model, one.path)
            before = values.get(one.path, get_path(current, one.path))
            value = _read(shape, before, one.text, self.today, again=one.path in values)
            if shape.refers and value is not None and shape.refers not in _NOT_IN_PLAN:
                value = self.resolved(shape, project, value)
            elif kind == "card" and one.path == ("place",) and isinstance(value, str):
                value = place(value, self.places)
            values[one.path] = MISSING if value is None else value
        return values

    def resolved(self, shape: Shape, project: str, value: object) -> object:
        """Ids in full; of a thing in another project with the project before it."""
        if isinstance(value, list):
            return [self.resolved(shape, project, str(one)) for one in value]
        name, space, rest = str(value).partition(" ")
        known = naming.addresses(self.plan, shape.refers)
        own = {one.id for one in known if one.project in ("", project) or shape.refers == "project"}
        others = {f"{one.project}/{one.id}" for one in known if one.project and one.id not in own}
        near: Sequence[str] = ()
        for names in (own, others):
            try:
                return f"{naming.one_of(name, shape.refers, names)}{space}{rest}"
            except UnknownId as error:
                near = near or error.nearest
        hint = f"nearest: {', '.join(near)}" if near else f"kedge {shape.refers} add makes one"
        raise BadValue(f"{shape.name}: there is no {shape.refers} {name!r}", hint)


def _takes_away(model: type[Entry], one: Assignment) -> bool:
    """Whether an assignment names a whole entry of a section, and clears it: `absences.summer=`."""
    return not one.text and len(one.path) == 2 and one.path[0] in sections(model)


def _read(shape: Shape, before: object, text: str, today: dt.date, *, again: bool) -> object:
    """The value of a text; a list that is assigned `again` in the same command grows by it."""
    try:
        if shape.control in LISTS and text:
            current = before if isinstance(before, list | tuple) else ()
            return change_list(shape, current, text, today, grow=again) or None
        return read_text(shape, text, today)
    except TextRefused as error:
        message = str(error)
        raise BadValue(message if message.startswith(shape.name) else f"{shape.name}: {message}") from None


def place(text: str, places: Sequence[str]) -> str:
    """The place that a text means: a phase, a step with or without its phase, or the beginning of one.

    Raises BadValue with the nearest places.
    """
    wanted = text.strip().lower().strip("/")
    phase, _, step = wanted.partition("/")
    for fits in (
        [one for one in places if wanted in (one, one.partition("/")[2])],
        [one for one in places if "/" not in one and one.startswith(wanted)],
        [one for one in places if "/" in one and _begins(one, phase, step)],
    ):
        if wanted and len(fits) == 1:
            return fits[0]
        if wanted and fits:
            raise BadValue(f"{text!r} may be {', '.join(fits)}", "write more of it")
    near = similar(wanted, (*places, *(one.partition("/")[2] for one in places if "/" in one)))
    phases = ", ".join(one for one in places if "/" not in one)
    raise BadValue(
        f"there is no phase or step {text!r}", f"nearest: {', '.join(near)}" if near else f"phases: {phases}"
    )


def _begins(known: str, phase: str, step: str) -> bool:
    known_phase, _, known_step = known.partition("/")
    if not step:
        return known_step.startswith(phase)
    return known_phase.startswith(phase) and known_step.startswith(step)
