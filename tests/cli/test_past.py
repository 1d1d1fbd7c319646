"""The plan at any revision, and its history: `--at`, `at`, `log`, `start --branch`, `git card-trailer`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kedge.storage.disk.errors import WriteRefused

from ..storage.repositories import CARDS, commit, git, repository, write
from .running import CHURN, Ran, kedge

TABLE = f"{CARDS}/table-7k2m.toml"


def card(status: str, title: str = "Feature table") -> str:
    return f'title = "{title}"\nplace = "execute"\nrank = "a0"\nstatus = "{status}"\n'


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A card was begun, and done, and is open again in the work tree."""
    made = repository(tmp_path / "top")
    (made / CARDS / "broken-2b3c.toml").unlink()
    (made / CARDS / "Not An Id.toml").unlink()
    shutil.rmtree(made / "plan/projects/churn/card")
    for day, status in (("2026-11-21", "doing"), ("2026-11-24", "done")):
        write(made, {TABLE: card(status)})
        git(made, "add", "-A")
        git(made, "commit", "-q", "-m", f"{status} it", day=day, author="Sam")
    write(made, {TABLE: card("todo")})
    return made


def run(top: Path, *words: str) -> Ran:
    return kedge("--today", "2026-11-27", *words, cwd=top, env={"KEDGE_STATE": str(top.parent / "state")})


def data(top: Path, *words: str) -> Any:
    found = run(top, *words, "--json")
    assert found.code == 0, found.err
    return json.loads(found.out)["data"]


@pytest.mark.parametrize(
    ("revision", "status"),
    [("HEAD", "done"), ("HEAD~1", "doing"), ("main", "done"), (":base", "done"), (":index", "done")],
)
def test_a_card_at_a_revision(top: Path, revision: str, status: str) -> None:
    assert data(top, "show", "7k2m", "--at", revision)["status"] == status
    assert data(top, "at", revision, "show", "7k2m")["status"] == status
    assert data(top, "show", "7k2m")["status"] == "todo"


def test_the_merge_base_of_two_branches(top: Path) -> None:
    git(top, "stash", "-q")
    git(top, "checkout", "-q", "-b", "side", "HEAD~1")
    commit(top, "side", {TABLE: card("dropped")})
    assert data(top, "show", "7k2m", "--at", "main...side")["status"] == "doing"
    assert data(top, "show", "7k2m", "--at", ":base")["status"] == "doing"


def test_every_command_that_reads_a_plan_reads_one_of_a_commit(tmp_path: Path) -> None:
    top = tmp_path / "top"
    shutil.copytree(CHURN, top / "plan")
    git(top, "init", "-q", "-b", "main")
    commit(top, "plan")
    words = [
        ["list"], ["ready"], ["show", "7k2m"], ["assess"], ["gate"], ["matrix"], ["portfolio"], ["schedule"],
        ["critical"], ["load"], ["handovers"], ["budget"], ["size"], ["check", "--severity", "error"],
        ["metric", "list"], ["person", "show", "mira"], ["forecast", "--runs", "20"], ["fmt", "--check"],
    ]  # fmt: skip
    now = {tuple(one): run(top, *one) for one in words}
    shutil.rmtree(top / "plan")
    for one in words:
        past = run(top, *one, "--at", "HEAD")
        if one[0] in ("check", "fmt"):
            # Files are named from the folder of the plan, which is not there.
            assert past.code == now[tuple(one)].code
        else:
            assert (past.code, past.out) == (now[tuple(one)].code, now[tuple(one)].out), one


