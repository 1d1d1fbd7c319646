"""Finding the plan, and the folder that keeps this machine's memory of it."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping

from .errors import NotReadable, PlanNotFound
from .regular import other_than_file, read_regular
from .repository import work_tree


def find_plan(start: str, environment: Mapping[str, str]) -> str:
    """The plan's folder: `KEDGE_PLAN`, else the nearest one at or above `start`.

    A folder counts when it holds `plan/board.toml`, or when its `pyproject.toml` names another place
    (`[tool.kedge] plan = "docs/plan"`); standing inside the plan works too. Raises PlanNotFound.
    """
    named = environment.get("KEDGE_PLAN")
    if named:
        return plan_at(named)
    folder = os.path.abspath(start)
    while True:
        for place in (os.path.join(folder, "plan"), folder):
            if _is_plan(place):
                return place
        configured = _configured(folder)
        if configured:
            return configured
        parent = os.path.dirname(folder)
        if parent == folder:
            raise PlanNotFound(os.path.abspath(start))
        folder = parent


def plan_at(path: str) -> str:
    """The plan that a person named: its folder, or the folder that holds `plan/`. Raises PlanNotFound."""
    for folder in (path, os.path.join(path, "plan")):
        if _is_plan(folder):
            return os.path.abspath(folder)
    raise PlanNotFound(os.path.abspath(path))


def need_readable(root: str) -> None:
    """Raises NotReadable where a plan's folder cannot be read."""
    if not os.access(root, os.R_OK | os.X_OK):
        raise NotReadable(f"cannot read {root}", "check its permissions")


def other_checkout(start: str, root: str) -> str:
    """The top of the repository or work tree around `start`, where a plan that was found is outside of it.

    Empty where the plan is in it, where there is none, and for a person inside the plan.
    """
    folder, plan = os.path.realpath(start), os.path.realpath(root)
    if is_within(folder, plan):
        return ""
    while not _is_top(folder):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    return "" if is_within(plan, folder) else folder


def is_within(path: str, folder: str) -> bool:
    """Whether a path is that of a folder, or below it; both without links in them."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def plan_around(path: str) -> str:
    """The plan's folder that a file is in, or would be; empty where it is in none."""
    folder = os.path.realpath(path)
    while (above := os.path.dirname(folder)) != folder:
        folder = above
        if os.path.isfile(os.path.join(folder, "board.toml")):
            return folder
    return ""


def _is_top(folder: str) -> bool:
    """Whether a folder has git's own: a folder with a HEAD, or the file of a work tree or a submodule."""
    path = os.path.join(folder, ".git")
    return os.path.isfile(path) or os.path.lexists(os.path.join(path, "HEAD"))


def _configured(folder: str) -> str | None:
    path = os.path.join(folder, "pyproject.toml")
    try:
        text = read_regular(path, 1_000_000)
    except OSError:
        return None
    if b"kedge" not in text:
        return None
    import tomli

    try:
        place = tomli.loads(text.decode()).get("tool", {}).get("kedge", {}).get("plan")
    except (tomli.TOMLDecodeError, UnicodeDecodeError, AttributeError):
        return None
    if not isinstance(place, str):
        return None
    found = os.path.realpath(os.path.join(folder, place))
    # A repository's own file may move the plan inside the repository, never out of it.
    inside = os.path.commonpath([found, os.path.realpath(folder)]) == os.path.realpath(folder)
    return found if inside and _is_plan(found) else None


def _is_plan(folder: str) -> bool:
    """Whether a folder holds a plan. Raises NotReadable where its `board.toml` is there, and is no file."""
    board = os.path.join(folder, "board.toml")
    if os.path.isfile(board):
        return True
    other = other_than_file(board)
    if other:
        raise NotReadable(f"{board} is {other}, not a file", "put the file itself there")
    return False


def place_in_repository(root: str) -> str:
    """A plan's folder as seen from the top of its repository, with a slash at its end; empty where it is the top.

    Outside of a repository it is seen from the folder that holds it.
    """
    root = os.path.realpath(root)
    folder = work_tree(root) or os.path.dirname(root)
    place = os.path.relpath(root, folder).replace(os.sep, "/")
    return "" if place == "." else f"{place}/"


def state_folder(root: str, environment: Mapping[str, str]) -> str:
    """The folder of this machine's memory of a plan (undo steps, what was read), outside the work tree.

    It may not exist yet.

    One folder for each plan, by the hash of its real path, so that two clones never share their steps.
    """
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
    return os.path.join(state_base(environment), "plans", name)


def state_base(environment: Mapping[str, str]) -> str:
    """The folder of all that kedge remembers on this machine: `KEDGE_STATE`, else the system's place for it."""
    base = environment.get("KEDGE_STATE")
    if base:
        return base
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        return os.path.join(environment.get("LOCALAPPDATA", home), "kedge")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "kedge")
    return os.path.join(environment.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state"), "kedge")
