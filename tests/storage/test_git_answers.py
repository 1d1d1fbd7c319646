"""What git says of files and people is what it says to a person."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from kedge.storage.disk.repository import GitProblem
from kedge.storage.git import process as asking
from kedge.storage.git.attribution import answered
from kedge.storage.git.history import Revision, history
from kedge.storage.git.working_tree import WorkingTree, working_tree

from .git_cases import ANSWER, ASSESSMENT, CARD, plain
from .repositories import FILES, commit, environment, git, write


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_in_the_git_folder_holds_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = plain(tmp_path)
    monkeypatch.setattr(asking, "TIMEOUT", 0.5)
    for name in ("config", "packed-refs", "info/exclude", "shallow", "commondir"):
        path = top / ".git" / name
        path.unlink(missing_ok=True)
        os.mkfifo(path)
    done: list[object] = []
    thread = threading.Thread(
        target=lambda: done.append(working_tree(str(top / "plan"), environment())), daemon=True
    )
    thread.start()
    thread.join(30)
    assert done == [WorkingTree("main")]


@pytest.mark.parametrize(
    ("own", "person", "attributes", "changed"),
    [
        ("", "", "", 1),
        ("", "true", "", 0),
        ("true", "", "", 0),
        ("false", "true", "", 1),
        ("", "", "*.toml text\n", 0),
    ],
)
def test_line_ends_count_as_in_git_itself(
    tmp_path: Path, own: str, person: str, attributes: str, changed: int
) -> None:
    top = plain(tmp_path)
    commit(top, "attributes", {".gitattributes": attributes})
    path = top / "plan" / CARD
    path.write_bytes(FILES[f"plan/{CARD}"].replace("\n", "\r\n").encode())
    # Git has seen that the content is the same, and is now told that the file was written to.
    git(top, "-c", "core.autocrlf=true", "add", "-A")
    os.utime(path, (1, 1))
    if own:
        git(top, "config", "core.autocrlf", own)
    settings = tmp_path / "person"
    settings.write_text(f"[core]\n\tautocrlf = {person}\n" if person else "")
    told = environment(GIT_CONFIG_GLOBAL=str(settings))
    assert working_tree(str(top / "plan"), told) == WorkingTree("main", modified=changed)


def test_what_a_person_ignores_everywhere_is_not_counted(tmp_path: Path) -> None:
    top = plain(tmp_path)
    write(top, {"plan/x.swp": "x", "plan/.gitignore": "*.bak\n", "plan/y.bak": "x"})
    write(tmp_path, {"config/git/ignore": "*.swp\n"})
    told = environment(XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert working_tree(str(top / "plan"), told) == WorkingTree("main", added=1)


def test_a_subject_that_looks_like_the_log_itself_is_only_a_subject(tmp_path: Path) -> None:
    top = plain(tmp_path)
    odd = ":100644 100644 \x01aaaa \x1b[31m"
    write(top, {f"plan/{CARD}": 'title = "Feature table"\n'})
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", odd, author=":000 \x02M")
    found = history(str(top / "plan"), CARD, environment())
    assert isinstance(found, list)
    assert [one.subject for one in found] == [odd, "plan"]
    assert all(isinstance(one, Revision) for one in found)


def test_people_have_the_names_of_the_mailmap(tmp_path: Path) -> None:
    top = plain(tmp_path)
    commit(
        top,
        "answer",
        {ASSESSMENT: ANSWER, ".mailmap": "Mira Solberg <mira@work.example> <mira@example.org>\n"},
    )
    found = history(str(top / "plan"), CARD, environment())
    who = answered(str(top / "plan"), "churn", environment())
    assert isinstance(found, list)
    assert not isinstance(who, GitProblem)
    assert found[0].author == who.sayings["disc-fit"].author == "Mira Solberg"
    assert who.sayings["disc-fit"].email == "mira@work.example"
