"""What shells complete where a revision is wanted: branches, tags, what is near HEAD."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .running import kedge

PLACES = [":base", ":index", "HEAD", "HEAD~1", "HEAD~2", "HEAD~3", "HEAD~4", "HEAD~5"]


def git(top: Path, *words: str) -> None:
    command = ["git", "-c", "user.name=M", "-c", "user.email=m@example.org", *words]
    subprocess.run(command, cwd=top, check=True, capture_output=True)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "board.toml").write_text("format = 1\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "plan")
    git(tmp_path, "tag", "-a", "v1", "-m", "first")
    git(tmp_path, "branch", "mira/table-7k2m")
    git(tmp_path, "update-ref", "refs/remotes/origin/other", "HEAD")
    git(tmp_path, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/other")
    return tmp_path


def complete(top: Path, line: str) -> list[str]:
    """What zsh and fish would offer, which do not take words apart."""
    words = line.split(" ")
    env = {
        "_KEDGE_COMPLETE": "zsh_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "KEDGE_PLAN": str(top / "plan"),
    }
    ran = kedge(env=env)
    assert (ran.code, ran.err) == (0, "")
    return [one.replace("\\:", ":") for one in ran.out.splitlines()[1::3]]


@pytest.mark.parametrize(
    "line",
    [
        "list --at ",
        "--project x diff ",
        "diff main ",
        "check --since ",
        "at ",
        "scenarios ",
        "schedule --baseline ",
    ],
)
def test_revisions_are_offered_wherever_one_is_wanted(top: Path, line: str) -> None:
    assert complete(top, f"kedge {line}") == [*PLACES, "main", "mira/table-7k2m", "origin/other", "v1"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ma", ["main"]),
        ("7k2m", ["mira/table-7k2m"]),
        ("main...mi", ["main...mira/table-7k2m"]),
        ("main..v", ["main..v1"]),
        ("main...:", []),
        ("nothing-like-it", []),
    ],
)
def test_what_was_typed_is_completed(top: Path, typed: str, offered: list[str]) -> None:
    assert complete(top, f"kedge diff {typed}") == offered


def test_after_at_come_the_commands_that_read(top: Path) -> None:
    offered = complete(top, "kedge at HEAD~1 s")
    assert {"schedule", "show"} <= set(offered)
    assert "set" not in offered


def test_outside_of_a_repository_only_what_git_may_know_is_offered(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "board.toml").write_text("format = 1\n")
    assert complete(tmp_path, "kedge list --at ma") == []
