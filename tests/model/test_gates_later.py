"""The gates out of Plan, Execute and Iterate, whole gates, and decisions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kedge.model.derived.derived import Derived
from kedge.model.edit.refusal import EditRefused
from kedge.model.gates.decision import GateDecision, decide, outcome_of, with_judgements
from kedge.model.gates.gates import next_gate, report
from kedge.model.plan.change import apply
from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.records.governance import Judgement
from kedge.model.snapshot.snapshot import Snapshot
from kedge.storage.plan.read import read_plan

from .gate_cases import PLAYBOOK, TODAY, asked, check, plan, worth

SAMPLES = Path(__file__).parents[2] / "samples"


# ---- out of Plan, Execute and Iterate


@pytest.mark.parametrize(
    ("approved", "expected"), [(40_000, "met"), (35_000, "to be judged"), (32_000, "not met")]
)
def test_the_budget_has_room_for_the_contingency(approved: float, expected: str) -> None:
    strategy = {"stages": {"mvp": {"approved": approved}}, "budget": {"contingency": 0.2}}
    assert check("inside-the-budget", plan({"strategy churn/strategy": strategy}, worth()))[0] == expected


def test_what_no_field_says_is_judged_by_whoever_decides() -> None:
    strategy = {"stages": {"mvp": {"approved": 35_000}}, "budget": {"contingency": 0.2}}
    found = asked("gate-plan", plan({"strategy churn/strategy": strategy}, worth(), phase="plan"))
    why = Judgement(verdict="met", reason="the offer of the agency holds a reserve already")
    (judged,) = [
        one for one in with_judgements(found, {"inside-the-budget": why}, "helen").checks if one.is_judged
    ]
    assert (judged.id, judged.verdict) == ("inside-the-budget", "met")
    assert judged.because == ("judged by helen: the offer of the agency holds a reserve already",)
    with pytest.raises(EditRefused, match="in-time is computed"):
        with_judgements(found, {"in-time": why}, "helen")


def test_people_are_enough_for_all_that_goes_on() -> None:
    def with_months(own: float, other: float, phase: str) -> str:
        files = {
            "person /sam": {"name": "Sam", "skills": ["sql"]},
            "project fraud/fraud": {"title": "Fraud", "phase": phase, "effort": {"sql": other}},
        }
        return check("enough-people", plan(files, effort={"sql": own}))[0]

    # 26 weeks are six months, of which four fifths are planned: 4.8.
    assert with_months(4, 0, "plan") == "met"
    assert with_months(4, 1, "plan") == "not met"
    assert with_months(4, 1, "assess") == "met"
    assert check("enough-people", plan())[0] == "unknown"


@pytest.mark.parametrize(
    ("playbook", "board", "expected"),
    [(1.0, None, "met"), (0.8, None, "not met"), (0.5, 1.0, "met"), (1.0, 0.5, "not met")],
)
def test_the_share_of_time_that_is_planned_is_the_playbooks_unless_the_board_says_another(
    playbook: float, board: float | None, expected: str
) -> None:
    """Five person-months out of six."""
    files = {
        "person /sam": {"name": "Sam", "skills": ["sql"]},
        "board /board": {"funds": {} if board is None else {"planned_load": board}},
    }
    shares = {"parameters": {"planned_load": playbook}}
    method = PLAYBOOK.model_copy(
        update={"portfolio": tuple(rule.model_copy(update=shares) for rule in PLAYBOOK.portfolio)}
    )
    gate = method.gate("gate-plan")
    assert gate is not None
    snapshot = Snapshot.of(plan(files, effort={"sql": 5}), method, TODAY)
    assert report(Derived(snapshot), "churn", gate).checks[2].verdict == expected


def test_requirements_serve_and_are_served() -> None:
    business = {"list-on-monday": {"title": "A list every Monday"}}
    good = {"business": business, "technical": {"run": {"title": "Run", "serves": ["list-on-monday"]}}}
    assert check("requirements-serve", plan({"requirements churn/requirements": good}))[0] == "met"
    bad = {
        "business": business,
        "technical": {"run": {"title": "Run"}, "api": {"title": "A", "serves": ["gone"]}},
    }
    verdict, because = check("requirements-serve", plan({"requirements churn/requirements": bad}))
    assert verdict == "not met"
    for line in ("run serves no", "api serves gone, which is not there", "nothing serves list-on-monday"):
        assert line in because


def test_what_the_business_asks_for_is_served_before_there_is_any_technical_requirement() -> None:
    asked_for = {"business": {"list-on-monday": {"title": "A list every Monday"}}}
    verdict, because = check("requirements-serve", plan({"requirements churn/requirements": asked_for}))
    assert verdict == "not met"
    assert because == "nothing serves list-on-monday: kedge technical add ID serves=list-on-monday"


def test_only_the_approval_is_missing_where_cards_say_the_cost() -> None:
    verdict, because = check("inside-the-budget", plan(cards(10)))
    assert (verdict, because) == ("unknown", "missing: the approved budget (strat-budget)")


def test_on_the_device_no_server_has_a_peak() -> None:
    answers = {"arch-mode": {"verdict": "on the device"}}
    assert check("room-for-the-peak", plan(answers=answers))[0] == "met"


def test_what_has_no_inputs_yet_says_what_is_missing() -> None:
    for name in ("in-time", "room-for-the-peak"):
        verdict, because = check(name, plan(answers=worth()))
        assert verdict == "unknown"
        assert "missing" in because
    assert not asked("gate-plan", plan()).is_open


def cards(days: float, **strategy: Any) -> dict[str, dict[str, Any]]:
    """Three weeks for an open card of Mira, who costs 500 a day, with a certain duration."""
    card = {"title": "Work", "place": "execute", "owner": "mira", "estimate": [days] * 3}
    return {
        "person /mira": {"name": "Mira", "day_rate": 500.0, "skills": ["sql"]},
        "strategy churn/strategy": {"stages": {"mvp": {"weeks": 3.0}}, **strategy},
        "card churn/work": card,
    }


@pytest.mark.parametrize(("days", "expected"), [(14, "met"), (17, "not met")])
def test_the_stage_ends_inside_its_time_box(days: float, expected: str) -> None:
    verdict, because = check("in-time", plan(cards(days)))
    assert verdict == expected
    assert f"{100 if expected == 'met' else 0} %" in because
    empty = cards(days)
    del empty["card churn/work"]
    assert "missing: open cards" in check("in-time", plan(empty))[1]


def test_the_time_box_begins_with_the_cycle() -> None:
    late = plan(cards(14), started=TODAY - dt.timedelta(14))
    assert check("in-time", late)[0] == "not met"


@pytest.mark.parametrize(("approved", "expected"), [(6000.0, "met"), (5999.0, "not met")])
def test_the_budget_of_the_cards_is_held_against_what_is_approved(approved: float, expected: str) -> None:
    money = {"stages": {"mvp": {"approved": approved}}, "budget": {"contingency": 0.2}}
    assert check("inside-the-budget", plan(cards(10, **money), worth()))[0] == expected


def test_people_must_have_the_time_before_the_due_dates() -> None:
    def with_due(days: int) -> str:
        files = cards(10)
        files["card churn/work"]["due"] = TODAY + dt.timedelta(days)
        files["card churn/later"] = {
            "title": "Later",
            "place": "execute",
            "not_before": TODAY + dt.timedelta(90),
        }
        return check("enough-people", plan(files, effort={"sql": 1}))[1]

    assert "by the end of" in with_due(3)
    assert "by the end of" not in with_due(80)


@pytest.mark.parametrize(("money", "expected"), [(20_000, "met"), (10_000, "not met")])
def test_capacity_for_the_peak_is_paid_for(money: float, expected: str) -> None:
    load = {
        "requests per day": 864_000,
        "seconds per prediction": 0.05,
        "predictions at a time per server": 1,
        "price per hour": 1.0,
    }
    answers = {
        "arch-mode": {"verdict": "real-time request"},
        "arch-load": {"values": load},
        "pri-run": {"values": {"money per year to run": money}},
    }
    verdict, because = check("room-for-the-peak", plan(answers=answers))
    assert (verdict, "a year" in because) == (expected, True)
    del answers["pri-run"]
    assert check("room-for-the-peak", plan(answers=answers))[0] == "unknown"


@pytest.mark.parametrize(("days", "expected"), [(30, "met"), (31, "not met"), (-1, "not met")])
def test_the_way_back_was_rehearsed_lately(days: int, expected: str) -> None:
    day = TODAY - dt.timedelta(days)
    assert (
        check("way-back", plan({"rollout churn/canary": {"title": "C", "rehearsed_on": day}}))[0] == expected
    )
    said = {"pr-rollback": {"values": {"date last rehearsed": day.isoformat()}}}
    assert check("way-back", plan(answers=said))[0] == expected
    rollouts = {
        f"rollout churn/{name}": {"title": "C", "rehearsed_on": TODAY + dt.timedelta(ahead)}
        for name, ahead in (("next", 9), ("last", -3))
    }
    assert check("way-back", plan(rollouts))[0] == "met", "a day ahead hides no rehearsal that was"


def test_a_monitor_counts_when_it_is_whole_and_was_fired() -> None:
    whole = {
        "title": "Drift",
        "operator": ">",
        "value": 0.2,
        "action": "retrain",
        "owner": "mira",
        "last_tested": TODAY,
    }
    assert check("monitors-work", plan({"monitor churn/drift": whole}))[0] == "met"
    assert check("monitors-work", plan())[0] == "not met"
    for name in ("operator", "value", "action", "owner", "last_tested"):
        part = {key: value for key, value in whole.items() if key != name}
        verdict, because = check("monitors-work", plan({"monitor churn/drift": part}))
        assert verdict == "not met"
        assert "drift" in because
        assert ": missing" in because
    ahead = {**whole, "last_tested": TODAY + dt.timedelta(1)}
    assert check("monitors-work", plan({"monitor churn/drift": ahead}))[0] == "not met"


def test_quality_is_held_against_the_minimum() -> None:
    def with_bound(bound: float) -> str:
        answers = {
            "tr-quality": {"values": {"lower bound": bound}},
            "arch-quality": {"values": {"minimum": 0.26}},
        }
        return check("good-enough", plan(answers=answers))[0]

    assert [with_bound(bound) for bound in (0.26, 0.25)] == ["met", "not met"]
    assert check("good-enough", plan())[0] == "unknown"


def test_guardrails_hold_or_the_model_was_taken_off() -> None:
    def metric(**fields: Any) -> dict[str, Any]:
        return {
            "strategy churn/strategy": {"metrics": {"wait": {"title": "W", "role": "guardrail", **fields}}}
        }

    assert check("guardrails-held", plan(metric(better="lower", limit=2.5, actual=2.4)))[0] == "met"
    assert check("guardrails-held", plan(metric(better="lower", limit=2.5)))[0] == "unknown"
    outside = metric(better="lower", limit=2.5, actual=2.6)
    assert check("guardrails-held", plan(outside))[0] == "not met"
    off = {
        "rollout churn/canary": {"title": "C", "steps": {"a": {"kind": "canary", "outcome": "rolled back"}}}
    }
    assert check("guardrails-held", plan({**outside, **off}))[0] == "met"
    # What was taken off once and is back in front of users is not off.
    steps = {"a": {"kind": "canary", "outcome": "rolled back"}, "b": {"kind": "full", "started": TODAY}}
    back = {"rollout churn/canary": {"title": "C", "steps": steps}}
    assert check("guardrails-held", plan({**outside, **back}))[0] == "not met"
    again = {"rollout churn/second": {"title": "S", "steps": {"a": {"kind": "ramp", "started": TODAY}}}}
    assert check("guardrails-held", plan({**outside, **off, **again}))[0] == "not met"
    earlier = {"kind": "full", "started": TODAY - dt.timedelta(90), "outcome": "passed"}
    newer = {"kind": "canary", "started": TODAY, "outcome": "rolled back"}
    two = {
        "rollout churn/first": {"title": "F", "steps": {"a": earlier}},
        "rollout churn/second": {"title": "S", "steps": {"a": newer}},
    }
    verdict, because = check("guardrails-held", plan({**outside, **two}))
    assert (verdict, "taken off: second" in because) == ("met", True)


def test_documents_are_where_they_are_said_to_be() -> None:
    answers = {
        "doc-basics": {"evidence": ["docs/basics.md"]},
        "doc-runbook": {
            "checked": ["tried by someone who did not write it"],
            "evidence": ["docs/runbook.md"],
        },
    }
    current = plan(answers=answers)
    there: dict[str, Any] = {"docs/basics.md": "there", "docs/runbook.md": "there"}
    assert check("documents-there", current, files=there)[0] == "met"
    without = plan(answers={"doc-runbook": answers["doc-runbook"]})
    verdict, because = check("documents-there", without, files=there)
    assert (verdict, "(doc-basics): needed" in because) == ("not met", True)
    assert check("documents-there", current, files={})[0] == "not met"
    assert check("documents-there", current)[0] == "to be judged"


def test_only_the_conditions_of_the_outcome_are_asked_after_a_cycle() -> None:
    earned = {"it-actual": {"values": {"gain per year measured": 90_000}}}
    running = {"pri-run": {"values": {"money per year to run": 40_000}}}
    current = plan(answers={**earned, **running}, phase="iterate")
    assert check("keeps-paying", current)[0] == "unknown"
    assert check("keeps-paying", current, outcome="keep running")[0] == "met"
    verdict, because = check("keeps-paying", current, outcome="retire")
    assert verdict == "met"
    assert "this is retire" in because
    said = plan(answers={**earned, **running, "it-decision": {"verdict": "keep running"}}, phase="iterate")
    assert check("keeps-paying", said)[0] == "met"


def test_another_cycle_is_a_bet_of_its_own() -> None:
    values = {"further gain: low": 10_000, "further gain: likely": 60_000, "further gain: high": 90_000}
    cost = {"cost: low": 10_000, "cost: likely": 12_000, "cost: high": 20_000}
    answers = worth(**{"it-next": {"values": {**values, **cost}}})
    verdict, because = check("another-cycle", plan(answers=answers, phase="iterate"), outcome="next stage")
    assert verdict == "met"
    assert "before stage 1" in because
    dear = {**values, **{name: value * 50 for name, value in cost.items()}}
    dearer = plan(answers=worth(**{"it-next": {"values": dear}}), phase="iterate")
    assert check("another-cycle", dearer, outcome="next stage")[0] == "not met"


@pytest.mark.parametrize(
    ("result", "level", "way", "expected"),
    [
        ("better", "proven", "supports", "met"),
        ("better", "opinion", "supports", "not met"),
        ("worse", "proven", "supports", "not met"),
        ("worse", "test", "against", "met"),
        ("could not be tested", "opinion", "supports", "met"),
        ("still running", "opinion", "supports", "unknown"),
    ],
)
def test_evidence_follows_the_result(result: str, level: str, way: str, expected: str) -> None:
    answers = {
        "tp-verdict": {"verdict": result},
        "pri-ev-value": {"verdict": level, "result": way, "evidence": ["docs/tried.md"]},
        "it-actual": {
            "values": {
                figure.id: 1 for one in PLAYBOOK.items if one.id == "it-actual" for figure in one.fields
            }
        },
    }
    current = plan(
        answers=answers, phase="iterate", lessons={"a": {"what": "Ask for access first", "tags": ["data"]}}
    )
    assert check("learned", current)[0] == expected


# ---- the whole gate


def test_the_sample_passed_its_gate_for_good_reasons() -> None:
    churn = read_plan(str(SAMPLES / "churn" / "plan")).plan
    gate = PLAYBOOK.gate("gate-assess")
    assert gate is not None
    found = report(Derived(Snapshot.of(churn, PLAYBOOK, TODAY)), "churn", gate)
    assert found.is_open
    assert [one.verdict for one in found.checks] == ["met"] * 7


# ---- decisions


def test_the_outcome_goes_by_its_beginning() -> None:
    assess, iterate = PLAYBOOK.gate("gate-assess"), PLAYBOOK.gate("gate-iterate")
    assert assess is not None
    assert iterate is not None
    assert [outcome_of(assess, text) for text in ("pass", "GO", "rec")] == ["go", "go", "recycle"]
    assert outcome_of(iterate, "next-stage") == "next stage"
    for text in ("pass", "n o", "", "stop"):
        with pytest.raises(EditRefused, match="ends in one of"):
            outcome_of(iterate, text)


def project_after(current: Plan, which: str, outcome: str, **more: Any) -> Any:
    given = {"by": "helen", "why": "what the reports said", **more}
    found = asked(which, current, outcome=outcome)
    batch = decide(Snapshot.of(current, shipped(), TODAY), found, GateDecision(outcome, **given))
    return apply(current, batch.changes)


@pytest.mark.parametrize(
    ("outcome", "more", "says"),
    [
        ("go", {}, "is closed"),
        ("go", {"override": " "}, "is closed"),
        ("go", {"override": "."}, "an override has a reason: a few words"),
        ("go", {"why": "x", "override": "the pilot is paid"}, "a decision has a reason: a few words"),
        ("go", {"by": "mira", "override": "pilot"}, "mira leads churn"),
        ("go", {"by": "nobody", "override": "pilot"}, "no person"),
        ("go", {"why": " ", "override": "pilot"}, "a reason"),
        ("kill", {}, "without a lesson"),
        ("hold", {}, "looked at again"),
        ("hold", {"next_review": TODAY}, "needs a day ahead"),
        ("retire", {}, "ends in one of"),
    ],
)
def test_a_decision_that_nobody_may_take_is_refused(outcome: str, more: dict[str, Any], says: str) -> None:
    with pytest.raises(EditRefused, match=says):
        project_after(plan(), "gate-assess", outcome, **more)


def test_a_closed_gate_is_passed_with_an_override_that_is_recorded() -> None:
    after = project_after(plan(), "gate-assess", "go", override="The pilot is paid already")
    assert after.projects["churn"].phase == "plan"
    (decision,) = after.of_kind("decision", "churn")
    assert (decision.override, decision.by, decision.gate) == (
        "The pilot is paid already",
        "helen",
        "gate-assess",
    )
    assert after.has("decision", "gate-assess-go-2026-11-20", "churn")


def test_the_same_decision_twice_a_day_has_two_ids() -> None:
    once = project_after(plan(), "gate-assess", "recycle")
    twice = project_after(once, "gate-assess", "recycle")
    assert twice.ids("decision", "churn") == [
        "gate-assess-recycle-2026-11-20",
        "gate-assess-recycle-2026-11-20-2",
    ]
    assert twice.projects["churn"].phase == "assess"


def test_a_project_is_held_ended_and_taken_up_again() -> None:
    held = project_after(plan(), "gate-assess", "hold", next_review=TODAY + dt.timedelta(30))
    assert held.projects["churn"].state == "hold"
    again = project_after(held, "gate-assess", "go", override="the data came")
    assert (again.projects["churn"].state, again.projects["churn"].phase) == ("active", "plan")
    taught = plan(lessons={"ask": {"what": "Ask for access first"}})
    assert project_after(taught, "gate-assess", "kill").projects["churn"].state == "dropped"


def test_the_next_stage_begins_a_new_cycle() -> None:
    current = plan(phase="iterate", cycle=2)
    after = project_after(current, "gate-iterate", "next stage", override="agreed with the board")
    project = after.projects["churn"]
    assert (project.phase, project.stage, project.cycle) == ("assess", "growth", 3)
    same = project_after(
        current, "gate-iterate", "update this stage", override="agreed with the board"
    ).projects["churn"]
    assert (same.phase, same.stage, same.cycle) == ("assess", "mvp", 3)
    kept = project_after(current, "gate-iterate", "keep running").projects["churn"]
    assert (kept.phase, kept.cycle) == ("iterate", 2)


def test_the_next_gate_leads_out_of_the_phase() -> None:
    names = [
        gate.id
        for phase in ("assess", "plan", "execute", "iterate")
        if (gate := next_gate(Snapshot.of(plan(phase=phase), PLAYBOOK, TODAY), "churn"))
    ]
    assert names == ["gate-assess", "gate-plan", "gate-execute", "gate-iterate"]


def test_a_waiver_is_refused_where_it_could_not_count() -> None:
    from kedge.model.edit.edits import add_record
    from kedge.model.edit.waivers import refuse_step

    def add(**fields: Any) -> Plan:
        seen = Snapshot.of(plan(), PLAYBOOK, TODAY)
        batch = add_record(plan(), "waiver", "churn", "reach", fields)
        refuse_step(lambda: seen, batch)
        return apply(plan(), batch.changes)

    whole = {
        "item": "disc-reach",
        "approved_by": "helen",
        "reason": "the pilot comes first",
        "expires": TODAY,
    }
    assert add(**whole).get(Address("project", "churn", "churn")).waivers["reach"]  # type: ignore[union-attr]
    for name, says in (("approved_by", "an approver"), ("reason", "a reason"), ("expires", "a day")):
        part = {key: value for key, value in whole.items() if key != name}
        with pytest.raises(EditRefused, match=says):
            add(**part)
    with pytest.raises(EditRefused, match="not by the lead"):
        add(**{**whole, "approved_by": "mira"})
    with pytest.raises(EditRefused, match="no person 'gus'"):
        add(**{**whole, "approved_by": "gus"})
    with pytest.raises(EditRefused, match="has passed"):
        add(**{**whole, "expires": TODAY - dt.timedelta(1)})
