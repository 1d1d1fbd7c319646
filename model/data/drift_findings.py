"""What two data files say about each other beside their distributions.

Columns that are gone, empty, constant or of another type are the loudest signals there are, and no index shows them.

A `problem` counts as drift; a `note` does not, because files differ so without anything being wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..text.amounts import percent
from .profile import DataFinding, Family

COLLAPSED = 0.1
"""Share of the rows of the old file below which it is worth saying that the new one is small."""
UNREADABLE = 0.01
"""Share of unreadable lines from which the new file was not read for what it is."""
SHOWN = 5
FEW_CLUSTERS = 10
"""With fewer in a file the limits are wide, and a little too narrow still (simulated: 5 to 10 % of false alarms)."""


@dataclass(frozen=True)
class Side:
    """A column in one of the two files."""

    type: str
    family: Family
    rows: int
    present: int
    """Rows that have a value."""
    distinct: int
    odd: int = 0
    """Values that are not of its type."""


@dataclass(frozen=True)
class FileSide:
    """One of the two files."""

    name: str
    rows: int
    unreadable: int = 0
    unreadable_first: str = ""
    doubts: tuple[DataFinding, ...] = ()


def of_column(name: str, old: Side, new: Side) -> Iterator[DataFinding]:
    """What changed in a column that both files have."""
    if old.present and not new.present:
        yield DataFinding(
            "empty", name, "problem", "empty now", f"no row has a value, where {old.present:,} had one"
        )
        return
    if not old.present:
        if new.present:
            said = f"{new.present:,} rows have a value, where none had one"
            yield DataFinding("empty", name, "problem", "was empty before", said)
        return
    if old.family != new.family:
        yield DataFinding("types", name, "problem", "another type", f"{old.type} before, {new.type} now")
    elif new.odd and not old.odd:
        kind = "dates" if new.family == "date" else "numbers"
        yield DataFinding(
            "types", name, "note", f"values that are no {kind}", f"{new.odd:,} now, none before"
        )
    if new.distinct == 1 and old.distinct > 1 and new.present > 1:
        yield DataFinding(
            "constant", name, "problem", "constant now", f"one value, where there were {old.distinct:,}"
        )


def of_columns(old: Sequence[str], new: Sequence[str]) -> Iterator[DataFinding]:
    """Which columns are gone and which came."""
    for name in old:
        if name not in new:
            yield DataFinding("gone", name, "problem", "gone", "it is not in the new file")
    for name in new:
        if name not in old:
            yield DataFinding("new", name, "note", "new", "it is not in the old file")


def of_values(name: str, old: Iterable[str], new: Iterable[str]) -> Iterator[DataFinding]:
    """Which values of a column of few values came, and which are gone."""
    before, after = set(old), set(new)
    for what, values in (("values that are new", after - before), ("values that are gone", before - after)):
        if values:
            shown = ", ".join(f"'{value}'" for value in sorted(values)[:SHOWN])
            more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
            yield DataFinding("groups", name, "note", what, f"{len(values)}: {shown}{more}")


def of_clusters(
    name: str, counts: tuple[int, int], lone: tuple[int, int], shared: int
) -> Iterator[DataFinding]:
    """What limits the word of clusters: few of them, rows that have none, and clusters that are in both files."""
    if min(counts) < FEW_CLUSTERS:
        said = (
            f"{counts[0]:,} and {counts[1]:,}; limits are wide, because so few say little about their spread"
        )
        yield DataFinding("clusters", name, "note", "few clusters", said)
    if any(lone):
        said = f"{lone[0]:,} before, {lone[1]:,} now; each row counts as a cluster of its own"
        yield DataFinding("clusters", name, "note", "rows without a cluster", said)
    if shared:
        said = f"{shared:,}; the samples are not independent, which makes the limits wider than they need be"
        yield DataFinding("clusters", name, "note", "clusters in both files", said)


def of_files(old: FileSide, new: FileSide) -> Iterator[DataFinding]:
    """What is to be said about the two files themselves."""
    for side in (old, new):
        for one in side.doubts:
            yield DataFinding(
                one.kind, one.column, "note", one.what, f"{one.detail} (in {side.name})", one.example
            )
        if side.unreadable:
            said = f"{side.unreadable:,} in {side.name}, the first: {side.unreadable_first}"
            yield DataFinding("unreadable", "", _loud(old, new, side), "lines that cannot be read", said)
    if new.rows < COLLAPSED * old.rows:
        said = f"{new.rows:,}, which is {percent(new.rows, old.rows)} of {old.rows:,}"
        yield DataFinding("rows", "", "note", "far fewer rows", said)


def _loud(old: FileSide, new: FileSide, side: FileSide) -> Literal["problem", "note"]:
    """Unreadable lines are drift where the new file has many, and more than the old one had."""
    before, after = (one.unreadable / (one.unreadable + one.rows) for one in (old, new))
    return "problem" if side is new and after >= UNREADABLE and after > 2 * before else "note"
