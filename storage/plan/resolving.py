"""Settling what a merge left in question: three versions of each file, field by field, until nothing is open.

What was chosen is kept in the git folder until its file is settled, so that a person can do it bit by bit, here or
on the board. It is kept with the names of the versions, and counts for no others.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, cast

import tomli

from ...model.edit.merge import Conflict
from ...model.plan.change import MISSING, Path
from ...model.plan.field_spec import Shape, TextRefused, read_text, shapes, value_shape
from ...model.plan.ids import card_id, ending, free_id
from ...model.plan.validate import build
from ...model.records.address import Address
from ...model.records.base import Entry, sections, tables
from ...model.records.kinds import KINDS, record_model
from ...model.records.values import is_table, same
from ...model.text.visible import one_line
from ..disk.errors import BadValue, ChangedOutside, NotWritable
from ..disk.paths import address_of, path_of
from ..disk.stages import Stages
from ..disk.swap import swap_file
from ..toml.parse import ParseFailure, parse
from ..toml.values import show
from .agents import refuse_agent
from .file_steps import current, diff_of
from .journal import FileStep
from .kept_choices import choices_of, keep
from .merging import SIDES, Choice, FileMerge, NotMerged, Side, Typed, Versions, kind_at

WHOLE: Path = ()
"""The path of a question about a file as a whole."""
NAME: Path = ("id",)
"""The path of the question which of two new names a record gets: no field is called so."""
_MARKER = re.compile(rb"(<{7,}|\|{7,}|={7,}|>{7,})( |\r?$)")


@dataclass(frozen=True)
class Unreadable:
    """What stands for a version that cannot be read as a record."""

    reason: str


class Question:
    """A file in conflict, what is in question in it, and what was chosen so far."""

    def __init__(self, stages: Stages, choices: Mapping[Path, Choice] | None = None) -> None:
        self.stages = stages
        self.path = stages.path
        self.address: Address | None = address_of(stages.path)
        self.kind = kind_at(stages.path)
        self.reason = ""
        """Why the file can only be settled as a whole; empty where its fields can."""
        self._merge: FileMerge | None = None
        try:
            self._merge = FileMerge(Versions(*(one or b"" for one in self._versions), kind=self.kind))
            self.conflicts: tuple[Conflict, ...] = self._merge.conflicts
        except NotMerged as error:
            self.reason = str(error)
            base, ours, theirs = map(_seen, self._versions)
            self.conflicts = (Conflict(WHOLE, base, ours, theirs),)
        if stages.other_names is not None:
            old, theirs = map(_id, stages.other_names)
            self.conflicts = (Conflict(NAME, old, self.name, theirs), *self.conflicts)
        known = {one.path for one in self.conflicts}
        self.choices: dict[Path, Choice] = {
            path: choice for path, choice in (choices or {}).items() if path in known
        }
        self.written: Mapping[Path, Choice] = dict(self.choices)
        """The choices with which the file was written last."""

    @property
    def _versions(self) -> tuple[bytes | None, bytes | None, bytes | None]:
        return self.stages.base, self.stages.ours, self.stages.theirs

    @property
    def name(self) -> str:
        """What a person calls the file: the record's id, else its path."""
        return self.address.id if self.address else self.path

    @property
    def title(self) -> str:
        """What the record is called on a side that can be read; its name where none says so."""
        label = record_model(self.kind).LABEL if self.kind in KINDS else ""
        if self._merge is None:
            return self.name
        said: list[object] = [self._merge.data[side].get(label) for side in ("ours", "theirs", "base")]
        return next((text.strip() for text in said if isinstance(text, str) and text.strip()), self.name)

    @property
    def open(self) -> list[Conflict]:
        """What is still in question."""
        return [one for one in self.conflicts if one.path not in self.choices]

    @property
    def is_whole(self) -> bool:
        """Whether the file can only be settled as a whole."""
        return any(not one.path for one in self.conflicts)

    @property
    def both_can_stay(self) -> bool:
        """Whether both sides made a new record of this id, so that one of the two can get another."""
        return self._merge is not None and self._merge.both_are_new and self.address is not None

    def choose(self, path: Path, choice: Choice) -> None:
        """Settles a question. A side settles all fields of its unit, which only make sense together."""
        unit = next((one.unit for one in self.conflicts if one.path == path), ())
        together = [one.path for one in self.conflicts if unit and one.unit == unit]
        for each in together if not isinstance(choice, Typed) else [path]:
            self.choices[each] = choice
        self.choices[path] = choice

    def wrong(self) -> str:
        """What would be wrong with the file as it was chosen, in words; empty where nothing is."""
        if self.open or self.is_whole or self.kind not in KINDS:
            return ""
        content = self.content()
        data = tomli.loads((content or b"").decode("utf-8-sig"))
        problems = build(self.kind, "merged", "merged", data)[1]
        typed = [path for path, choice in self.choices.items() if isinstance(choice, Typed)]
        bad = [one.message for one in problems if any(one.path[: len(path)] == path for path in typed)]
        return "; ".join(bad)

    def texts(self) -> Iterator[bytes]:
        """What may be in the file: each version, what a merge made of them, and what was settled so far."""
        yield from (one for one in (*self._versions, *self.stages.mixed) if one)
        if self._merge is not None and not self.is_whole:
            yield self._merge.partly({})
            yield self._merge.partly(_of_fields(self.written))

    def content(self) -> bytes | None:
        """The file as far as it is settled, with markers around the rest; None where it is removed."""
        if self._merge is None or self.is_whole:
            choice = self.choices.get(WHOLE)
            if choice is None:
                # Nothing of it is settled: it is left as git has left it.
                raise ValueError("a file in question as a whole has no part that is settled")
            return dict(zip(SIDES, self._versions, strict=True))[cast("Side", choice)]
        if self.open:
            return self._merge.partly(_of_fields(self.choices))
        return self._merge.resolved(_of_fields(self.choices)) or None

    def sides_of_choice(self) -> list[bytes | None]:
        """The file with ours, with theirs and with what was chosen in the places that are settled; ours elsewhere."""
        if self._merge is None or self.is_whole:
            return [self.stages.ours, self.stages.theirs, *([] if self.open else [self.content()])]
        ours: dict[Path, Choice] = {one.path: "ours" for one in self.conflicts}
        chosen: list[dict[Path, Choice]] = [dict.fromkeys(self.choices, "theirs"), self.choices]
        return [self._merge.resolved(_of_fields({**ours, **one})) for one in ({}, *chosen)]

    def files(self) -> dict[str, bytes | None]:
        """What is to be in the work tree, by path; None where a file goes."""
        found = {self.path: self.content()}
        if self.open:
            return found
        found |= dict(self.stages.beside)
        if self.stages.other_names is not None:
            old, theirs = self.stages.other_names
            names = {"base": old, "ours": self.path, "theirs": theirs}
            chosen = names[cast("Side", self.choices[NAME])]
            found = {path: found[self.path] if path == chosen else None for path in names.values()}
        return found


