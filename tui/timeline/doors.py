"""What is done with the row under the cursor: where it leads, what is known of it, and the edits that rows share.

A milestone is edited, dated and given an owner by the keys that cards have; a person is edited.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial

from ...model.records.address import Address
from ..dialogs.message import Message
from ..dialogs.pick import Pick, PickItem
from ..screens import row_edits
from ..screens.sections import NOWHERE, Place
from ..widgets.acting import Handlers
from .about import about
from .contract import ActsOnTime
from .gantt_lines import legend


def kind_of(key: Hashable) -> str:
    """What a row is about where that is no card: a milestone, a person, a team; empty elsewhere."""
    match key:
        case ("milestone" | "person" | "team" as kind, *_):
            return kind
        case _:
            return ""


def place_of(key: Hashable) -> Place:
    """The record or entry that a row is about where that is no card."""
    match key:
        case ("milestone", str(project), str(name)):
            return Place(Address("milestone", project, name))
        case ("person", str(person)):
            return Place(Address("person", "", person))
        case _:
            return NOWHERE


def _open(screen: ActsOnTime) -> None:
    """Opens the card, the person, or the record that holds the milestone."""
    if screen.place != NOWHERE:
        screen.host.open_form(screen.place.address, then=screen.saved)
    elif screen.card_id:
        screen.host.open_card(screen.card_id)
    else:
        screen.say("there is nothing to open here", "warning")


def _edit(screen: ActsOnTime) -> None:
    screen.host.open_form(screen.place.address, then=screen.saved)


def _set_day(screen: ActsOnTime) -> None:
    row_edits.set_day(screen, "due")


def _set_owner(screen: ActsOnTime) -> None:
    row_edits.set_person(screen, "owner", "answers for")


def _explain(screen: ActsOnTime) -> None:
    """Shows why dates are as they are, or what a person's weeks are made of."""
    screen.show_dialog(Message(*_explained(screen), screen.door))


def _explained(screen: ActsOnTime) -> tuple[str, list[str]]:
    chart, known, key = screen.chart, screen.known, screen.row_key
    assert chart is not None
    card = screen.focused_item()
    if card is not None:
        planned = known.before.about_card(card.id) if known.before is not None else ""
        lines = [*chart.explained(card.id, known.drag(card.id)), *filter(None, [planned])]
        signs = legend(screen.glyphs, with_baseline=known.before is not None)
        return card.label, [*lines, "", "Signs", *signs]
    match key:
        case ("milestone", str(project), str(name)):
            last = chart.made.last_card((project, name))
            way = ["", *chart.way_to(last)] if last is not None else []
            return chart.made.milestones[project, name].title, [*about(known, key), *way]
        case (str(kind), str(name)) if known.load is not None:
            return name, [*about(known, key), "", *known.load.explained((kind, name))]
        case _:
            return "", []


def _pick_project(screen: ActsOnTime) -> None:
    """Asks which project is shown."""
    items = [PickItem(one.id, one.label, one.phase) for one in screen.plan.projects.values()]
    items.append(PickItem("", "all projects"))
    screen.ask(Pick("Projects", items), lambda keys: screen.show_project(keys[0]))


_ON_ROWS: Mapping[str, Callable[[ActsOnTime], None]] = {
    "card.edit": _edit,
    "card.owner": _set_owner,
    "card.due": _set_day,
}
"""What keys of cards do on a milestone or a person."""


def handlers(screen: ActsOnTime, on_cards: Handlers) -> Handlers:
    """What is done with the row under the cursor; `on_cards` is what the same keys do on a card."""

    def act(name: str) -> object:
        return _ON_ROWS[name](screen) if screen.place != NOWHERE else on_cards[name]()

    return {
        **{name: partial(act, name) for name in _ON_ROWS},
        "card.why": lambda: _explain(screen),
        "find.project": lambda: _pick_project(screen),
        "time.open": lambda: _open(screen),
    }
