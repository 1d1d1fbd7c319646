"""Whether measured files look like the dataset whose record they are measured for.

The columns that the record has from an earlier measurement, or from a person, are what the dataset is known by. A file
with other columns is most likely another file, and must not make the record look checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .profile import TableFigures

ENOUGH = 0.5
"""Share of the known columns that a file of the same dataset has."""
SHOWN = 5


@dataclass(frozen=True)
class DatasetMatch:
    """The columns of measured files against those of a record."""

    known: int
    gone: tuple[str, ...]
    new: tuple[str, ...]
    retyped: tuple[str, ...]
    """Columns whose type in the record is another one."""
    critical_gone: tuple[str, ...]

    @property
    def is_first(self) -> bool:
        """Whether the record has no columns yet, so that nothing can be compared."""
        return not self.known

    @property
    def fits(self) -> bool:
        """Whether the files look like the dataset: every critical column is there, and at least half of all."""
        return not self.critical_gone and self.known - len(self.gone) >= ENOUGH * self.known

    @property
    def text(self) -> str:
        """What differs, in a line; nothing where nothing does."""
        if self.is_first:
            return "the first measurement: the record has no columns to compare the file with"
        gone = (
            f"{len(self.gone)} of {self.known} known columns are gone ({_listed(self.gone)})"
            if self.gone
            else ""
        )
        new = f"{len(self.new)} are new ({_listed(self.new)})" if self.new else ""
        retyped = f"{len(self.retyped)} have another type ({_listed(self.retyped)})" if self.retyped else ""
        return ", ".join(filter(None, (gone, new, retyped)))


def match_dataset(columns: Mapping[str, Any], table: TableFigures) -> DatasetMatch:
    """Compares the columns of a dataset's record, by name, with those of a measured table."""
    gone = tuple(name for name in columns if name not in table.columns)
    return DatasetMatch(
        len(columns),
        gone,
        tuple(name for name in table.columns if name not in columns) if columns else (),
        tuple(
            name
            for name, column in columns.items()
            if column.type and name in table.columns and table.columns[name].type != column.type
        ),
        tuple(name for name in gone if columns[name].critical),
    )


def _listed(names: Iterable[str]) -> str:
    names = [*names]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
