"""Which files a plan has, and the stamps by which a changed file is recognised.

Names and stats only; nothing is opened here. What does not belong is a finding, and nothing outside the plan's
folder is ever followed.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from operator import attrgetter, itemgetter
from typing import NamedTuple, Protocol

from ...model.records.address import Address, is_id
from ...model.records.findings import Finding
from .paths import FOLDERS, SINGLES, SUFFIX, address_of
from .regular import other_than_file

MAX_FILES = 100_000
MOST_MEANT = 25
"""Findings of a walk after which names are no longer compared with the known ones."""


Stamp = tuple[int, int, int, int]
"""What the system says of a file: when it was modified, its size, its inode, when it was changed (in nanoseconds).
Another stamp means that it has to be read again."""
NO_STAMP: Stamp = (0, -1, 0, 0)
"""Of a text that is in no file, or in one that cannot be read: it is like no other."""
_FIELDS = attrgetter("st_mtime_ns", "st_size", "st_ino", "st_ctime_ns")


class Entry(Protocol):
    """A name in a folder of the plan, and what it stands for."""

    @property
    def name(self) -> str:
        """Without the folder."""
        ...

    @property
    def path(self) -> str:
        """From where the walk began."""
        ...

    def is_symlink(self) -> bool:
        """Whether it is a link."""
        ...

    def is_file(self) -> bool:
        """Whether it is, or leads to, a file."""
        ...

    def is_dir(self) -> bool:
        """Whether it is, or leads to, a folder."""
        ...


class Found(NamedTuple):
    """A file of the plan, not yet read."""

    path: str
    """Below the plan, with forward slashes."""
    address: Address


def stamp(status: os.stat_result) -> Stamp:
    """The stamp of a file's status."""
    return _FIELDS(status)


def stamp_of(path: str) -> Stamp | None:
    """The stamp of the file at a path, or of a link that leads nowhere; None where there is none."""
    try:
        return _FIELDS(os.stat(path))
    except OSError:
        with suppress(OSError):
            return _FIELDS(os.lstat(path))
    return None


_BY_NAME = os.stat in os.supports_dir_fd and os.listdir in os.supports_fd


def is_like_record(name: str) -> bool:
    """Whether a name is that of a record, or one that a person takes for it (`x.TOML`)."""
    return name[:1] != "." and (name.endswith(SUFFIX) or name.strip().lower().endswith(SUFFIX))


def stamps(folder: str, before: str = "") -> dict[str, Stamp]:
    """The TOML files of a folder by name (with `before` in front), each with its stamp; none where it cannot be read.

    What only looks like one (`x.TOML`, a link that leads nowhere) is among them, so that it gets its finding.
    A name is looked up from the open folder where the system can do that: it need not walk the path for each.
    """
    found: dict[str, Stamp] = {}
    handle = None
    try:
        handle = os.open(folder, os.O_RDONLY) if _BY_NAME else None
        above = "" if _BY_NAME else folder + os.sep
        for name in os.listdir(folder if handle is None else handle):
            if is_like_record(name):
                try:
                    found[before + name] = _FIELDS(os.stat(above + name, dir_fd=handle))
                except OSError:
                    # A link that leads nowhere, or a file that has gone just now.
                    with suppress(OSError):
                        found[before + name] = _FIELDS(os.lstat(above + name, dir_fd=handle))
    except OSError:
        return found
    finally:
        if handle is not None:
            os.close(handle)
    return found


def scan(root: str, kinds: Iterable[str] | None = None) -> tuple[list[Found], list[Finding]]:
    """All files of a plan (or of some kinds) by their paths, and findings for what does not belong."""
    return DiskWalk(root, kinds).all()


