"""Mending what can be mended without asking: where there is one answer, and nothing that a person wrote is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..address import Address
from ..change import MISSING, Batch, apply, difference, get_path
from ..edits import EditRefused, edit
from ..findings import Finding
from ..plan import Plan, target_of
from ..records.base import PLACE_FIELDS, Entry
from ..records.card import Card
from .checking import check
from .naming import Names, closest
from .references import nearest_place
from .rule import Context

MOST_ROUNDS = 20
"""Mending one thing may bring up another in the same record; more than a few rounds never happen."""


def fix(plan: Plan, finding: Finding, context: Context) -> Batch | None:
    """The change that mends a finding of this plan; None where a person has to decide."""
    mend = _FIXES.get(finding.code)
    if mend is None or finding.address is None or plan.get(finding.address) is None:
        return None
    try:
        batch = mend(plan, finding, context)
    except EditRefused:
        return None  # what would be written does not fit either
    return batch if batch is not None and batch.changes else None


def fixed(
    plan: Plan,
    findings: Iterable[Finding],
    context: Context,
    recheck: Callable[[Plan], Iterable[Finding]] | None = None,
) -> Batch:
    """One step that mends all of the findings that can be mended; without changes where none can.

    A record is mended once in a round, since the findings speak of it as it was; what is left is looked for again.
    """
    recheck = recheck or (lambda mended: check(mended, context))
    before = plan
    wanted = {(one.code, one.address) for one in findings if one.fix}
    current = list(findings)
    ...
