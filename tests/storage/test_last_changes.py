"""When files were changed last, as git says it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kedge.storage.git.last_changes import last_changes

from .repositories import commit, git


@pytest.fixture
def top(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "first", {"doc.md": "one\ntwo\n", "code.py": "1\n", "same.md": "same\n"})
    return tmp_path


def changed(top: Path, path: str) -> str:
    found = last_changes(str(top), os.environ, [path])
    assert isinstance(found, dict)
    return found[path].commit


def test_another_name_alone_is_no_change(top: Path) -> None:
    written = commit(top, "written", {"doc.md": "one\ntwo\nthree\n"})
    for at, (old, new) in enumerate(
        (("doc.md", "docs/a.md"), ("docs/a.md", "docs/b.md"), ("docs/b.md", "c.md"))
    ):
        (top / new).parent.mkdir(exist_ok=True)
        git(top, "mv", old, new)
        commit(top, f"move {at}")
        assert changed(top, new) == written
    edited = commit(top, "edited", {"c.md": "one\n"})
    assert changed(top, "c.md") == edited


def test_another_name_and_another_text_are_a_change(top: Path) -> None:
    git(top, "mv", "doc.md", "new.md")
    moved = commit(top, "moved", {"new.md": "one\ntwo and more\n"})
    assert changed(top, "new.md") == moved


def test_a_copy_is_a_file_of_its_own(top: Path) -> None:
    copied = commit(top, "copied", {"copy.md": "one\ntwo\n"})
    assert changed(top, "copy.md") == copied


def test_a_name_that_is_taken_again_is_that_of_the_new_file(top: Path) -> None:
    first = git(top, "rev-parse", "HEAD")
    git(top, "mv", "doc.md", "old.md")
    commit(top, "moved")
    taken = commit(top, "taken", {"doc.md": "quite another\n"})
    assert changed(top, "old.md") == first
    assert changed(top, "doc.md") == taken


def test_a_merge_is_no_change_of_what_a_branch_did(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")
    done = commit(top, "side", {"code.py": "2\n"})
    git(top, "checkout", "-q", "main")
    commit(top, "main", {"doc.md": "one\n"})
    git(top, "merge", "-q", "side", "-m", "merge")
    assert changed(top, "code.py") == done
