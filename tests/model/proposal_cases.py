"""Plans with rated projects, for tests of which of them to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped
from kedge.model.portfolio.proposal import Proposal, propose
from kedge.model.records.assessment import Assessment
from kedge.model.records.base import Record
from kedge.model.records.board import Board
from kedge.model.records.dataset import Dataset
from kedge.model.records.delivery import Model
from kedge.model.records.project import Project
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.value.worth import ranking

TODAY = dt.date(2026, 11, 25)
BOARD = Board.model_validate({"id": "board", "funds": {"budget": 100.0, "reserve": 0.0, "planned_load": 1.0}})


def project(name: str, gain: float, cost: float, **fields: Any) -> list[Record]:
    """A project whose chance of success is 0.95 in one stage: worth 0.95 × 2.487 × gain less its cost."""
    level = {"verdict": "proven", "result": "supports", "evidence": ["docs/tried.md"]}
    answers = {
        "pri-gain": {"values": {"low": gain, "likely": gain, "high": gain}},
        "pri-cost": {
            "values": {f"to next gate: {one}": cost for one in ("low", "likely", "high")}
            | {f"after it: {one}": 0 for one in ("low", "likely", "high")}
        },
        "pri-ev-value": level,
        "pri-ev-tech": level,
        "pri-ev-adopt": level,
        "data-signal": {"verdict": 5},
        "stage-timebox": {"verdict": 10},
    }
    return [
        Project.model_validate({"id": name, "project": name, "title": name, "cost_of_delay": gain, **fields}),
        Assessment.model_validate({"id": "assessment", "project": name, "answers": answers}),
        Model.model_validate({"id": "m", "project": name, "live_from": TODAY, "links": ["docs/live.md"]}),
        Dataset.model_validate(
            {"id": "d", "project": name, "origin": "client", "checked_on": TODAY, "owner": name}
        ),
    ]


def plan_of(*parts: Record | Iterable[Record]) -> Plan:
    made = [one for part in parts for one in ([part] if isinstance(part, Record) else part)]
    return Plan({record.address: record for record in made})


def proposed(*parts: Record | Iterable[Record]) -> Proposal:
    plan = plan_of(BOARD, *parts)
    return propose(Snapshot.of(plan, shipped(), TODAY), ranking(Snapshot.of(plan, shipped(), TODAY)))


def chosen(found: Proposal) -> set[str]:
    return {one.project.id for one in found.chosen}
