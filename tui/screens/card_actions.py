"""What is done to cards wherever they are shown: status, owner, tags, dates, needs; editing, explaining.

Each key is one step of `model.edit`, for the marked cards or the focused one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from ...model.edit import edits, renames
from ...model.edit.refusal import EditRefused
from ...model.plan.card_names import branch_name
from ...model.plan.change import Batch
from ...model.plan.field_spec import change_list, shapes
from ...model.plan.plan import target_of
from ...model.records.card import Card
from ...model.records.kinds import record_model
from ..dialogs.date_prompt import DatePrompt
from ..dialogs.message import Message
from ..dialogs.pick import Pick, PickItem
from ..dialogs.prompt import Prompt
from . import card_moves
from .card_moves import names
from .contract import ActsOnCards
from .explain import explain

T = TypeVar("T")


def _shared(values: Iterable[T]) -> T | None:
    """The value that is everywhere the same; None where they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


# ---- status


def next_status(board: ActsOnCards) -> None:
    """To do, in progress, done; several cards go where the first of them goes."""
    cards = board.targets()
    status = edits.NEXT_STATUS[cards[0].status]
    board.make(lambda: edits.set_status(cards, status))


def done(board: ActsOnCards) -> None:
    """Done, whatever they were before."""
    cards = board.targets()
    board.make(lambda: edits.set_status(cards, "done"))


def block(board: ActsOnCards) -> None:
    """Asks for the reason; an empty one takes the mark away."""
    cards = board.targets()
    title = f"What blocks {names(cards)}?"
    prompt = Prompt(
        title, "the reason; leave it empty to unblock", _shared(card.blocked for card in cards) or ""
    )
    board.ask(prompt, lambda reason: board.make(lambda: edits.block(cards, reason)))


def drop(board: ActsOnCards) -> None:
    """Asks for the reason, which must be given."""
    cards = board.targets()

    def wrong(text: str) -> str | None:
        return None if text.strip() else "a card is dropped for a reason: say it in a few words"

    board.ask(
        Prompt(
            f"Why drop {names(cards)}?", "the reason", _shared(card.dropped for card in cards) or "", wrong
        ),
        lambda reason: board.make(lambda: edits.drop(cards, reason)),
    )


# ---- fields


def owner(board: ActsOnCards) -> None:
    """Picks the owner."""
    items = [PickItem(one.id, one.label, one.role or "") for one in board.plan.people.values()]
    items.append(PickItem("", "no owner"))
    cards = board.targets()

    def chosen(keys: tuple[str, ...]) -> None:
        label = f"{names(cards)}: owner {keys[0] or 'none'}"
        board.make(lambda: edits.edit_all(cards, {("owner",): keys[0] or None}, label))

    board.ask(Pick(f"Owner of {names(cards)}", items), chosen)


def tags(board: ActsOnCards) -> None:
    """Asks for tags: the whole list for one card, what is added and removed for several."""
    cards = board.targets()
    shape = shapes(record_model("card"))["tags"]

    def entered(text: str) -> None:
        def build() -> Batch:
            changes = [
                change
                for card in cards
                for change in edits.edit_all(
                    [card], {("tags",): change_list(shape, card.tags, text, board.today) or None}, ""
                ).changes
            ]
            return Batch(f"tags of {names(cards)}", tuple(changes))

        board.make(build)

    value = ", ".join(_shared(card.tags for card in cards) or ())
    board.ask(
        Prompt(f"Tags of {names(cards)}", "a, b for the whole list; +a, -b to add and remove", value),
        entered,
    )


def due(board: ActsOnCards) -> None:
    """Asks for the due date; an empty answer clears it."""
    cards = board.targets()
    current = _shared(card.due for card in cards)

    def entered(text: str) -> None:
        date = dt.date.fromisoformat(text) if text else None
        board.make(lambda: edits.edit_all(cards, {("due",): date}, f"{names(cards)}: due {date or 'no day'}"))

    title = f"When {'is' if len(cards) == 1 else 'are'} {names(cards)} due?"
    label = "2026-12-01, fri, +2w, 1 dec; empty for no date"
    board.ask(DatePrompt(title, label, board.today, current.isoformat() if current else ""), entered)


def rename(board: ActsOnCards) -> None:
    """Asks for another id; every reference to the card follows, as one step."""
    (card,) = board.targets()

    def wrong(text: str) -> str | None:
        try:
            renames.rename(board.plan, card.address, text.strip())
        except EditRefused as error:
            return str(error)
        return None

    def entered(text: str) -> None:
        new = text.strip()
        board.make(lambda: renames.rename(board.plan, card.address, new), focus=new)

    label = "the new id; references to it are changed too, the title stays"
    board.ask(Prompt(f"Rename {card.id}", label, card.id, wrong), entered)


