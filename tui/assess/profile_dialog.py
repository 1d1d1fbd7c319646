"""A dataset is measured from its files without leaving the board: in a thread, with progress, and only looked at first.

What was measured is shown beside the lines that it would change in the record, and nothing is written unasked.
"""

from __future__ import annotations

import glob
import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ...model.data.dataset_match import match_dataset
from ...model.data.profile import METHODS, ColumnFigures, DataFinding, Measurement
from ...model.data.profile_findings import findings
from ...model.edit.refusal import EditRefused
from ...model.plan.change import ChangeRefused
from ...model.records.dataset import Dataset
from ...model.text.amounts import percent
from ...model.text.visible import one_line
from ...storage.data.profiling import Asked, date_column, listed_values, measure, measured_change
from ...storage.data.profiling_tables import Reading
from ...storage.disk.errors import KedgeError
from ..dialogs.ask import Ask
from ..dialogs.base import Dialog
from ..dialogs.figures import Figures, Named
from ..dialogs.prompt import Prompt
from ..session.session import Event
from ..session.worker import Known, Unknown, Working
from .contract import ActsOnQuestions

OPTIONS = (
    Named("files", "CSV, Parquet or JSON lines; quotes around names with blanks"),
    Named("critical", "columns that the project cannot do without"),
    Named("key", "the column that names a row, or several"),
    Named("date", "the column whose days count"),
    Named("groups", "a column, and the file that lists its values"),
    Named("older", "an older file, whose groups must still occur"),
    Named("outliers", " or ".join(METHODS)),
    Named("missing", "texts that mean no value, instead of NA"),
    Named("delimiter", "what is between cells, or: tab"),
    Named("header", "yes or no: whether CSV files have a line of names; guessed if not given"),
    Named("encoding", "utf-8, utf-16 or latin-1"),
    Named("memory", "such as 2GB; 600MB if not given"),
)
"""What can be said about a measurement: the options of `kedge data profile`."""


@dataclass(frozen=True)
class Request:
    """What is to be measured, and how."""

    files: tuple[str, ...]
    asked: Asked = field(default_factory=Asked)
    reading: Reading = field(default_factory=Reading)
    critical: tuple[str, ...] = ()
    date: str = ""


class Measuring(Dialog[Measurement]):
    """What is being measured, and how far that is; leaving it ends it. Gives what was measured."""

    def __init__(self, request: Request) -> None:
        super().__init__("Measuring")
        self._request = request

    def body(self) -> Iterable[Widget]:
        """A line that tells how far it is, and one for what went wrong."""
        yield Static(Content("beginning"), classes="said")
        yield Static(classes="wrong")

    def on_mount(self) -> None:
        """Begins."""
        super().on_mount()
        request = self._request
        self.host.session.worker.ask(
            ("measure", self), lambda task: measure(request.files, request.asked, request.reading, task)
        )

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        self.host.session.worker.drop("measure")

    def on_told(self, event: Event) -> None:
        """Shows how far it is, and closes with what was measured."""
        match event:
            case Working(("measure", about), doing, share) if about is self and doing:
                self.note(".said", one_line(doing) + (f", {share:.0%}" if share is not None else ""))
            case Known(("measure", about), measured) if about is self:
                self.dismiss(measured)
            case Unknown(("measure", about), error) if about is self:
                self._failed(error)
            case _:
                pass

    def _failed(self, error: Exception) -> None:
        self.note(".said", "nothing was measured")
        self.note(".wrong", _in_a_line(error) if isinstance(error, KedgeError) else str(error))


def measure_dataset(screen: ActsOnQuestions) -> None:
    """Asks for the files of the focused dataset, measures them, and offers to write down what was found.

    Tab leads from the files to all that can be said about them.
    """
    dataset = screen.dataset
    assert dataset is not None
    label = (
        f"data files, below {os.getcwd()} unless they say otherwise; quotes around names with blanks; "
        "Right takes the name that is offered"
    )
    source = dataset.profile.source if dataset.profile is not None else None
    beside = os.path.join(os.path.dirname(os.path.realpath(screen.session.workspace.root)), source or "")
    known = shlex.quote(os.path.relpath(beside)) if source and os.path.isfile(beside) else ""

    def run(request: Request) -> None:
        screen.ask(Measuring(request), lambda measured: _offer(screen, dataset, request, measured))

    def more(text: str) -> None:
        fields = [one._replace(value=text) if one.name == "files" else one for one in OPTIONS]
        asked = "Only the files are needed."
        screen.ask(Figures(title, asked, fields, _wrong), lambda texts: run(request_of(texts)))

    title = f"Measure {dataset.label}"
    prompt = Prompt(
        title,
        label,
        known,
        lambda text: _wrong({"files": text}),
        more=("options", more),
        files_below=os.getcwd(),
    )
    screen.ask(prompt, lambda text: run(request_of({"files": text})))


