"""Undo and reload hold while git moves the work tree: checkout, stash, rebase, reset."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kedge.model.edit import edits
from kedge.storage.disk.errors import NothingToUndo
from kedge.storage.plan.read import read_plan
from kedge.storage.plan.workspace import Workspace

from .plans import reading_findings
from .repositories import CARDS, commit, git, repository, write

TABLE, TRAIN = (f"{CARDS}/{name}.toml" for name in ("table-7k2m", "train-4d5f"))


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """On main and on `side` the same card has another title; each branch has a card of its own."""
    made = repository(tmp_path / "top")
    text = (made / TABLE).read_text()
    git(made, "checkout", "-q", "-b", "side")
    files = {TABLE: text.replace("Feature table", "Side table"), f"{CARDS}/side-2c3d.toml": 'title = "S"\n'}
    commit(made, "side", files)
    git(made, "checkout", "-q", "main")
    commit(made, "main", {f"{CARDS}/main-2c3d.toml": 'title = "M"\n', "code/x": "1"})
    return made


def opened(top: Path) -> Workspace:
    return Workspace.open(str(top / "plan"), {**os.environ, "KEDGE_STATE": str(top.parent / "state")})


def assert_as_on_disk(space: Workspace) -> None:
    """The plan in memory, with all findings, is what a kedge sees that starts now."""
    fresh = read_plan(space.root)
    assert space.plan == fresh.plan
    assert [str(one) for one in reading_findings(space)] == [
        str(one) for one in sorted(fresh.findings, key=lambda one: one.sort_key)
    ]


def start(space: Workspace, card: str = "train-4d5f") -> None:
    space.commit(edits.set_status([space.plan.cards[card]], "doing"))


def stash(top: Path) -> None:
    git(top, "stash", "-q", "--include-untracked")


def checkout(top: Path) -> None:
    git(top, "checkout", "-q", "side")


def detach(top: Path) -> None:
    git(top, "checkout", "-q", "--detach", "HEAD~1")


def rebase(top: Path) -> None:
    git(top, "-c", "rebase.autostash=true", "rebase", "-q", "side")


def reset(top: Path) -> None:
    git(top, "reset", "-q", "--hard", "HEAD~1")


def stopped_rebase(top: Path) -> None:
    commit(top, "clash", {TABLE: (top / TABLE).read_text().replace("Feature table", "Main table")})
    with pytest.raises(Exception, match="returned non-zero"):
        git(top, "rebase", "-q", "side")


MOVES = [checkout, detach, stash, rebase, reset]


@pytest.mark.parametrize("move", MOVES)
def test_a_reload_shows_what_git_put_there(top: Path, move: Callable[[Path], None]) -> None:
    space = opened(top)
    write(top, {f"{CARDS}/loose-2c3d.toml": 'title = "L"\n'} if move is stash else {})
    space.refresh()
    move(top)
    space.refresh()
    assert_as_on_disk(space)


def test_a_conflict_leaves_the_card_in_the_plan_and_a_finding(top: Path) -> None:
    space = opened(top)
    stopped_rebase(top)
    space.refresh()
    assert "table-7k2m" in {one.id for one in space.broken()}
    git(top, "rebase", "--abort")
    space.refresh()
    assert_as_on_disk(space)
    assert space.plan.cards["table-7k2m"].title == "Main table"


@pytest.mark.parametrize("move", [checkout, detach, rebase, reset])
def test_undo_takes_back_a_step_whose_file_git_did_not_touch(top: Path, move: Callable[[Path], None]) -> None:
    space = opened(top)
    start(space)
    git(top, "commit", "-q", "-am", "start")
    if move is not rebase:
        git(top, "branch", "-f", "side", "HEAD")
        git(top, "commit", "-q", "--allow-empty", "-m", "more")
    move(top)
    space.refresh()
    if move is rebase:
        assert space.plan.cards["table-7k2m"].title == "Side table"
    if move is detach or space.plan.cards["train-4d5f"].status == "doing":
        space.undo()
        assert space.plan.cards["train-4d5f"].status == "todo"
        assert_as_on_disk(space)
        space.redo()
        assert space.plan.cards["train-4d5f"].status == "doing"
        assert_as_on_disk(space)


@pytest.mark.parametrize("again", [True, False], ids=["the same kedge", "another kedge"])
def test_undo_never_writes_over_what_a_branch_says(top: Path, *, again: bool) -> None:
    space = opened(top)
    start(space, "table-7k2m")
    git(top, "stash", "-q")
    checkout(top)
    before = git(top, "status", "--porcelain")
    if again:
        space.refresh()
    else:
        space = opened(top)
    with pytest.raises(NothingToUndo, match="has changed since"):
        space.undo()
    assert git(top, "status", "--porcelain") == before
    assert_as_on_disk(space)


def test_a_step_can_be_undone_after_the_stash_comes_back(top: Path) -> None:
    space = opened(top)
    start(space, "table-7k2m")
    git(top, "stash", "-q")
    space.refresh()
    with pytest.raises(NothingToUndo):
        space.undo()
    git(top, "stash", "pop", "-q")
    space.refresh()
    assert space.plan.cards["table-7k2m"].status == "doing"
    space.undo()
    assert git(top, "status", "--porcelain") == ""
    assert_as_on_disk(space)


@pytest.mark.parametrize("move", [checkout, detach, reset])
def test_a_step_made_on_what_was_there_before_is_merged_or_refused(
    top: Path, move: Callable[[Path], None]
) -> None:
    """A board that has not noticed a checkout yet writes to the file that is there now."""
    space = opened(top)
    move(top)
    start(space, "table-7k2m")
    space.refresh()
    assert_as_on_disk(space)
    found = space.plan.cards["table-7k2m"]
    assert (found.status, found.title) == ("doing", "Side table" if move is checkout else "Feature table")


def test_a_step_on_a_card_that_a_checkout_took_away_is_refused(top: Path) -> None:
    space = opened(top)
    checkout(top)
    with pytest.raises(Exception, match="main-2c3d"):
        start(space, "main-2c3d")
    space.refresh()
    assert_as_on_disk(space)
    assert git(top, "status", "--porcelain") == ""


def test_many_files_that_a_checkout_changes_are_one_step(top: Path) -> None:
    space = opened(top)
    heard: list[object] = []
    space.listeners.append(heard.append)
    checkout(top)
    space.refresh()
    assert len(heard) == 1
