"""Measuring what is large or spread over files, stopping, and what moved between two files."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from kedge.storage.data import profiling_drift
from kedge.storage.data.profiling import Asked, measure
from kedge.storage.data.profiling_drift import Clusters, Comparison, compare
from kedge.storage.data.profiling_engine import Engine, NotEnoughMemory
from kedge.storage.data.profiling_tables import Reading
from kedge.storage.disk.errors import BadValue, ChangedOutside, KedgeError

from .profiled import measured, quiet, said

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


def sessions(name: str, moved: float = 0) -> str:
    """Forty sessions of 25 rows, which are alike inside of each."""
    random = Random(name)
    lines = ["session,at,kind,level,gap"]
    for session in range(40):
        level, kind = random.gauss(moved, 1), random.choice("abc")
        for row in range(25):
            gap = "" if random.random() < 0.2 else "2026-01-01"
            at = f"2026-01-{session % 20 + 1:02}T10:{row:02}:00"
            lines.append(f"{name}{session},{at},{kind},{level + random.gauss(0, 0.1):.4f},{gap}")
    return "\n".join(lines)


def test_rows_of_a_session_are_taken_together(write) -> None:
    old, new = write("old.csv", sessions("a")), write("new.csv", sessions("b"))
    plain = {one.column: one for one in compared(old, new).columns}
    found = compare(old, new, Reading(), quiet, cluster="session")
    careful = {one.column: one for one in found.columns}
    assert found.clusters == Clusters("session", (40, 40), (0, 0), 0, by_day=False)
    assert found.skipped["session"] == "rows are clustered by it"
    # All rows of a session have one kind: 25 of them count as about one.
    assert careful["kind"].design_effect == pytest.approx(25, rel=0.1)
    assert plain["kind"].tests[0].p_value < 1e-6
    assert careful["kind"].tests[0].p_value > 1e-3
    assert careful["kind"].psi == plain["kind"].psi
    assert careful["level"].tests[0].statistic == plain["level"].tests[0].statistic
    assert careful["level"].limit > 10 * plain["level"].limit
    # Gaps come by chance, row by row.
    assert careful["gap"].kind == "missing"
    assert careful["gap"].design_effect == pytest.approx(1, abs=0.6)
    shifted = compare(old, write("far.csv", sessions("c", 4)), Reading(), quiet, cluster="session")
    assert {one.column: one.verdict for one in shifted.columns}["level"] == "drift"


def test_moments_of_a_day_are_taken_together_and_days_in_both_files_are_said(write) -> None:
    old, new = write("old.csv", sessions("a")), write("new.csv", sessions("b"))
    found = compare(old, new, Reading(), quiet, cluster="at")
    assert found.clusters == Clusters("at", (20, 20), (0, 0), 20, by_day=True)
    assert [one.what for one in found.found if one.kind == "clusters"] == ["clusters in both files"]


def test_a_row_without_a_cluster_is_one_of_its_own_and_few_clusters_are_said(write) -> None:
    rows = "s,x\n" + "".join(f"{'' if n < 10 else n % 3},{n * 7 % 5}\n" for n in range(100))
    found = compare(write("old.csv", rows), write("new.csv", rows), Reading(), quiet, cluster="s")
    assert found.clusters == Clusters("s", (13, 13), (10, 10), 3, by_day=False)
    lone = next(one for one in found.found if one.what == "rows without a cluster")
    assert lone.detail == "10 before, 10 now; each row counts as a cluster of its own"
    few = "s,x\n" + "".join(f"{n % 3},{n * 7 % 5}\n" for n in range(100))
    found = compare(write("old.csv", few), write("new.csv", few), Reading(), quiet, cluster="s")
    assert "few clusters" in [one.what for one in found.found]
    assert not found.has_drifted


@pytest.mark.parametrize(
    ("column", "said", "hint"),
    [("nope", "has no column 'nope'", "one of: s, x"), ("s", "has one 's' in all its rows", "two at least")],
)
def test_a_column_that_makes_no_clusters_is_refused(write, column: str, said: str, hint: str) -> None:
    path = write("old.csv", "s,x\n" + "".join(f"a,{n}\n" for n in range(30)))
    with pytest.raises(BadValue, match=said) as caught:
        compare(path, path, Reading(), quiet, cluster=column)
    assert hint in caught.value.hint


def test_a_file_without_rows_cannot_be_compared(write) -> None:
    with pytest.raises(BadValue, match="no rows"):
        compared(write("old.csv", "x\n1\n"), write("new.csv", "x\n"))
