"""An honest project before its first gate, as plain values to be changed one at a time."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Any

from kedge.model.derived.derived import Derived
from kedge.model.gates.gates import GateReport, report
from kedge.model.playbook import shipped
from kedge.model.playbook.playbook import Playbook
from kedge.model.snapshot.snapshot import Snapshot

from .plan_from import plan_from

TODAY = dt.date(2026, 11, 30)
POINTS = ("low", "likely", "high")
LINES = {item.id: list(item.lines) for item in shipped().items}
FIGURES: dict[str, Any] = {
    **{
        f"to next gate: {point}": value
        for point, value in zip(POINTS, (115_000, 138_000, 176_000), strict=True)
    },
    **{f"after it: {point}": value for point, value in zip(POINTS, (120_000, 190_000, 280_000), strict=True)},
    "person-months to next gate": 11.8,
    "weeks to train and evaluate": 3,
}
HONEST: dict[str, dict[str, Any]] = {
    "board /board": {},
    "person /mira": {"name": "Mira Hofstetter", "skills": ["ml"]},
    "person /helen": {"name": "Helen Brandt", "role": "gatekeeper"},
    "person /omar": {"name": "Omar Said", "skills": ["mlops"]},
    "project churn/churn": {
        "title": "Churn",
        "lead": "mira",
        "goals": {
            "saves": {
                "title": "Fewer cancellations",
                "unit": "percent of contracts a year",
                "start": 12,
                "target": 9,
                "by": dt.date(2027, 6, 30),
                "owner": "helen",
            }
        },
        "stakeholders": {
            "agents": {"name": "Agents", "interest": "benefits"},
            "finance": {"name": "Finance", "interest": "pays"},
            "head": {"name": "Head of retention", "interest": "decides"},
            "customers": {"name": "Customers", "interest": "affected"},
        },
    },
    "dataset churn/billing": {
        "title": "Billing",
        "owner": "omar",
        "location": "warehouse.billing",
        "origin": "own production",
        "access": "granted",
        "approval_days": 10,
        "rows": 120_000,
        "refresh": "daily",
        "personal_data": True,
        "lawful_ground": "performance of the contract",
        "available": 4,
        "quality": 4,
        "relevance": 5,
        "checked_on": dt.date(2026, 11, 2),
        "explored": LINES["data-first-look"],
    },
    "assessment churn/assessment": {
        "answers": {
            "disc-decision": {"verdict": "The retention agent calls the top decile each Monday"},
            "disc-problem": {"verdict": "12 of 100 cancel a year, and agents call at random"},
            "disc-simpler": {"verdict": False},
            "disc-benefit": {"verdict": ["more revenue"]},
            "disc-fit": {"verdict": 4},
            "disc-imperfect": {"verdict": True},
            "disc-aware": {"checked": LINES["disc-aware"]},
            "disc-profile": {"verdict": ["none of these"]},
            "disc-risk-class": {"verdict": "minimal risk", "valid_until": dt.date(2027, 10, 1)},
            "data-signal": {"verdict": 4},
            "data-labels": {"verdict": "appear by themselves later"},
            "data-cost": {"verdict": 12_000},
            "data-rights": {"checked": LINES["data-rights"]},
            "stage-now": {"verdict": "mvp"},
            "stage-proof": {"verdict": "twice the recall of the rule at equal calls; stop below 0.25"},
            "stage-timebox": {"verdict": 26},
            "stage-cap": {"verdict": 170_000},
            "pri-gain": {"values": {"low": 180_000, "likely": 480_000, "high": 900_000}},
            "pri-cost": {"values": FIGURES},
            "pri-run": {
                "values": {"money per year": 60_000, "hours per week": 6, "ceiling per 1000 predictions": 5}
            },
            "pri-ev-value": {"verdict": "test"},
            "pri-ev-tech": {"verdict": "test"},
            "pri-ev-adopt": {"verdict": "analogue"},
            "pri-reality": {"checked": LINES["pri-reality"]},
            "pri-delay": {"verdict": 8_000},
        }
    },
}


def honest(*changes: tuple[str, Any]) -> dict[str, dict[str, Any]]:
    """The honest plan with some values changed: `project churn/churn|goals|saves|unit`, None takes it away."""
    plan = deepcopy(HONEST)
    for path, value in changes:
        *above, last = path.split("|")
        table: Any = plan
        for key in above:
            table = table.setdefault(key, {})
        if value is None:
            del table[last]
        else:
            table[last] = value
    return plan


def snapshot(plan: dict[str, dict[str, Any]], playbook: Playbook | None = None) -> Snapshot:
    """The plan as it is seen on the day of the tests."""
    return Snapshot.of(plan_from(plan), playbook or shipped(), TODAY)


def asked(seen: Snapshot, gate: str = "gate-assess") -> GateReport:
    """What a gate asks of the project."""
    found = seen.playbook.gate(gate)
    assert found is not None
    return report(Derived(seen), "churn", found)


def lacks(seen: Snapshot) -> dict[str, str]:
    """What holds the gate: questions and conditions, each with what it says."""
    found = asked(seen)
    conditions = {one.id: "; ".join(one.because) for one in found.checks if one.verdict != "met"}
    return {one.item.id: one.lacks() for one in found.holding} | conditions
