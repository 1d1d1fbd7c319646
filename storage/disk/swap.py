"""Giving a file of the plan its new content without losing what an editor, a script or git saves in that moment.

The new content is ready on the disk, in a staging folder, before anything is compared. Then, in a few microseconds:
no other program may have the file open for writing, it must have the content that the new one was made from, the two
trade their names, and what came out must still be that content. Where another program was faster its file gets its
name back, and the step is made again from what it saved. Removing and adding do the same with one name instead of two.
"""

from __future__ import annotations

import contextlib
import os
import secrets

from . import lease
from .atomic import refusals, sync_folder, write_new
from .errors import ChangedOutside, KeptBoth, SavedMeanwhile
from .exchange import exchange, give_name, taken_name
from .regular import open_regular
from .scan import Stamp, stamp_of
from .staging import staging

_TRIES = 20
"""How often a name is traded back while others save under it at the same time."""


class Swap:
    """One file on its way from one content to another; None where it does not exist before or after.

    Used in this order: `prepare`, `make`, `check`, `drop`; or `take_back` after any of them but the last.
    """

    def __init__(self, path: str, target: str, aside: str, start: bytes | None, goal: bytes | None) -> None:
        self.path = path
        """As messages name it."""
        self.target = target
        self.start, self.goal = start, goal
        self.place = os.path.dirname(os.path.dirname(aside))
        """The folder whose staging folder it uses."""
        self._aside = aside
        self._ours: tuple[int, int] | None = None
        self._displaced: Stamp | None = None

    def prepare(self) -> None:
        """Writes the new content to the disk, beside the plan. Raises OSError, or SavedMeanwhile."""
        os.makedirs(os.path.dirname(self.target), exist_ok=True)
        self.drop()
        if self.goal is not None:
            self._write(self.goal)

    def make(self) -> None:
        """Gives the file its new content. Raises SavedMeanwhile where it is not what it was, or OSError."""
        self._trade(self.start, self.goal)

    def check(self) -> None:
        """Raises SavedMeanwhile where another program has written to the old file since it lost its name."""
        if self._displaced is not None and stamp_of(self._aside) != self._displaced:
            raise SavedMeanwhile(self.path)

    def take_back(self) -> None:
        """Gives the file its old content again, where this was made. What others saved since stays."""
        if not self._is_made():
            return
        if self.start is None:
            # Both names may be those of one file, between which a rename does nothing.
            self.drop()
        elif not os.path.lexists(self._aside):
            self._write(self.start)
        with contextlib.suppress(SavedMeanwhile):
            self._trade(self.goal, self.start)

    def drop(self) -> None:
        """Removes what is aside."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._aside)

    def recover(self) -> None:
        """After a run that was killed in the middle: a save that lost its name gets it back, the rest is dropped."""
        taken = taken_name(self._aside)
        if os.path.lexists(taken):
            try:
                give_name(taken, self.target)
            except FileExistsError:
                if _content(self.target) == self.goal:
                    os.replace(taken, self._aside)
                else:
                    self._keep_beside(taken)
        content = _content(self._aside)
        if content not in (None, self.start, self.goal) and _content(self.target) == self.goal:
            with contextlib.suppress(ChangedOutside):
                self._trade(self.goal, content)
        self.drop()

    def _write(self, content: bytes) -> None:
        like = self.target if os.path.lexists(self.target) else None
        status = write_new(self._aside, content, like)
        self._ours = status.st_dev, status.st_ino

    def _is_made(self) -> bool:
        if self.goal is None:
            return os.path.lexists(self._aside)
        try:
            status = os.stat(self.target)
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self._ours

    def _trade(self, expected: bytes | None, content: bytes | None) -> None:
        """Trades what has the name, which must be `expected`, for what is aside (nothing where content is None)."""
        if expected is None:
            try:
                give_name(self._aside, self.target)
            except FileExistsError:
                raise SavedMeanwhile(self.path) from None
            return
        try:
            with lease.held(self.target) as is_wanted:
                if _content(self.target) != expected:
                    raise SavedMeanwhile(self.path)
                if content is None:
                    os.rename(self.target, self._aside)
                else:
                    self._exchange()
                self._displaced = stamp_of(self._aside)
                # Another kedge may have swept what is aside, on disks where its lock does not show.
                if is_wanted() or _content(self._aside) not in (None, expected):
                    self._give_back(content)
                    raise SavedMeanwhile(self.path)
        except lease.OpenElsewhere:
            raise SavedMeanwhile(self.path, "is open for writing in another program") from None
        except FileNotFoundError:
            raise SavedMeanwhile(self.path) from None

    def _give_back(self, ours: bytes | None) -> None:
        """Gives a file that another program saved its name back; one that was saved even later keeps it."""
        if ours is None:
            try:
                give_name(self._aside, self.target)
            except FileExistsError:
                raise KeptBoth(self.path, self._keep_beside(self._aside)) from None
            return
        seen = {ours, _content(self._aside)}
        for _ in range(_TRIES):
            try:
                self._exchange()
            except FileNotFoundError:
                # They removed our file: what they had saved before is what is left.
                with contextlib.suppress(FileExistsError):
                    give_name(self._aside, self.target)
                return
            content = _content(self._aside)
            if content in seen:
                return
            seen.add(content)

    def _exchange(self) -> None:
        """Trades the two files. Raises KeptBoth where another program saved while the name was free, or OSError."""
        try:
            exchange(self._aside, self.target)
        except FileExistsError:
            # It may have saved all, or have appended a line to what it took for a new file.
            kept = [self._keep_beside(one) for one in (taken_name(self._aside), self._aside)]
            raise KeptBoth(self.path, " and ".join(filter(None, kept))) from None

    def _keep_beside(self, file: str) -> str:
        """Gives what others wrote a name beside the file, where a person finds it; empty where it is our own."""
        if _content(file) == self.goal:
            os.unlink(file)
            return ""
        number = 1
        while os.path.lexists(name := f"{self.target}.kept-{number}"):
            number += 1
        give_name(file, name)
        return os.path.basename(name)


def swap_file(path: str, start: bytes | None, goal: bytes | None) -> None:
    """Gives one file outside of a step its new content, or removes it. Raises SavedMeanwhile, or NotWritable."""
    # A link stays one, and its target is replaced; what is removed is the link.
    target = os.path.realpath(path) if start is not None and goal is not None else path
    folder = os.path.dirname(target)
    with refusals(path):
        os.makedirs(folder, exist_ok=True)
        with staging(folder) as place:
            swap = Swap(path, target, os.path.join(place, secrets.token_hex(4)), start, goal)
            try:
                swap.prepare()
                swap.make()
                sync_folder(folder)
                swap.check()
            except BaseException:
                swap.take_back()
                raise
            finally:
                swap.drop()


def _content(path: str) -> bytes | None:
    """All of a file, also of one that is too large to be read as a record; None where there is none."""
    try:
        handle = open_regular(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with open(handle, "rb") as file:
        return file.read()
