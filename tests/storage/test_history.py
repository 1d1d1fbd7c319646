"""The history of a file from a real repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from kedge.storage.git.history import history

FILE = "projects/churn/cards/a-bcdf.toml"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    root = tmp_path / "repository" / "plan"
    (root / FILE).parent.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(root.parent)], check=True)
    return root


def environment(author: str = "Mira") -> dict[str, str]:
    day = "2026-11-20T10:00:00+0100"
    names = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in
             (("NAME", author), ("EMAIL", "m@example.org"), ("DATE", day))}  # fmt: skip
    return {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **names}


def commit(plan: Path, subject: str, author: str = "Mira") -> None:
    for command in (["add", "-A"], ["commit", "-q", "-m", subject]):
        subprocess.run(["git", "-C", str(plan), *command], check=True, env=environment(author))


def test_each_commit_says_which_fields_it_changed(plan: Path) -> None:
    path = plan / FILE
    path.write_text('title = "A"\nstatus = "todo"\n')
    commit(plan, "plan A")
    path.write_text('title = "A"\nstatus = "doing"\nowner = "mira"\n')
    commit(plan, ":100644 start\x1b[31m", "Sam")
    renamed = path.with_name("b-bcdf.toml")
    path.rename(renamed)
    commit(plan, "rename")
    renamed.write_text("title = \n")
    commit(plan, "break it")
    found = history(str(plan), "projects/churn/cards/b-bcdf.toml", environment())
    assert [(one.subject, one.author, one.is_first, one.is_readable) for one in found] == [
        ("break it", "Mira", False, False),
        ("rename", "Mira", False, True),
        (":100644 start\x1b[31m", "Sam", False, True),
        ("plan A", "Mira", True, True),
    ]
    assert {one.date.isoformat() for one in found} == {"2026-11-20"}
    changes = [(change.path, change.before, change.after) for change in found[2].changes]
    assert changes[0] == (("status",), "todo", "doing")
    assert (changes[1][0], changes[1][2]) == (("owner",), "mira")
    assert found[1].changes == ()


def test_there_is_none_outside_of_a_repository_or_for_a_new_file(plan: Path, tmp_path: Path) -> None:
    (plan / FILE).write_text('title = "A"\n')
    assert history(str(plan), FILE, environment()) == []
    outside = {**environment(), "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    assert history(str(tmp_path), "x.toml", outside) == []


def git(plan: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(plan), *arguments], check=True, env=environment(), capture_output=True)


def said(plan: Path, path: str) -> list[tuple[str, list[tuple[str, object, object]]]]:
    """Subjects and changed fields, the oldest first."""
    found = history(str(plan), path, environment())
    return [
        (one.subject, [(change.path[0], change.before, change.after) for change in one.changes])
        for one in reversed(found)
    ]


def test_a_change_under_the_old_name_is_not_lost_where_a_branch_renamed_the_file(plan: Path) -> None:
    path = plan / FILE
    text = 'title = "A"\nstatus = "todo"\nowner = "mira"\nplace = "execute"\n'
    path.write_text(text)
    commit(plan, "plan A")
    git(plan, "checkout", "-q", "-b", "side")
    git(plan, "mv", FILE, FILE.replace("a-bcdf", "b-bcdf"))
    commit(plan, "rename")
    git(plan, "checkout", "-q", "main")
    path.write_text(text.replace("todo", "doing"))
    commit(plan, "start")
    git(plan, "merge", "-q", "side", "-m", "merge")
    (plan / "projects/second/cards").mkdir(parents=True)
    git(plan, "mv", FILE.replace("a-bcdf", "b-bcdf"), "projects/second/cards/b-bcdf.toml")
    commit(plan, "to another project")
    found = history(str(plan), "projects/second/cards/b-bcdf.toml", environment())
    assert {one.subject for one in found} == {"plan A", "rename", "start", "to another project"}
    assert ("start", [("status", "todo", "doing")]) in said(plan, "projects/second/cards/b-bcdf.toml")
    moves = {one.subject: tuple(map(str, one.moved)) for one in found if one.moved}
    assert moves == {
        "rename": ("card churn/a-bcdf", "card churn/b-bcdf"),
        "to another project": ("card churn/b-bcdf", "card second/b-bcdf"),
    }


def test_a_merge_says_what_neither_side_had(plan: Path) -> None:
    path = plan / FILE
    text = 'title = "A"\nstatus = "todo"\nowner = "mira"\nplace = "execute"\n'
    path.write_text(text)
    commit(plan, "plan A")
    git(plan, "checkout", "-q", "-b", "side")
    path.write_text(text.replace("mira", "sam").replace("todo", "doing"))
    commit(plan, "sam")
    git(plan, "checkout", "-q", "main")
    path.write_text(text.replace("mira", "kim"))
    commit(plan, "kim")
    with pytest.raises(subprocess.CalledProcessError):
        git(plan, "merge", "side")
    path.write_text(text.replace("mira", "zoe").replace("todo", "doing"))
    commit(plan, "merge")
    assert said(plan, FILE)[-1] == ("merge", [("owner", "kim", "zoe")])
    assert len(said(plan, FILE)) == 4


def test_a_file_that_was_removed_and_made_again_says_so(plan: Path) -> None:
    path = plan / FILE
    path.write_text('title = "A"\n')
    commit(plan, "plan A")
    path.unlink()
    commit(plan, "away")
    path.parent.mkdir(exist_ok=True)
    path.write_text('title = "A"\n')
    commit(plan, "back")
    found = history(str(plan), FILE, environment())
    assert [(one.subject, one.is_first, one.is_last, one.changes) for one in found] == [
        ("back", True, False, ()),
        ("away", False, True, ()),
        ("plan A", True, False, ()),
    ]
