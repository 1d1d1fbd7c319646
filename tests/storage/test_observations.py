"""Values in files of other tools: the right value of each, and nothing changed by looking."""

from __future__ import annotations

import json
import math
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


@pytest.mark.parametrize(
    ("name", "text", "key", "said"),
    [
        ("m.json", '{"a": "0.7"}', ("a",), "a is the text '0.7', not a number"),
        ("m.json", '{"a": true}', ("a",), "a is true, not a number"),
        ("m.json", '{"a": null}', ("a",), "a is null, not a number"),
        ("m.json", '{"a": NaN}', ("a",), "NaN"),
        ("m.json", '{"a": 1e999}', ("a",), "infinite"),
        ("m.json", '{"a": {"b": 1}}', ("a",), "a is a table, not a number"),
        ("m.json", '{"a": [1]}', ("a", "3"), "there is no a > 3"),
        ("m.json", '{"a": 1}', ("b",), "there are: a"),
        ("m.json", '{"a": 1}', (), "no key says which value"),
        ("m.json", '{"a": 1', ("a",), "cannot be read"),
        ("m.json", "[" * 100_000, ("a",), "m.json"),
        ("m.json", b"\xff\xfe", ("a",), "is not text in UTF-8"),
        ("m.yaml", "a: 0,7", ("a",), "a is the text '0,7'"),
        ("m.yaml", "a: .nan", ("a",), "NaN"),
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
        ("m.csv", "", ("a",), "has no column 'a'"),
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
