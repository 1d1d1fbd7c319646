"""What comes after the last question, by what git is in the middle of; and ids that are in no conflict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kedge.storage.plan import resolving
from kedge.tests.storage.repositories import commit, git, write

from .running import kedge

CARDS = "plan/projects/churn/cards"
CARD = f"{CARDS}/table-7k2m.toml"
NEXT = {
    "merge": "git commit",
    "rebase": "git rebase --continue",
    "rebase --apply": "git rebase --continue",
    "am": "git am --continue",
    "cherry-pick": "git cherry-pick --continue",
    "revert": "git revert --continue",
    "stash": "git stash drop",
}


def card(owner: str, title: str = "Table") -> str:
    return f'title = "{title}"\nplace = "execute"\nowner = "{owner}"\n'


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Two branches that gave a card to two people; main is checked out."""
    top = tmp_path / "work"
    write(top, {"plan/board.toml": "format = 1\n", "plan/projects/churn/project.toml": 'title = "Churn"\n'})
    git(top, "init", "-q", "-b", "main")
    commit(top, "base", {CARD: card("mira")})
    git(top, "checkout", "-q", "-b", "side")
    commit(top, "theirs", {CARD: card("sam")})
    git(top, "checkout", "-q", "main")
    commit(top, "ours", {CARD: card("jonas")})
    return top


def begin(top: Path, verb: str) -> None:
    """Brings the card into conflict."""
    match verb:
        case "rebase" | "rebase --apply":
            git(top, *verb.split(), "-q", "side", check=False)
        case "am":
            patch = git(top, "format-patch", "-1", "--stdout", "side")
            (top.parent / "one.patch").write_text(patch if patch.endswith("\n") else f"{patch}\n")
            git(top, "am", "-q", "-3", str(top.parent / "one.patch"), check=False)
        case "revert":
            commit(top, "again", {CARD: card("jonas", "Another table")})
            commit(top, "and again", {CARD: card("alex", "Another table")})
            git(top, "revert", "--no-edit", "HEAD~2", check=False)
        case "stash":
            git(top, "checkout", "-q", "side")
            write(top, {CARD: card("alex")})
            git(top, "stash", "-q")
            git(top, "checkout", "-q", "main")
            git(top, "stash", "pop", "-q", check=False)
        case _:
            git(top, verb, "side", check=False)
    assert git(top, "ls-files", "-u"), "nothing is in conflict: this proves nothing"


@pytest.mark.parametrize("verb", NEXT)
def test_the_next_command_is_that_of_what_git_is_in_the_middle_of(top: Path, verb: str) -> None:
    begin(top, verb)
    ran = kedge("resolve", "7k2m", "theirs", cwd=top)
    assert ran.code == 0, ran.err
    said = [line for line in ran.err.splitlines() if "in conflict any more" in line]
    assert [line.partition(": ")[2].partition(" removes")[0] for line in said] == [NEXT[verb]]
    if verb != "stash":
        git(top, "-c", "core.editor=true", *NEXT[verb].split()[1:])
    assert git(top, "ls-files", "-u") == ""


def test_an_id_that_is_in_no_conflict_is_answered_with_those_that_are(top: Path) -> None:
    ran = kedge("resolve", "7k2m", "ours", cwd=top)
    assert (ran.code, "no file of the plan is in conflict" in ran.err) == (2, True)
    begin(top, "merge")
    ran = kedge("resolve", "nothing", "ours", cwd=top)
    assert (ran.code, "kedge resolve lists them: churn/table-7k2m" in ran.err) == (2, True)
    assert "kedge list" not in ran.err


def test_of_many_files_in_conflict_the_list_shows_and_merges_the_first(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{CARDS}/card-{number}.toml" for number in range(60)]
    commit(top, "base", {name: card("mira", name) for name in names})
    git(top, "branch", "-f", "side")
    commit(top, "ours", {name: card("jonas", name) for name in names})
    git(top, "checkout", "-q", "side")
    commit(top, "theirs", {name: card("sam", name) for name in names})
    git(top, "checkout", "-q", "main")
    begin(top, "merge")
    merged: list[str] = []
    build = resolving.Question.__init__
    monkeypatch.setattr(
        resolving.Question,
        "__init__",
        lambda self, stages, *more: merged.append(stages.path) or build(self, stages, *more),
    )
    ran = kedge("resolve", cwd=top)
    assert (ran.code, len(merged)) == (1, 50)
    assert "and 10 more files: kedge resolve ID shows one, kedge resolve --json all" in ran.out
    assert len(json.loads(kedge("resolve", "--json", cwd=top).out)["data"]["files"]) == 60
    merged.clear()
    assert kedge("resolve", "card-59", "ours", cwd=top).code == 0
    assert merged == ["projects/churn/cards/card-59.toml"]
