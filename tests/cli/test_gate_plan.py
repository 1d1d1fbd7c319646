"""The gate out of Plan by command: each of its conditions holds in one plan, and one command breaks or mends each."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from kedge.tests.storage.repositories import write

from .running import TODAY, kedge

PLAN = {
    "board.toml": "format = 1\n",
    "people/mira.toml": 'name = "Mira"\nday_rate = 500\nskills = ["sql"]\n',
    "people/helen.toml": 'name = "Helen"\nrole = "gatekeeper"\n',
    "projects/churn/project.toml": """
        title = "Churn"
        phase = "plan"
        stage = "growth"
        lead = "mira"
        effort = { sql = 0.5 }
    """,
    "projects/churn/assessment.toml": """
        [answers.arch-mode]
        verdict = "real-time request"
        [answers.arch-load.values]
        "requests per day" = 864000
        "seconds per prediction" = 0.05
        "predictions at a time per server" = 1
        "price per hour" = 1
        [answers.pri-run.values]
        "money per year to run" = 20000
        [answers.arch-quality.values]
        minimum = 0.8
        [answers.arch-fallback]
        verdict = "the rule of today"
        [answers.tac-testable]
        verdict = true
    """,
    "projects/churn/strategy.toml": """
        [stages.growth]
        weeks = 4
        approved = 9000
        [metrics.kept]
        title = "Customers kept"
        role = "primary"
        unit = "share"
        baseline = 0.8
        target = 0.9
        by = 2027-06-01
        [people.mira]
        role = "mlops"
    """,
    "projects/churn/requirements.toml": """
        [business.a-list]
        title = "A list every Monday"
        [technical.run]
        title = "Run"
        serves = ["a-list"]
    """,
    "projects/churn/cards/work.toml": """
        title = "Work"
        place = "execute"
        owner = "mira"
        estimate = [10]
    """,
}
BREAKS = {
    "in-time": (("set", "churn", "started=2026-10-26"), ("set", "churn", "started=2026-11-16")),
    "inside-the-budget": (
        ("stage", "set", "growth", "approved=3000"),
        ("stage", "set", "growth", "approved=9000"),
    ),
    "enough-people": (("set", "churn", "effort.sql=2"), ("set", "churn", "effort.sql=0.4")),
    "all-named": (("answer", "arch-fallback", "--clear"), ("answer", "arch-fallback", "the rule of today")),
    "room-for-the-peak": (
        ("answer", "pri-run", "money per year to run=100"),
        ("answer", "pri-run", "money per year to run=90000"),
    ),
    "effect-can-be-seen": (
        ("answer", "tac-testable", "no"),
        ("answer", "tac-testable", "yes"),
    ),
    "requirements-serve": (
        ("technical", "set", "run", "serves="),
        ("technical", "set", "run", "serves=a-list"),
    ),
    "second-person": (("person", "set", "helen", "role="), ("person", "set", "helen", "role=gatekeeper")),
}
"""By condition, what breaks it alone, and what mends it."""


def write_plan(folder: Path) -> Path:
    """The plan below a folder, in which all conditions hold."""
    write(folder / "plan", {name: dedent(text) for name, text in PLAN.items()})
    return folder / "plan"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path)


def verdicts(plan: Path) -> dict[str, str]:
    ran = kedge("gate", "churn", "--gate", "plan", "--json", "--plan", str(plan), "--today", TODAY)
    return {one["id"]: one["verdict"] for one in json.loads(ran.out)["data"]["conditions"]}


def test_all_conditions_hold_in_one_plan(plan: Path) -> None:
    assert verdicts(plan) == dict.fromkeys(BREAKS, "met")


@pytest.mark.parametrize("name", BREAKS)
def test_a_command_breaks_one_condition_and_another_mends_it(plan: Path, name: str) -> None:
    breaks, mends = BREAKS[name]
    for command, held in ((breaks, set(BREAKS) - {name}), (mends, set(BREAKS))):
        ran = kedge(*command, "--plan", str(plan), "--today", TODAY)
        assert ran.code == 0, ran.err
        found = verdicts(plan)
        assert {one for one, verdict in found.items() if verdict == "met"} == held
        assert name in held or found[name] in ("not met", "unknown")
