"""Records from plain values: what fits is kept, what does not is said in a person's words."""

from __future__ import annotations

import pytest

from kedge.model.plan.validate import InvalidValues, build, is_clean, parse
from kedge.model.records.base import PLACE_FIELDS, to_data
from kedge.model.records.kinds import ENTRIES, KINDS, entry_model, record_model


def problems_of(**data: object) -> list[tuple[str, str, str]]:
    _, problems = build("card", "churn", "a-card-2b3c", data)
    return [(one.code, ".".join(map(str, one.path)), one.hint or one.message) for one in problems]


def test_a_bad_value_is_left_out_and_the_rest_is_kept() -> None:
    card, problems = build(
        "card",
        "churn",
        "x-2b3c",
        {"title": "Feature table", "due": "next week", "owner": "mira", "estimate": [3, 2, 1]},
    )
    assert to_data(card) == {"title": "Feature table", "owner": "mira"}
    assert sorted((one.code, one.path) for one in problems) == [("F104", ("due",)), ("F104", ("estimate",))]
    assert "2026-12-01, without quotes" in next(one.message for one in problems if one.path == ("due",))


def test_one_bad_item_does_not_take_the_others_with_it() -> None:
    card, problems = build(
        "card", "churn", "x-2b3c", {"title": "t", "needs": ["good-2b3c", 7, "also-4d5f", "Not An Id"]}
    )
    assert to_data(card)["needs"] == ("good-2b3c", "also-4d5f")
    assert sorted(one.path for one in problems) == [("needs", 1), ("needs", 3)]


def test_a_bad_entry_value_leaves_the_entry() -> None:
    card, problems = build(
        "card", "churn", "x-2b3c", {"title": "t", "checklist": {"k7f2": {"text": "Ask legal", "done": "yes"}}}
    )
    assert to_data(card)["checklist"] == {"k7f2": {"text": "Ask legal"}}
    assert problems[0].path == ("checklist", "k7f2", "done")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"title": "t", "statsu": "todo"}, ("F105", "statsu", "did you mean status?")),
        ({"title": "t", "status": "doin"}, ("F104", "status", "did you mean doing?")),
        ({"owner": "mira"}, ("F107", "title", 'write a line title = "…"')),
        ({"title": "t", "id": "other"}, ("F106", "id", "the file's place says it; remove the line")),
    ],
)
def test_each_problem_says_the_way_out(data: dict, expected: tuple[str, str, str]) -> None:
    assert expected in problems_of(**data)


def test_unknown_keys_are_kept() -> None:
    card, _ = build(
        "card",
        "churn",
        "x-2b3c",
        {"title": "t", "jira": "PAY-12", "checklist": {"a": {"text": "x", "by": 3}}},
    )
    assert to_data(card)["jira"] == "PAY-12"
    assert to_data(card)["checklist"]["a"]["by"] == 3
    assert not is_clean(card)


def test_strict_reading_for_commands_raises_with_every_problem() -> None:
    with pytest.raises(InvalidValues) as caught:
        parse("risk", "churn", "leak", {"title": "t", "chance": 9, "impact": "high"})
    assert [one.path for one in caught.value.problems] == [("chance",), ("impact",)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_record_has_a_description_and_a_place_in_the_file(kind: str) -> None:
    from kedge.model.records.base import sections, tables

    model = record_model(kind)
    grouped = {name for group in model.GROUPS for name in group}
    for name, info in model.model_fields.items():
        assert info.description, f"{kind}.{name}"
        inside = name in sections(model) or name in tables(model)
        assert name in PLACE_FIELDS or inside or name in grouped, f"{kind}.{name} is in no group"
    assert grouped <= set(model.model_fields)


@pytest.mark.parametrize("kind", ENTRIES)
def test_every_field_of_an_entry_has_a_description(kind: str) -> None:
    for name, info in entry_model(kind).model_fields.items():
        assert info.description, f"{kind}.{name}"


def test_records_are_frozen() -> None:
    card, _ = build("card", "churn", "x-2b3c", {"title": "t"})
    with pytest.raises(ValueError, match="frozen"):
        card.title = "other"  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        (
            "person",
            {"name": "M", "share": 80},
            "share = 80 does not fit: expected between 0 and 1; 80 % is 0.8",
        ),
        ("person", {"name": "M", "share": -1}, "share = -1 does not fit: expected at least 0"),
        (
            "person",
            {"name": "M", "day_rate": float("nan")},
            "day_rate = nan does not fit: expected a finite number",
        ),
        (
            "board",
            {"funds": {"reserve": 15}},
            "funds.reserve = 15 does not fit: expected between 0 and 1; 15 % is",
        ),
        (
            "assessment",
            {"answers": {"a": {"verdict": float("inf")}}},
            "answers.a.verdict = inf does not fit: expected a finite number",
        ),
        (
            "assessment",
            {"answers": {"a": {"values": {"low": float("inf")}}}},
            "answers.a.values.low = inf does not fit: expected a finite number",
        ),
        (
            "project",
            {"title": "P", "effort": {"ml": float("inf")}},
            "effort.ml = inf does not fit: expected a finite",
        ),
        (
            "project",
            {"title": "P", "goals": {"g": {"title": "g", "start": float("nan")}}},
            "goals.g.start = nan does not fit: expected a finite number",
        ),
    ],
)
def test_shares_and_numbers_without_end(kind: str, data: dict[str, object], message: str) -> None:
    _, problems = build(kind, "p", "x", data)
    assert [one.message[: len(message)] for one in problems] == [message]
