"""Finding the plan, and the folder that keeps this machine's memory of it."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping

from .errors import PlanNotFound


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
        if os.path.isfile(os.path.join(folder, "plan", "board.toml")):
            return os.path.join(folder, "plan")
        if os.path.isfile(os.path.join(folder, "board.toml")):
            return folder
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
        if os.path.isfile(os.path.join(folder, "board.toml")):
            return os.path.abspath(folder)
    raise PlanNotFound(os.path.abspath(path))


def _configured(folder: str) -> str | None:
    path = os.path.join(folder, "pyproject.toml")
    try:
        with open(path, "rb") as file:
            text = file.read(1_000_000)
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
    return found if inside and os.path.isfile(os.path.join(found, "board.toml")) else None


def place_in_repository(root: str) -> str:
    """A plan's folder as seen from the top of its repository, with a slash at its end; empty where it is the top.

    Outside of a repository it is seen from the folder that holds it.
    """
    folder = root = os.path.realpath(root)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            folder = os.path.dirname(root)
            break
        folder = parent
    place = os.path.relpath(root, folder).replace(os.sep, "/")
    return "" if place == "." else f"{place}/"


def state_folder(root: str, environment: Mapping[str, str]) -> str:
    """The folder of this machine's memory of a plan (undo steps), outside the work tree; may not exist yet.

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
