"""Columns and tables as SQL expressions and relations, with names of our own, never those of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...model.data.profile import DataFinding, Family, Mixed


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    type: str
    family: Family
    sql: str
    """Its value as an expression; NULL where it has none, or none of its type."""
    raw: str
    """What is in the file; NULL only where nothing does."""
    odd: tuple[int, str] | None = None
    written: Mapping[str, int] = field(default_factory=dict[str, int])
    """Values by the form in which they are written, where that is not the one that every reader knows."""
    mixed: Mixed | None = None
    """What most of its values are, where a smaller share is something else."""
    identity: str = ""
    """An expression by which values are the same, where their number is too long to tell."""

    @property
    def same(self) -> str:
        """The expression by which values are the same."""
        return self.identity or self.sql


@dataclass(frozen=True)
class Table:
    """A file, or several of the same columns, as a relation of DuckDB."""

    name: str
    relation: str
    columns: tuple[Column, ...]
    rows: int
    unreadable: int = 0
    unreadable_first: str = ""
    doubts: tuple[DataFinding, ...] = ()
    """What is not plain about its form."""

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)
