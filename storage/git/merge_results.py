"""Merge commits of a plan, and what they have lost: the records of both sides, merged once more and compared.

Only files are read that a merge may have got wrong: those that both sides changed, those whose content in the merge
is not that of the one side that changed them, and, where there are such, what a side added or removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...model.edit.identity import identity
from ...model.edit.text_merge import shared_lines, sided_lines
from ...model.plan.change import Path, field_changes
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.base import Record
from ...model.records.kinds import KINDS
from ...model.review.lost_edits import SIDES, LostEdit, Merge, Names, Side, lost_edits
from ...model.review.range_findings import LossyMerge
from ...model.review.renames import renames
from ..disk.paths import address_of, path_of
from ..disk.repository import GitProblem
from ..disk.scan import NO_STAMP
from ..plan.merging import FileMerge, NotMerged, Versions
from ..plan.read import understand
from ..toml.parse import ParseFailure, parse
from .git import Git, git_at
from .log import Commit, log
from .tree import FILES

MOST_MERGES = 200
"""Merges of a range that are looked at, the newest."""
_HALF = 0.5
"""Share of two files that has to be alike for git to take them for one."""
_MOST_BASES = 4
"""Common ancestors of two sides that are looked at."""


def lossy_merge_at(
    root: str, revision: str, environment: Mapping[str, str]
) -> LossyMerge | GitProblem | None:
    """What a commit has lost, where it is a merge; None where it is not, or has lost nothing."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        commits = log(git, ["--max-count=1"], [], revision, with_files=False)
        if isinstance(commits, GitProblem):
            return commits
        return lossy_merge(git, commits[0], root) if commits else None


def lossy_merges(
    root: str, before: str, until: str, environment: Mapping[str, str]
) -> list[LossyMerge] | GitProblem:
    """The merges of a range that have lost an edit, newest first."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(root)
        options = ["--merges", "--full-history", "--no-renames", f"--max-count={MOST_MERGES}"]
        commits = log(git, options, [prefix] if prefix else [], f"{before}..{until}", with_files=False)
        if isinstance(commits, GitProblem):
            return commits
        found: list[LossyMerge] = []
        for one in commits:
            lossy = lossy_merge(git, one, root)
            if isinstance(lossy, GitProblem):
                return lossy
            if lossy is not None:
                found.append(lossy)
    return found


def lossy_merge(git: Git, commit: Commit, root: str) -> LossyMerge | GitProblem | None:
    """What a merge of two sides has lost; None where nothing is."""
    if len(commit.parents) != 2:
        return None
    prefix = git.repository.prefix(root)
    output = git.run(["merge-base", "--all", *commit.parents])
    if isinstance(output, GitProblem):
        return None  # the sides have nothing in common, or this clone has not all of their past
    bases = output.decode("ascii", "replace").split()[:_MOST_BASES]
    found: dict[_Key, LostEdit] | None = None
    for base in bases:
        past = _Past(git, prefix, base, commit.parents)
        states = _States.read(past, commit.id)
        if isinstance(states, GitProblem):
            return states
        # What is an edit beside one of several common ancestors only, another of them may have had already.
        lost: dict[_Key, LostEdit] = {(one.side, one.address, one.what): one for one in states.lost()}
        found = lost if found is None else {key: one for key, one in found.items() if key in lost}
        if not found:
            return None
    if not found:
        return None
    trees = [_tree(git, one) for one in (commit.id, *commit.parents)]
    authors = {key: _author(git, commit, bases[0], one, prefix) for key, one in found.items()}
    edits = tuple((one, authors[key]) for key, one in found.items())
    return LossyMerge(commit.id, edits, is_one_side=trees[0] in trees[1:])


_Key = tuple[Side, Address, str]


def _tree(git: Git, commit: str) -> str:
    found = git.run(["rev-parse", f"{commit}^{{tree}}"])
    return commit if isinstance(found, GitProblem) else found.decode("ascii", "replace").strip()


def _author(git: Git, merge: Commit, base: str, edit: LostEdit, prefix: str) -> str:
    """Who made an edit: the author of the last commit of its side that touched the record's file."""
    tip = merge.parents[SIDES.index(edit.side)]
    commits = log(git, ["--no-renames", "--max-count=1"], [prefix + path_of(edit.at)], f"{base}..{tip}")
    return commits[0].author if not isinstance(commits, GitProblem) and commits else ""


# ---- the four states of a merge


@dataclass(frozen=True)
class _Version:
    """A file of the plan in one state."""

    text: str
    data: Mapping[str, Any]
    record: Record


_Texts = Mapping[Address, _Version]


