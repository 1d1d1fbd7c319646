"""A dataset measured from the board: the change is shown, can be refused, and a long run can be ended."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from kedge.storage.data.profiling_engine import Progress
from kedge.storage.disk.errors import KedgeError
from kedge.tui.assess import profile_dialog
from kedge.tui.assess.asked import DATASETS
from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.assess.profile_dialog import OPTIONS, Measuring, files_of, request_of
from kedge.tui.dialogs.figures import Figures
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start, write

pytest.importorskip("duckdb")

RECORD = "projects/churn/datasets/events.toml"
ROWS = "id,day,amount\n1,2026-01-01,3\n2,2026-01-02,4\n3,2026-01-03,\n"


@pytest.fixture
def with_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlanFolder:
    made = PlanFolder(tmp_path)
    made.project("churn", "assess")
    write(made.root / RECORD, '# ours\ntitle = "Events"\naccess = "granted"\n')
    write(tmp_path / "data" / "some events.csv", ROWS)
    monkeypatch.chdir(tmp_path)
    return made


async def asked_for(on: Driver, files: str, then: str = "enter") -> AssessScreen:
    """On the dataset, with these files named."""
    await on.act("screen.assess")
    screen = on.app.screen
    assert isinstance(screen, AssessScreen)
    await on.pilot.pause()
    screen.to_tab(DATASETS)
    await on.pilot.pause()
    await on.act("question.measure")
    assert isinstance(on.app.screen, Prompt)
    await on.press(*files, then)
    return screen


def shown(on: Driver) -> str:
    return "\n".join(one.text for one in on.app.screen.query_one(LineView).lines)


async def test_what_was_measured_is_shown_and_written_when_asked(
    with_dataset: PlanFolder, start: Start
) -> None:
    record = with_dataset.root / RECORD
    async with start(with_dataset.root, size=(100, 40)) as on:
        await asked_for(on, "'data/some events.csv'")
        await on.until("Measured:")
        text = shown(on)
        assert "3 rows, 3 columns, 0 duplicate rows" in text
        assert "33 % missing" in text
        assert "+rows = 3" in text.replace("+ rows", "+rows")
        assert "rows" not in record.read_text()
        await on.press("y")
        await on.until(lambda: "rows = 3" in record.read_text())
        written = record.read_text()
        assert written.startswith("# ours\n")
        assert 'source = "data/some events.csv"' in written
        assert "first_date = 2026-01-01" in written
        await on.act("plan.undo")
        await on.until(lambda: "rows" not in record.read_text())


async def test_a_file_with_other_columns_is_asked_about(
    with_dataset: PlanFolder, start: Start, tmp_path: Path
) -> None:
    record = with_dataset.root / RECORD
    record.write_text(record.read_text() + "\n[columns.id]\ncritical = true\n")
    write(tmp_path / "other.csv", "name,city\nA,B\nC,D\nE,F\n")
    async with start(with_dataset.root, size=(100, 40)) as on:
        await asked_for(on, "other.csv")
        await on.until("Measured:")
        assert "This does not look like events: is it another file?" in shown(on)
        assert "although the columns are others" in "\n".join(on.lines())


async def test_a_change_that_is_refused_leaves_the_record(with_dataset: PlanFolder, start: Start) -> None:
    record = with_dataset.root / RECORD
    before = record.read_bytes()
    async with start(with_dataset.root, size=(80, 24)) as on:
        await asked_for(on, "data/*.csv")
        await on.until("Measured:")
        await on.press("n")
        assert isinstance(on.app.screen, AssessScreen)
        assert record.read_bytes() == before


async def test_tab_leads_to_what_can_be_said_about_the_files(
    with_dataset: PlanFolder, start: Start, tmp_path: Path
) -> None:
    write(tmp_path / "old ones.csv", "kind\na\nb\n")
    (tmp_path / "kinds.csv").write_bytes("id;kind;sum\n1;a;2,5\n2;c;\n3;é;1,0\n".encode("latin-1"))
    async with start(with_dataset.root, size=(100, 40)) as on:
        await asked_for(on, "kinds.csv", "tab")
        form = on.app.screen
        assert isinstance(form, Figures)
        texts = {"critical": "sum", "key": "id", "older": "'old ones.csv'", "encoding": "latin1"}
        for one, field in zip(OPTIONS, form.query(Input), strict=True):
            field.value = texts.get(one.name, field.value)
        await on.press("ctrl+s")
        assert "'latin1' is not an encoding that can be read" in "\n".join(on.lines())
        list(form.query(Input))[[one.name for one in OPTIONS].index("encoding")].value = "latin-1"
        await on.press("ctrl+s")
        await on.until("Measured:")
        text = shown(on)
        assert "problem: sum: missing values: 33.33 % of rows, and it is critical" in text
        assert "problem: kind: groups that are absent: 1 of 2: 'b'" in text
        assert "critical, DOUBLE" in text
        await on.press("y")
        record = with_dataset.root / RECORD
        await on.until(lambda: "critical = true" in record.read_text())


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("files", "", "name a CSV, Parquet or JSON-lines file"),
        ("older", "nowhere.csv", "there is no file nowhere.csv"),
        ("groups", "kind", "groups are a column and a file"),
        ("groups", "kind nowhere.txt", "nowhere.txt cannot be read"),
        ("outliers", "sigma", "outliers are found by tukey or mad"),
        ("date", "one two", "date: one is enough"),
        ("delimiter", "ab", "is not a delimiter"),
        ("memory", "lots", "is not an amount of memory"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_long_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, says: str
) -> None:
    write(tmp_path / "a.csv", "x\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ValueError, KedgeError), match=says):
        request_of({"files": "a.csv", name: text})


async def test_what_cannot_be_read_is_said(with_dataset: PlanFolder, start: Start, tmp_path: Path) -> None:
    write(tmp_path / "empty.csv", "")
    async with start(with_dataset.root, size=(80, 24)) as on:
        await asked_for(on, "empty.csv")
        await on.until("is empty")
        assert isinstance(on.app.screen, Measuring)
        await on.press("escape")
        assert isinstance(on.app.screen, AssessScreen)


async def test_a_long_run_can_be_ended(
    with_dataset: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def endless(files: Any, asked: Any, reading: Any, progress: Progress) -> None:
        try:
            while True:
                progress("reading [b]a file", 0.25)
                threading.Event().wait(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(profile_dialog, "measure", endless)
    async with start(with_dataset.root, size=(80, 24)) as on:
        await asked_for(on, "data/*.csv")
        await on.until("reading [b]a file, 25%")
        await on.press("escape")
        await on.until(ended.is_set)
        assert isinstance(on.app.screen, AssessScreen)


def test_files_are_named_as_in_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a b.csv", "c.csv", "d[1].csv"):
        write(tmp_path / name, "x\n")
    monkeypatch.chdir(tmp_path)
    assert files_of("'a b.csv' c.csv") == ["a b.csv", "c.csv"]
    assert files_of("*.csv") == ["a b.csv", "c.csv", "d[1].csv"]
    assert files_of("d[1].csv") == ["d[1].csv"]
    assert files_of(" ") == []
    for text, says in (("nowhere.csv", "there is no file nowhere.csv"), ("'a", "No closing quotation")):
        with pytest.raises(ValueError, match=says):
            files_of(text)
