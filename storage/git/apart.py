"""Files in conflict in which git has put two records together, taken apart again.

Where git takes a file that went and one that came for one that was renamed, its stages mix the two, and the question
would be about the wrong record. What the sides really have is in their commits, and under which names, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..disk.repository import GitProblem
from ..disk.stages import Knot, Stages
from .changed import Changes, changed
from .git import Git
from .names import names_on
from .under_way import UnderWay, under_way


class _Record(NamedTuple):
    """A record's paths in the base, in ours and in theirs; empty where it is not there."""

    base: str
    ours: str
    theirs: str

    @property
    def target(self) -> str:
        """Where it belongs after the merge: under the name that a side gave it, ours first."""
        there = [path for path in (self.ours, self.theirs) if path]
        return next((path for path in there if path != self.base), self.base)

    @property
    def is_named_twice(self) -> bool:
        """Whether each side has given it another name."""
        return bool(self.base and self.ours and self.theirs) and len({*self}) == len(self)


def apart(git: Git, prefix: str, found: Sequence[Stages]) -> list[Stages]:
    """The files in conflict, each about one record; the plan's path from the top, with a slash, is `prefix`."""
    for one in under_way(git) if found else ():
        sides = _Sides.read(git, prefix, one)
        if sides is not None and sides.fit(found):
            return list(sides.taken_apart(found))
    return list(found)


