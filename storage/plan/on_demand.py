"""Reading a plan file by file, each when it is asked for: a command that touches one card reads one card."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, MutableMapping

from ...model.plan.lazy_plan import LazyPlan, UnreadRecords
from ...model.records.address import Address
from ...model.records.base import Record
from ..disk.cache import Kept
from ..disk.fetch import read_bytes
from ..disk.scan import Found, stamp_of
from ..disk.source import Disk
from .read import Loaded, Reader
from .source_file import SourceFile


def read_on_demand(disk: Disk, on_broken: Callable[[str], object]) -> Loaded:
    """The plan in a folder, of which nothing is read yet; `on_broken` is told each file that turns out unreadable."""
    found, strays = disk.files()
    files = _Files(disk, found, on_broken)
    return Loaded(LazyPlan(_Records(files)), FilesOnDemand(files), tuple(strays))


class _Files:
    """The files of a plan, each read once at most."""

    def __init__(self, disk: Disk, found: Iterable[Found], on_broken: Callable[[str], object]) -> None:
        self.found = {one.address: one for one in found}
        self.by_path = {one.path: one for one in self.found.values()}
        self._disk = disk
        self._reader = Reader()
        self._read: dict[Address, tuple[SourceFile, Record | None]] = {}
        self._on_broken = on_broken

    def read(self, address: Address) -> tuple[SourceFile, Record | None]:
        """A file that there is a name for, with its record."""
        known = self._read.get(address)
        if known is None:
            found = self.found[address]
            raw = next(raw for _, raw in self._disk.read([found]))
            known = self._read[address] = self._reader.read(found, raw)
            if known[0].broken:
                self._on_broken(found.path)
        return known

    def mentioning(self, addresses: Iterable[Address], texts: Iterable[str]) -> Iterator[Address]:
        """Of some files those in which a text may stand; written with escapes it may be in any that has some."""
        wanted = (b"\\", *(text.encode() for text in texts))
        named = [self.found[one] for one in addresses]
        chosen = [one.address for one in named if _holds(self._content(one.path), wanted)]
        if self._disk.cache is not None:
            self._disk.cache.save()
        yield from chosen

    def _content(self, path: str) -> bytes:
        """What is in a file, for a look at it; nothing where it has to be read with more care."""
        cache, place = self._disk.cache, os.path.join(self._disk.root, path)
        known = cache.get(path, stamp_of(place)) if cache is not None else None
        if known is not None:
            return bytes(known.content)
        try:
            mark, content = read_bytes(place)
        except OSError:
            return b""
        if cache is not None and content:
            cache.keep(path, Kept(mark, content, b""))
        return content


def _holds(content: bytes, texts: Iterable[bytes]) -> bool:
    """Whether a file may hold one of some texts."""
    return not content or any(text in content for text in texts)


class _Records(UnreadRecords):
    """The records in the files of a plan."""

    def __init__(self, files: _Files, changed: dict[Address, Record | None] | None = None) -> None:
        self._files = files
        self._changed = changed or {}
        """What is no longer as it was read; None for what is gone."""

    def __getitem__(self, address: Address) -> Record:
        if address in self._changed:
            record = self._changed[address]
        else:
            record = self._files.read(address)[1] if address in self._files.found else None
        if record is None:
            raise KeyError(address)
        return record

    def __setitem__(self, address: Address, record: Record) -> None:
        self._changed[address] = record

    def __delitem__(self, address: Address) -> None:
        self._changed[address] = None

    def __iter__(self) -> Iterator[Address]:
        return (address for address in self.names() if address in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def names(self, kind: str | None = None) -> list[Address]:
        """Addresses for which there is a file."""
        there = [one for one in self._files.found if one not in self._changed]
        made = [one for one, record in self._changed.items() if record is not None]
        return [one for one in (*there, *made) if kind in (None, one.kind)]

    def mentioning(self, addresses: Iterable[Address], texts: Iterable[str]) -> Iterator[Record]:
        """Those of some records whose files may hold a text; those that were changed are among them."""
        addresses = list(addresses)
        unchanged = [one for one in addresses if one not in self._changed]
        changed = [one for one in addresses if one in self._changed]
        found = (self.get(one) for one in (*self._files.mentioning(unchanged, texts), *changed))
        return (record for record in found if record is not None)

    def copy(self) -> _Records:
        """The same records, to be changed apart from these."""
        return _Records(self._files, dict(self._changed))


class FilesOnDemand(MutableMapping[str, SourceFile]):
    """The files of a plan by path, each read when it is looked at."""

    def __init__(self, files: _Files) -> None:
        self._files = files
        self._changed: dict[str, SourceFile | None] = {}

    def __getitem__(self, path: str) -> SourceFile:
        if path in self._changed:
            file = self._changed[path]
        else:
            found = self._files.by_path.get(path)
            file = self._files.read(found.address)[0] if found is not None else None
        if file is None:
            raise KeyError(path)
        return file

    def __contains__(self, path: object) -> bool:
        return self._changed[path] is not None if path in self._changed else path in self._files.by_path  # pyright: ignore[reportArgumentType]

    def __setitem__(self, path: str, file: SourceFile) -> None:
        self._changed[path] = file

    def __delitem__(self, path: str) -> None:
        if path not in self:
            raise KeyError(path)
        self._changed[path] = None

    def __iter__(self) -> Iterator[str]:
        return (
            path
            for path in (*self._files.by_path, *self._changed.keys() - self._files.by_path)
            if path in self
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)
