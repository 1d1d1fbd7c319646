"""Files in conflict in which git has put two records together, taken apart again.

Where git takes a file that went and one that came for one that was renamed, its stages mix the two, and the question
would be about the wrong record. What the sides really have is in their commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...model.edit.identity import OTHER, Side, Triple, identity
from ..disk.paths import address_of
from ..disk.repository import GitProblem
from ..disk.stages import Stages
from ..toml.parse import ParseFailure, parse
from .crossed import crossed, merged_commits, paths_in, places
from .git import Git
from .tree import listed, name_of

_COMMITS = ("base", "ours", "theirs")


def apart(git: Git, place: str, found: Sequence[Stages]) -> Iterator[Stages]:
    """The files in conflict, each about one record. `place`: the plan's folder from the top of the repository."""
    sides = _Sides(git, place)
    renamed = list(sides.renamed_twice(found))
    yield from renamed
    taken = {path for one in renamed for path in (one.path, *(one.other_names or ()))}
    for one in found:
        if one.path in taken:
            continue
        if one.base and one.ours and one.theirs:
            yield sides.of_three(one)
        elif one.base and (one.ours or one.theirs):
            yield sides.of_two(one)
        elif bool(one.ours) != bool(one.theirs):
            yield sides.of_one(one)
        else:
            yield one


@dataclass
class _Sides:
    """What the commits of both sides say about files in conflict."""

    git: Git
    place: str

    @cached_property
    def _others(self) -> list[str]:
        return merged_commits(self.git)

    @cached_property
    def _head(self) -> str | GitProblem:
        return self.git.resolve("HEAD")

    @property
    def _prefix(self) -> str:
        return f"{self.place}/" if self.place else ""

    def renamed_twice(self, found: Sequence[Stages]) -> Iterator[Stages]:
        """Files that each side renamed in its own way, which git has under three names: as one, in ours."""
        gone = [one for one in found if one.base and not one.ours and not one.theirs]
        ours = [one for one in found if one.ours and not one.base and not one.theirs]
        theirs = [one for one in found if one.theirs and not one.base and not one.ours]
        for old in gone:
            mine, other = self._as_renamed(old, ours), self._as_renamed(old, theirs)
            if mine is not None and other is not None:
                key = " ".join(one.key for one in (old, mine[0], other[0]))
                names = (old.path, other[0].path)
                yield Stages(mine[0].path, old.base, mine[1], other[1], key, other_names=names)

    def _as_renamed(self, old: Stages, new: Iterable[Stages]) -> tuple[Stages, bytes] | None:
        """The new name of a file on one side, with what that side has there: the stage is what git has merged."""
        for one in new:
            own = self._own(one)
            if own is not None and identity(_kind(old), _data(old.base), _data(own)) == "same":
                return one, own
        return None

    def of_three(self, stages: Stages) -> Stages:
        """A file that git has merged: where one side's record went into another, that of which it was removed."""
        triple = Triple(_kind(stages), _data(stages.base), _data(stages.ours), _data(stages.theirs))
        versions: dict[Side, bytes] = {"ours": stages.ours or b"", "theirs": stages.theirs or b""}
        names = {
            side: places(self.git, side, self._head, self._others, self.place, versions[side])
            for side in triple.doubtful
        }
        side = crossed(triple, self._prefix + stages.path, names.get)
        old = [one.removeprefix(self._prefix) for one in names.get(side) or ()] if side else []
        if side is None or not old:
            return stages
        kept = {"ours": stages.ours, "theirs": stages.theirs, OTHER[side]: None}
        beside = (stages.path, versions[OTHER[side]])
        return Stages(old[0], stages.base, kept["ours"], kept["theirs"], stages.key, beside)

    def of_two(self, stages: Stages) -> Stages:
        """A file that one side seems to have removed: it is new where it is another record than git says it was."""
        left = stages.ours or stages.theirs
        if identity(_kind(stages), _data(stages.base), _data(left)) == "same":
            return stages
        base = self._base
        names = paths_in(self.git, base, self.place, name_of(stages.base or b"", base)) if base else []
        is_renamed = bool(names) and self._prefix + stages.path not in names
        return replace(stages, base=None, mixed=stages.base) if is_renamed else stages

    def of_one(self, stages: Stages) -> Stages:
        """A file of one side, into which git may have put what the other side made of a removed one."""
        own = self._own(stages)
        if own is None or own in (stages.ours, stages.theirs) or self._is_renamed_twice(stages, own):
            return stages
        if stages.ours:
            return replace(stages, ours=own, mixed=stages.ours)
        return replace(stages, theirs=own, mixed=stages.theirs)

    def _is_renamed_twice(self, stages: Stages, own: bytes) -> bool:
        """Whether both sides gave one record another name: then what git has merged is right under both."""
        kind = _kind(stages)
        ours, theirs = self._made
        others = theirs if stages.ours else ours
        for one in self._removed:
            if identity(kind, _data(one), _data(own)) == "same":
                return any(identity(kind, _data(one), _data(other)) == "same" for other in others)
        return False

    @cached_property
    def _trees(self) -> list[dict[str, str]]:
        """The plan's files in the base, ours and theirs, with git's names of their contents; empty where not known."""
        commits = [self._base, "HEAD", *self._others[:1]] if self._base else []
        found = [listed(self.git, commit, self.place) for commit in commits]
        return [{one.path: one.id for one in tree} for tree in found if not isinstance(tree, GitProblem)]

    @cached_property
    def _removed(self) -> list[bytes]:
        """Files of the base that neither side has under their names."""
        if len(self._trees) < len(_COMMITS):
            return []
        base, ours, theirs = self._trees
        return self._read(base[path] for path in base.keys() - ours.keys() - theirs.keys())

    @cached_property
    def _made(self) -> tuple[list[bytes], list[bytes]]:
        """Files that ours, and theirs, has and the base has not."""
        if len(self._trees) < len(_COMMITS):
            return [], []
        base, ours, theirs = self._trees
        new = [[side[path] for path in side.keys() - base.keys()] for side in (ours, theirs)]
        return self._read(new[0]), self._read(new[1])

    def _read(self, names: Iterable[str]) -> list[bytes]:
        contents = self.git.contents(names)
        return [] if isinstance(contents, GitProblem) else [*contents.values()]

    def _own(self, stages: Stages) -> bytes | None:
        """The file as its side has it; None where that is not known."""
        for commit in ["HEAD"] if stages.ours else self._others:
            name = f"{commit}:{self._prefix}{stages.path}"
            contents = self.git.contents([name])
            if not isinstance(contents, GitProblem) and name in contents:
                return contents[name]
        return None

    @cached_property
    def _base(self) -> str:
        """The commit from which both sides came; empty where that is not known."""
        found = self.git.merge_base("HEAD", self._others[0]) if self._others else ""
        return "" if isinstance(found, GitProblem) else found


def _kind(stages: Stages) -> str:
    address = address_of(stages.path)
    return address.kind if address is not None else ""


def _data(content: bytes | None) -> Mapping[str, Any]:
    """What a version says; nothing where it is not there, or cannot be read."""
    data = parse(content) if content else {}
    return {} if isinstance(data, ParseFailure) else data
