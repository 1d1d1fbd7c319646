"""The order of cards on the board, as a person changes it: as few ranks as can be, and none that is taken.

Projects have ranks as cards have, and are put in order in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import cast

from ..plan.change import Batch, Change
from ..plan.ranks import between, spread
from ..records.card import Card
from .edits import edit_all, name_of


def reorder(card: Card, group: Sequence[Card], index: int, hidden: Iterable[str] = ()) -> Batch:
    """Puts a card at an index of its group (given in order, with the card in it).

    Mostly one line; where hand-written ranks leave no room between two cards the whole group gets new ones.
    `hidden` are the ranks of cards hidden by a filter or in other groups: the card keeps off them, and
    stays next to the one that it was put behind.
    """
    others = [one for one in group if one.id != card.id]
    index = max(0, min(index, len(others)))
    label = f"reorder {name_of(card)}"
    before = others[index - 1].rank if index > 0 else None
    after = others[index].rank if index < len(others) else None
    if before is not None:
        after = min(
            (rank for rank in hidden if before < rank and (after is None or rank < after)), default=after
        )
    elif after is not None:
        before = max((rank for rank in hidden if rank < after), default=None)
    try:
        return edit_all([card], {("rank",): between(before, after)}, label)
    except ValueError:
        ordered = [*others[:index], card, *others[index:]]
        ranks = zip(ordered, spread(len(ordered)), strict=True)
        changes = [change for one, rank in ranks for change in edit_all([one], {("rank",): rank}, "").changes]
        return Batch(label, tuple(changes))


def shift(
    group: Sequence[Card], moved: Collection[str], by: int, hidden: Collection[str] = ()
) -> list[Change]:
    """Moves cards of a group by one place up (-1) or down (+1); neighbours go together.

    What is in their way goes to their other side, so that however many go, one rank is written. Cards at the
    border stay where they are. `group` is in order; `moved` are ids, `hidden` ranks as in `reorder`.
    """
    order = list(group)
    changed: dict[str, Change] = {}
    # From where they go to, so that what one has passed is not passed by the next.
    for index in sorted(range(len(order)), reverse=by > 0):
        passed = order[index]
        near = index - by
        if passed.id in moved or not 0 <= near < len(order) or order[near].id not in moved:
            continue
        far = near
        while 0 <= far - by < len(order) and order[far - by].id in moved:
            far -= by
        # One card that moves writes its own rank.
        card, target = (order[near], index) if far == near else (passed, far)
        for change in reorder(card, order, target, hidden).changes:
            first = changed.get(change.address.id, change)
            changed[change.address.id] = Change(first.before, change.after)
        order.insert(far, order.pop(index))
        order = [cast("Card", changed[one.id].after) if one.id in changed else one for one in order]
    return list(changed.values())
