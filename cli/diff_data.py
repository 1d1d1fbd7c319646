"""`kedge diff` for programs: JSON with the keys of docs/commands.md, and findings for CI."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..model.plan.change import MISSING
from ..model.plan.change_text import is_shown_without_text
from ..model.records.address import Address
from ..model.records.values import is_list, is_table
from ..model.review.consequence import KINDS, NAMES, Consequence
from ..model.review.report import Report
from .report_formats import Described, Reported

if TYPE_CHECKING:
    from ..model.plan.change import FieldChange
    from ..model.review.changes import RecordChange

TITLES = {f"diff-{kind}": f"Plan: {NAMES[kind].lower()}" for kind in KINDS}
"""What annotations are headed by."""
RULES = tuple(Described(f"diff-{kind}", NAMES[kind].lower().replace(" ", "-")) for kind in KINDS)
"""What reports say of the kinds of consequences."""


def diff_data(report: Report) -> dict[str, Any]:
    """The whole report."""
    review = report.review
    difference = review.difference
    return {
        "from": report.before,
        "to": report.after,
        "from_commit": report.before_commit or None,
        "to_commit": report.after_commit or None,
        "verdict": review.verdict,
        "uncompared": [
            {"kind": one.kind, "project": one.project or None, "id": one.id}
            for one in sorted(difference.uncompared)
        ],
        "same_plan": difference.is_same_plan,
        "layout_only": difference.is_same_plan and difference.is_relaid,
        "changes": [_change(report, one) for one in difference.records],
        "reordered": [
            {"project": one.project or None, "where": one.where, "ids": [each.id for each in one.moved]}
            for one in difference.reordered
        ],
        "commits": {
            "named": list(report.named.named),
            "to_do": list(report.named.to_do),
            "finished_unnamed": list(report.named.finished_unnamed),
        },
        "consequences": [_consequence(report, one) for one in review.consequences],
        "table": [
            {
                "name": row.name,
                "title": row.called,
                "before": row.before,
                "after": row.after,
                "change": row.change,
                "note": row.note,
            }
            for row in review.table
        ],
        "milestones_unmoved": review.unmoved,
        "runs": review.runs,
        "sampling_error_days": review.sampling_error,
        "shift_error_days": review.shift_error,
        "not_counted": [{"what": what, "count": count} for what, count in review.not_counted],
    }


def _change(report: Report, one: RecordChange) -> dict[str, Any]:
    return {
        "what": one.what,
        "kind": one.address.kind,
        "project": one.address.project or None,
        "id": one.address.id,
        "title": one.record.label,
        "was": {"project": one.was.project or None, "id": one.was.id} if one.was is not None else None,
        "fields": [_field(report, one.address.kind, field) for field in one.fields],
    }


def _field(report: Report, kind: str, field: FieldChange) -> dict[str, Any]:
    if not report.with_text and not is_shown_without_text(kind, field.path):
        return {"path": list(field.path), "hidden": True}
    return {"path": list(field.path), "before": plain(field.before), "after": plain(field.after)}


def _consequence(report: Report, one: Consequence) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "severity": one.severity,
        "text": report.said(one),
        "before": plain(one.before) if report.with_text or not one.detail else None,
        "after": plain(one.after) if report.with_text or not one.detail else None,
        "because": list(one.because),
        "about": {"kind": one.about.kind, "project": one.about.project or None, "id": one.about.id},
        "field": one.field,
        "dangerous": one.is_dangerous,
        "days_later": one.later if isfinite(one.later) else None,
    }


def plain(value: object) -> object:
    """A value as JSON has it: dates as ISO 8601, null for what is not set."""
    if value is MISSING:
        return None
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if is_table(value):
        return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(one) for one in value] if is_list(value) else value


def reported(report: Report, places: Mapping[Address, str]) -> list[Reported]:
    """What is worse than before, as findings with the file that each is about."""
    found: list[Reported] = []
    for one in report.review.consequences:
        if one.kind in ("ready", "critical", "rank"):
            continue
        causes = report.causes(one)
        found.append(
            Reported(
                f"diff-{one.kind}",
                one.severity,
                report.said(one),
                _file(report, one, places),
                hint=causes,
                identity=(one.about.kind, one.about.project, one.about.id, one.field, str(plain(one.after))),
            )
        )
    return found


def _file(report: Report, one: Consequence, places: Mapping[Address, str]) -> str:
    """Where a reviewer of the change looks: the file of the change behind a consequence, else of what it is about."""
    about, difference = one.about, report.review.difference
    changed = {change.address.id: change.address for change in difference.changes if change.after is not None}
    holder = {"milestone": "strategy", "metric": "strategy", "gate": "project"}.get(about.kind, about.kind)
    own = [Address(holder, about.project, name) for name in (about.id, holder, about.project)]
    causes = [changed[name] for name in one.because if name in changed]
    is_changed = any(key in difference.by_address for key in own)
    wanted = [*own, *causes] if is_changed else [*causes, *own]
    path = next((places[key] for key in wanted if key in places), "board.toml")
    return f"{report.plan}/{path}" if report.plan else path
