"""An honest project before its first gate, as plain values: what a reviewer would let pass, with nothing to spare."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Any

from kedge.model.derived.derived import Derived
from kedge.model.gates.gates import GateReport, report
from kedge.model.playbook import shipped
from kedge.model.playbook.playbook import Playbook
from kedge.model.snapshot.repository_files import FileState, RepositoryFiles
from kedge.model.snapshot.snapshot import Snapshot

from .plan_from import plan_from

TODAY = dt.date(2026, 11, 30)
PLAYBOOK = shipped()
POINTS = ("low", "likely", "high")
Values = dict[str, dict[str, Any]]


class Documents(RepositoryFiles):
    """A repository with the documents of the honest project, and one that is empty."""

    def _find(self, path: str) -> FileState:
        if path == "docs/empty.md":
            return "empty"
        return "there" if path in DOCUMENTS else "not there"


DOCUMENTS = ("docs/problem.md", "docs/adoption.md", "docs/value.md", "docs/legal.md", "experiments/poc.md")
PROJECT, ANSWERS, DATASET = "project churn/churn", "assessment churn/assessment", "dataset churn/billing"
CARD, STRATEGY, DECISION = "card churn/label-audit", "strategy churn/strategy", "decision churn/scope"


def _all(question: str) -> list[str]:
    item = PLAYBOOK.item(question)
    assert item is not None
    return list(item.lines)


def _three(prefix: str, *values: float) -> dict[str, float]:
    return {f"{prefix}{point}": value for point, value in zip(POINTS, values, strict=True)}


def honest(*changes: tuple[str, Any]) -> Values:
    """The honest plan with some values changed: `project churn/churn|goals|cancel|unit`, None takes it away."""
    plan = deepcopy(_HONEST)
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


def snapshot(plan: Values, playbook: Playbook = PLAYBOOK) -> Snapshot:
    """The plan as it is seen on the day of the tests."""
    return Snapshot.of(plan_from(plan), playbook, TODAY, files=Documents())


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


_HONEST: Values = {
    "board /board": {
        "main_project": "churn",
        "funds": {"budget": 400_000.0, "reserve": 0.15, "planned_load": 0.8},
    },
    "person /mira": {"name": "Mira Beck", "role": "data-scientist", "skills": ["ml"], "share": 1.0},
    "person /helen": {"name": "Helen Okafor", "role": "gatekeeper"},
    "person /omar": {"name": "Omar Haddad", "role": "ml-engineer", "skills": ["mlops"], "share": 0.9},
    PROJECT: {
        "title": "Churn",
        "lead": "mira",
        "started": dt.date(2026, 10, 1),
        "due": dt.date(2027, 9, 30),
        "complexity": 3,
        "goals": {
            "cancel": {
                "title": "Fewer cancellations",
                "unit": "percent of contracts a year",
                "start": 12.0,
                "target": 9.0,
                "by": dt.date(2027, 11, 30),
                "owner": "helen",
            }
        },
        "stakeholders": {
            name: {
                "name": title,
                "interest": interest,
                "aware": 4,
                "briefed_on": dt.date(2026, 11, 2),
                "feasibility_checked_on": dt.date(2026, 11, 3),
            }
            for name, title, interest in (
                ("agents", "Retention agents", "benefits"),
                ("finance", "Finance", "pays"),
                ("helga", "Helga Brandt, board", "decides"),
                ("mira", "Mira Beck, data science", "builds"),
                ("customers", "Customers", "affected"),
            )
        },
        "methods": {
            "rule": {"title": "Rule by contract end", "kind": "rule", "origin": "build", "baseline": True},
            "trees": {"title": "Boosted trees", "kind": "classical", "origin": "build", "output": "ranking"},
        },
        "unknowns": {
            "offer": {
                "question": "Does a call by itself keep customers, without an offer?",
                "could_change": "dec-gain",
                "cheapest_test": "call 200 customers without an offer",
                "owner": "omar",
                "due": dt.date(2027, 1, 15),
            }
        },
    },
    ANSWERS: {
        "answers": {
            "disc-decision": {
                "verdict": "The retention agent calls customers in the top decile each Monday; offers stay with them"
            },
            "disc-problem": {
                "verdict": "12 of 100 cancel a year; agents call at random; a rule by contract end finds 18 of 100",
                "evidence": ["docs/problem.md"],
            },
            "disc-simpler": {
                "verdict": False,
                "because": "a better rule reached 0.18, the model 0.33",
                "evidence": ["experiments/poc.md"],
            },
            "disc-benefit": {"verdict": ["more revenue"]},
            "disc-fit": {"verdict": 4},
            "disc-imperfect": {"verdict": True, "because": "a call too many costs 6 EUR"},
            "disc-reach": {"verdict": 120_000},
            "disc-aware": {"checked": _all("disc-aware")},
            "disc-profile": {"verdict": ["none of these"]},
            "disc-risk-class": {
                "verdict": "minimal risk",
                "because": "judged by the data protection officer",
                "valid_until": dt.date(2027, 10, 1),
                "evidence": ["docs/legal.md"],
            },
            "data-signal": {"verdict": 4, "evidence": ["experiments/poc.md"]},
            "data-like-production": {"verdict": 4, "evidence": ["experiments/poc.md"]},
            "data-labels": {"verdict": "appear by themselves later"},
            "data-cost": {"verdict": 12_000},
            "data-rights": {"checked": _all("data-rights"), "evidence": ["docs/legal.md"]},
            "data-infra-ready": {"verdict": 3},
            "data-truth-delay": {"verdict": 90},
            "stage-now": {"verdict": "mvp"},
            "stage-proof": {
                "verdict": "twice the recall of the rule at equal calls on one region; stop below 0.25"
            },
            "stage-timebox": {"verdict": 26},
            "stage-cap": {"verdict": 190_000},
            "stage-poc": {"verdict": "solves part of it", "evidence": ["experiments/poc.md"]},
            "stage-poc-move": {"verdict": True},
            "stage-baseline": {"verdict": 80},
            "pri-gain": {"values": _three("", 300_000, 620_000, 1_000_000), "evidence": ["docs/value.md"]},
            "pri-cost": {
                "values": {
                    **_three("to next gate: ", 115_000, 138_000, 176_000),
                    **_three("after it: ", 120_000, 190_000, 280_000),
                    "person-months to next gate": 7.5,
                    "weeks to train and evaluate": 3,
                }
            },
            "pri-run": {
                "values": {
                    "money per year to run": 60_000,
                    "hours of upkeep per week": 6,
                    "ceiling per 1000 predictions": 5,
                }
            },
            "pri-errors": {
                "values": {
                    "cases per year": 120_000,
                    "prevalence": 0.12,
                    "recall": 0.33,
                    "false-alarm rate": 0.07,
                    "cost of a false alarm": 6,
                    "cost of a miss": 3,
                }
            },
            "pri-ev-value": {"verdict": "test", "evidence": ["docs/value.md"]},
            "pri-ev-tech": {"verdict": "test", "evidence": ["experiments/poc.md"]},
            "pri-ev-adopt": {"verdict": "analogue", "evidence": ["docs/adoption.md"]},
            "pri-reality": {"checked": _all("pri-reality")},
            "pri-complexity": {"values": {"complexity 1-5": 3, "randomness of the problem 1-5": 2}},
            "pri-delay": {"verdict": 8_000},
        }
    },
    DATASET: {
        "title": "Billing",
        "owner": "omar",
        "location": "warehouse.billing",
        "origin": "own production",
        "access": "granted",
        "approval_days": 10,
        "rows": 120_000,
        "refresh": "daily",
        "personal_data": True,
        "lawful_ground": "contract, checked by the data protection officer",
        "delete_after": dt.date(2028, 12, 31),
        "available": 4,
        "quality": 4,
        "relevance": 5,
        "checked_on": dt.date(2026, 11, 2),
        "explored": _all("data-first-look"),
        "links": ["docs/problem.md"],
    },
    CARD: {
        "title": "Audit the labels",
        "place": "plan",
        "owner": "mira",
        "datasets": ["billing"],
        "estimate": [2, 3, 5],
        "milestone": "poc",
    },
    STRATEGY: {
        "stages": {"mvp": {"proves": "recall twice that of the rule", "cap": 190_000.0, "weeks": 26.0}},
        "metrics": {
            "recall": {
                "title": "Recall in the top decile",
                "baseline": 0.18,
                "target": 0.36,
                "better": "higher",
            }
        },
        "milestones": {"poc": {"title": "Proof", "stage": "mvp", "due": dt.date(2027, 3, 31)}},
        "people": {
            "mira": {"role": "data scientist", "share": 0.8},
            "omar": {"role": "engineer", "share": 0.3},
        },
    },
    DECISION: {
        "title": "One region first",
        "date": dt.date(2026, 11, 12),
        "by": "helen",
        "why": "the north has the cleanest billing history",
    },
    "risk churn/agents-busy": {
        "title": "Agents are too busy in spring",
        "chance": 3,
        "impact": 3,
        "kind": "inherent",
        "action": "agree the calls with the shift leads",
        "owner": "helen",
        "review_by": dt.date(2027, 2, 1),
    },
}
