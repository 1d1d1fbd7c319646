"""What cannot be chosen, the order of what is, and how firm a choice is."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kedge.model.solvers.choose import EXACT_ORDER, delay_cost, order, tipping_point
from kedge.tests.effort import times

from .choices import choose

# ---- what cannot be


def test_required_that_excludes_itself():
    found = choose([1, 2, 3], [[1]] * 3, [9], required=[0], follows=[(0, 1), (1, 2)], excluded=[2])
    assert found.conflict is not None
    assert (found.chosen, found.conflict.reason, found.conflict.projects) == ((), "excluded", (2,))
    assert "c must be in" in found.conflict.say("abc".__getitem__)


def test_required_of_which_only_one_may():
    found = choose([1, 2, 3], [[1]] * 3, [9], required=[0, 2], either_or=[[0, 1, 2]])
    assert found.conflict is not None
    assert found.conflict.say("abc".__getitem__) == "a, c must all be in, and only one of them may"


def test_required_that_takes_too_much():
    found = choose([1, 2, 3], [[5, 0], [6, 1], [0, 1]], [10, 3], required=[0, 1, 2])
    assert found.conflict is not None
    assert found.conflict.say("abc".__getitem__, ("money", "people").__getitem__) == (
        "a, b must be in and take 11 of money, of which there is 10"
    )


def test_projects_that_follow_each_other_come_together():
    links = [(0, 1), (1, 0)]
    assert choose([5, -2, 1], [[1], [1], [1]], [2], follows=links).chosen == (0, 1)
    assert choose([5, -6, 1], [[1], [1], [1]], [2], follows=links).chosen == (2,)


def test_a_link_that_is_said_twice_counts_once():
    found = choose([1, 2], [[6], [4]], [10], required=[0], follows=[(0, 1), (0, 1)])
    assert (found.chosen, found.conflict) == ((0, 1), None)


def test_a_limit_holds_in_spite_of_rounding():
    assert choose([1.5, 1.5], [[0.1], [0.2]], [0.3]).chosen == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([1, 2], [[1]], [1]), "needs of 2 projects are expected, not of 1"),
        (([1], [[1, 2]], [1]), "project 0: 1 needs are expected, not 2"),
        (([float("nan")], [[1]], [1]), "value of project 0"),
        (([1], [[-1]], [1]), "need of project 0: a number of at least 0"),
        (([1], [[1]], [-1]), "limit 0: at least 0"),
    ],
)
def test_figures_that_do_not_fit_together(arguments: tuple[Any, ...], expected: str):
    with pytest.raises(ValueError, match=expected):
        choose(*arguments)


@pytest.mark.parametrize("link", ["required", "excluded"])
def test_a_project_that_is_not_there(link: str):
    with pytest.raises(ValueError, match="from 0 to 1 is expected, not 2"):
        choose([1, 2], [[1], [1]], [1], **{link: [2]})


# ---- the order


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4),
)
@settings(max_examples=times(75))
def test_the_order_costs_least_of_all_that_are_allowed(
    jobs: list[tuple[int, int]], pairs: list[tuple[int, int]]
):
    delays, weeks = [delay for delay, _ in jobs], [week for _, week in jobs]
    follows = [(max(pair), min(pair)) for pair in pairs if pair[0] != pair[1] and max(pair) < len(jobs)]
    found = order(delays, weeks, follows=follows)
    best = min(
        delay_cost(one, delays, weeks)
        for one in permutations(range(len(jobs)))
        if all(one.index(first) < one.index(after) for after, first in follows)
    )
    assert delay_cost(found, delays, weeks) == best
    assert all(found.index(first) < found.index(after) for after, first in follows)


def test_many_linked_projects_keep_their_links_and_chains_are_best():
    """A chain whose last project is urgent goes before a middling one, though its first project is not urgent."""
    count = EXACT_ORDER + 3
    delays, weeks = [0.0, 90.0, *[10.0] * (count - 2)], [1.0] * count
    found = order(delays, weeks, follows=[(1, 0)])
    assert found[:2] == (0, 1)
    assert sorted(found) == list(range(count))


@pytest.mark.parametrize("count", [2, EXACT_ORDER + 2])
def test_a_circle_has_no_order(count: int):
    with pytest.raises(ValueError, match="in a circle"):
        order([1.0] * count, [1.0] * count, follows=[(0, 1), (1, 0)])


# ---- how firm it is

VALUES, NEEDS, LIMITS = (
    [120, 100, 90, 70, 40, 30],
    [[60, 3], [50, 2], [40, 4], [45, 1], [20, 2], [10, 2]],
    [110, 6],
)


def test_tipping_point():
    assert tipping_point(lambda x: x >= 3, 0, 10) == pytest.approx(3, abs=1e-4)
    assert tipping_point(lambda x: x <= -3, 0, -10) == pytest.approx(-3, abs=1e-4)
    assert tipping_point(lambda x: x > 10, 0, 10) is None


def test_the_smallest_value_there_is_is_proven_too() -> None:
    assert choose([5e-324], [[1]], [2]).proven