@dataclass(frozen=True)
class _Sides:
    """The files that either side has changed, as the three commits have them: git's names of contents by path."""

    git: Git
    prefix: str
    trees: tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]
    records: Mapping[str, tuple[_Record, ...]]
    """By each path of theirs."""
    by_content: Mapping[str, tuple[_Record, ...]]
    """By git's name of what they were in the base."""

    @classmethod
    def read(cls, git: Git, prefix: str, merge: UnderWay) -> _Sides | None:
        """What the commits say; None where git does not."""
        ours, theirs = (changed(git, merge.base, one, prefix) for one in ("HEAD", merge.theirs))
        if isinstance(ours, GitProblem) or isinstance(theirs, GitProblem):
            return None
        base = {path: one.before for side in (ours, theirs) for path, one in side.items() if one.before}
        trees = base, _tree(base, ours), _tree(base, theirs)
        names = (
            names_on(git, prefix, merge.base, "HEAD", ours),
            names_on(git, prefix, merge.base, merge.theirs, theirs, is_back=merge.is_back),
        )
        records: dict[str, tuple[_Record, ...]] = {}
        by_content: dict[str, tuple[_Record, ...]] = {}
        for one in _records(trees, names):
            for path in dict.fromkeys(filter(None, one)):
                records[path] = (*records.get(path, ()), one)
            if one.base:
                by_content[base[one.base]] = (*by_content.get(base[one.base], ()), one)
        return cls(git, prefix, trees, records, by_content)

    def fit(self, found: Sequence[Stages]) -> bool:
        """Whether theirs in the index is of these commits: at least one file is, or has its name from them."""
        base, _, theirs = self.trees
        names = set(theirs.values())
        both = [one for one in found if one.names[2]]
        return not both or any(
            one.names[2] in names or (one.path in theirs and one.path not in base) for one in both
        )

    def taken_apart(self, found: Sequence[Stages]) -> Iterator[Stages]:
        """The files in conflict, by records."""
        waiting = {one.path: one for one in found}
        seen = set[str]()
        for one in found:
            if one.path not in seen:
                knot, records = self._knot(one, waiting)
                seen |= {path.path for path in knot}
                yield from self._of_knot(knot, records)

    def _knot(self, first: Stages, waiting: Mapping[str, Stages]) -> tuple[list[Stages], list[_Record]]:
        """The files in conflict that have to do with one another, and the records that are in them."""
        knot, records = [first], list[_Record]()
        for one in knot:
            here = list(self.records.get(one.path, ()))
            known = {self.trees[0].get(record.base) for record in here}
            if one.names[0] and one.names[0] not in known:
                here += self.by_content.get(one.names[0], ())
            records += [record for record in here if record not in records]
            there = [waiting[path] for record in here for path in record if path in waiting]
            knot += [other for other in dict.fromkeys(there) if other not in knot]
        return knot, records

    def _of_knot(self, knot: Sequence[Stages], records: Sequence[_Record]) -> Iterable[Stages]:
        """What is in question in some files that have to do with one another."""
        targets = {one.target for one in records}
        is_plain = len(knot) == len(records) == 1 and targets == {knot[0].path}
        if is_plain and self._names(records[0]) == knot[0].names:
            return knot
        if not records or len(targets) < len(records):
            return knot  # not known from the commits, or two records that want to be called the same
        asked = [one for one in records if not self._is_settled(one)] or records[:1]
        beside = {path: "" for one in records for path in one if path and path not in targets}
        beside |= {one.target: self._settled(one) for one in records if one not in asked}
        contents = self._contents(knot, records, beside)
        if contents is None:
            return knot
        made = [self._stages(one, contents) for one in asked]
        return [
            replace(
                one,
                beside=tuple(
                    (path, contents.get(name))
                    for path, name in beside.items()
                    if path not in (one.other_names or ())
                ),
                mixed=tuple(contents.values()),
                knot=Knot(
                    tuple((it.path, it.names) for it in knot),
                    tuple((it.path, it.names) for it in made if it is not one),
                ),
            )
            for one in made
        ]

    def _stages(self, record: _Record, contents: Mapping[str, bytes]) -> Stages:
        names = self._names(record)
        base, ours, theirs = (contents.get(name) for name in names)
        others = (record.base, record.theirs) if record.is_named_twice else None
        return Stages(record.target, base, ours, theirs, names, other_names=others)

    def _names(self, record: _Record) -> tuple[str, str, str]:
        """Git's names of a record's versions; empty where it is not there."""
        base, ours, theirs = (tree.get(path, "") for tree, path in zip(self.trees, record, strict=True))
        return base, ours, theirs

    def _is_settled(self, record: _Record) -> bool:
        """Whether only one side has changed a record, or both alike."""
        return len({*self._names(record)}) < len(record) and not record.is_named_twice

    def _settled(self, record: _Record) -> str:
        """Git's name of a record that only one side has changed; empty where it is gone."""
        base, ours, theirs = self._names(record)
        return theirs if ours == base else ours

    def _contents(
        self, knot: Sequence[Stages], records: Sequence[_Record], beside: Iterable[str]
    ) -> dict[str, bytes] | None:
        """All that may be in some files, by git's names; None where git does not say."""
        names = {name for one in records for name in self._names(one)}
        names |= {name for one in knot for name in one.names}
        # What git has put into files about which it does not ask.
        names |= {f":0:{self.prefix}{path}" for path in (*beside, *(one.target for one in records))}
        contents = self.git.contents(filter(None, names))
        return None if isinstance(contents, GitProblem) else contents


def _tree(base: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """What a side has of the files that differ anywhere."""
    found = {**base, **{path: one.after for path, one in changes.items()}}
    return {path: name for path, name in found.items() if name}


def _records(
    trees: tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]],
    names: tuple[Mapping[str, str], Mapping[str, str]],
) -> Iterator[_Record]:
    """Every record that is in one of the three states."""
    base, *sides = trees
    at = [
        {path: path if path in side else renamed.get(path, "") for path in base}
        for side, renamed in zip(sides, names, strict=True)
    ]
    for path in base:
        yield _Record(path, at[0][path], at[1][path])
    new = [
        side.keys() - base.keys() - set(renamed.values()) for side, renamed in zip(sides, names, strict=True)
    ]
    for path in sorted(new[0] | new[1]):
        yield _Record("", path if path in new[0] else "", path if path in new[1] else "")
