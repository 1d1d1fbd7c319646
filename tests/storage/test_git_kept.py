"""What git keeps, and what it is told to ignore, is read without it and agrees with what it says itself."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kedge.model.snapshot.repository_files import FileState
from kedge.storage.disk.git_ignore import is_ignored
from kedge.storage.disk.git_index import indexed
from kedge.storage.disk.repository import Repository, find_repository
from kedge.storage.disk.repository_files import WorkTreeFiles

from .repositories import commit, git, repository, write


def found(top: Path) -> Repository:
    made = find_repository(str(top))
    assert isinstance(made, Repository)
    return made


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
@pytest.mark.parametrize("form", ["2", "3", "4", "split"])
def test_the_index_has_what_git_lists(tmp_path: Path, kind: str, form: str) -> None:
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q", f"--object-format={kind}")
    assert indexed(found(top)) == {}
    write(top, {f"d{at % 7}/{'x' * (at % 40)}ü{at}.md": "z" * (at % 5) for at in range(120)})
    git(top, "add", "-A")
    write(top, {"announced.md": "z", "later.md": "z"})
    git(top, "update-index", "--split-index" if form == "split" else f"--index-version={form}")
    git(top, "add", "-N", "announced.md")
    git(top, "add", "later.md")
    seen = indexed(found(top))
    assert seen is not None
    assert set(seen) == set(filter(None, git(top, "ls-files", "-z").split("\0")))
    assert {name for name, holds in seen.items() if not holds} == {
        "announced.md",
        *(f"d{at % 7}/{'x' * (at % 40)}ü{at}.md" for at in range(0, 120, 5)),
    }


@pytest.mark.parametrize(
    "content", [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\1\0short", b"DIRC\0\0\0\x09\0\0\0\1", bytes(200)]
)
def test_an_index_that_cannot_be_read_says_nothing(tmp_path: Path, content: bytes) -> None:
    top = repository(tmp_path / "top")
    (top / ".git" / "index").write_bytes(content)
    assert indexed(found(top)) is None
    write(top, {"notes.md": "twelve agents"})
    assert WorkTreeFiles(str(top / "plan")).look("notes.md") == "there"


FOLDERS, FILES = ("a", "b", "docs", "data"), ("x.md", "y.log", "[z", "a b", "p.q.md", "ü.md", "data")
PATTERNS = (
    *("*.md", "*.log", "docs/", "/docs", "docs/*", "!docs/x.md", "**/data", "data/**", "a/**/x.md", "!*.md"),
    *(
        "[xy].*",
        "[^x].md",
        "[!y]*",
        "\\[z",
        "?.md",
        "x*",
        "a b",
        "a b\\ ",
        "*.md  ",
        "#x",
        "\\#x",
        "\\!x",
        "/a/b",
    ),
    *(
        "a/b/",
        "**",
        "*",
        "!a/",
        "!/docs/",
        "*/x.md",
        "p.*.md",
        "ü*",
        "a/*/",
        "/**/b",
        "docs/**/",
        "\r",
        "/",
        "!*/",
    ),
)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_ignored_is_what_git_ignores(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    top = repository(tmp_path / "top")
    paths = {
        "/".join((*draw.choices(FOLDERS, k=draw.randint(0, 3)), draw.choice(FILES[:-1]))) for _ in range(40)
    }
    write(top, dict.fromkeys(paths, "z"))
    places = [top, *(one for one in top.rglob("*") if one.is_dir() and ".git" not in one.parts)]
    for place in draw.sample(places, 3):
        (place / ".gitignore").write_text("\n".join(draw.choices(PATTERNS, k=draw.randint(1, 5))) + "\n")
    (top / ".git" / "info").mkdir(exist_ok=True)
    (top / ".git" / "info" / "exclude").write_text("\n".join(draw.choices(PATTERNS, k=2)))
    others = set(git(top, "ls-files", "-z", "--others", "--exclude-standard").split("\0"))
    assert {one for one in paths if is_ignored(found(top), one)} == paths - others


def test_a_file_that_git_does_not_keep_says_so(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    commit(top, "rules", {".gitignore": "private/\n*.tmp\n", "docs/kept.md": "seen", "docs/filled.md": ""})
    files = {"docs/new.md": "seen", "docs/filled.md": "seen", "private/a.md": "seen", "docs/a.tmp": "seen"}
    write(top, files)
    git(top, "init", "-q", "vendor")
    write(top, {"vendor/a.md": "seen"})
    (top / "docs" / "link.md").symlink_to("kept.md")
    (top / "docs" / "hidden.md").symlink_to("../private/a.md")
    git(top, "add", "docs/hidden.md")
    expected: dict[str, FileState] = {
        "docs/kept.md": "there",
        "docs/new.md": "not committed",
        "docs/filled.md": "not committed",
        "private/a.md": "ignored by git",
        "docs/a.tmp": "ignored by git",
        "vendor/a.md": "in another repository",
        "docs/link.md": "not committed",
        "docs/hidden.md": "ignored by git",
    }
    seen = WorkTreeFiles(str(top / "plan"))
    assert {path: seen.look(path) for path in expected} == expected
    git(top, "add", "docs")
    assert WorkTreeFiles(str(top / "plan")).look("docs/link.md") == "there"
