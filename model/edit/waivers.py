"""Waivers: what makes one count.

A question may be set aside for a while by a person who may do that: a named approver who does not lead the project,
with a reason and an end (the playbook's `waiver_rule`).
"""

from __future__ import annotations

from collections.abc import Mapping

from ..plan.plan import Plan
from ..records.project import Waiver
from .refusal import EditRefused


def lacks(approved_by: object, reason: object, expires: object, lead: str | None) -> list[str]:
    """What a waiver lacks to count; nothing where it does."""
    wanted = {
        "an approver": approved_by,
        "a reason": str(reason or "").strip(),
        "a day on which it ends": expires,
    }
    found = [what for what, value in wanted.items() if not value]
    if approved_by and approved_by == lead:
        found.append("an approver who is not the lead")
    return found


def lacks_of(waiver: Waiver, lead: str | None) -> list[str]:
    """What a recorded waiver lacks to count."""
    return lacks(waiver.approved_by, waiver.reason, waiver.expires, lead)


def refuse(plan: Plan, project: str, data: Mapping[str, object]) -> None:
    """Raises EditRefused with what a new waiver lacks."""
    record = plan.projects.get(project)
    missing = lacks(
        data.get("approved_by"),
        data.get("reason"),
        data.get("expires"),
        record.lead if record is not None else None,
    )
    if missing:
        raise EditRefused(
            f"a waiver lacks {', '.join(missing)}: approved_by=PERSON reason=TEXT expires=DATE, and not by the lead"
        )
