"""Ids: readable, new, and found again by what people type."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.ids import ALPHABET, card_id, ending, entry_id, resolve, short_ids, similar
from kedge.model.plan.lookup import resolve_card
from kedge.model.plan.plan import Plan
from kedge.model.records.address import is_id
from kedge.model.records.card import Card
from kedge.model.records.project import Project
from kedge.model.text.slug import slug


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Build the churn feature table", "build-the-churn-feature-table"),
        ("Größe der Łódź-Straße", "grosse-der-lodz-strasse"),
        ("Don't panic: naïve Æon", "dont-panic-naive-aeon"),
        ("one two three four five six seven eight nine ten", "one-two-three-four-five-six-seven-eight"),
        ("a" * 60, "a" * 40),
        ("日本語", "card"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "card"),
    ],
)
def test_slug(title: str, expected: str):
    assert slug(title) == expected


@given(st.text(), st.integers())
def test_every_title_gives_an_id_that_can_be_a_file_name(title: str, seed: int):
    made = card_id(title, set(), random.Random(seed))
    assert is_id(made)
    assert len(slug(title)) <= 40
    assert ending(made) == made[-4:]


def test_an_ending_is_drawn_until_it_is_new():
    first = card_id("Audit", set(), random.Random(7))
    second = card_id("Audit", {ending(first)}, random.Random(7))
    assert first != second
    assert ending(second) not in ("", ending(first))
    assert len(set(ALPHABET)) == 28
    assert not set(ALPHABET) & set("aeiou01l")


def test_entry_ids_are_bare_keys():
    rng = random.Random(1)
    taken: set[str] = set()
    for _ in range(500):
        taken.add(entry_id(taken, rng))
    assert len(taken) == 500
    assert all(len(key) == 4 and key[0].isalpha() and key.isalnum() for key in taken)


def test_ending_of_an_id_without_one():
    assert ending("label-audit") == ""
    assert ending("feature-table-7k2m") == "7k2m"


IDS = ("feature-table-7k2m", "feature-store-9x4p", "label-audit-3kq8", "audit")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("feature-table-7k2m", "feature-table-7k2m"),
        ("7k2m", "feature-table-7k2m"),
        ("7K2M ", "feature-table-7k2m"),
        ("feature-t", "feature-table-7k2m"),
        ("store", "feature-store-9x4p"),
        ("audit", "audit"),
    ],
)
def test_short_forms(text: str, match: str):
    assert resolve(text, IDS).match == match


def test_several_and_none():
    several = resolve("feature", IDS)
    assert (several.match, several.candidates) == (None, ("feature-store-9x4p", "feature-table-7k2m"))
    unknown = resolve("feature-tabel", IDS)
    assert unknown.match is None
    assert not unknown.candidates
    assert unknown.nearest[0] == "feature-table-7k2m"
    for empty in ("", "  ", "/", "churn/"):
        assert resolve(empty, IDS).match is None
        assert resolve(empty, IDS).candidates == ()


def test_project_and_id():
    ids = ("churn/clicks", "pricing/clicks", "pricing/prices")
    assert resolve("pricing/clicks", ids).match == "pricing/clicks"
    assert resolve("pricing/pri", ids).match == "pricing/prices"
    assert resolve("clicks", ids).candidates == ("churn/clicks", "pricing/clicks")
    assert resolve("sales/clicks", ids).match is None


def test_cards_of_a_plan():
    records = (
        Card(id="audit-7k2m", project="churn", title="Audit"),
        Card(id="audit-9x4p", project="pricing", title="Audit"),
        Project(id="churn", project="churn", title="Churn"),
    )
    plan = Plan({record.address: record for record in records})
    assert resolve_card("pricing/audit", plan).match == "audit-9x4p"
    assert resolve_card("9x4p", plan).match == "audit-9x4p"
    assert resolve_card("churn/9x4p", plan).match is None
    assert resolve_card("chrun/audit", plan).nearest == ("churn",)
    assert resolve_card("audit", plan).candidates == ("audit-7k2m", "audit-9x4p")


def test_similar_sees_a_misspelt_id_among_ten_thousand():
    names = [f"task-number-{index}" for index in range(10_000)] + ["feature-table-7k2m"]
    assert similar("faeture-table", names) == ("feature-table-7k2m",)
    assert similar("zzz", names) == ()


@given(
    st.lists(st.text("abk7m2-", min_size=1, max_size=24).filter(is_id), unique=True, min_size=1, max_size=8)
)
def test_a_short_id_finds_its_card(ids: list[str]):
    for name, short in short_ids(ids).items():
        assert resolve(short, ids).match == name


def test_short_ids_are_endings_or_first_words():
    ids = [
        "feature-table-7k2m",
        "one-2222",
        "other-2222",
        "written-by-hand-by-a-person",
        "written-by-a-person",
    ]
    assert short_ids(ids) == {
        "feature-table-7k2m": "7k2m",
        "one-2222": "one-2222",
        "other-2222": "other-2222",
        "written-by-hand-by-a-person": "written-by-hand",
        "written-by-a-person": "written-by-a",
    }
