"""What a plan has that can be named, and what was probably meant by a name that it does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..plan.ids import ending, similar
from ..plan.plan import Plan, holder_id
from ..records.address import Address
from ..records.kinds import ENTRIES, KINDS

MOST_SUGGESTIONS = 25
"""Names that are compared with all others; a plan with more wrong ones has another trouble than typing errors."""
_SHORTEST = 4
"""Letters that a name needs to be recognised with a slip in it."""
_LONG_ENOUGH = 8
"""Letters that it needs with a wrong one in it: mika and mira may be two people."""


class Suggestion(NamedTuple):
    """What was probably meant."""

    text: str = ""
    """As it would be written; empty where nothing is like it."""
    certain: bool = False
    """Whether there is hardly a doubt, so that it may be written without asking."""


class Names:
    """The ids of a plan by kind, for many questions in a row."""

    def __init__(self, plan: Plan, unreadable: frozenset[Address] = frozenset()) -> None:
        self._plan = plan
        self._unreadable = unreadable
        self._ids: dict[str, frozenset[tuple[str, str]]] = {}
        self._suggestions: dict[tuple[str, str, str], Suggestion] = {}

    def has(self, kind: str, target: str, project: str) -> bool:
        """Whether an id (or `project/id`) names something, seen from a project.

        A card without a project before it may stand in any. What cannot be read at present counts as there.
        """
        scope, _, name = target.rpartition("/")
        ids = self._of(kind)
        if kind == "card" and not scope:
            return ("", name) in ids
        if kind in KINDS and not KINDS[kind].in_project:
            return ("", target) in ids
        if kind == "project":
            return (target, target) in ids
        scope = scope or project
        if (scope, name) in ids:
            return True
        if kind not in ENTRIES:
            return False
        holder = ENTRIES[kind].record
        return Address(holder, scope, holder_id(holder, scope)) in self._unreadable

    def suggestion(self, kind: str, target: str, project: str) -> Suggestion:
        """What was meant by a name that the plan does not have."""
        key = (kind, target, project)
        found = self._suggestions.get(key)
        if found is None:
            found = self._suggest(*key) if len(self._suggestions) < MOST_SUGGESTIONS else Suggestion()
            self._suggestions[key] = found
        return found

    def _suggest(self, kind: str, target: str, project: str) -> Suggestion:
        scope, slash, name = target.rpartition("/")
        ids = self._of(kind)
        if kind == "card":
            if holder := next((of for of, one in sorted(ids) if one == name and of), ""):
                return Suggestion(f"{holder}/{name}")  # the project before it is wrong
            names = [one for of, one in ids if (not of if not slash else of == scope)]
        elif kind == "project" or (kind in KINDS and not KINDS[kind].in_project):
            names = [one for _, one in ids]
        else:
            elsewhere = sorted(of for of, one in ids if one == name)
            if len(elsewhere) == 1:
                return Suggestion(f"{elsewhere[0]}/{name}")
            names = [one for of, one in ids if of == (scope or project)]
        meant = closest(name, names)
        return Suggestion(f"{scope}{slash}{meant.text}", meant.certain) if meant.text else meant

    def _of(self, kind: str) -> frozenset[tuple[str, str]]:
        found = self._ids.get(kind)
        if found is None:
            if kind in KINDS:
                places = [record.address for record in self._plan.of_kind(kind)]
                places += [address for address in self._unreadable if address.kind == kind]
            else:
                places = [address for address, _ in self._plan.entries(kind)]
            ids = {(address.project, address.id) for address in places}
            if kind == "card":
                ids |= {("", name) for _, name in ids}
            found = self._ids[kind] = frozenset(ids)
        return found


def closest(name: str, names: Iterable[str]) -> Suggestion:
    """The name that is most like another one; certain where it is the only one that a slip of the hand away."""
    known = sorted(set(names))
    own_ending = ending(name) or ending(f"-{name}")
    if own_ending:
        same = [one for one in known if ending(one) == own_ending]
        if len(same) == 1:
            return Suggestion(
                same[0], certain=True
            )  # endings are drawn at random: it was renamed, or shortened
    slips = [one for one in known if is_slip(name, one)]
    if len(slips) == 1:
        return Suggestion(slips[0], certain=True)
    best = similar(name, known, 1)
    return Suggestion(best[0]) if best else Suggestion()


def is_slip(typed: str, meant: str) -> bool:
    """Whether one slip of the hand lies between two names: letters swapped, one too many, one missing, one wrong.

    Other figures (`phase-1` for `phase-2`) and other random endings are other things, and no slips.
    """
    if re.sub("[^0-9]", "", typed) != re.sub("[^0-9]", "", meant) or (ending(typed) and ending(meant)):
        return False
    if re.sub("[^a-z0-9]", "", typed.lower()) == re.sub("[^a-z0-9]", "", meant):
        return True
    shorter, longer = sorted((typed, meant), key=len)
    if len(shorter) < _SHORTEST or len(longer) > len(shorter) + 1:
        return False
    at = next((at for at, (one, other) in enumerate(zip(shorter, longer, strict=False)) if one != other), -1)
    if at < 0 or len(longer) > len(shorter):
        return shorter[at:] == longer[at + 1 :] if at >= 0 else True
    swapped = shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]
    return swapped or (len(shorter) >= _LONG_ENOUGH and shorter[at + 1 :] == longer[at + 1 :])
