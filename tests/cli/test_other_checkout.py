"""A repository inside another one: its commands read the plan above, say whose it is, and do not write to it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kedge.storage.disk.locate import other_checkout

from .running import kedge, snapshot

PLAN = {
    "board.toml": "format = 1\n",
    "projects/p/project.toml": 'title = "P"\nphase = "execute"\n',
    "projects/p/cards/one-2222.toml": 'title = "One"\nplace = "execute"\nrank = "a1"\n',
}


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    """A clone without a plan inside the folder of a plan's repository."""
    for path, text in PLAN.items():
        (tmp_path / "outer/plan" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "outer/plan" / path).write_text(text)
    folder = tmp_path / "outer" / "vendor" / "inner"
    folder.mkdir(parents=True)
    for one in (tmp_path / "outer", folder):
        subprocess.run(["git", "init", "--quiet", str(one)], check=True)
    return folder


@pytest.mark.parametrize("command", [["done", "one"], ["add", "Two"], ["undo"], ["fmt"], ["check", "--fix"]])
def test_commands_that_write_ask_for_the_plan(inner: Path, command: list[str]) -> None:
    card = inner.parents[1] / "plan/projects/p/cards/one-2222.toml"
    card.write_text("title    = 'One'\nplace = 'execute'\nneeds = ['one-2222']\nrank = 'a1'\n")
    before = snapshot(inner.parents[1] / "plan")
    ran = kedge(*command, cwd=inner)
    assert f"{inner} has no plan of its own" in ran.err
    assert snapshot(inner.parents[1] / "plan") == before
    if command != ["check", "--fix"]:
        assert ran.code == 2
        assert f"--plan {inner.parents[1] / 'plan'}" in ran.err


def test_commands_that_read_say_whose_plan_it_is(inner: Path) -> None:
    ran = kedge("list", cwd=inner)
    assert (ran.code, "one-2222" in ran.out) == (0, True)
    assert (
        ran.err.count(f"the one above it, {inner.parents[1] / 'plan'}, can be read, not written, from here")
        == 1
    )
    assert kedge("list", "--quiet", cwd=inner).err == ""


def test_a_plan_that_is_named_is_written(inner: Path) -> None:
    plan = inner.parents[1] / "plan"
    assert kedge("start", "one", "--plan", str(plan), cwd=inner).code == 0
    assert kedge("done", "one", cwd=inner, env={"KEDGE_PLAN": str(plan)}).err == 'mark "One" as done\n'


def test_completion_says_nothing(inner: Path) -> None:
    ran = kedge(
        cwd=inner,
        env={"_KEDGE_COMPLETE": "zsh_complete", "COMP_WORDS": "kedge show on", "COMP_CWORD": "2"},
    )
    assert "one-2222" in ran.out
    assert ran.err == ""


def test_whose_plan_it_is(tmp_path: Path) -> None:
    plan = tmp_path / "outer/plan"
    for folder in (
        plan / "projects",
        tmp_path / "outer/package",
        tmp_path / "outer/tree",
        tmp_path / "outer/odd/.git",
    ):
        folder.mkdir(parents=True)
    assert other_checkout(str(tmp_path / "outer/package"), str(plan)) == ""
    (tmp_path / "outer/tree/.git").write_text("gitdir: elsewhere\n")
    assert other_checkout(str(tmp_path / "outer/tree"), str(plan)) == str(tmp_path / "outer/tree")
    assert other_checkout(str(tmp_path / "outer/tree"), str(tmp_path / "outer/tree/docs")) == ""
    # A folder that only has the name is nothing to git.
    assert other_checkout(str(tmp_path / "outer/odd"), str(plan)) == ""
    subprocess.run(["git", "init", "--quiet", str(plan)], check=True)
    assert other_checkout(str(plan / "projects"), str(plan)) == ""
