"""What figures of data files say, and how they change a dataset's record."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kedge.model.data.profile import (
    DUPLICATES,
    GROUPS,
    JOINS,
    MISSING,
    OUTLIERS,
    UNITS,
    ColumnFigures,
    DataFinding,
    Join,
    Measurement,
    Mixed,
    TableFigures,
    dataset_fields,
    explored,
    merged_gaps,
    share,
)
from kedge.model.data.profile_findings import coverage, findings, unit_factor
from kedge.model.playbook import shipped

TODAY = dt.date(2026, 11, 20)
NUMBER = ColumnFigures("BIGINT", "number", 0, 50, 0, 100, 50.0, (25.0, 50.0, 75.0), (-50.0, 150.0), 0)
TEXT = ColumnFigures("VARCHAR", "values", 0, 2, "a", "b", values={"a": 60, "b": 40}, commonest=("a", 60))
DATE = ColumnFigures("DATE", "date", 0, 3, "2026-01-01", "2026-02-01")


def table(name: str = "a.csv", rows: int = 100, **columns: ColumnFigures) -> TableFigures:
    return TableFigures(name, rows, columns)


def said(measured: Measurement, critical: tuple[str, ...] = ()) -> dict[tuple[str, str], str]:
    return {(one.kind, one.column): one.text for one in findings(measured, critical, TODAY)}


def days(first: dt.date, *offsets: int) -> tuple[dt.date, ...]:
    return tuple(first + dt.timedelta(offset) for offset in offsets)


# ---- findings of one table


def test_a_clean_table_says_nothing() -> None:
    assert findings(Measurement(table(n=NUMBER, t=TEXT)), (), TODAY) == ()


def test_missing_values_are_a_problem_where_the_column_is_critical_and_a_note_where_many_are() -> None:
    gone = Measurement(
        table(
            few=replace(NUMBER, missing=1), many=replace(NUMBER, missing=30), all=replace(NUMBER, missing=100)
        )
    )
    found = {one.column: (one.level, one.text) for one in findings(gone, ["few", "nowhere"], TODAY)}
    assert found["few"] == ("problem", "few: missing values: 1 % of rows, and it is critical")
    assert found["many"] == ("note", "many: missing values: 30 % of rows")
    assert found["all"] == ("problem", "all: missing values: no row has a value")
    assert found["nowhere"][0] == "problem"
    assert [one.level for one in findings(gone, ["few"], TODAY)] == ["problem", "problem", "note"]


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (1, 1_000_000, "under 0.01 %"),
        (999_999, 1_000_000, "over 99.99 %"),
        (1, 3, "33.33 %"),
        (5, 1000, "0.5 %"),
        (10, 10, "100 %"),
    ],
)
def test_shares_never_round_some_to_none_nor_nearly_all_to_all(part: int, whole: int, words: str) -> None:
    held = replace(TableFigures("a.csv", whole, {"n": replace(NUMBER, distinct=9)}), duplicates=part)
    assert said(Measurement(held))["duplicates", ""].endswith(f"({words} of rows)")


def test_constant_and_nearly_constant_columns_are_told_apart() -> None:
    constant = replace(TEXT, distinct=1, values={"a": 100}, commonest=("a", 100))
    nearly = replace(TEXT, values={"a": 99, "b": 1}, commonest=("a", 99))
    mixed = replace(TEXT, values={"a": 98, "b": 2}, commonest=("a", 98))
    found = said(Measurement(table(constant=constant, nearly=nearly, mixed=mixed)))
    assert set(found) == {("constant", "constant"), ("near-constant", "nearly")}


def test_codes_that_differ_by_capitals_and_blanks_are_one_code() -> None:
    found = said(Measurement(table(c=replace(TEXT, values={"DE": 1, "de ": 2, "FR": 3, "fr": 4, "IT": 5}))))
    assert found["codes", "c"] == "c: codes that are written in several ways: 2, such as 'DE', 'de '"


@pytest.mark.parametrize(
    ("values", "said_of_it"),
    [
        ({"0": 45, "1": 45, "yes": 10}, "yes and no in several ways: 10 of 100 are not 1/0, such as 'yes'"),
        ({"true": 60, "False": 38, "Y": 2}, "yes and no in several ways: 2 of 100 are not true/false, such as 'Y'"),
        (
            {"yes": 50, "no": 44, "maybe": 6},
            "mostly yes and no, with other values: 6 of 100 are not yes/no, such as 'maybe'",
        ),
        ({"true": 50, "false": 50}, ""),
        ({"Y": 50, "N": 44, "U": 6}, ""),
        ({"F": 90, "M": 10}, ""),
        ({"1": 90, "2": 10}, ""),
    ],
)  # fmt: skip
def test_yes_and_no_in_several_ways_are_a_problem_and_other_codes_are_none(
    values: dict[str, int], said_of_it: str
) -> None:
    column = replace(TEXT, distinct=len(values), values=values, mixed=Mixed("numbers", 90, 10, 1, "yes"))
    found = said(Measurement(table(c=column if said_of_it else replace(column, mixed=None))))
    assert found == ({("types", "c"): f"c: {said_of_it}"} if said_of_it else {})


def test_groups_of_a_reference_that_are_absent_are_a_problem_and_new_ones_a_note() -> None:
    measured = Measurement(table(c=TEXT), reference={"c": frozenset({"a", "x", "y"})})
    found = [(one.level, one.text) for one in findings(measured, (), TODAY)]
    assert found == [
        ("problem", "c: groups that are absent: 2 of 3: 'x', 'y'"),
        ("note", "c: groups that the reference has not: 1: 'b'"),
    ]


def test_a_cell_of_the_file_is_shown_but_never_kept() -> None:
    odd = replace(NUMBER, odd=(3, "mira@example.org"))
    (found,) = findings(Measurement(table(n=odd)), (), TODAY)
    assert "mira@example.org" in found.text
    assert "mira" not in found.gap


def test_control_characters_from_a_file_are_visible() -> None:
    (found,) = findings(
        Measurement(table(**{"\x1b[31m": replace(NUMBER, odd=(3, "\x1b]0;x\x07"))})), (), TODAY
    )
    assert "\x1b" not in found.text + found.gap
    assert "\\x1b[31m" in found.gap


def test_unreadable_lines_and_keys_are_problems() -> None:
    held = replace(
        table(k=NUMBER), unreadable=2, unreadable_first="line 7: too short", key_duplicates=4, key_missing=1
    )
    measured = Measurement(
        held, key=("k",), joins=(Join("a.csv", "b.csv", 40, 2), Join("b.csv", "a.csv", 38, 0))
    )
    texts = [one.text for one in findings(measured, (), TODAY)]
    assert texts == [
        "lines that cannot be read: 2, the first: line 7: too short",
        "k: rows that share a key: 4 more rows than keys",
        "k: rows without a key: 1",
        "k: keys of a.csv that b.csv has not: 2 of 40 (5 %)",
    ]


# ---- dates


def test_a_broken_daily_rhythm_has_gaps() -> None:
    found = coverage(days(dt.date(2026, 3, 1), *range(10), *range(14, 30)))
    assert found.rhythm == "day"
    assert found.gaps == ((dt.date(2026, 3, 11), dt.date(2026, 3, 14)),)


def test_weekends_are_no_gaps_in_working_days() -> None:
    monday = dt.date(2026, 3, 2)
    working = [offset for offset in range(28) if offset % 7 < 5]
    whole = coverage(days(monday, *working))
    assert (whole.rhythm, whole.gaps) == ("working day", ())
    without_wednesday = coverage(days(monday, *(offset for offset in working if offset != 9)))
    assert without_wednesday.gaps == ((dt.date(2026, 3, 11), dt.date(2026, 3, 11)),)


def test_weeks_and_months_have_their_own_rhythm() -> None:
    weeks = coverage(days(dt.date(2026, 1, 5), *(7 * n for n in range(12) if n != 4)))
    assert (weeks.rhythm, len(weeks.gaps)) == ("week", 1)
    months = coverage([dt.date(2026, month, 1) for month in range(1, 13) if month != 6])
    assert months.rhythm == "month"
    assert months.gaps == ((dt.date(2026, 5, 2), dt.date(2026, 6, 30)),)


def test_days_without_a_rhythm_have_no_gaps() -> None:
    assert coverage(days(TODAY, 0, 3, 17, 40, 41, 90, 200, 333)).rhythm == ""
    assert coverage(()).gaps == ()


def test_dates_after_today_are_noted() -> None:
    late = replace(DATE, maximum="2026-11-21 08:00:00")
    assert said(Measurement(table(d=late)))["dates", "d"] == "d: dates after today: to 2026-11-21"
    assert said(Measurement(table(d=replace(DATE, maximum="2026-11-20 23:00:00")))) == {}


# ---- between sources


def between(left: ColumnFigures, right: ColumnFigures) -> dict[tuple[str, str], str]:
    one, other = table("a.csv", x=left), table("b.csv", x=right)
    return said(Measurement(one, sources=(one, other)))


def test_types_codes_units_and_ranges_that_differ_between_sources_are_found() -> None:
    assert between(NUMBER, TEXT) == {
        ("types", "x"): "x: types that differ: BIGINT in a.csv, VARCHAR in b.csv"
    }
    assert ("codes", "x") in between(TEXT, replace(TEXT, values={"A1": 1, "B1": 2}))
    thousand = replace(
        NUMBER,
        minimum=0,
        maximum=100_000,
        quartiles=(25_000.0, 50_500.0, 75_000.0),
        fences=None,
        outliers=None,
    )
    assert "about 1,010 times as large in b.csv" in between(NUMBER, thousand)["units", "x"]
    far = replace(NUMBER, minimum=500, maximum=900, quartiles=(600.0, 610.0, 800.0))
    assert ("ranges", "x") in between(NUMBER, far)
    assert between(NUMBER, NUMBER) == {}


def test_keys_that_count_up_are_expected_to_have_other_ranges() -> None:
    left = replace(NUMBER, distinct=100)
    right = replace(NUMBER, distinct=100, minimum=500, maximum=900, quartiles=(600.0, 700.0, 800.0))
    assert between(left, right) == {}


@pytest.mark.parametrize(
    ("left", "right", "units"),
    [
        ((10.0, 20.0, 30.0), (22.0, 44.0, 66.0), "kilograms and pounds"),
        ((10.0, 20.0, 30.0), (0.1, 0.2, 0.3), "hundredths, such as cents or percent"),
        ((10.0, 20.0, 30.0), (25.4, 50.8, 76.2), "inches and centimetres"),
    ],
)
def test_known_factors_between_units_are_named(left, right, units: str) -> None:
    assert unit_factor(left, right) == (pytest.approx(right[1] / left[1]), units)


@pytest.mark.parametrize(
    "right",
    [(19.0, 38.0, 57.0), (100.0, 20.0, 3000.0), (-10.0, 20.0, 30.0), (10.0, 20.0, 30.0)],
)
def test_other_factors_and_other_forms_are_no_units(right) -> None:
    assert unit_factor((10.0, 20.0, 30.0), right) == (0, "")


# ---- the record


def test_only_what_was_measured_is_explored() -> None:
    alone = Measurement(table(t=TEXT))
    assert explored(alone) == tuple(sorted((MISSING, DUPLICATES)))
    assert explored(Measurement(table(rows=0, t=TEXT))) == ()
    assert OUTLIERS in explored(Measurement(table(n=NUMBER)))
    assert GROUPS in explored(replace(alone, reference={"t": frozenset("a")}))
    assert GROUPS not in explored(replace(alone, reference={"t": frozenset("a")}, table=table(t=NUMBER)))
    two = replace(alone, sources=(table(t=TEXT), table("b.csv", t=TEXT)))
    assert UNITS in explored(two)
    assert UNITS not in explored(replace(two, sources=(table(t=TEXT), table("b.csv", u=TEXT))))
    assert JOINS in explored(replace(two, key=("t",), joins=(Join("a", "b", 2, 0),)))


def test_the_checks_are_lines_of_the_playbooks_first_look() -> None:
    lines = shipped().item("data-first-look").lines
    assert {MISSING, OUTLIERS, GROUPS, JOINS, UNITS, DUPLICATES} <= set(lines)


def test_the_record_gets_figures_and_keeps_what_a_person_wrote() -> None:
    record = {
        "explored": ["wrong or disagreeing labels"],
        "gaps": ["Only 18 % of leavers answer"],
        "columns": {
            "n": {"type": "TEXT", "critical": True},
            "gone": {"type": "TEXT", "critical": False, "distinct": 4},
            "gone but critical": {"type": "TEXT", "critical": True, "distinct": 4},
        },
    }
    daily = replace(DATE, days=days(dt.date(2026, 1, 1), 0, 1, 2))
    measured = Measurement(
        replace(table(n=replace(NUMBER, missing=1), d=daily), duplicates=2), source="a.csv", sha256="ab"
    )
    found = [DataFinding("missing", "n", "problem", "missing values", "1 % of rows")]
    fields = dataset_fields(record, measured, found, ["d"], "d", TODAY)
    assert fields["rows",] == 100
    assert fields["checked_on",] == TODAY
    assert fields["explored",] == sorted([MISSING, OUTLIERS, DUPLICATES, "wrong or disagreeing labels"])
    assert fields["gaps",] == ["Only 18 % of leavers answer", "n: missing values: 1 % of rows"]
    assert fields["profile", "first_date"] == dt.date(2026, 1, 1)
    assert fields["profile", "last_date"] == dt.date(2026, 1, 3)
    assert fields["columns", "n", "missing_share"] == 0.01
    assert ("columns", "n", "critical") not in fields
    assert fields["columns", "d", "critical"] is True
    assert fields["columns", "gone"] is None
    assert fields["columns", "gone but critical", "distinct"] is None
    assert ("columns", "gone but critical") not in fields


def test_a_gap_that_is_found_again_keeps_its_place_and_gets_its_new_figures() -> None:
    def gap(column: str, share: str, level="problem") -> DataFinding:
        return DataFinding("missing", column, level, "missing values", f"{share} of rows")

    first = merged_gaps(["By hand"], [gap("x1", "4 %"), gap("x2", "5 %")])
    assert first == ["By hand", "x1: missing values: 4 % of rows", "x2: missing values: 5 % of rows"]
    assert merged_gaps(first, [gap("x2", "9 %"), gap("y", "1 %", "note")]) == [
        *first[:2],
        "x2: missing values: 9 % of rows",
    ]


def test_a_share_of_a_billion_rows_is_not_rounded_away() -> None:
    assert share(1, 1_000_000_000) == 1e-9
    assert share(1, 3) == 0.333333
    assert share(0, 0) is None