@dataclass(frozen=True)
class _Past:
    """Where the sides of a merge come from."""

    git: Git
    prefix: str
    base: str
    tips: Sequence[str]

    def is_renamed(self, old: Address, side: Side, new: Address) -> bool:
        """Whether one commit of a side took a record away and made another with the same title."""
        paths = [self.prefix + path_of(one) for one in (old, new)]
        commits = log(self.git, ["--no-renames"], paths, f"{self.base}..{self.tips[SIDES.index(side)]}")
        for one in () if isinstance(commits, GitProblem) else commits:
            touches = {touch.names[0]: touch for touch in one.files}
            if (
                len(touches) == len(paths)
                and not touches[paths[0]].after
                and not any(touches[paths[1]].before)
            ):
                names = [touches[paths[0]].before[0], touches[paths[1]].after]
                contents = self.git.contents(names)
                data = (
                    []
                    if isinstance(contents, GitProblem)
                    else [parse(contents.get(name, b"")) for name in names]
                )
                return bool(data) and _is_same(old.kind, data)
        return False


def _is_same(kind: str, data: Sequence[dict[str, Any] | ParseFailure]) -> bool:
    read = [one for one in data if not isinstance(one, ParseFailure)]
    return len(read) == len(data) and identity(kind, *read) == "same"


class _States:
    """The records of base, ours, theirs and the merge that may say what was lost."""

    def __init__(self, past: _Past, states: tuple[_Texts, _Texts, _Texts, _Texts]) -> None:
        self._past = past
        self._base, self._ours, self._theirs, self._merged = states
        plans = [Plan({address: one.record for address, one in state.items()}) for state in states[:3]]
        self._names: tuple[Names, Names] = (renames(plans[0], plans[1]), renames(plans[0], plans[2]))

    @classmethod
    def read(cls, past: _Past, merge: str) -> _States | GitProblem:
        """Reads those files that matter."""
        git = past.git
        changes: list[_Changes] = []
        for commit in (*past.tips, merge):
            one = _changed(git, past.base, commit, past.prefix)
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
        base, ours, theirs, merged = (
            {address: one for address, one in state.items() if address not in bad} for state in read
        )
        return cls(past, (base, ours, theirs, merged))

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
                self._past.is_renamed,
                self._by_chance,
            )
        )
        return [replace(one, text=self._text(one)) if one.what == "record" else one for one in found]

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
        mine, others = (self._ours, self._theirs) if side == "ours" else (self._theirs, self._ours)
        old, kept, made = self._base[base].text, mine[edited].text, others[name].text
        if shared_lines(old, made) < _HALF:
            return False
        lines = sided_lines(old, kept, made, as_git=True)
        return lines[0] == lines[1] == self._merged[name].text


@dataclass(frozen=True)
class _Change:
    """A file that differs between two commits: the names of its contents; empty where it is not there."""

    before: str
    after: str


_Changes = Mapping[str, _Change]


def _changed(git: Git, base: str, commit: str, prefix: str) -> _Changes | GitProblem:
    """The plan's files that differ, by path below the plan."""
    paths = [prefix] if prefix else []
    output = git.run(
        ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", base, commit, "--", *paths]
    )
    if isinstance(output, GitProblem):
        return output
    parts = output.decode("utf-8", "surrogateescape").split("\0")
    found: dict[str, _Change] = {}
    for about, path in zip(parts[::2], parts[1::2], strict=False):
        modes_and_names = about.removeprefix(":").split(" ")
        old_mode, new_mode, old, new = modes_and_names[:4]
        below = path.removeprefix(prefix)
        address = address_of(below)
        if address is not None and address.kind in KINDS:
            found[below] = _Change(old if old_mode in FILES else "", new if new_mode in FILES else "")
    return found


def _wanted(ours: _Changes, theirs: _Changes, merged: _Changes) -> set[str]:
    """The files of which the merge is not simply what the one side that changed it says."""
    found = {path for path in {*ours, *theirs, *merged} if not _is_plain(path, ours, theirs, merged)}
    if found:
        found |= {
            path for side in (ours, theirs) for path, one in side.items() if not (one.before and one.after)
        }
    return found


def _is_plain(path: str, ours: _Changes, theirs: _Changes, merged: _Changes) -> bool:
    """Whether only one side changed a file, or both alike, and the merge has it so."""
    sides = [one[path].after for one in (ours, theirs) if path in one]
    now = merged[path].after if path in merged else None
    if not sides:
        # No side changed it: only a person can have.
        return now is None
    return len(set(sides)) == 1 and now == sides[0]


def _versions(names: Mapping[str, str], contents: Mapping[str, bytes]) -> dict[Address, _Version]:
    found: dict[Address, _Version] = {}
    for path, name in names.items():
        address, content = address_of(path), contents.get(name)
        if address is None or content is None:
            continue
        data = parse(content)
        _, record = understand(path, address, NO_STAMP, content)
        if record is not None and not isinstance(data, ParseFailure):
            found[address] = _Version(content.decode("utf-8-sig"), data, record)
    return found
