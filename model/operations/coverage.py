"""What no monitor covers: grave risks that are open, and ways to go bad that a live system has."""

from __future__ import annotations

from typing import cast

from ..plan.plan import Plan
from ..playbook.playbook import Playbook
from ..records.delivery import Monitor
from ..records.governance import Risk

HIGH_IMPACT = 4
"""Grade of impact from which on an open risk of a live system needs a monitor."""
MONITORS = "mon-set"
"""The question of the playbook that says what has to be watched."""
Ways = tuple[tuple[str, ...], ...]
"""The ways in which a live system goes bad; each by the words of `watches` of which one is enough."""


def monitors_of(plan: Plan, project: str) -> list[Monitor]:
    """The monitors of a project by id."""
    return sorted((cast("Monitor", one) for one in plan.of_kind("monitor", project)), key=lambda one: one.id)


def uncovered_risks(plan: Plan, project: str) -> list[Risk]:
    """Open risks of high impact that can be watched and that no monitor covers, by id."""
    covered = {risk.rpartition("/")[2] for one in monitors_of(plan, project) for risk in one.covers}
    risks = sorted((cast("Risk", one) for one in plan.of_kind("risk", project)), key=lambda one: one.id)
    return [
        one
        for one in risks
        if one.state == "open"
        and one.kind != "avoidable"
        and (one.impact or 0) >= HIGH_IMPACT
        and one.id not in covered
    ]


def ways_to_go_bad(playbook: Playbook) -> Ways:
    """What the playbook wants to be watched by monitors."""
    item = playbook.item(MONITORS)
    found = (
        tuple(str(term.value) for term in test.terms if (term.field, term.how) == ("watches", "=="))
        for test in (item.covers if item is not None else ())
    )
    return tuple(filter(None, found))


def unwatched(plan: Plan, project: str, ways: Ways) -> list[str]:
    """The ways to go bad that no monitor watches, as `watches` of a monitor names them."""
    watched = {one.watches for one in monitors_of(plan, project)}
    return [one[0] for one in ways if watched.isdisjoint(one)]
