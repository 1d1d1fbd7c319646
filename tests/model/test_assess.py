"""Questions: what counts as met, what holds a gate, what is asked next."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.assess.standing import asking_order, next_open, offered_cards, progress, standings
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.snapshot.snapshot import Snapshot

TODAY = dt.date(2026, 11, 20)
ASSESS = ("discovery", "data-infra", "stages", "prioritise")


def plan(
    answers: dict[str, Any] | None = None, project: dict[str, Any] | None = None, **more: dict[str, Any]
) -> Plan:
    records = [
        parse("project", "churn", "churn", {"title": "Churn", "lead": "mira", **(project or {})}),
        parse("person", "", "helen", {"name": "Helen", "role": "gatekeeper"}),
        parse("assessment", "churn", "assessment", {"answers": answers or {}}),
        *(
            parse(kind.partition("_")[0], "churn", kind.replace("_", "-"), data)
            for kind, data in more.items()
        ),
    ]
    return Plan({record.address: record for record in records})


def standing(item: str, *arguments: Any, **keywords: Any):
    return standings(Snapshot.of(plan(*arguments, **keywords), shipped(), TODAY), "churn")[item]


def test_nothing_said_is_unanswered_and_holds_the_gate() -> None:
    one = standing("disc-decision")
    assert (one.state, one.met, one.holds_gate) == ("unanswered", False, True)
    assert one.lacks() == "not answered yet"


@pytest.mark.parametrize(
    ("item", "answer", "met"),
    [
        ("disc-decision", {"verdict": "agents call the twenty most likely leavers"}, True),
        ("disc-simpler", {"verdict": False, "evidence": ["docs/tried.md"]}, True),
        ("disc-simpler", {"verdict": False}, False),
        ("disc-simpler", {"verdict": True}, False),
        ("disc-fit", {"verdict": 3}, True),
        ("disc-fit", {"verdict": 2}, False),
        ("disc-benefit", {"verdict": ["more revenue"]}, True),
        ("disc-benefit", {"verdict": ["none"]}, False),
        ("pri-gain", {"values": {"low": 1, "likely": 2, "high": 3}}, True),
        ("pri-gain", {"values": {"low": 1, "likely": 2}}, False),
    ],
)
def test_each_kind_of_answer(item: str, answer: dict[str, Any], met: bool) -> None:
    assert standing(item, {item: answer}).met is met


def test_unknown_is_not_no() -> None:
    one = standing("disc-simpler", {"disc-simpler": {"state": "unknown"}})
    assert (one.state, one.met, one.holds_gate) == ("unknown", False, True)


def test_not_applicable_needs_a_reason_and_leaves_the_count() -> None:
    without = standing("disc-fit", {"disc-fit": {"state": "not-applicable", "approved_by": "helen"}})
    assert without.holds_gate
    said = {"state": "not-applicable", "because": "bought as a service"}
    assert standing("disc-fit", {"disc-fit": said}).holds_gate
    assert not standing(
        "disc-reach", {"disc-reach": said}
    ).counts  # holds no gate, so that nobody need approve
    with_reason = standing("disc-fit", {"disc-fit": {**said, "approved_by": "helen"}})
    assert not with_reason.holds_gate
    assert not with_reason.counts


@pytest.mark.parametrize(
    ("waiver", "holds"),
    [
        ({"approved_by": "helen", "reason": "the pilot comes first", "expires": TODAY}, False),
        (
            {"approved_by": "helen", "reason": "the pilot comes first", "expires": TODAY - dt.timedelta(1)},
            True,
        ),
        ({"approved_by": "mira", "reason": "the lead herself", "expires": TODAY}, True),
        ({"approved_by": "helen", "expires": TODAY}, True),
        ({"approved_by": "helen", "reason": "it stays for ever"}, True),
    ],
)
def test_a_waiver_has_an_approver_a_reason_and_an_end(waiver: dict[str, Any], holds: bool) -> None:
    one = standing("disc-fit", None, {"waivers": {"fit": {"item": "disc-fit", **waiver}}})
    assert one.holds_gate is holds
    assert not one.met


def test_records_answer_questions() -> None:
    people = {one: {"name": one, "interest": one} for one in ("benefits", "pays", "decides")}
    assert standing("disc-stakeholders", None, {"stakeholders": people}).met
    first = {"benefits": people["benefits"]}
    assert (
        standing("disc-stakeholders", None, {"stakeholders": first})
        .lacks()
        .startswith("1 stakeholder so far")
    )


def test_a_check_of_every_dataset_wants_every_line_of_each() -> None:
    item = shipped().item("data-first-look")
    assert item is not None
    whole = {"title": "a", "explored": list(item.lines)}
    part = {"title": "b", "explored": list(item.lines[1:])}
    assert standing("data-first-look", None, None, dataset_a=whole).met
    lacking = standing("data-first-look", None, None, dataset_a=whole, dataset_b=part)
    assert lacking.reply.missing == (item.lines[0],)


def test_the_stage_decides_how_strict_a_gate_is() -> None:
    assert not standing("disc-reach", None, {"stage": "mvp"}).holds_gate
    assert standing("disc-reach", None, {"stage": "growth"}).holds_gate


def test_questions_that_can_end_it_come_first_and_then_what_holds_the_gate() -> None:
    order = asking_order(shipped(), ASSESS)
    triage = [item.triage for item in order]
    assert triage == sorted(triage, reverse=True)
    assert sum(triage) == 9
    found = standings(
        Snapshot.of(plan({"disc-decision": {"verdict": "agents call the likely leavers"}}), shipped(), TODAY),
        "churn",
    )
    first = next_open(found, order)
    assert first is not None
    assert first.triage
    assert first.id != "disc-decision"
    later = next_open(found, order, after=first.id)
    assert later is not None
    assert later.id not in (first.id, "disc-decision")


def test_progress_counts_what_is_asked() -> None:
    found = standings(
        Snapshot.of(plan({"disc-decision": {"verdict": "agents call the likely leavers"}}), shipped(), TODAY),
        "churn",
    )
    discovery = [found[item.id] for item in shipped().items_of("discovery")]
    assert progress(discovery).met == 1
    assert progress(discovery).asked == len([one for one in discovery if one.applies])


def test_cards_are_offered_once_whatever_became_of_them() -> None:
    empty = plan()
    offers = offered_cards(empty, "churn", standings(Snapshot.of(empty, shipped(), TODAY), "churn"))
    assert ("disc-users", "Talk to users", "discovery") in offers
    made = parse(
        "card", "churn", "talk-2b3c", {"title": "t", "status": "dropped", "offered_by": "disc-users"}
    )
    taken = Plan({**empty.records, made.address: made})
    left = offered_cards(taken, "churn", standings(Snapshot.of(taken, shipped(), TODAY), "churn"))
    assert "disc-users" not in [source for source, _, _ in left]
