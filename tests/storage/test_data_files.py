"""Data files of many forms are read for what they are: the cases of the benchmark, in the process."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from kedge.storage.data.profiling import Asked, measure
from kedge.storage.data.profiling_drift import compare
from kedge.storage.data.profiling_tables import Reading
from kedge.storage.disk.errors import KedgeError

from .profiled import measured, quiet, said

pytest.importorskip("duckdb", reason="needs the extra kedge[data]")
ROOT = Path(__file__).resolve().parents[2]
FAULTS = ROOT.parent / "shared" / "data" / "faults"


def _bench():
    spec = importlib.util.spec_from_file_location("datafiles", ROOT / "bench" / "datafiles.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BENCH = _bench()
READ = {name: case for name, case in BENCH.MADE.items() if not case.refused and not case.arguments}


def check(found, case) -> None:
    table, told = found.table, said(found)
    assert case.rows is None or (table.rows, table.unreadable) == (case.rows, case.unreadable)
    assert not case.columns or tuple(table.columns) == case.columns
    assert not case.told or any(re.search(case.told, text, re.IGNORECASE) for text in told), told
    assert not case.quiet or (table.doubts, table.unreadable) == ((), 0)
    assert {name: table.columns[name].type for name in case.types} == case.types
    assert {name: table.columns[name].distinct for name in case.distinct} == case.distinct


@pytest.mark.parametrize("name", READ)
def test_files_are_read_for_what_they_are(write, name: str) -> None:
    check(measured(write(name, READ[name].content)), READ[name])


@pytest.mark.parametrize("name", [name for name, case in BENCH.MADE.items() if case.refused])
def test_what_is_no_table_is_refused_by_its_name(write, name: str) -> None:
    case = BENCH.MADE[name]
    with pytest.raises(KedgeError, match=re.compile(case.refused, re.IGNORECASE)):
        measured(write(name, case.content))


@pytest.mark.skipif(not FAULTS.is_dir(), reason="needs the public data in ../shared/data")
@pytest.mark.parametrize("name", BENCH.GIVEN)
def test_faults_found_in_use_are_read_for_what_they_are(name: str) -> None:
    check(measured(str(FAULTS / name)), BENCH.GIVEN[name])


def test_what_was_said_about_the_form_is_taken(write) -> None:
    path = write("a.csv", "1,2\n3,4\n")
    assert measured(path, reading=Reading(header=False)).table.doubts == ()
    assert [*measured(path, reading=Reading(header=True)).table.columns] == ["1", "2"]
    assert "--delimiter" in said(measured(write("b.csv", "a^b\n1^2\n3^4\n")))[0]


def test_lines_that_cannot_be_read_are_all_counted_and_the_first_is_named(write) -> None:
    text = "id,v\n" + "1,2\n" * 12_001 + "1,2,3\n" * 12_001
    found = measured(write("a.csv", text)).table
    assert (found.rows, found.unreadable) == (12_001, 12_001)
    assert found.unreadable_first == "line 12,003: 3 cells where 2 are wanted"


def test_a_json_line_that_is_cut_is_counted_with_its_number(write) -> None:
    lines = [f'{{"id": {n}}}' for n in range(5000)]
    lines[2500] = '{"id": 2500, "v": 12'
    found = measured(write("a.jsonl", "\n".join(lines) + "\n")).table
    assert (found.rows, found.unreadable) == (4999, 1)
    assert found.unreadable_first.startswith("line 2,501: not JSON")


def test_line_ends_that_change_late_lose_no_row(write) -> None:
    rows = "".join(f"{n},{n / 2}\n" for n in range(60_000))
    for ends in ("\r\n", "\r"):
        assert measured(write("a.csv", f"id,v\n{rows}" + rows.replace("\n", ends))).table.rows == 120_000


def test_long_numbers_are_told_apart_in_parquet_and_in_drift(write, tmp_path: Path) -> None:
    import duckdb

    path = str(tmp_path / "a.parquet")
    numbers = (
        "(range + 10000000000000000000)::UBIGINT AS u, range::HUGEINT + 10::HUGEINT ** 30 AS h,"
        " range + 10000000000000000000000000000000::DECIMAL(38, 0) AS d"
    )
    duckdb.connect().execute(f"COPY (SELECT {numbers} FROM range(100)) TO '{path}'")  # noqa: S608
    columns = measured(path).table.columns
    assert (columns["u"].distinct, columns["d"].distinct) == (100, 100)
    other = str(tmp_path / "b.parquet")
    Path(other).write_bytes(Path(path).read_bytes())
    assert compare(path, other, Reading(), quiet).skipped["d"] == "a key: different in every row"


@pytest.mark.parametrize("name", [name for name, *_ in BENCH.pairs()])
def test_the_loudest_signals_are_drift(write, name: str) -> None:
    _, old, new, code, _ = next(pair for pair in BENCH.pairs() if pair[0] == name)
    compared = compare(write("old.csv", old), write("new.csv", new), Reading(), quiet)
    assert int(compared.has_drifted) == code


def test_a_temporary_folder_with_a_wildcard_in_its_name_is_refused(
    write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    path = write("a.csv", "x\n1\n")
    (tmp_path / "temporary[1]").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary[1]"))
    with pytest.raises(KedgeError, match="wildcard"):
        measure([path], Asked(), Reading(), quiet)