class Walk:
    """One pass over the folders of a plan, wherever they are."""

    def __init__(self, kinds: Iterable[str] | None) -> None:
        self.kinds = frozenset(kinds) if kinds is not None else None
        self.found: list[Found] = []
        self.findings: list[Finding] = []

    def all(self) -> tuple[list[Found], list[Finding]]:
        """The files, by their paths, and what does not belong."""
        self.plan()
        # Records that come in order are put in order in no time.
        return sorted(self.found, key=itemgetter(0)), self.findings

    def entries(self, folder: str) -> Iterator[Entry]:
        """What is in a folder below the plan; nothing where it is not there."""
        raise NotImplementedError

    def stays_inside(self, path: str) -> bool:
        """Whether a link leads to a place in the plan."""
        raise NotImplementedError

    def other_than_file(self, entry: Entry) -> str:
        """What an entry is in words; empty where it is a file, or where it has gone just now."""
        raise NotImplementedError

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
                    elif self.kinds is None:
                        self.stray(project, "projects")
            elif entry.name in ("people", "projects"):
                self.no_folder(entry, "")
            else:
                self.file(entry, "")

    def project(self, name: str) -> None:
        folder = f"projects/{name}"
        for entry in self.entries(folder):
            kind = FOLDERS.get(entry.name)
            if kind is not None:
                if not self.wanted(kind):
                    continue
                if self.is_folder(entry, folder):
                    self.files(f"{folder}/{entry.name}", kind, name)
                else:
                    self.no_folder(entry, folder)
            elif entry.name in SINGLES:
                if self.wanted(SINGLES[entry.name]):
                    self.file(entry, folder)
            elif self.kinds is None:
                self.stray(entry, folder)

    def files(self, folder: str, kind: str, project: str) -> None:
        """The files of a folder of one kind: for thousands of files only the stem is checked."""
        known = (kind, project) if not project or is_id(project) else None
        for entry in self.entries(folder):
            self.file(entry, folder, known)

    def file(self, entry: Entry, folder: str, known: tuple[str, str] | None = None) -> None:
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
                self.no_file(entry, path)
                return
        except OSError as error:
            if error.errno == errno.ELOOP:
                self.no_file(entry, path)
            else:
                self.report("F110", path, f"cannot be read: {error.strerror}", "check its permissions")
            return
        address = _below(name, *known) if known else address_of(path)
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

    def is_folder(self, entry: Entry, folder: str) -> bool:
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

    def stray(self, entry: Entry, folder: str) -> None:
        """A folder or a TOML file in a place where nothing is looked for; other files are ignored."""
        name = entry.name
        if name.startswith((".", "_")) or name == "README.md":
            return
        path = f"{folder}/{name}" if folder else name
        if is_like_record(name):
            self.misplaced(path)
        elif folder == "projects" and is_id(name):
            self.no_folder(entry, folder)
        elif self.is_folder(entry, folder):
            known = ["people", "projects"] if not folder else list(FOLDERS)
            self.report("F117", path, "nothing is read from this folder", self.meant(name, known))

    def no_file(self, entry: Entry, path: str) -> None:
        """What has the name of a record and is no file; nothing where it has gone just now."""
        other = self.other_than_file(entry)
        if other:
            self.report("F110", path, f"{other}, where a file is wanted", "put the file itself here")

    def no_folder(self, entry: Entry, folder: str) -> None:
        """What has the name of a folder with records and is none."""
        path = f"{folder}/{entry.name}" if folder else entry.name
        if self.findings and self.findings[-1].file == path:
            return  # a link that leaves the plan has got its finding just now
        other = self.other_than_file(entry) or "a file"
        self.report("F110", path, f"{other}, where a folder is wanted", "put the folder itself here")

    def misplaced(self, path: str) -> None:
        folder, _, file = path.rpartition("/")
        name = file.removesuffix(SUFFIX)
        if name == file:
            right = file.strip()[: -len(SUFFIX)] + SUFFIX
            self.report("F112", path, f"only names that end in {SUFFIX} are read", f"rename it to {right}")
        elif folder == "people" or folder.count("/") == 2:
            self.report(
                "F112",
                path,
                f"the file's name is not an id: {name!r}",
                "rename it: lower-case letters, digits and single hyphens, at most 64",
            )
        else:
            known = ["board.toml", "playbook.toml", *SINGLES]
            self.report("F117", path, "no record has its place here", self.meant(name + SUFFIX, known))

    def meant(self, name: str, known: list[str]) -> str:
        """What to say of a name that is like a known one; of a plan's first strays only, since it takes time."""
        if len(self.findings) >= MOST_MEANT:
            return ""
        from ...model.plan.validate import nearest

        close = nearest(name, known)
        return f"did you mean {close}?" if close else ""

    def report(self, code: str, path: str, message: str, hint: str) -> None:
        severity = "warning" if code == "F117" else "error"
        self.findings.append(Finding(code, severity, message, file=path, hint=hint))


def _below(name: str, kind: str, project: str) -> Address | None:
    """The address of a file in a folder of one kind; None where its name is no id."""
    stem = name.removesuffix(SUFFIX)
    return Address(kind, project, stem) if is_id(stem) else None


class DiskWalk(Walk):
    """A plan on the disk. Links are followed as long as they stay in the plan."""

    def __init__(self, root: str, kinds: Iterable[str] | None) -> None:
        super().__init__(kinds)
        self.root = root
        self.real_root = os.path.realpath(root)

    def entries(self, folder: str) -> Iterator[Entry]:
        """What is in a folder of the disk."""
        try:
            with os.scandir(os.path.join(self.root, folder) if folder else self.root) as found:
                yield from found
        except FileNotFoundError:
            return
        except OSError as error:
            self.report("F110", folder, f"cannot be read: {error.strerror}", "check its permissions")

    def stays_inside(self, path: str) -> bool:
        """Whether a link leads to a place in the plan."""
        return os.path.realpath(path).startswith(self.real_root + os.sep)

    def other_than_file(self, entry: Entry) -> str:
        """A folder, a pipe, a link that leads nowhere and the like."""
        return other_than_file(entry.path)
