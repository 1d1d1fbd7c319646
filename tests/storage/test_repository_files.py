"""What is named as evidence is looked up in the repository around the plan, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kedge.model.snapshot.repository_files import RepositoryFiles
from kedge.model.value.proof import named
from kedge.storage.disk import repository_files as module
from kedge.storage.disk.repository_files import WorkTreeFiles
from kedge.storage.git.revision import Tree, plan_at_revision

from .repositories import commit, environment, git, repository

FILES = {
    "docs/notes.md": "twelve agents were asked\n",
    "docs/empty.md": "",
    "docs/blank.md": "\ufeff \n\t\n",
    "docs/x.md": "x\n",
    "docs/later.md": "TBD ...\n",
    "docs/score.txt": "0.83\n",
    "docs/odd #1.md": "a name with a hash\n",
    "hollow/a/.keep": "",
    "full/a/b.csv": "1\n",
    "plan/notes/talk.md": "beside the records\n",
}
SAID = {
    "docs/notes.md": "there",
    " docs/notes.md ": "there",
    "./docs//notes.md": "there",
    "docs/notes.md/": "there",
    "docs/notes.md#results": "there",
    "docs/notes.md:12": "there",
    "docs/notes.md:12-20": "there",
    "docs/odd #1.md": "there",
    "docs": "not a file",
    "full/": "not a file",
    "docs/empty.md": "empty",
    "docs/blank.md": "empty",
    "docs/empty.md#part": "empty",
    "docs/x.md": "empty",
    "docs/later.md": "empty",
    "docs/score.txt": "there",
    "hollow": "not a file",
    "docs/gone.md": "not there",
    "docs/notes.md/more": "not there",
    "see wiki": "not there",
    "": "not there",
    "docs/\0.md": "not there",
    "x" * 5000: "not there",
    ".": "not a file",
    "#results": "not there",
    "../secret.md": "outside the repository",
    "docs/../docs/notes.md": "outside the repository",
    "/etc/hostname": "outside the repository",
    "~/notes.md": "outside the repository",
    "C:\\notes.md": "outside the repository",
    "plan/board.toml": "part of the plan",
    "plan/projects/churn/project.toml": "part of the plan",
    "plan/people": "not a file",
    "plan/notes/talk.md": "there",
}


def states(files: RepositoryFiles, *texts: str) -> dict[str, str]:
    return {one.text: one.state for one in named(files, texts)}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "secret.md").write_text("outside")
    made = repository(tmp_path / "top")
    commit(made, "documents", FILES)
    return made


def test_paths_of_the_work_tree(top: Path) -> None:
    files = WorkTreeFiles(str(top / "plan"))
    assert states(files, *SAID) == SAID
    assert states(files, ".git/config", ".git") == dict.fromkeys(
        (".git/config", ".git"), "outside the repository"
    )


def test_paths_of_a_commit_are_those_of_that_commit(top: Path) -> None:
    tree = plan_at_revision(str(top / "plan"), "HEAD", environment())
    assert isinstance(tree, Tree)
    (top / "docs" / "notes.md").unlink()
    assert states(tree.repository_files(), *SAID) == SAID
    earlier = plan_at_revision(str(top / "plan"), "HEAD~1", environment())
    assert isinstance(earlier, Tree)
    assert states(earlier.repository_files(), "docs/notes.md") == {"docs/notes.md": "not there"}


def test_links_are_followed_as_long_as_they_stay_inside(top: Path, tmp_path: Path) -> None:
    for name, target in {
        "inside.md": "docs/notes.md",
        "out.md": str(tmp_path / "secret.md"),
        "up.md": "../secret.md",
        "broken.md": "nowhere.md",
        "round.md": "round.md",
        "record.md": "plan/board.toml",
        "device.md": os.devnull,
    }.items():
        (top / name).symlink_to(target)
    os.mkfifo(top / "pipe.md")
    git(top, "add", "-A")
    assert states(
        WorkTreeFiles(str(top / "plan")),
        *("inside.md", "out.md", "up.md", "broken.md", "round.md", "record.md", "device.md", "pipe.md"),
    ) == {
        "inside.md": "there",
        "out.md": "outside the repository",
        "up.md": "outside the repository",
        "broken.md": "not there",
        "round.md": "not there",
        "record.md": "part of the plan",
        "device.md": "outside the repository",
        "pipe.md": "not a file",
    }
    commit(top, "links")
    tree = plan_at_revision(str(top / "plan"), "HEAD", environment())
    assert isinstance(tree, Tree)
    names = ("inside.md", "out.md", "up.md", "broken.md", "round.md", "record.md", "docs/notes.md")
    assert states(tree.repository_files(), *names) == {
        "inside.md": "there",
        "out.md": "outside the repository",
        "up.md": "outside the repository",
        "broken.md": "not there",
        "round.md": "not there",
        "record.md": "part of the plan",
        "docs/notes.md": "there",
    }


def test_without_a_repository_paths_lead_from_the_folder_that_holds_the_plan(tmp_path: Path) -> None:
    (tmp_path / "team" / "plan").mkdir(parents=True)
    (tmp_path / "team" / "notes.md").write_text("what was seen")
    (tmp_path / "above.md").write_text("what was seen")
    files = WorkTreeFiles(str(tmp_path / "team" / "plan"))
    assert states(files, "notes.md", "above.md") == {"notes.md": "there", "above.md": "not there"}


def test_a_plan_deeper_in_a_repository_finds_what_is_beside_it(top: Path) -> None:
    commit(
        top,
        "team",
        {"teams/a/plan/board.toml": "format = 1\n", "teams/a/notes.md": "seen by all", "own.md": "seen"},
    )
    plan = top / "teams" / "a" / "plan"
    said = {"notes.md": "there", "own.md": "there", "teams/a/notes.md": "there", "a.md": "not there"}
    assert states(WorkTreeFiles(str(plan)), *said) == said
    tree = plan_at_revision(str(plan), "HEAD", environment())
    assert isinstance(tree, Tree)
    assert states(tree.repository_files(), *said) == said


def test_a_file_of_another_owner_is_there(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str, most: int) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(module, "read_regular", refused)
    assert states(WorkTreeFiles(str(top / "plan")), "docs/notes.md", "docs/empty.md") == {
        "docs/notes.md": "there",
        "docs/empty.md": "empty",
    }


def test_each_path_is_looked_up_once(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = os.path.realpath
    monkeypatch.setattr(os.path, "realpath", lambda path, **more: looked.append(path) or real(path, **more))
    files = WorkTreeFiles(str(top / "plan"))
    assert looked == []
    states(files, "docs/notes.md", "docs/gone.md")
    count = len(looked)
    states(files, "docs/notes.md", "./docs/gone.md")
    assert len(looked) == count
    assert files.seen == {"docs/notes.md": "there", "docs/gone.md": "not there"}


def test_a_file_that_git_cannot_list_is_not_looked_up(top: Path) -> None:
    tree = plan_at_revision(str(top / "plan"), "HEAD", environment())
    assert isinstance(tree, Tree)
    files = tree.repository_files()
    git(top, "gc", "-q")
    for one in (top / ".git" / "objects").rglob("*"):
        if one.is_file():
            one.unlink()
    assert states(files, "docs/notes.md") == {"docs/notes.md": "not looked up"}
