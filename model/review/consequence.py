"""A consequence of a change to a plan, and a line of the table before | after | change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..records.address import Address
from ..records.findings import Severity

Kind = Literal[
    "goal",
    "date",
    "budget",
    "gate",
    "scope",
    "overload",
    "blocked",
    "ready",
    "critical",
    "finding",
    "risk",
    "rank",
]
KINDS: tuple[Kind, ...] = (
    *("goal", "budget", "gate", "date", "overload", "scope"),
    *("blocked", "critical", "finding", "risk", "rank", "ready"),
)
"""In the order in which they are told."""
NAMES: dict[Kind, str] = {
    "goal": "Goals",
    "budget": "Money",
    "gate": "Gates",
    "date": "Dates",
    "overload": "People with too much",
    "scope": "Scope",
    "blocked": "Newly blocked",
    "critical": "Critical path",
    "finding": "Findings",
    "risk": "Risks",
    "rank": "Portfolio",
    "ready": "Newly ready",
}


TOTAL = "total"
UNMOVED = "none"
"""The change of what is the same on both sides."""


@dataclass(frozen=True)
class Consequence:
    """Something that follows from the changes, with the ids of those that cause it."""

    kind: Kind
    severity: Severity
    text: str
    """What follows, in one line; it may hold titles from files."""
    about: Address
    """What it happens to: a milestone, a project, a card, a person."""
    field: str = ""
    """Which figure of that: `target`, `P80`; with kind, id and value it says which consequence this is."""
    before: object = None
    """Plain values; dates as dates, money as numbers."""
    after: object = None
    because: tuple[str, ...] = ()
    """Ids of the records whose change causes it."""
    brief: str = ""
    """The same in a few words, for the verdict; the kinds without are counted there."""
    detail: str = ""
    """Free text from files that belongs to it; `--no-text` leaves it out."""
    is_dangerous: bool = False
    """Whether a reviewer has to see it first: a goal moved, a limit passed, a gate closed, a due date missed."""
    later: float = 0.0
    """Working days by which a date comes later, below 0 where it comes earlier; for `--fail-on date:3d`."""
    grows: float = 0.0
    """Money, or days of work, that come on top."""
    share: float = 0.0
    """The same as a share of what was there before; infinite where there was nothing."""

    @property
    def whole(self) -> str:
        """The text with the detail."""
        return f"{self.text}: {self.detail}" if self.detail else self.text


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    subject: str
    """What it is about, by id: `mvp-live`, `churn`, `total`."""
    figure: str
    """Which figure of that: `P80`, `scope`; empty for a date."""
    before: str
    after: str
    change: str
    note: str = ""
    """What it is held against: `due 18 Dec`, `cap 170,000 EUR`."""
    title: str = ""
    """What a person calls the subject; empty where the figure says it, as in a plan of one project."""

    @property
    def name(self) -> str:
        """What it is about, for a program: `mvp-live P80`."""
        return f"{self.subject} {self.figure}".rstrip()

    @property
    def called(self) -> str:
        """What it is about, for a person: `All teams on the list P80`."""
        return f"{self.title} {self.figure}".strip()
