"""Where a line of an explanation leads: the card, the question or the other record that it names.

Causes come from many places of the model, each as a sentence. They all name what they are about by its id, in
brackets behind the title or in the command that helps, so that one look at the sentence is enough for every list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.kinds import ENTRIES, KINDS
from ...model.snapshot.snapshot import Snapshot

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_IN_BRACKETS = re.compile(r"\((" + _ID.pattern + r")\)")
_IN_COMMAND = re.compile(r"kedge ([a-z]+) set (" + _ID.pattern + r")")


def door_of(snapshot: Snapshot, project: str, text: str) -> Address | None:
    """The first card, question or other record that a text names; None where it names none."""
    plan, playbook = snapshot.plan, snapshot.playbook
    for word in _ID.findall(text):
        card = plan.cards.get(word)
        # An id of one word may be a word of the sentence; in brackets behind a title it is none.
        if card is not None and ("-" in word or f"({word})" in text):
            return card.address
        if "-" in word and project and playbook.item(word) is not None:
            return Address("answer", project, word)
    if (command := _IN_COMMAND.search(text)) is not None:
        return _record_of(plan, project, command[2], (command[1],))
    if (brackets := _IN_BRACKETS.search(text)) is not None:
        return _record_of(plan, project, brackets[1], (*ENTRIES, *KINDS))
    return None


def _record_of(plan: Plan, project: str, name: str, kinds: Iterable[str]) -> Address | None:
    """The record or part of the project, or the record of the whole plan, that has an id."""
    for kind in kinds:
        if kind in ENTRIES:
            found = Address(kind, project, name)
            if any(address == found for address, _ in plan.entries(kind, project)):
                return found
        elif kind in KINDS:
            found = Address(kind, project if KINDS[kind].in_project else "", name)
            if plan.get(found) is not None:
                return found
    return None
