"""Measuring real files: figures that are right, contents that are hostile, and nothing left behind."""
# ruff: noqa: S608  the statements are the test's own

from __future__ import annotations

import datetime as dt
import gzip
import tempfile
from pathlib import Path

import pytest

from kedge.model.data.profile import Measurement
from kedge.model.data.profile_findings import findings
from kedge.storage.data import profiling, profiling_drift
from kedge.storage.data.profiling import Asked, measure
from kedge.storage.data.profiling_drift import Comparison, compare
from kedge.storage.data.profiling_engine import Engine, NotEnoughMemory
from kedge.storage.data.profiling_tables import Reading
from kedge.storage.disk.errors import BadValue, ChangedOutside, KedgeError

duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
TODAY = dt.date(2026, 11, 20)


def quiet(*_: object) -> None:
    """Nobody is told."""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a file below a folder of its own; its path."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def written(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    yield written
    assert list((tmp_path / "temporary").iterdir()) == [], "a temporary folder was left behind"


def measured(*paths: str, reading: Reading | None = None, **asked: object) -> Measurement:
    return measure(paths, Asked(**asked), reading or Reading(), quiet)  # pyright: ignore[reportArgumentType]


def said(found: Measurement, *critical: str) -> list[str]:
    return [one.text for one in findings(found, critical, TODAY)]


def parquet(path: str, query: str) -> str:
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


# ---- figures


def test_the_figures_of_a_csv_file(write) -> None:
    lines = ["id,price,colour,day,flag"]
    lines += [f"{n},{n / 2},{'red' if n % 4 else 'NA'},2026-01-{n:02},{n % 2 == 0}" for n in range(1, 20)]
    lines += ["20,9999,,2026-01-20,true", "20,9999,,2026-01-20,true"]
    found = measured(write("a.csv", "\n".join(lines)), key=("id",))
    table, columns = found.table, found.table.columns
    assert (table.rows, table.duplicates, table.key_duplicates, table.key_missing) == (21, 1, 1, 0)
    assert {name: column.type for name, column in columns.items()} == {
        "id": "BIGINT",
        "price": "DOUBLE",
        "colour": "VARCHAR",
        "day": "DATE",
        "flag": "BOOLEAN",
    }
    assert (columns["colour"].missing, columns["colour"].distinct) == (6, 1)
    assert columns["id"].quartiles == (6.0, 11.0, 16.0)
    assert (columns["id"].minimum, columns["id"].maximum, columns["id"].distinct) == (1, 20, 20)
    assert (columns["price"].outliers, columns["price"].fences) == (2, (-4.5, 15.5))
    assert columns["flag"].values == {"false": 10, "true": 11}
    assert columns["day"].days == tuple(dt.date(2026, 1, n) for n in range(1, 21))
    assert len(found.sha256) == 64
    assert table.approximate == ()


def test_mad_counts_outliers_by_the_distance_from_the_median(write) -> None:
    path = write("a.csv", "x\n" + "\n".join(map(str, [1, 2, 3, 4, 5, 6, 7, 25])))
    tukey, mad = measured(path), measured(path, method="mad")
    assert tukey.table.columns["x"].fences == (-2.5, 11.5)
    # The median is 4.5, the median distance from it 2: 3.5 * 2 / 0.6745 = 10.378
    assert mad.table.columns["x"].fences == pytest.approx((4.5 - 10.378, 4.5 + 10.378), abs=1e-3)
    assert (tukey.table.columns["x"].outliers, mad.table.columns["x"].outliers) == (1, 1)
    assert "MAD" in mad.method


def test_without_a_spread_no_outliers_are_counted(write) -> None:
    column = measured(write("a.csv", "x\n" + "5\n" * 30 + "6\n")).table.columns["x"]
    assert column.outliers is None
    assert column.quartiles == (5.0, 5.0, 5.0)
    assert column.commonest == ("5", 30)


