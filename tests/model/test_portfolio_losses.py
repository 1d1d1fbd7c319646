"""Projects that lose money: chosen only where they must be in or one that earns needs them, and never counted as 0."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest

from kedge.model.playbook import shipped
from kedge.model.portfolio.break_even import break_evens
from kedge.model.portfolio.proposal import Proposal
from kedge.model.records.assessment import Assessment
from kedge.model.solvers.choose import reached
from kedge.model.text.figure import figure_of
from kedge.tests.effort import times

from .choices import allowed, choose
from .proposal_cases import chosen, project, proposed

EARNS = 0.98**4 * (1 / 1.1 + 1 / 1.1**2 + 1 / 1.1**3) / 1.1 ** (10 / 52) * 20 - 20
"""What a project with a gain of 20 a year and a cost of 20 adds: three years at 10 % after ten weeks, all proven."""


def some_problem(rng: random.Random) -> dict[str, Any]:
    count, limits = rng.randint(1, 7), rng.randint(0, 2)
    places = range(count)
    return {
        "values": [rng.randint(-60, 60) for _ in places],
        "needs": [[rng.randint(0, 30) for _ in range(limits)] for _ in places],
        "limits": [rng.randint(0, 90) for _ in range(limits)],
        "required": rng.sample(places, k=min(count, rng.choice([0, 0, 1, 2]))),
        "excluded": rng.sample(places, k=rng.choice([0, 0, 1])),
        "either_or": [rng.sample(places, k=min(count, 2)) for _ in range(rng.randint(0, 2))],
        "follows": [(rng.choice(places), rng.choice(places)) for _ in range(rng.randint(0, 4))],
    }


def test_thousands_of_small_choices_with_losses_are_the_best_of_all_sets() -> None:
    rng = random.Random(20261130)
    negative = 0
    for _ in range(times(3000)):
        problem = some_problem(rng)
        places = range(len(problem["values"]))
        sets = [frozenset(one) for size in range(len(places) + 1) for one in combinations(places, size)]
        worths = [sum(problem["values"][at] for at in one) for one in sets if allowed(problem, one)]
        found = choose(**problem)
        assert found.proven
        assert (found.conflict is None) is bool(worths), problem
        if worths:
            assert found.value == max(worths), problem
            assert allowed(problem, frozenset(found.chosen)), problem
            assert sum(problem["values"][at] for at in found.chosen) == found.value
            negative += found.value < 0
    assert negative > 20  # sets that must be, and lose


def enabler(cost: float, gain: float = 0, **fields: Any) -> list[Any]:
    return project("base", gain, cost, **fields)


def top(**fields: Any) -> list[Any]:
    """Worth `EARNS`."""
    return project("top", 20, 20, follows=["base"], **fields)


def test_what_enables_is_paid_for_by_what_it_enables() -> None:
    found = proposed(enabler(30), top())
    assert chosen(found) == set()
    assert (found.choice.value, found.choice.proven) == (0, True)
    assert found.left_out["top"] == "follows base, which is not in and would lose 30 EUR"
    found = proposed(enabler(24), top())
    assert chosen(found) == {"base", "top"}
    assert found.choice.value == pytest.approx(EARNS - 24)
    assert found.worth_words("EUR") == "1 EUR together, proven best"


def test_what_must_be_in_brings_its_loss_into_the_sum() -> None:
    found = proposed(enabler(30), top(mandatory=True))
    assert chosen(found) == {"base", "top"}
    assert found.choice.value == pytest.approx(-30)
    assert found.worth_words("EUR") == "-30 EUR together, proven best; the obligations cost 20 EUR beside it"
    at = [one.project.id for one in found.worths].index("base")
    alone = proposed(enabler(30)).choice_with([0])
    assert (alone.chosen, alone.value) == ((0,), -30)
    assert found.choice_with(excluded=[at]).conflict is not None


def test_an_enabler_without_a_value_in_money_is_named_beside_the_sum() -> None:
    base = [
        one.model_copy(update={"answers": {}}) if isinstance(one, Assessment) else one for one in enabler(30)
    ]
    found = proposed(base, top())
    assert chosen(found) == {"base", "top"}
    assert found.worth_words("EUR").endswith("; no value in money, so counted as 0: base")


def test_the_frontier_pays_for_enablers() -> None:
    found = proposed(enabler(15), top(), project("other", 20, 18))
    points = [(round(used), round(choice.value)) for used, choice in found.best_sets()]
    # The other one alone 27.05; with base and top 27.05 + 25.05 - 15.
    assert points == [(18, 27), (53, 37)]


def changed(found: Proposal, name: str, cost: float) -> Proposal:
    at = [one.project.id for one in found.worths].index(name)
    gain = figure_of(found.worths[at].gain)
    follows = found.worths[at].project.follows
    (one,) = (
        proposed(project(name, gain, cost), project("base", 0, 1)).worths[:1]
        if follows
        else proposed(project(name, gain, cost)).worths
    )
    return found.resized(at, one)


@pytest.mark.parametrize("cost", [15.0, 25.0, 27.0, 28.0, 30.0, 60.0])
def test_how_far_costs_must_move_counts_losses(cost: float) -> None:
    found = proposed(enabler(cost), top(), project("other", 20, 18))
    inside = "base" in chosen(found)
    tips = {(one.project, one.name): one.at for one in break_evens(found, shipped())}
    # The enabler may cost what the other one earns, and the other one what the enabler leaves of its gain.
    assert inside is (cost < EARNS)
    assert tips["base", "Cost to the next gate"] == pytest.approx(EARNS, abs=0.01)
    if cost < EARNS + 20:
        assert tips["top", "Cost to the next gate"] == pytest.approx(EARNS + 20 - cost, abs=0.01)
    for name, figure in (("base", EARNS), ("top", EARNS + 20 - cost)):
        if figure > 0:
            for moved, is_in in ((figure - 0.1, True), (figure + 0.1, False)):
                trial = changed(found, name, moved)
                at = [one.project.id for one in trial.worths].index(name)
                assert (at in trial.choice_with().chosen) is is_in, (name, moved)


def test_how_far_a_gain_must_move_counts_losses() -> None:
    found = proposed(enabler(40, gain=5), top())
    assert chosen(found) == set()
    tips = {(one.project, one.name): one.at for one in break_evens(found, shipped())}
    # A gain of 1 a year is worth (EARNS + 20) / 20.
    assert tips["base", "Yearly gain"] == pytest.approx((40 - EARNS) / (EARNS + 20) * 20, abs=0.01)
    better = proposed(enabler(40, gain=tips["base", "Yearly gain"] + 0.01), top())
    assert chosen(better) == {"base", "top"}


def test_what_is_reached_of_nothing_or_less() -> None:
    assert reached(-5, 0) == 0
    assert reached(-5, -2) == 0
    assert reached(0, 0) == reached(-2, -2) == 1
    assert reached(2, 4) == 0.5
