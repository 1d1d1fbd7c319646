"""All computed conditions of the gates, by the id that they have in a gate."""

from __future__ import annotations

from . import (
    assess_conditions,
    decider_conditions,
    execute_iterate_conditions,
    plan_conditions,
    traffic_conditions,
)
from .condition import CONDITIONS

SOURCES = (
    assess_conditions,
    decider_conditions,
    execute_iterate_conditions,
    plan_conditions,
    traffic_conditions,
)
"""Modules whose functions register themselves when they are loaded."""

__all__ = ["CONDITIONS", "SOURCES"]
