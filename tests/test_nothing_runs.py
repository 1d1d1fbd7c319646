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
_GIVEN: dict[tuple[str, ...], list[list[str]]] = {
    ("init",): [["--project", "Another"]],
    ("demo",): [["--no-open", "--into", "../demo"]],
    ("add",): [["A new card"]],
    ("show",): [[CARD]],
    ("set",): [[CARD, "owner=mira"]],
    ("move",): [[CARD, "execute"]],
    ("tick",): [[CARD, "one"]],
    ("rename",): [[CARD, "other-name-2c9q"]],
    ("assess",): [[], ["disc-problem"], ["disc-problem", "--json"]],
    ("answer",): [["disc-problem"], ["disc-problem", "--evidence", "plan/board.toml"]],
    ("gate",): [[], ["assess"]],
    ("calc",): [[], ["sample-size"]],
    ("explain",): [["F101"]],
    ("data", "profile"): [["code.csv"]],
    ("data", "drift"): [["code.csv", "code.csv"]],
    ("completion",): [["bash"], ["fish"]],
}
"""Arguments for commands that need particular ones; others get a card's id, or what their verb takes."""
_VERBS = {"add": ["one", "title=One"], "set": ["one", "title=Two"], "show": ["one"]}


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command that does something."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from commands(inner, (*path, name))


def arguments(path: tuple[str, ...]) -> list[list[str]]:
    if path in _GIVEN:
        return _GIVEN[path]
    if len(path) == 2:
        return [_VERBS.get(path[1], [])]
    return [[], [CARD]]


def test_no_command_runs_anything(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[tuple[str, ...], Sequence[str]]] = []
    real = subprocess.Popen
    path: tuple[str, ...] = ()

    def started_by(command: Sequence[str], *more: Any, **options: Any) -> Any:
        started.append((path, command))
        return real(command, *more, **options)

    monkeypatch.setattr(subprocess, "Popen", started_by)
    monkeypatch.setenv("EDITOR", _EDITOR)
    (hostile.top / "code.csv").write_text("a,b\n1,2\n3,4\n")
    for path in commands(kedge):
        for more in arguments(path):
            hostile.touch()
            ran = CliRunner().invoke(kedge, [*path, *more], obj=Settings(dict(os.environ), str(hostile.top)))
            assert hostile.ran() == set(), (path, more, ran.output)
    # What is started at all is git, on a folder of our own, and the person's editor.
    by_git = [(path, command) for path, command in started if command[0].endswith(("git", "git.exe"))]
    assert {command[0] for path, command in started if (path, command) not in by_git} <= {_EDITOR}
    assert {path[0] for path, _ in by_git} >= {"assess", "demo"}
    for path, command in by_git:
        if path != ("demo",):
            assert not any(str(hostile.top / ".git") in one for one in command if "--git-dir" in one), command


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
