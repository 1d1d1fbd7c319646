"""The files of a plan as they were read or written last, by which changes that others make on disk are noticed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, MutableMapping
from functools import cached_property

from ..disk.fetch import read_bytes
from ..disk.paths import address_of
from ..disk.scan import NO_STAMP, Stamp, stamp_of
from .on_demand import FilesOnDemand
from .source_file import SourceFile


class KnownFiles:
    """The files by path, and which of them are faulty."""

    def __init__(self, root: str, files: Mapping[str, SourceFile]) -> None:
        own = files if isinstance(files, FilesOnDemand) else dict(files)
        self.files: MutableMapping[str, SourceFile] = own
        self._root = root

    @cached_property
    def faulty(self) -> dict[str, SourceFile]:
        """The files with which something is wrong."""
        return {path: file for path, file in self.files.items() if file.findings or file.broken}

    def keep(self, path: str, file: SourceFile | None) -> None:
        """Keeps a file as it was read or written last; None where it is gone."""
        if path in self.files:
            del self.files[path]
        if file is not None:
            self.files[path] = file
        if "faulty" in vars(self):
            self.faulty.pop(path, None)
            if file is not None and (file.findings or file.broken):
                self.faulty[path] = file

    def knows(self, path: str, stamp: Stamp | None) -> bool:
        """Whether a file with a stamp (None: one that is gone) is as it was last read or written here."""
        known = self.files.get(path)
        return stamp is None if known is None else stamp == known.stamp

    def unlike_disk(self, paths: Iterable[str]) -> list[str]:
        """Those of some paths whose file on disk is not the one that is known."""
        return [path for path in paths if not self.knows(path, stamp_of(f"{self._root}/{path}"))]

    def is_plain(self, path: str) -> bool:
        """Whether a path is that of a record, with a file there or nothing."""
        if address_of(path) is None:
            return False
        try:
            return stat.S_ISREG(os.lstat(os.path.join(self._root, path)).st_mode)
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def stamp_after(self, path: str, content: bytes) -> Stamp:
        """The stamp of a file just written; that of no file where another program has saved it since."""
        try:
            stamp, there = read_bytes(os.path.join(self._root, path))
        except OSError:
            return NO_STAMP
        return stamp if there == content else NO_STAMP
