"""Random files of a plan in three versions, and the laws that merging them has to keep.

Shared by the tests and by `bench/driver.py`. What a merged file must say comes from the merge of records, which has
laws of its own (`merge_laws`); texts are read by the parser alone, and comments are known by their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import tomli

from kedge.model.edit.merge import Merged, merge
from kedge.model.plan.change import get_path, set_path
from kedge.storage.plan.layouts import layout_of
from kedge.storage.plan.merging import FileMerge, NotMerged, Versions
from kedge.storage.toml.emit import canonical
from kedge.storage.toml.patch import PatchRefused, patch
from kedge.tests.merge_laws import form
from kedge.tests.toml_strategies import random_edits, random_file, tokens

MARKS = re.compile(r"^(<<<<<<< ours|=======|>>>>>>> theirs)\r?\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """Three versions of a file, and whether all of them can be read."""

    base: str
    ours: str
    theirs: str
    kind: str

    @property
    def versions(self) -> Versions:
        return Versions(self.base.encode(), self.ours.encode(), self.theirs.encode(), self.kind)

    @property
    def data(self) -> list[dict[str, Any]] | None:
        """What each says; None where one is no TOML."""
        try:
            texts = (text.removeprefix("\ufeff") for text in (self.base, self.ours, self.theirs))
            return [_without_empty(tomli.loads(text)) for text in texts]
        except tomli.TOMLDecodeError:
            return None


def random_case(rng: Random) -> Case:
    """A file in many hands' styles, and what two people made of it."""
    kind = rng.choice(["card", "card", ""])
    base = random_file(rng, wild=rng.random() < 0.5)[0]
    if rng.random() < 0.3:
        base = _laid_out(base, kind)
    ours, theirs = (_edited(rng, base, kind, number) for number in (1000, 2000))
    if rng.random() < 0.1:
        shared = _edited(rng, base, kind, 3000)
        ours, theirs = (_edited(rng, shared, kind, number) for number in (4000, 5000))
    match rng.randrange(40):
        case 0:
            base = ""
        case 1:
            ours = ""
        case 2:
            theirs = theirs[: rng.randrange(len(theirs) + 1)] + "[broken"
        case 3:
            ours = base
        case 4:
            theirs = base
    return Case(base, ours, theirs, kind)


def _laid_out(text: str, kind: str) -> str:
    try:
        return canonical(text, layout_of(kind))
    except PatchRefused:
        return text


def _edited(rng: Random, text: str, kind: str, number: int) -> str:
    """The text after up to three edits and as many new comments, some of them gone, in another layout now and then."""
    for _ in range(rng.randrange(4)):
        try:
            text = patch(text, random_edits(rng, tomli.loads(text.removeprefix("\ufeff"))), layout_of(kind))
        except PatchRefused:
            continue
    for count in range(rng.choice([0, 0, 1, 1, 2, 3])):
        text = _with_comment(rng, text, f"# c{number + count}c of {number}")
    if rng.random() < 0.1:
        text = _without_comment(rng, text)
    chance = rng.random()
    if chance < 0.05:
        text = _laid_out(text, kind)
    elif chance < 0.1:
        text = text.replace("\r\n", "\n") if "\r\n" in text else text.replace("\n", "\r\n")
    elif chance < 0.13:
        text = text.removeprefix("\ufeff") if text.startswith("\ufeff") else f"\ufeff{text}"
    elif chance < 0.18:
        text = text.rstrip("\r\n")
    return text


def _same_data(one: str, other: str) -> bool:
    try:
        return form(tomli.loads(one.removeprefix("\ufeff"))) == form(
            tomli.loads(other.removeprefix("\ufeff"))
        )
    except tomli.TOMLDecodeError:
        return False


