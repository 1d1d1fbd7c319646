"""`kedge data`: reports, data for programs, and a change of the record that can be seen and refused."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .running import Ran, changed, kedge, snapshot, started

if importlib.util.find_spec("duckdb") is None:
    pytest.skip("needs duckdb", allow_module_level=True)

Sample = Callable[[str], Path]
RECORD = "projects/churn/datasets/billing-snapshots.toml"
ROWS = """\
contract_id,monthly_price,contract_end,plan 'x'
1,9.9,2026-01-31,M
2,9.9,2026-02-28,M
3,19.9,NA,L
3,19.9,NA,L
5,990,2026-03-31,S
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "contracts.csv"
    path.write_text(ROWS)
    return path


def profiled(file: Path, plan: Path, *arguments: str) -> Ran:
    return kedge(
        "data",
        "profile",
        str(file),
        "--plan",
        str(plan),
        "--dataset",
        "billing",
        "--today",
        "2026-11-20",
        *arguments,
    )


# ---- profile


def test_the_report_says_what_was_found(file: Path, tmp_path: Path) -> None:
    ran = kedge("data", "profile", str(file), "--critical", "contract_end", cwd=tmp_path)
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "contracts.csv: 5 rows, 4 columns"
    assert "contract_end: missing values: 40 % of rows, and it is critical" in ran.out
    assert "duplicate rows: 1 (20 % of rows)" in ran.out
    assert "outliers by Tukey's fences" in ran.out
    assert ran.err == ""
    assert [path.name for path in tmp_path.iterdir()] == ["contracts.csv"]


def test_the_data_for_programs_is_the_envelope_and_nothing_else(file: Path) -> None:
    ran = kedge("data", "profile", str(file), "--json")
    envelope = json.loads(ran.out)
    assert (ran.code, envelope["kedge"], envelope["kind"]) == (0, 1, "profile")
    found = envelope["data"]
    assert (found["rows"], found["duplicates"]) == (5, 1)
    price = found["columns"]["monthly_price"]
    assert (price["type"], price["missing"], price["missing_share"], price["distinct"]) == (
        "DOUBLE",
        0,
        0.0,
        3,
    )
    assert (price["outliers"], price["min"], price["max"]) == (1, 9.9, 990.0)
    assert found["columns"]["contract_end"]["missing_share"] == 0.4
    assert found["columns"]["plan 'x'"]["values"] == {"L": 2, "M": 2, "S": 1}
    assert {"kind", "column", "level", "message"} == set(found["findings"][0])
    assert found["dates"]["first"] == "2026-01-31"


def test_figures_go_into_the_record_and_undo_takes_them_back(file: Path, sample: Sample) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    ran = profiled(file, plan, "--yes")
    assert (ran.code, ran.err) == (0, "measure billing-snapshots\n")
    assert changed(before, snapshot(plan)) == {RECORD}
    text = (plan / RECORD).read_text()
    assert "\nrows = 5\n" in text
    assert "\nchecked_on = 2026-11-20\n" in text
    assert '\nsource = "contracts.csv"\n' in text
    assert "[columns.\"plan 'x'\"]" in text
    assert "Pauses before 2025-11 are booked as cancel and re-join" in text
    assert '  "contract_end: missing values: 40 % of rows, and it is critical",\n' in text
    shown = json.loads(kedge("show", "billing-snapshots", "--json", "--plan", str(plan)).out)["data"]
    assert shown["columns"]["contract_end"] == {
        "type": "DATE",
        "critical": True,
        "missing_share": 0.4,
        "distinct": 3,
        "outliers": None,
    }
    assert "dunning_level" not in shown["columns"]
    assert (
        kedge("check", str(plan / RECORD), "--plan", str(plan), "--severity", "error", "--select", "F").code
        == 0
    )
    assert profiled(file, plan, "--yes").err == "nothing to change: it is so already\n"
    assert kedge("undo", "--plan", str(plan)).code == 0
    assert snapshot(plan) == before


def test_a_dry_run_shows_the_diff_and_writes_nothing(file: Path, sample: Sample) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    ran = profiled(file, plan, "--dry-run")
    assert ran.code == 0
    assert "\n-rows = 462000000\n+rows = 5\n" in ran.out
    data = json.loads(profiled(file, plan, "--dry-run", "--json").out)["data"]
    assert "\n-rows = 462000000\n+rows = 5\n" in data["diff"]
    assert snapshot(plan) == before


