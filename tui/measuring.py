"""A dataset is measured from its files without leaving the board: in a thread, with progress, and only looked at first.

What was measured is shown beside the lines that it would change in the record, and nothing is written unasked.
"""

from __future__ import annotations

import glob
import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from ..model.change import ChangeRefused
from ..model.edits import EditRefused
from ..model.profile import ColumnFigures, Found, Measured, only_date_column, share
from ..model.profile_findings import findings
from ..model.records.dataset import Dataset
from ..model.visible import one_line
from ..storage.errors import KedgeError
from ..storage.profiling import Asked, measure, measured_change
from ..storage.profiling_tables import Reading
from .dialogs import Ask, Prompt
from .dialogs.base import Dialog

if TYPE_CHECKING:
    from .assess_screen import AssessScreen


class _Stopped(Exception):
    """The person did not want to wait any longer."""


class Measuring(Dialog[Measured]):
    """What is being measured, and how far that is; leaving it ends it. Gives what was measured."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__("Measuring")
        self._files = tuple(files)

    def body(self) -> Iterable[Widget]:
        """A line that tells how far it is, and one for what went wrong."""
        yield Static(Content("beginning"), classes="said")
        yield Static(classes="wrong")

    def on_mount(self) -> None:
        """Begins."""
        super().on_mount()
        self._measure()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _measure(self) -> None:
        worker = get_current_worker()

        def progress(doing: str, done: float | None) -> None:
            if worker.is_cancelled:
                raise _Stopped
            text = one_line(doing) + (f", {done:.0%}" if done is not None else "")
            self.app.call_from_thread(self.note, ".said", text)

        try:
            measured = measure(self._files, Asked(), Reading(), progress)
        except _Stopped:
            return
        except KedgeError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._failed, error)
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self.dismiss, measured)

    def _failed(self, error: KedgeError) -> None:
        self.note(".said", "nothing was measured")
        self.note(".wrong", f"{error.message}{f'; {error.hint}' if error.hint else ''}")


def measure_dataset(screen: AssessScreen) -> None:
    """Asks for the files of the focused dataset, measures them, and offers to write down what was found."""
    dataset = screen.dataset
    if dataset is None:
        screen.say("no dataset is focused: Tab goes to the datasets", "warning")
        return
    label = f"data files, below {os.getcwd()} unless they say otherwise; quotes around names with blanks"
    source = dataset.profile.source if dataset.profile is not None else None
    beside = os.path.join(os.path.dirname(os.path.realpath(screen.session.workspace.root)), source or "")
    known = shlex.quote(os.path.relpath(beside)) if source and os.path.isfile(beside) else ""

    def wrong(text: str) -> str | None:
        try:
            return None if files_of(text) else "name a CSV, Parquet or JSON-lines file"
        except ValueError as error:
            return str(error)

    def named(text: str) -> None:
        files = files_of(text)
        screen.ask(Measuring(files), lambda measured: _offer(screen, dataset, files[0], measured))

    screen.ask(Prompt(f"Measure {dataset.id}", label, known, wrong), named)


def files_of(text: str) -> list[str]:
    """The files that a line names, as a shell reads it. Raises ValueError for what is no file."""
    found: list[str] = []
    for part in shlex.split(text):
        path = os.path.expanduser(part)
        several = [path] if os.path.lexists(path) else sorted(glob.glob(path))
        if not several:
            raise ValueError(f"there is no file {one_line(part)}")
        found += several
    return found


def _offer(screen: AssessScreen, dataset: Dataset, first: str, measured: Measured) -> None:
    session = screen.session
    critical = {name for name, column in dataset.columns.items() if column.critical}
    found = findings(measured, critical, session.today)
    session.wait()
    try:
        day = only_date_column(measured)
        root, today = session.workspace.root, session.today
        batch = measured_change(session.plan, root, dataset.address, measured, found, first, today, dates=day)
        preview = session.workspace.preview(batch)
    except (EditRefused, ChangeRefused, KedgeError) as error:
        screen.say(str(error), "warning")
        return
    text = "\n".join(
        [*report(measured, found, critical), "", preview or "the record says all of this already"]
    )
    options = (("y", f"write it into {dataset.id}"), ("n", "leave the record as it is"))

    def answered(key: str) -> None:
        if key == "y":
            screen.make(lambda: batch)

    screen.ask(Ask(f"Measured: {measured.source}", text, options, is_long=True), answered)


def report(measured: Measured, found: Sequence[Found], critical: Iterable[str]) -> Iterator[str]:
    """What was measured, in lines."""
    table, important = measured.table, set(critical)
    yield f"{table.rows:,} rows, {len(table.columns)} columns, {table.duplicates:,} duplicate rows"
    for level in ("problem", "note"):
        yield from (f"{level}: {one.text}" for one in found if one.level == level)
    if not found:
        yield "nothing found"
    yield ""
    for name, figures in table.columns.items():
        yield f"{one_line(name)}: {_said(figures, table.rows, is_critical=name in important)}"


def _said(figures: ColumnFigures, rows: int, *, is_critical: bool) -> str:
    missing = share(figures.missing, rows)
    parts = [
        "critical" if is_critical else "",
        figures.type,
        f"{100 * missing:.2g} % missing" if missing else "",
        f"{figures.distinct:,} different",
        f"{figures.outliers:,} outliers" if figures.outliers else "",
        f"{figures.minimum} to {figures.maximum}" if figures.minimum is not None else "",
    ]
    return ", ".join(one_line(part) for part in parts if part)