def _with_comment(rng: Random, text: str, comment: str) -> str:
    """The text with a comment on a line of its own, or at the end of a line."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    end = "\r" if lines[at].endswith("\r") else ""
    if rng.random() < 0.5:
        changed = [*lines[:at], comment + end, *lines[at:]]
    else:
        changed = [*lines[:at], f"{lines[at].rstrip(chr(13))}  {comment}{end}", *lines[at + 1 :]]
    made = "\n".join(changed)
    # Not inside a text of several lines, nor behind another comment.
    return made if _same_data(text, made) and f"#{comment}" not in made and _is_own(made, comment) else text


def _is_own(text: str, comment: str) -> bool:
    line = next(line for line in text.split("\n") if comment in line)
    return "#" not in line.partition(comment)[0]


def _without_comment(rng: Random, text: str) -> str:
    lines = text.split("\n")
    found = [at for at, line in enumerate(lines) if re.match(r"\s*# c\d+c", line)]
    if not found:
        return text
    at = rng.choice(found)
    made = "\n".join([*lines[:at], *lines[at + 1 :]])
    return made if _same_data(text, made) else text


# ---- the laws


def broken_for_files(case: Case) -> Iterator[str]:
    """The laws that merging a file does not keep. "refused" is one that a few files may break: git merges those."""
    data = case.data
    try:
        merged = FileMerge(case.versions)
        content = merged.content().decode().removeprefix("\ufeff" if merged.conflicts else "")
    except NotMerged as error:
        if data is not None:
            yield f"refused: {error}"
        return
    if data is None:
        yield "what cannot be read is refused"
        return
    if case.base in (case.ours, case.theirs):
        if content != (case.theirs if case.base == case.ours else case.ours):
            yield "an unchanged side gives the other, byte for byte"
        return
    marked = set(MARKS.findall(content))
    if bool(merged.conflicts) != bool(marked):
        yield "markers where something is in question, and only there"
        return
    if merged.is_whole:
        taken = [_taken(content, side) for side in (0, 1)]
        if [one.strip("\r\n") for one in taken] != [
            one.strip("\ufeff\r\n") for one in (case.ours, case.theirs)
        ]:
            yield "a file in question as a whole has both sides as they are"
        return
    wanted = merge(*data, case.kind)
    if {one.path for one in merged.conflicts} < {one.path for one in wanted.conflicts}:
        yield "every question of the model's merge is asked"
    for side in (0, 1):
        yield from _says(_taken(content, side) if marked else content, _with(wanted, merged, data, side + 1))
    base, ours, theirs = (tokens(text) for text in (case.base, case.ours, case.theirs))
    kept = (base & ours & theirs) + (ours - base) + (theirs - base)
    if set(kept) - set(tokens(content)):
        yield "every comment of both sides is kept"
    if _mixed(content) and not any(map(_mixed, (case.base, case.ours, case.theirs))):
        yield "one kind of line end"


def _mixed(text: str) -> bool:
    return "\r\n" in text and "\n" in text.replace("\r\n", "")


def _taken(content: str, side: int) -> str:
    """A file with markers as it is with one side taken everywhere."""
    lines: list[str] = []
    where = -1
    for line in re.findall(r"[^\n]*\n|[^\n]+", content):
        if MARKS.fullmatch(line):
            where = {"<": 0, "=": 1, ">": -1}[line[0]]
        elif where in (-1, side):
            lines.append(line)
    return "".join(lines)


def _with(wanted: Merged, merged: FileMerge, data: list[dict[str, Any]], side: int) -> dict[str, Any]:
    """What a file must say with one side taken in every question."""
    found = _copied(wanted.data)
    for conflict in merged.conflicts:
        set_path(found, conflict.path, get_path(data[side], conflict.path))
    return found


def _copied(data: Any) -> Any:
    return {key: _copied(value) for key, value in data.items()} if isinstance(data, dict) else data


def _says(text: str, wanted: dict[str, Any]) -> Iterator[str]:
    try:
        found = tomli.loads(text.removeprefix("\ufeff"))
    except tomli.TOMLDecodeError as error:
        yield f"every result can be read: {error}"
        return
    if form(_plain(found)) != form(_plain(wanted)):
        yield "the file says what the merged record says"


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """Data without tables that have nothing in them: whether a file has one says nothing."""
    inner = {name: _without_empty(one) if isinstance(one, dict) else one for name, one in data.items()}
    return {name: one for name, one in inner.items() if one != {}}


def _plain(value: Any, key: str = "") -> Any:
    """Data for comparing: sets in order, not-a-number equal to itself, no tables with nothing in them."""
    if isinstance(value, dict):
        inner = {name: _plain(one, name) for name, one in value.items()}
        return {name: one for name, one in inner.items() if one != {}}
    if isinstance(value, list | tuple):
        items = [_plain(one) for one in value]
        return sorted(items, key=repr) if key == "tags" else items
    return "nan" if value != value else value
