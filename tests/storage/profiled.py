"""Measuring small files, for tests of what is measured."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest

from kedge.model.data.profile import Measurement
from kedge.model.data.profile_findings import findings
from kedge.storage.data.profiling import Asked, measure
from kedge.storage.data.profiling_tables import Reading

duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
TODAY = dt.date(2026, 11, 20)


def quiet(*_: object) -> None:
    """Nobody is told."""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a file below a folder of its own; its path."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def written(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    yield written
    assert list((tmp_path / "temporary").iterdir()) == [], "a temporary folder was left behind"


def measured(*paths: str, reading: Reading | None = None, **asked: object) -> Measurement:
    return measure(paths, Asked(**asked), reading or Reading(), quiet)  # pyright: ignore[reportArgumentType]


def said(found: Measurement, *critical: str) -> list[str]:
    return [one.text for one in findings(found, critical, TODAY)]


def parquet(path: str, query: str) -> str:
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def column(write, values: list[str], delimiter: str = ";"):
    rows = "".join(f"{n}{delimiter}{value}\n" for n, value in enumerate(values))
    return measured(write("a.csv", f"n{delimiter}v\n{rows}")).table.columns["v"]
