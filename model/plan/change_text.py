"""Changed fields in words: `owner mira → sam`, `due set to 2026-12-01`."""

from __future__ import annotations

from typing import cast

from ..records.values import is_table
from .change import MISSING, FieldChange


def say_change(change: FieldChange) -> str:
    """One changed field in words: `owner mira → sam`, `due set to 2026-12-01`."""
    name = " ".join(change.path)
    before, after = change.before, change.after
    if isinstance(before, list) and isinstance(after, list):
        old, new = _listed(before), _listed(after)
        came = [f"+{one}" for one in new if one not in old]
        went = [f"-{one}" for one in old if one not in new]
        return f"{name}: {' '.join((*came, *went)) or 'in another order'}"
    if isinstance(after, str) and max(len(after), len(before) if isinstance(before, str) else 0) > 60:
        return f"{name} rewritten"
    if before is MISSING or before is None:
        return f"{name} set to {_said(after)}"
    if after is MISSING or after is None:
        return f"{name} cleared (was {_said(before)})"
    return f"{name} {_said(before)} → {_said(after)}"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_table(value):
        return ", ".join(f"{key} {_said(inner)}" for key, inner in value.items())
    return ", ".join(map(str, _listed(value))) if isinstance(value, list) else str(value)


def _listed(value: object) -> list[object]:
    return cast("list[object]", value)
