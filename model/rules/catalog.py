"""All rules of `check` by code."""

from __future__ import annotations

from . import (
    accountability,
    answered,
    assess,
    compared,
    contradictions,
    cycles,
    days,
    decisions,
    documents,
    estimate_age,
    estimates,
    evidence,
    experiments,
    far_off,
    files,
    grounds,
    held_together,
    incomplete_records,
    monitors,
    plausible,
    references,
    requirements,
    sceptic,
    sceptic_records,
    schedule,
    settings,
    strategy,
    too_little,
    work,
)
from .rule import Rule

MODULES = (
    accountability,
    answered,
    assess,
    compared,
    contradictions,
    cycles,
    days,
    decisions,
    documents,
    estimate_age,
    estimates,
    evidence,
    experiments,
    far_off,
    files,
    grounds,
    held_together,
    incomplete_records,
    monitors,
    plausible,
    references,
    requirements,
    sceptic,
    sceptic_records,
    schedule,
    settings,
    strategy,
    too_little,
    work,
)
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in sorted((rule for module in MODULES for rule in module.RULES), key=lambda rule: rule.code)
}