def request_of(texts: Mapping[str, str]) -> Request:
    """What the texts of the options ask for. Raises ValueError or BadValue for what cannot be done."""
    given = {one.name: texts.get(one.name, "") for one in OPTIONS}
    words = {name: shlex.split(text) for name, text in given.items() if name not in ("files", "delimiter")}
    files = files_of(given["files"])
    if not files:
        raise ValueError("name a CSV, Parquet or JSON-lines file")
    for name in ("date", "older", "outliers", "header", "encoding"):
        if len(words[name]) > 1:
            raise ValueError(f"{name}: one is enough; put names with blanks in quotes")
    one = {name: found[0] if found else "" for name, found in words.items()}
    if one["outliers"] not in ("", *METHODS):
        raise ValueError(f"outliers are found by {' or '.join(METHODS)}")
    pairs = words["groups"]
    if len(pairs) % 2:
        raise ValueError("groups are a column and a file, then the next column and its file")
    groups = {
        name: listed_values(os.path.expanduser(path)) for name, path in zip(*[iter(pairs)] * 2, strict=True)
    }
    if one["header"] not in ("", "yes", "no"):
        raise ValueError("header is yes or no")
    header = one["header"] == "yes" if one["header"] else None
    older = os.path.expanduser(one["older"])
    if older and not os.path.isfile(older):
        raise ValueError(f"there is no file {one_line(older)}")
    asked = Asked(one["outliers"] or "tukey", tuple(words["key"]), groups, older)
    reading = Reading.of(
        words["missing"],
        given["delimiter"],
        header=header,
        encoding=one["encoding"],
        memory=given["memory"].strip(),
    )
    return Request(tuple(files), asked, reading, tuple(words["critical"]), one["date"])


def _wrong(texts: Mapping[str, str]) -> str | None:
    """What is wrong with the texts of the options."""
    try:
        request_of(texts)
    except ValueError as error:
        return str(error)
    except KedgeError as error:
        return _in_a_line(error)
    return None


def _in_a_line(error: KedgeError) -> str:
    return f"{error.message}{f'; {error.hint}' if error.hint else ''}"


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


def _offer(screen: ActsOnQuestions, dataset: Dataset, request: Request, measured: Measurement) -> None:
    session = screen.session
    critical = {*request.critical, *(name for name, column in dataset.columns.items() if column.critical)}
    found = findings(measured, critical, session.today)
    session.wait()
    try:
        batch = measured_change(
            session.plan,
            session.workspace.root,
            dataset.address,
            measured,
            found,
            request.files[0],
            session.today,
            critical=request.critical,
            dates=date_column(measured, request.date),
        )
        preview = session.workspace.preview(batch)
    except (EditRefused, ChangeRefused, KedgeError) as error:
        screen.say(str(error), "warning")
        return
    match = match_dataset(dataset.columns, measured.table)
    lines = [*report(measured, found, critical), "", preview or "the record has all of this already"]
    write = f"write it into {dataset.id}"
    if match.text:
        lines[:0] = [one_line(match.text), ""]
    if not match.fits:
        lines[:0] = [f"This does not look like {dataset.id}: is it another file?"]
        write = f"{write} although the columns are others"
    text = "\n".join(lines)
    options = (("y", write), ("n", "leave the record as it is"))

    def answered(key: str) -> None:
        if key == "y":
            screen.make(lambda: batch)

    screen.ask(Ask(f"Measured: {measured.source}", text, options, is_long=True), answered)


def report(measured: Measurement, found: Sequence[DataFinding], critical: Iterable[str]) -> Iterator[str]:
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
    parts = [
        "critical" if is_critical else "",
        figures.type,
        f"written as {' or '.join(figures.written)}" if figures.written else "",
        f"{percent(figures.missing, rows)} missing" if figures.missing else "",
        f"{figures.distinct:,} different",
        f"{figures.outliers:,} outliers" if figures.outliers else "",
        f"{figures.minimum} to {figures.maximum}" if figures.minimum is not None else "",
    ]
    return ", ".join(one_line(part) for part in parts if part)
