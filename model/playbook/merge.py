"""A team's playbook laid over the shipped one.

One rule runs through it: tables are merged key by key, everything else is replaced. A new heading is a new
entry, a known one changes the keys that it gives, and `remove = true` under a heading takes it out. With
`replace = true` under `[playbook]` the shipped method goes, and only what Kedge cannot work without stays.
Whether the result makes sense is not asked here: `loading.from_data` does that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..records.values import is_list, is_table
from ..text.slug import slug

KEPT = ("playbook", "phase", "stage", "decision", "scoring", "calculator", "sources")
"""What stays when a team replaces the method: the frame, the scoring, and the calculators, which are code."""

DEEPEST = 6
"""Tables inside tables that a playbook has use for; a file made to exhaust the stack has more."""


@dataclass(frozen=True)
class Problem:
    """Something in a playbook that cannot be used, or does not fit the rest."""

    path: tuple[str, ...]
    """Where: table, id, key."""
    message: str
    """What is wrong, in one line."""
    hint: str = ""
    """What to do about it."""

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}: {self.message}"


def merge(base: Mapping[str, Any], team: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The team's tables laid over the base's. Neither is changed; the result shares what is the same.

    Problems are removals of what is not there, and of what cannot be removed.
    """
    problems: list[Problem] = []
    about = team.get("playbook")
    if is_table(about) and "replace" in about:
        replace = about["replace"]
        if not isinstance(replace, bool):
            problems.append(Problem(("playbook", "replace"), "is true or false"))
        elif replace:
            base = {table: base[table] for table in KEPT if table in base}
        team = {**team, "playbook": {key: value for key, value in about.items() if key != "replace"}}
    return _over(base, team, (), problems), problems


def by_id(sentences: Sequence[object], known: Mapping[str, Any]) -> dict[str, object]:
    """Conditions of a gate that are written as plain sentences, by id.

    A sentence that the playbook underneath has, or that is the id of one of its conditions, is that one; any other is
    the team's own, and the first words of it are its id.
    """
    ids = {text: name for name, text in known.items() if isinstance(text, str)}
    found: dict[str, object] = {}
    for number, text in enumerate(sentences, 1):
        words = text if isinstance(text, str) else ""
        name = words if words in known else ids.get(words, "")
        if not name:
            wanted = slug(words, "")
            name = wanted if wanted and wanted not in {*known, *found} else f"condition-{number}"
        found[name] = known[words] if name == words else text
    return found


def _over(
    base: Mapping[str, Any], team: Mapping[str, Any], path: tuple[str, ...], problems: list[Problem]
) -> dict[str, Any]:
    merged = dict(base)
    for key, value in team.items():
        where = (*path, key)
        if is_list(value) and where[0] == "gate" and where[2:] == ("conditions",):
            old = base.get(key)
            merged[key] = by_id(value, old if is_table(old) else {})
            continue
        if not is_table(value):
            merged[key] = value
            continue
        if len(where) > DEEPEST:
            problems.append(Problem(where, "is nested too deeply"))
            continue
        value = dict(value)
        remove = value.pop("remove", False) if path else False
        if not isinstance(remove, bool):
            problems.append(Problem((*where, "remove"), "is true or false"))
        elif remove:
            if key not in base:
                problems.append(
                    Problem(where, "is to be removed, but is not there", "Check the spelling of the id.")
                )
            if value:
                problems.append(
                    Problem(
                        where, "is removed and changed at once", "Keep `remove = true` alone, or drop it."
                    )
                )
            merged.pop(key, None)
            continue
        old = base.get(key)
        merged[key] = _over(old if is_table(old) else {}, value, where, problems)
    return merged
