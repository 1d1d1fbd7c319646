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
        "The pilot is over",
    )
    assert ran.code == 0, ran.err
    assert ran.out == "gate-execute-iterate-2026-11-20\n"
    assert "phase iterate" in ran.err
    new = f"projects/churn/decisions/{ran.out.strip()}.toml"
    assert changed(before, snapshot(plan)) == {new, PROJECT}
    decision = tomllib.loads((plan / new).read_text())
    assert (decision["outcome"], decision["by"], decision["override"]) == (
        "iterate",
        "helen",
        "The pilot is over",
    )
    assert tomllib.loads((plan / PROJECT).read_text())["phase"] == "iterate"
    assert run(plan, "undo").code == 0
    assert changed(before, snapshot(plan)) == set()


def test_a_project_that_is_killed_is_dropped(plan: Path) -> None:
    assert run(plan, "gate", "kill", "--by", "helen", "--because", "No effect in eight weeks").code == 0
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


WHY = "Twice the recall of the rule"
REFUSED = {
    "few words": (("churn", "recycle", "--by", "helen", "--because", "."), "a few words are wanted"),
    "an override that says nothing": (
        ("churn", "pass", "--by", "helen", "--because", WHY, "--override", "n/a"),
        "an override has a reason: a few words are wanted",
    ),
    "no role": (("churn", "recycle", "--by", "sam", "--because", WHY), "kedge person set sam role="),
    "a gate of another phase": (
        ("churn", "go", "--gate", "gate-assess", "--by", "helen", "--because", WHY),
        "(gate-assess) leads out of assess, and churn is in execute",
    ),
    "a judgement of what is computed": (
        ("churn", "recycle", "--by", "helen", "--because", WHY, "--judge", f"guardrails-held=met:{WHY}"),
        "guardrails-held is computed",
    ),
    "a judgement in no form": (
        ("churn", "recycle", "--by", "helen", "--because", WHY, "--judge", "guardrails-held"),
        "--judge wants ID=met:REASON",
    ),
    "closed": (("churn", "pass", "--by", "helen", "--because", WHY), "(gate-execute) is closed"),
    "the lead": (("churn", "pass", "--by", "mira", "--because", WHY, "--override", WHY), "mira leads churn"),
    "nobody": (("churn", "pass", "--because", WHY, "--override", WHY), "--by is missing"),
    "no such person": (("churn", "pass", "--by", "zoe", "--because", WHY), "no person"),
    "no reason": (("churn", "recycle", "--by", "helen"), "--because is missing: a decision has a reason"),
    "no such outcome": (
        ("churn", "frobnicate", "--by", "helen", "--because", WHY),
        "ends in one of: iterate",
    ),
    "no outcome": (("churn", "--by", "helen"), "an outcome is missing"),
    "too many words": (("churn", "next", "stage"), "next-stage"),
    "no such project": (("chrn",), "nearest: churn"),
    "no such gate": (("--gate", "garden"), "no gate"),
    "a day that is past": (
        ("churn", "recycle", "--by", "helen", "--because", WHY, "--next-review", "2026-11-01"),
        "needs a day ahead",
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
    assert {one["verdict"] for one in data["conditions"]} == {"met", "not met", "unknown"}
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
    engineer = run(plan, "waiver", "add", "tp-guard", "approved_by=tomas", *whole[1:])
    assert (engineer.code, "tomas has no role that decides" in engineer.err) == (2, True)
    past = run(plan, "waiver", "add", "tp-guard", *whole[:2], "expires=2026-11-01")
    assert (past.code, "has passed" in past.err) == (2, True)
    assert changed(before, snapshot(plan)) == set()
    assert run(plan, "waiver", "add", "tp-guard", *whole).code == 0
    data = json.loads(run(plan, "gate", "--json").out)["data"]
    assert [one["question"] for one in data["waived"]] == ["tp-guard"]
    assert "tp-guard" not in [one["question"] for one in data["holding"]]
    taken = run(plan, "waiver", "set", "tp-guard", "approved_by=mira")
    assert (taken.code, "mira leads churn" in taken.err) == (2, True)


def test_that_a_question_does_not_apply_is_agreed_by_a_person_who_may_decide(plan: Path) -> None:
    before = snapshot(plan)
    said = ("answer", "tp-guard", "--not-applicable", "--because", "No limit can be crossed in this trial")
    refused = run(plan, *said, "--approved-by", "mira")
    assert (refused.code, "another person approves that; mira leads churn" in refused.err) == (2, True)
    engineer = run(plan, *said, "--approved-by", "tomas")
    assert (engineer.code, "tomas has no role that decides" in engineer.err) == (2, True)
    assert changed(before, snapshot(plan)) == set()
    assert run(plan, *said, "--approved-by", "helen").code == 0


COUNCIL = """
[gate.gate-execute.conditions]
works-council = "the works council has seen the figures"
"""


def test_a_condition_of_the_team_is_judged_by_whoever_decides(plan: Path) -> None:
    (plan / "playbook.toml").write_text(COUNCIL)
    deciding = ("gate", "churn", "pass", "--by", "helen", "--because", WHY, "--override", WHY)
    assert "to be judged: the works council has seen the figures (works-council)" in run(plan, "gate").out
    refused = run(plan, *deciding)
    assert (refused.code, "--judge works-council=met:REASON" in refused.err) == (2, True)
    short = run(plan, *deciding, "--judge", "works-council=met:ok")
    assert (short.code, "works-council is judged with a reason" in short.err) == (2, True)
    unknown = run(plan, *deciding, "--judge", "council=met:they saw them on 3 May")
    assert (unknown.code, "those to be judged are: works-council" in unknown.err) == (2, True)
    done = run(plan, *deciding, "--judge", "works-council=not-met:they meet again in January")
    assert done.code == 0, done.err
    decision = tomllib.loads((plan / f"projects/churn/decisions/{done.out.strip()}.toml").read_text())
    assert decision["judged"] == {
        "works-council": {
            "verdict": "not met",
            "reason": "they meet again in January",
            "condition": "the works council has seen the figures",
        }
    }
    after = run(plan, "gate", "--gate", "gate-execute", "--json")
    council = next(one for one in json.loads(after.out)["data"]["conditions"] if one["id"] == "works-council")
    assert (council["verdict"], council["judged"]) == ("not met", True)
    assert council["because"] == ["judged by helen on 2026-11-20: they meet again in January"]


def test_another_sentence_is_judged_again(plan: Path) -> None:
    (plan / "playbook.toml").write_text(COUNCIL)
    deciding = ("gate", "churn", "recycle", "--by", "helen", "--because", WHY)
    done = run(plan, *deciding, "--judge", "works-council=met:they saw them on 3 May and agreed")
    assert done.code == 0, done.err
    assert "judged by helen on 2026-11-20: they saw them on 3 May" in run(plan, "gate", "-v").out
    (plan / "playbook.toml").write_text(COUNCIL.replace("has seen", "has   seen"))
    assert "to be judged: the works council" not in run(plan, "gate").out
    (plan / "playbook.toml").write_text(COUNCIL.replace("seen the figures", "agreed in writing"))
    again = " ".join(run(plan, "gate").out.split())
    assert "to be judged: the works council has agreed in writing (works-council)" in again
    assert (
        "another sentence was judged by helen on 2026-11-20: the works council has seen the figures" in again
    )


def test_what_is_agreed_with_a_decision_stands_in_it(plan: Path) -> None:
    done = run(plan, "gate", "recycle", "--by", "helen", "--because", WHY, "--condition", "Looked at in May")
    decision = tomllib.loads((plan / f"projects/churn/decisions/{done.out.strip()}.toml").read_text())
    assert decision["conditions"] == ["Looked at in May"]


def test_no_override_passes_a_gate_with_a_prohibited_use(plan: Path) -> None:
    assert run(plan, "set", "churn", "phase=assess").code == 0
    assert run(plan, "answer", "disc-risk-class", "prohibited").code == 0
    before = snapshot(plan)
    ran = run(plan, "gate", "pass", "--by", "helen", "--because", WHY, "--override", WHY)
    assert (ran.code, "disc-risk-class is prohibited" in ran.err) == (2, True)
    assert changed(before, snapshot(plan)) == set()
    assert run(plan, "gate", "kill", "--by", "helen", "--because", WHY).code == 0


def test_a_question_that_holds_the_gate_does_not_apply_when_a_second_person_agrees(plan: Path) -> None:
    assert run(plan, "set", "churn", "phase=assess").code == 0
    aside = ("answer", "disc-fit", "--not-applicable", "--because", "bought as a service")
    said = run(plan, *aside)
    assert said.code == 0
    assert "a person who does not lead the project has to agree" in said.err
    assert "disc-fit" in run(plan, "gate").out
    lead = run(plan, *aside, "--approved-by", "mira")
    assert (lead.code, "mira leads churn" in lead.err) == (2, True)
    assert run(plan, *aside, "--approved-by", "helen").code == 0
    assert "disc-fit  bought as a service (approved by helen)" in run(plan, "gate").out
    assert run(plan, "answer", "disc-fit", "4", "--approved-by", "helen").code == 2
    assert run(plan, "answer", "disc-fit", "4").code == 0
    answer = tomllib.loads((plan / "projects/churn/assessment.toml").read_text())["answers"]["disc-fit"]
    assert "approved_by" not in answer
