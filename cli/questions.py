"""What a merge left in question in a file, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..model.plan.change import MISSING, Path
from ..storage.disk.paths import address_of
from . import output

if TYPE_CHECKING:
    from ..model.edit.merge import Conflict
    from ..storage.disk.stages import Stages
    from ..storage.plan.resolving import Question

_WIDE = 200
"""Characters of a value that are shown in a list."""


def name_of(file: Question | Stages) -> str:
    """The id of the record, or the path of a file that holds none."""
    address = address_of(file.path)
    return address.id if address else file.path


def project_of(file: Question | Stages) -> str:
    """The project of the record; empty for one of the whole plan."""
    address = address_of(file.path)
    return address.project if address else ""


def full_name(file: Question | Stages) -> str:
    """The id of the record, with its project."""
    project, name = project_of(file), name_of(file)
    return f"{project}/{name}" if project and project != name else name


def shown(path: Path) -> str:
    """A field as it is written on the command line; empty for the whole file."""
    from ..storage.toml.values import show

    return show(path)


def _value(value: object) -> str:
    """A value as TOML."""
    from ..storage.plan.resolving import Unreadable
    from ..storage.toml.values import line_text, plain

    if value is MISSING:
        return "not there"
    return f"cannot be read: {value.reason}" if isinstance(value, Unreadable) else line_text(plain(value))


def question_data(question: Question) -> dict[str, Any]:
    """A file for programs."""
    fields = [
        {
            "field": shown(one.path),
            "base": _or_null(one.base),
            "ours": _or_null(one.mine),
            "theirs": _or_null(one.theirs),
            "chosen": _chosen(question, one.path),
            "together": [shown(path) for path in one.unit],
        }
        for one in question.conflicts
    ]
    return {
        "id": question.name,
        "project": project_of(question),
        "kind": question.kind,
        "path": question.path,
        "whole": question.is_whole,
        "both_are_new": question.both_can_stay,
        "reason": question.reason,
        "fields": fields,
    }


def _or_null(value: object) -> str | None:
    return None if value is MISSING else _value(value)


def _chosen(question: Question, path: Path) -> str | None:
    choice = question.choices.get(path)
    return choice if choice is None or isinstance(choice, str) else f"={_or_null(choice.value) or ''}"


def question_lines(question: Question) -> Iterator[str]:
    """What is in question in a file, a field after the other."""
    if question.reason:
        yield f"its fields cannot be merged one by one: {question.reason}"
    if not question.conflicts:
        yield f"nothing is in conflict: kedge resolve {full_name(question)} settles it"
    for one in question.conflicts:
        chosen = _chosen(question, one.path)
        yield (shown(one.path) or about_whole(question)) + (f"  chosen: {chosen}" if chosen else "")
        yield from (f"  {line}" for line in sides(one))


def about_whole(question: Question) -> str:
    """What is in question where it is no single field."""
    if question.both_can_stay:
        return "both sides made a new record of this id"
    if not (question.stages.ours and question.stages.theirs):
        gone = "theirs" if question.stages.ours else "ours"
        return f"{gone} removed it, the other side changed it"
    return "the file as a whole"


def sides(one: Conflict) -> Iterator[str]:
    """The versions of a field, and what is settled together with it."""
    from ..storage.plan.resolving import seen

    for name, value in seen(one):
        yield f"{name:<7} {output.shorten(_value(value), _WIDE)}"
    others = [shown(path) for path in one.unit if path != one.path]
    if others:
        yield f"goes together with {', '.join(others)}"
