"""Typed assignments (`owner=mira`, `tags=+data,-old`, `checklist.k7f2.done=yes`) as values of fields.

What a field takes is read from the model; ids may be shortened here as everywhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from ..model.change import MISSING, Path, get_path
from ..model.ids import similar
from ..model.records.base import Entry, sections, tables
from ..model.shape import Shape, TextRefused, change_list, read_text, shapes
from ..storage.errors import BadValue
from . import context

if TYPE_CHECKING:
    from ..model.plan import Plan

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
    """Ids and assignments of a command line, which may stand in any order."""
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
            return _plain(model, name)
    raise _unknown(kind, model, path)


def _plain(model: type[Entry], name: str) -> Shape:
    """A value in a table of plain `name = value` lines."""
    info = model.model_fields[name]
    inner = get_args(info.annotation)[1]
    figure = (inner.__origin__ if hasattr(inner, "__metadata__") else inner) is float
    return Shape(name, "number" if figure else "line", info.description or "")


def _unknown(kind: str, model: type[Entry], path: Path) -> BadValue:
    name, *inner = path
    text = ".".join(path)
    if name in sections(model):
        example = next(iter(shapes(sections(model)[name])), "")
        return BadValue(f"{text} is not one field of a {kind}", f"write {name}.ID.{example}=…")
    if name in tables(model):
        return BadValue(f"{text} is not one field of a {kind}", f"write {name}.NAME=…")
    if inner and name in shapes(model):
        return BadValue(f"{name} of a {kind} has no fields inside", f"write {name}=…")
    known = [*shapes(model), *sections(model), *tables(model)]
    near = similar(name, known)
    hint = _ELSEWHERE.get(name) or (
        f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
    )
    return BadValue(f"a {kind} has no field {name!r}", hint)


def read_values(
    plan: Plan,
    kind: str,
    model: type[Entry],
    current: Entry | Mapping[str, object],
    project: str,
    assignments: Sequence[Assignment],
    today: dt.date,
) -> dict[Path, object]:
    """The values that were typed, by field; MISSING clears one. Raises KedgeError with what was expected."""
    values: dict[Path, object] = {}
    for one in assignments:
        shape = shape_at(kind, model, one.path)
        before = values.get(one.path, get_path(current, one.path))
        value = _read(shape, before, one.text, today)
        if shape.refers and value is not None and shape.refers not in _NOT_IN_PLAN:
            value = _resolved(plan, shape, project, value)
        elif kind == "card" and one.path == ("place",) and isinstance(value, str):
            value = place(value)
        values[one.path] = MISSING if value is None else value
    return values


def _read(shape: Shape, before: object, text: str, today: dt.date) -> object:
    try:
        if shape.control in ("list", "dates") and text:
            return change_list(shape, before if isinstance(before, list | tuple) else (), text, today) or None
        return read_text(shape, text, today)
    except TextRefused as error:
        message = str(error)
        raise BadValue(message if message.startswith(shape.name) else f"{shape.name}: {message}") from None


def _resolved(plan: Plan, shape: Shape, project: str, value: object) -> object:
    """Ids in full; of a thing in another project with the project before it."""
    if isinstance(value, list):
        return [_reference(plan, shape, project, str(one)) for one in value]
    return _reference(plan, shape, project, str(value))


def _reference(plan: Plan, shape: Shape, project: str, text: str) -> str:
    name, space, rest = text.partition(" ")
    known = context.addresses(plan, shape.refers)
    own = {one.id: one.id for one in known if one.project in ("", project) or shape.refers == "project"}
    others = {f"{one.project}/{one.id}": one.id for one in known if one.project and one.id not in own}
    try:
        target = context.one_of(name, shape.refers, own)
    except context.UnknownId as error:
        try:
            target = context.one_of(name, shape.refers, others)
        except context.UnknownId:
            near = f"nearest: {', '.join(error.nearest)}" if error.nearest else f"kedge {shape.refers} add makes one"
            raise BadValue(f"{shape.name}: there is no {shape.refers} {name!r}", near) from None
    return f"{target}{space}{rest}"


def place(text: str) -> str:
    """The place that a text means: a phase, a step with or without its phase, or the beginning of one.

    Raises BadValue with the nearest places.
    """
    from ..model.playbook.spine import PLACES

    wanted = text.strip().lower().strip("/")
    phase, _, step = wanted.partition("/")
    for fits in (
        [one for one in PLACES if wanted in (one, one.partition("/")[2])],
        [one for one in PLACES if "/" not in one and one.startswith(wanted)] if wanted and not step else [],
        [one for one in PLACES if "/" in one and _begins(one, phase, step)],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise BadValue(f"{text!r} may be {', '.join(fits)}", "write more of it")
    from ..model.address import is_id

    if "/" in wanted and phase in PLACES and is_id(step):
        return wanted
    near = similar(wanted, (*PLACES, *(one.partition("/")[2] for one in PLACES if "/" in one)))
    choices = ", ".join(one for one in PLACES if "/" not in one)
    raise BadValue(
        f"there is no phase or step {text!r}", f"nearest: {', '.join(near)}" if near else f"phases: {choices}"
    )


def _begins(known: str, phase: str, step: str) -> bool:
    known_phase, _, known_step = known.partition("/")
    if not step:
        return known_step.startswith(phase)
    return known_phase.startswith(phase) and known_step.startswith(step)
