"""The merge driver under the real git: what it merges, what it leaves, and what git does where it cannot run."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from kedge.storage.disk.repository import Repository, find_repository
from kedge.storage.git.merge_driver import driver_line, driver_settings
from kedge.storage.git.merge_log import MOST_BYTES, LoggedField, LoggedFile, add_to_log, last_merge, log_path
from kedge.tests.cli.running import kedge
from kedge.tests.program import put_kedge

CARD = "plan/projects/churn/cards/table-7k2m.toml"
BASE = """\
title = "Feature table"

place = "execute"
rank = "a0"

status = "todo"

owner = "mira"
estimate = [2, 3, 8]

tags = [
  "data",
]
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository with one card, the driver set up, and `kedge` in the path."""
    put_kedge(tmp_path / "bin")
    top = tmp_path / "work"
    (top / CARD).parent.mkdir(parents=True)
    (top / "plan" / "board.toml").write_text("format = 1\n")
    (top / "plan" / ".gitattributes").write_text("*.toml merge=kedge\n")
    git(top, "init", "-q", "-b", "main")
    for name, value in driver_settings().items():
        git(top, "config", name, value)
    commit(top, BASE)
    return top


def git(top: Path, *arguments: str, code: int | None = 0, **more: str) -> str:
    """Runs git with `kedge` in its path; what it prints."""
    environment = {
        "PATH": f"{top.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Mira",
        "GIT_AUTHOR_EMAIL": "mira@example.org",
        "GIT_COMMITTER_NAME": "Mira",
        "GIT_COMMITTER_EMAIL": "mira@example.org",
        **more,
    }
    done = subprocess.run(
        ["git", *arguments], cwd=top, env=environment, capture_output=True, text=True, check=False
    )
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return done.stdout


def commit(top: Path, text: str, path: str = CARD) -> None:
    (top / path).write_text(text)
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "change")


def branches(top: Path, ours: str, theirs: str) -> None:
    """Two branches with their versions of the card; main is checked out."""
    git(top, "checkout", "-q", "-b", "side")
    commit(top, theirs)
    git(top, "checkout", "-q", "main")
    commit(top, ours)


def test_neighbouring_fields_and_tags_merge_without_a_question(top: Path) -> None:
    ours = BASE.replace("mira", "sam").replace('  "data",', '  "data",\n  "model",')
    theirs = BASE.replace("[2, 3, 8]", "[3, 5, 9]").replace('  "data",', '  "data",\n  "urgent",')
    branches(top, ours, theirs)
    git(top, "merge", "-q", "side", code=1, KEDGE_MERGE="off")
    git(top, "merge", "--abort")
    git(top, "merge", "-q", "side")
    merged = ours.replace("[2, 3, 8]", "[3, 5, 9]").replace('  "model",', '  "model",\n  "urgent",')
    assert (top / CARD).read_text() == merged
    told = kedge("git", "merges", cwd=top)
    assert f"{CARD}\n" in told.out
    assert '  owner: "mira" → "sam" (ours)\n' in told.out
    data = json.loads(kedge("git", "merges", "--json", cwd=top).out)["data"]
    by = {one["field"]: one["by"] for one in data["files"][0]["fields"]}
    assert by == {"owner": "ours", "estimate": "theirs", "tags": "both"}
    assert data["merge"]["head"] == git(top, "rev-parse", "HEAD^1").strip()
    assert data["merge"]["merged"] == [git(top, "rev-parse", "side").strip()]


def test_a_true_question_gets_markers_around_its_field_alone(top: Path) -> None:
    branches(top, BASE.replace("todo", "doing"), BASE.replace("todo", "done").replace("mira", "sam"))
    git(top, "merge", "-q", "side", code=1)
    asked = '<<<<<<< ours\nstatus = "doing"\n=======\nstatus = "done"\n>>>>>>> theirs\n'
    assert (top / CARD).read_text() == BASE.replace('status = "todo"\n', asked).replace("mira", "sam")


@pytest.mark.parametrize("program", ["no-such-program", "killed", "off"])
def test_where_the_driver_cannot_run_git_merges_by_lines_with_markers(top: Path, program: str) -> None:
    killed = top.parent / "bin" / "killed"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    branches(top, BASE.replace("todo", "doing").replace("mira", "sam"), BASE.replace("todo", "done"))
    if program != "off":
        git(top, "config", "merge.kedge.driver", driver_line(program))
    git(top, "merge", "-q", "side", code=1, KEDGE_MERGE="off" if program == "off" else "")
    text = (top / CARD).read_text()
    assert 'status = "doing"\n=======\nstatus = "done"\n>>>>>>> theirs\n' in text
    assert 'owner = "sam"' in text


def test_a_version_that_is_no_toml_is_merged_by_lines(top: Path) -> None:
    branches(top, BASE.replace("mira", "sam"), BASE.replace('"Feature table"', '"Feature table'))
    git(top, "merge", "-q", "side")
    assert 'title = "Feature table\n' in (top / CARD).read_text()
    assert 'owner = "sam"' in (top / CARD).read_text()


def test_ancestors_that_contradict_each_other_leave_no_markers_in_the_base(top: Path) -> None:
    branches(top, BASE.replace("todo", "doing"), BASE.replace("todo", "done"))
    git(top, "branch", "one")
    git(top, "merge", "-q", "side", code=1)
    commit(top, BASE.replace("todo", "doing"))
    git(top, "checkout", "-q", "side")
    git(top, "merge", "-q", "one", code=1)
    commit(top, BASE.replace("todo", "doing").replace("mira", "sam"))
    git(top, "checkout", "-q", "main")
    # Two common ancestors, whose merge has a question of its own.
    assert len(git(top, "merge-base", "--all", "main", "side").split()) == 2
    git(top, "merge", "-q", "side")
    assert (top / CARD).read_text() == BASE.replace("todo", "doing").replace("mira", "sam")


def test_the_driver_touches_its_file_alone(top: Path, tmp_path: Path) -> None:
    versions = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(
        versions, (BASE, BASE.replace("mira", "sam"), BASE.replace("todo", "doing")), strict=True
    ):
        path.write_text(text)
    before = {
        path: path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
    ran = kedge("git", "merge-driver", *map(str, versions), "7", CARD, cwd=top)
    assert (ran.code, ran.out) == (0, "")
    assert versions[1].read_text() == BASE.replace("mira", "sam").replace("todo", "doing")
    assert sorted(tmp_path.iterdir()) == sorted({*versions, top, tmp_path / "bin"})
    after = {
        path: path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
    assert after == before


@pytest.mark.parametrize("texts", [(BASE, "title = ", BASE), ("", "\0", BASE)])
def test_what_is_refused_is_left_as_it_was(tmp_path: Path, texts: tuple[str, ...]) -> None:
    versions = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(versions, texts, strict=True):
        path.write_text(text)
    for command in (
        ["git", "merge-driver", *map(str, versions), "7", CARD],
        ["merge-file", *map(str, versions)],
    ):
        ran = kedge(*command, cwd=tmp_path)
        assert ran.code == 129
        assert "ours cannot be read: line 1" in ran.err
        assert [path.read_text() for path in versions] == list(texts)
    assert kedge("merge-file", "nothing", "like", "that", cwd=tmp_path).code == 129


def test_merge_file_writes_what_other_tools_ask_for(tmp_path: Path) -> None:
    versions = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(
        versions, (BASE, BASE.replace("mira", "sam"), BASE.replace("todo", "doing")), strict=True
    ):
        path.write_text(text)
    clean = kedge("merge-file", *map(str, versions), cwd=tmp_path)
    assert (clean.code, clean.out) == (0, BASE.replace("mira", "sam").replace("todo", "doing"))
    versions[1].write_text(BASE.replace("todo", 'todo"\nblocked = "access'))
    # The kind is seen from the keys: status and blocked are asked for together.
    asked = kedge("merge-file", *map(str, versions), "-o", "out.toml", "--marker-size", "9", cwd=tmp_path)
    assert (asked.code, asked.out) == (1, "")
    assert "<<<<<<<<< ours\n" in (tmp_path / "out.toml").read_text()
    free = kedge("merge-file", *map(str, versions), "--path", "notes/x.toml", cwd=tmp_path)
    assert free.code == 0
    assert kedge("merge-file", os.devnull, "ours", os.devnull, cwd=tmp_path).out == versions[1].read_text()


# ---- the log


def _repository(top: Path) -> Repository:
    found = find_repository(str(top))
    assert isinstance(found, Repository)
    return found


def test_the_log_has_the_last_merge_and_is_bounded(top: Path) -> None:
    repository = _repository(top)
    field = LoggedField("title", '"a"', '"b"', None, '"b"', "ours")
    for number in range(3000):
        file = LoggedFile(f"plan/{number}.toml", (field,) * 5)
        add_to_log(repository, {"GITHEAD_" + "a" * 40: "side"}, "2026-11-20T10:00:00", file)
    assert Path(log_path(repository)).stat().st_size <= MOST_BYTES
    add_to_log(
        repository,
        {"GITHEAD_" + "b" * 40: "side"},
        "2026-11-21T10:00:00",
        LoggedFile("plan/x.toml", (field,)),
    )
    merge = last_merge(repository)
    assert merge is not None
    assert [file.path for file in merge.files] == ["plan/x.toml"]
    assert merge.others == ("b" * 40,)
    assert merge.files[0].fields == (field,)


@pytest.mark.parametrize(
    "lines", [b"\xff\xfe", b"{}\n[1]\nnull\n", b'{"head": 1}\n', b"[" * 100_000, b'{"fields": {"a": 1}}\n']
)
def test_a_log_that_anyone_wrote_is_skipped(top: Path, lines: bytes) -> None:
    path = Path(log_path(_repository(top)))
    path.parent.mkdir()
    path.write_bytes(lines)
    ran = kedge("git", "merges", cwd=top)
    assert (ran.code, ran.out) == (0, "the merge driver has merged nothing in this clone yet\n")


def test_what_a_log_says_reaches_the_screen_made_visible(top: Path) -> None:
    field = LoggedField("title", '"\x1b[31m"', None, None, "\u202e", "both")
    add_to_log(
        _repository(top), {}, "2026-11-20T10:00:00\x1b[2J", LoggedFile("plan/\x1b]0;x\x07.toml", (field,))
    )
    ran = kedge("git", "merges", cwd=top)
    assert not set(ran.out) & {"\x1b", "\x07", "\u202e"}
    assert "title" in ran.out


def test_a_link_in_the_place_of_the_log_is_not_followed(top: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    path = Path(log_path(_repository(top)))
    path.parent.mkdir()
    path.symlink_to(target)
    branches(top, BASE.replace("mira", "sam"), BASE.replace("todo", "doing"))
    git(top, "merge", "-q", "side")
    assert target.read_text() == "mine"


def test_a_link_in_the_place_of_the_folder_is_not_followed(top: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (top / ".git" / "kedge").symlink_to(tmp_path / "outside")
    repository = find_repository(str(top))
    assert isinstance(repository, Repository)
    add_to_log(repository, {}, "2026-11-20", LoggedFile("plan/board.toml", ()))
    assert list((tmp_path / "outside").iterdir()) == []
