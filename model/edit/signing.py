"""A decision says who wrote it down, which need not be the one who decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..plan.change import Batch, Change


def signed(batch: Batch, who: Callable[[], str]) -> Batch:
    """The same step; decisions that are new in it say who recorded them."""
    if not any(_is_new_decision(change) for change in batch.changes):
        return batch
    name = who()
    return replace(batch, changes=tuple(_signed(change, name) for change in batch.changes))


def _is_new_decision(change: Change) -> bool:
    return change.before is None and change.address.kind == "decision"


def _signed(change: Change, name: str) -> Change:
    after = change.after
    if after is None or not _is_new_decision(change) or getattr(after, "recorded_by", None):
        return change
    return Change(None, after.model_copy(update={"recorded_by": name}))
