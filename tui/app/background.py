"""What is looked up without a key: files that other programs change, what check finds, and what git says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.timer import Timer

from ...model.derived.derived import Derived
from ...model.plan.plan import Plan
from ...storage.plan.workspace import Workspace
from ..widgets.host import HostedApp
from .host import ScreenHost

if TYPE_CHECKING:
    from ...model.review.range_findings import LossyMerge
    from ..session.watch import Watcher

SETTLE = 0.4
"""Seconds of silence before findings and git are looked at again."""
PAUSE = 0.005
"""Seconds for keys and painting between two bits of work that can wait."""


class Background:
    """The watcher beside a host, and what the session is asked unasked; what is found comes to the host as an event."""

    def __init__(self, app: HostedApp, host: ScreenHost, environment: Mapping[str, str]) -> None:
        self._app = app
        self._host = host
        self._environment = environment
        self._watcher: Watcher | None = None
        self._timer: Timer | None = None
        self._is_ready = False
        """Whether what the actions need has been imported, so that the first key need not wait for it."""
        self._last_merge = _LastMerge()

    def watch(self, workspace: Workspace) -> None:
        """Follows the files of a plan, and git, from now on."""
        from ...storage.disk.repository import Repository, find_repository
        from ..session.watch import Watcher

        def moved() -> None:
            self._app.call_later(self._host.git_moved)

        assert self._host.opened is not None
        refresh = self._host.opened.refresh
        found = find_repository(workspace.root, self._environment)
        git = found.folder if isinstance(found, Repository) else None
        self._watcher = Watcher(workspace.root, git, refresh, moved, workspace.known.knows)
        self._watcher.start()

    def look_now(self) -> None:
        """Looks at the files at once."""
        if self._watcher is not None:
            self._watcher.look_now()

    def close(self) -> None:
        """Follows nothing any more."""
        if self._watcher is not None:
            self._watcher.close()

    # ---- findings, git, and what makes the first filter quick

    def look_soon(self) -> None:
        """Has findings and git looked at once nothing has happened for a moment."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._app.set_timer(SETTLE, self.look)
        self._app.run_worker(self._prepare_search(), exclusive=True, group="search")

    def look(self) -> None:
        """Has findings and git looked at."""
        session, environment = self._host.opened, self._environment
        if session is None:
            return
        derived, root = session.derived, session.workspace.root
        session.worker.ask(("counts",), lambda task: _counts(derived.told(task)), is_kept=True)
        self._host.board.dates.ask()
        session.worker.ask(
            ("git",), lambda _: _working_tree(root, environment, derived.plan, self._last_merge)
        )
        if not self._is_ready:
            self._is_ready = True
            session.worker.ask(("actions",), lambda _: self._host.board.load_actions())

    async def _prepare_search(self) -> None:
        """So that the first key of a filter need not: a little at a time, while nothing else is asked for."""
        await asyncio.sleep(SETTLE)
        board = self._host.board
        for _ in board.views.prepare_search(board.plan):
            await asyncio.sleep(PAUSE)


def _counts(derived: Derived) -> dict[str, int]:
    """Findings by severity, as the head line names them."""
    from ..session.problems import count_problems

    counts = count_problems(derived)
    names = (("errors", "error"), ("warnings", "warning"), ("advice", "advice"))
    return {name: counts.get(severity, 0) for name, severity in names}


def _working_tree(
    root: str, environment: Mapping[str, str], plan: Plan, last_merge: _LastMerge
) -> dict[str, str]:
    """Branch and changes of the working tree, as the head line names them; the problem where git has no answer."""
    from ...model.text.amounts import counted
    from ...storage.disk.repository import GitProblem
    from ...storage.git.behind import behind_main
    from ...storage.git.sparse import left_out
    from ...storage.git.working_tree import working_tree

    tree = working_tree(root, environment)
    if isinstance(tree, GitProblem):
        problem = "" if tree.is_expected else tree.reason.value
        return {"branch": "", "changes": "", "behind": "", "git_problem": problem}
    problem = "no merge driver: kedge git install" if tree.lacks_driver else ""
    if count := len(left_out(root, environment)):
        # What refers to them seems to lead nowhere, and their cards are not on the board.
        problem = f"{counted(count, 'file')} left out: git sparse-checkout add"
    if last_merge.has_lost(root, environment, plan):
        problem = "the last merge lost an edit: kedge check"
    behind = behind_main(root, environment)
    said = "" if isinstance(behind, GitProblem) else behind.said
    if isinstance(behind, GitProblem) and not behind.is_expected:
        problem = problem or behind.reason.value
    return {"branch": tree.branch, "changes": tree.summary, "behind": said, "git_problem": problem}


class _LastMerge:
    """What the last commit has lost, where it is a merge: a commit is looked through once, not after each change."""

    def __init__(self) -> None:
        self._commit: str | None = None
        self._merge: LossyMerge | None = None

    def has_lost(self, root: str, environment: Mapping[str, str], plan: Plan) -> bool:
        """Whether the commit has lost an edit that is not back yet."""
        from ...model.review.range_findings import is_lost
        from ...storage.disk.repository import GitProblem
        from ...storage.git.head import head_commit
        from ...storage.git.merge_results import lossy_merge_at

        commit = head_commit(root, environment)
        if isinstance(commit, GitProblem):
            return False
        if commit != self._commit:
            merge = lossy_merge_at(root, commit, environment)
            if isinstance(merge, GitProblem):
                return False
            self._commit, self._merge = commit, merge
        return self._merge is not None and any(is_lost(edit, plan) for edit, _ in self._merge.edits)
