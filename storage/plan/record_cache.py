"""Records from one run to the next: those without findings are kept as JSON.

Of all others (files that cannot be read, values that do not fit, unknown keys) only the text is kept. It is parsed and
checked in every run, so that findings are the same with the cache and without it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sys
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from ... import __version__
from ...model.records.address import Address
from ...model.records.base import Entry, Record
from ...model.records.kinds import record_model
from ..disk.cache import Cache, Kept
from ..disk.locate import state_folder
from ..disk.network_fs import is_shared
from .source_file import SourceFile

if TYPE_CHECKING:
    from ...model.plan.plan import Plan

_KEDGE = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
_ROOMS = ("model/records", "model/plan", "storage/disk", "storage/plan", "storage/toml")
"""Rooms whose code decides how a file becomes a record."""


def cache_of(root: str, environment: Mapping[str, str]) -> Cache | None:
    """The cache of a plan; None where another machine's clock gives the files their stamps."""
    if is_shared(root):
        return None
    return Cache(os.path.join(state_folder(root, environment), "cache"), root, _key(root))


def revived(address: Address, made: bytes) -> Record | None:
    """The record in a cached text; None where that is not a valid record at this address."""
    try:
        record = record_model(address.kind).__pydantic_validator__.validate_json(made)
    except ValueError:
        return None
    return record if record.id == address.id and record.project == address.project else None


def remember(cache: Cache, files: Mapping[str, SourceFile], plan: Plan) -> None:
    """Writes the cache for the next run, where enough is new."""
    for path, file in files.items():
        if isinstance(file.text, bytes) and file.text and cache.takes(file.stamp):
            cache.keep(path, Kept(file.stamp, file.text, _kept(file, plan.get(file.address))))
    cache.save()


def _kept(file: SourceFile, record: Record | None) -> bytes:
    """A record in JSON; empty where its file has findings, or where JSON would change a value."""
    from ..toml.bounds import dense

    # Dense files are counted together, so that they are looked at in every run.
    if record is None or file.findings or file.broken or dense(file.content) > 0:
        return b""
    values = record.__pydantic_serializer__.to_json(record, exclude_unset=True)
    place = f'{{"id":"{record.id}","project":"{record.project}"'.encode()
    made = place + (b"," + values[1:] if values != b"{}" else values[1:])
    # JSON has no infinity: there it is a null.
    is_exact = _is_exact(type(record)) and b"null" not in values
    return made if is_exact or revived(record.address, made) == record else b""


@cache
def _is_exact(annotation: Any) -> bool:
    """Whether every value of a type comes back from JSON as it was: no text in the place of a date, no 1 for 1.0."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return all(_is_exact(info.annotation) for info in annotation.model_fields.values())
    inner = [one for one in get_args(annotation) if one not in (Ellipsis, type(None))]
    origin = get_origin(annotation)
    if origin is Annotated:
        return _is_exact(inner[0])
    if origin in (Union, UnionType):
        return len(inner) == 1 and _is_exact(inner[0])
    if origin in (dict, tuple):
        return all(map(_is_exact, inner))
    return origin is Literal or annotation in (str, int, float, bool, dt.date)


def _key(root: str) -> str:
    """The program and the plan, as one text: a cache of another version or another plan is not used."""
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
    """Name, size and date of the modules in a folder: an edited one makes another program. None in an archive."""
    try:
        with os.scandir(folder) as entries:
            files = [(one.name, one.stat()) for one in entries if one.name.endswith((".py", ".so", ".pyd"))]
    except OSError:
        return []
    return sorted((name, status.st_size, status.st_mtime_ns) for name, status in files)
