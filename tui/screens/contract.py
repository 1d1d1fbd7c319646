"""What an action needs of the screen that it is done on; actions know nothing else of screens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Protocol, TypeVar

from textual.screen import Screen

from ...model.plan.change import Batch
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.card import Card
from ...model.records.project import Project
from ..draw.glyphs import Glyphs
from ..keys.keymap import Keymap
from ..session.session import Session
from ..widgets.host import Host
from ..widgets.key_line import Tone

Answer = TypeVar("Answer")


class HasSession(Protocol):
    """A screen, or a form, of a program with an open plan."""

    @property
    def host(self) -> Host:
        """The program around it."""
        ...

    @property
    def session(self) -> Session:
        """What holds the plan and writes it."""
        ...

    @property
    def keys(self) -> Keymap:
        """The keys of the person."""
        ...

    def ask(
        self,
        dialog: Screen[Answer],
        then: Callable[[Answer], object],
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        """Shows a dialog, and goes on with its answer; where there is none, with `otherwise`."""
        ...


class ActsOnPlan(HasSession, Protocol):
    """A screen of the plan."""

    @property
    def plan(self) -> Plan:
        """The plan as it is shown."""
        ...

    @property
    def today(self) -> dt.date:
        """The day it is."""
        ...

    @property
    def glyphs(self) -> Glyphs:
        """The signs that the terminal takes."""
        ...

    def here(self) -> str:
        """The id of the project in sight; empty where there is none."""
        ...

    def say(self, text: str, tone: Tone = "plain") -> None:
        """Says something in the foot."""
        ...

    def door(self, text: str) -> Address | None:
        """Where a line of an explanation leads."""
        ...

    def show_dialog(self, dialog: Screen[None]) -> None:
        """Shows a dialog that is only read."""
        ...

    def make(
        self, build: Callable[[], Batch], focus: str = "", then: Callable[[], object] | None = None
    ) -> None:
        """Makes a step, with all that is checked and asked before one."""
        ...

    def saved(self, address: Address | None) -> None:
        """Shows what a form has saved."""
        ...

    def copy(self, text: str) -> None:
        """Puts a text where other programs can paste it from."""
        ...


class ActsOnCards(ActsOnPlan, Protocol):
    """A screen with cards to act on."""

    def focused_item(self) -> Card | Project | None:
        """The card or project that has the focus."""
        ...

    def targets(self) -> tuple[Card, ...]:
        """The cards that an action is for."""
        ...

    def show_card(self, card_id: str) -> None:
        """Goes to a card."""
        ...
