"""A plan from plain values, for tests that need no files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse


def plan_from(values: Mapping[str, Mapping[str, Any]]) -> Plan:
    """A plan of the records named `kind project/id`."""
    built = []
    for name, data in values.items():
        kind, _, place = name.partition(" ")
        project, _, record_id = place.partition("/")
        built.append(parse(kind, project, record_id, data))
    return Plan({record.address: record for record in built})
