"""Files of a repository that hold values: found below its top, never outside of it, and read as they are."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from ...model.operations.observation import Unread
from ..disk.locate import is_within
from ..disk.regular import open_regular, read_regular

MOST_BYTES = 200_000_000
"""Of one file that is read as a whole."""


@dataclass(frozen=True)
class Place:
    """A file or a folder that was found in a repository."""

    top: str
    """The real path of the repository's top."""
    full: str
    """The real path of the file or folder."""

    def content(self) -> bytes | Unread:
        """All of a file."""
        try:
            found = read_regular(self.full, MOST_BYTES + 1)
        except OSError as error:
            return Unread(f"it cannot be read: {error.strerror}")
        return found if len(found) <= MOST_BYTES else Unread(f"it is larger than {MOST_BYTES:,} bytes")

    def folders(self, below: str = "") -> list[str]:
        """Names of the folders in a folder, in order. Raises OSError."""
        with os.scandir(os.path.join(self.full, below)) as found:
            return sorted(one.name for one in found if one.is_dir(follow_symlinks=False))

    def text(self, below: str, most: int = 1_000_000) -> str | None:
        """The text of a file below a folder; None where there is none inside the repository.

        Raises ValueError where it is no text, or has more bytes than are read.
        """
        full = os.path.realpath(os.path.join(self.full, below))
        if not is_within(full, self.top):
            return None
        try:
            found = read_regular(full, most + 1)
        except OSError:
            return None
        if len(found) > most:
            raise ValueError(f"{below} is larger than {most:,} bytes")
        return found.decode("utf-8")

    def digest(self) -> str:
        """SHA-256 of a file's content, in hex. Raises OSError."""
        found = hashlib.sha256()
        with open(open_regular(self.full), "rb") as file:
            while part := file.read(1 << 20):
                found.update(part)
        return found.hexdigest()


def find(top: str, path: str) -> Place | Unread:
    """The file or folder that a path from the top of a repository leads to."""
    top = os.path.realpath(top)
    try:
        full = os.path.realpath(os.path.join(top, path))
    except ValueError:
        return Unread("no file can have that name")
    if not is_within(full, top):
        return Unread("it leads out of the repository", "copy the file into it, or give the value yourself")
    if not os.path.lexists(full):
        return Unread("there is no such file", "the path begins at the top of the repository")
    return Place(top, full)
