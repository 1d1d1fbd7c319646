"""Which findings a plan wants to hear of, and how much they weigh there.

The board selects, ignores and weighs rules by code or by the beginning of one (`R`, `R2`); a project or a card
allows an exception with its reason. A command may narrow the choice further.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from ..plan.plan import Plan
from ..records.card import Card
from ..records.findings import Finding, Severity
from ..records.project import Project
from ..text.wording import lacks_words
from .rule import Rule


@dataclass(frozen=True)
class Selection:
    """The rules that count, with their weight."""

    select: tuple[str, ...]
    """Codes or their beginnings; empty means all."""
    ignore: tuple[str, ...]
    weights: tuple[tuple[str, str], ...]
    """Codes or their beginnings with a severity, the longest first."""

    @classmethod
    def of(cls, plan: Plan, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Selection:
        """What the board says; `select` takes the place of the board's, `ignore` is added to it."""
        settings = plan.board.rules
        weights = sorted(settings.severity.items(), key=lambda item: -len(item[0]))
        return cls(tuple(select) or settings.select, (*settings.ignore, *ignore), tuple(weights))

    def severity(self, code: str, usual: Severity) -> Severity | None:
        """How much a finding weighs; None where it is not wanted."""
        if (self.select and not covers(self.select, code)) or covers(self.ignore, code):
            return None
        weight = next((weight for start, weight in self.weights if covers((start,), code)), usual)
        return None if weight == "off" else cast("Severity", weight)

    def wants(self, rule: Rule) -> bool:
        """Whether the rule's findings count at all."""
        return self.severity(rule.code, rule.severity) is not None


def covers(starts: Iterable[str], code: str) -> bool:
    """Whether one of some codes, or beginnings of codes, means this code."""
    return any(start and code.startswith(start) for start in starts)


def chosen(
    findings: Iterable[Finding], plan: Plan, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> list[Finding]:
    """The findings that the plan wants to hear of, with the weight that it gives them."""
    selection = Selection.of(plan, select, ignore)
    found: list[Finding] = []
    for finding in findings:
        severity = selection.severity(finding.code, finding.severity)
        if severity is not None and not is_allowed(finding, plan):
            found.append(finding if severity == finding.severity else replace(finding, severity=severity))
    return found


def is_allowed(finding: Finding, plan: Plan) -> bool:
    """Whether the card or the project that a finding speaks of allows it, with a reason."""
    address = finding.address
    if address is None:
        return False
    holders = (plan.projects.get(address.project), plan.get(address))
    allowed = [holder.allow for holder in holders if isinstance(holder, Project | Card)]
    return any(
        not lacks_words(reason) and covers((code,), finding.code)
        for allow in allowed
        for code, reason in allow.items()
    )
