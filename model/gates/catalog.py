"""All computed conditions of the gates, by gate and index of the sentence in the shipped playbook."""

from __future__ import annotations

from . import assess_plan_conditions, execute_iterate_conditions
from .condition import CONDITIONS

SOURCES = (assess_plan_conditions, execute_iterate_conditions)
"""Modules whose functions register themselves when they are loaded."""

__all__ = ["CONDITIONS", "SOURCES"]
