"""A plan as it was committed: a source of files that are read from a git tree, with no work tree needed.

Links are not followed, since they may lead out of the repository, and submodules are other repositories. Sizes are
known before anything is read, so that what is too large never is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ...model.snapshot.repository_files import RepositoryFiles
from ..disk.fetch import MAX_SIZE, Fetched, NotFetched, TooLarge
from ..disk.repository import GitProblem, Reason, Repository
from ..disk.scan import NO_STAMP, Entry, Found, Walk
from ..disk.source import Listing
from .git import Git, git_at
from .repository_files import FilesOfCommit
from .tree import FILES, LINK, Blob, listed

_BOARD = "board.toml"


@dataclass(frozen=True)
class Tree:
    """A plan's files at a commit."""

    commit: str
    place: str
    """The plan's folder from the top of the repository; empty where it is the top."""
    _repository: Repository
    _environment: Mapping[str, str] = field(repr=False)
    _blobs: Mapping[str, Blob] = field(repr=False)
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

    def repository_files(self) -> RepositoryFiles:
        """Those of the commit."""
        return FilesOfCommit(self._repository, self.commit, self.place, self._environment)


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
        found = listed(git, commit, asked)
        if isinstance(found, GitProblem) or _BOARD not in (one.path for one in found):
            if isinstance(found, GitProblem) and found.reason is not Reason.FAILED:
                return found
            other = _only_plan(git, commit)
            if isinstance(other, GitProblem):
                return other
            asked, found = other, listed(git, commit, other)
            if isinstance(found, GitProblem):
                return found
        blobs, folders = _sorted_out(found)
        return Tree(commit, asked, git.repository, environment, blobs, folders)


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
        return self.mode == LINK

    def is_file(self) -> bool:
        """Whether it is a file."""
        return self.mode in FILES

    def is_dir(self) -> bool:
        """Whether it is a folder."""
        return not self.mode


def _sorted_out(found: Iterable[Blob]) -> tuple[dict[str, Blob], dict[str, list[Entry]]]:
    """The files by path, and what is in each folder."""
    blobs: dict[str, Blob] = {}
    folders: defaultdict[str, list[Entry]] = defaultdict(list)
    for one in found:
        folder, _, last = one.path.rpartition("/")
        folders[folder].append(_TreeEntry(last, one.path, one.mode))
        blobs[one.path] = one
        while folder and folder not in blobs:
            blobs[folder] = Blob(folder, "", "", -1)
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