def test_a_bare_repository_and_a_branch_without_the_plan(top: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", "top", "bare.git")
    assert data(tmp_path, "show", "7k2m", "--at", "main", "--plan", "bare.git")["status"] == "done"
    git(top, "checkout", "-q", "--force", "--orphan", "empty")
    git(top, "rm", "-rfq", ".")
    assert run(top, "list").code == 2
    assert data(top, "show", "7k2m", "--at", "main")["status"] == "done"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "--at", "nope"], "no such revision: nope"),
        (["list", "--at", ""], "--at needs a revision"),
        (["at", "", "list"], "the revision is empty"),
        (["at", "HEAD", "at", "HEAD~1", "list"], "cannot be run at another revision"),
        (["list", "--at", "-x"], "no such revision"),
        (["at", "HEAD"], "missing argument"),
        (["at", "HEAD", "add", "x"], "add changes the plan, and cannot be run at another revision"),
        (["at", "HEAD", "nonsense"], "there is no command 'nonsense'"),
        (["at", "HEAD", "version"], "version does not read the plan"),
        (["set", "7k2m", "owner=mira", "--at", "HEAD"], "--at"),
        (["at", "HEAD", "fmt"], "can only be read"),
        (["at", "HEAD", "metric", "set", "x", "a=1"], "set changes the plan"),
    ],
)
def test_what_cannot_be_done_at_a_revision_is_said(top: Path, words: list[str], said: str) -> None:
    before = git(top, "status", "--porcelain")
    found = run(top, *words)
    assert found.code in (2, 3)
    assert said in found.err
    assert git(top, "status", "--porcelain") == before


def test_outside_of_a_repository_there_are_no_revisions(tmp_path: Path) -> None:
    shutil.copytree(CHURN, tmp_path / "plan")
    found = run(tmp_path, "list", "--at", "HEAD")
    assert (found.code, "not in a git repository" in found.err) == (2, True)


def test_the_history_of_a_card_in_words(top: Path) -> None:
    found = run(top, "log", "7k2m")
    assert found.out.splitlines() == [
        f"2026-11-24  Sam: done it  ({git(top, 'rev-parse', 'HEAD')[:8]})",
        "            status doing → done",
        f"2026-11-21  Sam: doing it  ({git(top, 'rev-parse', 'HEAD~1')[:8]})",
        "            owner cleared (was mira)",
        "            status doing",
        f"2026-11-20  Mira: plan  ({git(top, 'rev-parse', 'HEAD~2')[:8]})",
        "            the file was made",
        "",
        "In each status: todo 1 day, doing 3 days, done 4 days",
    ]


def test_the_history_of_a_card_for_programs(top: Path) -> None:
    commit(top, "code\n\nCard: 7k2m\n", {"code/x": "1"})
    found = data(top, "log", "7k2m")
    assert [one["what"] for one in found["commits"]] == ["changed", "changed", "changed", "added"]
    assert found["commits"][1]["fields"] == [{"path": ["status"], "before": "doing", "after": "done"}]
    assert found["dwell"]["doing"] == 3.0
    # A commit that changed the card is not listed as code besides.
    assert found["code"] == []
    commit(top, "more\n\nCard: 7k2m\n", {"code/x": "2"})
    assert [one["subject"] for one in data(top, "log", "7k2m")["code"]] == ["more"]
    assert "Code" in run(top, "log", "7k2m").out


def test_the_history_of_the_plan(top: Path) -> None:
    commit(top, "code only", {"code/x": "1"})
    found = data(top, "log", "-n", "2")["commits"]
    assert [one["subject"] for one in found] == ["code only", "done it"]
    assert [one["id"] for one in found[0]["records"]] == ["table-7k2m"]
    assert "status doing → done" in run(top, "log").out