def test_where_nobody_can_be_asked_nothing_is_written(file: Path, sample: Sample) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    ran = profiled(file, plan)
    assert ran.code == 2
    assert "+rows = 5" in ran.out
    assert "--yes writes it" in ran.err
    assert snapshot(plan) == before


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty")
@pytest.mark.parametrize(("answer", "writes"), [("n\n", set()), ("\n", set()), ("y\n", {RECORD})])
def test_a_person_sees_the_change_and_may_refuse_it(
    file: Path, sample: Sample, answer: str, writes: set[str]
) -> None:
    from .terminal import on_terminal

    plan = sample("churn")
    before = snapshot(plan)
    code, shown = on_terminal(
        "data", "profile", str(file), "--plan", str(plan), "--dataset", "billing", typed=answer
    )
    assert code == 0
    assert "+rows = 5" in shown
    assert "Write this? [y/N]" in shown
    assert ("not written" in shown) is (not writes)
    assert changed(before, snapshot(plan)) == writes


def test_the_dataset_is_looked_for_before_anything_is_measured(tmp_path: Path, sample: Sample) -> None:
    ran = kedge(
        "data", "profile", str(tmp_path / "nowhere.csv"), "--plan", str(sample("churn")), "--dataset", "zzz"
    )
    assert ran.code == 2
    assert "'zzz'" in ran.err


def test_control_characters_from_a_file_never_reach_the_terminal_or_the_plan(
    tmp_path: Path, sample: Sample
) -> None:
    plan = sample("churn")
    path = tmp_path / "\x1b[31mred.csv"
    path.write_text('"\x1b]0;title\x07",n\n\x1b[2Jx,1\n\x1b[2JX,2\n')
    ran = profiled(path, plan, "--yes", "--other-columns")
    assert ran.code == 0
    assert "\x1b" not in ran.out + ran.err
    assert "\\x1b]0;title" in ran.out
    assert b"\x1b" not in (plan / RECORD).read_bytes()
    assert kedge("data", "profile", str(path)).code == 0


