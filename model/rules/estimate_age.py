"""P129: estimates that are much older than what they are estimates of.

Only git knows how old they are: the rule has no check of a plan alone, and says nothing where there is no history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from ..records.address import Address
from ..records.card import Card
from ..records.findings import Finding
from ..text.dates import say_date
from .rule import Rule

MUCH = 14
"""Days after its estimate from which on another scope makes a card another one: longer than a card should take."""
_PARTS = ("title", "notes", "links", "checklist")


RULE = Rule(
    "P129",
    "estimate-outgrown",
    "advice",
    "What is to be done changed weeks after it was estimated: the estimate is that of other work, and all dates that "
    "wait for the card rest on it.",
    "Estimate the card as it is now. Where the figures hold, say so in the card: allow.P129 with the reason.",
    "docs/plan.md: estimates",
    "estimate = [1, 2, 3]",
)
RULES = (RULE,)


class Outgrown(NamedTuple):
    """An estimate of less, or of more, than the card is now."""

    card: Address
    estimated: dt.date
    changed: dt.date
    """When what is to be done changed last."""
    parts: tuple[str, ...]
    """The fields that are not as they were."""


def is_asked(card: Card) -> bool:
    """Whether the dates of a card hang on its estimate; what remains of one in progress was said later."""
    return (
        card.is_open and bool(card.estimate) and not (card.status == "doing" and card.remaining is not None)
    )


def scope(values: Mapping[str, Any]) -> dict[str, object]:
    """What says how much there is to do, of the plain values of a card: ticks and the order of lines do not."""
    checklist: object = values.get("checklist")
    rows = cast("dict[str, Any]", checklist) if isinstance(checklist, dict) else {}
    texts = [str(cast("dict[str, Any]", one).get("text")) for one in rows.values() if isinstance(one, dict)]
    found = {name: values.get(name) or None for name in _PARTS[:-1]}
    return {**found, "checklist": sorted(texts)}


def differing(then: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    """The parts of a scope that differ."""
    return tuple(name for name in _PARTS if then[name] != now[name])


def is_much_older(estimated: dt.date, changed: dt.date) -> bool:
    """Whether a scope changed so long after the estimate that this says little of it."""
    return (changed - estimated).days >= MUCH


def finding(one: Outgrown, today: dt.date) -> Finding:
    """What is said of it."""
    parts = ", ".join(one.parts[:-1]) + " and " * (len(one.parts) > 1) + "".join(one.parts[-1:])
    is_several = len(one.parts) > 1 or one.parts in (("notes",), ("links",))
    return Finding(
        RULE.code,
        RULE.severity,
        f"estimated {say_date(one.estimated, today)}; {parts} {'have' if is_several else 'has'} changed since, "
        f"last {say_date(one.changed, today)}",
        one.card,
        ("estimate",),
        f"look at the estimate again: kedge set {one.card.id} estimate=…; where it holds, allow.P129=…",
    )
