"""Names of cards in trailers and branches."""

from __future__ import annotations

import pytest

from kedge.model.plan.card_names import branch_name, named_in, of_branch

IDS = {"feature-table-7k2m", "train-4d5f", "table-7k2m-old", "labels", "labels-more"}


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("7k2m", ["feature-table-7k2m"]),
        ("7K2M", ["feature-table-7k2m"]),
        ("feature-table-7k2m, 4d5f", ["feature-table-7k2m", "train-4d5f"]),
        ("churn/train-4d5f train-4d5f", ["train-4d5f"]),
        ("labels", ["labels"]),
        ("table", []),
        ("", []),
        (", ,/", []),
    ],
)
def test_a_trailer_names_whole_ids_and_endings(text: str, cards: list[str]) -> None:
    assert named_in(text, IDS) == cards


@pytest.mark.parametrize(
    ("branch", "card"),
    [
        ("churn/feature-table-7k2m", "feature-table-7k2m"),
        ("sam/7k2m", "feature-table-7k2m"),
        ("7k2m-build-it", "feature-table-7k2m"),
        ("fix-feature-table-7k2m", "feature-table-7k2m"),
        ("churn/labels-more", "labels-more"),
        ("churn/labels", "labels"),
        ("labelsx", ""),
        ("7k2m-and-4d5f", ""),
        ("x7k2m", ""),
        ("main", ""),
        ("", ""),
    ],
)
def test_a_branch_is_for_the_one_card_that_its_name_has(branch: str, card: str) -> None:
    assert of_branch(branch, IDS) == card


def test_the_name_that_is_proposed_is_understood() -> None:
    assert {of_branch(branch_name("churn", one), IDS) for one in IDS} == IDS


def test_an_ending_of_two_cards_names_neither() -> None:
    ids = {"one-7k2m", "two-7k2m"}
    assert (named_in("7k2m", ids), of_branch("x/7k2m", ids)) == ([], "")