def _id(path: str) -> str:
    address = address_of(path)
    return address.id if address is not None else path


def _of_fields(choices: Mapping[Path, Choice]) -> dict[Path, Choice]:
    """The choices that say what is in a file, and not what it is called."""
    return {path: choice for path, choice in choices.items() if path != NAME}


def seen(one: Conflict) -> tuple[tuple[Side, object], ...]:
    """What each side has in a place in question; of whole files only the fields in which they differ."""
    values = (one.base, one.mine, one.theirs)
    tables = [value for value in values if is_table(value)]
    names = {name for table in tables for name in table}
    alike = {name for name in names if all(same(tables[0].get(name), table.get(name)) for table in tables)}
    if one.path or len(tables) < 2 or alike == names:
        return tuple(zip(SIDES, values, strict=True))
    shown = (
        {name: inner for name, inner in value.items() if name not in alike} if is_table(value) else value
        for value in values
    )
    return tuple(zip(SIDES, shown, strict=True))


def _seen(version: bytes | None) -> object:
    """A version of a file that is in question as a whole."""
    if version is None:
        return MISSING
    data = parse(version)
    return Unreadable(data.message) if isinstance(data, ParseFailure) else data


def questions(root: str, stages: Iterable[Stages], environment: Mapping[str, str]) -> Iterator[Question]:
    """What is in question in the plan's files in conflict, with what was chosen before.

    Each file is merged again when it comes up, which takes some milliseconds: of thousands a person sees a few.
    """
    found = list(stages)
    return map(Question, found, choices_of(root, found, environment))


def can_be_typed(path: Path) -> bool:
    """Whether a question can be answered by a value, not only by a side."""
    return path not in (WHOLE, NAME)


