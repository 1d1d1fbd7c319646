"""How commits and branches name cards: by the whole id, or by its random ending, `7k2m`."""

from __future__ import annotations

import re
from collections.abc import Collection

from .ids import ending

_PARTS = re.compile(r"[^a-z0-9-]+")
TRAILER = "Card"
"""The key of a commit's trailer: `Card: 7k2m`."""


def named_in(text: str, ids: Collection[str]) -> list[str]:
    """The cards that a trailer's value names: ids, `project/id` or endings, with commas or spaces between them."""
    found = (_meant(word.rpartition("/")[2], ids) for word in text.lower().replace(",", " ").split())
    return list(dict.fromkeys(one for one in found if one))


def of_branch(branch: str, ids: Collection[str]) -> str:
    """The card that a branch is for: its name has the card's id in it, or its ending; empty where that is not clear.

    `churn/feature-table-7k2m`, `sam/7k2m`, `7k2m-build-the-table` and `fix-feature-table-7k2m` all name the same card.
    """
    name = branch.lower()
    within = (one for one in ids if one in name)
    whole = [one for one in within if re.search(rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9])", name)]
    if whole:
        longest = max(map(len, whole))
        whole = [one for one in whole if len(one) == longest]
        return whole[0] if len(whole) == 1 else ""
    words = {word for part in _PARTS.split(name) for word in part.split("-")}
    found = [one for one in ids if (end := ending(one)) and end in words]
    return found[0] if len(found) == 1 else ""


def branch_name(project: str, card: str) -> str:
    """The name of the branch on which a card is done."""
    return f"{project}/{card}"


def _meant(word: str, ids: Collection[str]) -> str:
    if word in ids:
        return word
    found = [one for one in ids if ending(one) == word] if word else []
    return found[0] if len(found) == 1 else ""
