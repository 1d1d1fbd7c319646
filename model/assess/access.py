"""Whether data that is only asked for will be there in time."""

from __future__ import annotations

import datetime as dt

from ..records.dataset import Dataset
from ..text.amounts import counted

DAYS_A_WEEK = 5
"""Working days."""
PATIENCE_DAYS = 60
"""Days after which access that was asked for, and is not promised for a day, should have been answered; our own."""


def late_access(dataset: Dataset, weeks: float | None, today: dt.date) -> list[tuple[str, str]]:
    """Why access to a dataset comes too late for a stage of some weeks, each with the field that says it."""
    if dataset.access in ("open", "granted", "refused"):
        return []
    found: list[tuple[str, str]] = []
    days = dataset.approval_days
    if days is not None and weeks is not None and days > weeks * DAYS_A_WEEK:
        word = "only asked for" if dataset.access == "asked" else "not asked for"
        found.append(
            (
                f"{dataset.id}: access is {word} and takes {days:g} working days; the stage has {weeks:g} weeks, "
                f"{weeks * DAYS_A_WEEK:g} of them",
                "approval_days",
            )
        )
    since = (today - dataset.asked_on).days if dataset.access == "asked" and dataset.asked_on else 0
    if since > (PATIENCE_DAYS if days is None else days * 7 / DAYS_A_WEEK):
        found.append(
            (
                f"{dataset.id}: access was asked for on {dataset.asked_on}, {counted(since, 'day')} ago",
                "asked_on",
            )
        )
    return found
