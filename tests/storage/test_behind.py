"""How far a plan is behind the main branch."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedge.storage.disk.repository import GitProblem, Reason
from kedge.storage.git.behind import Behind, behind_main

from ..cli.running import kedge
from .repositories import CARDS, commit, environment, git, repository


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """On a branch; main has two commits more that change the plan, and one that does not."""
    made = repository(tmp_path / "top")
    git(made, "checkout", "-q", "-b", "side")
    git(made, "checkout", "-q", "main")
    commit(made, "a", {f"{CARDS}/a.toml": 'title = "A"\n'})
    commit(made, "code", {"code/x": "1"})
    commit(made, "b", {f"{CARDS}/b.toml": 'title = "B"\n'})
    git(made, "checkout", "-q", "side")
    return made


def test_only_commits_that_change_the_plan_count(top: Path) -> None:
    found = behind_main(str(top / "plan"), environment())
    assert found == Behind(2, "main")
    assert found.said == "2 behind main"
    git(top, "merge", "-q", "main")
    up_to_date = behind_main(str(top / "plan"), environment())
    assert up_to_date == Behind(0, "main")
    assert up_to_date.said == ""


def test_the_main_branch_of_the_remote_counts(top: Path, tmp_path: Path) -> None:
    git(top, "checkout", "-q", "main")
    git(tmp_path, "clone", "-q", str(top), "clone")
    git(tmp_path / "clone", "reset", "-q", "--hard", "HEAD~1")
    assert behind_main(str(tmp_path / "clone" / "plan"), environment()) == Behind(1, "origin/main")


def test_where_there_is_no_main_branch_nothing_is_said(top: Path, tmp_path: Path) -> None:
    git(top, "branch", "-m", "main", "trunk")
    assert behind_main(str(top / "plan"), environment()) == GitProblem(Reason.NO_MAIN_BRANCH)
    assert behind_main(str(tmp_path), environment()) == GitProblem(Reason.NO_REPOSITORY)


def test_ready_says_it(top: Path) -> None:
    env = {"KEDGE_STATE": str(top.parent / "state")}
    found = kedge("ready", cwd=top, env=env)
    assert "the plan is 2 commits behind main; kedge at main ready shows it there" in found.err
    assert "behind" not in kedge("ready", "--at", "main", cwd=top, env=env).err
    git(top, "checkout", "-q", "main")
    assert "behind" not in kedge("ready", cwd=top, env=env).err


def test_ready_says_where_git_cannot_tell(top: Path) -> None:
    for path in (top / ".git" / "objects").glob("??/*"):
        path.chmod(0o644)
        path.write_bytes(b"junk")
    found = kedge("ready", cwd=top, env={"KEDGE_STATE": str(top.parent / "state")})
    assert found.code == 0
    assert "whether the plan is behind the main branch is not known: " in found.err
