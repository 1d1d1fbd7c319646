"""`kedge assess` and `kedge answer`: what they print to the letter, what they write, what they refuse."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .running import TODAY, Ran, changed, check_golden, kedge, snapshot

Sample = Callable[[str], Path]
ASSESSMENT = "projects/churn/assessment.toml"
COMMANDS = {
    "assess.txt": ("assess",),
    "assess-plan-open.txt": ("assess", "--step", "plan", "--open"),
    "assess-stages-why.txt": ("assess", "--step", "stages", "-v"),
    "assess-question.txt": ("assess", "disc-users"),
    "assess-figures.txt": ("assess", "pri-gain"),
    "assess-offers.txt": ("assess", "--offers"),
    "assess-step.json": ("assess", "--step", "stages", "--json"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was_agreed(plan: Path, name: str) -> None:
    ran = run(plan, *COMMANDS[name])
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 80 or name.endswith(".json")
    check_golden(name, ran.out)


@pytest.fixture
def plan(sample: Sample) -> Path:
    return sample("churn")


def run(plan: Path, *arguments: str) -> Ran:
    return kedge(*arguments, "--plan", str(plan), "--today", TODAY)


def said(plan: Path, question: str) -> dict[str, Any]:
    answers = tomllib.loads((plan / ASSESSMENT).read_text())["answers"]
    return {name: value for name, value in answers.get(question, {}).items() if name != "notes"}


def test_git_says_who_answered(plan: Path) -> None:
    def git(*arguments: str) -> str:
        names = {
            f"GIT_{role}_{what}": "Mira" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        days = {"GIT_AUTHOR_DATE": "2026-09-01T10:00", "GIT_COMMITTER_DATE": "2026-09-02T10:00"}
        command = ["git", "-C", str(plan.parent), *arguments]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, **names, **days}
        )
        return done.stdout.strip()

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "what we know")
    commit = git("rev-parse", "HEAD")
    ran = run(plan, "assess", "disc-fit")
    assert f"  answered     Mira, 2026-09-01, in {commit[:8]}: what we know\n" in ran.out
    assert run(plan, "answer", "disc-fit", "2").code == 0
    assert "  answered     not committed yet\n" in run(plan, "assess", "disc-fit").out
    assert "answered: not committed yet" in run(plan, "assess", "--step", "discovery", "-v").out
    data = json.loads(run(plan, "assess", "--json").out)["data"]
    found = {one["question"]: one["answered"] for step in data["steps"] for one in step["questions"]}
    assert found["disc-fit"] == {"committed": False}
    assert found["disc-simpler"] == {
        "committed": True,
        "by": "Mira",
        "email": "Mira",
        "on": "2026-09-01",
        "commit": commit,
        "subject": "what we know",
        "may_be_earlier": False,
    }
    assert found["disc-stakeholders"] is None
    (plan.parent / ".git" / "config").write_text("[core\n")
    why = "the git repository cannot be read: bad config line 1 in file"
    assert f"  answered     {why}" in run(plan, "assess", "disc-fit").out
    data = json.loads(run(plan, "assess", "--json").out)["data"]
    found = {one["question"]: one["answered"] for step in data["steps"] for one in step["questions"]}
    assert found["disc-simpler"]["problem"].startswith(why)
    assert found["disc-stakeholders"] is None


ANSWERS = {
    "yes or no": (("disc-simpler", "yes"), {"verdict": True}),
    "a grade": (("disc-fit", "4"), {"verdict": 4}),
    "a number with its unit": (("stage-timebox", "30", "weeks"), {"verdict": 30}),
    "money in short": (("stage-cap", "175k"), {"verdict": 175000}),
    "the beginning of a choice": (("disc-risk-class", "high"), {"verdict": "high risk"}),
    "several choices": (
        ("disc-benefit", "lower risk", "more revenue"),
        {"verdict": ["more revenue", "lower risk"]},
    ),
    "a text": (("stage-proof", "Twice", "the", "recall"), {"verdict": "Twice the recall"}),
    "unknown": (("disc-fit", "--unknown"), {"state": "unknown"}),
    "a level and a way": (
        ("pri-ev-value", "test", "--result", "mixed", "--confidence", "analogue"),
        {"verdict": "test", "result": "mixed", "confidence": "analogue"},
    ),
    "a reason": (("disc-vision", "--because", "A goal of 2027"), {"verdict": 5, "because": "A goal of 2027"}),
    "below zero": (("stage-baseline", "-4"), {"verdict": -4}),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_changes_its_own_lines(plan: Path, name: str) -> None:
    arguments, expected = ANSWERS[name]
    before = snapshot(plan)
    ran = run(plan, "answer", *arguments)
    assert ran.code == 0, ran.err
    assert f"({arguments[0]}) is " in ran.err
    assert changed(before, snapshot(plan)) == {ASSESSMENT}
    found = said(plan, arguments[0])
    assert {key: found.get(key) for key in expected} == expected
    assert run(plan, "undo").code == 0
    assert changed(before, snapshot(plan)) == set()


def test_figures_are_added_to_those_that_stand_there(plan: Path) -> None:
    assert run(plan, "answer", "pri-gain", "likely=500k", "impact=2").code == 0
    assert said(plan, "pri-gain")["values"] == {"low": 180000, "likely": 500000, "high": 900000, "impact": 2}


def test_lines_are_checked_and_unchecked(plan: Path) -> None:
    ran = run(plan, "answer", "disc-users", "--checked", "rough version")
    assert ran.code == 0
    assert "(disc-users) is met" in ran.err
    assert len(said(plan, "disc-users")["checked"]) == 4
    assert run(plan, "answer", "disc-users", "--unchecked", "1", "--unchecked", "2").code == 0
    assert said(plan, "disc-users")["checked"] == [
        "a rough version tried by users",
        "personas and their journeys drawn",
    ]


def test_lines_that_count_for_every_dataset_say_so(plan: Path) -> None:
    ran = run(plan, "answer", "data-first-look", "all")
    assert ran.code == 0
    assert "kedge dataset set ID explored=+LINE" in ran.err


def test_what_does_not_apply_has_a_reason_and_an_answer_can_go(plan: Path) -> None:
    refused = run(plan, "answer", "tp-trust", "--not-applicable")
    assert (refused.code, "say why" in refused.err) == (2, True)
    assert run(plan, "answer", "tp-trust", "--not-applicable", "--because", "Nobody sees it").code == 0
    assert said(plan, "tp-trust")["state"] == "not-applicable"
    assert run(plan, "answer", "tp-trust", "--clear").code == 0
    assert said(plan, "tp-trust") == {}


def test_evidence_is_a_path_in_the_repository_or_an_address(plan: Path) -> None:
    top = plan.parent
    (top / ".git").mkdir()
    (top / "docs" / "fit.md").write_text("fits")
    there = kedge("answer", "disc-fit", "--evidence", "fit.md", cwd=top / "docs")
    assert there.code == 0
    assert "note:" not in there.err
    gone = run(
        plan, "answer", "disc-fit", "--evidence", "docs/gone.md", "--evidence", "https://example.org/a"
    )
    assert gone.code == 0
    assert "note: there is no docs/gone.md in the repository yet" in gone.err
    assert said(plan, "disc-fit")["evidence"] == ["docs/fit.md", "docs/gone.md", "https://example.org/a"]
    line = kedge("answer", "disc-fit", "--evidence", "fit.md:12", "--evidence", "fit.md#L1", cwd=top / "docs")
    assert "note:" not in line.err
    assert said(plan, "disc-fit")["evidence"][-2:] == ["docs/fit.md:12", "docs/fit.md#L1"]
    before = snapshot(plan)
    outside = run(plan, "answer", "disc-fit", "--evidence", "../../../secret.md")
    assert (outside.code, "not in the repository" in outside.err) == (2, True)
    assert changed(before, snapshot(plan)) == set()


REFUSED = {
    "no such question": (("disc-fitt", "3"), "nearest: disc-fit"),
    "an ambiguous one": (("disc", "3"), "fits 17 question ids"),
    "nothing said": (("disc-fit",), "expected: a grade from 1 to 5"),
    "a grade that is none": (("disc-fit", "9"), "a grade from 1 to 5"),
    "an ambiguous choice": (("stage-poc", "solves"), "write more of it"),
    "two things at once": (("disc-fit", "3", "--unknown"), "say one of"),
    "an option that is none": (("disc-fit", "3", "--becuase", "x"), "no option --becuase"),
    "a way that is not asked": (("disc-fit", "3", "--result", "mixed"), "does not ask"),
    "a level that is none": (("pri-ev-value", "test", "--confidence", "sure"), "expected one of nothing"),
    "answered by records": (("disc-outcome", "yes"), "kedge goal add"),
    "a line that is none": (("disc-aware", "--checked", "9"), "lines 1 to 4"),
    "a day that is none": (("disc-fit", "3", "--valid-until", "someday"), "someday"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(plan: Path, name: str) -> None:
    arguments, says = REFUSED[name]
    before = snapshot(plan)
    ran = run(plan, "answer", *arguments)
    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""
    assert changed(before, snapshot(plan)) == set()


def test_an_answer_can_be_previewed(plan: Path) -> None:
    before = snapshot(plan)
    ran = run(plan, "answer", "disc-simpler", "yes", "--dry-run")
    assert ran.code == 0
    assert "-verdict = false" in ran.out
    assert "+verdict = true" in ran.out
    assert changed(before, snapshot(plan)) == set()


def test_an_offered_card_is_made_once(plan: Path) -> None:
    ran = run(plan, "assess", "--take", "disc-users")
    assert ran.code == 0
    card = tomllib.loads((plan / f"projects/churn/cards/{ran.out.strip()}.toml").read_text())
    assert (card["title"], card["place"], card["offered_by"]) == (
        "Talk to users",
        "assess/discovery",
        "disc-users",
    )
    again = run(plan, "assess", "--take", "disc-users")
    assert (again.code, "already" in again.err) == (2, True)
    assert run(plan, "drop", ran.out.strip(), "--reason", "later").code == 0
    assert run(plan, "assess", "--take", "disc-users").code == 2
    part = run(plan, "assess", "churn", "--take", "iOS events")
    assert part.code == 0
    for text in ("no such offer", "gap:"):
        assert run(plan, "assess", "--take", text).code == 2


def test_the_questions_of_one_of_several_projects(sample: Sample) -> None:
    plan = sample("portfolio")
    assert run(plan, "assess").code == 2
    data = json.loads(run(plan, "assess", "ticket", "--open", "--json").out)["data"]
    assert data["project"] == "ticket-routing"
    assert all(not one["met"] for step in data["steps"] for one in step["questions"])
    one = json.loads(run(plan, "assess", "disc-fit", "--project", "card-fraud", "--json").out)["data"]
    assert (one["question"], one["met"], one["answer"]["verdict"]) == ("disc-fit", True, 5)
    unknown = run(plan, "assess", "nothing-like-it")
    assert (unknown.code, "no project and no question" in unknown.err) == (2, True)


def test_a_plan_without_answers_is_asked_the_first_ones_first(tmp_path: Path) -> None:
    assert kedge("init", "--project", "Churn", cwd=tmp_path).code == 0
    ran = kedge("assess", cwd=tmp_path)
    assert ran.code == 0
    assert "(disc-decision)" in ran.out.partition("\nNext: ")[2]
    assert "(gate-assess) is closed" in ran.out
    first = kedge("answer", "disc-decision", "Agents call first", cwd=tmp_path)
    assert (first.code, "next: " in first.err) == (0, True)
    assert "(gate-assess) is closed" in kedge("assess", "-v", cwd=tmp_path).out


# ---- the next cycle


def test_what_is_carried_over_is_confirmed_by_one_command(sample: Sample) -> None:
    plan = sample("churn")
    given = ("--plan", str(plan), "--today", TODAY)
    assert kedge("set", "churn", "cycle=2", *given).code == 0
    data = json.loads(kedge("assess", "disc-simpler", "--json", *given).out)["data"]
    assert (data["met"], data["to_confirm"], data["holds_gate"]) == (True, True, False)
    assert "to confirm" in kedge("assess", *given).out
    before = snapshot(plan)
    ran = kedge("answer", "disc-simpler", "--confirm", *given)
    assert (ran.code, "(disc-simpler) is met" in ran.err) == (0, True)
    assert changed(before, snapshot(plan)) == {"projects/churn/assessment.toml"}
    old, new = (
        text.decode().splitlines()
        for text in (
            before["projects/churn/assessment.toml"],
            snapshot(plan)["projects/churn/assessment.toml"],
        )
    )
    assert [line for line in new if line not in old] == ["cycle = 2"]
    again = kedge("answer", "disc-simpler", "--confirm", *given)
    assert (again.code, "is met: there is nothing of an earlier cycle" in again.err) == (2, True)
    assert kedge("answer", "disc-simpler", "no", "--confirm", *given).code == 2
    assert kedge("undo", *given).code == 0
    assert changed(before, snapshot(plan)) == set()


def test_answering_says_what_the_next_question_wants(sample: Sample) -> None:
    plan = sample("tiny")
    ran = kedge("answer", "disc-fit", "4", "--plan", str(plan), "--today", TODAY)
    assert ran.code == 0
    lines = ran.err.splitlines()
    assert lines[1].startswith("  next: ")
    assert lines[2].startswith("  wants: ")


def test_the_days_to_the_first_look_at_data_are_reported(sample: Sample) -> None:
    plan = sample("churn")
    given = ("--plan", str(plan), "--today", TODAY)
    data = json.loads(kedge("assess", "--json", *given).out)["data"]["first_look"]
    assert data["days"] == (dt.date.fromisoformat(data["on"]) - dt.date.fromisoformat(data["started"])).days
    said = " ".join(kedge("assess", *given).out.split())
    assert f"data were looked at {data['days']} days after the start (Failed payments" in said
    assert data["dataset"] == "payment-failures"


def test_that_no_line_holds_is_an_answer(plan: Path) -> None:
    """It moves what `--explain` says that it moves, and only `--clear` takes the answer away."""

    def chance() -> float:
        figures = json.loads(run(plan, "assess", "--explain", "--json").out)["data"]
        return next(one["value"] for one in figures if one["name"] == "Chance of success")

    explained = json.loads(run(plan, "assess", "disc-aware", "--explain", "--json").out)["data"]["moves"]
    trial = next(one for one in explained if one["answer"] == "if no line held")
    promised = next(one["after"] for one in trial["figures"] if one["name"] == "Chance of success")
    before = chance()
    assert promised < before
    assert run(plan, "answer", "disc-aware", "none").code == 0
    assert said(plan, "disc-aware")["checked"] == []
    assert chance() == promised
    assert run(plan, "answer", "disc-aware", "--clear").code == 0
    assert chance() == before
