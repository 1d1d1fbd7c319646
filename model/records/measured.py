"""Where a value was read that another tool keeps, so that it can be read again and a reviewer can look."""

from __future__ import annotations

from .base import Entry, Groups
from .fields import Line, Strings, field

MEASURED_KEYS: Groups = (
    ("measured_key", "measured_run", "measured_row"),
    ("measured_commit", "measured_hash"),
)


class Measured(Entry):
    """A value that is read from a file of another tool."""

    measured_in: Line | None = field("where the measurement is: a path, or an address")
    measured_key: Strings = field("keys and positions that lead to it in that file", default=())
    measured_run: Line | None = field(
        "of MLflow: a run, `experiment:NAME` for its newest, or `model:NAME@ALIAS`"
    )
    measured_row: Line | None = field("of a table: `COLUMN=VALUE`; the last row where there is none")
    measured_commit: Line | None = field("commit of the repository when it was read")
    measured_hash: Line | None = field("SHA-256 of that file's content, in hex")