def typed(question: Question, path: Path, text: str, today: dt.date) -> Typed:
    """A value as it was typed for a field. Raises BadValue."""
    if path == NAME:
        raise BadValue(
            "a name is not typed here", "choose ours, theirs or base; kedge rename gives another one"
        )
    if not text.strip():
        return Typed(MISSING)
    shape = _shape_at(record_model(question.kind), path) if question.kind in KINDS else None
    if shape is None:
        return Typed(_from_toml(text))
    try:
        value = read_text(shape, text, today)
    except TextRefused as error:
        raise BadValue(f"{show(path)}: {error}") from None
    return Typed(MISSING if value is None else value)


def preview(root: str, question: Question) -> str:
    """The unified diff of the work tree that `save` would make."""
    if question.open and question.is_whole:
        return ""
    files = question.files().items()
    return diff_of(root, [FileStep(path, current(root, path), content) for path, content in files])


def save(root: str, question: Question, environment: Mapping[str, str]) -> list[str]:
    """Writes a file as far as it is settled; the files that git is to know as settled, which are none while it is open.

    Raises WriteRefused, or NotMerged.
    """
    if question.choices:
        refuse_agent(question.path, question.sides_of_choice(), environment)
    if question.open and question.is_whole:
        keep(root, question.stages, question.choices, environment)
        return []
    files = question.files()
    found = _refuse_edited(root, question, files)
    # What is new is on the disk before anything that is old goes.
    for path, content in sorted(files.items(), key=lambda one: one[1] is None):
        _write(root, path, found, content)
    question.written = dict(question.choices)
    keep(root, question.stages, question.choices if question.open else {}, environment)
    return [] if question.open else [*files]


def save_both(root: str, question: Question, ids: Iterable[str], rng: Random) -> list[str]:
    """Keeps ours as it is, and theirs under an id that is not among `ids`, those of its kind; the paths of the two.

    Raises WriteRefused.
    """
    found = _refuse_edited(root, question, [question.path])
    address = question.address
    assert address is not None
    taken = {address.id, *ids}
    new_id = free_id(address.id, taken)
    if address.kind == "card":
        title = tomli.loads((question.stages.theirs or b"").decode("utf-8-sig")).get("title")
        new_id = card_id(str(title or address.id), set(map(ending, taken)), rng)
    other = Address(address.kind, address.project, new_id)
    if current(root, path_of(other)) is not None:
        raise ChangedOutside(f"{path_of(other)} is there already", "nothing was written; try again")
    # Theirs is on the disk before it is taken out of what the two share.
    _write(root, path_of(other), {}, question.stages.theirs)
    _write(root, question.path, found, question.stages.ours)
    return [question.path, path_of(other)]


def _refuse_edited(root: str, question: Question, paths: Iterable[str]) -> dict[str, bytes | None]:
    """What is in the files now. Raises ChangedOutside where a line is there that neither the merge nor kedge has put.

    They are written from the versions in the index, so that what a person has typed since would be lost.
    """
    known = {line.strip() for text in question.texts() for line in text.splitlines()}
    found = {path: current(root, path) for path in paths}
    for path, content in found.items():
        for line in (content or b"").splitlines():
            if line.strip() not in known and not _MARKER.match(line):
                shown = one_line(line.decode("utf-8", "replace").strip())[:60]
                raise ChangedOutside(
                    f"{path} was edited since the merge: {shown!r} is of no side",
                    "nothing was written; settle it in your editor and git add it, or git checkout --merge it first",
                )
    return found


def _write(root: str, path: str, found: Mapping[str, bytes | None], content: bytes | None) -> None:
    """Puts a file into the work tree, or takes it away, if it still holds what was found in it."""
    full = os.path.join(root, path)
    if not os.path.realpath(full).startswith(os.path.join(os.path.realpath(root), "")):
        raise NotWritable(
            f"{path} is a link that leaves the plan", "nothing was written; put the file itself there"
        )
    before = found.get(path)
    if before != content:
        swap_file(full, before, content)


# ---- from what was typed to values


def _shape_at(model: type[Entry], path: Path) -> Shape | None:
    """The shape of a field of a record, or of one inside its tables; None where no model knows it."""
    name, *inner = path
    if not inner:
        return shapes(model).get(name)
    if name in sections(model):
        return _shape_at(sections(model)[name], tuple(inner[1:])) if len(inner) > 1 else None
    if name in tables(model):
        table = tables(model)[name]
        if table is not None:
            return _shape_at(table, tuple(inner))
        return value_shape(model, name) if len(inner) == 1 else None
    return None


def _from_toml(text: str) -> Any:
    """A value of a key that no model knows: what TOML makes of it, else the text."""
    try:
        data = tomli.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return data["value"] if len(data) == 1 else text
