"""Projects with figures, for tests of what they are worth."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped
from kedge.model.records.assessment import Assessment
from kedge.model.records.base import Record
from kedge.model.records.dataset import Dataset
from kedge.model.records.project import Project
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import Explained, MaybeFigure, MissingFigure
from kedge.model.value.worth import Worth, worth

TODAY = dt.date(2026, 11, 25)
CHECKED = dt.date(2026, 10, 1)

Answers = dict[str, dict[str, Any]]


def values(**figures: Any) -> dict[str, Any]:
    return {"values": figures}


def costs(now: float, later: float) -> dict[str, Any]:
    points = ("low", "likely", "high")
    return {
        "values": {f"to next gate: {one}": now for one in points}
        | {f"after it: {one}": later for one in points}
    }


def evidence(level: str, result: str = "supports") -> dict[str, Any]:
    return {"verdict": level, "result": result, "evidence": ["docs/tried.md"]}


def complete() -> Answers:
    """Gain 200 and running cost 40 a year, stages of 30 and 120, an analogue behind every factor."""
    return {
        "pri-gain": values(low=200, likely=200, high=200),
        "pri-run": {"values": {"money per year to run": 40}},
        "pri-cost": costs(30, 120),
        "pri-ev-value": evidence("analogue"),
        "pri-ev-tech": evidence("analogue"),
        "pri-ev-adopt": evidence("analogue"),
        "data-signal": {"verdict": 3},
    }


PUBLIC: dict[str, Any] = {"origin": "public", "checked_on": CHECKED, "links": ["docs/first-look.md"]}


def records(
    name: str = "churn",
    answers: Answers | None = None,
    datasets: dict[str, dict[str, Any]] | None = None,
    **fields: Any,
) -> list[Record]:
    made: list[Record] = [
        Project.model_validate({"id": name, "project": name, "title": name, **fields}),
        Assessment.model_validate(
            {"id": "assessment", "project": name, "answers": complete() if answers is None else answers}
        ),
    ]
    datasets = {"open": PUBLIC} if datasets is None else datasets
    made += [Dataset.model_validate({"id": key, "project": name, **one}) for key, one in datasets.items()]
    return made


def plan_of(*made: Record) -> Plan:
    return Plan({record.address: record for record in made})


def worth_of(plan: Plan, name: str = "churn") -> Worth:
    return worth(Snapshot.of(plan, shipped(), TODAY), plan.projects[name])


def value(known: MaybeFigure) -> float:
    assert isinstance(known, Explained), known
    return known.value


def lacking(known: MaybeFigure) -> MissingFigure:
    assert isinstance(known, MissingFigure), known
    return known
