"""A plan at a revision is read by the same code as one on the disk, and gives the same."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kedge.storage.disk.fetch import MAX_SIZE
from kedge.storage.disk.repository import GitProblem, Reason, Repository, bare_repository
from kedge.storage.git.revision import Tree, plan_at_revision
from kedge.storage.plan.read import Loaded, read_plan

from .repositories import CARDS, FILES, commit, environment, git, repository, write

SAMPLES = Path(__file__).parents[2] / "samples"


def at(place: Path | Repository, revision: str = "HEAD", folder: str = "") -> Loaded:
    found = plan_at_revision(
        place if isinstance(place, Repository) else str(place), revision, environment(), folder
    )
    assert isinstance(found, Tree), found
    return read_plan(found)


def assert_same(found: Loaded, disk: Loaded) -> None:
    """Two plans have the same records, files and findings; only stamps differ."""
    assert found.plan == disk.plan
    assert {path: file.content for path, file in found.files.items()} == {
        path: file.content for path, file in disk.files.items()
    }
    assert sorted(map(str, found.findings)) == sorted(map(str, disk.findings))


@pytest.mark.parametrize(
    "name", sorted(one.parent.relative_to(SAMPLES).as_posix() for one in SAMPLES.glob("*/plan"))
)
def test_a_sample_is_the_same_from_a_commit_as_from_the_disk(name: str, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / name / "plan", tmp_path / "top" / "docs" / "plan")
    git(tmp_path / "top", "init", "-q", "-b", "main")
    commit(tmp_path / "top", "plan")
    plan = tmp_path / "top" / "docs" / "plan"
    disk = read_plan(str(plan))
    assert disk.files
    assert_same(at(plan), disk)


def test_findings_are_the_same_too(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    commit(
        top,
        "odd",
        {"plan/peopel/x.toml": "", f"{CARDS}/sub/x.toml": "", "plan/bord.toml": "", "plan/notes.md": ""},
    )
    disk = read_plan(str(top / "plan"))
    assert {one.code for one in disk.findings} >= {"F101", "F112", "F117"}
    assert_same(at(top / "plan"), disk)


def test_only_some_kinds_can_be_read(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    tree = plan_at_revision(str(top / "plan"), "HEAD", environment())
    assert isinstance(tree, Tree)
    assert_same(read_plan(tree, {"card"}), read_plan(str(top / "plan"), {"card"}))


def test_an_earlier_plan_is_what_was_on_the_disk_then(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    before = read_plan(str(top / "plan"))
    commit(top, "more", {f"{CARDS}/late-9x4p.toml": 'title = "Late"\nplace = "execute"\nrank = "a2"\n'})
    git(top, "mv", f"{CARDS}/table-7k2m.toml", f"{CARDS}/tables-7k2m.toml")
    commit(top, "rename")
    (top / CARDS / "train-4d5f.toml").unlink()
    git(top, "tag", "now")
    assert "tables-7k2m" in at(top / "plan", "now").plan.cards
    assert_same(at(top / "plan", "HEAD~2"), before)
    assert_same(at(top / "plan", "main@{2}"), before)


def test_a_plan_that_was_in_another_folder_is_found_there(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    before = read_plan(str(top / "plan"))
    (top / "docs").mkdir()
    git(top, "mv", "plan", "docs/our plan")
    commit(top, "move")
    assert_same(at(top / "docs" / "our plan", "HEAD~1"), before)
    commit(top, "another", {"x/board.toml": "", "y/board.toml": ""})
    shutil.rmtree(top / "docs")
    commit(top, "away")
    found = plan_at_revision(str(top / "docs" / "our plan"), "HEAD", environment())
    assert found == GitProblem(Reason.NO_PLAN, "there are 2: x, y")
    assert plan_at_revision(str(top / "x"), "HEAD~4", environment()) == GitProblem(
        Reason.BAD_REVISION, "HEAD~4"
    )
    assert at(top / "docs", "HEAD~1", "docs/our plan").plan == before.plan


def test_a_plan_at_the_top_of_its_repository(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    plan = tmp_path / "plan"
    git(plan, "init", "-q", "-b", "main")
    commit(plan, "plan")
    assert_same(at(plan), read_plan(str(plan)))


def test_a_bare_clone_needs_no_work_tree(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    git(tmp_path, "clone", "-q", "--bare", "top", "bare.git")
    bare = bare_repository(str(tmp_path / "bare.git"))
    assert isinstance(bare, Repository)
    assert_same(at(bare), read_plan(str(top / "plan")))
    assert isinstance(bare_repository(str(tmp_path)), GitProblem)


def test_unusual_names_are_read_as_on_the_disk(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    odd = [" ", "\n", '"', "\\", "\u00e9", "\t", "*", "-x", ":(top)x", "\x01"]
    write(top, {f"{CARDS}/{name}.toml": f"title = '{at}'\n" for at, name in enumerate(odd)})
    write(top, {f"plan/{name}/x.toml": "" for name in odd})
    (Path(os.fsdecode(os.fsencode(top) + b"/plan/\xff\xfe.toml"))).write_bytes(b"")
    commit(top, "odd")
    disk = read_plan(str(top / "plan"))
    assert len([*disk.findings]) > 2 * len(odd)
    assert_same(at(top / "plan"), disk)


def test_links_and_submodules_are_not_followed(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    (top / CARDS / "link-2c3d.toml").symlink_to("table-7k2m.toml")
    (top / CARDS / "out-2c3d.toml").symlink_to("/etc/passwd")
    (top / "plan" / "projects" / "linked").symlink_to("churn")
    part = repository(tmp_path / "part")
    git(top, "submodule", "add", "-q", str(part), "plan/projects/part")
    commit(top, "links")
    loaded = at(top / "plan")
    assert set(loaded.plan.cards) == {"table-7k2m", "train-4d5f"}
    assert set(loaded.plan.projects) == {"churn"}
    told = {one.file for one in loaded.findings if one.code == "F111"}
    assert told == {f"{CARDS[5:]}/link-2c3d.toml", f"{CARDS[5:]}/out-2c3d.toml", "projects/linked"}


def test_a_file_that_is_too_large_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = repository(tmp_path / "top")
    text = 'title = "Large"\nnotes = "' + "x" * (MAX_SIZE - 30) + '"\n'
    commit(top, "large", {f"{CARDS}/large-2c3d.toml": text + " " * 40, f"{CARDS}/fits-2c3d.toml": text})
    # With what git may say at most, only one of them can have been read.
    monkeypatch.setattr("kedge.storage.git.process.MOST_BYTES", MAX_SIZE + 20_000)
    loaded = at(top / "plan")
    assert "fits-2c3d" in loaded.plan.cards
    assert [(one.code, one.file) for one in loaded.findings if one.code == "F108"] == [
        ("F108", f"{CARDS[5:]}/large-2c3d.toml")
    ]


def test_a_hostile_tree_is_only_a_tree(tmp_path: Path) -> None:
    """Names that no work tree can have: above, the git folder, a file and a folder of the same name."""
    top = repository(tmp_path / "top")
    blob = git(top, "rev-parse", f"HEAD:{CARDS}/table-7k2m.toml")
    tree = git(top, "rev-parse", "HEAD:plan")
    listing = f"100644 blob {blob}\t..\n100644 blob {blob}\tpeople.toml\n040000 tree {tree}\t.git\n"
    git_tree = _make_tree(top, f"{listing}100644 blob {blob}\tboard.toml\n040000 tree {tree}\tprojects\n")
    outer = _make_tree(top, f"040000 tree {git_tree}\tplan\n")
    hostile = git(top, "commit-tree", "-m", "hostile", outer)
    loaded = at(top / "plan", hostile)
    assert set(loaded.files) == {"board.toml"}


def _make_tree(top: Path, listing: str) -> str:
    import subprocess

    made = subprocess.run(
        ["git", "-C", str(top), "mktree"],
        input=listing,
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    return made.stdout.strip()


@pytest.mark.parametrize(
    "revision", ["x" * 10_000, "--output=x", ":/x", "@{-1}", "a..b", "", "a\nb", "\udcff"]
)
def test_what_names_no_revision_is_said_in_a_short_line(tmp_path: Path, revision: str) -> None:
    top = repository(tmp_path / "top")
    found = plan_at_revision(str(top / "plan"), revision, environment())
    assert isinstance(found, GitProblem)
    assert found.reason is Reason.BAD_REVISION
    assert len(found.message) < 300
