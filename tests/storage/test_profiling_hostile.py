"""Measuring files that were made by anyone: what stands in them, and how it is written."""
# ruff: noqa: S608  the statements are the tests' own

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kedge.storage.data.profiling_engine import Engine
from kedge.storage.data.profiling_tables import Reading
from kedge.storage.disk.errors import BadValue, KedgeError

from .profiled import column, measured, quiet, said

# ---- contents that are hostile


HOSTILE = ['a"; DROP TABLE t0; --', "c0", "it's", "\x1b[31mred", "new\nline", "select", "名前", "a.b", ""]


def test_names_of_columns_are_never_sql(write) -> None:
    head = ",".join('"' + name.replace('"', '""') + '"' for name in HOSTILE)
    found = measured(
        write("a.csv", f"{head}\n" + "1,2,3,4,5,6,7,8,9\n" * 2), key=("it's", 'a"; DROP TABLE t0; --')
    )
    assert [*found.table.columns][:-1] == HOSTILE[:-1]
    assert all(column.distinct == 1 for column in found.table.columns.values())
    assert found.table.key_duplicates == 1


def test_mistakes_in_columns_with_hostile_names_are_found(write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kedge.storage.data.profiling_tables.SAMPLE", 2048)
    path = write("a.csv", '"it\'s ""x"""\n' + "1\n" * 9000 + "abc\n")
    assert measured(path).table.columns['it\'s "x"'].odd == (1, "abc")


def test_markers_and_groups_are_never_sql(write) -> None:
    reading = Reading(missing=("", "'); DROP TABLE t0; --"))
    path = write("a.csv", "x\na'b\n'); DROP TABLE t0; --\n")
    found = measured(path, reading=reading, groups={"x": frozenset({"a'b", "' OR 1=1"})})
    assert found.table.columns["x"].missing == 1
    assert "x: groups that are absent: 1 of 2: '' OR 1=1'" in said(found)


def test_a_name_with_wildcards_is_one_file(write) -> None:
    write("ab.csv", "x\n1\n2\n3\n")
    assert measured(write("a*.csv", "x\n1\n")).table.rows == 1
    assert measured(write("a[b].csv", "x\n1\n2\n")).table.rows == 2


def test_the_room_reads_nothing_that_was_not_named(write) -> None:
    secret = write("secret.csv", "x\n1\n")
    with Engine([write("a.csv", "x\n1\n")], "100MB", quiet) as engine:
        for sql in (
            f"SELECT * FROM read_csv('{secret}')",
            f"SELECT * FROM read_text('{Path(secret).parent}/*')",
            f"COPY (SELECT 1) TO '{secret}'",
            "SELECT * FROM 'https://example.org/a.csv'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            f"ATTACH '{secret}.db'",
        ):
            with pytest.raises(KedgeError):
                engine.rows(sql)
    assert Path(secret).read_text() == "x\n1\n"


@pytest.mark.parametrize(
    "path", ["https://example.org/a.csv", "s3://bucket/a.parquet", "nowhere.csv", "/dev/null", "."]
)
def test_only_files_on_this_machine_are_read(path: str, write) -> None:
    with pytest.raises(BadValue):
        measured(path)


def test_lines_of_another_length_are_counted_and_the_others_measured(write) -> None:
    found = measured(write("a.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n")).table
    assert (found.rows, found.unreadable) == (2, 2)
    assert found.unreadable_first.startswith("line 3: ")


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('a,b\n"x ""y""\nz",2\n4,5\n', 2),
        ("a;b\n1,5;2\n3,5;4\n", 2),
        ("a\tb\n1\t2\n", 1),
        ("\ufeffa,b\n1,2\n", 1),
        ("a,b\r\n1,2\r\n", 1),
        ("a,b\r\n1,2\n3,4\r\n", 2),
        ("a,b\n#1,2\n", 1),
        ("a,b\n", 0),
        ("a,b\n1,2", 1),
        ("a,b\nx,y\n", 1),
    ],
)
def test_csv_files_of_many_forms_are_read(write, content: str, rows: int) -> None:
    table = measured(write("a.csv", content)).table
    assert ([*table.columns], table.rows, table.unreadable) == (["a", "b"], rows, 0)


def test_a_quote_that_never_ends_does_not_stop_the_others(write) -> None:
    found = measured(write("a.csv", 'a,b\n1,2\n"unterminated,3\n4,5\n')).table
    assert [*found.columns] == ["a", "b"]
    assert found.rows + found.unreadable >= 2


def test_files_without_names_or_in_other_encodings_are_read(write) -> None:
    bare = measured(write("bare.csv", "1,2\n3,4\n"), reading=Reading(header=False)).table
    assert bare.rows == 2
    latin = write("latin.csv", "name,n\nM\xfcller,1\n".encode("latin-1"))
    assert measured(latin, reading=Reading(encoding="latin-1")).table.columns["name"].maximum == "Müller"
    with pytest.raises(BadValue, match=r"no line of latin\.csv can be read") as caught:
        measured(latin)
    assert "--encoding" in (caught.value.hint or "")
    partly = measured(write("partly.csv", "name,n\nM\xfcller,1\nMeier,2\n".encode("latin-1"))).table
    assert (partly.rows, partly.unreadable) == (1, 1)
    assert "line 2: not UTF-8" in partly.unreadable_first
    marked = measured(write("marked.csv", "name,n\nMüller,1\n".encode("utf-16"))).table
    assert (marked.rows, marked.columns["name"].maximum) == (1, "Müller")


