"""What an agent may do with a plan, and what only a person may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from kedge.model.plan.change import Change
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.records.base import Record
from kedge.model.review.person_only import person_only

PROJECT: Mapping[str, Any] = {"title": "Churn", "phase": "execute", "stage": "mvp", "lead": "mira"}
WAIVER = {"w1": {"item": "disc-problem", "approved_by": "helen", "reason": "known well"}}
APPROVED = {"state": "not-applicable", "because": "bought, not built", "approved_by": "helen"}
OTHER = {**APPROVED, "because": "nobody asked"}
STAGE: Mapping[str, Any] = {"weeks": 8, "cap": 20_000}
METRIC = {"title": "Recall", "unit": "%", "baseline": 14, "target": 40, "kill": 20}


def strategy(**more: object) -> dict[str, Any]:
    return {"metrics": {"recall": {**METRIC, **more}}, "stages": {"mvp": STAGE}}


def record(kind: str, data: Mapping[str, Any]) -> Record:
    project = "" if kind in ("project", "board", "person") else "churn"
    single = {"project": "churn", "board": "board", "assessment": "assessment", "strategy": "strategy"}
    return parse(kind, project, single.get(kind, "one"), data)


def asked(kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[str, ...]:
    project = record("project", PROJECT)
    sides = [record(kind, data) if data is not None else None for data in (before, after)]
    return person_only(Plan({project.address: project}), [Change(*sides)])


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        ("decision", None, {"title": "Go", "outcome": "go", "by": "helen"}, "a decision"),
        ("decision", {"title": "Go", "outcome": "go"}, None, "a decision that was made"),
        (
            "decision",
            {"title": "Go", "by": "helen", "why": "it pays"},
            {"title": "Go", "by": "helen", "why": "it is fun"},
            "a decision that was made",
        ),
        ("decision", None, {"title": "Go", "recorded_by": "helen"}, "who recorded a decision"),
        ("project", None, {**PROJECT, "phase": "plan"}, "behind its first gate"),
        (
            "strategy",
            strategy(),
            {**strategy(), "stages": {"mvp": {**STAGE, "approved": 9_000}}},
            "an approval",
        ),
        (
            "assessment",
            {"answers": {"disc-problem": APPROVED}},
            {"answers": {"disc-problem": OTHER}},
            "approved",
        ),
        ("decision", {"title": "Lower it"}, {"title": "Lower it", "by": "helen"}, "a decision"),
        ("decision", None, {"title": "x", "changes": ["metrics.recall.target"]}, "a decision"),
        ("project", PROJECT, {**PROJECT, "phase": "iterate"}, "the project's phase"),
        ("project", PROJECT, {**PROJECT, "cycle": 2}, "the project's cycle"),
        ("project", PROJECT, {**PROJECT, "waivers": WAIVER}, "approval"),
        ("project", {**PROJECT, "waivers": WAIVER}, PROJECT, "approval"),
        ("project", PROJECT, {**PROJECT, "allow": {"P101": "for now"}}, "an exception to a rule"),
        (
            "card",
            {"title": "x", "place": "plan"},
            {"title": "x", "place": "plan", "allow": {"P1": "y"}},
            "rule",
        ),
        ("risk", {"title": "x"}, {"title": "x", "state": "accepted"}, "an accepted risk"),
        ("board", {"title": "x"}, {"title": "x", "rules": {"ignore": ["P101"]}}, "which findings count"),
        ("model", {"title": "x"}, {"title": "x", "approved_by": "helen"}, "an approval"),
        (
            "assessment",
            {},
            {"answers": {"disc-problem": {"state": "not-applicable", "approved_by": "helen"}}},
            "an approval",
        ),
        ("strategy", strategy(), strategy(target=30), "(recall) target 40 → 30, a goal that moves"),
        ("strategy", strategy(), None, "a goal that moves"),
    ],
)
def test_what_a_person_answers_for(kind: str, before: Any, after: Any, said: str) -> None:
    assert said in " ".join(asked(kind, before, after))


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("card", None, {"title": "Clean the labels", "place": "execute"}),
        ("card", {"title": "x", "place": "plan"}, {"title": "x", "place": "execute", "status": "done"}),
        (
            "decision",
            None,
            {"title": "Lower the target", "why": "labels of March are wrong", "recorded_by": "agent"},
        ),
        ("project", PROJECT, {**PROJECT, "summary": "who leaves, and why"}),
        ("project", None, {**PROJECT, "phase": "assess"}),
        ("risk", {"title": "x"}, {"title": "x", "state": "happened"}),
        ("assessment", {}, {"answers": {"disc-problem": {"verdict": "yes", "because": "interviews"}}}),
        ("strategy", strategy(), {**strategy(), "milestones": {"list": {"title": "First list"}}}),
        ("strategy", None, strategy()),
    ],
)
def test_what_an_agent_may_do(kind: str, before: Any, after: Any) -> None:
    assert asked(kind, before, after) == ()
