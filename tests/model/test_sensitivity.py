"""How far cost and person-months must move: what is said is compared with what a choice or a ranking says there."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kedge.model.playbook import shipped
from kedge.model.portfolio.break_even import FURTHEST, BreakEven, break_evens, break_evens_of, rank_changes
from kedge.model.portfolio.proposal import Proposal
from kedge.model.records.person import Person
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import figure_of
from kedge.model.value.worth import ranking

from .proposal_cases import BOARD, TODAY, plan_of, project, proposed

PEOPLE = [
    Person.model_validate({"id": "mira", "skills": ["modelling"]}),
    Person.model_validate({"id": "sam", "skills": ["data"]}),
]
COST, MONTHS = "Cost to the next gate", "Work to the next gate"


def some(seed: int) -> Proposal:
    rng = random.Random(seed)
    parts: list[Any] = [*PEOPLE]
    for at in range(8):
        cost = rng.randint(5, 45)
        effort = {"modelling": round(rng.uniform(0.1, 1.2), 2), "data": round(rng.uniform(0.1, 0.9), 2)}
        links = {"follows": ["p0"]} if at == 3 else {"either_or": ["p5"]} if at == 4 else {}
        parts += project(f"p{at}", round(cost * rng.uniform(0.35, 1.1), 2), cost, effort=effort, **links)
    return proposed(*parts)


def resized(found: Proposal, tip: BreakEven, figure: float) -> Proposal:
    """The same question with the project anew, from its figures and not by the way that is tested."""
    at = [one.project.id for one in found.worths].index(tip.project)
    one = found.worths[at]
    if tip.name == COST:
        gain = figure_of(one.gain)
        plan = plan_of(BOARD, project(tip.project, gain, figure, effort=dict(one.effort)))
        new = ranking(Snapshot.of(plan, shipped(), TODAY)).all[0].worth
    else:
        plan = plan_of(
            BOARD,
            project(
                tip.project,
                figure_of(one.gain),
                figure_of(one.cost),
                effort={**one.effort, tip.name.removeprefix(f"{MONTHS}, "): figure},
            ),
        )
        new = ranking(Snapshot.of(plan, shipped(), TODAY)).all[0].worth
    return found.resized(at, new)


@pytest.mark.parametrize("seed", range(8))
def test_cost_and_months_change_the_set_where_it_is_said(seed: int) -> None:
    found = some(seed)
    tips = break_evens(found, shipped())
    told = {(one.project, one.name): one for one in tips if one.name.startswith((COST, MONTHS))}
    assert {one.name for one in told.values()} >= {COST}
    ids = [one.project.id for one in found.worths]
    for one in told.values():
        at = ids.index(one.project)
        for figure, inside in ((one.at * (1 - 1e-4), True), (one.at * (1 + 1e-4) + 1e-6, False)):
            trial = resized(found, one, figure)
            assert (at in trial.choice_with().chosen) is inside, f"{one}, tried {figure}"
    for at, one in enumerate(found.worths):  # what is not told does not change the set, however far it moves
        inside = at in found.choice.chosen
        for name, now in (
            (COST, figure_of(one.cost)),
            *((f"{MONTHS}, {k}", v) for k, v in one.effort.items()),
        ):
            if (one.project.id, name) not in told:
                tip = BreakEven(one.project.id, name, "", now, 0, "")
                trial = resized(found, tip, FURTHEST * now if inside else 1e-9)
                assert (at in trial.choice_with().chosen) is inside, f"{one.project.id} {name}"


def test_a_project_that_fits_nowhere_comes_in_when_it_costs_less() -> None:
    found = proposed(project("huge", 500, 300), project("one", 60, 30))
    (cost,) = [one for one in break_evens(found, shipped(), "huge") if one.name == COST]
    assert (cost.effect, cost.now, cost.at) == ("comes in", 300, pytest.approx(100))


def test_person_months_that_nobody_said_are_not_followed() -> None:
    found = proposed(project("one", 60, 30))
    assert {one.name for one in break_evens(found, shipped())} == {"Yearly gain", "Chance of success", COST}


@pytest.mark.parametrize("budget", [100.0, None])
def test_what_overtakes_does_so_in_the_ranking(budget: float | None) -> None:
    board = (
        BOARD
        if budget
        else BOARD.model_copy(update={"funds": BOARD.funds.model_copy(update={"budget": None})})
    )
    parts = [
        project("a", 90, 30, effort={"modelling": 0.2}),
        project("b", 90, 45, effort={"modelling": 0.2, "data": 0.5}),
        project("c", 30, 40, effort={"data": 1.5}),
    ]

    def names(*others: Any) -> list[str]:
        ranked = ranking(Snapshot.of(plan_of(board, *PEOPLE, *others), shipped(), TODAY))
        return [one.worth.project.id for one in ranked.money]

    ranked = ranking(Snapshot.of(plan_of(board, *PEOPLE, *parts), shipped(), TODAY))
    order = names(*parts)
    tips = [one for one in rank_changes(ranked, shipped()) if one.name.startswith((COST, MONTHS))]
    assert any(one.name == COST for one in tips)
    for tip in tips:
        worth = next(one.worth for one in ranked.money if one.worth.project.id == tip.project)
        for figure, passed in ((tip.at * 0.999, True), (tip.at * 1.001, False)):
            skill = tip.name.removeprefix(f"{MONTHS}, ")
            cost = figure if tip.name == COST else figure_of(worth.cost)
            effort = dict(worth.effort) if tip.name == COST else {**worth.effort, skill: figure}
            other = project(tip.project, figure_of(worth.gain), cost, effort=effort)
            now = names(*(other if one[0].id == tip.project else one for one in parts))
            above = tip.effect.removeprefix("overtakes ")
            assert order.index(above) < order.index(tip.project)
            assert (now.index(tip.project) < now.index(above)) is passed, str(tip)


def test_each_is_told_as_soon_as_it_is_known_and_a_stop_ends_it() -> None:
    found = some(1)
    name = found.chosen[0].project.id
    calls = 0

    def stop() -> bool:
        nonlocal calls
        calls += 1
        return calls > 12

    first = next(break_evens_of(found, shipped(), name))
    assert first.name == "Yearly gain"
    few = list(break_evens_of(found, shipped(), name, stop=stop))
    assert len(few) < len(list(break_evens_of(found, shipped(), name)))
    shares: list[float] = []
    break_evens(found, shipped(), tell=shares.append)
    assert shares == [(at + 1) / 8 for at in range(8)]
