"""The states that are compared: merge base, index, work tree, and what two revisions mean."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kedge.model.snapshot.snapshot import Snapshot
from kedge.storage.disk.repository import GitProblem, Reason
from kedge.storage.git.sides import BASE, STAGED, WORK, Side, side, sides
from kedge.storage.git.tree import INDEX

from .repositories import CARDS, FILES, commit, environment, git, repository, write

DAY = dt.date(2026, 11, 20)


def card(title: str) -> str:
    return f'title = "{title}"\nplace = "execute"\nrank = "a0"\n'


def at(top: Path, name: str) -> Snapshot:
    found = side(str(top / "plan"), name, environment())
    assert isinstance(found, Side), found
    return found.snapshot(DAY)


def both(top: Path, first: str = "", second: str = "", *, staged: bool = False) -> tuple[Side, Side]:
    found = sides(str(top / "plan"), first, second, environment(), staged=staged)
    assert not isinstance(found, GitProblem), found
    return found


def cards(one: Side) -> set[str]:
    return set(one.snapshot(DAY).plan.cards)


@pytest.fixture
def branched(tmp_path: Path) -> Path:
    """A branch with a card of its own, checked out; on main another card was made since."""
    top = repository(tmp_path / "top")
    git(top, "checkout", "-q", "-b", "side")
    commit(top, "ours", {f"{CARDS}/ours-2c3d.toml": card("Ours")})
    git(top, "checkout", "-q", "main")
    commit(top, "theirs", {f"{CARDS}/theirs-4d5f.toml": card("Theirs")})
    git(top, "checkout", "-q", "side")
    return top


def test_what_others_did_on_main_is_on_neither_side(branched: Path) -> None:
    write(branched, {f"{CARDS}/new-6f7g.toml": card("New")})
    before, after = both(branched)
    assert cards(before) == {"table-7k2m", "train-4d5f"}
    assert cards(after) == {"table-7k2m", "train-4d5f", "ours-2c3d", "new-6f7g"}
    assert before.title == f"merge base of main and HEAD ({before.commit[:8]})"
    assert before.commit == git(branched, "merge-base", "main", "side")
    assert (after.title, after.commit) == ("the work tree", "")


@pytest.mark.parametrize(
    ("first", "second", "added", "removed"),
    [
        ("main...side", "", {"ours-2c3d"}, set[str]()),
        ("side...main", "", {"theirs-4d5f"}, set[str]()),
        ("main...", "", {"ours-2c3d"}, set[str]()),
        ("main", "side", {"ours-2c3d"}, {"theirs-4d5f"}),
        ("main..side", "", {"ours-2c3d"}, {"theirs-4d5f"}),
        ("main", "", {"ours-2c3d"}, {"theirs-4d5f"}),
        ("main..", "", {"ours-2c3d"}, {"theirs-4d5f"}),
    ],
)
def test_two_revisions_mean_what_they_mean_to_git(
    branched: Path, first: str, second: str, added: set[str], removed: set[str]
) -> None:
    before, after = map(cards, both(branched, first, second))
    assert (after - before, before - after) == (added, removed)


def test_the_remote_says_which_branch_is_the_main_one(branched: Path, tmp_path: Path) -> None:
    git(branched, "checkout", "-q", "main")
    git(branched, "branch", "-m", "main", "trunk")
    git(tmp_path, "clone", "-q", str(branched), "clone")
    clone = tmp_path / "clone"
    git(clone, "checkout", "-q", "-b", "mine", "origin/side")
    before, _ = both(clone)
    assert before.name == "merge base of origin/trunk and HEAD"
    git(clone, "remote", "set-head", "origin", "--delete")
    problem = sides(str(clone / "plan"), "", "", environment())
    assert isinstance(problem, GitProblem)
    assert problem.reason is Reason.NO_MAIN_BRANCH


def test_the_only_branch_is_the_main_one(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    git(top, "branch", "-m", "main", "work")
    assert both(top)[0].name == "merge base of work and HEAD"


def test_histories_that_have_nothing_in_common(branched: Path) -> None:
    git(branched, "checkout", "-q", "--orphan", "other")
    commit(branched, "alone")
    problem = sides(str(branched / "plan"), "", "", environment())
    assert isinstance(problem, GitProblem)
    assert problem.reason is Reason.NO_MERGE_BASE


def test_a_shallow_clone_says_that_the_history_is_missing(branched: Path, tmp_path: Path) -> None:
    git(branched, "checkout", "-q", "main")
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{branched}", "shallow")
    git(tmp_path / "shallow", "checkout", "-q", "side")
    problem = sides(str(tmp_path / "shallow" / "plan"), "", "", environment())
    assert isinstance(problem, GitProblem)
    assert "git fetch --unshallow" in problem.message


def test_the_index_is_what_is_staged(branched: Path) -> None:
    write(branched, {f"{CARDS}/staged-2c3d.toml": card("Staged")})
    git(branched, "add", "-A")
    write(branched, {f"{CARDS}/staged-2c3d.toml": card("Later"), f"{CARDS}/loose-2c3d.toml": card("Loose")})
    git(branched, "rm", "-q", "--cached", f"{CARDS}/train-4d5f.toml")
    before, after = both(branched, staged=True)
    assert cards(after) - cards(before) == {"staged-2c3d"}
    assert cards(before) - cards(after) == {"train-4d5f"}
    staged = after.snapshot(DAY)
    assert (staged.plan.cards["staged-2c3d"].title, staged.revision) == ("Staged", "the index")
    assert cards(both(branched, "main", staged=True)[0]) >= {"theirs-4d5f"}


def test_a_file_that_is_only_announced_is_not_staged(branched: Path) -> None:
    write(branched, {f"{CARDS}/soon-2c3d.toml": card("Soon"), f"{CARDS}/empty-2c3d.toml": ""})
    git(branched, "add", "-N", f"{CARDS}/soon-2c3d.toml")
    git(branched, "add", f"{CARDS}/empty-2c3d.toml")
    found = at(branched, STAGED)
    assert "soon-2c3d" not in found.plan.cards
    assert {one.id for one in found.unreadable} == {"broken-2b3c", "empty-2c3d"}


def test_a_file_in_the_middle_of_a_merge_cannot_be_read_from_the_index(branched: Path) -> None:
    commit(branched, "one", {f"{CARDS}/table-7k2m.toml": card("One")})
    git(branched, "checkout", "-q", "main")
    commit(branched, "two", {f"{CARDS}/table-7k2m.toml": card("Two")})
    with pytest.raises(Exception, match="returned non-zero"):
        git(branched, "merge", "-q", "side")
    found = at(branched, STAGED)
    assert "table-7k2m" in {one.id for one in found.unreadable}
    assert any("conflicts that are not resolved yet" in one.message for one in found.findings)


def test_a_plan_that_is_new_on_the_branch_had_nothing_before(tmp_path: Path) -> None:
    top = tmp_path / "top"
    write(top, {"readme": "x", "other/board.toml": "format = 1\n"})
    git(top, "init", "-q", "-b", "main")
    commit(top, "begin")
    git(top, "checkout", "-q", "-b", "side")
    commit(top, "plan", FILES)
    before, after = both(top)
    assert (cards(before), cards(after)) == (set(), {"table-7k2m", "train-4d5f"})
    problem = side(str(top / "plan"), "main", environment())
    assert problem == GitProblem(Reason.NO_PLAN, "there are 1: other")


def test_a_state_has_a_name_that_no_ref_can_have(branched: Path) -> None:
    for name in (BASE, STAGED, WORK, INDEX):
        with pytest.raises(Exception, match="returned non-zero"):
            git(branched, "check-ref-format", "--branch", name)
    assert cards(both(branched, BASE, WORK)[0]) == cards(both(branched)[0])


@pytest.mark.parametrize(
    "text", ["", "-x", "no", "no...", "...no", "a b", "HEAD:plan", "\n", "@{99}", "--all..."]
)
def test_what_is_no_revision_is_said(branched: Path, text: str) -> None:
    found = side(str(branched / "plan"), text, environment())
    assert isinstance(found, GitProblem)
    assert found.reason is Reason.BAD_REVISION
