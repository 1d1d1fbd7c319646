"""The method as data: phases, steps, questions, gates, calculators, rules. May use records and text.

The room is pure except for one thing: it reads the TOML files that are in it. They are part of the program as
much as its code, are the same on every machine, and no plan can touch them. They are read with the standard
library's parser, since they are TOML 1.0 and written by us; a team's playbook comes in through storage as plain
tables.

Importing this room costs almost nothing: the files are read, and the models built, when they are needed. Code that
only needs the names of phases and steps takes them from `outline`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .merge import Problem
    from .playbook import Playbook

FILES = (
    "method.toml",
    "assess.toml",
    "plan.toml",
    "execute.toml",
    "iterate.toml",
    "scoring.toml",
    "rules.toml",
    "calculators.toml",
    "rubric.toml",
)


@cache
def shipped_data() -> dict[str, Any]:
    """The shipped tables by name, in the order of the files. Shared: not to be changed."""
    import tomllib
    from importlib.resources import files

    data: dict[str, Any] = {}
    for name in FILES:
        for table, entries in tomllib.loads(files(__name__).joinpath(name).read_text("utf-8")).items():
            data.setdefault(table, {}).update(entries)
    return data


@cache
def shipped() -> Playbook:
    """The shipped playbook. A test holds that it has no problems."""
    from .loading import from_data

    return from_data(shipped_data())[0]


def with_team(team: Mapping[str, Any]) -> tuple[Playbook, list[Problem]]:
    """A team's tables laid over the shipped ones, and what is wrong with them.

    An entry that the team made unreadable stays as it is shipped, so that no question is dropped by a
    typing error.
    """
    from .loading import from_data
    from .merge import merge

    if not team:
        return shipped(), []
    data, removals = merge(shipped_data(), team)
    playbook, problems = from_data(data, underneath=shipped())
    return playbook, removals + problems
