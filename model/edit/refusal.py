"""The one error of the verbs: what a person asked for cannot be done to this plan."""

from __future__ import annotations


class EditRefused(ValueError):
    """Something that cannot be done to this plan, and why."""


class Unreadable(EditRefused):
    """It would write over a part of a file that could not be read."""
