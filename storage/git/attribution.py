"""Who gave the answers of a project, and when: git knows, no field says it.

An answer belongs to the commit that last changed what it says. Each answer is followed back from the last commit as
long as a parent says the same: through merges, to the side that it came from, and through renames of the file, which
happen with a project's id. A layout, a note or a new piece of evidence changes nothing of what is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from ...model.records.address import Address
from ...model.records.assessment import Answer
from ..disk.paths import path_of
from ..disk.repository import GitProblem, Reason
from .git import Git, git_at
from .history import values_of
from .log import Commit, log

SAID = ("state", "verdict", "values", "checked", "result", "confidence")
"""Fields of an answer that say something; the others say why, or where it can be read."""


@dataclass(frozen=True)
class Saying:
    """The commit that last changed what an answer says."""

    commit: str
    date: dt.date
    """Of the author, in their own time zone."""
    author: str
    email: str
    subject: str
    is_cut_off: bool = False
    """Whether the clone's history begins here, so that it may have been said earlier, by others."""


@dataclass(frozen=True)
class Answered:
    """The answers of the last commit, each with the commit that it comes from."""

    head: str = ""
    """The last commit."""
    answers: Mapping[str, object] = field(default_factory=dict[str, object])
    sayings: Mapping[str, Saying] = field(default_factory=dict[str, Saying])

    def of(self, question: str, answer: Answer) -> Saying | None:
        """Who gave an answer; None where what it says is not committed yet."""
        said = _said({name: getattr(answer, name) for name in SAID})
        return self.sayings.get(question) if self.answers.get(question) == said else None


def answered(
    root: str, project: str, environment: Mapping[str, str], before: Answered | None = None
) -> Answered | GitProblem:
    """Who gave the answers of a project in the plan at `root`.

    `before` is what it gave for the same project, which still holds while there is no new commit. Takes a few
    processes of git for each name that the file had: not for a key to wait for.
    """
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        # Not whether the commit can be read: only without any commit nothing has been answered.
        found = git.run(["rev-parse", "--verify", "HEAD"])
        if isinstance(found, GitProblem):
            return Answered() if found.reason is Reason.BAD_REVISION else found
        head = found.decode("ascii", "replace").strip()
        if before is not None and before.head == head:
            return before
        place = git.repository.place(root)
        path = path_of(Address("assessment", project, "assessment"))
        trail = _Trail(git, is_shallow=git.is_shallow)
        try:
            last = trail.begin(head, f"{place}/{path}" if place else path)
            return (
                Answered(head, trail.answers(last), trail.follow(last))
                if last is not None
                else Answered(head)
            )
        except _NoAnswer as error:
            return error.problem


_Node = tuple[str, str]
"""A commit, and the path that the file has in it."""


