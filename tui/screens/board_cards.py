"""Changing cards from the board: each key is one step of `model.edits`, for the marked cards or the focused one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from ...model import edits
from ...model.change import Batch
from ...model.dates import DateError, parse_date, say_date
from ...model.kinds import record_model
from ...model.plan import target_of
from ...model.playbook.spine import PHASES, STEPS
from ...model.records.card import Card
from ...model.records.project import Project
from ...model.shape import change_list, shapes
from ..views import column_step

if TYPE_CHECKING:
    from ..dialogs import PickItem
    from .board import BoardScreen


def _names(cards: Sequence[Card]) -> str:
    return cards[0].title or cards[0].id if len(cards) == 1 else f"{len(cards)} cards"


def _same(cards: Sequence[Card], field: str) -> Any:
    """The value that all of some cards have in a field; None where they differ."""
    values = {getattr(card, field) for card in cards}
    return values.pop() if len(values) == 1 else None


# ---- marks


def mark(board: BoardScreen) -> None:
    """Marks or unmarks the focused card, and goes on to the next one."""
    item = board.focused_item()
    if item is None:
        board.say("there is no card here to mark")
        return
    board.state = replace(board.state, marks=board.state.marks ^ {item.id})
    from .board_focus import down

    down(board)


def mark_all(board: BoardScreen) -> None:
    """Marks every card shown; where all of them are marked already, none."""
    shown = frozenset(item.id for column in board.columns for item in column.items)
    marks = frozenset() if shown <= board.state.marks else shown
    board.state = replace(board.state, marks=marks)
    board.paint()


# ---- moving


def _shift(by: int) -> Callable[[BoardScreen], None]:
    def shift(board: BoardScreen) -> None:
        item = board.focused_item()
        if isinstance(item, Project):
            phases = [phase.id for phase in PHASES]
            index = phases.index(item.phase) + by
            if not 0 <= index < len(phases):
                board.say(f"{item.phase} is the {'last' if by > 0 else 'first'} column")
                return
            _to_phase(board, phases[index])
            return
        cards = board.targets()
        board.make(lambda: _shifted(cards, by))

    return shift


def _shifted(cards: Sequence[Card], by: int) -> Batch:
    """Cards that may stand in different columns, each moved by one column, as one step."""
    places = {edits.neighbour_phase(card, by) for card in cards}
    batches = [
        edits.move([card for card in cards if edits.neighbour_phase(card, by) == place], place)
        for place in sorted(places)
    ]
    if len(batches) == 1:
        return batches[0]
    return Batch(f"move {_names(cards)}", tuple(change for batch in batches for change in batch.changes))


def _to(phase: str) -> Callable[[BoardScreen], None]:
    return lambda board: _to_phase(board, phase)


def _to_phase(board: BoardScreen, phase: str) -> None:
    item = board.focused_item()
    if isinstance(item, Project):
        board.make(
            lambda: edits.edit(board.plan, item.address, {("phase",): phase}, f"move {item.id} to {phase}")
        )
    else:
        cards = [card for card in board.targets() if card.phase != phase]
        board.make(lambda: edits.move(cards, phase) if cards else Batch("", ()))


def drop_in(board: BoardScreen, key: str, phase: str) -> None:
    """A card was dragged to a column with the mouse."""
    if not board.takes_keys or board.situation().read_only:
        return
    card = board.plan.cards.get(key) if board.state.project else None
    if card is not None and card.phase != phase:
        board.make(lambda: edits.move([card], phase), focus=key)
    elif key in board.plan.projects and not board.state.project:
        address = board.plan.projects[key].address
        board.make(
            lambda: edits.edit(board.plan, address, {("phase",): phase}, f"move {key} to {phase}"), focus=key
        )


def to_step(board: BoardScreen) -> None:
    """To a step of the method, picked from all of them."""
    from ..dialogs import Pick, PickItem

    titles = {phase.id: phase.title for phase in PHASES}
    items = [PickItem(f"{step.phase}/{step.id}", step.title, titles[step.phase]) for step in STEPS]
    cards = board.targets()
    board.ask(
        Pick(f"Move {_names(cards)} to", items), lambda keys: board.make(lambda: edits.move(cards, keys[0]))
    )


def to_milestone(board: BoardScreen) -> None:
    """Gives the cards a milestone of the project, or none."""
    from ..dialogs import Pick, PickItem

    milestones = board.plan.strategy(board.state.project).milestones
    items = [PickItem(key, one.label, _when(board, one.due)) for key, one in milestones.items()]
    items.append(PickItem("", "no milestone"))
    cards = board.targets()

    def chosen(keys: tuple[str, ...]) -> None:
        label = f"{_names(cards)} leads to {keys[0] or 'no milestone'}"
        board.make(lambda: edits.edit_all(cards, {("milestone",): keys[0] or None}, label))

    board.ask(Pick(f"Milestone of {_names(cards)}", items), chosen)


def _when(board: BoardScreen, date: Any) -> str:
    return say_date(date, board.today) if date else ""


def to_project(board: BoardScreen) -> None:
    """Moves the cards to another project."""
    from ..dialogs import Pick, PickItem

    items = [
        PickItem(one.id, one.label) for one in board.plan.projects.values() if one.id != board.state.project
    ]
    cards = board.targets()
    board.ask(
        Pick(f"Move {_names(cards)} to project", items),
        lambda keys: board.make(lambda: edits.move_to_project(board.plan, cards, keys[0])),
    )


# ---- status


def next_status(board: BoardScreen) -> None:
    """To do, in progress, done; several cards go where the first of them goes."""
    cards = board.targets()
    status = edits.NEXT_STATUS[cards[0].status]
    board.make(lambda: edits.set_status(cards, status))


def block(board: BoardScreen) -> None:
    """Asks for the reason; an empty one takes the mark away."""
    from ..dialogs import Prompt

    cards = board.targets()
    title = f"What blocks {_names(cards)}?"
    prompt = Prompt(title, "the reason; leave it empty to unblock", _same(cards, "blocked") or "")
    board.ask(prompt, lambda reason: board.make(lambda: edits.block(cards, reason)))


def drop(board: BoardScreen) -> None:
    """Asks for the reason, which must be given."""
    from ..dialogs import Prompt

    cards = board.targets()

    def wrong(text: str) -> str | None:
        return None if text.strip() else "a card is dropped for a reason: say it in a few words"

    board.ask(
        Prompt(f"Why drop {_names(cards)}?", "the reason", _same(cards, "dropped") or "", wrong),
        lambda reason: board.make(lambda: edits.drop(cards, reason)),
    )


# ---- order


def _reorder(by: int) -> Callable[[BoardScreen], None]:
    def reorder(board: BoardScreen) -> None:
        column = next(one for one in board.columns if one.phase == board.state.phase)
        index = column.index_of(board.state.focus)
        assert index is not None
        group = column.group_of(index)
        members = column.items[group.start : group.end]
        place = index - group.start + by
        if not 0 <= place < len(members):
            board.say(f"it is the {'last' if by > 0 else 'first'} of its group already")
            return
        # Ranks are all that reordering looks at, and projects have them as cards do.
        board.make(lambda: edits.reorder(cast("Card", members[place - by]), cast("Any", members), place))

    return reorder


# ---- fields


def owner(board: BoardScreen) -> None:
    """Picks who does it."""
    from ..dialogs import Pick, PickItem

    items = [PickItem(one.id, one.label, one.role or "") for one in board.plan.people.values()]
    items.append(PickItem("", "nobody"))
    cards = board.targets()

    def chosen(keys: tuple[str, ...]) -> None:
        label = f"{_names(cards)}: owner {keys[0] or 'nobody'}"
        board.make(lambda: edits.edit_all(cards, {("owner",): keys[0] or None}, label))

    board.ask(Pick(f"Who does {_names(cards)}?", items), chosen)


def tags(board: BoardScreen) -> None:
    """Asks for tags: the whole list for one card, what is added and removed for several."""
    from ..dialogs import Prompt

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
            return Batch(f"tags of {_names(cards)}", tuple(changes))

        board.make(build)

    value = ", ".join(_same(cards, "tags") or ())
    board.ask(
        Prompt(f"Tags of {_names(cards)}", "a, b for the whole list; +a, -b to add and remove", value),
        entered,
    )


def due(board: BoardScreen) -> None:
    """Asks for the day by which it is wanted; an empty answer clears it."""
    from ..dialogs import Prompt

    cards = board.targets()
    current = _same(cards, "due")

    def wrong(text: str) -> str | None:
        try:
            _date(board, text)
        except DateError as error:
            return str(error)
        return None

    def said(text: str) -> str:
        try:
            date = _date(board, text)
        except DateError:
            return ""
        return f"{say_date(date, board.today)}, {date.isoformat()}" if date else "no date"

    def entered(text: str) -> None:
        date = _date(board, text)
        label = f"{_names(cards)}: due {date.isoformat() if date else 'no day'}"
        board.make(lambda: edits.edit_all(cards, {("due",): date}, label))

    prompt = Prompt(
        f"When is {_names(cards)} wanted?",
        "2026-12-01, fri, +2w, 1 dec; empty for no date",
        current.isoformat() if current else "",
        wrong,
        echo=said,
    )
    board.ask(prompt, entered)


def _date(board: BoardScreen, text: str) -> Any:
    return parse_date(text.strip(), board.today) if text.strip() else None


def needs(board: BoardScreen) -> None:
    """Picks the cards that come first; a choice that would make a loop is refused with the loop."""
    from ...model.network import find_loop
    from ..dialogs import Pick

    (card,) = board.targets()
    items = [*_need_items(board, card)]
    written = {target_of(need): need for need in card.needs}

    def refused(key: str) -> str | None:
        loop = find_loop(board.plan, card.id, key)
        return f"that would make a loop: {' → '.join((*loop, loop[0]))}" if loop else None

    def chosen(keys: tuple[str, ...]) -> None:
        board.make(lambda: edits.set_needs(board.plan, card, [written.get(key, key) for key in keys]))

    board.ask(
        Pick(
            f"What must come before {_names([card])}?",
            items,
            multiple=True,
            chosen=tuple(written),
            refuse=refused,
        ),
        chosen,
    )


def _need_items(board: BoardScreen, card: Card) -> list[PickItem]:
    """The other cards: of the same project first, open ones before those that are finished."""
    from ..dialogs import PickItem

    others = sorted(
        (one for one in board.plan.cards.values() if one.id != card.id),
        key=lambda one: (one.project != card.project, not one.is_open, one.rank, one.id),
    )
    return [
        PickItem(one.id, one.title or one.id, f"{one.id} {one.status} {one.owner or ''}".strip())
        for one in others
    ]


# ---- adding, editing, explaining


def add(board: BoardScreen) -> None:
    """Opens the line at the bottom for a new card, or a new project on the portfolio."""
    from .board_find import AddCard, AddProject

    if not board.state.project:
        AddProject(board).open()
        return
    place, fields = column_step(board.columns, board.state.phase, board.state.focus, board.state.group)
    AddCard(board, place, fields).open()


def edit(board: BoardScreen) -> None:
    """The whole record in a form."""
    item = board.focused_item()
    assert item is not None
    board.board_app.open_form(item.address)


def editor(board: BoardScreen) -> None:
    """The record's file in the person's own editor."""
    item = board.focused_item()
    assert item is not None
    board.board_app.open_editor(item.address)


def copy_id(board: BoardScreen) -> None:
    """Copies the ids of the marked cards, or of what is focused."""
    ids = " ".join(card.id for card in board.targets()) or board.state.focus
    board.app.copy_to_clipboard(ids)
    board.say(f"copied {ids} (where the terminal lets programs copy)", "good")


def copy_branch(board: BoardScreen) -> None:
    """Copies a name for the branch on which the card is done: its project and its id."""
    item = board.focused_item()
    assert item is not None
    name = f"{item.project}/{item.id}" if isinstance(item, Card) else item.id
    board.app.copy_to_clipboard(name)
    board.say(f"copied {name} (where the terminal lets programs copy)", "good")


def why(board: BoardScreen) -> None:
    """Explains what is focused."""
    from ..dialogs import Message
    from ..explain import explain

    item = board.focused_item()
    assert item is not None
    board.ask(Message(item.label, explain(board.plan, item, board.today)), lambda _: None)


HANDLERS: Mapping[str, Callable[[BoardScreen], None]] = {
    "card.mark": mark,
    "card.mark_all": mark_all,
    "card.move_left": _shift(-1),
    "card.move_right": _shift(1),
    **{f"card.move_{phase.id}": _to(phase.id) for phase in PHASES},
    "card.move_step": to_step,
    "card.move_milestone": to_milestone,
    "card.move_project": to_project,
    "card.next_status": next_status,
    "card.block": block,
    "card.drop": drop,
    "card.lower": _reorder(1),
    "card.raise": _reorder(-1),
    "card.owner": owner,
    "card.tags": tags,
    "card.due": due,
    "card.needs": needs,
    "card.add": add,
    "card.edit": edit,
    "card.editor": editor,
    "card.copy_id": copy_id,
    "card.copy_branch": copy_branch,
    "card.why": why,
}
