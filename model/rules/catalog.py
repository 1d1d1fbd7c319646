"""All rules of `check` by code."""

from __future__ import annotations

from . import (
    answerable,
    answered,
    assess,
    compared,
    cycles,
    days,
    decisions,
    denied,
    documents,
    estimate_age,
    estimates,
    evidence,
    experiments,
    far_off,
    files,
    grounds,
    half_said,
    held_together,
    monitors,
    plausible,
    references,
    requirements,
    sceptic,
    schedule,
    settings,
    strategy,
    too_little,
    work,
)
from .rule import Rule

MODULES = (
    answerable,
    answered,
    assess,
    compared,
    cycles,
    days,
    decisions,
    denied,
    documents,
    estimate_age,
    estimates,
    evidence,
    experiments,
    far_off,
    files,
    grounds,
    half_said,
    held_together,
    monitors,
    plausible,
    references,
    requirements,
    sceptic,
    schedule,
    settings,
    too_little,
    strategy,
    work,
)
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in sorted((rule for module in MODULES for rule in module.RULES), key=lambda rule: rule.code)
}
