"""Leaving a review for what it speaks of: a record of the plan as it is now, or either side as it was."""

from __future__ import annotations

from ...model.edit.edits import holder
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.kinds import ENTRIES, KINDS
from ...storage.plan.past import Past
from ..dialogs.ask import Ask
from ..screens.contract import ActsOnPlan
from .compare import Found

_VIEWS = (("board", "screen.board"), ("timeline", "screen.timeline"))
_KEYS = "btnm"


def ask_side(screen: ActsOnPlan, found: Found) -> None:
    """Asks for what is looked at, and at which side."""
    both = found.compared
    ways = [
        (when, state.title, loaded, what, action)
        for when, state, loaded in (
            ("before", both.before, both.pair.before),
            ("after", both.after, both.pair.after),
        )
        for what, action in _VIEWS
    ]

    def answered(key: str) -> None:
        _, title, loaded, _, action = ways[_KEYS.index(key)]
        workspace = screen.session.workspace
        past = Past(workspace.root, workspace.environment, loaded, title)
        screen.host.open_side(past, title, action, screen.here())

    options = [
        (key, f"the {what} {when}: {title}")
        for key, (when, title, _, what, _) in zip(_KEYS, ways, strict=True)
    ]
    screen.ask(Ask("Look there", "Nothing can be changed there; Esc goes back.", options), answered)


def open_record(screen: ActsOnPlan, address: Address) -> None:
    """Opens a record, or an entry in one, or says that the plan as it is now has none."""
    if address.kind == "card" and address.id in screen.plan.cards:
        screen.host.open_card(address.id)
    elif _has_form(screen.plan, address):
        screen.host.open_form(address, then=screen.saved)
    else:
        screen.say(f"{address.id} is not in the plan as it is now: w says what it was", "warning")


def _has_form(plan: Plan, address: Address) -> bool:
    if address.kind in KINDS:
        return address.kind != "card" and plan.get(address) is not None
    if address.kind not in ENTRIES:
        return False
    record = plan.get(holder(address)[0])
    return record is not None and address.id in getattr(record, ENTRIES[address.kind].section)
