"""The rules of Assess: where they speak, and above all where they do not. Each rule's usual case is a sample."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped, with_team
from kedge.model.records.address import Address
from kedge.model.rules.catalog import RULES
from kedge.model.rules.checking import check
from kedge.model.snapshot.repository_files import FileState
from kedge.model.snapshot.snapshot import Snapshot
from kedge.storage.plan.read import read_plan

from .evidence_files import Files
from .plan_from import plan_from

TODAY = dt.date(2026, 11, 20)
NOTHING = Snapshot.of(Plan(), shipped(), TODAY)
DUTY = {"law": {"limit": "payments are screened from July 2027 on", "kind": "regulation"}}
HELEN = {"person /helen": {"name": "Helen", "role": "gatekeeper"}}
WHY = "twice the recall of the rule"
SAMPLES = Path(__file__).parents[2] / "samples"


def codes(
    files: dict[str, dict[str, Any]] | None = None,
    answers: dict[str, Any] | None = None,
    seen: Snapshot = NOTHING,
    **project: Any,
) -> list[str]:
    records = {
        "project churn/churn": {"title": "Churn", "lead": "mira", **project},
        "assessment churn/assessment": {"answers": answers or {}},
        **(files or {}),
    }
    plan = plan_from(records)
    return [finding.code for finding in check(seen.with_plan(plan), select=["A"])]


@pytest.mark.parametrize("name", ["churn", "tiny"])
def test_a_careful_plan_has_no_findings(name: str) -> None:
    plan = read_plan(str(SAMPLES / name / "plan")).plan
    assert check(NOTHING.with_plan(plan), select=["A"]) == []


def test_of_the_portfolio_a_promise_and_a_hope_are_worth_a_word() -> None:
    plan = read_plan(str(SAMPLES / "portfolio" / "plan")).plan
    promise, *hopes = sorted(check(NOTHING.with_plan(plan), select=["A"]), key=lambda one: one.code)
    assert (promise.code, promise.severity) == ("A105", "advice")
    assert "grade 2 (data-infra-ready)" in promise.message
    assert [(one.code, one.address.project if one.address else "") for one in hopes] == [
        ("A116", "defect-inspection"),
        ("A116", "next-best-offer"),
        ("A121", "next-best-offer"),  # legal was not asked yet
    ]


def test_an_empty_project_has_not_done_anything_wrong() -> None:
    assert codes() == []
    assert codes(phase="execute") == []


def test_rules_name_the_part_of_the_playbook_they_come_from() -> None:
    sources = [rule.source for code, rule in RULES.items() if code.startswith("A")]
    assert len(sources) == 78
    assert all(source.startswith("docs/playbook.md: ") for source in sources)


def test_methods_wait_for_a_goal() -> None:
    methods = {"gbm": {"title": "Trees"}}
    assert codes(methods=methods) == ["A101"]
    assert codes(methods=methods, goals={"saves": {"title": "Saves"}}) == []
    assert codes(methods=methods, state="done") == []


@pytest.mark.parametrize(("days", "expected"), [(9, []), (10, ["A102"])])
def test_data_is_looked_at_in_the_first_days(days: int, expected: list[str]) -> None:
    started = TODAY - dt.timedelta(days)
    assert codes(started=started) == expected
    assert codes({"dataset churn/billing": {"title": "B", "checked_on": TODAY}}, started=started) == []
    assert codes(started=started, phase="plan") == []
    unread = Snapshot.of(Plan(), shipped(), TODAY, frozenset({Address("dataset", "churn", "billing")}))
    assert codes(seen=unread, started=started) == []


def test_refused_data_matters_where_this_stage_needs_it() -> None:
    refused = {"title": "Tickets", "access": "refused"}
    card = {"title": "Topics", "datasets": ["tickets"], "stage": "growth"}
    assert codes({"dataset churn/tickets": refused}) == ["A103"]
    assert codes({"dataset churn/tickets": refused, "card churn/topics-7k2m": card}) == []
    assert codes({"dataset churn/tickets": {**refused, "access": "asked"}}) == []


def test_personal_data_in_use_has_its_ground() -> None:
    used = {"title": "B", "access": "granted", "personal_data": True}
    assert codes({"dataset churn/billing": used}) == ["A103"]
    assert codes({"dataset churn/billing": {**used, "lawful_ground": "contract"}}) == []
    assert codes({"dataset churn/billing": {**used, "lawful_ground": " "}}) == ["A103"]
    assert codes({"dataset churn/billing": {**used, "access": "open"}}) == ["A103", "A186"]
    assert codes({"dataset churn/billing": {**used, "access": "asked"}}) == []


def test_no_signal_is_said_once_the_project_went_on() -> None:
    answers = {"data-signal": {"verdict": 1}}
    assert codes(answers=answers) == []
    assert codes(answers=answers, phase="plan") == ["A103"]


def test_a_complex_build_was_tried_on_something() -> None:
    assert codes(phase="plan", complexity=4) == ["A104"]
    assert codes(phase="plan", complexity=3) == []
    assert codes(phase="assess", complexity=5) == []
    assert (
        codes(
            answers={"pri-ev-tech": {"verdict": "test", "evidence": ["docs/tried.md"]}},
            phase="plan",
            complexity=4,
        )
        == []
    )
    explored = {"title": "B", "origin": "own production", "checked_on": TODAY}
    signal = {"data-signal": {"verdict": 4, "evidence": ["docs/tried.md"]}}
    assert codes({"dataset churn/billing": explored}, signal, phase="plan", complexity=4) == []


def test_a_promise_on_weak_data() -> None:
    promised = {"strategy churn/strategy": {"milestones": {"live": {"title": "L", "promised_date": TODAY}}}}
    weak = {"title": "B", "quality": 2, "relevance": 4}
    assert codes({**promised, "dataset churn/billing": weak}) == ["A105"]
    assert codes({**promised, "dataset churn/billing": {**weak, "relevance": 3}}) == []
    assert codes({"dataset churn/billing": weak}) == []
    later = {"live": {"title": "L", "promised_date": TODAY, "stage": "growth"}}
    assert codes({"strategy churn/strategy": {"milestones": later}, "dataset churn/billing": weak}) == []


def test_a_skill_is_missed_where_skills_are_kept() -> None:
    sam = {"person /sam": {"name": "Sam", "skills": ["sql"]}}
    assert codes(sam, effort={"vision": 2}) == ["A106"]
    assert codes(sam, effort={"sql": 2, "vision": 0}) == []
    assert codes({"person /sam": {"name": "Sam"}}, effort={"vision": 2}) == []


def test_a_gain_has_something_that_speaks_for_it() -> None:
    gain = {"pri-gain": {"values": {"low": 1}}}
    assert codes(answers=gain, phase="plan") == ["A107"]
    assert codes(answers=gain) == []
    asked = {
        **paying(2_000_000, "opinion"),
        "pri-ev-value": {"verdict": "nothing"},
        "stage-cap": {"verdict": 150_000},
    }
    assert codes(answers=asked) == ["A107"]
    assert codes(answers=gain, phase="plan", mandatory=True, constraints=DUTY) == []
    assert codes(answers={**gain, "pri-ev-value": {"verdict": "opinion"}}, phase="plan") == []
    written = {"pri-gain": {"values": {"low": 1}, "evidence": ["docs/case.md"]}}
    assert codes(answers=written, phase="plan") == []


def test_builders_estimated_the_cost() -> None:
    cost = {"pri-cost": {"values": {"to next gate: low": 1}}}
    asked = {**cost, "pri-reality": {"checked": ["named builders estimated time and compute"]}}
    unasked = {**cost, "pri-reality": {"checked": []}}
    assert codes(answers=unasked, phase="plan") == ["A108"]
    assert codes(answers=unasked) == []
    money = {**paying(900_000), "stage-cap": {"verdict": 150_000}, "pri-reality": {"checked": []}}
    assert "A108" in codes(answers=money)
    assert codes(answers=asked, phase="plan") == []
    assert codes(answers=cost, phase="plan") == []


def test_one_stage_and_one_cap() -> None:
    assert codes(answers={"stage-now": {"verdict": "growth"}}, stage="growth") == []
    assert codes(answers={"stage-now": {"verdict": "growth"}}) == ["A109"]
    strategy = {"strategy churn/strategy": {"stages": {"mvp": {"cap": 5.0}}}}
    assert codes(strategy, {"stage-cap": {"verdict": 5}}) == []
    assert codes(strategy, {"stage-cap": {"verdict": 6}}) == ["A109"]


@pytest.mark.parametrize(
    ("question", "answer", "count"),
    [
        ("disc-simpler", {"verdict": "no"}, 1),
        ("disc-simpler", {"verdict": 0}, 1),
        ("disc-fit", {"verdict": 6}, 1),
        ("disc-fit", {"verdict": True}, 1),
        ("disc-fit", {"verdict": 3}, 0),
        ("stage-cap", {"verdict": "170k"}, 1),
        ("disc-benefit", {"verdict": ["more revenue", "fame", "glory"]}, 2),
        ("disc-aware", {"checked": ["told"]}, 1),
        ("disc-decision", {"verdict": "anything"}, 0),
        ("disc-simpler", {"state": "unknown", "verdict": "no"}, 0),
        ("nobody-asks-this", {"verdict": "x"}, 0),
    ],
)
def test_an_answer_that_the_question_cannot_mean(question: str, answer: dict[str, Any], count: int) -> None:
    assert codes(answers={question: answer}) == ["A110"] * count


def test_a_teams_own_question_is_read_as_the_team_wrote_it() -> None:
    playbook, problems = with_team({"item": {"disc-benefit": {"choices": ["fame", "none"]}}})
    assert not problems
    answers = {"disc-benefit": {"verdict": ["fame"]}}
    assert codes(answers=answers, seen=Snapshot.of(Plan(), playbook, TODAY)) == []
    assert codes(answers=answers) == ["A110"]


def test_a_question_is_set_aside_for_a_reason() -> None:
    assert codes(answers={"disc-fit": {"state": "not-applicable"}}) == ["A111"]
    said = {"state": "not-applicable", "because": "bought as a service"}
    assert codes(HELEN, {"disc-fit": {**said, "approved_by": "helen"}}) == []
    assert codes(HELEN, {"disc-fit": {**said, "approved_by": "mira"}}) == ["A111"]
    assert codes(HELEN, {"disc-fit": said}) == ["A111"]
    assert codes(HELEN, {"disc-reach": said}) == []  # holds no gate at this stage
    assert codes(HELEN, {"disc-reach": {**said, "because": "n/a"}}) == ["A111"]


@pytest.mark.parametrize(("days", "expected"), [(0, []), (1, ["A112"])])
def test_an_answer_holds_to_the_end_of_its_day(days: int, expected: list[str]) -> None:
    until = TODAY - dt.timedelta(days)
    assert codes(answers={"disc-vision": {"verdict": 4, "valid_until": until}}) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"expires": TODAY - dt.timedelta(1)}, ["A113"]),
        ({"approved_by": "mira"}, ["A113"]),
        ({"reason": None}, ["A113"]),
    ],
)
def test_a_waiver_counts_or_is_named(fields: dict[str, Any], expected: list[str]) -> None:
    whole = {"item": "disc-fit", "approved_by": "helen", "reason": "the pilot comes first", "expires": TODAY}
    waiver = {name: value for name, value in {**whole, **fields}.items() if value is not None}
    assert codes(HELEN, waivers={"fit": waiver}) == expected


def test_somebody_else_decides_at_a_gate() -> None:
    decision = {
        "title": "Go",
        "gate": "gate-assess",
        "outcome": "go",
        "by": "mira",
        "date": TODAY,
        "why": WHY,
    }
    assert codes({**HELEN, "decision churn/go": decision}) == ["A114"]
    assert codes({**HELEN, "decision churn/go": {**decision, "by": "helen"}}) == []
    assert codes({"decision churn/go": {"title": "Batch", "by": "mira"}}) == []


def test_a_project_that_stops_says_why_and_what_it_taught() -> None:
    held = {"decision churn/hold": {"title": "Hold", "outcome": "hold", "why": "no data before spring"}}
    assert codes(state="hold") == ["A115"]
    assert codes(held, state="hold") == []
    assert codes(state="dropped") == ["A115", "A115"]
    killed = {"decision churn/kill": {"title": "Kill", "outcome": "kill", "why": "no signal in the data"}}
    assert codes(killed, state="dropped", lessons={"ask": {"what": "Ask early"}}) == []


def paying(likely: float, level: str = "proven") -> dict[str, Any]:
    points = ("low", "likely", "high")
    steps = dict(zip(points, (-2000, 0, 2000), strict=True))
    costs = {
        f"{stage}: {point}": 100_000 + steps[point]
        for stage in ("to next gate", "after it")
        for point in points
    }
    return {
        "pri-gain": {"values": {point: likely * (1 + steps[point] / 100_000) for point in points}},
        "pri-cost": {"values": costs},
        **{
            f"pri-ev-{factor}": {"verdict": level, "evidence": [f"docs/{factor}.md"]}
            for factor in ("value", "tech", "adopt")
        },
    }


def test_the_gain_that_pays_is_held_against_the_gain_that_the_evidence_carries() -> None:
    # 200,000 over three years at 10 %: 200,000 / 2.4869 = 80,423 a year. Without data the chance is 0.98^3 / 2 =
    # 0.4706, so that 170,898 a year are just enough.
    assert codes(answers=paying(170_000), phase="plan") == ["A116"]
    assert codes(answers=paying(172_000), phase="plan") == []
    assert codes(answers=paying(170_000), phase="assess") == []  # nobody asks for money yet
    asked = {**paying(170_000), "stage-cap": {"verdict": 150_000}}
    assert "A116" in codes(answers=asked, phase="assess")
    assert codes(answers=paying(170_000), phase="plan", mandatory=True, constraints=DUTY) == []
    lacking = {name: one for name, one in paying(10).items() if name != "pri-cost"}
    assert codes(answers=lacking, phase="plan") == []


def test_a_complexity_below_what_the_data_propose_has_a_reason() -> None:
    def source(grade: int) -> dict[str, Any]:
        return {"title": "Tickets", "available": 5, "quality": grade, "relevance": 5}

    weak = {"dataset churn/tickets": source(2), "dataset churn/calls": source(3)}
    # The weakest grades are 2 and 3, 2.5 on average: 6 - 2.5 = 3.5, and 4 is the even one beside it.
    assert codes(weak, complexity=3) == ["A117"]
    assert codes(weak, complexity=4) == []
    because = {"pri-complexity": {"because": "both are only for the report"}}
    assert codes(weak, because, complexity=3) == []
    answered = {"pri-complexity": {"values": {"complexity 1-5": 3}}}
    assert codes(weak, answered) == ["A117"]
    assert codes(weak) == []
    assert codes(complexity=1) == []
    # Of four sources that are as good as can be, joining them remains; infrastructure can be the weaker part.
    many = {f"dataset churn/d{number}": source(5) for number in range(4)}
    assert codes(many, complexity=1) == ["A117"]
    assert codes(many, complexity=2) == []
    assert codes(many, {"data-infra-ready": {"verdict": 1}}, complexity=4) == ["A117"]


@pytest.mark.parametrize(
    ("phase", "level", "expected"),
    [
        ("iterate", {"needed": 4, "reached": 2}, ["A118"]),
        ("iterate", {"needed": 4, "reached": 4}, []),
        ("iterate", {"needed": 4}, []),
        ("execute", {"needed": 4, "reached": 2}, []),
    ],
)
@pytest.mark.parametrize("section", ["qualities", "concerns"])
def test_a_cycle_is_over_with_a_level_below_its_need(
    section: str, phase: str, level: dict[str, int], expected: list[str]
) -> None:
    files = {"requirements churn/requirements": {section: {"reliability": level}}}
    assert [code for code in codes(files, phase=phase) if code == "A118"] == expected


def test_a_need_may_stand_in_the_answer_alone() -> None:
    files = {"requirements churn/requirements": {"qualities": {"reliability": {"reached": 2}}}}
    answers = {"arch-qualities": {"values": {"reliability": 4}}}
    assert "A118" in codes(files, answers, phase="iterate")


@pytest.mark.parametrize(
    ("answer", "states", "expected"),
    [
        ({"verdict": "test", "evidence": ["docs/a.md"]}, {"docs/a.md": "there"}, []),
        ({"verdict": "test", "evidence": ["https://example.org/a"]}, {}, []),
        ({"verdict": "opinion"}, {}, []),
        ({"verdict": "test", "result": "against"}, {}, []),
        ({"verdict": "test"}, {}, [("A131", "evidence")]),
        ({"verdict": "test", "evidence": ["docs/a.md"]}, {}, [("A130", "evidence")]),
        ({"verdict": "opinion", "evidence": ["docs/a.md"]}, {}, [("A130", "evidence")]),
        ({"verdict": "test", "evidence": ["docs/a.md"]}, {"docs/a.md": "empty"}, [("A130", "evidence")]),
        ({"verdict": "test", "evidence": ["http://x"]}, {}, [("A130", "evidence")]),
        (
            {"verdict": "test", "evidence": ["docs/a.md"], "valid_until": TODAY - dt.timedelta(1)},
            {"docs/a.md": "there"},
            [("A112", "valid_until"), ("A131", "valid_until")],
        ),
    ],
)
def test_a_claim_names_what_it_lacks(
    answer: dict[str, Any], states: dict[str, FileState], expected: list[tuple[str, str]]
) -> None:
    plan = plan_from(
        {
            "project churn/churn": {"title": "Churn"},
            "assessment churn/assessment": {"answers": {"pri-ev-value": answer}},
        }
    )
    found = check(Snapshot.of(plan, shipped(), TODAY, files=Files(states)), select=["A"])
    assert [(one.code, one.field[-1]) for one in found] == expected
    assert all(one.field[:2] == ("answers", "pri-ev-value") for one in found)
