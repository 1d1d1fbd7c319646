"""What is found out without being asked: files that somebody else changes, what check finds, and what git says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from textual.timer import Timer

from ...model.plan.findings import Finding
from ...storage.plan.workspace import Workspace
from ..session.watch import Watcher
from ..widgets.host import HostedApp
from .host import ScreenHost

SETTLE = 0.4
"""Seconds of silence before findings and git are looked at again."""
PAUSE = 0.005
"""Seconds for keys and painting between two bits of work that can wait."""


class Background:
    """The watcher and the threads beside a host. What they find comes to the host on the app's own thread."""

    def __init__(self, app: HostedApp, host: ScreenHost, environment: Mapping[str, str]) -> None:
        self._app = app
        self._host = host
        self._environment = environment
        self._watcher: Watcher | None = None
        self._timer: Timer | None = None

    def watch(self, workspace: Workspace) -> None:
        """Follows the files of a plan, and git, from now on."""
        from ...storage.git.git import git_folder

        def moved() -> None:
            self._app.call_later(self._host.git_moved)

        refresh = self._host.session.refresh
        self._watcher = Watcher(workspace.root, git_folder(workspace.root), refresh, moved, workspace.knows)
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
        """Has findings and git looked at, in threads."""
        for group, work in (("check", self._check), ("git", self._ask_git)):
            self._app.run_worker(work, group=group, thread=True, exclusive=True, exit_on_error=False)

    def _check(self) -> None:
        from ..session.problems import find_problems

        findings = find_problems(self._host.session.workspace, self._host.today)
        self._app.call_later(self._checked, findings)

    def _checked(self, findings: list[Finding]) -> None:
        severities = [one.severity for one in findings]
        self._host.findings = findings
        self._host.show_heading(
            replace(
                self._host.heading,
                errors=severities.count("error"),
                warnings=severities.count("warning"),
                advice=severities.count("advice"),
            )
        )

    def _ask_git(self) -> None:
        from ...storage.git.git import working_tree

        tree = working_tree(self._host.session.workspace.root, self._environment)
        self._app.call_later(self._git_said, *((tree.branch, tree.summary) if tree else ("", "")))

    def _git_said(self, branch: str, changes: str) -> None:
        self._host.show_heading(replace(self._host.heading, branch=branch, changes=changes))

    async def _prepare_search(self) -> None:
        """So that the first key of a filter need not: a little at a time, while nothing else is asked for."""
        await asyncio.sleep(SETTLE)
        board = self._host.board
        for _ in board.views.prepare_search(board.plan):
            await asyncio.sleep(PAUSE)
