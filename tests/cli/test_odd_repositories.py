"""Clones that lack something, and repositories in odd places: each works, or says what is missing and what helps."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from .running import TODAY, Ran
from .running import kedge as run_kedge

BOARD = 'format = 1\ntitle = "Test"\n'
CARD = 'title = "{title}"\nplace = "execute"\nestimate = [2, 3, 5]\n'
TABLE = "plan/projects/churn/cards/table-7k2m.toml"
LABELS = "plan/projects/churn/cards/labels-2b3c.toml"


def git(top: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=M", "-c", "user.email=m@example.org", *words]
    return subprocess.run(command, cwd=top, check=True, capture_output=True, text=True).stdout.strip()


def kedge(folder: Path, *words: str) -> Ran:
    return run_kedge(*words, "--today", TODAY, cwd=folder)


def commit(top: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text, encoding="utf-8")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "plan")


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """Three commits, of which each gives a card another title."""
    top = tmp_path / "origin"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    others = {
        "plan/board.toml": BOARD,
        "plan/projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n',
        LABELS: CARD.format(title="Labels"),
    }
    commit(top, {**others, TABLE: CARD.format(title="One")})
    for title in ("Two", "Three"):
        commit(top, {TABLE: CARD.format(title=title)})
    git(top, "config", "uploadpack.allowFilter", "true")
    git(top, "config", "uploadpack.allowAnySHA1InWant", "true")
    return top


def partial(origin: Path, *words: str) -> Path:
    made = origin.parent / "partial"
    git(origin.parent, "clone", "-q", "--filter=blob:none", *words, f"file://{origin}", str(made))
    return made


def objects(top: Path) -> list[str]:
    return sorted(str(one) for one in (top / ".git" / "objects").rglob("*"))


# ---- partial clones


def test_a_partial_clone_is_told_what_it_lacks_and_never_called_the_same_plan(origin: Path) -> None:
    top = partial(origin)
    before = objects(top)
    ran = kedge(top, "diff", "HEAD~2", "HEAD~1", "--exit-code")
    assert ran.code == 1
    assert ran.out.startswith("1 file cannot be compared\n")
    assert "lacks 1 file of HEAD~1" in ran.err
    assert "kedge git fetch" in ran.err
    ran = kedge(top, "list", "--at", "HEAD~1")
    assert "Labels" in ran.out
    assert "lacks 1 file of HEAD~1" in ran.err
    assert "kedge git fetch" in kedge(top, "log", "table-7k2m").err
    assert objects(top) == before


def test_what_is_missing_is_fetched_in_one_go_and_nothing_else_changes(origin: Path) -> None:
    top = partial(origin)
    around = [top / ".git" / name for name in ("config", "HEAD", "packed-refs")]
    before = [one.read_bytes() for one in around], git(top, "for-each-ref")
    ran = kedge(top, "git", "fetch")
    assert (ran.code, ran.err) == (0, f"fetched 2 versions of plan files from file://{origin}\n")
    assert ([one.read_bytes() for one in around], git(top, "for-each-ref")) == before
    assert kedge(top, "git", "fetch").err == "nothing of the plan is missing\n"
    git(top, "fsck", "--no-dangling")
    ran = kedge(top, "diff", "HEAD~2", "HEAD~1")
    assert "title One → Two" in ran.out.replace('"', "")
    assert ran.err == ""


def test_a_clone_without_a_work_tree_yet_is_read_once_it_is_fetched(origin: Path) -> None:
    top = partial(origin, "--no-checkout")
    ran = kedge(top, "list")
    assert (ran.code, "git checkout HEAD -- plan" in ran.err) == (2, True)
    assert kedge(top, "git", "fetch").code == 0
    assert "Three" in kedge(top, "at", "HEAD", "list").out


def test_offline_it_says_what_is_missing_and_from_where(origin: Path) -> None:
    top = partial(origin)
    origin.rename(origin.with_name("away"))
    ran = kedge(top, "git", "fetch")
    assert ran.code == 2
    assert f"has not fetched what is needed: 2 versions of plan files; file://{origin}" in ran.err
    assert "Three" in kedge(top, "list").out


@pytest.mark.parametrize(
    "url",
    ["ext::sh -c 'touch {mark}'", "-oProxyCommand=touch${{IFS}}{mark}", "ssh://-oProxyCommand=x/y", "fd::7"],
)
def test_an_address_that_runs_a_command_is_never_used(origin: Path, url: str) -> None:
    top, mark = partial(origin), origin.parent / "mark"
    git(top, "config", "remote.origin.url", url.format(mark=mark))
    git(top, "config", "protocol.ext.allow", "always")
    ran = kedge(top, "git", "fetch")
    assert (ran.code, mark.exists()) == (2, False)
    assert "the remote origin has an address that kedge does not fetch from" in ran.err


def test_no_setting_and_no_hook_of_the_repository_has_a_part_in_a_fetch(origin: Path) -> None:
    top, mark = partial(origin), origin.parent / "mark"
    script = f"#!/bin/sh\ntouch {mark}\n"
    for name in ("reference-transaction", "post-merge", "pre-auto-gc"):
        hook = top / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(script)
        hook.chmod(0o755)
    command = origin.parent / "command"
    command.write_text(script)
    command.chmod(0o755)
    for name in ("core.sshCommand", "core.fsmonitor", "core.gitProxy", "credential.helper"):
        git(top, "config", name, f"!{command}" if name == "credential.helper" else str(command))
    git(top, "config", "remote.origin.uploadpack", str(command))
    git(top, "config", "remote.origin.vcs", "ext")
    mark.unlink(missing_ok=True)
    assert kedge(top, "git", "fetch").code == 0
    assert not mark.exists()


# ---- where there is no plan in the work tree


def test_a_sparse_checkout_without_the_plan_says_how_to_add_it(origin: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--sparse", str(origin), "sparse")
    top = tmp_path / "sparse"
    ran = kedge(top, "ready")
    assert ran.code == 2
    assert "the plan of this repository, in plan, is not in the work tree" in ran.err
    assert "git sparse-checkout add plan" in ran.err
    assert "Three" in kedge(top, "list", "--at", "HEAD").out
    assert "One" in kedge(top, "diff", "HEAD~2", "HEAD").out
    assert kedge(top, "diff").code == 2
    git(top, "sparse-checkout", "add", "plan")
    assert "Three" in kedge(top, "list").out


def test_a_bare_repository_that_is_named_is_compared(origin: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(origin), "bare.git")
    bare = tmp_path / "bare.git"
    ran = kedge(bare, "--plan", ".", "diff", "HEAD~1", "HEAD", "--json")
    assert [one["id"] for one in json.loads(ran.out)["data"]["changes"]] == ["table-7k2m"]
    assert (
        "<!-- kedge-diff plan=plan from="
        in kedge(bare, "--plan", ".", "diff", "HEAD~1", "HEAD", "--format", "markdown").out
    )
    ran = kedge(bare, "--plan", ".", "diff")
    assert (ran.code, "a bare repository has no work tree" in ran.err) == (2, True)
    assert kedge(bare, "--plan", ".", "scenarios", "HEAD~1", "HEAD").code == 0


# ---- paths, branches


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["-dash", "sp ace", "ünï", "new\nline", "[a]*?", "quo'te\"s"])
def test_a_plan_in_a_folder_of_any_name_is_compared(tmp_path: Path, name: str) -> None:
    top = tmp_path / f"top {name}"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    files = {"board.toml": BOARD, "projects/churn/project.toml": 'title = "Churn"\n'}
    card = "projects/churn/cards/table-7k2m.toml"
    commit(top, {f"{name}/plan/{path}": text for path, text in files.items()})
    git(top, "checkout", "-q", "-b", "side")
    commit(top, {f"{name}/plan/{card}": CARD.format(title="One")})
    inside = top / name
    assert [one["what"] for one in json.loads(kedge(inside, "diff", "--json").out)["data"]["changes"]] == [
        "added"
    ]
    assert kedge(inside, "list", "--at", "main").code == 0
    assert "plan" in kedge(inside, "log", "table-7k2m").out
    assert kedge(inside, "flow").code == 0


def test_before_the_first_commit_nothing_fails_without_a_word(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "board.toml").write_text(BOARD)
    assert "nothing is committed yet" in kedge(tmp_path, "diff").err
    assert "no such revision: HEAD" in kedge(tmp_path, "list", "--at", "HEAD").err
    assert kedge(tmp_path, "flow").code == 0
    assert "not in a commit yet" in kedge(tmp_path, "log", "board").err


def test_what_a_sparse_checkout_leaves_out_is_not_gone(origin: Path) -> None:
    sparse = origin.parent / "sparse"
    git(origin.parent, "clone", "-q", "--sparse", str(origin), str(sparse))
    git(sparse, "sparse-checkout", "set", "--no-cone", "/plan/board.toml", "/plan/projects/*/cards/table*")
    assert not (sparse / LABELS).exists()
    ran = kedge(sparse, "diff", "HEAD")
    assert (ran.code, ran.out) == (0, "the same plan\n")
    (sparse / TABLE).write_text(CARD.format(title="Four"), encoding="utf-8")
    data = json.loads(kedge(sparse, "diff", "HEAD", "--json").out)["data"]
    assert [(one["what"], one["id"]) for one in data["changes"]] == [("changed", "table-7k2m")]
    assert "labels-2b3c" in kedge(sparse, "list").out
    assert "2 files of the plan are left out by this sparse checkout" in kedge(sparse, "check").err
    ran = kedge(sparse, "check", "--since", "HEAD~1")
    assert (ran.code, "which would count as removed" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("HEAD^{tree}", "HEAD^{tree} is a tree, not a commit"),
        ("a-board", "a-board is a blob, not a commit"),
        ("HEAD~99", "no such revision: HEAD~99"),
        ("@{-1}", "no such revision: @{-1}"),
        ("-x", "no such revision: -x"),
    ],
)
def test_what_is_no_commit_is_refused_in_a_line(origin: Path, revision: str, said: str) -> None:
    git(origin, "tag", "-a", "-m", "x", "a-board", "HEAD:plan/board.toml")
    for words in (
        ("diff", "--", revision),
        ("scenarios", "--", "main", revision),
        ("check", "--since", revision),
        ("list", "--at", revision),
    ):
        ran = run_kedge("--today", TODAY, *words, cwd=origin)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err


def test_an_empty_revision_is_never_taken_for_none(origin: Path) -> None:
    for words in (("diff", ""), ("diff", "main", ""), ("check", "--since", ""), ("scenarios", "main", "")):
        ran = kedge(origin, *words)
        assert (ran.code, ran.out) == (2, "")
        assert "the revision is empty" in ran.err


def test_before_the_first_commit_and_where_a_shallow_clone_ends_it_is_said(origin: Path) -> None:
    shallow = origin.parent / "shallow-one"
    git(origin.parent, "clone", "-q", "--depth", "1", f"file://{origin}", str(shallow))
    assert "git fetch --unshallow" in kedge(shallow, "diff", "HEAD~1").err
    unborn = origin.parent / "unborn"
    git(origin.parent, "clone", "-q", str(origin), str(unborn))
    git(unborn, "checkout", "-q", "--orphan", "new")
    git(unborn, "branch", "-q", "-D", "main")
    git(unborn, "remote", "remove", "origin")
    ran = kedge(unborn, "diff")
    assert (ran.code, "nothing is committed yet" in ran.err) == (2, True)
