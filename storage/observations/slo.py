"""Service level objectives in files of OpenSLO, Sloth and Pyrra: what is promised, and over which time.

One thing has three units: OpenSLO's `target` is a share, its `targetPercent`, Sloth's `objective` and Pyrra's `target`
are percentages, the last as text. Queries in these files are text, and never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...model.operations.objectives import Objective
from ...model.operations.observation import Unread, cell, number
from ...model.records.values import is_list, is_table
from .documents import yaml_documents
from .places import find

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(m|h|d|w|M|Q|Y)")
_DAYS: Mapping[str, float] = {"m": 1 / 1440, "h": 1 / 24, "d": 1, "w": 7, "M": 30, "Q": 91, "Y": 365}


def objectives(top: str, path: str) -> list[Objective] | Unread:
    """The objectives in a file of a repository, in the file's order."""
    place = find(top, path)
    content = place if isinstance(place, Unread) else place.content()
    if isinstance(content, Unread):
        return Unread(f"{path}: {content.why}", content.hint)
    try:
        documents = yaml_documents(content.decode("utf-8-sig"))
    except RecursionError:
        return Unread(f"{path} is nested too deep")
    except ValueError as error:
        return Unread(f"{path} cannot be read: {error}")
    found = [one for data in documents if is_table(data) for one in _of_document(data)]
    return found or Unread(f"{path} has no objective of OpenSLO, Sloth or Pyrra")


def _of_document(data: Mapping[str, object]) -> Iterator[Objective]:
    version, spec = str(data.get("apiVersion", "")), data.get("spec")
    if version.startswith("openslo") and data.get("kind") == "SLO" and is_table(spec):
        yield from _openslo(data, spec)
    elif version.startswith("pyrra.dev") and is_table(spec):
        yield _objective(_name(data), _percent(spec.get("target")), _days(spec.get("window")))
    elif version.startswith("sloth.slok.dev") and is_table(spec):
        yield from _sloth(spec)
    elif str(data.get("version", "")).startswith("prometheus/"):
        yield from _sloth(data)


def _openslo(data: Mapping[str, object], spec: Mapping[str, object]) -> Iterator[Objective]:
    windows, listed = spec.get("timeWindow"), spec.get("objectives")
    window: Mapping[str, object] = windows[0] if is_list(windows) and windows and is_table(windows[0]) else {}
    days, rolling = _days(window.get("duration")), window.get("isRolling") is not False
    entries = [one for one in listed if is_table(one)] if is_list(listed) else []
    for one in entries:
        name = _name(data)
        if len(entries) > 1:
            name += f"/{one.get('displayName', entries.index(one) + 1)}"
        share = one.get("target")
        value = _share(share) if share is not None else _percent(one.get("targetPercent"))
        yield _objective(name, value, days, rolling=rolling)


def _sloth(table: Mapping[str, object]) -> Iterator[Objective]:
    listed = table.get("slos")
    for one in listed if is_list(listed) else ():
        if is_table(one):
            yield _objective(str(one.get("name", "")), _percent(one.get("objective")), None)


def _objective(name: str, share: float | Unread, days: float | None, *, rolling: bool = True) -> Objective:
    if isinstance(share, Unread):
        return Objective(name, None, days, rolling=rolling, why=share.why)
    if not 0 < share < 1:
        return Objective(name, None, days, rolling=rolling, why=f"{share:g} is not a share between 0 and 1")
    return Objective(name, share, days, rolling=rolling)


def _name(data: Mapping[str, object]) -> str:
    meta = data.get("metadata")
    return str(meta.get("name", "")) if is_table(meta) else ""


def _share(value: object) -> float | Unread:
    return number(value, "the target")


def _percent(value: object) -> float | Unread:
    found = cell(value, "the objective") if isinstance(value, str) else number(value, "the objective")
    return found if isinstance(found, Unread) else round(found / 100, 12)


def _days(value: object) -> float | None:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return float(match[1]) * _DAYS[match[2]] if match else None
