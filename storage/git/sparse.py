"""The work tree of a sparse checkout: files of the plan that are left out of it are neither gone nor changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...model.snapshot.repository_files import RepositoryFiles
from ..disk.repository import GitProblem, is_sparse
from ..disk.scan import Found
from ..disk.source import Disk, Listing, Raw, Source
from .git import git_at
from .revision import Tree, plan_at_revision
from .tree import INDEX

_LEFT_OUT = "S "
"""What git puts before a path that it leaves out of the work tree."""


@dataclass(frozen=True)
class SparseWorkTree:
    """What is on the disk, and the rest as it is in the index."""

    disk: Disk
    rest: Tree

    def files(self, kinds: Iterable[str] | None = None) -> Listing:
        """The files of both, by path."""
        wanted = None if kinds is None else tuple(kinds)
        (here, strays), (rest, others) = self.disk.files(wanted), self.rest.files(wanted)
        return sorted((*here, *rest), key=lambda one: one.path), [*strays, *others]

    def read(self, found: Sequence[Found]) -> Iterator[tuple[int, Raw]]:
        """What is in them."""
        left_out = self.rest.names()
        for source, is_here in ((self.disk, True), (self.rest, False)):
            places = [at for at, one in enumerate(found) if (one.path not in left_out) is is_here]
            for at, raw in source.read([found[place] for place in places]):
                yield places[at], raw

    def repository_files(self) -> RepositoryFiles:
        """Those of the index: what is around the plan may be left out, too."""
        return self.rest.repository_files()


def whole(disk: Disk, environment: Mapping[str, str]) -> Source:
    """The plan on the disk, with what a sparse checkout leaves out of it."""
    paths = left_out(disk.root, environment)
    tree = plan_at_revision(disk.root, INDEX, environment) if paths else None
    return SparseWorkTree(disk, tree.only(paths)) if isinstance(tree, Tree) else disk


def left_out(root: str, environment: Mapping[str, str]) -> frozenset[str]:
    """The files of the plan that a sparse checkout leaves out, by path below the plan's folder."""
    if not is_sparse(root, environment):
        return frozenset()
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return frozenset()
        prefix = git.repository.prefix(root)
        output = git.run(["ls-files", "-t", "-z", "--", *([prefix] if prefix else [])])
    if isinstance(output, GitProblem):
        return frozenset()
    lines = output.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(
        one.removeprefix(_LEFT_OUT).removeprefix(prefix) for one in lines if one.startswith(_LEFT_OUT)
    )
