"""Commits of code that name cards, the branch of a card, and the trailer in a message."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kedge.storage.disk.repository import GitProblem
from kedge.storage.git.branches import make_branch, trailed_file
from kedge.storage.git.code_commits import CodeCommit, cards_named, code_commits
from kedge.storage.git.git import Git

from .repositories import CARDS, commit, environment, git, repository, write

IDS = {"table-7k2m", "train-4d5f"}
BRANCH = "churn/table-7k2m"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path / "top")


def code(top: Path, card: str = "table-7k2m") -> list[tuple[str, str]]:
    found = code_commits(str(top / "plan"), environment(), IDS, card)
    assert not isinstance(found, GitProblem), found
    return [(one.commit.subject, one.branch) for one in found]


def test_trailers_and_branches_lead_to_a_card(top: Path) -> None:
    commit(top, "one\n\nCard: 7k2m\n", {"code/a": "1"})
    commit(top, "two\n\ncard: churn/train-4d5f, 7k2m\nSigned-off-by: x", {"code/a": "2"})
    commit(top, "no trailer: Card: 7k2m\n\nbut text", {"code/a": "3"})
    git(top, "checkout", "-q", "-b", BRANCH)
    commit(top, "four", {"code/a": "4"})
    commit(top, "five\n\nCard: 4d5f\n", {"code/a": "5"})
    git(top, "checkout", "-q", "main")
    assert sorted(code(top)) == [("four", BRANCH), ("one", ""), ("two", "")]
    assert sorted(code(top, "train-4d5f")) == [("five", ""), ("two", "")]


def test_a_branch_of_the_remote_counts_once(top: Path, tmp_path: Path) -> None:
    git(top, "checkout", "-q", "-b", BRANCH)
    commit(top, "four", {"code/a": "4"})
    git(top, "checkout", "-q", "main")
    git(tmp_path, "clone", "-q", str(top), "clone")
    assert code(tmp_path / "clone") == [("four", BRANCH)]
    git(tmp_path / "clone", "branch", "-q", BRANCH, f"origin/{BRANCH}")
    assert code(tmp_path / "clone") == [("four", BRANCH)]


def test_the_commits_of_a_branch_name_cards(top: Path) -> None:
    git(top, "checkout", "-q", "-b", BRANCH)
    commit(top, "one", {"code/a": "1"})
    commit(top, "two\n\nCard: 4d5f\n", {"code/a": "2"})
    found = cards_named(str(top / "plan"), environment(), IDS, "main")
    assert not isinstance(found, GitProblem)
    assert {card: [one.commit.subject for one in some] for card, some in found.items()} == {
        "table-7k2m": ["one"],
        "train-4d5f": ["two"],
    }
    assert cards_named(str(top / "plan"), environment(), IDS, "HEAD") == {}
    assert isinstance(found["table-7k2m"][0], CodeCommit)


def test_nothing_is_named_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "plan").mkdir()
    assert code_commits(str(tmp_path / "plan"), environment(), IDS, "table-7k2m") == ()


def test_a_branch_is_made_where_head_is_and_takes_changes_along(top: Path) -> None:
    write(top, {f"{CARDS}/new-2c3d.toml": "title = 'x'\n", "code/a": "staged"})
    git(top, "add", "code/a")
    before = git(top, "status", "--porcelain")
    assert make_branch(str(top / "plan"), BRANCH, environment()) is None
    assert git(top, "symbolic-ref", "HEAD") == f"refs/heads/{BRANCH}"
    assert git(top, "rev-parse", BRANCH) == git(top, "rev-parse", "main")
    assert git(top, "status", "--porcelain") == before
    assert f"checkout: moving from main to {BRANCH}" in git(top, "reflog")
    assert git(top, "fsck", "--strict") == ""
    git(top, "checkout", "-q", "-")
    assert git(top, "symbolic-ref", "--short", "HEAD") == "main"


def test_a_branch_that_is_there_is_gone_to_only_where_nothing_would_change(top: Path) -> None:
    git(top, "branch", BRANCH)
    assert make_branch(str(top / "plan"), BRANCH, environment()) is None
    assert make_branch(str(top / "plan"), BRANCH, environment()) is None
    git(top, "checkout", "-q", "main")
    commit(top, "more", {"code/a": "1"})
    problem = make_branch(str(top / "plan"), BRANCH, environment())
    assert problem is not None
    assert f"git switch {BRANCH}" in problem.message
    assert git(top, "symbolic-ref", "--short", "HEAD") == "main"


@pytest.mark.parametrize("name", ["a..b", "-x", "a b", "x.lock", "a~1", "@{1}", "\n", ""])
def test_a_name_that_git_does_not_take_makes_no_branch(top: Path, name: str) -> None:
    before = git(top, "for-each-ref")
    assert isinstance(make_branch(str(top / "plan"), name, environment()), GitProblem)
    assert git(top, "for-each-ref") == before
    assert git(top, "symbolic-ref", "--short", "HEAD") == "main"


def test_no_branch_is_made_in_the_middle_of_something(top: Path) -> None:
    (top / ".git" / "MERGE_HEAD").write_text(git(top, "rev-parse", "HEAD") + "\n")
    problem = make_branch(str(top / "plan"), BRANCH, environment())
    assert problem is not None
    assert "a merge is under way" in problem.message
    (top / ".git" / "MERGE_HEAD").unlink()
    (top / ".git" / "HEAD.lock").write_text("")
    locked = make_branch(str(top / "plan"), BRANCH, environment())
    assert locked is not None
    assert "HEAD.lock" in locked.message
    assert BRANCH not in git(top, "for-each-ref")
    assert git(top, "symbolic-ref", "--short", "HEAD") == "main"


def test_a_message_that_was_saved_meanwhile_is_not_written_over(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make_branch(str(top / "plan"), BRANCH, environment()) is None
    message = tmp_path / "message"
    message.write_text("Subject\n")
    real = Git.run

    def run(self: Git, words: Sequence[str], *given: Any, **more: Any) -> bytes | GitProblem:
        made = real(self, words, *given, **more)
        if words[0] == "interpret-trailers":
            message.write_text("Another\n")
        return made

    monkeypatch.setattr(Git, "run", run)
    problem = trailed_file(str(top / "plan"), str(message), IDS, environment())
    assert problem is not None
    assert "saved meanwhile" in problem.message
    assert message.read_text() == "Another\n"


def test_hooks_of_the_repository_do_not_run(top: Path, tmp_path: Path) -> None:
    for name in ("post-checkout", "reference-transaction", "prepare-commit-msg"):
        hook = top / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    git(top, "config", "trailer.card.command", f"touch {tmp_path}/ran")
    assert make_branch(str(top / "plan"), BRANCH, environment()) is None
    message = tmp_path / "message"
    message.write_text("Subject\n")
    assert trailed_file(str(top / "plan"), str(message), IDS, environment()) is None
    assert "Card: table-7k2m" in message.read_text()
    assert not (tmp_path / "ran").exists()


MESSAGES = [
    ("Subject\n", "Subject\n\nCard: table-7k2m\n"),
    ("Subject\n\nText.\n", "Subject\n\nText.\n\nCard: table-7k2m\n"),
    ("Subject\n\nSigned-off-by: M\n", "Subject\n\nSigned-off-by: M\nCard: table-7k2m\n"),
    ("Subject\n\nCard: 4d5f\n", "Subject\n\nCard: 4d5f\n"),
    ("\n# Please enter\n", "\nCard: table-7k2m\n# Please enter\n"),
]


@pytest.mark.parametrize(("message", "expected"), MESSAGES)
def test_a_message_gets_the_trailer_of_its_branch(
    top: Path, tmp_path: Path, message: str, expected: str
) -> None:
    git(top, "checkout", "-q", "-b", BRANCH)
    file = tmp_path / "message"
    file.write_text(message)
    assert trailed_file(str(top / "plan"), str(file), IDS, environment()) is None
    assert file.read_text() == expected


def test_a_message_on_a_branch_for_no_card_stays(top: Path, tmp_path: Path) -> None:
    file = tmp_path / "message"
    file.write_text("Subject\n")
    assert trailed_file(str(top / "plan"), str(file), IDS, environment()) is None
    assert file.read_text() == "Subject\n"
    git(top, "checkout", "-q", "-b", BRANCH)
    os.truncate(file, 2_000_000)
    assert isinstance(trailed_file(str(top / "plan"), str(file), IDS, environment()), GitProblem)