class _NoAnswer(Exception):
    """Git had no answer somewhere on the way back; nothing that was found until then holds."""

    def __init__(self, problem: GitProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


_Given = TypeVar("_Given")


def _given(answer: _Given | GitProblem) -> _Given:
    if isinstance(answer, GitProblem):
        raise _NoAnswer(answer)
    return answer


@dataclass
class _Trail:
    """The way back through the commits that touched one file, under all its names. Raises _NoAnswer."""

    git: Git
    is_shallow: bool
    _commits: dict[_Node, tuple[Saying, tuple[str, ...]]] = field(default_factory=dict)
    """Each with those parents that touched the file."""
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _answers: dict[_Node, Mapping[str, object] | None] = field(default_factory=dict)
    _renamed: dict[_Node, list[_Node]] = field(default_factory=dict)

    def begin(self, start: str, path: str) -> _Node | None:
        """The last commit up to `start` that touched a path, with all before it; None where none did."""
        # With --parents those are given that touched the file, which the commit itself does not name.
        found = _given(log(self.git, ["--parents", "--topo-order", "--no-renames"], [path], start))
        names = [name for one in found for name in (one.id, f"{one.id}:{path}")]
        self._bytes |= _given(self.git.contents(one for one in names if one not in self._bytes))
        if self.git.is_partial and not all(
            f"{one.id}:{path}" in self._bytes for one in found if _has_file(one)
        ):
            raise _NoAnswer(GitProblem(Reason.NOT_FETCHED))
        self._commits |= {(one.id, path): (_saying(one), one.parents) for one in found}
        return (found[0].id, path) if found else None

    def answers(self, node: _Node) -> Mapping[str, object]:
        """What the file says at a commit, by question; nothing where it is not there, or cannot be read."""
        return self._read(node) or {}

    def _read(self, node: _Node) -> Mapping[str, object] | None:
        if node not in self._answers:
            commit, path = node
            values = values_of(self._bytes.get(f"{commit}:{path}"))
            given = values.get("answers") if values is not None else None
            given = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
            self._answers[node] = (
                {
                    name: _said(cast("dict[str, Any]", one))
                    for name, one in given.items()
                    if isinstance(one, dict)
                }
                if values is not None
                else None
            )
        return self._answers[node]

    def follow(self, last: _Node) -> dict[str, Saying]:
        """For each answer of a commit the one that it comes from."""
        found: dict[str, Saying] = {}
        waiting: list[tuple[_Node, set[str]]] = [(last, set(self.answers(last)))]
        while waiting:
            node, questions = waiting.pop()
            said = self.answers(node)
            for before in self._before(node):
                earlier = self.answers(before)
                same = {one for one in questions if one in earlier and earlier[one] == said[one]}
                questions = questions - same
                if same:
                    waiting.append((before, same))
                if not questions:
                    break
            else:
                found |= dict.fromkeys(questions, self._saying(node))
        return found

    def _before(self, node: _Node) -> Iterator[_Node]:
        """Where the file was last, and could be read, before a commit: under its name, then under others."""
        waiting = [node]
        for one in waiting:
            commit, path = one
            _, parents = self._commits[one]
            there = all(f"{parent}:{path}" in self._bytes for parent in parents)
            nodes = [(parent, path) for parent in parents]
            yield from (each for each in nodes if self._read(each) is not None)
            waiting += [each for each in nodes if self._read(each) is None and each not in waiting]
            if not there or len(self._parents(commit)) != len(parents):
                yield from self._under_other_names(one)

    def _under_other_names(self, node: _Node) -> list[_Node]:
        if node not in self._renamed:
            commit, path = node
            names = [
                (parent, self._name_before(parent, commit, path))
                for parent in self._here(self._parents(commit))
            ]
            found = [self.begin(parent, name) for parent, name in names if name]
            self._renamed[node] = [one for one in found if one is not None]
        return self._renamed[node]

    def _parents(self, commit: str) -> list[str]:
        """All parents of a commit, whether they touched the file or not."""
        head = self._bytes.get(commit, b"").partition(b"\n\n")[0].decode("ascii", "replace")
        return [line[7:] for line in head.split("\n") if line.startswith("parent ")]

    def _name_before(self, parent: str, commit: str, path: str) -> str:
        """The name that the file had in a parent, where the commit renamed it."""
        arguments = ["diff-tree", "-r", "-M", "-z", "--diff-filter=R", "--name-status", parent, commit]
        parts = _given(self.git.run(arguments)).decode("utf-8", "surrogateescape").split("\0")
        names = {new: old for old, new in zip(parts[1::3], parts[2::3], strict=False)}
        return names.get(path, "")

    def _saying(self, node: _Node) -> Saying:
        saying, parents = self._commits[node]
        if not self.is_shallow or parents:
            return saying
        real = self._parents(saying.commit)
        return replace(saying, is_cut_off=len(self._here(real)) < len(real))

    def _here(self, commits: list[str]) -> list[str]:
        """Those commits that a clone without its past has."""
        if not self.is_shallow:
            return commits
        there = _given(self.git.contents(commits))
        return [one for one in commits if one in there]


def _saying(commit: Commit) -> Saying:
    return Saying(commit.id, commit.date, commit.author, commit.email, commit.subject)


def _has_file(commit: Commit) -> bool:
    return any(one.after for one in commit.files)


def _said(fields: Mapping[str, Any]) -> object:
    """What an answer says, so that equal answers are equal: however numbers, lists and absent fields are written."""
    return {name: _plain(fields[name]) for name in SAID if fields.get(name) not in (None, (), [], {}, "")}


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return ("yes or no", value)
    if isinstance(value, list | tuple):
        return frozenset(map(str, cast("Sequence[object]", value)))
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in cast("dict[str, object]", value).items()}
    return value
