"""What a plan has that can be named, and what was probably meant by a name that it does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..plan.ids import ending, similar
from ..plan.plan import holder_id
from ..records.address import Address
from ..records.kinds import ENTRIES, KINDS
from ..snapshot.snapshot import Snapshot

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


def has(snapshot: Snapshot, kind: str, target: str, project: str) -> bool:
    """Whether an id (or `project/id`) names something, seen from a project.

    A card without a project before it may be in any. What cannot be read at present counts as there.
    """
    scope, _, name = target.rpartition("/")
    plan, unreadable = snapshot.plan, snapshot.unreadable
    if kind == "card" and not scope:
        return name in plan.cards or (kind, name) in snapshot.unreadable_ids
    scope = scope or project
    if kind in KINDS:
        own = Address(kind, scope, name)
        if kind == "project":
            own = Address(kind, target, target)
        elif not KINDS[kind].in_project:
            own = Address(kind, "", target)
        return own in plan.records or own in unreadable
    where = ENTRIES[kind]
    holder = Address(where.record, scope, holder_id(where.record, scope))
    return holder in unreadable or name in getattr(plan.records.get(holder), where.section, ())


def suggestion(snapshot: Snapshot, kind: str, target: str, project: str) -> Suggestion:
    """What was probably meant by a name that the plan does not have; every other name is compared with it."""
    scope, slash, name = target.rpartition("/")
    ids = _ids(snapshot, kind)
    if kind == "card":
        if slash and (holder := next((of for of, one in sorted(ids) if one == name), "")):
            return Suggestion(f"{holder}/{name}")  # the project before it is wrong
        names = [one for of, one in ids if not slash or of == scope]
    elif kind == "project" or (kind in KINDS and not KINDS[kind].in_project):
        names = [one for _, one in ids]
    else:
        elsewhere = sorted(of for of, one in ids if one == name)
        if len(elsewhere) == 1:
            return Suggestion(f"{elsewhere[0]}/{name}")
        names = [one for of, one in ids if of == (scope or project)]
    meant = closest(name, names)
    return Suggestion(f"{scope}{slash}{meant.text}", meant.certain) if meant.text else meant


def _ids(snapshot: Snapshot, kind: str) -> set[tuple[str, str]]:
    """Project and id of everything of a kind."""
    if kind in KINDS:
        places = [record.address for record in snapshot.plan.of_kind(kind)]
        places += [address for address in snapshot.unreadable if address.kind == kind]
    else:
        places = [address for address, _ in snapshot.plan.entries(kind)]
    return {(address.project, address.id) for address in places}


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
    """Whether one slip of the hand is between two names: letters swapped, one too many, one missing, one wrong.

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
