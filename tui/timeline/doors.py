"""Where a row leads: the card, the person, the milestone's record; all that is known of its dates; another project."""

from __future__ import annotations

from ...model.records.address import Address
from ..dialogs.message import Message
from ..dialogs.pick import Pick, PickItem
from .contract import ActsOnTime
from .gantt_lines import legend


def open_row(screen: ActsOnTime) -> None:
    """Opens the card, the person, or the record that holds the milestone."""
    match screen.row_key:
        case ("milestone", str(project), str(name)):
            screen.host.open_form(Address("milestone", project, name), then=screen.saved)
        case ("person", str(person)):
            screen.host.open_form(Address("person", "", person), then=screen.saved)
        case _ if screen.card_id:
            screen.host.open_card(screen.card_id)
        case _:
            screen.say("there is nothing to open here", "warning")


def explain(screen: ActsOnTime) -> None:
    """Shows why a card's dates are as they are, and what the signs mean."""
    chart, card = screen.chart, screen.focused_item()
    if chart is None or card is None:
        screen.say("the cursor is on no card", "warning")
        return
    known = screen.known
    planned = known.before.about_card(card.id) if known.before is not None else ""
    lines = [*chart.explained(card.id, known.drag(card.id)), *filter(None, [planned])]
    signs = legend(screen.glyphs, with_baseline=known.before is not None)
    screen.show_dialog(Message(card.label, [*lines, "", "Signs", *signs]))


def pick_project(screen: ActsOnTime) -> None:
    """Asks which project is shown."""
    items = [PickItem(one.id, one.label, one.phase) for one in screen.plan.projects.values()]
    items.append(PickItem("", "all projects"))
    screen.ask(Pick("Projects", items), lambda keys: screen.show_project(keys[0]))
