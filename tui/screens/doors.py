"""Where a line of an explanation leads: the card, question or other record that it names, or what its command changes.

Causes come from many places of the model, each as a sentence. They all name what they are about by its id, in
brackets behind the title or in the command that helps, so that one look at the sentence is enough for every list.
"""

from __future__ import annotations

import re
from itertools import chain

from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.kinds import ENTRIES, KINDS
from ...model.snapshot.snapshot import Snapshot

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_IN_BRACKETS = re.compile(r"\((" + _ID.pattern + r")\)")
_COMMAND = re.compile(r"kedge (?:([a-z]+) )?(set|add)(?: ([a-z0-9-]+))?")


def door_of(snapshot: Snapshot, project: str, text: str) -> Address | None:
    """The first card or question that a text names, what its command sets or adds, or the record in brackets."""
    plan, playbook = snapshot.plan, snapshot.playbook
    for word in _ID.findall(text):
        card = plan.cards.get(word)
        # An id of one word may be a word of the sentence; in brackets behind a title it is none.
        if card is not None and ("-" in word or f"({word})" in text):
            return card.address
        if "-" in word and project and playbook.item(word) is not None:
            return Address("answer", project, word)
    changed = (to for found in _COMMAND.findall(text) if (to := _changed(plan, project, *found)))
    named = (to for found in _IN_BRACKETS.findall(text) if (to := _record_of(plan, project, found)))
    return next(chain(changed, named), None)


def _changed(plan: Plan, project: str, kind: str, verb: str, name: str) -> Address | None:
    """What a command changes: an address without an id for a new record."""
    if not kind:
        return plan.projects[name].address if name in plan.projects else None
    if kind not in KINDS and kind not in ENTRIES:
        return None
    in_project = kind in ENTRIES or KINDS[kind].in_project
    if in_project and not project:
        return None
    scope = project if in_project else ""
    if verb == "add":
        return Address(kind, scope, "")
    return Address(kind, scope, name) if plan.has(kind, name, project) else None


def _record_of(plan: Plan, project: str, name: str) -> Address | None:
    """The record or part of the project, or the record of the whole plan, that has an id."""
    return next(
        (to for kind in (*ENTRIES, *KINDS) if (to := _changed(plan, project, kind, "set", name))), None
    )
