"""Which files git keeps or is about to, read from its index without starting git.

Whether evidence is in git is asked by every command that shows a figure; a process for it would be felt.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping
from functools import lru_cache

from .regular import read_regular
from .repository import Repository

MOST_BYTES = 100_000_000
"""Of an index; a larger one is not read."""
_FIXED = 40
"""Bytes of an entry before the name of its content: times, place, owner, size."""
_LONG_FLAGS, _SHARED = 0x4000, b"link"
_EMPTY = frozenset(
    bytes.fromhex(one)
    for one in (
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    )
)
"""Git's names of a file of no bytes."""


def indexed(repository: Repository) -> Mapping[str, bool] | None:
    """By path from the top, whether what the index has of it holds anything; None where it cannot be read.

    A repository in which nothing was added yet has no index, and so no paths.
    """
    path = os.path.join(repository.folder, "index")
    try:
        known = os.stat(path)
    except FileNotFoundError:
        return {}
    except OSError:
        return None
    return _read(path, repository.common, known.st_mtime_ns, known.st_size, known.st_ino)


@lru_cache(maxsize=4)
def _read(path: str, common: str, *_stamp: int) -> Mapping[str, bool] | None:
    """The same, read once for each state of the file."""
    try:
        content = read_regular(path, MOST_BYTES + 1)
        width = _width(common)
        end, found = _entries(content, width)
        shared = _shared(content[end:-width], width)
        if shared:
            base = read_regular(os.path.join(os.path.dirname(path), f"sharedindex.{shared}"), MOST_BYTES + 1)
            found = {**_entries(base, width)[1], **found}
    except (OSError, ValueError, IndexError, struct.error):
        return None
    return {os.fsdecode(name): holds for name, holds in found.items() if name}


def _width(common: str) -> int:
    """Bytes of git's name of a content: 32 where the repository says that it uses SHA-256."""
    try:
        config = read_regular(os.path.join(common, "config"), 100_000)
    except OSError:
        return 20
    return 32 if b"objectformat=sha256" in config.lower().replace(b" ", b"").replace(b"\t", b"") else 20


def _entries(content: bytes, width: int) -> tuple[int, dict[bytes, bool]]:
    """Where the entries end, and what they are. Raises ValueError and its kind where they are cut off."""
    mark, version, count = struct.unpack_from(">4sII", content)
    if mark != b"DIRC" or version not in (2, 3, 4) or len(content) > MOST_BYTES:
        raise ValueError(mark)
    at, name, found = 12, b"", dict[bytes, bool]()
    for _ in range(count):
        start, at = at, at + _FIXED
        blob = content[at : at + width]
        (flags,) = struct.unpack_from(">H", content, at + width)
        at += width + (4 if flags & _LONG_FLAGS else 2)
        kept = b""
        if version == 4:
            drop, at = _number(content, at)
            kept = name[: len(name) - drop]
        end = content.index(0, at)
        name = kept + content[at:end]
        # Before version 4 each entry is filled up to a multiple of eight bytes.
        at = end + 1 if version == 4 else start + (end - start) // 8 * 8 + 8
        found[name] = blob not in _EMPTY
    return at, found


def _number(content: bytes, at: int) -> tuple[int, int]:
    """A number of some bytes, and where it ends."""
    byte = content[at]
    value = byte & 127
    while byte & 128:
        at += 1
        byte = content[at]
        value = ((value + 1) << 7) | (byte & 127)
    return value, at + 1


def _shared(extensions: bytes, width: int) -> str:
    """The name of the index that this one builds on; empty where it is whole."""
    for mark, content in _extensions(extensions):
        if mark == _SHARED:
            return content[:width].hex() if any(content[:width]) else ""
    return ""


def _extensions(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        mark, size = struct.unpack_from(">4sI", content, at)
        yield mark, content[at + 8 : at + 8 + size]
        at += 8 + size
