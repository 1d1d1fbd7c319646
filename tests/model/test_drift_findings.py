"""What is louder than any index of drift, and what is only worth knowing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kedge.model.data.drift_findings import FileSide, Side, of_column, of_columns, of_files, of_values

SIDE = Side("BIGINT", "number", 100, 100, 50)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (SIDE, SIDE, []),
        (SIDE, replace(SIDE, present=0, family="values"), [("problem", "empty now")]),
        (replace(SIDE, present=0), SIDE, [("problem", "was empty before")]),
        (replace(SIDE, present=0), replace(SIDE, present=0), []),
        (SIDE, replace(SIDE, family="values", type="VARCHAR"), [("problem", "another type")]),
        (SIDE, replace(SIDE, type="DOUBLE"), []),
        (SIDE, replace(SIDE, distinct=1), [("problem", "constant now")]),
        (SIDE, replace(SIDE, odd=2), [("note", "values that are no numbers")]),
    ],
)
def test_what_changed_in_a_column(old: Side, new: Side, found: list[tuple[str, str]]) -> None:
    assert [(one.level, one.what) for one in of_column("x", old, new)] == found


def test_columns_that_are_gone_are_loud_and_new_ones_are_not() -> None:
    assert [(one.column, one.level) for one in of_columns(["a", "b"], ["b", "c"])] == [
        ("a", "problem"),
        ("c", "note"),
    ]


def test_values_that_come_and_go_are_notes() -> None:
    assert [one.text for one in of_values("x", ["a", "b"], ["b", "c"])] == [
        "x: values that are new: 1: 'c'",
        "x: values that are gone: 1: 'a'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "levels"),
    [
        (FileSide("a", 100), FileSide("b", 100), []),
        (FileSide("a", 100), FileSide("b", 9), ["note"]),
        (FileSide("a", 100), FileSide("b", 100, 50, "line 7"), ["problem"]),
        (FileSide("a", 100, 40), FileSide("b", 100, 50), ["note", "note"]),
        (FileSide("a", 1000), FileSide("b", 1000, 1), ["note"]),
    ],
)
def test_what_is_said_about_the_files(old: FileSide, new: FileSide, levels: list[str]) -> None:
    assert [one.level for one in of_files(old, new)] == levels
