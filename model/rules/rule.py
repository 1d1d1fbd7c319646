"""What a rule of `check` is: what it says about itself, and the pure function that looks for it.

A check yields hits; code and severity are added in one place, so that a rule states them once and a plan may
change them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..plan.findings import Severity
from ..plan.plan import Plan
from ..playbook.outline import PLACES
from ..records.address import Address

if TYPE_CHECKING:
    from ..playbook.playbook import Playbook

FAMILIES = {
    "F": "files and format",
    "R": "references and links",
    "A": "assess",
    "P": "plan",
    "E": "execute",
    "I": "iterate",
    "D": "compared with another revision",
}
"""Letters that codes begin with. A plan may speak of a family that this version has no rule of."""


@dataclass(frozen=True)
class Context:
    """What a check needs to know besides the plan."""

    today: dt.date
    places: frozenset[str] = frozenset(PLACES)
    """Where a card may stand: `execute`, `execute/data-pipeline`."""
    items: frozenset[str] = frozenset()
    """Ids of the playbook's questions."""
    gates: frozenset[str] = frozenset()
    """Ids of the playbook's gates."""
    unreadable: frozenset[Address] = frozenset()
    """Records that are there, but cannot be read at present: nothing is said to be missing because of them."""
    playbook: Playbook | None = None
    """The questions themselves; the shipped ones where nothing is said."""
    rules: Mapping[str, Rule] = field(default_factory=dict)
    """All rules by code."""

    @classmethod
    def of(cls, playbook: Playbook, today: dt.date, unreadable: frozenset[Address] = frozenset()) -> Context:
        """The context that a playbook gives."""
        return cls(
            today,
            frozenset(playbook.places()),
            frozenset(item.id for item in playbook.items),
            frozenset(gate.id for gate in playbook.gates),
            unreadable,
            playbook,
        )


class Hit(NamedTuple):
    """A place in the plan where a rule does not hold."""

    address: Address
    message: str
    """What is wrong, with the facts in it, in one line."""
    field: tuple[str | int, ...] = ()
    hint: str = ""
    """What to do about it."""
    fix: str = ""
    """Label of the change that mends it safely; empty where there is none."""


Check = Callable[[Plan, Context], Iterator[Hit]]


@dataclass(frozen=True)
class Rule:
    """One thing that `check` looks for."""

    code: str
    name: str
    """In kebab case; says what is wrong."""
    severity: Severity
    why: str
    """What goes wrong where the rule is broken."""
    wayout: str
    """What to do about it."""
    source: str
    """Where the rule comes from."""
    example: str
    """Lines of a plan that break it; they stand in its sample."""
    check: Check | None = None
    """None for what shows itself while files are read, before there is a plan."""

    @property
    def family(self) -> str:
        """What the first letter of the code stands for."""
        return FAMILIES[self.code[0]]
