"""Two states of a plan read together: a file with the same content in both is read once, and its record shared.

Most files of a plan are the same on both sides of a diff. Git has said so by their names before anything is read, and
records that are one object are never compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.base import Record
from ...model.records.findings import Finding
from ..disk.cache import Kept
from ..disk.fetch import Fetched
from ..disk.scan import Found
from ..disk.source import Raw, Source
from ..plan.read import Loaded, Reader, resting_collector
from ..plan.source_file import SourceFile
from .revision import Tree
from .tree import name_of

CARD = "card"


@dataclass(frozen=True)
class Pair:
    """Both states of a plan as they were read."""

    before: Loaded
    after: Loaded
    differing: frozenset[str]
    """Paths of files that are on one side only, or have another content."""
    is_whole: bool
    """Whether all was read, and not only the cards that differ."""


@dataclass
class _Side:
    """One state while it is read."""

    source: Source
    found: Sequence[Found]
    strays: Iterable[Finding]
    raws: dict[str, Raw]
    names: Mapping[str, str]
    """By path, git's name of the content."""

    @classmethod
    def of(cls, source: Source) -> _Side:
        found, strays = source.files()
        if isinstance(source, Tree):
            return cls(source, found, strays, {}, source.names())
        raws = {found[at].path: raw for at, raw in source.read(found)}
        return cls(source, found, strays, raws, {})

    def fetch(self, wanted: Sequence[Found]) -> None:
        """Reads what was not read yet."""
        missing = [one for one in wanted if one.path not in self.raws]
        self.raws |= {missing[at].path: raw for at, raw in self.source.read(missing)} if missing else {}


def read_pair(earlier: Source, later: Source, *, is_whole: bool = True) -> Pair:
    """Reads both states; without `is_whole` of cards only those whose files differ."""
    before, after = _Side.of(earlier), _Side.of(later)
    same = _same(before, after)
    reader = Reader()
    with resting_collector():
        wanted = [one for one in after.found if is_whole or _is_read(one, same)]
        after.fetch(wanted)
        new = {one.path: reader.read(one, after.raws[one.path]) for one in wanted}
        others = [one for one in before.found if one.path not in same]
        before.fetch(others)
        old = {one.path: reader.read(one, before.raws[one.path]) for one in others}
        old |= {path: made for path, made in new.items() if path in same}
    paths = {one.path for side in (before, after) for one in side.found}
    return Pair(_loaded(before, old), _loaded(after, new), frozenset(paths - same), is_whole)


def _is_read(one: Found, same: frozenset[str]) -> bool:
    return one.path not in same or one.address.kind != CARD


def _same(before: _Side, after: _Side) -> frozenset[str]:
    """Paths of files whose content is the same on both sides."""
    shared = {one.path for one in before.found} & {one.path for one in after.found}
    return frozenset(path for path in shared if _is_same(before, after, path))


def _is_same(before: _Side, after: _Side, path: str) -> bool:
    names = [side.names.get(path) for side in (before, after)]
    if all(names):
        return names[0] == names[1]
    contents = [_content(side.raws.get(path)) for side in (before, after)]
    for name, content in ((names[0], contents[1]), (names[1], contents[0])):
        if name is not None:
            return content is not None and name_of(content, name) == name
    return contents[0] is not None and contents[0] == contents[1]


def _content(raw: Raw | None) -> bytes | None:
    return bytes(raw.content) if isinstance(raw, Fetched | Kept) else None


def _loaded(side: _Side, made: Mapping[str, tuple[SourceFile, Record | None]]) -> Loaded:
    records: dict[Address, Record] = {}
    files: dict[str, SourceFile] = {}
    for one in side.found:
        if one.path in made:
            files[one.path], record = made[one.path]
            if record is not None:
                records[one.address] = record
    return Loaded(Plan(records), files, tuple(side.strays), side.source.repository_files)
