"""Nothing of a repository is ever executed: by no command, and on no screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from kedge.cli.group import kedge
from kedge.cli.settings import Settings
from kedge.storage.disk.errors import KedgeError

from .hostile import EXPECTED, Hostile, run_plain_git

ROOT = Path(__file__).parents[1]
CARD = "gradient-boosted-baseline-on-14-months-j9p3"


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hostile:
    made = Hostile(tmp_path, ROOT / "samples" / "churn" / "plan")
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(made.top)
    return made


def test_plain_git_runs_it_all(hostile: Hostile) -> None:
    run_plain_git(hostile)
    assert EXPECTED - hostile.ran() == set()


_EDITOR = "true"
_DECIDED = (
    "--by",
    "priya",
    "--because",
    "the pilot did work well",
    "--override",
    "the season begins next week",
)
_OTHER = "feature-table-7k2m"
_THIRD = "pre-mortem-with-retention-data-nm9k"
_IN_CONFLICT = "drift-of-twelve-inputs-against-the-4zs6"
_CARDS = "plan/projects/churn/cards"
_FILE = f"{_CARDS}/{_THIRD}.toml"
_GIVEN: dict[tuple[str, ...], list[list[str]]] = {
    ("init",): [["--plan", "another", "--schema"], ["--agents", "--yes"]],
    ("demo",): [["--no-open", "--into", "../demo"]],
    ("add",): [["A new card"]],
    ("list",): [[], *(["--at", one] for one in ("HEAD", ":index", ":base", "HEAD...HEAD"))],
    ("show",): [[CARD], [CARD, "--json"], [CARD, "--at", "HEAD"]],
    ("set",): [[CARD, "owner=mira"]],
    ("move",): [[CARD, "execute"]],
    ("start",): [[_THIRD], [_THIRD, "--branch"]],
    ("done",): [[_THIRD]],
    ("block",): [[CARD, "--reason", "no account"]],
    ("unblock",): [[CARD]],
    ("drop",): [[CARD, "--reason", "no account"]],
    ("tick",): [[_OTHER, "bdnt"]],
    ("rename",): [[CARD, "other-name-2c9q"]],
    ("remove",): [["any-past-week-rebuilt-with-one-command-rgf3"]],
    ("edit",): [[_THIRD]],
    ("undo",): [[]],
    ("redo",): [[]],
    ("assess",): [
        [],
        ["disc-problem"],
        ["disc-problem", "--json"],
        ["--offers"],
        ["disc-problem", "--explain"],
    ],
    ("answer",): [["disc-problem", "--evidence", "plan/board.toml"]],
    ("gate",): [[], ["churn"], ["churn", "iterate", *_DECIDED]],
    ("size",): [[], ["--explain"], ["--write"]],
    ("calc",): [[], ["gain", "low=1", "likely=2", "high=3"]],
    ("portfolio",): [[], ["--json"]],
    ("schedule",): [[], ["--explain"], ["--mermaid"], ["--baseline", "HEAD"]],
    ("critical",): [[], ["mvp-live"]],
    ("load",): [[], ["--team"]],
    ("forecast",): [
        ["--runs", "20", *more] for more in ([], ["--throughput"], ["--calibrated"], ["--backtest"])
    ],
    ("budget",): [["--runs", "20", "--explain"]],
    ("flow",): [[], ["cycle-time"]],
    ("holidays", "add"): [["DE", "2027"]],
    ("check",): [[], ["--staged"], ["--since", "HEAD"], ["--history"], ["--format", "sarif"], ["--fix"]],
    ("fmt",): [["--check"], ["--check", "--staged"], ["--migrate"], []],
    ("explain",): [["F101"]],
    ("data", "profile"): [
        ["code.csv"],
        ["code.csv", "--dataset", "payment-failures", "--yes", "--other-columns"],
    ],
    ("data", "drift"): [["code.csv", "code.csv"]],
    ("diff",): [
        [],
        ["HEAD"],
        ["HEAD", "HEAD"],
        ["--staged"],
        ["--format", "markdown"],
        ["--full", "--always", "--notes"],
        ["--out", "../page.md"],
    ],
    ("scenarios",): [["HEAD", ":work", "--runs", "20"], ["HEAD", "--all", "--runs", "20"]],
    ("log",): [[], [_THIRD], ["churn", "--answers"]],
    ("at",): [["HEAD", "list"], [":index", "check"], ["HEAD", "assess"]],
    ("resolve",): [["--json"], [_IN_CONFLICT, "ours"]],
    ("merge-file",): [[_FILE] * 3, [*[_FILE] * 3, "--out", "merged.toml"]],
    ("git", "install"): [["--dry-run"], ["--ci"], ["--hook"], ["--merge"], []],
    ("git", "card-trailer"): [["message"]],
    ("git", "merge-driver"): [[_FILE, "ours.toml", _FILE, "7", _FILE]],
    ("metric", "record"): [
        ["churn-recall", "0.5"],
        ["churn-recall", "--from", "metrics.json", "--key", "auc"],
    ],
    ("monitor", "record"): [["input-drift", "0.5"]],
    ("monitor", "objective"): [["sunday-run", "slo.yaml"]],
    ("experiment", "size"): [["holdout-test"]],
    ("experiment", "read"): [["holdout-test", "contact=2406/11912", "hold-out=2636/11874"]],
    ("rollout", "steps"): [["mvp-rollout"]],
    ("rollout", "read"): [["mvp-rollout", "complaints=2.1,2.4"]],
    ("metric", "refresh"): [[], ["churn-recall"]],
    ("review", "cycle"): [[], ["--json"]],
    ("review", "record"): [["--well", "It ran", "--evidence", "plan/board.toml"]],
    ("rubric",): [[], ["--because", "x"]],
    ("completion",): [["bash"], ["fish"]],
}
"""Arguments for commands that take particular ones; others are run alone, or with what their verb takes."""
_VERBS = {"add": ["one", "title=One"], "set": ["one", "title=Two"], "show": ["one"]}
_GENERAL = {"add", "set", "show", "list"}
"""Verbs of records that are the same code for each kind."""


def commands(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, by its words."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from commands(inner, (*path, name))


def arguments(path: tuple[str, ...], command: click.Command) -> list[list[str]]:
    """What a command is tried with; one that takes a revision also on the plan of another one."""
    given = _GIVEN.get(path) or [_VERBS.get(path[1], []) if len(path) == 2 else []]
    is_past = any("--at" in one.opts for one in command.params) and path[-1] not in _GENERAL | {"record"}
    return [*given, *[[*given[0], "--at", "HEAD"]] * is_past]


def test_no_command_runs_anything(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command of the registry gets as far as to what it does; a new one has to be given its arguments here."""
    started: list[tuple[tuple[str, ...], Sequence[str]]] = []
    real = subprocess.Popen
    path: tuple[str, ...] = ()

    def started_by(command: Sequence[str], *more: Any, **options: Any) -> Any:
        started.append((path, command))
        return real(command, *more, **options)

    for name, value in hostile.loud.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EDITOR", _EDITOR)
    monkeypatch.setattr("kedge.cli.output.on_terminal", lambda: True)
    monkeypatch.setattr(subprocess, "Popen", started_by)
    _outside_files(hostile.top)
    failed: list[str] = []
    for path, command in commands(kedge):
        if path == ("resolve",):
            hostile.conflict(f"{_CARDS}/{_IN_CONFLICT}.toml")
        for more in arguments(path, command):
            hostile.touch()
            ran = CliRunner().invoke(kedge, [*path, *more], obj=Settings(dict(os.environ), str(hostile.top)))
            assert hostile.ran() == set(), (path, more, ran.output)
            if "--at" in more and isinstance(ran.exception, KedgeError):
                continue  # it cannot be done in the past
            if ran.exit_code == 2 or not isinstance(ran.exception, SystemExit | None):
                failed.append(f"kedge {' '.join([*path, *more])}: {ran.exception!r} {ran.output}")
    # What this repository names as its remote runs a command: it is refused.
    refused = [one for one in failed if one.startswith("kedge git fetch:")]
    assert len(refused) == 1
    assert "has an address that kedge does not fetch from" in refused[0]
    wrong = [one for one in failed if one not in refused and one.split()[2] not in _GENERAL]
    assert not wrong, "\n".join(wrong)
    # What is started at all is git, on a folder of our own, and the person's editor.
    by_git = [(path, command) for path, command in started if command[0].endswith(("git", "git.exe"))]
    assert {Path(one[0]).name for path, one in started if (path, one) not in by_git} == {_EDITOR}
    assert {path[0] for path, _ in by_git} >= {"assess", "demo"}
    for path, command in by_git:
        if path != ("demo",):
            assert not any(str(hostile.top / ".git") in one for one in command if "--git-dir" in one), command


def _outside_files(top: Path) -> None:
    """Files that commands are given beside the plan."""
    (top / "code.csv").write_text("a,b\n1,2\n3,4\n")
    (top / "metrics.json").write_text('{"auc": 0.5}')
    (top / "message").write_text("Work\n")
    shutil.copy(top / _FILE, top / "ours.toml")
    (top / "slo.yaml").write_text(
        "version: prometheus/v1\nslos:\n  - name: runs\n    objective: 99.5\n    description: x\n"
    )


def test_no_module_is_taken_from_the_folder_one_stands_in(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    folder = tmp_path / "work"
    shutil.copytree(ROOT / "samples" / "tiny" / "plan", folder / "plan")
    for name in ("click", "tomli", "pydantic", "rich"):
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n")
    done = subprocess.run(
        [sys.executable, "-m", "kedge", "list"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not mark.exists()
