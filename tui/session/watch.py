"""Notices that another program has changed the plan's files: an editor, a script, `git checkout`.

What the system tells of files only wakes a look at them: such events fail on network disks, overflow on large
checkouts, and do not come at all where the system has no watches left or the library is missing. The truth is in the
files' stamps. Folders are looked at every second, which shows every file that was made, removed or replaced; all
files are looked at when an event comes that does not name the few that it is about, and without one as often as that
costs next to nothing, at ten thousand files every few seconds. Where the system cannot be relied on to tell, looking
is all there is, and may cost more: ten thousand files are then looked at about every second. When something has
changed, a short silence is waited for, and the end of a git command that holds its lock, so that a checkout is
painted once.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from ...storage.disk.network_fs import is_shared
from ...storage.disk.scan import Stamp, is_like_record, stamp_of, stamps

INTERVAL = 1.0
"""Seconds between two looks at the folders."""
SHARE = 0.003
"""Of one core's time that looking at all files may take while no event comes."""
INTERVAL_ALONE = 0.5
SHARE_ALONE = 0.05
"""The same where the system does not tell of every change."""
SHARE_WAITING = 0.5
"""Of the time that may pass waiting for a disk that answers slowly: a server has others to serve."""
STEP = 0.05
"""Seconds without another event until those that came are told; the thread ends as soon."""
QUIET = 0.1
FEW = 50
"""Files named by events up to which only these are read; with more the whole plan is compared."""
LONGEST_WAIT = 1.0
LONGEST_HOLD = 5.0


class Watcher:
    """A thread that calls `changed` when files differ, and `committed` when git's own state does.

    `changed` is given the files that an event has named, where they are few; None stands for any file.

    `is_known` says whether a file below the plan, as it is now (None where it is gone), is what was last read or
    written here: then the change is our own.
    """

    def __init__(
        self,
        root: str,
        git_folder: str | None,
        changed: Callable[[Collection[str] | None], None],
        committed: Callable[[], None] | None = None,
        is_known: Callable[[str, Stamp | None], bool] = lambda _path, _mark: False,
    ) -> None:
        # The system tells of files by their real names.
        self.root = os.path.realpath(root)
        self._git = git_folder
        self._changed = changed
        self._committed = committed
        self._is_known = is_known
        self.ready = threading.Event()
        """Set once there is something to compare with: changes from then on are noticed."""
        self._wake = threading.Event()
        self._ended = False
        self._due = 0.0
        """When all files are looked at although nothing tells of them."""
        self._is_alone = False
        """Whether others may change files without the system telling."""
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
        self._is_alone = is_shared(self.root)
        folders, files, git = self._folders(), self._files(), self._git_state()
        unheard: frozenset[str] = frozenset()
        # What changed after the plan was read, and before there was anything to compare with, shows too.
        self._changed(None)
        self.ready.set()
        for heard in self._rounds():
            if heard == frozenset() and unheard:
                # An edit was found that nothing was heard of, a whole interval later either.
                self._be_alone()
            unheard = unheard - heard if heard else frozenset()
            new_folders, new_files = self._folders(), files
            now = self._stamps(heard or ())
            is_few = 0 < len(now) <= FEW and new_folders.keys() == folders.keys() and not self._is_alone
            if is_few or (heard and self._are_known(now)):
                # Our own writing, or a few files; that has given their folders another time, too.
                new_files, folders = {**files, **now}, new_folders
            elif heard is None or heard or new_folders != folders or time.monotonic() >= self._due:
                new_files = self._looked()
            differing: dict[str, Stamp | None] = {}
            if new_files is not files:
                differing = {path: new_files.get(path) for path, _ in new_files.items() ^ files.items()}
            if heard == frozenset() and new_folders == folders and not self._is_alone:
                unheard = frozenset(
                    path for path, mark in differing.items() if not self._is_known(path, mark)
                )
            if new_folders.keys() != folders.keys() or not self._are_known(differing):
                new_files = self._settled(new_files, now if is_few else None)
                self._changed(frozenset(now) if is_few else None)
            if new_folders.keys() != folders.keys():
                # Others are to be listened to.
                self._wake.set()
            folders, files = new_folders, new_files
            new_git = self._git_state()
            if new_git != git and self._committed is not None:
                self._committed()
            git = new_git

    def _rounds(self) -> Iterator[frozenset[str] | None]:
        """The files that events have named, or none when just some time has passed; None: look at everything."""
        listen = _events()
        while not self._ended:
            begun = False
            self._is_alone = self._is_alone or listen is _waits
            interval = INTERVAL_ALONE if self._is_alone else INTERVAL
            try:
                for heard in listen(self.root, [*self._folders()], self._wake, interval):
                    if self._ended:
                        return
                    # What happened before the system began to tell is not among what it tells.
                    yield heard if begun else None
                    begun = True
            except Exception:  # noqa: BLE001  no watches left, a disk that has none: then time alone wakes
                listen = _waits
                continue
            self._wake.clear()
            if not self._ended:
                yield None

    def _looked(self) -> dict[str, Stamp | None]:
        """The state of all files; sets when they are due again."""
        began, before = time.monotonic(), time.thread_time()
        files = self._files()
        cost, ended = time.thread_time() - before, time.monotonic()
        self._due = ended + _pause(cost, ended - began, is_alone=self._is_alone)
        return files

    def _be_alone(self) -> None:
        """From now on looks as if the system told nothing."""
        self._is_alone = True
        self._wake.set()

    def _are_known(self, marks: Mapping[str, Stamp | None]) -> bool:
        return all(self._is_known(path, mark) for path, mark in marks.items())

    def _settled(
        self, files: dict[str, Stamp | None], few: Collection[str] | None
    ) -> dict[str, Stamp | None]:
        """Waits until nothing (of a few) has changed for a moment and git is done; the state of the files then."""
        began = time.monotonic()
        while not self._ended:
            waited = time.monotonic() - began
            locked = self._git is not None and os.path.exists(os.path.join(self._git, "index.lock"))
            if waited > (LONGEST_HOLD if locked else LONGEST_WAIT):
                return files
            time.sleep(QUIET)
            again = self._files() if few is None else {**files, **self._stamps(few)}
            if again == files and not locked:
                return files
            files = again
        return files

    def _stamps(self, paths: Collection[str]) -> dict[str, Stamp | None]:
        return {path: stamp_of(f"{self.root}/{path}") for path in paths}

    def _folders(self) -> dict[str, int]:
        """The plan's folders with their times: they change with every file that comes, goes or is replaced."""
        found: dict[str, int] = {}
        for folder in _walk(self.root):
            with contextlib.suppress(OSError):
                found[folder] = os.stat(folder).st_mtime_ns
        return found

    def _files(self) -> dict[str, Stamp | None]:
        """The stamps of all files, by path below the plan."""
        found: dict[str, Stamp | None] = {}
        for folder in _walk(self.root):
            before = _below(self.root, folder)
            found.update(stamps(folder, f"{before}/" if before else ""))
        return found

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