def test_lines_that_are_blank_before_the_names_are_no_rows(write) -> None:
    for ends in ("\n", "\r\n"):
        found = measured(write("a.csv", "\n\na,b\n1,2\n\n3,4\n".replace("\n", ends))).table
        assert (found.rows, [*found.columns], found.columns["a"].maximum) == (2, ["a", "b"], 3)


DAYS = [dt.date(2025, 1, 1) + dt.timedelta(n) for n in range(40)]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("%d.%m.%Y", "31.12.2025"),
        ("%d.%m.%y", "31.12.25"),
        ("%d/%m/%Y", "31/12/2025"),
        ("%m/%d/%Y", "12/31/2025"),
        ("%m/%d/%y", "12/31/25"),
        ("%d-%m-%Y", "31-12-2025"),
        ("%d %b %Y", "31 Dec 2025"),
        ("%b %d, %Y", "Dec 31, 2025"),
        ("%Y-%m-%d", ""),
        ("%Y/%m/%d", ""),
    ],
)
@pytest.mark.parametrize(("time", "kind"), [("", "DATE"), (" %H:%M", "TIMESTAMP")])
def test_dates_are_the_same_however_they_are_written(
    write, form: str, name: str, time: str, kind: str
) -> None:
    at = dt.time(10, 20)
    found = column(write, [dt.datetime.combine(day, at).strftime(form + time) for day in DAYS])
    assert (found.family, found.type, found.days) == ("date", kind, tuple(DAYS))
    assert [*found.written] == [name] * bool(name)


def test_days_that_may_be_months_stay_text_and_are_noted(write) -> None:
    found = column(write, [f"{day:%d/%m/%Y}" for day in DAYS[:12]])
    assert (found.family, found.type, found.maximum) == ("values", "VARCHAR", "12/01/2025")
    assert found.written == {"31/12/2025 or 12/31/2025": 12}


def test_dates_in_several_forms_are_dates_and_a_problem(write) -> None:
    values = [f"{day:%d.%m.%Y}" if day.day % 2 else day.isoformat() for day in DAYS]
    text = "day\n" + "\n".join(values)
    found = measured(write("a.csv", text))
    assert found.table.columns["day"].days == tuple(DAYS)
    assert "day: written in several ways: 19 as 2025-12-31, 21 as 31.12.2025" in said(found)


@pytest.mark.parametrize(
    ("values", "numbers", "form"),
    [
        (["3,5", "1.000,25", "7", "-0,5"], (-0.5, 1000.25), "1.234,5"),
        (["1,234", "1,250,000.5", "950"], (950, 1250000.5), "1,234.5"),
        (["1.5", "inf", "-inf", "nan"], (float("-inf"), float("inf")), ""),
        (["inf", "-inf", "nan"], (float("-inf"), float("inf")), ""),
    ],
)
def test_numbers_are_the_same_however_they_are_written(
    write, values: list[str], numbers: tuple[float, float], form: str
) -> None:
    found = column(write, values)
    assert (found.family, found.type) == ("number", "DOUBLE")
    assert (found.minimum, found.maximum, [*found.written]) == (*numbers, [form] * bool(form))


@pytest.mark.parametrize("values", [["1,234", "2,500"], ["00042", "01234", "12345"], ["1.2.3", "4.5.6"]])
def test_what_may_be_no_number_stays_text(write, values: list[str]) -> None:
    assert column(write, values).family == "values"


def test_sources_that_are_written_in_another_way_are_told_apart(write) -> None:
    one = write("one.csv", "n;v;day\n" + "".join(f"{n};{n},5;{DAYS[n]:%d.%m.%Y}\n" for n in range(40)))
    other = write("other.csv", "n,v,day,x\n" + "".join(f"{n},{n}.5,{DAYS[n]},1\n" for n in range(40)))
    found = said(measured(one, other))
    assert "v: written in another way: as 1.234,5 in one.csv, as 1234.5 in other.csv" in found
    assert "day: written in another way: as 31.12.2025 in one.csv, as 2025-12-31 in other.csv" in found


def test_parts_that_are_written_in_another_way_have_their_duplicates_and_join(write) -> None:
    one = write("one.csv", "day;v\n" + "".join(f"{DAYS[n]:%d.%m.%Y};{n},5\n" for n in range(40)))
    two = write("two.csv", "day,v\n" + "".join(f"{DAYS[n]},{n}.5\n" for n in range(30)))
    other = write("other.csv", "day,x\n" + "".join(f"{DAYS[n]},1\n" for n in range(5, 40)))
    found = measured(one, two, other, key=("day",))
    assert (found.table.rows, found.table.duplicates, found.table.key_duplicates) == (70, 30, 30)
    assert [(join.keys, join.alone) for join in found.joins] == [(40, 5), (35, 0)]
