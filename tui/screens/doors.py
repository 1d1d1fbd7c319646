"""Where a line of an explanation leads: the card or the question that it names.

Causes come from many places of the model, each as a sentence. They all name what they are about by its id, so that
one look at the sentence is enough for every list of them.
"""

from __future__ import annotations

import re

from ...model.records.address import Address
from ...model.snapshot.snapshot import Snapshot

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def door_of(snapshot: Snapshot, project: str, text: str) -> Address | None:
    """The first card or question that a text names; None where it names none."""
    plan, playbook = snapshot.plan, snapshot.playbook
    for word in _ID.findall(text):
        card = plan.cards.get(word)
        # An id of one word may be a word of the sentence; in brackets behind a title it is none.
        if card is not None and ("-" in word or f"({word})" in text):
            return card.address
        if "-" in word and project and playbook.item(word) is not None:
            return Address("answer", project, word)
    return None