def test_where_the_history_of_a_shallow_clone_begins(top: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{top}", "shallow")
    said = run(tmp_path / "shallow", "log", "7k2m").out
    assert "done it" in said
    assert "git fetch --unshallow" in said
    assert "the file was made" not in said
    whole = run(tmp_path / "shallow", "log").out.splitlines()
    assert whole[1].strip().startswith("the history of this clone begins here, with ")
    assert [one["cut_off"] for one in data(tmp_path / "shallow", "log", "7k2m")["commits"]] == [True]
    assert [one["cut_off"] for one in data(top, "log", "7k2m")["commits"]] == [False, False, False]


def test_the_history_of_an_entry_and_of_an_answer(top: Path) -> None:
    strategy, assessment = (f"plan/projects/churn/{name}.toml" for name in ("strategy", "assessment"))
    commit(top, "goal", {strategy: '[metrics.recall]\nname = "Recall"\ntarget = 0.5\n'})
    commit(top, "lower", {strategy: '[metrics.recall]\nname = "Recall"\ntarget = 0.4\n'})
    commit(top, "first", {assessment: "[answers.disc-fit]\nverdict = 2\n"})
    commit(top, "second", {assessment: "[answers.disc-fit]\nverdict = 3\n"})
    assert "target 0.5 → 0.4" in run(top, "log", "recall").out
    assert "verdict 2 → 3" in run(top, "log", "disc-fit").out
    answers = data(top, "log", "--answers")["answers"]
    assert [(one["question"], one["by"], one["date"]) for one in answers] == [
        ("disc-fit", "Mira", "2026-11-20")
    ]
    assert "second" in run(top, "log", "--answers").out


def test_history_without_git_and_without_commits(tmp_path: Path) -> None:
    shutil.copytree(CHURN, tmp_path / "plan")
    found = run(tmp_path, "log", "7k2m")
    assert (found.code, "no history: not in a git repository" in found.err) == (2, True)
    git(tmp_path, "init", "-q")
    assert "not in a commit yet" in run(tmp_path, "log", "7k2m").err
    assert "nothing of this plan is in a commit yet" in run(tmp_path, "log").err


def test_hostile_subjects_do_not_reach_the_terminal(top: Path) -> None:
    commit(top, "a\x1b[31mred\x07\u202e", {TABLE: card("doing", "b\\u001b[2J")})
    for words in (["log"], ["log", "7k2m"]):
        assert not {"\x1b", "\x07", "\u202e"} & set(run(top, *words).out)


def test_a_card_is_started_on_a_branch_of_its_own(top: Path) -> None:
    found = run(top, "start", "7k2m", "--branch", "--dry-run")
    assert "would make the branch churn/table-7k2m" in found.err
    assert git(top, "symbolic-ref", "--short", "HEAD") == "main"
    assert run(top, "start", "7k2m", "--branch").code == 0
    assert git(top, "symbolic-ref", "--short", "HEAD") == "churn/table-7k2m"
    assert data(top, "show", "7k2m")["status"] == "doing"
    assert run(top, "start", "7k2m", "4d5f", "--branch").code == 2


def test_where_the_branch_cannot_be_made_nothing_is_written(top: Path) -> None:
    git(top, "branch", "churn")
    found = run(top, "start", "7k2m", "--branch")
    assert found.code == 3
    assert "was not made" in found.err
    assert data(top, "show", "7k2m")["status"] == "todo"


@pytest.mark.parametrize("is_detached", [False, True])
def test_where_the_card_cannot_be_written_the_branch_is_taken_back(
    top: Path, monkeypatch: pytest.MonkeyPatch, *, is_detached: bool
) -> None:
    if is_detached:
        git(top, "checkout", "-q", "--detach")
    before = (top / ".git" / "HEAD").read_text()

    def refuse(*_: object, **__: object) -> None:
        raise WriteRefused("the disk is full")

    monkeypatch.setattr("kedge.cli.context.commit", refuse)
    found = run(top, "start", "7k2m", "--branch")
    assert (found.code, found.err) == (3, "kedge: the disk is full\n")
    assert (top / ".git" / "HEAD").read_text() == before
    assert "churn/table-7k2m" not in git(top, "for-each-ref")
    assert git(top, "fsck", "--strict") == ""
    # A branch that was there before stays; where going back fails too, the refusal says so.
    git(top, "branch", "churn/table-7k2m")
    assert run(top, "start", "7k2m", "--branch").code == 3
    assert (top / ".git" / "HEAD").read_text() == before
    assert "churn/table-7k2m" in git(top, "for-each-ref")

    def refuse_all(*_: object, **__: object) -> None:
        (top / ".git" / "HEAD.lock").write_text("")
        refuse()

    monkeypatch.setattr("kedge.cli.context.commit", refuse_all)
    assert "could not be taken back; git switch - leaves it" in run(top, "start", "7k2m", "--branch").err


@pytest.mark.parametrize("source", ["merge", "squash", "commit"])
def test_some_messages_get_no_trailer(top: Path, source: str) -> None:
    git(top, "checkout", "-q", "-b", "churn/table-7k2m")
    (top / "message").write_text("Subject\n")
    assert run(top, "git", "card-trailer", "message", source).code == 0
    assert (top / "message").read_text() == "Subject\n"
    assert run(top, "git", "card-trailer", "message").code == 0
    assert (top / "message").read_text() == "Subject\n\nCard: table-7k2m\n"


def test_a_commit_in_a_repository_without_a_plan_does_not_fail(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "message").write_text("Subject\n")
    assert run(tmp_path, "git", "card-trailer", "message").code == 0
