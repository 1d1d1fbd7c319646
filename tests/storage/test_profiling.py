"""Measuring real files: figures that are right, contents that are hostile, and nothing left behind."""
# ruff: noqa: S608  the statements are the tests' own

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from kedge.storage.data import profiling
from kedge.storage.data.profiling_tables import Reading

from .profiled import measured, parquet, said

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


@pytest.mark.parametrize(
    ("usual", "other", "message"),
    [
        ("{n}.5", "-", "x: mostly numbers: 20 of 200 values are no numbers; left as text, such as '-'"),
        (
            "2025-01-{day}",
            "soon",
            "x: mostly dates: 20 of 200 values are no dates; left as text, such as 'soon'",
        ),
        ("{day}.01.2025", "?", "x: mostly dates: 20 of 200 values are no dates; left as text, such as '?'"),
        ("{bit}", "yes", "x: yes and no in several ways: 20 of 200 are not 1/0, such as 'yes'"),
        ("2025-01-{day}", "13.01.2025", "x: written in several ways: 180 as 2025-12-31, 20 as 31.12.2025"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_column_that_is_mostly_of_one_type_is_a_problem(
    usual: str, other: str, message: str, kind: str, write, tmp_path: Path
) -> None:
    rows = [
        other if n % 10 == 3 else usual.format(n=n, day=f"{n % 28 + 1:02}", bit=n % 2) for n in range(200)
    ]
    path = write("a.csv", "\n".join(["x", *rows]))
    if kind == "parquet":
        path = parquet(
            str(tmp_path / "a.parquet"), f"FROM read_csv('{path}', all_varchar = true, header = true)"
        )
    assert message in said(measured(path))


def test_a_column_of_codes_of_which_most_are_digits_is_noted(write) -> None:
    rows = [f"A{n}" if n % 10 == 3 else str(n + 5000) for n in range(1000)]
    found = said(measured(write("a.csv", "\n".join(["x", *rows]))))
    assert found == ["x: mostly numbers: 100 of 1,000 values are no numbers; left as text, such as 'A103'"]


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
