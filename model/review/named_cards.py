"""Code beside the plan: the cards that the commits of a change name, and what the plan says of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from .changes import Difference

_LISTED = 5


@dataclass(frozen=True)
class NamedCards:
    """The cards behind some commits, by id."""

    named: tuple[str, ...] = ()
    to_do: tuple[str, ...] = ()
    """Those of them that the plan still has as to do."""
    finished_unnamed: tuple[str, ...] = ()
    """Cards that were finished meanwhile, and that no commit names."""

    def lines(self, *, in_full: bool = False) -> Iterator[str]:
        """What is to be said of them, a sentence each; nothing where there is none."""
        for said, ids in (
            ("named by commits", self.named),
            ("named by commits, and still to do", self.to_do),
            ("finished, and named by no commit", self.finished_unnamed),
        ):
            if ids:
                yield f"{said}: {_listed(ids, in_full=in_full)}"


NO_CARDS = NamedCards()


def named_cards(difference: Difference, named: Collection[str]) -> NamedCards:
    """What becomes of the cards that commits name, where all cards of both sides are known."""
    old, new = difference.before.plan.cards, difference.after.plan.cards
    there = sorted(one for one in named if one in new)
    finished = (
        change.address.id
        for change in difference.changes
        if change.address.kind == "card" and (now := new.get(change.address.id)) and now.status == "done"
    )
    unnamed = [one for one in finished if one not in named and (one not in old or old[one].status != "done")]
    return NamedCards(
        tuple(there), tuple(one for one in there if new[one].status == "todo"), tuple(sorted(unnamed))
    )


def _listed(ids: Sequence[str], *, in_full: bool) -> str:
    shown = ids if in_full else ids[:_LISTED]
    rest = len(ids) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")
