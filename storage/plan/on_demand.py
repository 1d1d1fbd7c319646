"""Reading files of a plan when they are needed, so that a command that touches one card reads one card."""

from __future__ import annotations

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
    """A plan of which nothing is read yet; `on_broken` is called with the path of each file that cannot be read."""
    found, strays = disk.files()
    files = _Files(disk, found, on_broken)
    return Loaded(LazyPlan(_Records(files)), FilesOnDemand(files), tuple(strays), disk.repository_files)


class _Files:
    """The files of a plan, each read once at most."""

    def __init__(self, disk: Disk, found: Iterable[Found], on_broken: Callable[[str], object]) -> None:
        self.found = {one.address: one for one in found}
        self.by_path = {one.path: one for one in self.found.values()}
        self.by_kind: dict[str, list[Address]] = {}
        for address in self.found:
            self.by_kind.setdefault(address.kind, []).append(address)
        self._disk = disk
        self._reader = Reader()
        self._read: dict[Address, tuple[SourceFile, Record | None]] = {}
        self._on_broken = on_broken
        self._has_searched = False
        """Whether the cache is loaded already; loading it takes longer than reading a few files."""

    def read(self, address: Address) -> tuple[SourceFile, Record | None]:
        """The file at an address, with its record where it has one."""
        known = self._read.get(address)
        if known is None:
            found = self.found[address]
            cache = self._disk.cache if self._has_searched else None
            raw = cache.get(found.path, stamp_of(f"{self._disk.root}/{found.path}")) if cache else None
            raw = raw or next(raw for _, raw in self._disk.read([found]))
            known = self._read[address] = self._reader.read(found, raw)
            if known[0].broken:
                self._on_broken(found.path)
        return known

    def mentioning(self, addresses: Iterable[Address], texts: Iterable[str]) -> Iterator[Address]:
        """Which of some records may have a text in their file; one with escapes always may, since they can spell it."""
        self._has_searched = True
        cache = self._disk.cache
        wanted = (b"\\", *(text.encode() for text in texts))
        known = cache.holding(wanted) if cache is not None else set[str]()
        chosen: list[Address] = []
        for address in addresses:
            path = self.found[address].path
            place = f"{self._disk.root}/{path}"
            if cache is not None and cache.knows(path, stamp_of(place)):
                is_meant = path in known
            else:
                content = self._content(path, place)
                # An empty or unreadable file is left to the reader, which waits for editors and makes findings.
                is_meant = not content or any(text in content for text in wanted)
            if is_meant:
                chosen.append(address)
        if cache is not None:
            cache.save()
        return iter(chosen)

    def _content(self, path: str, place: str) -> bytes:
        try:
            mark, content = read_bytes(place)
        except OSError:
            return b""
        if self._disk.cache is not None and content:
            self._disk.cache.keep(path, Kept(mark, content, b""))
        return content


class _Records(UnreadRecords):
    """The records in the files of a plan."""

    def __init__(self, files: _Files, changed: dict[Address, Record | None] | None = None) -> None:
        self._files = files
        self._changed = changed or {}
        """Records that were changed since they were read; None for removed ones."""

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
        there = self._files.found if kind is None else self._files.by_kind.get(kind, ())
        made = [
            one for one, record in self._changed.items() if record is not None and kind in (None, one.kind)
        ]
        return [*(one for one in there if one not in self._changed), *made]

    def mentioning(self, addresses: Iterable[Address], texts: Iterable[str]) -> Iterator[Record]:
        """Which of some records may have a text in their file; changed records are always among them."""
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
