"""Which files a plan has, with what tells a changed one from an unchanged one.

Names and stats only; nothing is opened here. What does not belong is a finding, and nothing outside the plan's
folder is ever followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from operator import attrgetter, itemgetter
from typing import NamedTuple

from ...model.plan.findings import Finding
from ...model.records.address import Address, is_id
from .paths import FOLDERS, SINGLES, SUFFIX, address_of

MAX_FILES = 100_000


Stamp = tuple[int, int, int, int]
"""What the system says of a file: when it was modified, its size, its inode, when it was changed (in nanoseconds).
Another stamp means that it has to be read again."""
NO_STAMP: Stamp = (0, -1, 0, 0)
"""Of a text that lies in no file, or in one that cannot be read: it is like no other."""
_FIELDS = attrgetter("st_mtime_ns", "st_size", "st_ino", "st_ctime_ns")


class Found(NamedTuple):
    """A file of the plan, not yet read."""

    path: str
    """Below the plan, with forward slashes."""
    address: Address


def stamp(status: os.stat_result) -> Stamp:
    """The stamp of a file's status."""
    return _FIELDS(status)


def stamp_of(path: str) -> Stamp | None:
    """The stamp of the file at a path; None where there is none."""
    try:
        return _FIELDS(os.stat(path))
    except OSError:
        return None


_BY_NAME = os.stat in os.supports_dir_fd and os.listdir in os.supports_fd


def stamps(folder: str, before: str = "") -> dict[str, Stamp]:
    """The TOML files of a folder by name (with `before` in front), each with its stamp; none where it cannot be read.

    A name is looked up from the open folder where the system can do that: it need not walk the path for each.
    """
    found: dict[str, Stamp] = {}
    handle = None
    try:
        handle = os.open(folder, os.O_RDONLY) if _BY_NAME else None
        above = "" if _BY_NAME else folder + os.sep
        for name in os.listdir(folder if handle is None else handle):
            if name.endswith(SUFFIX) and name[0] != ".":
                try:
                    found[before + name] = _FIELDS(os.stat(above + name, dir_fd=handle))
                except OSError:
                    # A link that leads nowhere, or a file that has gone just now.
                    continue
    except OSError:
        return found
    finally:
        if handle is not None:
            os.close(handle)
    return found


def scan(root: str, kinds: Iterable[str] | None = None) -> tuple[list[Found], list[Finding]]:
    """All files of a plan (or of some kinds) by their paths, and findings for what does not belong."""
    walk = _Walk(root, frozenset(kinds) if kinds is not None else None)
    walk.plan()
    # Records that come in order are put in order in no time.
    return sorted(walk.found, key=itemgetter(0)), walk.findings


class _Walk:
    """One pass over the folders of a plan."""

    def __init__(self, root: str, kinds: frozenset[str] | None) -> None:
        self.root = root
        self.real_root = os.path.realpath(root)
        self.kinds = kinds
        self.found: list[Found] = []
        self.findings: list[Finding] = []

    def wanted(self, kind: str) -> bool:
        return self.kinds is None or kind in self.kinds

    def plan(self) -> None:
        for entry in self.entries(""):
            if entry.name == "people" and self.is_folder(entry, ""):
                if self.wanted("person"):
                    self.files("people", "person", "")
            elif entry.name == "projects" and self.is_folder(entry, ""):
                for project in self.entries("projects"):
                    if self.is_folder(project, "projects"):
                        self.project(project.name)
            else:
                self.file(entry, "")

    def project(self, name: str) -> None:
        folder = f"projects/{name}"
        for entry in self.entries(folder):
            kind = FOLDERS.get(entry.name)
            if kind is not None:
                if self.wanted(kind) and self.is_folder(entry, folder):
                    self.files(f"{folder}/{entry.name}", kind, name)
            elif entry.name in SINGLES:
                if self.wanted(SINGLES[entry.name]):
                    self.file(entry, folder)
            elif self.kinds is None:
                self.stray(entry, folder)

    def files(self, folder: str, kind: str, project: str) -> None:
        """The files of a folder whose name has said the kind: of thousands, only the stem is looked at."""
        known = (kind, project) if not project or is_id(project) else None
        for entry in self.entries(folder):
            self.file(entry, folder, known)

    def file(self, entry: os.DirEntry[str], folder: str, known: tuple[str, str] | None = None) -> None:
        name = entry.name
        if not name.endswith(SUFFIX) or name.startswith("."):
            if self.kinds is None:
                self.stray(entry, folder)
            return
        path = f"{folder}/{name}" if folder else name
        try:
            if entry.is_symlink() and not self.stays_inside(entry.path):
                self.report(
                    "F111", path, "a symlink that leaves the plan is not followed", "put the file itself here"
                )
                return
            if not entry.is_file():
                return
        except OSError as error:
            self.report("F110", path, f"cannot be read: {error.strerror}", "check its permissions")
            return
        if known:
            stem = name.removesuffix(SUFFIX)
            address = Address(*known, stem) if is_id(stem) else None
        else:
            address = address_of(path)
        if address is None:
            if self.kinds is None:
                self.misplaced(path)
        elif len(self.found) >= MAX_FILES:
            if len(self.found) == MAX_FILES and not any(one.code == "F109" for one in self.findings):
                self.report(
                    "F109", "", f"more than {MAX_FILES:,} files; the others are not read", "split the plan"
                )
        elif self.wanted(address.kind):
            self.found.append(Found(path, address))

    def entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self.root, folder) if folder else self.root) as found:
                yield from found
        except FileNotFoundError:
            return
        except OSError as error:
            self.report("F110", folder, f"cannot be read: {error.strerror}", "check its permissions")

    def is_folder(self, entry: os.DirEntry[str], folder: str) -> bool:
        try:
            if entry.is_symlink() and not self.stays_inside(entry.path):
                path = f"{folder}/{entry.name}" if folder else entry.name
                self.report(
                    "F111",
                    path,
                    "a symlink that leaves the plan is not followed",
                    "put the folder itself here",
                )
                return False
            return entry.is_dir()
        except OSError:
            return False

    def stays_inside(self, path: str) -> bool:
        return os.path.realpath(path).startswith(self.real_root + os.sep)

    def stray(self, entry: os.DirEntry[str], folder: str) -> None:
        """A folder or a TOML file in a place where nothing is looked for; other files are nobody's business."""
        name = entry.name
        if name.startswith((".", "_")) or name == "README.md":
            return
        path = f"{folder}/{name}" if folder else name
        if name.endswith(SUFFIX):
            self.misplaced(path)
        elif self.is_folder(entry, folder):
            known = ["people", "projects"] if not folder else list(FOLDERS)
            from ...model.plan.validate import nearest

            close = nearest(name, known)
            self.report(
                "F117", path, "nothing is read from this folder", f"did you mean {close}?" if close else ""
            )

    def misplaced(self, path: str) -> None:
        name = path.rpartition("/")[2].removesuffix(SUFFIX)
        folder = path.rpartition("/")[0]
        if folder == "people" or folder.count("/") == 2:
            self.report(
                "F112",
                path,
                f"the file's name is not an id: {name!r}",
                "rename it: lower-case letters, digits and single hyphens, at most 64",
            )
        else:
            from ...model.plan.validate import nearest

            close = nearest(name + SUFFIX, ["board.toml", "playbook.toml", *SINGLES])
            self.report(
                "F117", path, "no record has its place here", f"did you mean {close}?" if close else ""
            )

    def report(self, code: str, path: str, message: str, hint: str) -> None:
        severity = "warning" if code == "F117" else "error"
        self.findings.append(Finding(code, severity, message, file=path, hint=hint))
