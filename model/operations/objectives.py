"""A service level objective that another tool keeps: the share of good events that is promised, and over how long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Objective:
    """What is promised."""

    name: str
    share: float | None
    """Share of good events, 0 to 1; None where the file's figure cannot be used."""
    days: float | None = None
    """The window; None where the file names none."""
    rolling: bool = True
    """Whether the window moves on all the time, or begins again by the calendar."""
    why: str = ""
    """Why there is no share."""