def test_a_path_inside_the_repository_is_kept_and_another_one_is_not(sample: Sample, file: Path) -> None:
    plan = sample("churn")
    inside = plan.parent / "extracts" / "a.csv"
    inside.parent.mkdir()
    inside.write_text(ROWS)
    assert '+source = "extracts/a.csv"' in profiled(inside, plan, "--dry-run").out
    assert '+source = "contracts.csv"' in profiled(file, plan, "--dry-run").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--yes",), "--yes needs --dataset"),
        (("--dry-run",), "--dry-run needs --dataset"),
        (("--memory", "lots"), "is not an amount of memory"),
        (("--memory", "99999999999GB"), "is not an amount of memory"),
        (("--delimiter", "ab"), "one character"),
        (("--date", "plan"), "is not a column of dates"),
        (("--key", "contract"), "did you mean contract_id?"),
        (("--groups", "contract_id", "nowhere.txt"), "cannot be read"),
        (("--older", "https://example.org/a.csv"), "there is no file"),
    ],
)
def test_wrong_use_is_said_in_a_line(file: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = kedge("data", "profile", str(file), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_groups_come_from_a_list(file: Path, tmp_path: Path) -> None:
    wanted = tmp_path / "plans.txt"
    wanted.write_text("S\nM\nL\nXL\n")
    ran = kedge("data", "profile", str(file), "--groups", "plan 'x'", str(wanted))
    assert "plan 'x': groups that are absent: 1 of 4: 'XL'" in ran.out


def test_without_the_extra_a_line_says_how_to_get_it(file: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "duckdb.py").write_text("raise ImportError")
    ran = started("data", "profile", str(file), env={"PYTHONPATH": str(hidden)})
    assert ran.code == 2
    assert f"{sys.executable} -m pip install duckdb" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty")
def test_ctrl_c_stops_cleanly(tmp_path: Path) -> None:
    import pty

    path, temporary = tmp_path / "large.csv", tmp_path / "temporary"
    path.write_text("x,y,z\n" + "1,some text,2026-01-01\n" * 1_500_000)
    temporary.mkdir()
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "kedge", "data", "profile", str(path)],
        stderr=slave,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as process:
        os.close(slave)
        shown = b""
        while b"reading large.csv" not in shown:
            shown += os.read(master, 4096)
        process.send_signal(signal.SIGINT)
        while True:
            try:
                shown += os.read(master, 4096)
            except OSError:
                break
        code = process.wait(timeout=60)
    os.close(master)
    assert code == 130, shown
    assert b"Traceback" not in shown
    assert b"stopped" in shown
    assert list(temporary.iterdir()) == []


# ---- drift


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    def written(name: str, step: int, colour: str) -> str:
        path = tmp_path / name
        lines = [f"{n * 37 % 500},{n * 91 % 500 + step},{colour if n % 2 else 'b'}" for n in range(1000)]
        path.write_text("same,moved,colour\n" + "\n".join(lines))
        return str(path)

    return written("old.csv", 0, "a"), written("new.csv", 250, "a")


def test_drift_is_reported_the_largest_first(pair: tuple[str, str]) -> None:
    ran = kedge("data", "drift", *pair)
    rows = [line.split() for line in ran.out.splitlines()]
    assert ran.code == 0
    assert rows[2][:3] == ["column", "verdict", "PSI"]
    assert rows[3][:2] == ["moved", "drift"]
    assert {row[0] for row in rows[4:6]} == {"same", "colour"}
    assert {row[1] for row in rows[4:6]} == {"none"}


def test_drift_for_programs_has_bins_and_tests(pair: tuple[str, str]) -> None:
    found = json.loads(kedge("data", "drift", *pair, "--json").out)["data"]
    moved = found["columns"]["moved"]
    assert moved["verdict"] == "drift"
    assert moved["psi"] > moved["fair_limit"] > 0
    assert len(moved["bins"]) == 10
    assert moved["tests"][0]["name"] == "Kolmogorov-Smirnov"
    assert moved["tests"][0]["statistic"] == pytest.approx(0.5)
    assert found["columns"]["colour"]["tests"][0] == {
        "name": "chi-square",
        "statistic": 0,
        "p_value": 1,
        "effect": {"name": "Cramér's V", "value": 0},
        "degrees": 1,
        "pooled": 0,
    }


def test_rows_of_a_session_are_said_to_come_together(pair: tuple[str, str]) -> None:
    for path in map(Path, pair):
        head, *lines = path.read_text().splitlines()
        rows = "\n".join(f"{line},{path.stem}{at // 20}" for at, line in enumerate(lines))
        path.write_text(f"{head},visit\n{rows}")
    ran = kedge("data", "drift", *pair, "--cluster", "visit")
    assert ran.code == 0
    assert "clustered by visit: 50 to 50 clusters" in ran.out
    assert "rows as one" in ran.out
    assert "visit: rows are clustered by it" in ran.out
    data = json.loads(kedge("data", "drift", *pair, "--cluster", "visit", "--json").out)["data"]
    assert data["cluster"] == {
        "column": "visit",
        "old": 50,
        "new": 50,
        "in_both": 0,
        "rows_without": [0, 0],
        "by_day": False,
    }
    assert data["columns"]["moved"]["design_effect"] >= 1
    wrong = kedge("data", "drift", *pair, "--cluster", "nope")
    assert wrong.code == 2
    assert "has no column 'nope'" in wrong.err


def test_the_exit_code_says_drift_only_where_it_is_asked_to(pair: tuple[str, str]) -> None:
    assert kedge("data", "drift", *pair, "--exit-code").code == 1
    assert kedge("data", "drift", *pair, "--exit-code", "--matters", "50").code == 0
    assert kedge("data", "drift", pair[0], pair[1] + "x").code == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda cells: [cells[0], "", cells[2]], "moved: empty now"),
        (lambda cells: [cells[0], cells[2]], "moved: gone"),
        (lambda cells: [cells[0], f"v{cells[1]}", cells[2]], "moved: another type"),
        (lambda cells: [cells[0], "7", cells[2]], "moved: constant now"),
    ],
)
def test_the_loudest_signals_end_with_one(
    pair: tuple[str, str], change: Callable[[list[str]], list[str]], said: str
) -> None:
    head, *lines = Path(pair[0]).read_text().splitlines()
    rows = [change(line.split(",")) for line in lines]
    head = head if len(rows[0]) == 3 else "same,colour"
    Path(pair[1]).write_text("\n".join([head, *map(",".join, rows)]))
    ran = kedge("data", "drift", *pair, "--exit-code")
    assert ran.code == 1
    assert said in ran.out
    assert "e+0" not in ran.out
    data = json.loads(kedge("data", "drift", *pair, "--json").out)["data"]
    assert data["drifted"] is True
    assert data["findings"][0]["level"] == "problem"


# ---- a file of another dataset


def test_a_file_with_other_columns_does_not_renew_the_record(tmp_path: Path, sample: Sample) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    other = tmp_path / "other.csv"
    other.write_text("name,city\nA,B\nC,D\n")
    ran = profiled(other, plan, "--yes")
    assert ran.code == 2
    assert "does not look like billing-snapshots" in ran.err
    assert "--other-columns" in ran.err
    assert snapshot(plan) == before
    fits = json.loads(profiled(other, plan, "--dry-run", "--json").out)["data"]["dataset"]
    assert (fits["fits"], fits["new"]) == (False, ["name", "city"])
    assert profiled(other, plan, "--yes", "--other-columns").code == 0
    assert changed(before, snapshot(plan)) == {RECORD}
    assert "5 of 5" not in profiled(other, plan, "--dry-run").out


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty")
def test_a_person_is_asked_whether_it_is_the_dataset(tmp_path: Path, sample: Sample) -> None:
    from .terminal import on_terminal

    plan, other = sample("churn"), tmp_path / "other.csv"
    other.write_text("name,city\nA,B\nC,D\n")
    _, shown = on_terminal(
        "data", "profile", str(other), "--plan", str(plan), "--dataset", "billing", typed="\n"
    )
    assert "It does not look like billing-snapshots. Write it into that record? [y/N]" in shown
    assert "not written" in shown
