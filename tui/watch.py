"""Noticing that somebody else has changed the plan's files: an editor, a script, `git checkout`.

No event of the system is trusted: they fail on network disks and overflow on large checkouts. Folders are looked at
every second or so, which shows every file that was made, removed or replaced. All files are looked at as often as
that costs next to nothing; at ten thousand files that is every few seconds. When something has changed, a short
silence is waited for, and the end of a git command that holds its lock, so that a checkout is painted once.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator

INTERVAL = 1.0
"""Seconds between two looks at the folders."""
SHARE = 0.005
"""Of one core's time that looking at all files may take."""
QUIET = 0.1
LONGEST_WAIT = 1.0
LONGEST_HOLD = 5.0


class Watcher:
    """A thread that calls `changed` when files differ, and `committed` when git's own state does."""

    def __init__(
        self,
        root: str,
        git_folder: str | None,
        changed: Callable[[], None],
        committed: Callable[[], None] | None = None,
    ) -> None:
        self.root = root
        self._git = git_folder
        self._changed = changed
        self._committed = committed
        self.ready = threading.Event()
        """Set once there is something to compare with: changes from then on are noticed."""
        self._wake = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="kedge-watch", daemon=True)

    def start(self) -> None:
        """Begins to watch."""
        self._thread.start()

    def look_now(self) -> None:
        """Looks at once, at all files: the terminal has got the focus back."""
        self._wake.set()

    def close(self) -> None:
        """Ends the thread."""
        self._ended = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        folders, files, git = self._folders(), self._files(), self._git_state()
        due = 0.0
        # What changed after the plan was read, and before there was anything to compare with, shows too.
        self._changed()
        self.ready.set()
        while not self._ended:
            woken = self._wake.wait(INTERVAL)
            self._wake.clear()
            if self._ended:
                return
            new_folders = self._folders()
            new_files = files
            if woken or new_folders != folders or time.monotonic() >= due:
                began = time.monotonic()
                new_files = self._files()
                due = time.monotonic() + (time.monotonic() - began) / SHARE
            if new_folders != folders or new_files != files:
                new_files = self._settled(new_files)
                folders, files = self._folders(), new_files
                self._changed()
            new_git = self._git_state()
            if new_git != git and self._committed is not None:
                self._committed()
            git = new_git

    def _settled(self, files: int) -> int:
        """Waits until nothing has changed for a moment and git is done; the state of the files then."""
        began = time.monotonic()
        while not self._ended:
            waited = time.monotonic() - began
            locked = self._git is not None and os.path.exists(os.path.join(self._git, "index.lock"))
            if waited > (LONGEST_HOLD if locked else LONGEST_WAIT):
                return files
            time.sleep(QUIET)
            again = self._files()
            if again == files and not locked:
                return files
            files = again
        return files

    def _folders(self) -> tuple[tuple[str, int], ...]:
        """The plan's folders with their times: they change with every file that comes, goes or is replaced."""
        found: list[tuple[str, int]] = []
        for folder in _walk(self.root):
            try:
                found.append((folder, os.stat(folder).st_mtime_ns))
            except OSError:
                continue
        return tuple(found)

    def _files(self) -> int:
        """A number that is another one when any file's stamp is."""
        total = 0
        for folder in _walk(self.root):
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.name.endswith(".toml"):
                            one = entry.stat(follow_symlinks=False)
                            total ^= hash((entry.path, one.st_mtime_ns, one.st_size, one.st_ino))
            except OSError:
                continue
        return total

    def _git_state(self) -> tuple[int, ...]:
        if self._git is None:
            return ()
        state: list[int] = []
        for name in ("HEAD", "index"):
            try:
                state.append(os.stat(os.path.join(self._git, name)).st_mtime_ns)
            except OSError:
                state.append(0)
        return tuple(state)


def _walk(root: str) -> Iterator[str]:
    """The folders that can hold records: the plan's own, `people`, and each project's with what is in it."""
    yield root
    yield os.path.join(root, "people")
    projects = os.path.join(root, "projects")
    yield projects
    for project in _subfolders(projects):
        yield project
        yield from _subfolders(project)


def _subfolders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
