"""What keeps a card from being scheduled as it is written, as a value that commands and `check` show."""

from __future__ import annotations

from typing import NamedTuple

from ..records.address import Address

FAR_YEARS = 100
"""What would end later than this from today is not planned: no plan means it."""


BOARD = Address("board", "", "board")


class Problem(NamedTuple):
    """Something about a card, a milestone, a person or the board that a schedule cannot make right."""

    code: str
    """Of the rule that it breaks."""
    address: Address
    message: str
    field: tuple[str | int, ...] = ()
    hint: str = ""

    @property
    def id(self) -> str:
        """What it is about: a card, a person, a milestone, the board."""
        return str(self.field[1]) if self.field[:1] == ("milestones",) else self.address.id


ZERO_ESTIMATE = "P106"
NO_WORKING_DAYS = "P107"
UNREADABLE_RULE = "P108"
MILESTONE_LATE = "P110"
CARD_LATE = "P111"
OVERLOAD = "P112"
PIN_IMPOSSIBLE = "P113"
PIN_IN_THE_PAST = "P114"
NOBODY_THERE = "P115"
NEEDS_UNFINISHED = "P116"
ONE_PERSON_CRITICAL = "P117"
PIN_CRITICAL = "P118"
TOO_FAR = "P119"
NEEDS_LEFT_OUT = "P109"
LOOP = "R202"
