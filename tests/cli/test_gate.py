"""`kedge gate`: what is asked, and decisions that move a project as one step."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from .running import CHURN, ROOT, TODAY, Ran, changed, check_golden, kedge, snapshot

Sample = Callable[[str], Path]
PORTFOLIO = ROOT / "samples" / "portfolio" / "plan"
PROJECT = "projects/churn/project.toml"
COMMANDS = {
    "gate.txt": (1, CHURN, ("gate",)),
    "gate-assess.txt": (0, CHURN, ("gate", "--gate", "assess", "-v")),
    "gate-closed.txt": (1, PORTFOLIO, ("gate", "next-best-offer")),
    "gate.json": (1, PORTFOLIO, ("gate", "ticket-routing", "--json")),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was_agreed(name: str) -> None:
    code, plan, arguments = COMMANDS[name]
    ran = kedge(*arguments, "--plan", str(plan), "--today", TODAY)
    assert (ran.code, ran.err) == (code, "")
    check_golden(name, ran.out)


@pytest.fixture
def plan(sample: Sample) -> Path:
    return sample("churn")


def run(plan: Path, *arguments: str) -> Ran:
    return kedge(*arguments, "--plan", str(plan), "--today", TODAY)


def test_a_decision_and_the_move_are_one_step(plan: Path) -> None:
    before = snapshot(plan)
    ran = run(
        plan,
        "gate",
        "churn",
        "pass",
        "--by",
        "helen",
        "--because",
        "Lists are live",
        "--override",
        "Pilot over",
    )
    assert ran.code == 0, ran.err
    assert ran.out == "gate-execute-iterate-2026-11-20\n"
    assert "phase iterate" in ran.err
    new = f"projects/churn/decisions/{ran.out.strip()}.toml"
    assert changed(before, snapshot(plan)) == {new, PROJECT}
    decision = tomllib.loads((plan / new).read_text())
    assert (decision["outcome"], decision["by"], decision["override"]) == ("iterate", "helen", "Pilot over")
    assert tomllib.loads((plan / PROJECT).read_text())["phase"] == "iterate"
    assert run(plan, "undo").code == 0
    assert changed(before, snapshot(plan)) == set()


def test_a_project_that_is_killed_is_dropped(plan: Path) -> None:
    assert run(plan, "gate", "kill", "--by", "helen", "--because", "No effect").code == 0
    assert tomllib.loads((plan / PROJECT).read_text())["state"] == "dropped"


def test_an_open_gate_needs_no_override(sample: Sample) -> None:
    plan = sample("churn")
    assert run(plan, "set", "churn", "phase=assess").code == 0
    assert run(plan, "gate").code == 0
    given = (
        "--by",
        "helen",
        "--because",
        "Twice the recall",
        "--override",
        "not needed",
        "--next-review",
        "+8w",
    )
    ran = run(plan, "gate", "pass", *given)
    assert ran.code == 0
    assert "nothing is overridden" in ran.err
    path = plan / f"projects/churn/decisions/{ran.out.strip()}.toml"
    decision = tomllib.loads(path.read_text())
    assert "override" not in decision
    assert str(decision["next_review"]) == "2027-01-15"


REFUSED = {
    "closed": (("churn", "pass", "--by", "helen", "--because", "x"), "gate-execute is closed"),
    "the lead": (("churn", "pass", "--by", "mira", "--because", "x", "--override", "y"), "mira leads churn"),
    "nobody": (("churn", "pass", "--because", "x", "--override", "y"), "--by is missing"),
    "no such person": (("churn", "pass", "--by", "zoe", "--because", "x"), "no person"),
    "no reason": (("churn", "recycle", "--by", "helen"), "a decision has a reason"),
    "no such outcome": (
        ("churn", "frobnicate", "--by", "helen", "--because", "x"),
        "ends in one of: iterate",
    ),
    "no outcome": (("churn", "--by", "helen"), "an outcome is missing"),
    "too many words": (("churn", "next", "stage"), "next-stage"),
    "no such project": (("chrn",), "nearest: churn"),
    "no such gate": (("--gate", "garden"), "no gate"),
    "a day that is past": (
        ("churn", "recycle", "--by", "helen", "--because", "x", "--next-review", "2026-11-01"),
        "lies ahead",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_may_decide_is_refused_and_nothing_is_written(plan: Path, name: str) -> None:
    arguments, says = REFUSED[name]
    before = snapshot(plan)
    ran = run(plan, "gate", *arguments)
    assert ran.code == 2
    assert says in ran.err
    assert changed(before, snapshot(plan)) == set()


def test_a_decision_can_be_previewed(plan: Path) -> None:
    before = snapshot(plan)
    ran = run(plan, "gate", "recycle", "--by", "helen", "--because", "Read it again", "--dry-run")
    assert ran.code == 0
    assert '+outcome = "recycle"' in ran.out
    assert changed(before, snapshot(plan)) == set()


def test_data_for_programs_says_all_that_is_shown() -> None:
    ran = kedge("gate", "churn", "--gate", "gate-traffic", "--json", "--plan", str(CHURN), "--today", TODAY)
    data = json.loads(ran.out)["data"]
    assert ran.code == 1
    assert (data["gate"], data["open"]) == ("gate-traffic", False)
    assert {one["verdict"] for one in data["conditions"]} == {"met", "not met", "cannot be told"}
    assert all(one["because"] for one in data["conditions"])


def test_a_waiver_has_an_approver_a_reason_and_an_end(plan: Path) -> None:
    whole = ("approved_by=helen", "reason=Finance signs later", "expires=+2w")
    before = snapshot(plan)
    for lacking, says in ((0, "an approver"), (1, "a reason"), (2, "a day on which it ends")):
        given = [text for at, text in enumerate(whole) if at != lacking]
        ran = run(plan, "waiver", "add", "tp-guard", *given)
        assert (ran.code, says in ran.err) == (2, True)
    lead = run(plan, "waiver", "add", "tp-guard", "approved_by=mira", *whole[1:])
    assert (lead.code, "not by the lead" in lead.err) == (2, True)
    assert changed(before, snapshot(plan)) == set()
    assert run(plan, "waiver", "add", "tp-guard", *whole).code == 0
    data = json.loads(run(plan, "gate", "--json").out)["data"]
    assert [one["question"] for one in data["waived"]] == ["tp-guard"]
    assert "tp-guard" not in [one["question"] for one in data["holding"]]
