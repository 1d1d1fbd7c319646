"""How a measure of success is drawn, on every screen that lists some: its state, and the sign of it."""

from __future__ import annotations

from ...model.operations.targets import against_target
from ...model.records.strategy import Metric
from .glyphs import Glyphs
from .spans import Span

_LOOKS = {"good": "good", "bad": "bad", "open": "", "unknown": "quiet"}


def state_of(one: Metric) -> Span:
    """What the value that was measured last means, and its look."""
    text, standing = against_target(one)
    return text, _LOOKS[standing]


def mark_of(look: str, glyphs: Glyphs) -> str:
    """The sign in front of a metric of this look; empty where it is neither good nor bad."""
    return {"good": glyphs.check, "bad": glyphs.warning}.get(look, "")
