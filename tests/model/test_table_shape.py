"""Whether a text looks like a table: where its cells are divided and its rows begin, and what is said about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.data.table_names import first_row_is_names, unique_names
from kedge.model.data.table_shape import Shape, shape_of
from kedge.model.text.amounts import percent, percent_in_short

BODY = "".join(f"{n},{n / 2},{'abc'[n % 3]}\n" for n in range(30))


def shape(text: str, **said: object) -> Shape:
    return shape_of(text, complete=True, **said)  # pyright: ignore[reportArgumentType]


def whats(found: Shape) -> set[str]:
    return {one.what for one in found.doubts}


def test_a_plain_table_has_no_doubts() -> None:
    found = shape("id,v,g\n" + BODY)
    assert (found.delimiter, found.skip, found.names, found.doubts) == (",", 1, ("id", "v", "g"), ())


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("ID;Amount, net, of VAT\n" + "".join(f"{n};{n},5\n" for n in range(9)), ";"),
        ("".join(f"{n};{n},5;{n},25\n" for n in range(9)), ";"),
        ("id,expr\n" + "".join(f"{n},a|b\n" for n in range(9)), ","),
        ("id|tags\n" + "".join(f"{n}|a;b\n" for n in range(9)), "|"),
        ("id,t\n" + "".join(f'{n},"a; b;"\n' for n in range(9)), ","),
        ("id\tt\n" + "".join(f"{n}\ta, b, c\n" for n in range(9)), "\t"),
    ],
)
def test_the_delimiter_gives_all_lines_the_same_number_of_cells(text: str, delimiter: str) -> None:
    found = shape(text)
    assert found.delimiter == delimiter
    assert "several delimiters" not in whats(found)


@pytest.mark.parametrize(
    ("above", "skip", "what"),
    [
        ("Extract of 2025-01-06\n", 2, "lines above the table"),
        ("Report\n\nRegion,all\n\n", 5, "lines above the table"),
        ("# by a tool\n# 2025\n", 3, "comment lines at the top"),
        ("sep=,\n", 2, "a line that names the delimiter"),
    ],
)
def test_what_is_above_the_names_is_left_out_and_told(above: str, skip: int, what: str) -> None:
    found = shape(f"{above}id,v,g\n{BODY}")
    assert (found.skip, found.names, whats(found)) == (skip, ("id", "v", "g"), {what})


def test_a_line_of_units_is_no_row() -> None:
    found = shape("id,v,g\n[-],[EUR],\n" + BODY)
    assert (found.skip, whats(found)) == (2, {"a second line above the rows"})


def test_a_first_line_of_numbers_is_a_row_unless_a_person_says_otherwise() -> None:
    found = shape(BODY)
    assert (found.skip, found.names[:1], whats(found)) == (0, ("column0",), {"no line of names"})
    assert (shape(BODY, header=True).names[0], shape(BODY, header=True).doubts) == ("0", ())
    assert (shape(BODY, header=False).skip, shape(BODY, header=False).doubts) == (0, ())


@pytest.mark.parametrize(
    ("names", "what"),
    [
        ("id,v,v", "columns of the same name"),
        ("id,,v", "columns without a name"),
        ("id,V,v", "names that differ only by capitals or blanks"),
        ("id,v", "the line of names"),
    ],
)
def test_names_that_are_not_plain_are_told(names: str, what: str) -> None:
    assert what in whats(shape(f"{names}\n{BODY}"))


def test_rows_that_grow_a_cell_later_do_not_change_the_table() -> None:
    found = shape("id,v\n" + "1,2\n" * 60 + "1,2,3\n" * 900)
    assert (found.names, found.skip) == (("id", "v"), 1)


@pytest.mark.parametrize("times", [1, 200])
def test_a_last_line_of_totals_is_told(times: int) -> None:
    assert whats(shape("id,v,g\n" + BODY * times + "Total,1,\n\n")) == {"a line of totals"}
    assert whats(shape("id,v,g\n" + "Total,1,x\n" * 20 * times)) <= {"the line of names"}


def test_years_and_days_may_be_names() -> None:
    rows = [(f"r{n}", str(n), str(n * 2), str(n)) for n in range(9)]
    assert first_row_is_names(("country", "2019", "2020", "2021"), rows).is_names
    assert not first_row_is_names(("country", "7", "205", "21"), rows).is_names


@given(st.lists(st.text(max_size=4), max_size=8))
def test_names_are_never_the_same(names: list[str]) -> None:
    found = unique_names(names)
    assert len(set(found)) == len(found) == len(names)
    assert all(found)


@given(st.text(alphabet="ab1,;\t|'\"\\\r\n#= ", max_size=120), st.sampled_from([None, True, False]))
def test_any_text_has_a_shape(text: str, header: bool | None) -> None:
    found = shape_of(text, complete=True, header=header)
    assert len(set(found.names)) == len(found.names) == len(found.given)


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_share_is_never_a_power_of_ten_nor_rounded_to_none_or_all(part: int, whole: int) -> None:
    part = min(part, whole)
    for text in (percent(part, whole), percent_in_short(part / whole)):
        assert "e" not in text.replace("under", "").replace("over", "")
        assert (text in ("0 %", "")) == (part == 0)
    assert (percent(part, whole) == "100 %") == (part == whole)


@pytest.mark.parametrize(("part", "text"), [(1990, "99.5 %"), (2000, "100 %"), (1, "0.05 %"), (191, "9.6 %")])
def test_shares_in_words(part: int, text: str) -> None:
    assert percent(part, 2000) == text