def test_above_the_limit_figures_are_approximate_and_said_to_be(
    write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.csv", "x\n" + "\n".join(map(str, range(1000))))
    monkeypatch.setattr(profiling, "EXACT_ROWS", 100)
    found = measured(path).table
    assert any("distinct" in text or "different" in text for text in found.approximate)
    assert found.columns["x"].distinct == pytest.approx(1000, rel=0.4)
    assert found.columns["x"].quartiles == pytest.approx((249.75, 499.5, 749.25), rel=0.05)


def test_parquet_and_json_lines_give_the_same_figures_as_csv(write, tmp_path: Path) -> None:
    csv = write("a.csv", "id,price,colour\n1,1.5,red\n2,,blue\n3,2.5,NA\n")
    lines = (
        '{"id": 1, "price": 1.5, "colour": "red"}\n{"id": 2, "price": null, "colour": "blue"}\n'
        '{"id": 3, "price": 2.5, "colour": "NA"}\n'
    )
    expected = measured(csv).table.columns
    for path in (
        write("a.jsonl", lines),
        write("a.jsonl.gz", gzip.compress(lines.encode())),
        write("b.csv.gz", gzip.compress(Path(csv).read_bytes())),
        parquet(str(tmp_path / "no-ending"), f"SELECT * FROM read_csv('{csv}', nullstr = '')"),
    ):
        assert measured(path).table.columns == expected, path


def test_nested_and_unusual_types_of_parquet_are_measured(write, tmp_path: Path) -> None:
    path = parquet(
        str(tmp_path / "a.parquet"),
        "SELECT {'a\"b': range} AS s, [range, NULL] AS l, map {'k': range} AS m, range::DECIMAL(9, 2) AS d,"
        " 'x'::BLOB AS b, TIME '10:00' AS t, CASE WHEN range = 0 THEN 'nan'::DOUBLE ELSE 'inf'::DOUBLE END AS f,"
        " (range * 10::DECIMAL(38, 0)) AS h, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS z FROM range(4)",
    )
    columns = measured(path).table.columns
    assert {name: (column.type, column.family) for name, column in columns.items()} == {
        "s": ("STRUCT", "other"),
        "l": ("LIST", "other"),
        "m": ("MAP", "other"),
        "d": ("DECIMAL(9,2)", "number"),
        "b": ("BLOB", "other"),
        "t": ("TIME", "other"),
        "f": ("DOUBLE", "number"),
        "h": ("DECIMAL(38,0)", "number"),
        "z": ("TIMESTAMP WITH TIME ZONE", "date"),
    }
    assert columns["s"].distinct == 4
    assert (columns["d"].maximum, columns["h"].maximum) == (3.0, 30.0)
    assert (columns["f"].missing, columns["f"].quartiles, columns["f"].outliers) == (1, None, None)
    assert columns["z"].days == (dt.date(2026, 1, 1),)


def test_a_few_mistakes_in_a_column_of_numbers_are_counted_and_do_not_hide_the_others(write) -> None:
    path = write("a.csv", "x\n" + "".join(f"{n}\n" for n in range(200)) + "abc\n" + "NA\n")
    column = measured(path).table.columns["x"]
    assert column.odd == (1, "abc")
    assert (column.family, column.missing, column.maximum) == ("number", 1, 199)
    assert "x: values that are no numbers: 1, such as 'abc'" in said(measured(path))


def test_a_mistake_beyond_the_sample_is_found_too(write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kedge.storage.data.profiling_tables.SAMPLE", 2048)
    path = write("a.csv", "x,y\n" + "".join(f"{n},{n}\n" for n in range(9000)) + "abc,1\n1,zz\n")
    found = measured(path).table
    assert (found.rows, found.unreadable) == (9002, 0)
    assert found.columns["x"].odd == (1, "abc")
    assert found.columns["y"].odd == (1, "zz")
    assert found.columns["x"].type == "BIGINT"


def test_markers_of_missing_values_can_be_chosen(write) -> None:
    path = write("a.csv", "country,n\nNA,1\nDE,?\n,3\n")
    usual, chosen = (
        measured(path).table.columns,
        measured(path, reading=Reading(missing=("", "?"))).table.columns,
    )
    assert (usual["country"].missing, usual["n"].missing) == (2, 0)
    assert (chosen["country"].missing, chosen["n"].missing) == (1, 1)
    assert chosen["n"].type == "BIGINT"


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


# ---- how numbers and dates are written


def column(write, values: list[str], delimiter: str = ";"):
    rows = "".join(f"{n}{delimiter}{value}\n" for n, value in enumerate(values))
    return measured(write("a.csv", f"n{delimiter}v\n{rows}")).table.columns["v"]


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


# ---- sizes


def test_hundreds_of_columns_fit_into_the_memory(write) -> None:
    names = ",".join(f"c{n}" for n in range(400))
    row = ",".join("abc"[n % 3] for n in range(400))
    found = measured(write("wide.csv", f"{names}\n" + f"{row}\n" * 50), reading=Reading(memory="200MB")).table
    assert (found.rows, len(found.columns), found.duplicates) == (50, 400, 49)


def test_rows_that_do_not_fit_into_memory_at_once_are_compared_in_parts(
    write, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Engine.rows

    def short(engine: Engine, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        if "count(DISTINCT h)" in sql and "%" not in sql:
            raise NotEnoughMemory("too little")
        return run(engine, sql, *parameters)

    monkeypatch.setattr(Engine, "rows", short)
    text = "id,v\n" + "".join(f"{n % 300},{n % 150}\n" for n in range(1000))
    found = measured(write("a.csv", text), key=("id",)).table
    assert (found.duplicates, found.key_duplicates) == (700, 700)


def test_long_keys_are_joined_to_the_last_digit(write) -> None:
    first = 10**19
    left = write("left.csv", "id,a\n" + "".join(f"{first + n},1\n" for n in range(30)))
    right = write("right.csv", "id,b\n" + "".join(f"{first + n},1\n" for n in range(5, 35)))
    found = measured(left, right, key=("id",))
    assert [(join.keys, join.alone) for join in found.joins] == [(30, 5), (30, 5)]
    compared = compare(left, right, Reading(), quiet)
    assert compared.skipped["id"] == "a key: different in every row"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", ""),
        ("a.jsonl", '{"a"\n{"a":\n'),
        ("a.parquet", "PAR1 and nothing else"),
        ("a.csv.gz", b"\x1f\x8bxx"),
        ("b.csv", bytes(range(256)) * 8),
        ("c.csv", b"\xef\xbb\xbf\n"),
    ],
)
def test_what_cannot_be_read_at_all_is_one_clear_line(write, name: str, content: str | bytes) -> None:
    with pytest.raises(KedgeError) as caught:
        measured(write(name, content))
    assert name in caught.value.message
    assert "\n" not in caught.value.message
    assert "kedge-" not in caught.value.message


def test_unequal_values_in_json_lines_are_texts(write) -> None:
    found = measured(write("a.jsonl", '{"a": 1, "b": {"c": [1]}}\n{"a": "x"}\n{"a": true, "B": 2}\n')).table
    assert found.rows == 3
    assert found.columns["a"].values == {"1": 1, "true": 1, "x": 1}
    assert found.columns["b"].missing == 2


# ---- several files


def test_files_of_the_same_columns_are_parts_of_one_table(write) -> None:
    january = write("january.csv", "id,n\n1,10\n2,20\n")
    february = write("february.csv", "n,id\n30,3\n20,2\n")
    found = measured(january, february, key=("id",))
    assert (found.table.rows, found.table.duplicates, found.table.key_duplicates) == (4, 1, 1)
    assert found.table.name == "january.csv + february.csv"
    assert [source.rows for source in found.sources] == [2, 2]
    assert (found.sha256, found.joins) == ("", ())


def test_parts_whose_types_differ_are_still_one_table(write) -> None:
    one = write("one.csv", "n,d\n" + "1,2026-01-01\n" * 3)
    other = write("other.csv", "n,d\n" + "1.5,soon\n" * 3)
    found = measured(one, other)
    assert found.table.columns["n"].type == "DOUBLE"
    assert found.table.columns["n"].distinct == 2
    assert found.table.columns["d"].family == "values"
    assert any(text.startswith("d: types that differ") for text in said(found))


def test_keys_that_do_not_join_are_counted_both_ways(write) -> None:
    orders = write("orders.csv", "order,customer\n1,7\n2,7\n3,8\n4,99\n5,\n")
    customers = write("customers.csv", "customer,name\n7,A\n8,B\n9,C\n")
    named, guessed = measured(orders, customers, key=("customer",)), measured(orders, customers)
    assert [(join.left, join.keys, join.alone) for join in named.joins] == [
        ("orders.csv", 3, 1),
        ("customers.csv", 3, 1),
    ]
    assert guessed.joins == named.joins
    assert (guessed.key, guessed.key_assumed, named.key_assumed) == (("customer",), True, False)
    assert [*named.table.columns] == ["order", "customer"]


def test_units_that_differ_between_sources_are_found(write) -> None:
    one = write("one.csv", "id,weight\n" + "".join(f"{n},{50 + n % 40}\n" for n in range(400)))
    other = write(
        "other.csv", "id,weight\n" + "".join(f"{n + 400},{1000 * (50 + n % 40)}\n" for n in range(400))
    )
    assert [text for text in said(measured(one, other)) if "units" in text] == [
        "weight: units that seem to differ: about 1,000 times as large in other.csv as in one.csv (thousandths?)"
    ]


def test_groups_of_an_older_file_must_still_occur(write) -> None:
    older = write("older.csv", "region,n\nnorth,1\nsouth,2\nwest,3\n")
    newer = write("newer.csv", "region,n\nnorth,1\nsouth,2\neast,4\n")
    found = measured(newer, older=older)
    assert "region: groups that are absent: 1 of 3: 'west'" in said(found)
    assert "region: groups that the reference has not: 1: 'east'" in said(found)
    assert found.table.rows == 3


def test_a_column_that_is_not_there_is_named_with_the_nearest(write) -> None:
    with pytest.raises(BadValue) as caught:
        measured(write("a.csv", "customer,n\n1,2\n"), key=("custmer",))
    assert "custmer" in caught.value.message
    assert "customer" in caught.value.hint


def test_the_same_file_twice_is_refused(write) -> None:
    path = write("a.csv", "x\n1\n")
    with pytest.raises(BadValue, match="twice"):
        measured(path, path)


def test_a_file_that_changes_meanwhile_is_not_measured(write) -> None:
    path = write("a.csv", "x\n1\n")

    def meddle(*_: object) -> None:
        with open(path, "a") as file:
            file.write("2\n")

    with pytest.raises(ChangedOutside, match="written to"):
        measure([path], Asked(), Reading(), meddle)


def test_a_file_that_goes_away_or_grows_is_said_in_drift_too(write) -> None:
    old, new = write("old.csv", "x\n1\n"), write("new.csv", "x\n1\n")
    with pytest.raises(ChangedOutside, match="written to"):
        compare(old, new, Reading(), lambda *_: Path(new).write_text("x\n1\n2\n") and None)
    with pytest.raises(ChangedOutside, match=r"new\.csv went away"):
        compare(old, new, Reading(), lambda *_: Path(new).unlink(missing_ok=True))


# ---- stopping


def test_a_query_that_nobody_waits_for_ends_with_its_room(write) -> None:
    with Engine([write("a.csv", "x\n1\n")], "100MB", quiet) as engine:
        engine._threads.submit(
            engine._run, "SELECT count(DISTINCT hash(range)) FROM range(100_000_000_000)", ()
        )


def test_a_long_query_is_stopped_at_once_and_leaves_nothing_behind(write) -> None:
    told: list[str] = []

    def stop(what: str, _: float | None) -> None:
        told.append(what)
        raise KeyboardInterrupt

    with Engine([write("a.csv", "x\n1\n")], "100MB", stop) as engine:
        with pytest.raises(KeyboardInterrupt):
            engine.rows("SELECT count(DISTINCT hash(range)) FROM range(100_000_000_000)")
        assert engine.row("SELECT 7") == (7,)
    assert len(told) == 1


def test_too_little_memory_is_said_with_the_way_out(write) -> None:
    with pytest.raises(KedgeError) as caught, Engine([write("a.csv", "x\n1\n")], "20MB", quiet) as engine:
        engine.rows("SELECT list(range) FROM range(100_000_000)")
    assert "20MB" in caught.value.message
    assert "--memory" in caught.value.hint


# ---- drift


def compared(old: str, new: str) -> Comparison:
    return compare(old, new, Reading(), quiet)


def test_drift_finds_the_column_that_moved_and_only_that(write) -> None:
    def rows(shift: int, often: str) -> str:
        lines = [
            f"{n},{n * 37 % 1000},{n * 91 % 1000 + shift},{often if n % 2 else 'b'}" for n in range(2000)
        ]
        return "id,same,moved,colour\n" + "\n".join(lines)

    found = compared(write("old.csv", rows(0, "a")), write("new.csv", rows(500, "c")))
    assert {column.column: column.verdict for column in found.columns} == {
        "same": "none",
        "moved": "drift",
        "colour": "drift",
    }
    moved = next(column for column in found.columns if column.column == "moved")
    assert moved.tests[0].name == "Kolmogorov-Smirnov"
    assert moved.tests[0].statistic == pytest.approx(0.5)
    assert moved.tests[0].p_value < 1e-9
    assert found.skipped == {"id": "a key: different in every row"}


def test_the_distance_of_two_small_samples_by_hand(write) -> None:
    old = write("old.csv", "x\n" + "\n".join(f"{n}.5" for n in range(1, 31)))
    new = write("new.csv", "x\n" + "\n".join(f"{n}.5" for n in range(7, 37)))
    (column,) = compared(old, new).columns
    # Six of thirty lie below all of the new ones.
    assert column.tests[0].statistic == pytest.approx(0.2)
    assert (
        sum(pair[0] for pair in column.bins.values()) == sum(pair[1] for pair in column.bins.values()) == 30
    )
    assert len(column.bins) == 10


def test_columns_that_cannot_be_compared_say_why(write) -> None:
    old = write(
        "old.csv", "gone,kind,day,token,n\n" + "".join(f"1,5,2026-01-01,t{n},{n % 3}\n" for n in range(100))
    )
    new = write(
        "new.csv", "new,kind,day,token,n\n" + "".join(f"1,x,2026-02-01,u{n},{n % 3}\n" for n in range(100))
    )
    found = compared(old, new)
    assert found.skipped == {
        "gone": "not in the new file",
        "kind": "another type: BIGINT before, VARCHAR now",
        "day": "dates move by themselves",
        "token": "200 different values in 100 rows",
        "new": "not in the old file",
    }
    assert [(column.column, column.kind) for column in found.columns] == [("n", "values")]


def test_rare_values_are_taken_together_before_they_are_compared(
    write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiling_drift, "SHOWN_VALUES", 2)
    path = write("old.csv", "c\n" + "a\n" * 50 + "b\n" * 30 + "c\n" * 10 + "d\n" * 9)
    other = write("new.csv", "c\n" + "a\n" * 50 + "b\n" * 30 + "e\n" * 19)
    (column,) = compared(path, other).columns
    assert column.bins == {"a": (50, 50), "b": (30, 30), "(others)": (19, 19)}


def test_a_file_without_rows_cannot_be_compared(write) -> None:
    with pytest.raises(BadValue, match="no rows"):
        compared(write("old.csv", "x\n1\n"), write("new.csv", "x\n"))
