"""Sends the list in batches of 500: above 1,000 the bulk API answers 202 and loses rows."""

BATCH = 500


def key(week: str, contract: str) -> str:
    """The same row sent twice counts once."""
    return f"{week}:{contract}"
