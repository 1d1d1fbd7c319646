"""Pipes and sockets where git reads a file: said at once, instead of waiting until git is ended."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kedge.storage.disk.repository import GitProblem, Reason
from kedge.storage.git.working_tree import WorkingTree, working_tree

from .repositories import environment, repository

PLACES = (
    ".gitattributes",
    ".gitignore",
    "plan/.gitattributes",
    "plan/.gitignore",
    "plan/projects/.gitattributes",
    "plan/projects/churn/.gitattributes",
    "plan/projects/churn/cards/.gitattributes",
    ".git/index",
    ".git/objects/info/alternates",
    ".git/refs/heads/main",
    ".git/refs/heads/a/b",
    ".git/refs/tags/c",
)
"""Where git opens whatever has the name."""
HARMLESS = (
    *(
        ".mailmap",
        ".git/info/attributes",
        ".git/info/exclude",
        ".git/shallow",
    ),
    *(".git/packed-refs", ".git/logs/HEAD", ".git/MERGE_HEAD", ".git/ORIG_HEAD", ".git/info/sparse-checkout"),
)
"""Where a pipe is not opened: git looks first, or it is not shown to it."""


pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")


def _in_place_of(path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        monkeypatch.chdir(path.parent)  # the name of a socket must be short
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)


@pytest.mark.parametrize("kind", ["pipe", "socket"])
@pytest.mark.parametrize("place", PLACES)
def test_what_git_would_wait_for_is_said(
    tmp_path: Path, place: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(tmp_path / "top")
    _in_place_of(top / place, kind, monkeypatch)
    found = working_tree(str(top / "plan"), environment())
    assert isinstance(found, GitProblem)
    assert found.reason is Reason.UNREADABLE
    assert found.detail == f"{top / place} is a {kind}, not a file"


@pytest.mark.parametrize("place", HARMLESS)
def test_other_pipes_do_not_matter(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    top = repository(tmp_path / "top")
    _in_place_of(top / place, "pipe", monkeypatch)
    assert isinstance(working_tree(str(top / "plan"), environment()), WorkingTree)
