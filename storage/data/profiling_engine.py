"""DuckDB in a closed room: it may read the files that were named, and write to one temporary folder.

There is no network, no extension is loaded or fetched, and settings are locked before the first file is read. Files are
reached through links with names of our own, so that a file called `*.csv` is that file and no pattern. Queries run in
a thread, so that progress is shown and Ctrl-C stops them at once; the folder goes away whatever happens.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any

from ..disk.errors import BadValue, ChangedOutside, KedgeError

Progress = Callable[[str, float | None], None]
"""Told several times a second what is done, and which share of it where that is known."""
MEMORY = "600MB"
MOST_THREADS = 4
"""Each thread takes its share of the memory; files are not read faster by more."""
THREAD_MEGABYTES = 150
TELL_EVERY = 0.2
FIRST_LINES = 2000
UNUSED = "\x1f"
"""A character that no text has, as the delimiter where a line is one cell."""
CLOSING = 500
"""How often a connection that is busy is asked to end."""


class NotUnderstood(KedgeError):
    """What is in a file is not what it was taken for."""


class NotEnoughMemory(KedgeError):
    """A query needs more memory than it may have."""


class Engine:
    """One run over some files, which must stay as they are until it ends.

    Leaving it raises ChangedOutside where a file was written to, or went away, meanwhile.
    """

    def __init__(self, paths: Sequence[str], memory: str, progress: Progress) -> None:
        """Opens the room. Raises KedgeError where DuckDB is missing or a file cannot be read."""
        try:
            import duckdb
        except ImportError:
            raise KedgeError(
                "measuring data files needs DuckDB, which is not installed",
                f"{sys.executable} -m pip install duckdb",
            ) from None
        for path in paths:
            _check(path)
        self._before = _stamps(paths)
        self._duckdb = duckdb
        self._progress = progress
        self._memory = memory
        self._folder = tempfile.TemporaryDirectory(prefix="kedge-", ignore_cleanup_errors=True)
        self._threads = ThreadPoolExecutor(1)
        self._doing = ""
        self.files: dict[str, str] = {}
        """The link of each file, which is what SQL is given."""
        try:
            self.files |= {path: self._link(at, path) for at, path in enumerate(dict.fromkeys(paths))}
            self._connection = self._connect()
        except BaseException:
            self._folder.cleanup()
            raise

    def _link(self, at: int, path: str) -> str:
        link = self.beside(f"file{at}")
        try:
            os.symlink(os.path.abspath(path), link)
        except OSError:
            # Some systems let only administrators make links; a plain name needs none.
            link = os.path.abspath(path)
        if any(character in link for character in "*?[]{}"):
            hint = (
                "TMPDIR names another folder"
                if link.startswith(self._folder.name)
                else "copy it to a plain name"
            )
            raise BadValue(f"{link}: the name has a wildcard in it", hint) from None
        return link

    def beside(self, name: str) -> str:
        """A path in the temporary folder."""
        return os.path.join(self._folder.name, name)

    def first_lines(self, path: str, packing: str) -> list[str]:
        """Some lines at the beginning of a packed file."""
        return [
            line or "" for (line,) in self.rows(f"{_lines(self.files[path], packing)} LIMIT {FIRST_LINES}")
        ]

    def unpacked(self, path: str) -> str:
        """A copy of a file that is packed with zstd, which Python cannot unpack, in the temporary folder."""
        copy = f"{self.files[path]}.unpacked"
        form = f"FORMAT csv, DELIMITER {quoted(UNUSED)}, QUOTE '', ESCAPE '', HEADER false"
        self.rows(f"COPY ({_lines(self.files[path], 'zstd')}) TO {quoted(copy)} ({form})")
        return copy

    def _connect(self) -> Any:
        closed: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": self._memory,
            "threads": str(_threads(self._memory)),
            "preserve_insertion_order": "false",
            "temp_directory": os.path.join(self._folder.name, "spill"),
        }
        connection = self._duckdb.connect(os.path.join(self._folder.name, "tables.db"), config=closed)
        for setting in (
            "SET enable_progress_bar = true",
            "SET enable_progress_bar_print = false",
            "SET progress_bar_time = 0",
            "SET TimeZone = 'UTC'",
            f"SET allowed_paths = [{', '.join(map(quoted, self.files.values()))}]",
            f"SET allowed_directories = [{quoted(self._folder.name + os.sep)}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            connection.execute(setting)
        return connection

    def doing(self, what: str) -> None:
        """Names what the next queries are for."""
        self._doing = what
        self._progress(what, None)

    def tell(self) -> None:
        """Tells that the work goes on; whoever listens may stop it by raising."""
        self._progress(self._doing, None)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Runs a query and gives its rows. Raises KedgeError where the data or the room does not allow it."""
        future = self._threads.submit(self._run, sql, parameters)
        try:
            self._wait(future)
            return future.result()
        except self._duckdb.OutOfMemoryException as error:
            raise NotEnoughMemory(
                f"{self._memory} of memory are not enough", "give it more: --memory 2GB"
            ) from error
        except self._duckdb.InvalidInputException as error:
            raise NotUnderstood(self._readable(str(error))) from error
        except self._duckdb.Error as error:
            full = "No space left" in str(error)
            hint = f"{tempfile.gettempdir()} is full: TMPDIR names another folder" if full else ""
            raise KedgeError(self._readable(str(error)), hint) from error

    def row(self, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...]:
        """The only row of a query."""
        return self.rows(sql, parameters)[0]

    def _run(self, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, list(parameters)).fetchall()

    def _wait(self, future: Future[list[tuple[Any, ...]]]) -> None:
        """Waits for a query and tells how far it is; whatever ends the waiting also ends the query."""
        try:
            while not wait([future], TELL_EVERY).done:
                share = self._connection.query_progress()
                self._progress(self._doing, share if 0 < share <= 1 else None)
        except BaseException:
            # Asked again and again, because a query that has not quite begun does not hear the first time.
            while not future.cancel() and not future.done():
                self._connection.interrupt()
                wait([future], TELL_EVERY / 10)
            raise

    def _readable(self, message: str) -> str:
        """The first line of DuckDB's message without its kind, with the names of the files instead of our links."""
        for path, link in self.files.items():
            message = message.replace(link, path)
        return re.sub(r"^[A-Z][\w ]* Error: ", "", message.strip().partition("\n")[0])

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._close()
        finally:
            self._folder.cleanup()
        gone = next((path for path in self.files if not os.path.exists(path)), "")
        if gone and (error is None or isinstance(error, FileNotFoundError)):
            raise ChangedOutside(f"{gone} went away while it was measured", "measure it where it stays")
        if error is None and _stamps([*self.files]) != self._before:
            raise ChangedOutside(
                "a file was written to while it was measured", "measure it again when it is finished"
            )

    def _close(self) -> None:
        """Ends what still runs: Ctrl-C may come when a query was just handed over, and no one waits for it."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for _ in range(CLOSING):
            try:
                self._connection.interrupt()
                self._connection.close()
                break
            except self._duckdb.Error:
                time.sleep(TELL_EVERY / 10)
        self._threads.shutdown(wait=True)


def _lines(link: str, packing: str) -> str:
    """The lines of a packed file in their order, each as it is."""
    return (
        f"SELECT line FROM read_csv({quoted(link)}, compression = {quoted(packing)}, auto_detect = false,"  # noqa: S608
        f" header = false, columns = {{'line': 'VARCHAR'}}, delim = {quoted(UNUSED)}, quote = '', escape = '',"
        " parallel = false, strict_mode = false)"
    )


def _threads(memory: str) -> int:
    """How many threads work in so much memory: each fills tables of its own before any of them is put aside."""
    size = float(memory[:-2]) * (1000 if memory[-2:].upper() == "GB" else 1)
    return max(1, min(os.cpu_count() or 1, MOST_THREADS, int(size // THREAD_MEGABYTES)))


def _stamps(paths: Sequence[str]) -> list[tuple[int, int]]:
    return [(found.st_size, found.st_mtime_ns) for found in map(os.stat, dict.fromkeys(paths))]


def _check(path: str) -> None:
    """Raises KedgeError where a path is no file that can be read."""
    if not os.path.exists(path):
        raise BadValue(f"there is no file {path}", "only files on this machine are read")
    if not os.path.isfile(path):
        raise BadValue(f"{path} is not a regular file", "it is read several times: write it to a file first")
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise KedgeError(f"{path} cannot be read: {error.strerror}") from error


def quoted(text: str) -> str:
    """A text as an SQL literal. Raises BadValue for one that SQL cannot hold."""
    if "\0" in text:
        raise BadValue(f"{text!r} has a zero character in it")
    return "'" + text.replace("'", "''") + "'"
