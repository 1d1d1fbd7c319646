"""What a cycle hands on to the next one: its answers, to be confirmed; and how long an idea waited for data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.assess.answers import confirm, set_answer
from kedge.model.assess.standing import (
    Standing,
    asking_order,
    next_open,
    progress,
    score,
    standings,
    wanted_score,
)
from kedge.model.assess.time_to_data import first_look
from kedge.model.derived.derived import Derived
from kedge.model.edit.refusal import EditRefused
from kedge.model.gates.decision import GateDecision, decide
from kedge.model.gates.gates import report
from kedge.model.plan.change import Batch, apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.records.project import Project
from kedge.model.snapshot.snapshot import Snapshot

TODAY = dt.date(2026, 11, 20)
PLAYBOOK = shipped()
ASSESS = ("discovery", "data-infra", "stages", "prioritise")
SAID: dict[str, Any] = {
    "disc-simpler": {"verdict": False, "evidence": ["docs/tried.md"]},
    "disc-fit": {"verdict": 4, "cycle": 2},
    "disc-reach": {"state": "not-applicable", "because": "nobody is touched"},
    "disc-benefit": {"verdict": ["none"]},
}
GOALS = {
    "saves": {"title": "More saves", "unit": "a week", "start": 8, "target": 16, "by": dt.date(2027, 3, 31)}
}


def plan_with(answers: dict[str, Any], *more: tuple[str, str, dict[str, Any]], **project: Any) -> Plan:
    records = [
        parse("project", "churn", "churn", {"title": "Churn", "lead": "mira", **project}),
        parse("person", "", "helen", {"name": "Helen", "role": "gatekeeper"}),
        parse("assessment", "churn", "assessment", {"answers": answers}),
        *(parse(kind, "churn", name, data) for kind, name, data in more),
    ]
    return Plan({record.address: record for record in records})


def standing(plan: Plan) -> dict[str, Standing]:
    return standings(Snapshot.of(plan, PLAYBOOK, TODAY), "churn")


def done(plan: Plan, batch: Batch) -> Plan:
    return apply(plan, batch.changes)


def test_in_the_first_cycle_nothing_is_to_be_confirmed_and_no_cycle_is_written() -> None:
    plan = plan_with(SAID, goals=GOALS)
    assert not any(one.to_confirm for one in standing(plan).values())
    item = PLAYBOOK.item("disc-vision")
    assert item is not None
    after = done(plan, set_answer(plan, "churn", item, {"verdict": 4}, None))
    assert standing(after)["disc-vision"].answer is not None
    assert standing(after)["disc-vision"].answer.cycle is None  # pyright: ignore[reportOptionalMemberAccess]


def test_what_counted_before_still_counts_and_is_to_be_confirmed() -> None:
    found = standing(plan_with(SAID, cycle=2, goals=GOALS))
    carried = {name for name, one in found.items() if one.to_confirm}
    assert carried == {"disc-simpler", "disc-reach", "disc-outcome"}  # records that answer a question as well
    one = found["disc-simpler"]
    assert (one.met, one.holds_gate, one.is_open, one.word) == (True, False, True, "confirm")
    assert "carried over" in one.lacks()
    # An answer that does not count has to be given anew anyway.
    assert (found["disc-benefit"].to_confirm, found["disc-benefit"].holds_gate) == (False, True)
    assert progress(found.values()).to_confirm == 3


@pytest.mark.parametrize("question", ["disc-simpler", "disc-reach", "disc-outcome"])
def test_confirming_is_one_line_and_changes_nothing_that_is_said(question: str) -> None:
    plan = plan_with(SAID, cycle=3, goals=GOALS)
    before = standing(plan)[question]
    after = standing(done(plan, confirm(plan, "churn", before)))[question]
    assert (after.to_confirm, after.reply, after.state) == (False, before.reply, before.state)
    assert after.answer is not None
    assert after.answer.cycle == 3
    with pytest.raises(EditRefused, match="nothing of an earlier cycle"):
        confirm(plan, "churn", after)


def test_answering_anew_is_for_this_cycle_too() -> None:
    plan = plan_with(SAID, cycle=2)
    item = PLAYBOOK.item("disc-simpler")
    assert item is not None
    after = done(
        plan, set_answer(plan, "churn", item, {"verdict": False}, standing(plan)["disc-simpler"].answer)
    )
    assert not standing(after)["disc-simpler"].to_confirm


def test_the_gate_names_what_is_carried_over_and_stays_as_open_as_it_is() -> None:
    gate = PLAYBOOK.gate("gate-assess")
    assert gate is not None
    first, second = (
        report(Derived(Snapshot.of(plan_with(SAID, cycle=cycle), PLAYBOOK, TODAY)), "churn", gate)
        for cycle in (1, 2)
    )
    assert [one.item.id for one in second.to_confirm] == ["disc-simpler", "disc-reach"]
    assert (first.to_confirm, first.holding) == ((), second.holding)


def test_the_next_cycle_begins_today_and_an_old_decision_is_not_its_own() -> None:
    old = {"title": "Go", "gate": "gate-assess", "outcome": "go", "by": "helen", "date": dt.date(2026, 1, 5)}
    old["why"] = "twice the recall of the rule"
    plan = plan_with(SAID, ("decision", "go", old), phase="iterate", started=dt.date(2026, 1, 2))
    assert standing(plan)["pri-decision"].met
    gate = PLAYBOOK.gate("gate-iterate")
    assert gate is not None
    found = report(Derived(Snapshot.of(plan, PLAYBOOK, TODAY)), "churn", gate)
    batch = decide(
        Snapshot.of(plan, shipped(), TODAY),
        found,
        GateDecision("next stage", by="helen", why="it pays for itself", override="on trial until spring"),
    )
    after = done(plan, batch)
    project = after.get(Address("project", "churn", "churn"))
    assert isinstance(project, Project)
    assert (project.phase, project.stage, project.cycle, project.started) == ("assess", "growth", 2, TODAY)
    assert not standing(after)["pri-decision"].met
    assert standing(after)["disc-simpler"].to_confirm


def test_a_decision_at_another_gate_does_not_answer_for_this_one() -> None:
    other = {"title": "Go", "gate": "gate-plan", "outcome": "go", "by": "helen", "date": TODAY}
    assert not standing(plan_with({}, ("decision", "go", other)))["pri-decision"].met


# ---- what is asked next


def test_what_is_to_be_confirmed_comes_after_what_holds_the_gate_and_before_the_rest() -> None:
    found, order = standing(plan_with(SAID, cycle=2)), asking_order(PLAYBOOK, ASSESS)
    seen: list[str] = []
    while (item := next_open({**found}, [one for one in order if one.id not in seen])) is not None:
        seen.append(item.id)
    rest = [found[one] for one in seen if not found[one].is_decision]  # the decision has a test of its own
    kinds = ["holds" if one.holds_gate else "confirm" if one.to_confirm else "rest" for one in rest]
    assert kinds == sorted(kinds, key=["holds", "confirm", "rest"].index)


@pytest.mark.parametrize(("reached", "first"), [(0.2, "disc-methods"), (0.3, "pri-decision")])
def test_the_decision_comes_as_soon_as_the_score_is_enough(reached: float, first: str) -> None:
    """Nobody is sent to decide at a gate that still lacks points."""
    met = {
        "disc-fit": {"verdict": 4},
        "disc-vision": {"verdict": 4},
    }
    found = standing(plan_with(met))
    order = [one for name in ("disc-methods", "pri-decision", "disc-vision") if (one := PLAYBOOK.item(name))]
    now = score(found[item.id] for item in order)
    assert now is not None
    upcoming = next_open(found, order, wanted=now + 0.3 - reached)
    assert upcoming is not None
    assert upcoming.id == first


def test_the_wanted_score_is_that_of_the_gate_behind_the_steps() -> None:
    assert wanted_score(PLAYBOOK, "mvp", ASSESS) == 0.30
    assert wanted_score(PLAYBOOK, "growth", ("strategy",)) == 0.50
    assert wanted_score(PLAYBOOK, "mvp", ("next-round",)) == 0.0


# ---- days from the idea to the first look at data


def test_days_to_the_first_look_are_counted_from_the_start() -> None:
    started = dt.date(2026, 11, 2)
    assert first_look(Snapshot.of(plan_with({}), shipped(), TODAY), "churn") is None
    waiting = first_look(Snapshot.of(plan_with({}, started=started), shipped(), TODAY), "churn")
    assert waiting is not None
    assert waiting.words(TODAY) == "no data have been looked at yet, 18 days after the start"
    later = ("dataset", "usage", {"title": "Usage", "checked_on": dt.date(2026, 11, 14)})
    first = ("dataset", "events", {"title": "Events", "checked_on": dt.date(2026, 11, 3)})
    looked = first_look(Snapshot.of(plan_with({}, later, first, started=started), shipped(), TODAY), "churn")
    assert looked is not None
    assert (looked.dataset, looked.days) == ("events", 1)
    assert looked.words(TODAY) == "data were looked at 1 day after the start (Events, Tue 3 Nov)"
    assert (
        first_look(Snapshot.of(plan_with({}, first, started=started, cycle=2), shipped(), TODAY), "churn")
        is None
    )
