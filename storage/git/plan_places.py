"""The folders that a plan has had in its repository, so that its history does not end where it was moved."""

from __future__ import annotations

from ..disk.repository import GitProblem
from .git import Git
from .log import log

_BOARD = "board.toml"


def plan_places(git: Git, head: str, place: str) -> list[str]:
    """The folders in which a plan has been, the present one first; git follows its board from name to name.

    Where git cannot compare the files, as in a partial clone, it is the present one only.
    """
    board = f"{place}/{_BOARD}" if place else _BOARD
    found = log(git, ["--follow", "-M"], [board], head)
    commits = [] if isinstance(found, GitProblem) else found
    names = (name for commit in commits for touch in commit.files for name in touch.names)
    boards = dict.fromkeys((board, *names))
    return [one.removesuffix(_BOARD).rstrip("/") for one in boards if one.rpartition("/")[2] == _BOARD]