def needs(board: ActsOnCards) -> None:
    """Picks the cards that come first; a choice that would make a loop is refused with the loop.

    For several cards what they all need is marked, and only what is marked or unmarked here changes for each.
    """
    from ...model.cards.network import find_loop

    cards = board.targets()
    each = [[target_of(need) for need in card.needs] for card in cards]
    shared = tuple(need for need in each[0] if all(need in needs for needs in each))

    def refused(key: str) -> str | None:
        loop = next(filter(None, (find_loop(board.plan, card.id, key) for card in cards)), None)
        return f"that would make a loop: {' → '.join((*loop, loop[0]))}" if loop else None

    def chosen(keys: tuple[str, ...]) -> None:
        board.make(lambda: edits.change_needs(board.plan, cards, keys, set(shared) - set(keys)))

    title = f"What must come before {names(cards)}?"
    board.ask(Pick(title, _need_items(board, cards), multiple=True, chosen=shared, refuse=refused), chosen)


def _need_items(board: ActsOnCards, cards: Sequence[Card]) -> list[PickItem]:
    """The other cards: of the same project first, open ones before those that are finished."""
    own = {card.id for card in cards}
    others = sorted(
        (one for one in board.plan.cards.values() if one.id not in own),
        key=lambda one: (one.project != cards[0].project, not one.is_open, one.rank, one.id),
    )
    return [
        PickItem(one.id, one.title or one.id, f"{one.id} {one.status} {one.owner or ''}".strip())
        for one in others
    ]


# ---- along the needs


def to_need(board: ActsOnCards) -> None:
    """Goes to a card that the focused one needs; asks where there are several."""
    card = board.focused_item()
    assert isinstance(card, Card)
    found = [target_of(need) for need in card.needs]
    _go_along(board, found, f"Cards that {names([card])} needs")


def to_dependant(board: ActsOnCards) -> None:
    """Goes to a card that needs the focused one; asks where there are several."""
    card = board.focused_item()
    assert isinstance(card, Card)
    found = board.plan.needed_by.get(card.id, ())
    _go_along(board, found, f"Cards that need {names([card])}")


def _go_along(board: ActsOnCards, ids: Sequence[str], title: str) -> None:

    cards = [board.plan.cards[one] for one in ids if one in board.plan.cards]
    if len(cards) == 1:
        board.show_card(cards[0].id)
    else:
        items = [PickItem(one.id, one.label, f"{one.status} {one.owner or ''}") for one in cards]
        board.ask(Pick(title, items), lambda keys: board.show_card(keys[0]))


# ---- editing, explaining


def edit(board: ActsOnCards) -> None:
    """The whole record in a form; one form for all that are marked."""
    cards = board.targets()
    if len(cards) > 1:
        board.host.open_cards_form(cards)
        return
    item = cards[0] if cards else board.focused_item()
    assert item is not None
    board.host.open_form(item.address, then=board.saved)


def editor(board: ActsOnCards) -> None:
    """The record's file in the person's own editor."""
    item = board.focused_item()
    assert item is not None
    board.host.open_editor(item.address)


def copy_id(board: ActsOnCards) -> None:
    """Copies the ids of the marked cards, or of what is focused."""
    item = board.focused_item()
    board.copy(" ".join(card.id for card in board.targets()) or (item.id if item else ""))


def copy_branch(board: ActsOnCards) -> None:
    """Copies a name for the branch on which the card is done: its project and its id."""
    item = board.focused_item()
    assert item is not None
    board.copy(branch_name(item.project, item.id) if isinstance(item, Card) else item.id)


def why(board: ActsOnCards) -> None:
    """Explains what is focused."""
    item = board.focused_item()
    assert item is not None
    playbook = board.session.derived.snapshot.playbook
    board.show_dialog(Message(item.label, explain(board.plan, playbook, item, board.today), board.door))


ON_CARDS: Mapping[str, Callable[[ActsOnCards], None]] = {
    **card_moves.ON_CARDS,
    "card.next_status": next_status,
    "card.done": done,
    "card.block": block,
    "card.drop": drop,
    "card.owner": owner,
    "card.tags": tags,
    "card.due": due,
    "card.needs": needs,
    "card.to_need": to_need,
    "card.to_dependant": to_dependant,
    "card.rename": rename,
    "card.edit": edit,
    "card.editor": editor,
    "card.copy_id": copy_id,
    "card.copy_branch": copy_branch,
    "card.why": why,
}
"""What is done in the same way wherever there are cards."""
