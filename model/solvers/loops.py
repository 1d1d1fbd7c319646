"""What in a network waits for itself: no schedule has a place for it, so it is named before one is made."""

from __future__ import annotations

from collections.abc import Sequence

from .activity_network import Link, Unplaced


def loops(outgoing: Sequence[Sequence[Link]], incoming: Sequence[Sequence[Link]]) -> list[Unplaced]:
    """The activities that wait for themselves, or lie between two loops, each with one that it needs."""
    left = set(range(len(outgoing)))
    _peel(
        left,
        [[link.before for link in links] for links in incoming],
        [[link.after for link in links] for links in outgoing],
    )
    if not left:
        return []
    waiting = set(left)
    _peel(
        left,
        [[link.after for link in links] for links in outgoing],
        [[link.before for link in links] for links in incoming],
    )
    return [
        Unplaced(
            one,
            "loop" if one in left else "needs",
            min(link.before for link in incoming[one] if link.before in waiting),
        )
        for one in sorted(waiting)
    ]


def _peel(left: set[int], held_by: Sequence[Sequence[int]], holds: Sequence[Sequence[int]]) -> None:
    """Take away what nothing in `left` holds, until all that remains holds itself."""
    holding = [sum(other in left for other in others) for others in held_by]
    free = [one for one in left if not holding[one]]
    while free:
        one = free.pop()
        left.discard(one)
        for other in holds[one]:
            holding[other] -= 1
            if not holding[other] and other in left:
                free.append(other)
