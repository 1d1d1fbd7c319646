"""Blocked, ready, late, and the reasons."""

from __future__ import annotations

import datetime as dt

import pytest

from kedge.model.cards.status import blockers, explain_blocked, is_blocked, is_late, is_ready
from kedge.model.plan.plan import Plan
from kedge.model.records.card import Card, Status
from kedge.model.records.project import Project

TODAY = dt.date(2026, 11, 25)


def card(name: str, **fields: object) -> Card:
    return Card.model_validate({"id": name, "project": "p", "title": name.upper(), **fields})


def plan_of(*cards: Card, state: str = "active") -> Plan:
    project = Project.model_validate({"id": "p", "project": "p", "state": state})
    return Plan({record.address: record for record in (project, *cards)})


@pytest.mark.parametrize(
    ("need", "status", "blocks"),
    [
        ("a", "todo", True),
        ("a", "doing", True),
        ("a", "done", False),
        ("a", "dropped", True),
        ("a SS+2d", "todo", True),
        ("a SS+2d", "doing", False),
        ("a SS+2d", "done", False),
        ("a SS", "dropped", True),
        ("a FF", "todo", False),
        ("a SF", "todo", False),
        ("gone", "todo", False),
        ("q/a", "todo", False),
        ("p/a", "todo", True),
    ],
)
def test_which_needs_hold_a_card_back(need: str, status: Status, *, blocks: bool):
    one = card("b", needs=[need])
    plan = plan_of(card("a", status=status), one)
    assert blockers(plan, one) == (("a",) if blocks else ())
    assert is_blocked(plan, one) is blocks
    assert is_ready(plan, one, TODAY) is not blocks


def test_blockers_are_told_once_and_in_order():
    one = card("c", needs=["b", "a", "b SS"])
    assert blockers(plan_of(card("a"), card("b"), one), one) == ("b", "a")


def test_a_closed_card_is_neither_blocked_nor_ready_nor_late():
    for status in ("done", "dropped"):
        one = card("b", status=status, needs=["a"], blocked="why", due=dt.date(2020, 1, 1))
        plan = plan_of(card("a"), one)
        assert not is_blocked(plan, one)
        assert not is_ready(plan, one, TODAY)
        assert not is_late(one, TODAY)
        assert explain_blocked(plan, one, TODAY) == []


def test_ready():
    assert is_ready(plan_of(card("a")), card("a"), TODAY)
    assert is_ready(Plan(), card("a"), TODAY)
    assert is_ready(plan_of(), card("a", not_before=TODAY), TODAY)
    assert not is_ready(plan_of(), card("a", not_before=TODAY + dt.timedelta(days=1)), TODAY)
    assert not is_ready(plan_of(), card("a", blocked="no access"), TODAY)
    assert not is_ready(plan_of(), card("a", status="doing"), TODAY)
    assert not is_ready(plan_of(state="hold"), card("a"), TODAY)


def test_late():
    assert is_late(card("a", due=TODAY - dt.timedelta(days=1)), TODAY)
    assert not is_late(card("a", due=TODAY), TODAY)
    assert not is_late(card("a"), TODAY)


def test_the_reasons():
    one = card(
        "d", blocked="no account", needs=["a", "b", "c", "e"], not_before=dt.date(2026, 11, 27), owner="mira"
    )
    plan = plan_of(
        card("a", status="doing", owner="sam", blocked="disk full"),
        card("b", needs=["a"]),
        card("c", status="dropped", dropped="too dear"),
        card("e", status="done"),
        one,
        state="hold",
    )
    assert explain_blocked(plan, one, TODAY) == [
        "the project p is on hold",
        "blocked: no account",
        "not before Fri 27 Nov",
        'waits for "A" (a): in progress, owner sam',
        "  which is blocked: disk full",
        'waits for "B" (b): not started, no owner',
        '  which itself waits for "A" (a)',
        'waits for "C" (c), which was dropped: too dear; remove the need or replace it',
    ]
    assert explain_blocked(plan_of(card("a")), card("a")) == []