def _pause(cost: float, took: float, *, is_alone: bool) -> float:
    """Seconds until all files are looked at again, after a look with its cost in a core's time, and what it took."""
    return max(cost / (SHARE_ALONE if is_alone else SHARE), took / SHARE_WAITING)


_Listen = Callable[[str, list[str], threading.Event, float], Iterator[frozenset[str]]]
"""Gives the files below a plan that are heard of in its folders, none at each interval, until an event is set."""


def _waits(
    _root: str, _folders: list[str], until: threading.Event, interval: float
) -> Iterator[frozenset[str]]:
    while not until.wait(interval):
        yield frozenset()


def _events() -> _Listen:
    try:
        # Imported in this thread, when the board is shown already: it would hold up the start.
        from watchfiles import watch
    except ImportError:
        return _waits

    def listen(
        root: str, folders: list[str], until: threading.Event, interval: float
    ) -> Iterator[frozenset[str]]:
        options: dict[str, Any] = {
            "watch_filter": None,
            "debounce": round(LONGEST_WAIT * 1000),
            "step": round(STEP * 1000),
            "rust_timeout": max(1, round(interval * 1000)),
            "stop_event": until,
            "yield_on_timeout": True,
            "raise_interrupt": False,
            # Looking at stamps now and then is done here, and cheaper.
            "force_polling": False,
            # Only where records lie: a link in the plan may lead to a whole disk.
            "recursive": False,
            "ignore_permission_denied": True,
        }
        for changes in watch(*folders, **options):
            yield frozenset(_below(root, path) for _, path in changes if _is_record(path))

    return listen


def _is_record(path: str) -> bool:
    """Whether a file can hold a record; the temporary files of editors, and our own, cannot."""
    return is_like_record(os.path.basename(path))


def _below(root: str, path: str) -> str:
    return path.removeprefix(root).strip(os.sep).replace(os.sep, "/")


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
