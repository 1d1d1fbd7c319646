"""What no monitor covers: grave risks that are open, and ways to go bad that a live system has."""

from __future__ import annotations

from typing import cast

from ..plan.plan import Plan
from ..records.delivery import Monitor
from ..records.governance import Risk

HIGH_IMPACT = 4
"""Grade of impact from which on an open risk of a live system needs a monitor."""
WATCHED = ("input drift", "quality", "data arrival", "servers", "software", "cost")
"""The ways in which a live system goes bad, as monitors name them (playbook: mon-set)."""


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


def unwatched(plan: Plan, project: str) -> list[str]:
    """The ways to go bad that no monitor watches, as `watches` of a monitor names them."""
    watched = {one.watches for one in monitors_of(plan, project)}
    return [one for one in WATCHED if one not in watched]
