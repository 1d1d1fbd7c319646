"""A plan as it was committed: a source of files that are read from a git tree, with no work tree needed.

Links are not followed, since they may lead out of the repository, and submodules are other repositories. Sizes are
known before anything is read, so that what is too large never is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..disk.fetch import MAX_SIZE, Fetched, NotFetched, TooLarge
from ..disk.repository import GitProblem, Reason, Repository
from ..disk.scan import NO_STAMP, Entry, Found, Walk
from ..disk.source import Listing
from .git import Git, git_at

_BOARD = "board.toml"
_FILES = ("100644", "100755", "100664")
_LINK = "120000"


class _Blob(NamedTuple):
    """A file in a tree."""

    id: str
    size: int
    """-1 where git does not have it."""


@dataclass(frozen=True)
class Tree:
    """A plan's files at a commit."""

    commit: str
    place: str
    """The plan's folder from the top of the repository; empty where it is the top."""
    _repository: Repository
    _environment: Mapping[str, str] = field(repr=False)
    _blobs: Mapping[str, _Blob] = field(repr=False)
    """By path below the plan."""
    _folders: Mapping[str, Sequence[Entry]] = field(repr=False)

    def files(self, kinds: Iterable[str] | None = None) -> Listing:
        """The files in the tree."""
        return _TreeWalk(self._folders, kinds).all()

    def read(self, found: Sequence[Found]) -> Iterator[tuple[int, Fetched | OSError]]:
        """What is in them, by one process of git."""
        blobs = [self._blobs[one.path] for one in found]
        with git_at(self._repository, self._environment) as git:
            wanted = [one.id for one in blobs if 0 <= one.size <= MAX_SIZE]
            there = git if isinstance(git, GitProblem) else git.contents(wanted)
        for at, blob in enumerate(blobs):
            if isinstance(there, GitProblem):
                yield at, OSError(0, there.message)
            elif blob.size > MAX_SIZE:
                yield at, TooLarge()
            elif blob.id in there:
                content = there[blob.id]
                yield at, Fetched(NO_STAMP, content)
            else:
                yield at, NotFetched()


def plan_at_revision(
    place: str | Repository, revision: str, environment: Mapping[str, str], folder: str = ""
) -> Tree | GitProblem:
    """The plan at a revision, of the repository around its folder or of a repository.

    `folder` is where it is from the top; without it where it is now. Where there is none at the revision, the only
    other one is taken: the folder may have had another name.
    """
    with git_at(place, environment) as git:
        if isinstance(git, GitProblem):
            return git
        commit = git.resolve(revision)
        if isinstance(commit, GitProblem):
            return commit
        asked = folder or (git.repository.place(place) if isinstance(place, str) else "")
        listed = _listed(git, commit, asked)
        if isinstance(listed, GitProblem) or _BOARD not in (path for _, path in listed):
            if isinstance(listed, GitProblem) and listed.reason is not Reason.FAILED:
                return listed
            other = _only_plan(git, commit)
            if isinstance(other, GitProblem):
                return other
            asked, listed = other, _listed(git, commit, other)
            if isinstance(listed, GitProblem):
                return listed
        blobs, folders = _sorted_out(listed)
        return Tree(commit, asked, git.repository, environment, blobs, folders)


_Listed = list[tuple[list[str], str]]
"""Mode, kind, name and size of each entry, with its path."""


def _listed(git: Git, commit: str, folder: str) -> _Listed | GitProblem:
    output = git.run(["ls-tree", "-r", "-l", "-z", f"{commit}:{folder}"])
    if isinstance(output, GitProblem):
        return output
    lines = output.decode("utf-8", "surrogateescape").split("\0")
    return [(head.split(), path) for head, _, path in (line.partition("\t") for line in lines if line)]


def _only_plan(git: Git, commit: str) -> str | GitProblem:
    """The folder of the only plan in a commit."""
    output = git.run(["ls-tree", "-r", "-z", "--name-only", commit])
    if isinstance(output, GitProblem):
        return output
    paths = output.decode("utf-8", "surrogateescape").split("\0")
    found = [path[: -len(_BOARD)].rstrip("/") for path in paths if f"/{path}".endswith(f"/{_BOARD}")]
    if len(found) == 1:
        return found[0]
    return GitProblem(Reason.NO_PLAN, f"there are {len(found)}: {', '.join(found[:5])}" if found else "")


class _TreeEntry(NamedTuple):
    """A name in a folder of the tree."""

    name: str
    path: str
    mode: str
    """Empty for a folder."""

    def is_symlink(self) -> bool:
        """Whether it is a link."""
        return self.mode == _LINK

    def is_file(self) -> bool:
        """Whether it is a file."""
        return self.mode in _FILES

    def is_dir(self) -> bool:
        """Whether it is a folder."""
        return not self.mode


def _sorted_out(listed: _Listed) -> tuple[dict[str, _Blob], dict[str, list[Entry]]]:
    """The files by path, and what is in each folder."""
    blobs: dict[str, _Blob] = {}
    folders: defaultdict[str, list[Entry]] = defaultdict(list)
    for (mode, _, name, size), path in listed:
        folder, _, last = path.rpartition("/")
        folders[folder].append(_TreeEntry(last, path, mode))
        blobs[path] = _Blob(name, int(size) if size.isdigit() else -1)
        while folder and folder not in blobs:
            blobs[folder] = _Blob("", -1)
            above, _, last = folder.rpartition("/")
            folders[above].append(_TreeEntry(last, folder, ""))
            folder = above
    return blobs, folders


class _TreeWalk(Walk):
    """The plan in a git tree."""

    def __init__(self, folders: Mapping[str, Sequence[Entry]], kinds: Iterable[str] | None) -> None:
        super().__init__(kinds)
        self._folders = folders

    def entries(self, folder: str) -> Iterator[Entry]:
        """What is in a folder of the tree."""
        return iter(self._folders.get(folder, ()))

    def stays_inside(self, path: str) -> bool:  # noqa: ARG002  a link's text is content, which is not looked at
        """Never: a link in a tree is not followed."""
        return False

    def other_than_file(self, entry: Entry) -> str:
        """A folder, a link, or another repository in this one."""
        if entry.is_file():
            return ""
        return "a folder" if entry.is_dir() else "a link" if entry.is_symlink() else "another repository"
