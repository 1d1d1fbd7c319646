"""What was chosen of a merge's questions, kept in the git folder until its file is settled.

It is kept with the names of the versions, and counts for no others. Anyone can have written into that folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

import tomli

from ...model.plan.change import MISSING, Path
from ..disk import atomic, lock
from ..disk.regular import read_regular
from ..disk.repository import GitProblem, find_repository, own_file
from ..disk.stages import Stages
from ..toml.values import line_text, plain
from .merging import SIDES, Choice, Typed

_MOST_BYTES = 10_000_000


def choices_of(
    root: str, found: Sequence[Stages], environment: Mapping[str, str]
) -> list[dict[Path, Choice]]:
    """What was chosen before for each file in conflict."""
    kept = _kept(root, environment)
    about = [kept.get(one.path, {}) for one in found]
    return [
        _choices(one.get("choices") if one.get("versions") == stages.key else None)
        for one, stages in zip(about, found, strict=True)
    ]


def _store(root: str, environment: Mapping[str, str]) -> str:
    """Where choices are kept; empty where there is no repository."""
    repository = find_repository(root, environment)
    if isinstance(repository, GitProblem):
        return ""
    return own_file(repository, "choices.json")


def _kept(root: str, environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Choices by path; nothing where they cannot be read, whoever wrote there."""
    path = _store(root, environment)
    try:
        data: dict[str, Any] = json.loads(read_regular(path, _MOST_BYTES)) if path else {}
        return {name: dict(about) for name, about in data.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def keep(root: str, stages: Stages, choices: Mapping[Path, Choice], environment: Mapping[str, str]) -> None:
    """Keeps what was chosen for a file that is not settled yet; without choices forgets what was."""
    path = _store(root, environment)
    if not path:
        return
    folder = os.path.dirname(path)
    with atomic.refusals(path):
        os.makedirs(folder, exist_ok=True)
    # On top of what another kedge has kept meanwhile, for another file or for this one.
    with lock.held(folder):
        kept = _kept(root, environment)
        if choices:
            chosen = [[list(field), _noted(choice)] for field, choice in choices.items()]
            kept[stages.path] = {"versions": stages.key, "choices": chosen}
        elif kept.pop(stages.path, None) is None:
            return
        with atomic.refusals(path):
            atomic.replace(path, json.dumps(kept).encode())


def _noted(choice: Choice) -> dict[str, str]:
    if not isinstance(choice, Typed):
        return {"side": choice}
    return {} if choice.value is MISSING else {"value": line_text(plain(choice.value))}


def _choices(noted: object) -> dict[Path, Choice]:
    """Choices as they were kept; what is none is left out."""
    found: dict[Path, Choice] = {}
    for one in cast("Sequence[Any]", noted) if isinstance(noted, list) else ():
        with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            field, about = one
            path = tuple(str(part) for part in field)
            if "side" in about:
                found[path] = SIDES[SIDES.index(about["side"])]
            elif "value" in about:
                found[path] = Typed(tomli.loads(f"value = {about['value']}")["value"])
            else:
                found[path] = Typed(MISSING)
    return found
