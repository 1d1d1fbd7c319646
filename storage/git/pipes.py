"""Files that git opens without a look at what they are: at a pipe in the place of one it would wait for ever.

What stands in the git folder itself is shown to git file by file, and never as a pipe (`git.py`). These are read where
they are.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from ..disk.regular import other_than_file
from ..disk.repository import Repository

_IN_FOLDERS = (".gitattributes", ".gitignore")
_READ = ("objects/info/alternates", "objects/info/commit-graph", "objects/pack/multi-pack-index")
"""Of the folder that work trees share."""
_MOST_REFS = 20_000
"""Refs that are looked at; git packs more than some thousands."""


def in_the_way(repository: Repository, index: str, place: str) -> str:
    """The first of these that git would wait for, in words; empty where there is none.

    `place` is the plan in the work tree, or a folder above it.
    """
    for path in (index, *(os.path.join(repository.common, name) for name in _READ)):
        if what := other_than_file(path):
            return f"{path} is {what}, not a file"
    if pipe := _pipe_below(os.path.join(repository.common, "refs")):
        return pipe
    if not repository.top:
        return ""
    paths = (os.path.join(one, name) for one in _folders(repository.top, place) for name in _IN_FOLDERS)
    for path in paths:
        try:
            mode = os.lstat(path).st_mode  # git follows no link here
        except OSError:
            continue
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode)):
            return f"{path} is {other_than_file(path)}, not a file"
    return ""


def _folders(top: str, place: str) -> Iterator[str]:
    """The folders whose settings count for files of the plan: those above it, its own and those of records."""
    yield top
    below = os.path.relpath(place, top)
    if below.startswith(os.pardir):
        return
    folder = top
    for name in below.split(os.sep) if below != os.curdir else ():
        folder = os.path.join(folder, name)
        yield folder
    for inner in _within(folder):
        yield inner
        if os.path.basename(inner) == "projects":
            for project in _within(inner):
                yield project
                yield from _within(project)


def _pipe_below(folder: str) -> str:
    """The first name in a folder of small files, or below it, that is no file."""
    folders, left = [folder], _MOST_REFS
    while folders and left > 0:
        try:
            with os.scandir(folders.pop()) as found:
                for one in found:
                    left -= 1
                    if one.is_dir(follow_symlinks=False):
                        folders.append(one.path)
                    elif not one.is_file() and (what := other_than_file(one.path)):
                        return f"{one.path} is {what}, not a file"
        except OSError:
            continue
    return ""


def _within(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as found:
            return [one.path for one in found if one.is_dir(follow_symlinks=False) and one.name != ".git"]
    except OSError:
        return []
