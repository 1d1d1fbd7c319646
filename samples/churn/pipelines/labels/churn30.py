"""The label: does a contract end within 30 days, other than by what was in the letter box already?"""

import datetime as dt

BLIND = dt.timedelta(days=7)
WINDOW = dt.timedelta(days=30)


def label(cut_off: dt.date, typed: dt.date | None) -> int | None:
    """1 where a cancellation is typed in the window, None in the blind days, else 0."""
    if typed is None or typed >= cut_off + WINDOW:
        return 0
    return None if typed < cut_off + BLIND else 1
