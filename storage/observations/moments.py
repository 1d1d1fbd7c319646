"""Moments as other tools write them."""

from __future__ import annotations

import datetime as dt


def from_milliseconds(value: object) -> dt.datetime | None:
    """Milliseconds since 1970 as a moment in UTC; None where they are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return dt.datetime.fromtimestamp(value / 1000, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
