"""The records of both sides of a merge, of what they came from and of what became of them, as far as they matter.

Only files are read that a merge may have got wrong: those that both sides changed, those whose content in the merge
is not that of the one side that changed them, and, where there are such, what a side added or removed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...model.edit.text_merge import shared_lines, sided_lines
from ...model.plan.change import Path, field_changes
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.base import Record
from ...model.review.lost_edits import SIDES, LostEdit, Merge, Names, Side, lost_edits
from ...model.review.renames import renames
from ..disk.paths import address_of, path_of
from ..disk.repository import GitProblem
from ..disk.scan import NO_STAMP
from ..plan.merging import FileMerge, NotMerged, Versions
from ..plan.read import understand
from ..toml.parse import ParseFailure, parse
from .changed import Changes, changed
from .git import Git
from .merge_log import merged_by_driver
from .names import names_on
from .own_merge import conflicts
from .put_together import PutTogether

_HALF = 0.5
"""Share of two files that has to be alike for git to take them for one."""


@dataclass(frozen=True)
class _Version:
    """A file of the plan in one state."""

    name: str
    """What git calls its content."""
    text: str
    data: Mapping[str, Any]
    record: Record


_Texts = Mapping[Address, _Version]


@dataclass(frozen=True)
class Past:
    """Where the sides of a merge come from."""

    git: Git
    prefix: str
    base: str
    merge: PutTogether

    @property
    def _tips(self) -> tuple[str, str]:
        return self.merge.ours, self.merge.theirs

    @cached_property
    def _by_git(self) -> Mapping[str, str] | None:
        """The files that git's own merge leaves in conflict, each with git's name of the base; None where this git does
        not say it."""
        found = conflicts(self.git, *self._tips) if self.merge.is_merge else None
        return None if isinstance(found, GitProblem) else found

    @cached_property
    def _by_driver(self) -> Mapping[str, bool]:
        return merged_by_driver(self.git.repository, *self._tips)

    def can_land(self, address: Address) -> bool:
        """Whether a record may have got edits of another one that no one was asked about."""
        return not self._by_driver or self._by_driver.get(self.prefix + path_of(address)) is False

    def is_asked(
        self, content: str, names: Iterable[Address], base: Container[Address | None]
    ) -> bool | None:
        """Whether a person was asked about a record that has these names, and had a content in the base; None where
        that is not known."""
        if self._by_git is None:
            return None
        paths = {self.prefix + path_of(one) for one in names}
        asked = {path for path, is_open in self._by_driver.items() if is_open}
        if paths & asked or any(path in paths or name == content for path, name in self._by_git.items()):
            return True
        # At a name that only a side has the driver also asks about a record that git has taken for that one.
        is_doubtful = any(address_of(path.removeprefix(self.prefix)) not in base for path in asked)
        return None if is_doubtful else False

    def names(self, side: Side, changes: Changes) -> Names:
        """The names that the commits of a side gave to records."""
        is_back = side == "theirs" and self.merge.is_back
        tip = self._tips[SIDES.index(side)]
        found = names_on(self.git, self.prefix, self.base, tip, changes, is_back=is_back)
        pairs = ((address_of(old), address_of(new)) for old, new in found.items())
        return {old: new for old, new in pairs if old is not None and new is not None}


class States:
    """The records of base, ours, theirs and the merge that may say what was lost."""

    def __init__(
        self, past: Past, states: tuple[_Texts, _Texts, _Texts, _Texts], names: tuple[Names, Names]
    ) -> None:
        self._past = past
        self._base, self._ours, self._theirs, self._merged = states
        self._names = (
            _names(self._base, self._ours, names[0]),
            _names(self._base, self._theirs, names[1]),
        )

    @classmethod
    def read(cls, past: Past) -> States | GitProblem:
        """Reads those files that matter."""
        git = past.git
        changes: list[Changes] = []
        for commit in (past.merge.ours, past.merge.theirs, past.merge.result):
            one = changed(git, past.base, commit, past.prefix)
            if isinstance(one, GitProblem):
                return one
            changes.append(one)
        wanted = _wanted(*changes)
        names: list[dict[str, str]] = [{}, {}, {}, {}]
        for path in wanted:
            before = next((one[path].before for one in changes if path in one), "")
            for state, name in enumerate(
                [before, *(one[path].after if path in one else before for one in changes)]
            ):
                if name:
                    names[state][path] = name
        contents = git.contents({name for state in names for name in state.values()})
        if isinstance(contents, GitProblem):
            return contents
        read = [_versions(state, contents) for state in names]
        # A file that cannot be read in one state says nothing of what was done to it in the others.
        known = [{address_of(path) for path in state} for state in names]
        bad = {one for there, state in zip(known, read, strict=True) for one in there if one not in state}
        given = past.names("ours", changes[0]), past.names("theirs", changes[1])
        bad |= {old for names in given for old, new in names.items() if new in bad}
        base, ours, theirs, merged = (
            {address: one for address, one in state.items() if address not in bad} for state in read
        )
        return cls(past, (base, ours, theirs, merged), given)

    def lost(self) -> list[LostEdit]:
        """What the merge has lost."""
        if not self._base and not self._ours and not self._theirs:
            return []
        base, ours, theirs, merged = (
            {address: one.data for address, one in state.items()}
            for state in (self._base, self._ours, self._theirs, self._merged)
        )
        found = lost_edits(
            Merge(
                base,
                ours,
                theirs,
                merged,
                self._names,
                self._by_lines,
                self._by_chance,
                self._is_asked,
                self._past.can_land,
            )
        )
        return [replace(one, text=self._text(one)) if one.what == "record" else one for one in found]

    def _is_asked(self, address: Address, names: Mapping[Side, Address]) -> bool | None:
        return self._past.is_asked(self._base[address].name, {address, *names.values()}, self._base)

    def _text(self, edit: LostEdit) -> str:
        """The file of a record that is gone, with what both sides did to it."""
        names = self._names[SIDES.index(edit.side)]
        was = next((old for old, new in names.items() if new == edit.at), edit.at)
        ours, theirs = (
            state.get(renamed.get(was, was))
            for state, renamed in zip((self._ours, self._theirs), self._names, strict=True)
        )
        if was not in self._base or ours is None or theirs is None:
            return (self._ours if edit.side == "ours" else self._theirs)[edit.at].text
        contents = [text.encode() for text in (self._base[was].text, ours.text, theirs.text)]
        try:
            merged = FileMerge(Versions(contents[0], contents[1], contents[2], was.kind))
            return merged.resolved({one.path: "theirs" for one in merged.conflicts}).decode()
        except NotMerged:
            return ""

    def _by_lines(self, base: Address, ours: Address, theirs: Address) -> frozenset[Path]:
        texts = (self._base[base].text, self._ours[ours].text, self._theirs[theirs].text)
        sides = [parse(text) for text in sided_lines(*texts, as_git=True)]
        if isinstance(sides[0], ParseFailure) or isinstance(sides[1], ParseFailure):
            return frozenset({()})
        return frozenset(one.path for one in field_changes(sides[0], sides[1]))

    def _by_chance(self, base: Address, edited: Address, side: Side, name: Address) -> bool:
        if not self._past.merge.is_merge:
            return False  # it may have been asked about, and nothing says whether
        mine, others = (self._ours, self._theirs) if side == "ours" else (self._theirs, self._ours)
        old, kept, made = self._base[base].text, mine[edited].text, others[name].text
        if shared_lines(old, made) < _HALF:
            return False
        lines = sided_lines(old, kept, made, as_git=True)
        return lines[0] == lines[1] == self._merged[name].text


def _wanted(ours: Changes, theirs: Changes, merged: Changes) -> set[str]:
    """The files of which the merge is not simply what the one side that changed it says."""
    found = {path for path in {*ours, *theirs, *merged} if not _is_plain(path, ours, theirs, merged)}
    if found:
        found |= {
            path for side in (ours, theirs) for path, one in side.items() if not (one.before and one.after)
        }
    return found


def _is_plain(path: str, ours: Changes, theirs: Changes, merged: Changes) -> bool:
    """Whether only one side changed a file, or both alike, and the merge has it so."""
    sides = [one[path].after for one in (ours, theirs) if path in one]
    now = merged[path].after if path in merged else None
    if not sides:
        # No side changed it: only a person can have.
        return now is None
    return len(set(sides)) == 1 and now == sides[0]


def _names(base: _Texts, side: _Texts, known: Names) -> Names:
    """The new names of records on a side: those that are known, and of the others those that they seem to have got."""
    taken = set(known.values())
    plans = [
        Plan({address: one.record for address, one in state.items() if address not in other})
        for state, other in ((base, known), (side, taken))
    ]
    return {**renames(*plans), **known}


def _versions(names: Mapping[str, str], contents: Mapping[str, bytes]) -> dict[Address, _Version]:
    found: dict[Address, _Version] = {}
    for path, name in names.items():
        address, content = address_of(path), contents.get(name)
        if address is None or content is None:
            continue
        data = parse(content)
        _, record = understand(path, address, NO_STAMP, content)
        if record is not None and not isinstance(data, ParseFailure):
            found[address] = _Version(name, content.decode("utf-8-sig"), data, record)
    return found
