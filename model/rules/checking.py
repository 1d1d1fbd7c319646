"""Running the rules over a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..plan.findings import Finding
from ..plan.plan import Plan
from .catalog import RULES
from .rule import Context
from .selection import Selection, chosen


def check(
    plan: Plan, context: Context, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> list[Finding]:
    """What the rules find in a plan, as far as the plan wants to hear of it; by record, then by code.

    `select` takes the place of the board's selection, `ignore` is added to the board's.
    """
    select, ignore = tuple(select), tuple(ignore)
    selection = Selection.of(plan, select, ignore)
    context = replace(context, rules=RULES)
    found = [
        Finding(rule.code, rule.severity, hit.message, hit.address, hit.field, hit.hint, fix=hit.fix)
        for rule in RULES.values()
        if rule.check is not None and selection.wants(rule)
        for hit in rule.check(plan, context)
    ]
    found.sort(key=lambda one: (one.address or ("",), one.code, one.message))
    return chosen(found, plan, select, ignore)
