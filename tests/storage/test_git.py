"""Git in repositories of every kind, and the reasons where it has no answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kedge.storage.disk.programs import find_program
from kedge.storage.disk.repository import GitProblem, Reason, Repository, find_repository
from kedge.storage.git import process as asking
from kedge.storage.git.attribution import answered
from kedge.storage.git.behind import behind_main
from kedge.storage.git.git import git_at
from kedge.storage.git.head import head_commit
from kedge.storage.git.history import history
from kedge.storage.git.revision import Tree, plan_at_revision
from kedge.storage.git.working_tree import WorkingTree, working_tree
from kedge.storage.plan.read import read_plan

from .git_cases import ANSWER, ASSESSMENT, CARD, packed, plain
from .repositories import CARDS, FILES, commit, environment, git, repository, write


def elsewhere(top: Path) -> Path:
    """Its git folder is in another place."""
    return repository(top / "work", "--separate-git-dir", str(top / "stored.git"))


def sha256(top: Path) -> Path:
    return repository(top / "sha256", "--object-format=sha256")


def odd_names(top: Path) -> Path:
    return repository(top / "a b'\"$(touch x);-c\u00e9\n:(top)*")


def worktree(top: Path) -> Path:
    main = repository(top / "main")
    git(main, "config", "extensions.worktreeConfig", "true")
    git(main, "worktree", "add", "-q", "-b", "side", str(top / "side"))
    return top / "side"


def submodule(top: Path) -> Path:
    part = repository(top / "part")
    outer = repository(top / "outer")
    git(outer, "submodule", "add", "-q", str(part), "part")
    return outer / "part"


def sparse(top: Path) -> Path:
    whole = repository(top / "whole")
    git(top, "clone", "-q", "--sparse", str(whole), "sparse")
    git(top / "sparse", "sparse-checkout", "set", "--cone", "--sparse-index", "plan")
    return top / "sparse"


def split_index(top: Path) -> Path:
    made = repository(top / "split")
    git(made, "update-index", "--split-index")
    return made


def shared(top: Path) -> Path:
    """Its objects are those of another repository."""
    repository(top / "original")
    git(top, "clone", "-q", "--shared", "original", "shared")
    return top / "shared"


def detached(top: Path) -> Path:
    made = repository(top / "detached")
    git(made, "checkout", "-q", "--detach")
    return made


KINDS = [
    plain,
    elsewhere,
    sha256,
    odd_names,
    worktree,
    submodule,
    sparse,
    split_index,
    shared,
    packed,
    detached,
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_repository_is_understood(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    top = kind(tmp_path)
    plan = str(top / "plan")
    assert working_tree(plan, environment()) == WorkingTree(git(top, "branch", "--show-current"))
    write(top, {ASSESSMENT: ANSWER, f"plan/{CARD}": FILES[f"plan/{CARD}"].replace("mira", "sam")})
    (top / CARDS / "broken-2b3c.toml").unlink()
    found = working_tree(plan, environment())
    assert isinstance(found, WorkingTree)
    assert found.summary == "+1 ~1 -1"
    head = commit(top, "change")
    told = history(plan, CARD, environment())
    assert isinstance(told, list)
    assert [(one.subject, [change.path for change in one.changes]) for one in told] == [
        ("change", [("owner",)]),
        ("plan", []),
    ]
    who = answered(plan, "churn", environment())
    assert not isinstance(who, GitProblem)
    assert who.sayings["disc-fit"].commit == head
    tree = plan_at_revision(plan, "HEAD~1", environment())
    assert isinstance(tree, Tree)
    assert (read_plan(tree).plan.cards["table-7k2m"].owner, tree.place) == ("mira", "plan")


def test_nothing_is_written_into_the_repository(tmp_path: Path) -> None:
    top = plain(tmp_path)
    (top / CARDS / "train-4d5f.toml").touch()

    def state() -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.read_bytes())
            for path in top.rglob("*")
            if path.is_file()
        }

    before = state()
    plan = str(top / "plan")
    for found in (working_tree(plan, environment()), history(plan, CARD, environment())):
        assert not isinstance(found, GitProblem)
    assert state() == before


def test_a_partial_clone_says_what_it_lacks_and_fetches_nothing(tmp_path: Path) -> None:
    top = repository(tmp_path / "all")
    commit(top, "mira", {ASSESSMENT: ANSWER})
    commit(
        top,
        "sam",
        {f"plan/{CARD}": FILES[f"plan/{CARD}"].replace("mira", "sam"), ASSESSMENT: ANSWER * 1 + "#\n"},
    )
    git(top, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{top}", "partial")
    plan = str(tmp_path / "partial" / "plan")
    packs = sorted((tmp_path / "partial" / ".git" / "objects" / "pack").iterdir())
    assert working_tree(plan, environment()) == WorkingTree("main")
    told = history(plan, CARD, environment())
    assert isinstance(told, list)
    assert [(one.subject, one.is_fetched, one.is_first) for one in told] == [
        ("sam", False, False),
        ("plan", False, True),
    ]
    assert answered(plan, "churn", environment()) == GitProblem(Reason.NOT_FETCHED)
    tree = plan_at_revision(plan, "HEAD~1", environment())
    assert isinstance(tree, Tree)
    loaded = read_plan(tree)
    assert "this partial clone has not fetched it" in "".join(one.message for one in loaded.findings)
    # Those that did not change since are here.
    assert set(loaded.plan.cards) == {"train-4d5f"}
    assert sorted((tmp_path / "partial" / ".git" / "objects" / "pack").iterdir()) == packs


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("[core]\n\trepositoryformatversion = 7\n", "kedge does not know its format 7"),
        (
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tshiny = true\n",
            "kedge does not know extensions.shiny",
        ),
        ("[core]\n\tautocrlf = $(touch x)\n", "core.autocrlf is not a plain word"),
        ("[core\n", "bad config line 1"),
    ],
)
def test_settings_that_are_not_understood_are_a_reason(tmp_path: Path, settings: str, reason: str) -> None:
    top = plain(tmp_path)
    (top / ".git" / "config").write_text(settings)
    found = working_tree(str(top / "plan"), environment())
    assert isinstance(found, GitProblem)
    assert found.reason is Reason.UNREADABLE
    assert reason in found.detail


def test_an_unknown_revision_is_a_reason(tmp_path: Path) -> None:
    plan = str(plain(tmp_path) / "plan")
    for text in ("nonsense", "HEAD~9", "--all", "-h", "", "HEAD:plan", "a..b"):
        found = plan_at_revision(plan, text, environment())
        assert isinstance(found, GitProblem)
        assert found.reason is Reason.BAD_REVISION
        assert found.detail.startswith(text)


def test_a_repository_that_is_damaged_is_not_an_empty_one(tmp_path: Path) -> None:
    top = plain(tmp_path)
    for path in (top / ".git" / "objects").glob("??/*"):
        path.chmod(0o644)
        path.write_bytes(b"junk")
    plan = str(top / "plan")
    for found in (
        working_tree(plan, environment()),
        history(plan, CARD, environment()),
        answered(plan, "churn", environment()),
        plan_at_revision(plan, "HEAD", environment()),
        behind_main(plan, environment()),
        head_commit(plan, environment()),
    ):
        assert isinstance(found, GitProblem)
        assert not found.is_expected


def test_a_git_that_does_not_answer_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("the program that waits is a shell script")
    top = plain(tmp_path)
    slow = tmp_path / "bin" / "git"
    write(tmp_path, {"bin/git": f"#!{shutil.which('sh')}\nexec {shutil.which('sleep')} 600\n"})
    slow.chmod(0o755)
    monkeypatch.setattr(asking, "TIMEOUT", 0.2)
    for found in (
        working_tree(str(top / "plan"), {"PATH": str(slow.parent)}),
        history(str(top / "plan"), CARD, {"PATH": str(slow.parent)}),
        answered(str(top / "plan"), "churn", {"PATH": str(slow.parent)}),
        behind_main(str(top / "plan"), {"PATH": str(slow.parent)}),
        head_commit(str(top / "plan"), {"PATH": str(slow.parent)}),
        plan_at_revision(str(top / "plan"), "HEAD", {"PATH": str(slow.parent)}),
    ):
        assert isinstance(found, GitProblem)
        assert found.reason is Reason.TIMEOUT


def test_an_answer_without_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 100)
    found = plan_at_revision(str(plain(tmp_path) / "plan"), "HEAD", environment())
    assert found == GitProblem(Reason.TOO_LARGE)


def test_only_a_git_in_an_absolute_folder_of_the_path_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = plain(tmp_path)
    program = top / "git"
    program.write_text("#!/bin/sh\ntouch ran\n")
    program.chmod(0o755)
    monkeypatch.chdir(top)
    found = working_tree(str(top / "plan"), {"PATH": os.pathsep.join(["", ".", os.environ["PATH"]])})
    assert isinstance(found, WorkingTree)
    assert working_tree(str(top / "plan"), {"PATH": os.pathsep.join(["", ".", ".."])}) == GitProblem(
        Reason.NO_GIT
    )
    assert find_program("git", {}) == ""
    assert not (top / "ran").exists()


def test_what_a_hook_tells_git_does_not_lead_elsewhere(tmp_path: Path) -> None:
    top = plain(tmp_path)
    other = repository(tmp_path / "other")
    commit(other, "only here")
    told = environment(
        GIT_DIR=str(other / ".git"),
        GIT_WORK_TREE=str(other),
        GIT_INDEX_FILE=str(other / ".git" / "index"),
        GIT_OBJECT_DIRECTORY=str(other / ".git" / "objects"),
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0="core.fsmonitor",
        GIT_CONFIG_VALUE_0=f"touch {tmp_path}/ran",
        GIT_EXTERNAL_DIFF=f"touch {tmp_path}/ran",
        GIT_TRACE2_EVENT=str(tmp_path / "ran"),
        GIT_PREFIX="plan/",
    )
    found = history(str(top / "plan"), CARD, told)
    assert isinstance(found, list)
    assert [one.subject for one in found] == ["plan"]
    assert working_tree(str(top / "plan"), told) == WorkingTree("main")
    assert not (tmp_path / "ran").exists()


def test_in_a_hook_its_own_index_is_meant(tmp_path: Path) -> None:
    top = plain(tmp_path)
    write(top, {f"plan/{CARD}": 'title = "Other"\n'})
    git(top, "add", "-A")
    index = top / ".git" / "next-index-1.lock"
    shutil.copyfile(top / ".git" / "index", index)
    git(top, "reset", "-q")
    with git_at(str(top / "plan"), environment(GIT_INDEX_FILE=str(index))) as ours:
        assert not isinstance(ours, GitProblem)
        assert ours.run(["diff-index", "--cached", "--name-only", "HEAD"]) == f"plan/{CARD}\n".encode()


def test_a_plan_is_never_taken_for_a_bare_repository(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    plan = tmp_path / "plan"
    subprocess.run(["git", "init", "-q", "--bare", str(plan)], check=True, env=environment())
    outside = environment(GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert find_repository(str(plan), outside) == GitProblem(Reason.NO_REPOSITORY)
    git(tmp_path, "init", "-q", "-b", "outer")
    assert find_repository(str(plan)) == Repository(str(tmp_path), *[str(tmp_path / ".git")] * 2)


def test_what_is_called_git_and_is_none_is_no_repository(tmp_path: Path) -> None:
    top = plain(tmp_path)
    (top / "plan" / ".git").mkdir()
    assert isinstance(find_repository(str(top / "plan")), Repository)
    (top / "plan" / ".git").rmdir()
    (top / "plan" / ".git").write_text("gitdir: ../nowhere\n")
    found = find_repository(str(top / "plan"))
    assert isinstance(found, GitProblem)
    assert found.reason is Reason.UNREADABLE
    (top / ".git" / "HEAD").write_text("nonsense\n")
    (top / "plan" / ".git").unlink()
    outside = environment(GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert find_repository(str(top / "plan"), outside) == GitProblem(Reason.NO_REPOSITORY)
