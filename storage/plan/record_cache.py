"""Records from one run to the next: those of which nothing is to be said are kept as JSON beside their files.

Everything else (files that cannot be read, values that do not fit, unknown keys) is kept as it stands in its file and
looked at each time, so that the findings are those of a plan that was never kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ... import __version__
from ...model.records.address import Address
from ...model.records.base import Record
from ...model.records.kinds import record_model
from ..disk.cache import Cache, Kept
from ..disk.locate import state_folder
from ..disk.network_fs import is_shared
from .source_file import SourceFile

if TYPE_CHECKING:
    from ...model.plan.plan import Plan

_KEDGE = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
_ROOMS = ("model/records", "model/plan", "storage/disk", "storage/plan", "storage/toml")
"""Rooms of kedge whose code decides what is made of a file."""


def cache_of(root: str, environment: Mapping[str, str]) -> Cache | None:
    """What is known of a plan's files; None where the clock that stamps them is that of another machine."""
    if is_shared(root):
        return None
    return Cache(os.path.join(state_folder(root, environment), "cache"), root, _key(root))


def revived(address: Address, made: bytes) -> Record | None:
    """The record that was kept; None where it is not one of this place."""
    try:
        record = record_model(address.kind).__pydantic_validator__.validate_json(made)
    except ValueError:
        return None
    return record if record.id == address.id and record.project == address.project else None


def remember(cache: Cache, files: Mapping[str, SourceFile], plan: Plan) -> None:
    """Keeps what was read for the next run, where that pays."""
    for path, file in files.items():
        if isinstance(file.text, bytes) and file.text and cache.takes(file.stamp):
            cache.keep(path, Kept(file.stamp, file.text, _kept(file, plan.get(file.address))))
    cache.save()


def _kept(file: SourceFile, record: Record | None) -> bytes:
    """A record in JSON; empty where there is something to be said of its file, or where it would not come back."""
    if record is None or file.findings or file.broken:
        return b""
    place = json.dumps({"id": record.id, "project": record.project}).encode()
    values = record.__pydantic_serializer__.to_json(record, exclude_unset=True)
    made = place[:-1] + (b"," + values[1:] if values != b"{}" else b"}")
    return made if revived(record.address, made) == record else b""


def _key(root: str) -> str:
    """Which program reads which plan: what another one has made of a file is not believed."""
    import pydantic_core
    import tomli

    rooms = (*(os.path.join(_KEDGE, *room.split("/")) for room in _ROOMS), os.path.dirname(tomli.__file__))
    parts = (
        os.path.realpath(root),
        __version__,
        sys.version,
        pydantic_core.__version__,
        *map(_modules, rooms),
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _modules(folder: str) -> list[tuple[str, int, int]]:
    """The modules in a folder, so that one that was edited counts as another; none where they lie in an archive."""
    try:
        with os.scandir(folder) as entries:
            files = [(one.name, one.stat()) for one in entries if one.name.endswith((".py", ".so", ".pyd"))]
    except OSError:
        return []
    return sorted((name, status.st_size, status.st_mtime_ns) for name, status in files)
