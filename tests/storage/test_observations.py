"""Values in files of other tools: the right value of each, and nothing changed by looking."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kedge.model.operations.observation import Observed, Unread, Where
from kedge.storage.observations.reading import observe
from kedge.storage.observations.slo import objectives

PUBLIC = Path(__file__).parents[2].parent / "shared" / "data" / "observations"
needs_data = pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public files of other tools are not here")


def expected() -> Iterator[Any]:
    for at, one in enumerate(json.loads((PUBLIC / "expected.json").read_text()) if PUBLIC.is_dir() else ()):
        yield pytest.param(one, id=f"{at}-{Path(one['file']).name}")


def asked(one: dict[str, Any]) -> Where:
    key = tuple(str(part) for part in one.get("path", ()))
    if "metric_name" in one:
        key = (one["metric_name"], *key) if key else (one["metric_name"],)
    if "column" in one:
        row = one["row"]
        return Where(
            one["file"], (one["column"],), row="" if row == "last" else "=".join(next(iter(row.items())))
        )
    if "run" in one:
        words = one["run"].split(" ", 1)
        run = {"run": words[-1], "model": f"model:{words[-1]}"}.get(
            words[0], f"experiment:{words[-1].rpartition(' ')[2]}"
        )
        key = (one["key"],)
        return Where(one["file"], key, run)
    return Where(one["file"], key)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("observations") / "top"
    shutil.copytree(PUBLIC, place)
    return place


@needs_data
@pytest.mark.parametrize("one", list(expected()))
def test_the_right_value_of_real_files(files: Path, one: dict[str, Any]) -> None:
    before = {path: path.read_bytes() for path in files.rglob("*") if path.is_file()}
    if "slo" in one:
        found = objectives(str(files), one["file"])
        assert isinstance(found, list)
        named = {objective.name: objective for objective in found}
        assert named[one["slo"]].share == one["objective_share"]
        days = {"28d rolling": 28, "1w calendar": 7, "4w": 28, "30d": 30, None: None}[one["window"]]
        assert named[one["slo"]].days == days
        assert named[one["slo"]].rolling is ("calendar" not in (one["window"] or ""))
    else:
        answer = observe(str(files), [asked(one)])[0]
        value = one["value"]
        if isinstance(value, float | int):
            assert isinstance(answer, Observed), answer
            assert answer.value == value
            assert len(answer.digest) == 64 or one["file"].endswith("mlruns")
        else:
            assert isinstance(answer, Unread)
            said = {"nan": "NaN", "inf": "infinite", None: "logreg-week45 had it last"}[value]
            assert said in f"{answer.why}; {answer.hint}"
    assert {path: path.read_bytes() for path in files.rglob("*") if path.is_file()} == before


# ---- bad input


def put(folder: Path, name: str, text: str | bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def unread(folder: Path, where: Where) -> str:
    answer = observe(str(folder), [where])[0]
    assert isinstance(answer, Unread), answer
    assert answer.why.startswith(where.file), answer
    return f"{answer.why}; {answer.hint}"


def _bomb(begin: str, end: str) -> str:
    """Lines that each hold the one before ten times."""
    names = "bcdefghi"
    lines = [f"{one}: &{one} {begin}{','.join([f'*{chr(ord(one) - 1)}'] * 10)}{end}\n" for one in names]
    return "a: &a {x: 1, y: 2}\n" + "".join(lines)


@pytest.mark.parametrize(
    ("name", "text", "key", "said"),
    [
        ("m.json", '{"a": "0.7"}', ("a",), "a is the text '0.7', not a number"),
        ("m.json", '{"a": true}', ("a",), "a is true, not a number"),
        ("m.json", '{"a": null}', ("a",), "a is null, not a number"),
        ("m.json", '{"a": NaN}', ("a",), "NaN"),
        ("m.json", '{"a": 1e999}', ("a",), "infinite"),
        ("m.json", '{"a": 1' + "0" * 400 + "}", ("a",), "beyond what a figure can hold"),
        ("m.json", '{"a": 1' + "0" * 5_000 + "}", ("a",), "cannot be read"),
        ("m.json", '{"a": [1]}', ("a", "9" * 5_000), "there is no a > 999"),
        ("m.json", "[" + "[]," * 4_000_000 + "[]]", ("a",), "larger than 10,000,000 bytes"),
        ("m.json", '{"a": {"b": 1}}', ("a",), "a is a table, not a number"),
        ("m.json", '{"a": [1]}', ("a", "3"), "there is no a > 3"),
        ("m.json", '{"a": 1}', ("b",), "there are: a"),
        ("m.json", '{"a": 1}', (), "no key says which value"),
        ("m.json", '{"a": 1', ("a",), "cannot be read"),
        ("m.json", "[" * 100_000, ("a",), "m.json"),
        ("m.json", b"\xff\xfe", ("a",), "is not text in UTF-8"),
        ("m.yaml", "a: 0,7", ("a",), "a is the text '0,7'"),
        ("m.yaml", "a: .nan", ("a",), "NaN"),
        ("m.yaml", _bomb("[", "]"), ("a",), "its aliases stand for more than 200,000 values"),
        ("m.yaml", _bomb("{<<: [", "]}"), ("a",), "its aliases stand for more than 200,000 values"),
        ("m.yaml", "a: &a [*a]", ("a",), "its aliases stand for more than"),
        ("m.yaml", "a: 1\n" * 250_000, ("a",), "larger than 1,000,000 bytes"),
        ("m.yaml", "[" * 5_000, ("a",), "nested too deep"),
        ("m.md", f"---\n{_bomb('[', ']')}---\n", ("a",), "its aliases stand for more than"),
        ("m.toml", "a." * 400 + "b = 1\n", ("a",), "a key of more than 8 parts"),
        ("m.yaml", "a: 1\na: 2", ("a",), "cannot be read"),
        ("m.yaml", "a: !!python/object/apply:os.getcwd []", ("a",), "cannot be read"),
        ("m.toml", "a = inf", ("a",), "infinite"),
        ("m.csv", "a,b\n1,\n", ("b",), "b of the last row is empty"),
        ("m.csv", 'a\n"0,7"\n', ("a",), "decimal comma"),
        ("m.csv", "a\nnan\n", ("a",), "NaN"),
        ("m.csv", "a\n1_000\n", ("a",), "not a number"),
        ("m.csv", "a,a\n1,2\n", ("a",), "more than once"),
        ("m.csv", "a,b\n1\n", ("a",), "a row has 1 cells, not 2"),
        ("m.csv", "a\n", ("a",), "has no row"),
        ("m.csv", "", ("a",), "m.csv is empty"),
        ("m.csv", "a;b\n0,7;1\n", ("a",), "semicolons between its columns"),
        ("m.yaml", "a: 2026-11-10", ("a",), "a is the text '2026-11-10', not a number"),
        *(
            ("m.yaml", f"a: {text}", ("a",), f"a is the text '{text}', not a number")
            for text in (
                "1_000",
                "0b11",
                "1_0.5",
                "0x_1F",
                "190:20:30",
                "=",
                "0o8",
                "+0x1F",
                "1e",
                "1.5_5",
                "_1",
            )
        ),
        ("m.json", '{"a": 1, "a": 2}', ("a",), "it has the key 'a' more than once"),
        ("m.jsonl", '{"b": {"a": 1, "a": 2}}', ("b", "a"), "m.jsonl:1: it has the key 'a' more than once"),
        ("m.yaml", "# nothing yet\n", ("a",), "m.yaml is empty"),
        ("m.yaml", "a: []", ("a", "0"), "there is no a > 0; nothing is there"),
        ("m.yaml", "7: 2\ntrue: 3", ("2",), "there is no 2; there are: 7, true"),
        ("m.csv", "a\tb\n1\t2\n", ("b",), "m.csv has tabs between its columns"),
        ("m.csv", "a|b\n1|2\n", ("b",), "m.csv has bars between its columns"),
        (
            "dvc.yaml",
            "vars: [{f: m.json}]\nmetrics: ['${f}']\n",
            ("a",),
            "${f} is a path with variables of DVC",
        ),
        (
            "dvc.yaml",
            "stages: {e: {foreach: [x, y], do: {cmd: run, metrics: ['${item}.json']}}}",
            ("a",),
            "name the metrics file itself",
        ),
        ("m.jsonl", '{"a": 1}\n{', ("a",), "m.jsonl:2"),
        ("m.jsonl", '{"b": 1}', ("a",), "no line of m.jsonl has a"),
        ("m.md", "a: 1\n", ("a",), "has no front matter"),
        ("m.db", "not a database", ("a",), "cannot be read"),
        ("m.db", b"", ("a",), "no table experiments"),
        ("dvc.yaml", "metrics: [m.json]\n", ("a",), "no metrics file has a; it names: m.json"),
    ],
)
def test_what_is_no_value_is_said(
    tmp_path: Path, name: str, text: str | bytes, key: tuple[str, ...], said: str
) -> None:
    assert said in unread(tmp_path, Where(put(tmp_path, name, text), key))


@pytest.mark.parametrize(
    ("name", "text", "key", "day"),
    [
        (
            "r.yaml",
            "- {dataset: {id: a/b, task_id: t}, date: '2026-11-10', value: 1}",
            ("a/b t",),
            "2026-11-10",
        ),
        ("r.yaml", "- {date: 2026-11-10T23:30:00-05:00, value: 1}", ("0", "value"), "2026-11-11"),
        ("r.yaml", "- {date: 2026-11-10, value: 1}", ("last", "value"), "2026-11-10"),
        (
            "r.json",
            '{"date": 1796013518.46, "results": {"t": {"acc,none": 1}}}',
            ("results", "t", "acc,none"),
            "2026-11-30",
        ),
        ("r.json", '{"date": "2026-11-01", "a": {"date": "2026-11-02", "b": 1}}', ("a", "b"), "2026-11-02"),
        ("r.jsonl", '{"date": "2026-11-01", "a": 1}\n{"date": "2026-11-03", "a": 1}', ("a",), "2026-11-03"),
        ("r.json", '{"date": "soon", "a": 1}', ("a",), None),
        ("r.json", '{"date": 20261110, "a": 1}', ("a",), None),
        ("r.json", '{"date": [1], "a": 1}', ("a",), None),
        ("r.json", '{"other": {"date": "2026-11-01"}, "a": 1}', ("a",), None),
    ],
)
def test_the_day_that_a_document_names(
    tmp_path: Path, name: str, text: str, key: tuple[str, ...], day: str | None
) -> None:
    answer = observe(str(tmp_path), [Where(put(tmp_path, name, text), key)])[0]
    assert isinstance(answer, Observed), answer
    assert (str(answer.at.date()) if answer.at is not None else None) == day


@pytest.mark.parametrize(("key", "value"), [("7", 2.0), ("true", 3.0), ("null", 4.0), ("0.5", 5.0)])
def test_a_key_that_is_no_text_is_named_as_it_is_written(tmp_path: Path, key: str, value: float) -> None:
    name = put(tmp_path, "m.yaml", "by step:\n  7: 2\n  true: 3\n  null: 4\n  0.5: 5\n")
    answer = observe(str(tmp_path), [Where(name, ("by step", key))])[0]
    assert isinstance(answer, Observed), answer
    assert answer.value == value


def test_a_folder_without_runs_is_named(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    assert unread(tmp_path, Where("t", ("a",))).startswith("t: there is no run of MLflow in it")


def test_files_that_are_not_there_or_lead_out(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    put(tmp_path, "outside.json", '{"a": 1}')
    (top / "link.json").symlink_to(tmp_path / "outside.json")
    (top / "link").symlink_to(tmp_path)
    for path in ("link.json", "link/outside.json", "../outside.json", str(tmp_path / "outside.json")):
        assert "leads out of the repository" in unread(top, Where(path, ("a",)))
    assert "no such file" in unread(top, Where("gone.json", ("a",)))
    assert "no file can have that name" in unread(top, Where("a\0b", ("a",)))


@needs_data
def test_a_database_with_a_journal_is_read_from_a_copy(files: Path, tmp_path: Path) -> None:
    target = tmp_path / "mlflow.db"
    shutil.copy(files / "mlflow" / "mlflow.db", target)
    with sqlite3.connect(target) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE latest_metrics SET value = 0.9 WHERE key = 'val/auc'")
        writer.commit()
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert "mlflow.db-wal" in before
        answer = observe(str(tmp_path), [Where("mlflow.db", ("val/auc",), "experiment:churn")])[0]
        assert isinstance(answer, Observed)
        assert answer.value == 0.9
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    writer.close()
    # All of it is in the file now, and its mode alone would make SQLite write beside it.
    for left in ("mlflow.db-wal", "mlflow.db-shm"):
        (tmp_path / left).unlink(missing_ok=True)
    assert isinstance(
        observe(str(tmp_path), [Where("mlflow.db", ("val/auc",), "experiment:churn")])[0], Observed
    )
    assert [path.name for path in tmp_path.iterdir()] == ["mlflow.db"]


@needs_data
def test_a_database_that_is_locked_says_so(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kedge.storage.observations.mlflow_database.PATIENCE", 0.01)
    target = tmp_path / "mlflow.db"
    shutil.copy(files / "mlflow" / "mlflow.db", target)
    writer = sqlite3.connect(target, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    try:
        said = unread(tmp_path, Where("mlflow.db", ("val/auc",), "experiment:churn"))
    finally:
        writer.rollback()
        writer.close()
    assert "another program has it locked" in said


def test_a_hostile_database_computes_nothing(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "m.db") as made:
        for name in ("experiments", "latest_metrics", "tags"):
            made.execute(f"CREATE TABLE {name} (a)")
        made.execute(
            "CREATE VIEW runs AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c"
        )
    made.close()
    assert "it has no table runs" in unread(tmp_path, Where("m.db", ("a",)))


def mlflow(
    path: Path, latest: str = "CREATE TABLE latest_metrics (run_uuid, key, value, timestamp, is_nan)"
) -> None:
    """A database of MLflow with one run, and a table of its values as it is made by a statement."""
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE experiments (experiment_id, name, lifecycle_stage)")
        made.execute("CREATE TABLE runs (run_uuid, name, experiment_id, status, start_time, lifecycle_stage)")
        made.execute("CREATE TABLE tags (key, run_uuid)")
        made.execute(latest)
        made.execute("INSERT INTO experiments VALUES (1, 'churn', 'active')")
        made.execute("INSERT INTO runs VALUES ('r', 'first', 1, 'FINISHED', 0, 'active')")
        made.execute(
            "INSERT INTO latest_metrics (run_uuid, key, value, timestamp) VALUES ('r', 'auc', 0.5, 0)"
        )
    made.close()


def test_a_virtual_table_is_none_of_mlflow(tmp_path: Path) -> None:
    mlflow(tmp_path / "plain.db")
    assert observe(str(tmp_path), [Where("plain.db", ("auc",))]) == [unhashed(tmp_path / "plain.db")]
    try:
        mlflow(
            tmp_path / "m.db",
            "CREATE VIRTUAL TABLE latest_metrics USING fts4(run_uuid, key, value, timestamp, is_nan)",
        )
    except sqlite3.OperationalError:
        pytest.skip("this SQLite has no virtual tables of texts")
    assert "it has no table latest_metrics" in unread(tmp_path, Where("m.db", ("auc",)))


def unhashed(path: Path) -> Observed:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Observed(0.5, dt.datetime(1970, 1, 1, tzinfo=dt.UTC), "run first", digest)


def test_a_column_that_is_computed_fills_no_memory(tmp_path: Path) -> None:
    mlflow(
        tmp_path / "m.db",
        "CREATE TABLE latest_metrics (run_uuid, key, value, timestamp, is_nan AS (hex(zeroblob(400000000))))",
    )
    assert "cannot be read" in unread(tmp_path, Where("m.db", ("auc",)))


@pytest.mark.parametrize("side", ["-wal", "-journal", "-shm"])
def test_a_journal_that_is_a_link_is_not_followed(tmp_path: Path, side: str) -> None:
    top = tmp_path / "top"
    top.mkdir()
    mlflow(top / "m.db")
    (tmp_path / "outside").write_bytes(b"x")
    (top / f"m.db{side}").symlink_to(tmp_path / "outside")
    assert "its journal is a link" in unread(top, Where("m.db", ("auc",)))


def test_a_database_is_copied_up_to_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow(tmp_path / "m.db")
    (tmp_path / "m.db-wal").write_bytes(b"x" * 2_000)
    monkeypatch.setattr("kedge.storage.observations.mlflow_database.LARGEST_COPY", 2_000)
    assert "larger than 2,000 bytes" in unread(tmp_path, Where("m.db", ("auc",)))


@pytest.mark.parametrize("name", ["m.db", "m.json", "m.csv", "dvc.yaml"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert "it is a pipe, not a file" in unread(tmp_path, Where(name, ("a",)))


def store(folder: Path, metric: str, meta: str = "name: churn\n") -> Where:
    """A folder of MLflow with one run."""
    put(folder, "mlruns/1/meta.yaml", meta)
    put(folder, "mlruns/1/r/meta.yaml", "run_id: r\nrun_name: first\nstatus: 3\nlifecycle_stage: active\n")
    put(folder, "mlruns/1/r/metrics/auc", metric)
    return Where("mlruns", ("auc",), "first")


def test_the_last_line_of_a_long_file_counts(tmp_path: Path) -> None:
    lines = "".join(f"{1_700_000_000_000 + at} 0.{at} {at}\n" for at in range(50_000))
    assert len(lines) > 1_000_000
    found = observe(str(tmp_path), [store(tmp_path, lines)])[0]
    assert isinstance(found, Observed)
    assert found.value == 0.49999


@pytest.mark.parametrize(
    ("metric", "meta", "said"),
    [
        ("5\n", "name: churn\n", "a line of a metric has 1 words"),
        ("1 0.5 1 2\n", "name: churn\n", "a line of a metric has 4 words"),
        ("1 x 1\n", "name: churn\n", "cannot be read"),
        ("1 nan 1\n", "name: churn\n", "NaN"),
        ("1 0.5 1\n", "[" * 5_000, "nested too deep"),
        ("1 0.5 1\n", _bomb("[", "]"), "its aliases stand for more than"),
        ("1 0.5 1\n", "#" * 1_000_001, "larger than 1,000,000 bytes"),
    ],
)
def test_a_store_that_is_not_as_mlflow_writes_it(tmp_path: Path, metric: str, meta: str, said: str) -> None:
    assert said in unread(tmp_path, store(tmp_path, metric, meta))


@needs_data
def test_runs_that_are_not_clear_are_asked_for(files: Path) -> None:
    assert "experiment:NAME says which" in unread(files, Where("mlflow/mlflow.db", ("val/auc",)))
    assert "there are: churn, churn-baseline" in unread(
        files, Where("mlflow/mlflow.db", ("loss",), "experiment:x")
    )
    assert "there is no run 'x'" in unread(files, Where("mlflow/mlflow.db", ("loss",), "x"))
    assert "churn-model@champion" in unread(
        files, Where("mlflow/mlflow.db", ("loss",), "model:churn-model@x")
    )
    assert "aliases" in unread(files, Where("mlflow/mlruns", ("loss",), "model:churn-model@champion"))


def test_a_hundred_values_of_one_file_open_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = put(tmp_path, "m.json", json.dumps({str(at): at for at in range(100)}))
    opened: list[str] = []
    from kedge.storage.observations import places

    real = places.read_regular
    monkeypatch.setattr(places, "read_regular", lambda path, most: opened.append(path) or real(path, most))
    answers = observe(str(tmp_path), [Where(name, (str(at),)) for at in range(100)])
    assert [one.value for one in answers if isinstance(one, Observed)] == list(range(100))
    assert len(opened) == 1
    assert math.fsum(one.value for one in answers if isinstance(one, Observed)) == 4950
