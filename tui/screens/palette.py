"""The palette: every command, screen, saved view, card and record, by a part of its name."""

from __future__ import annotations

from typing import Protocol

from ..dialogs.palette import Palette
from ..dialogs.pick import PickItem
from ..keys.action import Action
from ..keys.action_context import Situation
from ..keys.actions import BY_ID, OPENING, reason_against
from .contract import ActsOnPlan
from .records import open_record, record_items


class HasActions(ActsOnPlan, Protocol):
    """A screen whose actions can be listed."""

    def actions(self) -> list[Action]:
        """What can be done here."""
        ...

    def label_of(self, action: Action) -> str:
        """What an action is called here."""
        ...

    def key_list(self, action: Action) -> str:
        """All keys of an action, as they are shown."""
        ...

    def situation(self) -> Situation:
        """What decides which actions can be done now."""
        ...

    def act(self, action_id: str) -> None:
        """Does an action."""
        ...

    def show_card(self, card_id: str) -> None:
        """Goes to a card."""
        ...


def open_palette(screen: HasActions) -> None:
    """Lists everything, and goes to what is chosen."""
    sources = [
        ("command", _commands(screen)),
        (
            "screen",
            [
                PickItem(name, BY_ID[name].label, BY_ID[name].help)
                for name in OPENING
                if name in screen.host.screens
            ],
        ),
        (
            "view",
            [PickItem(key, one.label or key, one.query) for key, one in screen.plan.board.views.items()],
        ),
        ("card", _cards(screen)),
        ("record", list(record_items(screen.plan, screen.here()))),
    ]
    now = screen.situation()

    def refused(source: str, key: str) -> str | None:
        return reason_against(BY_ID[key], now) if source in ("command", "screen") else None

    def chosen(place: tuple[str, str]) -> None:
        source, key = place
        match source:
            case "record":
                open_record(screen, key)
            case "view":
                screen.host.open_view(key)
            case "card":
                screen.show_card(key)
            case _:
                screen.act(key)

    screen.ask(Palette(sources, refused), chosen)


def _commands(screen: HasActions) -> list[PickItem]:
    return [
        PickItem(one.id, f"{screen.label_of(one)}: {one.help}", screen.key_list(one))
        for one in screen.actions()
        if one.id != "find.command" and not one.id.startswith("focus.") and one.id not in OPENING
    ]


def _cards(screen: HasActions) -> list[PickItem]:
    """All cards, those of the project in sight first."""
    own = screen.here()
    cards = sorted(screen.plan.cards.values(), key=lambda one: (one.project != own, one.rank, one.id))
    return [PickItem(one.id, one.label, one.id) for one in cards]
