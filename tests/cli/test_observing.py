"""Values of metrics and monitors from the command line: said, read from a file, read again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
from pathlib import Path
from typing import cast

import pytest

from kedge.model.records.delivery import Monitor
from kedge.model.records.strategy import Metric
from kedge.storage.plan.read import read_plan

from .running import TODAY, Ran, kedge, snapshot

FROM = ("metric", "record", "churn-recall", "--from", "out.json", "--key", "val/auc", "--key", "test")


def git(top: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=top, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def top(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", ".")
    assert kedge("init", "--sample", cwd=tmp_path).code == 0
    write(tmp_path, 0.33)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Measure")
    return tmp_path


def write(top: Path, value: object) -> None:
    (top / "out.json").write_text(json.dumps({"val/auc": {"test": value}}))


def run(top: Path, *words: str) -> Ran:
    return kedge(*words, "--today", TODAY, cwd=top)


def metric(top: Path) -> Metric:
    return read_plan(str(top / "plan")).plan.strategy("churn").metrics["churn-recall"]


def monitor(top: Path, name: str) -> Monitor:
    found = read_plan(str(top / "plan")).plan.of_kind("monitor", "churn")
    return next(cast("Monitor", one) for one in found if one.id == name)


def test_a_value_that_is_said(top: Path) -> None:
    assert run(top, "metric", "record", "churn-recall", "0.27", "--on", "2026-11-18").code == 0
    assert (metric(top).actual, metric(top).measured_on) == (0.27, dt.date(2026, 11, 18))


def test_a_value_from_a_file_keeps_where_it_came_from(top: Path) -> None:
    assert run(top, *FROM).code == 0
    found = metric(top)
    assert (found.actual, str(found.measured_on)) == (0.33, TODAY)
    assert (found.measured_in, found.measured_key) == ("out.json", ("val/auc", "test"))
    assert found.measured_commit == git(top, "rev-parse", "HEAD")
    assert found.measured_hash == hashlib.sha256((top / "out.json").read_bytes()).hexdigest()


def test_refresh_reads_all_of_them_again(top: Path) -> None:
    assert "no metric is read from a file" in run(top, "metric", "refresh").err
    assert run(top, *FROM).code == 0
    assert "as their files say" in run(top, "metric", "refresh").err
    write(top, 0.29)
    before = snapshot(top)
    shown = run(top, "metric", "refresh", "--dry-run")
    assert shown.out.startswith("churn-recall: 0.33 -> 0.29\n")
    assert "+actual = 0.29" in shown.out
    assert snapshot(top) == before
    told = json.loads(run(top, "metric", "refresh", "--json").out)["data"]
    assert [(one["id"], one["actual"]) for one in told] == [("churn-recall", 0.29)]
    assert metric(top).actual == 0.29


def test_what_cannot_be_read_stays_as_it_was(top: Path) -> None:
    assert run(top, *FROM).code == 0
    write(top, "a lot")
    before = snapshot(top)
    refused = run(top, "metric", "refresh")
    assert refused.code == 1
    assert "churn-recall: out.json: val/auc > test is the text 'a lot', not a number" in refused.err
    assert snapshot(top) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("metric", "record", "churn-recall"), "either a VALUE or --from FILE is needed"),
        (
            ("metric", "record", "churn-recall", "0.3", "--key", "a"),
            "--key, --run and --row go with --from FILE",
        ),
        (("metric", "record", "churn-recall", "0,3"), "with a decimal comma"),
        (("metric", "record", "churn-recall", "nan"), "not a number (NaN)"),
        (("metric", "record", "churn-recall", "0.3", "--on", "2026-12-24"), "is ahead"),
        (
            ("metric", "record", "churn-recall", "--from", "out.json", "--row", "x"),
            "--row wants COLUMN=VALUE",
        ),
        (
            ("metric", "record", "churn-recall", "--from", "../x.json", "--key", "a"),
            "leads out of the repository",
        ),
        (("metric", "refresh", "churn-recall"), "churn-recall was never read from a file"),
        (("monitor", "record", "input-drift"), "a VALUE, or --from FILE --key NAME, is needed"),
        (("monitor", "record", "input-drift", "0.1", "--at", "2026-12-24T01:00"), "is ahead"),
        (("monitor", "record", "input-drift", "0.1", "--at", "soon"), "is not a point in time"),
    ],
)
def test_wrong_use_writes_nothing(top: Path, words: tuple[str, ...], said: str) -> None:
    before = snapshot(top)
    refused = run(top, *words)
    assert refused.code == 2
    assert said in refused.err
    assert snapshot(top) == before


def test_readings_of_a_monitor_are_judged(top: Path) -> None:
    assert run(top, "monitor", "set", "input-drift", "operator=>", "value=0.12", "in_a_row=2").code == 0
    first = run(top, "monitor", "record", "input-drift", "0.2", "--at", "2026-11-13T05:30")
    assert first.code == 0
    assert "1 of 2 readings in a row are beyond" in first.err
    second = run(
        top, "monitor", "record", "input-drift", "0.21", "--at", "2026-11-20T05:30", "--events", "900"
    )
    assert second.code == 1
    assert "input-drift: fired" in second.err
    found = monitor(top, "input-drift")
    assert [(one.value, one.events) for one in found.readings.values()] == [(0.2, None), (0.21, 900)]
    assert str(found.last_fired) == "2026-11-20"
    again = run(top, "monitor", "record", "input-drift", "0.21", "--at", "2026-11-20T05:30")
    assert (again.code, "already" in again.err) == (2, True)
    assert "2026-11-20T05:30Z: 0.21" in run(top, "show", "input-drift").out


def test_a_reading_of_a_wrong_clock_does_not_fire_with_the_next(top: Path) -> None:
    words = (
        "operator=>",
        "value=0.12",
        "readings.ahead.read_at=2027-02-01T05:30Z",
        "readings.ahead.value=0.9",
    )
    assert run(top, "monitor", "set", "input-drift", *words).code == 0
    before = monitor(top, "input-drift").last_fired
    fine = run(top, "monitor", "record", "input-drift", "0.05", "--at", "2026-11-20T05:30")
    assert (fine.code, "input-drift: fine: 0.05" in fine.err) == (0, True), fine
    assert monitor(top, "input-drift").last_fired == before


def test_a_monitor_knows_its_file_from_then_on(top: Path) -> None:
    source = ("--from", "out.json", "--key", "val/auc", "--key", "test")
    assert run(top, "monitor", "record", "input-drift", *source, "--at", "2026-11-13T05:30").code == 1
    write(top, 0.01)
    assert run(top, "monitor", "record", "input-drift").code == 0
    found = monitor(top, "input-drift")
    assert [one.value for one in found.readings.values()] == [0.33, 0.01]
    assert all(one.hash and one.commit for one in found.readings.values())


def committed(top: Path, day: str) -> None:
    git(top, "add", "-A")
    git(top, "commit", "-qm", "Measure again", "--date", f"{day}T09:30:00+02:00")


def test_a_file_without_a_day_counts_from_its_commit(top: Path) -> None:
    ran = run(top, *FROM)
    assert str(metric(top).measured_on) == TODAY
    assert "out.json names no day and is not committed as it is: it counts as measured today" in ran.err
    write(top, 0.31)
    committed(top, "2026-11-10")
    ran = run(top, *FROM)
    assert str(metric(top).measured_on) == "2026-11-10"
    assert "out.json names no day: that of its last commit counts, 2026-11-10; --on DATE" in ran.err
    source = ("--from", "out.json", "--key", "val/auc", "--key", "test")
    run(top, "monitor", "record", "input-drift", *source)
    assert [one.read_at for one in monitor(top, "input-drift").readings.values()] == ["2026-11-10T07:30Z"]
    run(top, *FROM, "--on", "2026-11-12")
    assert str(metric(top).measured_on) == "2026-11-12"
    write(top, 0.29)
    ran = run(top, "metric", "refresh")
    assert str(metric(top).measured_on) == TODAY
    assert "it counts as measured today" in ran.out
    write(top, 0.28)
    committed(top, "2031-01-01")
    run(top, *FROM)
    assert (metric(top).actual, str(metric(top).measured_on)) == (0.28, TODAY)


def test_a_pipeline_counts_from_the_commit_of_the_file_that_has_the_value(top: Path) -> None:
    (top / "dvc.yaml").write_text("metrics: [out.json]\n")
    write(top, 0.31)
    committed(top, "2026-11-10")
    (top / "dvc.yaml").write_text("metrics:\n- out.json\n")
    run(top, "metric", "record", "churn-recall", "--from", "dvc.yaml", *FROM[5:])
    assert str(metric(top).measured_on) == "2026-11-10"


def test_a_file_whose_clock_is_ahead_is_refused(top: Path) -> None:
    place = ("--from", "out.json", "--key", "a")
    (top / "out.json").write_text('{"date": "2031-01-01", "a": 0.3}')
    before = snapshot(top)
    for kind, name in (("metric", "churn-recall"), ("monitor", "input-drift")):
        refused = run(top, kind, "record", name, *place)
        assert (refused.code, "which is ahead" in refused.err) == (2, True), refused
    assert snapshot(top) == before
    # In UTC the next day begins before that of a person further west.
    (top / "out.json").write_text('{"date": "2026-11-21T03:00Z", "a": 0.3}')
    assert run(top, "metric", "record", "churn-recall", *place).code == 0
    assert str(metric(top).measured_on) == TODAY


def test_an_objective_of_another_tool(top: Path) -> None:
    (top / "slo.yaml").write_text(
        "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: scoring}\n"
        "spec: {target: '99.5', window: 4w}\n"
    )
    assert run(top, "monitor", "objective", "sunday-run", "slo.yaml").code == 0
    found = monitor(top, "sunday-run")
    assert (found.objective, found.objective_days) == (0.995, 28)
    assert "has no objective 'x'" in run(top, "monitor", "objective", "sunday-run", "slo.yaml", "x").err
    (top / "slo.yaml").write_text("a: 1\n")
    assert (
        "no objective of OpenSLO, Sloth or Pyrra"
        in run(top, "monitor", "objective", "sunday-run", "slo.yaml").err
    )
