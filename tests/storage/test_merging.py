"""Files of the plan merged field by field: what becomes of each field, each comment and each layout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.edit.merge import merge
from kedge.model.edit.units import UNITS
from kedge.model.plan.change import Path, get_path, set_path
from kedge.model.plan.field_spec import Shape, shapes, value_shape
from kedge.model.plan.validate import build
from kedge.model.records.base import Entry, sections, tables
from kedge.model.records.kinds import KINDS, record_model
from kedge.storage.plan.layouts import layout_of
from kedge.storage.plan.merging import FileMerge, NotMerged, Typed, Versions, kind_at, kind_like
from kedge.storage.toml.emit import emit
from kedge.tests.merge_files import broken_for_files, random_case

CARD = """\
title = "Build it"  # the title

place = "execute"
rank = "a0"

status = "todo"
#stage =
#milestone =

owner = "mira"
#skill =
estimate = [2, 3, 8]
#remaining =

#due =

tags = [
  "a",
  "b",
]

#blocked =

notes = \"\"\"
one
two
three
\"\"\"

# ---- checklist ----

# about k7
[checklist.k7f2]
done = false
rank = "a0"
text = "Columns"
"""


def merged(base: str, ours: str, theirs: str, kind: str = "card") -> FileMerge:
    return FileMerge(Versions(base.encode(), ours.encode(), theirs.encode(), kind))


def text(base: str, ours: str, theirs: str, kind: str = "card") -> str:
    return merged(base, ours, theirs, kind).content().decode()


@given(st.randoms())
def test_the_laws_hold_for_files_in_many_hands(random: Random) -> None:
    case = random_case(random)
    assert [law for law in broken_for_files(case) if not law.startswith("refused")] == [], case


def test_what_both_changed_in_different_places_is_all_there_as_it_was_written() -> None:
    ours = CARD.replace('"todo"', '"doing"').replace('  "b",', '  "b",\n  "o",').replace("one\n", "ONE\n")
    theirs = (
        CARD.replace('"mira"', '"sam"').replace('  "b",', '  "b",\n  "t",').replace("three", "three\nfour")
    )
    theirs = theirs.replace("#due =", "# agreed with finance\ndue = 2026-12-01")
    found = text(CARD, ours, theirs)
    wanted = CARD.replace('"todo"', '"doing"').replace('"mira"', '"sam"').replace("one\n", "ONE\n")
    wanted = wanted.replace("three", "three\nfour").replace('  "b",', '  "b",\n  "o",\n  "t",')
    assert found == wanted.replace("#due =", "# agreed with finance\ndue = 2026-12-01")


def test_markers_are_around_the_fields_in_question_and_nothing_else() -> None:
    ours = CARD.replace('"todo"', '"doing"').replace("[2, 3, 8]", "[3, 3, 8]")
    theirs = CARD.replace('"todo"', '"done"').replace('"mira"', '"sam"')
    found = text(CARD, ours, theirs)
    asked = '<<<<<<< ours\nstatus = "doing"\n=======\nstatus = "done"\n>>>>>>> theirs\n'
    assert found == CARD.replace('status = "todo"\n', asked).replace("mira", "sam").replace("[2,", "[3,")


def test_a_table_that_one_side_removed_and_the_other_changed_is_asked_with_its_comments() -> None:
    ours = CARD[: CARD.index("# about k7")]
    theirs = CARD.replace("done = false", "done = true").replace("# about k7", "# about k7, and more")
    found = merged(CARD, ours, theirs)
    assert [one.path for one in found.conflicts] == [("checklist", "k7f2")]
    assert found.sides[0].rstrip() == ours.rstrip()
    assert found.sides[1] == theirs


@pytest.mark.parametrize("change", [str, lambda one: one.replace("\n", "\r\n"), lambda one: "\ufeff" + one])
def test_line_ends_and_marks_stay_as_they_are(change: Any) -> None:
    base, ours, theirs = map(change, (CARD, CARD.replace("todo", "doing"), CARD.replace("mira", "sam")))
    assert text(base, ours, theirs) == change(CARD.replace("todo", "doing").replace("mira", "sam"))
    asked = text(base, ours, change(CARD.replace("todo", "done")))
    assert ("\r\n" in asked) == ("\r\n" in base)
    assert "\n" not in asked.replace("\r\n", "") or "\r\n" not in asked


def test_a_last_line_without_an_end_and_one_put_behind_it_do_not_become_one() -> None:
    base = 'title = "a"\nowner = "mira"'
    found = text(base, base.replace("mira", "sam"), f"{base}\nodd = 1\n")
    assert tomli.loads(found) == {"title": "a", "owner": "sam", "odd": 1}


@pytest.mark.parametrize("broken", ["title = ", "title = 'a'\ntitle = 'b'\n", "<<<<<<< HEAD\n", "\0"])
def test_a_version_that_is_no_toml_is_left_to_git(broken: str) -> None:
    for versions in ((broken, CARD, CARD), (CARD, broken, CARD), (CARD, CARD, broken)):
        with pytest.raises(NotMerged):
            merged(*versions)
    with pytest.raises(NotMerged):
        FileMerge(Versions(CARD.encode(), b"\xff", CARD.encode(), "card"))


def test_two_new_records_of_one_id_are_both_kept() -> None:
    one, other = CARD, CARD.replace("Build it", "Something else").replace("mira", "sam")
    found = merged("", one, other)
    assert found.both_are_new
    assert found.content().decode() == f"<<<<<<< ours\n{one}=======\n{other}>>>>>>> theirs\n"
    assert found.resolved({(): "theirs"}).decode() == other
    same = merged("", one, one.replace("mira", "sam").replace("#due =", "due = 2026-12-01"))
    assert [conflict.path for conflict in same.conflicts] == [("owner",)]
    # Of a kind of which a project has one there is nothing to tell apart.
    assert not merged("", 'title = "A"\n', 'title = "B"\n', "project").is_whole


def test_removed_by_one_side_and_changed_by_the_other_is_asked() -> None:
    changed = CARD.replace("todo", "doing")
    for versions in ((CARD, "", changed), (CARD, changed, "")):
        found = merged(*versions)
        assert found.is_whole
        assert not found.both_are_new
        assert found.resolved({(): "ours"}).decode() == versions[1]
        assert changed in found.content().decode().replace("<<<<<<< ours\n", "").replace("=======\n", "")
    assert merged(CARD, "", CARD).content() == b""


def test_a_field_that_is_typed_is_written_in_place() -> None:
    found = merged(CARD, CARD.replace("todo", "doing"), CARD.replace("todo", "done"))
    assert found.resolved({("status",): Typed("dropped")}).decode() == CARD.replace("todo", "dropped")
    assert found.resolved({("status",): "base"}).decode() == CARD


def test_values_that_only_together_do_not_fit_are_asked() -> None:
    long = "".join(f'  "t{number:04}",\n' for number in range(400))
    tags = CARD.replace('  "b",\n', '  "b",\n' + long)
    others = CARD.replace('  "b",\n', '  "b",\n' + long.replace('"t', '"u'))
    found = merged(CARD, tags, others)
    assert found.is_whole, "each list can be read, and both together are longer than what is read"


def test_the_kind_follows_from_the_place_or_from_the_keys() -> None:
    assert kind_at("docs/plan/projects/churn/cards/x-7k2m.toml") == "card"
    assert kind_at("plan/board.toml") == "board"
    assert kind_at("plan\\people\\mira.toml") == "person"
    assert kind_at("pyproject.toml") == ""
    assert kind_like(CARD.encode(), b"") == "card"
    assert kind_like(b"odd = 1\n") == ""
    assert kind_like(b'title = "x"\n') == ""


# ---- each field of each kind


def _sample(shape: Shape, number: int) -> Any:
    """A value for a field, one of several."""
    if shape.choices:
        one = shape.choices[number % len(shape.choices)]
        return [one] if shape.control in ("list", "lines") else one
    days = [dt.date(2026, 12, day) for day in (1, 2, 3)]
    names = ["anna", "bela", "cara"]
    if shape.name in ("at", "read_at"):
        return {"at": f"05:3{number}", "read_at": f"2026-11-30T05:3{number}Z"}[shape.name]
    return {
        "flag": bool(number % 2),
        "number": [0.25, 0.5, 0.75][number % 3] if shape.is_share else number + 1,
        "whole": number % 3 + 1,
        "date": days[number % 3],
        "dates": [days[number % 3]],
        "list": [names[number % 3]],
        "lines": [f"Line {number}."],
        "estimate": [1, 2, 3 + number],
        "text": f"First line.\nLine {number}.\n",
        "verdict": number % 3 + 1,
        "figure": number + 1,
    }.get(shape.control, names[number % 3] if shape.refers or shape.may_name else f"a{number}")


def _fields(model: type[Entry], path: Path = (), depth: int = 0) -> Iterator[tuple[Path, Shape]]:
    for name, shape in shapes(model).items():
        yield (*path, name), shape
    for name, inner in sections(model).items():
        if depth < 2:
            yield from _fields(inner, (*path, name, _key(model, name)), depth + 1)
    for name, inner in tables(model).items():
        if inner is None:
            yield (*path, name, _key(model, name)), value_shape(model, name)
        else:
            yield from _fields(inner, (*path, name), depth + 1)


def _key(model: type[Entry], name: str) -> str:
    """A key that the tables of a section take."""
    for key in ("k7f2", "mvp", "a", "P101", "2026-12-01", "data"):
        if not _wrong(model, {name: {key: {}}}, name, key):
            return key
    return "k7f2"


def _wrong(model: type[Entry], data: dict[str, Any], name: str, key: str) -> bool:
    from pydantic import ValidationError

    try:
        model.model_validate(data)
    except ValidationError as error:
        return any("[key]" in one["loc"] for one in error.errors())
    return False


def _file(kind: str, number: int) -> tuple[dict[str, Any], list[tuple[Path, Shape]]]:
    """A record with each of its fields set, as far as the values fit, and an unknown one in each table."""
    data: dict[str, Any] = {}
    fields = list(_fields(record_model(kind)))
    for path, shape in fields:
        set_path(data, path, _sample(shape, number))
    set_path(data, ("unknown_key",), number)
    return data, fields


def _in_one_unit(kind: str, one: Path, other: Path) -> bool:
    for unit in UNITS:
        depth = 2 if unit.section else 0
        is_same_table = one[:depth] == other[:depth] and (not unit.section or one[0] == unit.section)
        names = {*one[depth : depth + 1], *other[depth : depth + 1]}
        anchored = not unit.anchor or unit.anchor in names
        if unit.kind == kind and is_same_table and len(names) == 2 and names <= {*unit.fields} and anchored:
            return True
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_of_a_kind_survives_a_merge_and_an_unknown_one(kind: str) -> None:
    base, fields = _file(kind, 0)
    layout = layout_of(kind)
    comment = "# a person wrote this\n"
    base_text = emit(base, layout) + comment
    assert [one for one in build(kind, "churn", "x", base)[1] if one.code != "F105"] == []
    paths = [*(path for path, _ in fields), ("unknown_key",)]
    rng = Random(kind)
    for path in paths:
        other = rng.choice([one for one in paths if one != path and not _in_one_unit(kind, one, path)])
        sides = []
        for own in (path, other):
            side = tomli.loads(base_text)
            found = next((known for place, known in fields if place == own), None)
            set_path(side, own, _sample(found, 1) if found is not None else 99)
            sides.append((side, emit(side, layout) + comment))
        result = merged(base_text, sides[0][1], sides[1][1], kind)
        assert not result.conflicts, (path, other)
        told = tomli.loads(result.content().decode())
        assert get_path(told, path) == get_path(sides[0][0], path), path
        assert get_path(told, other) == get_path(sides[1][0], other), other
        data = [tomli.loads(one) for one in (base_text, sides[0][1], sides[1][1])]
        assert told == tomli.loads(emit(merge(*data).data, layout))
        assert comment in result.content().decode()
        assert [one for one in build(kind, "churn", "x", told)[1] if one.code != "F105"] == []
