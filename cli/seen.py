"""A plan in one of its states, as `check` and `fmt --check` look at it: the work tree, the index, a revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model.records.findings import Finding
from ..storage.disk.errors import KedgeError
from ..storage.disk.repository import GitProblem
from ..storage.plan.places import located
from .plan_folder import plan_root
from .settings import Settings

if TYPE_CHECKING:
    from ..model.snapshot.snapshot import Snapshot
    from ..storage.git.sides import Side
    from ..storage.plan.source_file import SourceFile
    from ..storage.plan.workspace import Workspace


@dataclass(frozen=True)
class Seen:
    """A plan that was read."""

    root: str
    """The plan's folder, by which its files are named."""
    files: Mapping[str, SourceFile]
    snapshot: Snapshot

    @classmethod
    def of_workspace(cls, settings: Settings, workspace: Workspace) -> Seen:
        """The plan on disk."""
        from ..storage.git.ages import dated

        snapshot = dated(workspace.snapshot(settings.today), workspace.root, settings.environment)
        return cls(workspace.root, workspace.files, snapshot)

    @classmethod
    def of_side(cls, settings: Settings, root: str, side: Side) -> Seen:
        """The plan at a revision or in the index."""
        from ..storage.plan.read import read_plan
        from ..storage.plan.snapshot import snapshot_of

        loaded = read_plan(side.source)
        return cls(root, loaded.files, snapshot_of(loaded, settings.today, revision=side.commit or side.name))

    def findings(
        self, select: Sequence[str] = (), ignore: Sequence[str] = (), most: int | None = None
    ) -> list[Finding]:
        """All findings of reading, of the playbook and of the rules, by place.

        `most`: how many of each rule will be shown, so that the lines of the others are not looked up.
        """
        from ..model.rules.checking import check
        from ..model.rules.selection import chosen

        reading = chosen(self.snapshot.findings, self.snapshot.plan, select, ignore)
        found = located(self.files, (*reading, *check(self.snapshot, select, ignore)), most)
        return sorted(found, key=lambda finding: finding.sort_key)


def staged_plan(settings: Settings) -> tuple[Seen, frozenset[str]]:
    """The plan in the index, and the files that are staged; it is not read where none is. Raises KedgeError."""
    from ..model.plan.plan import Plan
    from ..storage.git.sides import STAGED, side
    from ..storage.git.staged import staged_files
    from ..storage.plan.read import Loaded
    from ..storage.plan.snapshot import snapshot_of

    root = plan_root(settings)
    names = staged_files(root, settings.environment)
    if not isinstance(names, GitProblem) and not names:
        return Seen(root, {}, snapshot_of(Loaded(Plan()), settings.today)), names
    found = side(root, STAGED, settings.environment, may_be_missing=True)
    for one in (names, found):
        if isinstance(one, GitProblem):
            raise KedgeError(f"what is staged cannot be read: {one.message}")
    assert not isinstance(found, GitProblem)
    assert not isinstance(names, GitProblem)
    return Seen.of_side(settings, root, found), names
