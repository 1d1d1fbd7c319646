"""What docs/demands.md says that follows from an answer does follow: each demand's answer is changed, on a real plan.

For each row the answers of its questions are changed as in test_feeds: each figure that the row names comes out
otherwise, each gate asks something else, and each rule speaks of the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pytest

from kedge.model.derived.derived import Derived
from kedge.model.plan.plan import Plan
from kedge.model.rules.catalog import RULES

from ..house.test_demands import ROWS, Row
from .test_feeds import (
    ASSESS,
    CHANGES,
    CHURN,
    LATER,
    PERSONAL,
    PLAYBOOK,
    answered,
    base,
    base_of_later,
    datasets,
    derived,
    project,
    said,
    unanswered,
    well_answered,
)

OF_ASSESS = {item.id for item in ASSESS}
OF_LATER = {item.id: item for item in LATER}
SPOKEN_OF = {
    "A101": ("disc-methods",),
    "A102": ("data-inventory",),
    "A103": ("data-inventory", "data-signal"),
    "A106": ("pri-cost", "strat-people"),
    "A108": ("pri-reality",),
    "A115": ("pri-decision", "pri-gain"),
    "A116": ("pri-reality", "pri-gain"),
    "A117": ("pri-complexity", "data-inventory"),
    "A118": ("arch-qualities",),
    "A171": ("strat-north-star",),
}
"""Rules whose source is another part of the playbook, with the questions whose answers they read."""


def claims(row: Row) -> Row:
    """The row without its reasons, which may name what other answers do."""
    return Row(row.asked, row.questions, row.follows.partition("Why not")[0])


def figure(found: Derived, name: str) -> object:
    return said(next(one for one in found.worth(CHURN).figures() if one.name == name))


def asked_at(found: Derived, gate: str) -> object:
    report = found.gate(CHURN, gate)
    held = [(one.item.id, one.lacks()) for one in report.holding]
    return held, report.score, [(one.id, one.verdict, one.because) for one in report.checks]


def other(name: str, plan: Plan) -> list[Plan]:
    """Plans in which a question of Assess is answered otherwise; also the grades of data, and what a call may cost."""
    found = CHANGES[name](plan)
    if name == "data-inventory":
        found = [*found, datasets(plan, available=1, quality=1, relevance=1)]
    if name == "pri-run":
        found = [*found, answered(plan, name, values={"ceiling per 1000 predictions": 0.01})]
    return found


@cache
def start(*, money: bool = True) -> Plan:
    """The plan before a change: it is personal; once without a gain in money."""
    plan = answered(answered(base(), "disc-profile", **PERSONAL), "disc-personal", verdict=4)
    if money:
        return plan
    return answered(answered(plan, "pri-gain"), "pri-gain", values={"impact": 3})


@cache
def as_it_is(unsaid: str = "", *, money: bool = True) -> Derived:
    """What follows from that plan; one question may be left unanswered."""
    plan = start(money=money)
    return derived(answered(plan, unsaid) if unsaid else plan)


@cache
def later() -> Derived:
    """What follows from the plan of a later phase, without waivers."""
    return derived(project(base_of_later().plan, waivers={}))


def tried(questions: Iterable[str], *, unsaid: str = "", money: bool = True) -> tuple[Derived, list[Derived]]:
    """The plan as it is, and with each of some questions of Assess answered otherwise."""
    before = as_it_is(unsaid, money=money)
    return before, [
        derived(one) for name in questions if name in OF_ASSESS for one in other(name, before.plan)
    ]


@pytest.mark.parametrize("row", [row for row in ROWS if claims(row).figures], ids=lambda row: row.asked)
def test_the_figures_that_a_demand_names_come_out_otherwise(row: Row) -> None:
    for name in claims(row).figures:
        # What the data propose counts where nothing else is said.
        unsaid = "pri-complexity" if name == "Complexity" and "pri-complexity" not in row.questions else ""
        before, others = tried(row.questions, unsaid=unsaid, money=name != "Relative score")
        now = figure(before, name)
        assert any(figure(one, name) != now for one in others), name


def _gates(row: Row) -> list[str]:
    return [gate.id for gate in PLAYBOOK.gates if gate.id in claims(row).names]


@pytest.mark.parametrize("row", [row for row in ROWS if _gates(row)], ids=lambda row: row.asked)
def test_the_gates_that_a_demand_names_ask_something_else(row: Row) -> None:
    before, others = tried(row.questions)
    for gate in _gates(row):
        moved = any(asked_at(one, gate) != asked_at(before, gate) for one in others)
        for name in row.questions:
            if moved:
                break
            item = OF_LATER.get(name)
            if item is not None:
                less, more = (derived(change(item, later().plan)) for change in (unanswered, well_answered))
                moved = asked_at(less, gate) != asked_at(more, gate)
            else:  # a question of Assess that a later gate reads
                moved = any(
                    asked_at(derived(one), gate) != asked_at(later(), gate)
                    for one in other(name, later().plan)
                )
        assert moved, gate


@pytest.mark.parametrize(
    "row", [row for row in ROWS if RULES.keys() & set(claims(row).names)], ids=lambda row: row.asked
)
def test_the_rules_that_a_demand_names_read_its_answer(row: Row) -> None:
    for code in RULES.keys() & set(claims(row).names):
        read = SPOKEN_OF.get(code, ()) + tuple(re.findall(r"[a-z][a-z-]+", RULES[code].source))
        assert set(row.questions) & set(read), code


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "switches on" in row.follows], ids=lambda row: row.asked
)
def test_a_demand_that_switches_on_questions_does(row: Row) -> None:
    before, others = tried(row.questions)

    def asks(found: Derived) -> list[str]:
        return [name for name, one in found.standings(CHURN).items() if one.applies]

    assert any(asks(one) != asks(before) for one in others)


def test_every_demand_is_tried_by_one_of_these() -> None:
    """What names a portfolio rule only is tried where the portfolio is."""
    left = [
        row.asked
        for row in ROWS
        if not claims(row).figures
        and not _gates(row)
        and not RULES.keys() & set(claims(row).names)
        and "switches on" not in row.follows
    ]
    rules = {one.id for one in PLAYBOOK.portfolio}
    assert all(rules & set(claims(row).names) for row in ROWS if row.asked in left)
    assert len(left) <= 3
