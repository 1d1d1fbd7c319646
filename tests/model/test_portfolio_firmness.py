"""What a proposal warns of, and how firm it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kedge.model.playbook import shipped, with_team
from kedge.model.playbook.scoring import Scoring
from kedge.model.portfolio.break_even import break_evens, rank_changes
from kedge.model.portfolio.concentration import cautions, money_concentration, shared_weak_points
from kedge.model.portfolio.proposal import Proposal, propose
from kedge.model.records.assessment import Answer, Assessment
from kedge.model.records.base import Record
from kedge.model.records.board import Board
from kedge.model.records.dataset import Dataset
from kedge.model.records.project import Project
from kedge.model.records.strategy import Strategy
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.value.worth import ranking
from kedge.tests.effort import times

from .proposal_cases import BOARD, TODAY, chosen, plan_of, project, proposed

# ---- cautions


def messages(*parts: Record | Iterable[Record]) -> list[str]:
    plan = plan_of(BOARD, *parts)
    playbook = shipped()
    found = cautions(
        Snapshot.of(plan, playbook, TODAY),
        propose(Snapshot.of(plan, shipped(), TODAY), ranking(Snapshot.of(plan, playbook, TODAY))),
    )
    assert all(one.rule == "port-many" for one in found)
    return [one.message for one in found]


def test_one_project_with_most_of_the_money():
    assert messages(project("a", 200, 60), project("b", 200, 20)) == [
        "a takes 75 % of the money, more than 50 %"
    ]
    assert messages(project("a", 200, 30), project("b", 200, 30)) == []
    assert messages() == []


def test_a_good_chance_that_nothing_ships():
    one = project("a", 900, 20)
    assert isinstance(one[1], Assessment)
    answers = dict(one[1].answers)
    answers["pri-ev-tech"] = replace_level(answers["pri-ev-tech"], "opinion")
    weak = one[1].model_copy(update={"answers": answers})
    assert messages(one[0], weak, *one[2:]) == ["with a chance of 37 % nothing ships; the limit is 25 %"]


def replace_level(answer: Any, level: str) -> Any:
    return answer.model_copy(update={"verdict": level})


def test_one_weak_point_under_all():
    def strategy(name: str) -> Strategy:
        return Strategy.model_validate({"id": "strategy", "project": name, "people": {"mira": {}, name: {}}})

    def tie(kind: str) -> dict[str, Any]:
        return {"t": {"giver": "acme", "what": "service", "kind": kind}}

    found = messages(
        project("a", 200, 20, dependencies=tie("shares vendor")),
        project("b", 200, 20, dependencies=tie("shares vendor")),
        strategy("a"),
        strategy("b"),
    )
    assert found == [
        "all 2 chosen projects hang on the person mira",
        "all 2 chosen projects hang on the vendor acme",
    ]


def test_one_owner_of_all_data_shown_safely():
    def owned(name: str) -> list[Record]:
        return [
            one.model_copy(update={"owner": "fin\x1bance"}) if isinstance(one, Dataset) else one
            for one in project(name, 200, 20)
        ]

    assert messages(owned("a"), owned("b")) == ["all 2 chosen projects hang on data of fin\\x1bance"]
    assert messages(owned("a")) == []


def test_a_team_may_take_the_rule_away():
    playbook, problems = with_team({"portfolio": {"port-many": {"remove": True}}})
    plan = plan_of(BOARD, project("a", 200, 60), project("b", 200, 20))
    assert problems == []
    assert (
        cautions(
            Snapshot.of(plan, playbook, TODAY),
            propose(Snapshot.of(plan, shipped(), TODAY), ranking(Snapshot.of(plan, playbook, TODAY))),
        )
        == ()
    )


def test_spread_of_the_money():
    found = money_concentration(proposed(project("a", 200, 60), project("b", 200, 20)).chosen)
    assert found is not None
    assert found["hhi"] == pytest.approx(0.75**2 + 0.25**2)
    assert money_concentration(()) is None
    assert shared_weak_points(plan_of(), ()) == ()


# ---- how firm it is


def moved(parts: list[list[Record]], name: str, gain: float) -> Proposal:
    changed = [
        project(name, gain, 50 if name != "big" else 60)
        if isinstance(one[0], Project) and one[0].id == name
        else one
        for one in parts
    ]
    return proposed(*changed)


def test_a_gain_that_moves_past_its_tipping_point_changes_the_set():
    parts = [project("big", 350, 60), project("one", 200, 50), project("two", 180, 50)]
    found = {(one.project, one.name): one for one in break_evens(proposed(*parts), shipped())}
    big, two = found["big", "Yearly gain"], found["two", "Yearly gain"]
    assert (big.effect, two.effect) == ("comes in", "drops out")
    for one, step in ((big, 0.1), (two, -0.1)):
        assert one.project in (
            chosen(moved(parts, one.project, one.at + step)) if step > 0 else {one.project}
        )
        assert (one.project in chosen(moved(parts, one.project, one.at - step))) is (step < 0)
        assert (one.project in chosen(moved(parts, one.project, one.at + step))) is (step > 0)
    assert "two drops out when yearly gain moves from 180 EUR per year to" in str(two)


def test_what_must_be_in_has_no_tipping_point():
    found = break_evens(proposed(project("law", 200, 60, mandatory=True), project("one", 200, 20)), shipped())
    assert {one.project for one in found} == {"one"}


def test_how_far_to_overtake():
    plan = plan_of(BOARD, project("first", 300, 30), project("second", 200, 30))
    (gain, *_) = rank_changes(ranking(Snapshot.of(plan, shipped(), TODAY)), shipped())
    assert (gain.project, gain.effect, gain.at) == ("second", "overtakes first", pytest.approx(300, abs=0.1))


def test_the_frontier_of_a_plan():
    found = proposed(project("big", 350, 60), project("one", 200, 50), project("two", 200, 50))
    sets = {
        budget: {found.worths[at].project.id for at in found.at_budget(budget).chosen}
        for budget in (40, 50, 60, 100, 200)
    }
    assert sets == {40: set(), 50: sets[50], 60: {"big"}, 100: {"one", "two"}, 200: {"big", "one", "two"}}
    assert len(sets[50]) == 1
    points = found.best_sets()
    assert [used for used, _ in points] == [50, 60, 100, 110, 160]
    assert [choice.value for _, choice in points] == sorted(choice.value for _, choice in points)
    for used, choice in points:
        assert found.at_budget(used - 1).value < choice.value, "no less money buys as much"


def test_what_takes_long_can_be_stopped():
    found = proposed(project("big", 350, 60), project("one", 200, 50), project("two", 200, 50))
    calls = 0

    def stop() -> bool:
        nonlocal calls
        calls += 1
        return calls > 4

    assert len(found.best_sets(stop)) < len(found.best_sets())
    assert not found.choice_with(stop=lambda: True).proven
    assert break_evens(found, shipped(), stop=lambda: True) == ()


ODD = st.sampled_from([0.0, 1e-300, 0.5, 1, 3, 5, 1e9, 1e15, 1e16, 1e308])


@given(st.lists(ODD, min_size=16, max_size=16), st.sampled_from(["a", "b", "c"]), st.booleans())
@settings(max_examples=times(75))
def test_whatever_figures_stand_in_the_files_there_is_an_answer(odd: list[float], other: str, law: bool):
    """A file may hold any figure that the format allows, and a project may follow itself."""
    more = {"mandatory": law, "follows": [other], "either_or": [other, "b"], "cost_of_delay": odd[0]}
    first = project("a", odd[1], odd[2], **more, effort={"x": odd[3], "y": odd[4]})
    assert isinstance(first[1], Assessment)
    answers = dict(first[1].answers)
    answers["pri-errors"] = Answer(
        values={"cost of a false alarm": odd[5], "prevalence": odd[6], "recall": odd[7]}
    )
    answers["pri-run"] = Answer(values={"money per year to run": odd[8]})
    answers["stage-timebox"] = Answer(verdict=odd[9])
    first[1] = first[1].model_copy(update={"answers": answers})
    board = Board.model_validate({"id": "board", "funds": {"budget": odd[10], "reserve": min(1.0, odd[11])}})
    strategy = Strategy.model_validate(
        {"id": "strategy", "project": "b", "stages": {"mvp": {"weeks": odd[12]}}}
    )
    plan = plan_of(
        board, first, project("b", odd[13], odd[14]), project("c", 1, 1, effort={"x": odd[15]}), strategy
    )
    scoring = Scoring(
        discount_rate=min(odd[11], 1),
        horizon_years=min(odd[3], 100) or 1,
        evidence=shipped().scoring.evidence,
    )
    playbook = shipped().model_copy(update={"scoring": scoring})
    ranks = ranking(Snapshot.of(plan, playbook, TODAY))
    found = propose(Snapshot.of(plan, shipped(), TODAY), ranks)
    assert {*found.order, *found.left_out} == {"a", "b", "c"}
    assert set(found.order).isdisjoint(found.left_out)
    for one in (
        *break_evens(found, playbook),
        *rank_changes(ranks, playbook),
        *cautions(Snapshot.of(plan, playbook, TODAY), found),
    ):
        assert str(one)
    assert all(figure.lines() for one in ranks.all for figure in one.worth.figures())


def test_a_stopped_search_is_a_problem_that_is_named():
    parts = [project(f"p{at:02}", 20 + at * 7 % 13, 7 + at * 5 % 11) for at in range(24)]
    plan = plan_of(BOARD, *parts)
    ranks = ranking(Snapshot.of(plan, shipped(), TODAY))
    whole = propose(Snapshot.of(plan, shipped(), TODAY), ranks)
    assert whole.problems == ()
    stopped = propose(Snapshot.of(plan, shipped(), TODAY), ranks, stop=lambda: True)
    assert stopped.problems[0].startswith("stopped before the set was proven")
    assert stopped.choice.value <= whole.choice.value <= stopped.choice.bound
