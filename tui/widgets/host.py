"""What a screen may ask of the program around it: this is all that screens know of the app, and of each other.

The app implements it (`app/host.py`); a test may do so with less.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ...model.plan.change import Path
from ...model.records.address import Address
from ...model.records.card import Card
from ...storage.plan.workspace import Workspace
from ..draw.glyphs import Glyphs
from ..draw.palette import style_sheet_variables
from ..keys.keymap import Keymap
from ..keys.textual_internals import QuietApp
from ..session.session import Event, Session
from .head_line import Heading

HelpEntry = tuple[str, str, str, str | None]
"""Keys, label, help, and why it cannot be done now (None where it can)."""
HelpGroups = Sequence[tuple[str, Sequence[HelpEntry]]]
"""Actions by heading."""
Saved = Callable[[Address | None], None]
"""What goes on after a form, with the address of what was saved; None where the person left without saving."""


class Host(Protocol):
    """Opens screens, and knows what all of them share."""

    @property
    def keys(self) -> Keymap:
        """The keys of the person."""
        ...

    @property
    def glyphs(self) -> Glyphs:
        """The signs that the terminal takes."""
        ...

    @property
    def today(self) -> dt.date:
        """The day it is."""
        ...

    @property
    def session(self) -> Session:
        """What holds the plan and writes it; not there before the plan has been read."""
        ...

    @property
    def heading(self) -> Heading:
        """What the head line of every screen says of findings and of git."""
        ...

    @property
    def last_failure(self) -> str:
        """Why the last step could not be saved."""
        ...

    @property
    def can_stop(self) -> bool:
        """Whether there is a shell that can take the terminal and let the program go on."""
        ...

    @property
    def screens(self) -> frozenset[str]:
        """The actions that open a screen which exists."""
        ...

    def open_screen(self, action: str, project: str = "") -> None:
        """Shows the screen of an action in the place of what is over the board; `project` is the one in sight."""
        ...

    def open_side(self, state: Workspace, name: str, action: str, project: str = "") -> None:
        """Shows another state of the plan over the screen in front: its board, or the screen of an action."""
        ...

    def follow(self, to: Address) -> None:
        """Goes to what a cause is about: a card, a question of the method, or the form of another record."""
        ...

    def open_board(self, project: str) -> None:
        """Shows the board of a project."""
        ...

    def open_view(self, key: str) -> None:
        """Shows a saved view on the board."""
        ...

    def open_card(self, card_id: str) -> None:
        """Shows all that is known of a card."""
        ...

    def open_form(
        self,
        address: Address,
        first: Path = (),
        *,
        typed: Mapping[str, object] | None = None,
        given: Mapping[str, object] | None = None,
        then: Saved | None = None,
    ) -> None:
        """Shows a record or an entry in a form; a new one where the address has no id.

        `first` is the field to begin in: where that is in an entry of the record, the form is the entry's. `given`
        are values that the place brings along, `typed` those that the person has typed already.
        """
        ...

    def open_cards_form(self, cards: Sequence[Card]) -> None:
        """Shows one form for several cards."""
        ...

    def open_editor(self, address: Address, line: int = 0) -> None:
        """Opens a record's file in the person's editor."""
        ...

    def open_help(self, groups: HelpGroups) -> None:
        """Shows the keys of a screen."""
        ...

    def stop(self) -> None:
        """Stops the program until its shell lets it go on."""
        ...

    def say(self, words: str) -> None:
        """Says on the screen in front that something went well, unless it says something itself."""
        ...

    def tell(self, event: Event) -> None:
        """Tells all open screens what has happened to the plan."""
        ...


class HostedApp(QuietApp, inherit_bindings=False):
    """An app that runs screens; what it offers them is its host."""

    @property
    def host(self) -> Host:
        """What it offers them."""
        raise NotImplementedError

    def get_css_variables(self) -> dict[str, str]:
        """Those of the theme, with the colours of the palette in place of those that cannot be read everywhere."""
        return {**super().get_css_variables(), **style_sheet_variables(self.current_theme)}
