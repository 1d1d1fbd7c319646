"""Runs of MLflow in its SQLite database, the default since 3.7. It is never written to, nor anything beside it.

A database with a journal beside it, or in the mode that keeps one, would be mended or locked by reading it: a private
copy is read instead. A stranger's database may hold views that compute for ever, so only plain tables are read, and
for a bounded time.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from ...model.operations.observation import Observed, Unread, number
from ..disk.regular import open_regular
from .moments import from_milliseconds
from .runs import Run, chosen

PATIENCE = 5.0
"""Seconds after which reading is given up."""
LARGEST = 4_000_000_000
"""Bytes of a database."""
LARGEST_COPY = 1_000_000_000
"""Bytes of a database that is copied before it is read."""
LONGEST_VALUE = 1_000_000
"""Bytes of one value: a column may be computed, and a stranger's is as long as it likes."""
MOST_ROWS = 500_000
"""Rows of one answer; a run is one."""
_SIDES = ("-wal", "-journal", "-shm")
_TABLES = frozenset({"experiments", "runs", "latest_metrics", "tags"})
_MODEL_TABLES = frozenset({"registered_model_aliases", "model_versions"})
_INFINITE = 1.7976931348623157e308
"""How MLflow keeps infinity in a column of floats."""


class Database:
    """An open database, for as many values as are wanted of it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._runs: list[Run] | None = None

    def observe(self, wanted: str, key: str) -> Observed | Unread:
        """The latest value of a metric in a run."""
        kind, _, name = wanted.partition(":")
        run = self._of_model(name) if kind == "model" else chosen(self.runs(), wanted)
        if isinstance(run, Unread):
            return run
        rows = self._rows(
            "SELECT value, timestamp, is_nan FROM latest_metrics WHERE run_uuid = ? AND key = ?",
            (run.id, key),
        )
        if not rows:
            return self._absent(run, key)
        value, at, is_nan = rows[0]
        if isinstance(value, float) and abs(value) >= _INFINITE:
            value = float("inf")
        found = number(float("nan") if is_nan else value, f"{key} of {run.said}")
        return found if isinstance(found, Unread) else Observed(found, from_milliseconds(at), run.said)

    def runs(self) -> list[Run]:
        """All runs, with what is to be known of them."""
        if self._runs is None:
            children = {
                row[0] for row in self._rows("SELECT run_uuid FROM tags WHERE key = 'mlflow.parentRunId'")
            }
            self._runs = [
                Run(
                    str(run),
                    str(name or ""),
                    str(experiment),
                    str(state),
                    int(begins or 0),
                    "deleted" in (of_run, of_experiment),
                    run in children,
                )
                for run, name, experiment, state, begins, of_run, of_experiment in self._rows(
                    "SELECT r.run_uuid, r.name, e.name, r.status, r.start_time, r.lifecycle_stage, e.lifecycle_stage"
                    " FROM runs r JOIN experiments e ON e.experiment_id = r.experiment_id"
                )
            ]
        return self._runs

    def _of_model(self, text: str) -> Run | Unread:
        """The run behind a registered model's alias (`churn@champion`) or version (`churn/3`)."""
        if not _tables(self._connection) >= _MODEL_TABLES:
            return Unread("this database has no registered models")
        name, sign, alias = text.partition("@")
        if sign:
            rows = self._rows(
                "SELECT version FROM registered_model_aliases WHERE name = ? AND alias = ?", (name, alias)
            )
            if not rows:
                known = self._rows("SELECT name, alias FROM registered_model_aliases LIMIT 12")
                shown = ", ".join(f"{one}@{other}" for one, other in known)
                return Unread(
                    f"no model has the alias {text!r}", f"there are: {shown}" if shown else "there are none"
                )
            version = rows[0][0]
        else:
            name, _, version = text.partition("/")
        rows = self._rows("SELECT run_id FROM model_versions WHERE name = ? AND version = ?", (name, version))
        found = next((one for one in self.runs() if rows and one.id == rows[0][0]), None)
        return found or Unread(f"model {text!r} belongs to no run of this database")

    def _absent(self, run: Run, key: str) -> Unread:
        """What to say of a run without a metric: which one had it last, but never that one's value."""
        having = {row[0] for row in self._rows("SELECT run_uuid FROM latest_metrics WHERE key = ?", (key,))}
        others = [
            one for one in self.runs() if one.id in having and one.experiment == run.experiment and one.counts
        ]
        if others:
            last = max(others, key=lambda one: one.begins)
            return Unread(
                f"{run.said} has no {key}",
                f"{last.said} had it last: --run {last.name or last.id} takes that one",
            )
        known = [
            row[0]
            for row in self._rows("SELECT key FROM latest_metrics WHERE run_uuid = ? LIMIT 12", (run.id,))
        ]
        return Unread(f"{run.said} has no {key}", f"there are: {', '.join(map(str, known))}")

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        found = self._connection.execute(query, values).fetchmany(MOST_ROWS + 1)
        if len(found) > MOST_ROWS:
            raise sqlite3.DatabaseError(f"it has more than {MOST_ROWS:,} rows to look through")
        return found


@contextmanager
def opened(path: str) -> Generator[Database | Unread, None, None]:
    """A database of MLflow, or why it cannot be read. What goes wrong while it is used is an Unread at the caller's."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="kedge-") as folder,
            closing(_connected(path, folder)) as connection,
        ):
            missing = _TABLES - _tables(connection)
            if missing:
                yield Unread(f"it is not a database of MLflow: it has no table {min(missing)}")
            else:
                yield Database(connection)
    except OSError as error:
        yield Unread(f"it cannot be read: {error.strerror}")


def why(error: sqlite3.Error) -> Unread:
    """What an error of SQLite means for a reader."""
    text = str(error)
    if "interrupted" in text:
        return Unread(f"it was not read within {PATIENCE:.0f} seconds")
    if "locked" in text:
        return Unread("another program has it locked", "try again when it is done")
    return Unread(f"it cannot be read: {text}")


def _connected(path: str, folder: str) -> sqlite3.Connection:
    """A connection that can change nothing. Raises OSError, or an error of SQLite."""
    sides = [side for side in ("-wal", "-journal") if os.path.isfile(path + side)]
    if any(os.path.islink(path + side) for side in _SIDES):
        raise OSError(errno.EINVAL, "its journal is a link, which may lead anywhere", path)
    sizes = [os.stat(path + side).st_size for side in ("", *sides)]
    is_copied = _keeps_journal(path)
    most = LARGEST_COPY if is_copied else LARGEST
    if sum(sizes) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", path)
    if is_copied:
        target = os.path.join(folder, "copy.db")
        for side in ("", *sides):
            shutil.copyfile(path + side, target + side)
        path = target
    # A name may hold signs that mean something in an address.
    address = "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    mode = "rw" if path.startswith(folder) else "ro"
    connection = sqlite3.connect(f"{address}?mode={mode}", uri=True, timeout=PATIENCE)
    end = time.monotonic() + PATIENCE
    connection.set_progress_handler(lambda: int(time.monotonic() > end), 10_000)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _keeps_journal(path: str) -> bool:
    """Whether reading the file itself would write beside it."""
    with open(open_regular(path), "rb") as file:
        head = file.read(20)
    return head[18:20] == b"\x02\x02" or any(os.path.lexists(path + side) for side in _SIDES)


def _tables(connection: sqlite3.Connection) -> set[str]:
    """Names of the tables that hold their rows themselves: virtual ones run code of SQLite's extensions."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
    return {name for name, sql in rows if str(sql).upper().split()[:2] == ["CREATE", "TABLE"]}
