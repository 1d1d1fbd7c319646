"""A plan as it was committed, or is staged: a source of files that are read from git, with no work tree needed.

Links are not followed, since they may lead out of the repository, and submodules are other repositories. Sizes are
known before anything is read, so that what is too large never is.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ...model.snapshot.repository_files import RepositoryFiles
from ..disk.cache import WORTH, Cache, Kept
from ..disk.fetch import MAX_SIZE, Fetched, NotFetched, TooLarge, Unmerged
from ..disk.repository import GitProblem, Reason, Repository
from ..disk.scan import NO_STAMP, Entry, Found, Walk
from ..disk.source import Listing, Raw
from ..plan.record_cache import cache_of
from .git import Git, git_at
from .repository_files import FilesOfCommit
from .tree import FILES, INDEX, LINK, Blob, listed, name_of

_BOARD = "board.toml"


@dataclass(frozen=True)
class Tree:
    """A plan's files at a commit, or in the index."""

    commit: str
    """INDEX for the index."""
    place: str
    """The plan's folder from the top of the repository; empty where it is the top."""
    _repository: Repository
    _environment: Mapping[str, str] = field(repr=False)
    _blobs: Mapping[str, Blob] = field(repr=False)
    """By path below the plan."""
    _folders: Mapping[str, Sequence[Entry]] = field(repr=False)
    _cache: Cache | None = field(default=None, repr=False)
    """What was read of the plan's work tree."""

    def files(self, kinds: Iterable[str] | None = None) -> Listing:
        """The files in the tree."""
        return _TreeWalk(self._folders, kinds).all()

    def read(self, found: Sequence[Found]) -> Iterator[tuple[int, Raw]]:
        """What is in them: from the cache of the work tree where it is the same there, else by one process of git."""
        blobs = [self._blobs[one.path] for one in found]
        known = self._known(blobs)
        with git_at(self._repository, self._environment) as git:
            wanted = [one.id for one in blobs if 0 <= one.size <= MAX_SIZE and one.path not in known]
            there = git if isinstance(git, GitProblem) else git.contents(wanted)
        for at, blob in enumerate(blobs):
            if blob.path in known:
                yield at, known[blob.path]
            elif blob.is_unmerged:
                yield at, Unmerged()
            elif isinstance(there, GitProblem):
                yield at, OSError(0, there.message)
            elif blob.size > MAX_SIZE:
                yield at, TooLarge()
            elif blob.id in there:
                content = there[blob.id]
                yield at, Fetched(NO_STAMP, content)
            else:
                yield at, NotFetched()

    def _known(self, blobs: Sequence[Blob]) -> dict[str, Kept]:
        """Files whose cached content has the name that git has for it: most of a plan is in the work tree, too."""
        if self._cache is None or len(blobs) < WORTH:
            return {}
        found: dict[str, Kept] = {}
        for blob in blobs:
            kept = None if blob.is_unmerged else self._cache.content(blob.path)
            if (
                kept is not None
                and len(kept.content) == blob.size
                and name_of(kept.content, blob.id) == blob.id
            ):
                found[blob.path] = kept._replace(stamp=NO_STAMP)
        return found

    def only(self, paths: Collection[str]) -> Tree:
        """Some of its files alone."""
        blobs, folders = _sorted_out([self._blobs[one] for one in paths if one in self._blobs])
        return replace(self, _blobs=blobs, _folders=folders)

    @property
    def not_fetched(self) -> int:
        """How many of its files a partial clone does not have."""
        return sum(1 for blob in self._blobs.values() if blob.size < 0 and blob.mode in FILES)

    def names(self) -> Mapping[str, str]:
        """Git's names of the contents of the files, by path below the plan; what is in a merge has none."""
        return {path: blob.id for path, blob in self._blobs.items() if blob.mode and not blob.is_unmerged}

    def repository_files(self) -> RepositoryFiles:
        """Those of the commit."""
        return FilesOfCommit(self._repository, self.commit, self.place, self._environment)


def plan_at_revision(
    place: str | Repository,
    revision: str,
    environment: Mapping[str, str],
    folder: str = "",
    *,
    may_be_missing: bool = False,
) -> Tree | GitProblem:
    """The plan at a revision or in the INDEX, of the repository around its folder or of a repository.

    `folder` is where it is from the top; without it where it is now. Where there is none at the revision, the only
    other one is taken that is not in the work tree beside this one: the folder may have had another name.
    `may_be_missing`: where there is none either, its tree is empty.
    """
    with git_at(place, environment) as git:
        if isinstance(git, GitProblem):
            return git
        commit = revision if revision == INDEX else git.resolve(revision)
        if isinstance(commit, GitProblem):
            return commit
        asked = folder or (git.repository.place(place) if isinstance(place, str) else "")
        found = _find(git, commit, asked, may_be_missing=may_be_missing)
        if isinstance(found, GitProblem):
            return found
        blobs, folders = _sorted_out(found[1])
        cache = cache_of(place, environment) if isinstance(place, str) else None
        return Tree(commit, found[0], git.repository, environment, blobs, folders, cache)


def tracked_places(top: str, environment: Mapping[str, str]) -> list[str]:
    """The folders of the plans in the index, or in the last commit, whether or not they are in the work tree."""
    with git_at(top, environment) as git:
        if isinstance(git, GitProblem):
            return []
        found = (_plans(git, commit) for commit in (INDEX, "HEAD"))
        return next((one for one in found if one and not isinstance(one, GitProblem)), list[str]())


def _find(git: Git, commit: str, folder: str, *, may_be_missing: bool) -> tuple[str, list[Blob]] | GitProblem:
    """The folder that the plan had in a commit, and its files."""
    found = listed(git, commit, folder)
    if isinstance(found, GitProblem):
        if found.reason is not Reason.FAILED:
            return found
    elif any(one.path == _BOARD for one in found):
        return folder, found
    plans = _plans(git, commit)
    if isinstance(plans, GitProblem):
        return plans
    gone = [one for one in plans if not _is_there(git, one)]
    if len(gone) == 1:
        found = listed(git, commit, gone[0])
        return found if isinstance(found, GitProblem) else (gone[0], found)
    if may_be_missing and not gone:
        return folder, []
    several = f"there are {len(plans)}: {', '.join(plans[:5])}" if plans else ""
    return GitProblem(Reason.NO_PLAN, several)


def _plans(git: Git, commit: str) -> list[str] | GitProblem:
    """The folders of all plans in a commit."""
    blobs = listed(git, commit, "")
    if isinstance(blobs, GitProblem):
        return blobs
    paths = [one.path for one in blobs if f"/{one.path}".endswith(f"/{_BOARD}")]
    return [path[: -len(_BOARD)].rstrip("/") for path in paths]


def _is_there(git: Git, folder: str) -> bool:
    """Whether the work tree has a plan in a folder now."""
    top = git.repository.top
    return bool(top) and os.path.isfile(os.path.join(top, folder, _BOARD))


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
