"""What has the name of a record and is no file: it is told, it is never opened, and nothing waits for it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from kedge.model.records.findings import Finding
from kedge.storage.disk.errors import NotReadable
from kedge.storage.disk.fetch import read_bytes
from kedge.storage.disk.locate import find_plan, plan_at
from kedge.storage.disk.userconfig import read_config

from .plans import CARD, make, opened, reading_findings

if os.name == "nt":
    pytest.skip("pipes and links of POSIX", allow_module_level=True)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def dangling(path: Path) -> None:
    path.symlink_to(path.with_name("gone.toml"))


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def a_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may be a hundred characters long, no more
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


KINDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "link": (dangling, "a link that leads nowhere"),
    "loop": (loop, "a link in a circle"),
    "folder": (Path.mkdir, "a folder"),
    "pipe": (pipe, "a pipe"),
    "socket": (a_socket, "a socket"),
}
PLACES = (
    "projects/churn/cards/x.toml",
    "people/x.toml",
    "projects/churn/project.toml",
    "projects/churn/assessment.toml",
    "playbook.toml",
    "x.toml",
)


def strays(root: Path) -> list[Finding]:
    return [one for one in reading_findings(opened(root)) if one.code in ("F110", "F111", "F112", "F117")]


def findings(root: Path) -> list[tuple[str, str]]:
    return [(one.code, one.file) for one in strays(root)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_a_finding_with_its_name(tmp_path: Path, kind: str, place: str) -> None:
    root = make(tmp_path)
    (root / place).unlink(missing_ok=True)
    make_it, words = KINDS[kind]
    make_it(root / place)
    (found,) = strays(root)
    assert (found.code, found.file) == ("F110", place)
    assert words in found.message
    assert found.hint


@pytest.mark.parametrize("kind", [*KINDS, "file"])
@pytest.mark.parametrize("place", ["people", "projects", "projects/churn/cards"])
def test_what_is_no_folder_is_a_finding(tmp_path: Path, place: str, kind: str) -> None:
    if kind == "folder":
        return
    root = make(tmp_path)
    (root / place).rename(tmp_path / "aside")
    if kind == "file":
        (root / place).write_text("")
    else:
        KINDS[kind][0](root / place)
    assert findings(root) == [("F110", place)]


@pytest.mark.parametrize("kind", ["link", "pipe", "file"])
def test_a_project_that_is_no_folder_is_a_finding(tmp_path: Path, kind: str) -> None:
    root = make(tmp_path)
    place = root / "projects" / "pricing"
    place.write_text("") if kind == "file" else KINDS[kind][0](place)
    (root / "projects" / "README.md").write_text("not a project")
    assert findings(root) == [("F110", "projects/pricing")]


@pytest.mark.parametrize(
    ("name", "right"),
    [("x-2b3c.TOML", "x-2b3c.toml"), ("x-2b3c.Toml", "x-2b3c.toml"), ("x-2b3c.toml ", "x-2b3c.toml")],
)
@pytest.mark.parametrize("folder", ["projects/churn/cards", "people", "projects/churn", ""])
def test_an_ending_in_capitals_is_a_finding(tmp_path: Path, folder: str, name: str, right: str) -> None:
    root = make(tmp_path)
    (root / folder / name).write_text('title = "x"\n')
    (found,) = strays(root)
    assert (found.code, found.file) == ("F112", f"{folder}/{name}".lstrip("/"))
    assert right in found.hint


@pytest.mark.parametrize(
    "name", ["x.toml~", "x.toml.orig", "x.toml.rej", "x.toml.bak", ".x.toml.swp", ".#x.toml", "4913", "x.md"]
)
def test_what_editors_and_merges_leave_behind_is_no_finding(tmp_path: Path, name: str) -> None:
    root = make(tmp_path)
    (root / "projects/churn/cards" / name).write_text("left behind")
    assert findings(root) == []


def test_a_record_that_becomes_a_pipe_while_it_is_known_is_not_waited_for(tmp_path: Path) -> None:
    root = make(tmp_path)
    workspace = opened(root)
    (root / CARD).unlink()
    pipe(root / CARD)
    with pytest.raises(OSError, match="it is a pipe, not a file"):
        read_bytes(str(root / CARD))
    workspace.reread([CARD])
    assert "F110" in [one.code for one in reading_findings(workspace)]
    workspace.refresh()
    assert ("F110", CARD) in [(one.code, one.file) for one in reading_findings(workspace)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_or_settings_that_are_no_file_are_told(tmp_path: Path, kind: str) -> None:
    make_it, words = KINDS[kind]
    (tmp_path / "plan").mkdir()
    make_it(tmp_path / "plan" / "board.toml")
    for find in (lambda: plan_at(str(tmp_path)), lambda: find_plan(str(tmp_path), {})):
        with pytest.raises(NotReadable, match=words):
            find()
    (tmp_path / "config").mkdir()
    make_it(tmp_path / "config" / "config.toml")
    problems = read_config({"KEDGE_CONFIG": str(tmp_path / "config" / "config.toml")}).problems
    assert len(problems) == (0 if kind == "link" else 1)


def test_a_pipe_in_the_place_of_pyproject_holds_nothing_up(tmp_path: Path) -> None:
    root = make(tmp_path)
    inner = tmp_path / "src"
    inner.mkdir()
    pipe(inner / "pyproject.toml")
    assert find_plan(str(inner), {}) == str(root)
