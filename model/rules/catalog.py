"""All rules of `check` by code."""

from __future__ import annotations

from . import (
    answered,
    assess,
    days,
    decisions,
    estimates,
    evidence,
    files,
    plausible,
    references,
    requirements,
    sceptic,
    schedule,
    settings,
    work,
)
from .rule import Rule

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in sorted(
        (
            *files.RULES,
            *settings.RULES,
            *references.RULES,
            *work.RULES,
            *assess.RULES,
            *answered.RULES,
            *plausible.RULES,
            *requirements.RULES,
            *evidence.RULES,
            *days.RULES,
            *sceptic.RULES,
            *decisions.RULES,
            *estimates.RULES,
            *schedule.RULES,
        ),
        key=lambda rule: rule.code,
    )
}
