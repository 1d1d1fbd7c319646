"""Projects before a gate, for tests of what it asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from kedge.model.derived.derived import Derived
from kedge.model.gates.gates import (
    GateReport,
    report,
)
from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped
from kedge.model.snapshot.repository_files import FileState
from kedge.model.snapshot.snapshot import Snapshot

from .evidence_files import Files
from .plan_from import plan_from

TODAY = dt.date(2026, 11, 20)
PLAYBOOK = shipped()
GAIN = {"low": 100_000, "likely": 200_000, "high": 300_000}
COST = {
    **{f"to next gate: {point}": value for point, value in zip(GAIN, (20_000, 30_000, 40_000), strict=True)},
    **{f"after it: {point}": 0 for point in GAIN},
    "person-months to next gate": 2,
}
EVIDENCE = {
    name: {"verdict": "test", "evidence": ["docs/tried.md"]}
    for name in ("pri-ev-value", "pri-ev-tech", "pri-ev-adopt")
}


def plan(
    files: dict[str, dict[str, Any]] | None = None, answers: dict[str, Any] | None = None, **project: Any
) -> Plan:
    """A plan with one project, its answers, and two people, one of whom leads."""
    records = {
        "project churn/churn": {"title": "Churn", "lead": "mira", **project},
        "person /mira": {"name": "Mira"},
        "person /helen": {"name": "Helen", "role": "gatekeeper"},
        "assessment churn/assessment": {"answers": answers or {}},
        **(files or {}),
    }
    return plan_from(records)


def asked(which: str, current: Plan, files: Mapping[str, FileState] | None = None, **more: Any) -> GateReport:
    gate = PLAYBOOK.gate(which)
    assert gate is not None
    looked = Files(files) if files is not None else None
    return report(Derived(Snapshot.of(current, PLAYBOOK, TODAY, files=looked)), "churn", gate, **more)


def check(name: str, current: Plan, **more: Any) -> tuple[str, str]:
    """Verdict of a condition, and its reasons in one text."""
    gate = next(
        gate for gate in PLAYBOOK.gates if gate.condition(name) is not None and name != "second-person"
    )
    found = next(one for one in asked(gate.id, current, **more).checks if one.id == name)
    return found.verdict, "; ".join(found.because)


def worth(**answers: Any) -> dict[str, Any]:
    return {"pri-gain": {"values": GAIN}, "pri-cost": {"values": COST}, **EVIDENCE, **answers}
