"""A decision says who wrote it down, which need not be the one who decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..plan.change import Batch, Change
from ..records.governance import Decision


def signed(batch: Batch, who: Callable[[], str]) -> Batch:
    """The same step; decisions that it records, or makes of a proposal, say who recorded them."""
    if not any(_wants_name(change) for change in batch.changes):
        return batch
    name = who()
    return replace(
        batch, changes=tuple(_signed(one, name) if _wants_name(one) else one for one in batch.changes)
    )


def _wants_name(change: Change) -> bool:
    before, after = change.before, change.after
    if not isinstance(after, Decision):
        return False
    if not isinstance(before, Decision):
        return not after.recorded_by
    # Who proposed it is not who decided it.
    is_made = after.is_decided and not before.is_decided
    return is_made and after.recorded_by in (None, before.recorded_by)


def _signed(change: Change, name: str) -> Change:
    assert change.after is not None
    return Change(change.before, change.after.model_copy(update={"recorded_by": name}))
