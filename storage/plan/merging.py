"""Merging a file of the plan: three versions of it, field by field, into one.

Nothing is read or written here; versions come as bytes and go as bytes. What cannot be merged with certainty, such as
a version that is no TOML, is refused, and then the merge by lines that git has is the better answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from ...model.edit.merge import Conflict, Merged, Settled, merge, settled
from ...model.edit.units import leaves_that_differ
from ...model.plan.change import MISSING, Path, get_path, set_path
from ...model.plan.validate import build
from ...model.records.kinds import KINDS, record_model
from ...model.records.values import is_table, same
from ..disk.fetch import MAX_SIZE
from ..disk.paths import kind_of
from ..toml.parse import ParseFailure, parse
from ..toml.scan import BOM
from ..toml.three_way import OURS, THEIRS, ThreeTexts, Wish, pruned, with_markers
from ..toml.values import PatchRefused, plain
from .layouts import layout_of

MARKER = 7
"""Characters of a conflict marker, where git does not ask for another number."""
BASE = "base"
Side = Literal["base", "ours", "theirs"]
SIDES: tuple[Side, ...] = ("base", "ours", "theirs")


class NotMerged(Exception):
    """Versions of a file cannot be merged field by field; the text says why."""


@dataclass(frozen=True)
class Versions:
    """The three versions of a file; one that is empty is that of a file that is not there."""

    base: bytes
    ours: bytes
    theirs: bytes
    kind: str = ""
    """The kind of record that the file holds; empty where it is none."""


@dataclass(frozen=True)
class Typed:
    """A value that a person has given for a field in question; MISSING takes it away."""

    value: object


Choice = Side | Typed


def kind_at(path: str) -> str:
    """The kind of record that belongs at a path, whatever folder the plan is in; empty where none does."""
    parts = path.replace("\\", "/").split("/")
    kinds = (kind_of("/".join(parts[start:])) for start in range(len(parts)))
    return next(filter(None, kinds), "")


def kind_like(*versions: bytes) -> str:
    """The one kind of record that has all the keys of some texts; empty where there is none, or more than one."""
    keys = {key for one in versions if isinstance(data := parse(one), dict) for key in data}
    fits = [kind for kind in KINDS if keys and keys <= record_model(kind).model_fields.keys()]
    return fits[0] if len(fits) == 1 else ""


class FileMerge:
    """Three versions of a file merged, as far as they do not contradict each other."""

    conflicts: tuple[Conflict, ...]
    """What both sides changed differently; the one about the file as a whole has an empty path."""
    settled: tuple[Settled, ...]
    """The fields that a side changed, and what became of each without a question."""

    def __init__(self, versions: Versions) -> None:
        """Raises NotMerged where a version cannot be read, or nothing certain comes out."""
        self._kind = versions.kind
        texts = {side: _text(side, getattr(versions, side)) for side in SIDES}
        self._mark = BOM if _three_way(*(text.startswith(BOM) for text in texts.values())) else ""
        self._texts: Mapping[str, str] = {side: text.removeprefix(BOM) for side, text in texts.items()}
        self.data: Mapping[str, dict[str, Any]] = {side: _data(side, text) for side, text in texts.items()}
        self.conflicts, self.settled = self._whole(), ()
        self._merged: dict[str, Any] = {}
        if self.conflicts:
            return
        base, ours, theirs = self.data.values()
        merged = merge(base, ours, theirs, self._kind)
        merged = self._checked(replace(merged, data=plain(merged.data)))
        self._merged, self.conflicts = merged.data, merged.conflicts
        self.settled = tuple(settled(base, ours, theirs, merged))
        if any(isinstance(parse(text), ParseFailure) for text in self.sides):
            # Each version can be read, and together they are more than is read of one file.
            self.conflicts, self.settled = self._in_question(), ()
            del self.sides

    @property
    def is_whole(self) -> bool:
        """Whether the file as a whole is in question: one side removed it and the other changed it, or both made a
        new record of the same id."""
        return any(not one.path for one in self.conflicts)

    @property
    def both_are_new(self) -> bool:
        """Whether there was no such file before, so that both versions can be kept, each under its own id."""
        return self.is_whole and not any(not self._texts[side].strip() for side in (OURS, THEIRS))

    def content(self, marker_size: int = MARKER) -> bytes:
        """The merged file, with markers around what is in question."""
        ours, theirs = self.sides
        if self.conflicts:
            ours = with_markers(ours, theirs, marker_size, whole=self.is_whole)
        return self._bytes(ours)

    def apart(self, marker_size: int = MARKER) -> bytes:
        """Both versions whole, with markers around each: they are two records, of which nothing is merged."""
        return self._bytes(with_markers(self._texts[OURS], self._texts[THEIRS], marker_size, whole=True))

    def version(self, side: Side) -> bytes:
        """A version as it was."""
        return self._bytes(self._texts[side])

    @cached_property
    def sides(self) -> list[str]:
        """The merged text with ours, and the one with theirs, wherever something is in question."""
        every = [one.path for one in self.conflicts]
        return self._written([dict.fromkeys(every, side) for side in (OURS, THEIRS)])

    def resolved(self, choices: Mapping[Path, Choice]) -> bytes:
        """The merged file with everything in question as it was chosen; empty where it is to be removed."""
        return self._bytes(self._written([choices])[0])

    def partly(self, choices: Mapping[Path, Choice], marker_size: int = MARKER) -> bytes:
        """The merged file with some of what is in question as it was chosen, and markers around the rest."""
        ours, theirs = self._written(
            [{one.path: choices.get(one.path, side) for one in self.conflicts} for side in (OURS, THEIRS)]
        )
        return self._bytes(with_markers(ours, theirs, marker_size, whole=self.is_whole))

    # ---- from choices to texts

    def _written(self, wishes: Sequence[Mapping[Path, Any]]) -> list[str]:
        """A text for each way of settling what is in question. Raises NotMerged."""
        if self.is_whole:
            return [self._texts[wish[()]] for wish in wishes]
        try:
            return self._three().merged([self._wish(choices) for choices in wishes])
        except PatchRefused as error:
            raise NotMerged(str(error)) from error

    def _three(self) -> ThreeTexts:
        base, ours, theirs = self._texts.values()
        return ThreeTexts(base, ours, theirs, layout_of(self._kind))

    def _wish(self, choices: Mapping[Path, Choice]) -> Wish:
        data = deepcopy(self._merged)
        followed: dict[tuple[str | int, ...], str] = {}
        for conflict in self.conflicts:
            choice = choices[conflict.path]
            value = choice.value if isinstance(choice, Typed) else get_path(self.data[choice], conflict.path)
            set_path(data, conflict.path, value)
            if is_table(conflict.mine) != is_table(conflict.theirs):
                followed[(*conflict.path,)] = OURS if isinstance(choice, Typed) else choice
        is_theirs = bool(choices) and all(choice == THEIRS for choice in choices.values())
        return Wish(data, THEIRS if is_theirs else OURS, followed)

    def _bytes(self, text: str) -> bytes:
        return (self._mark + text).encode() if text else b""

    # ---- what is in question

    def _whole(self) -> tuple[Conflict, ...]:
        """The conflict about the file as a whole, where there is one."""
        base, ours, theirs = (not self._texts[side].strip() for side in SIDES)
        if base:
            several = self._kind in KINDS and not KINDS[self._kind].single
            label = record_model(self._kind).LABEL if several else ""
            labels = [self.data[side].get(label) for side in (OURS, THEIRS)]
            clash = several and not ours and not theirs and not same(*labels)
            return self._in_question() if clash else ()
        if ours == theirs:
            return ()
        kept = THEIRS if ours else OURS
        return self._in_question() if self._texts[kept] != self._texts[BASE] else ()

    def _in_question(self) -> tuple[Conflict, ...]:
        base, ours, theirs = (data or MISSING for data in self.data.values())
        return (Conflict((), base, ours, theirs),)

    def _checked(self, merged: Merged) -> Merged:
        """The merge with a question about each field that only the two sides together make a bad value of."""
        if self._kind not in KINDS:
            return merged
        before = {where for data in self.data.values() for where in _wrong(self._kind, data)}
        asked: dict[Path, Conflict] = {}
        for side in (OURS, THEIRS):
            data = deepcopy(merged.data)
            for conflict in merged.conflicts:
                set_path(data, conflict.path, get_path(self.data[side], conflict.path))
            for where in set(_wrong(self._kind, data)) - before:
                for path in self._differing(where):
                    base, ours, theirs = (get_path(one, path) for one in self.data.values())
                    asked[path] = Conflict(path, base, ours, theirs)
        new = [
            one for path, one in asked.items() if not any(path == known.path for known in merged.conflicts)
        ]
        return replace(merged, conflicts=(*merged.conflicts, *new))

    def _differing(self, where: tuple[object, ...]) -> Iterator[Path]:
        """The fields that differ between the sides at a place, or beside it where none does."""
        names = [name for name in where if isinstance(name, str)]
        ours, theirs = self.data[OURS], self.data[THEIRS]
        for depth in range(len(names), -1, -1):
            top = {"": get_path(ours, tuple(names[:depth]))}, {"": get_path(theirs, tuple(names[:depth]))}
            leaves = [(*names[:depth], *leaf[1:]) for leaf in leaves_that_differ(*top, ("",))]
            if leaves:
                yield from leaves
                return


def _three_way(base: object, ours: object, theirs: object) -> object:
    return ours if ours != base else theirs


def _text(side: str, content: bytes) -> str:
    if len(content) > MAX_SIZE:
        raise NotMerged(f"{side} is larger than {MAX_SIZE:,} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise NotMerged(f"{side} is not UTF-8") from None


def _data(side: str, text: str) -> dict[str, Any]:
    data = parse(text)
    if isinstance(data, ParseFailure):
        raise NotMerged(f"{side} cannot be read: line {data.line}, column {data.column}: {data.message}")
    return pruned(data)


def _wrong(kind: str, data: Mapping[str, Any]) -> Iterable[tuple[str | int, ...]]:
    """Where a record has values that do not fit, or lacks one that it needs."""
    if not data:
        return ()
    return (one.path for one in build(kind, "merged", "merged", data)[1] if one.code != "F105")
