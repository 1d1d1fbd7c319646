"""Running the rules over a plan."""

from __future__ import annotations

from collections.abc import Iterable

from ..records.findings import Finding
from ..snapshot.snapshot import Snapshot
from .finding_index import FindingIndex


def check(snapshot: Snapshot, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> list[Finding]:
    """What the rules find in a plan, as far as the plan wants to hear of it; by record, then by code.

    `select` takes the place of the board's selection, `ignore` is added to the board's.
    """
    return FindingIndex.of(snapshot, select, ignore, is_scheduled=True).listed()
