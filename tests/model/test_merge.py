"""Laws of the field-level merge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.edit.merge import SETS, merge, rebased, settled
from kedge.model.plan.change import MISSING, Batch, Change, ChangeRefused, field_changes
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.records.base import Entry, sections, tables
from kedge.model.records.card import Card
from kedge.model.records.fields import Mark
from kedge.model.records.kinds import KINDS, record_model
from kedge.tests.merge_laws import broken, form, random_triple


@given(st.randoms())
def test_the_laws_hold_for_what_came_from_a_common_base(random: Random) -> None:
    sides = random_triple(random)
    assert list(broken(*sides)) == [], sides


@given(st.randoms())
def test_the_laws_hold_for_lists_of_a_common_base(random: Random) -> None:
    items = _lists(random)
    assert list(broken(*({"links": side} for side in items))) == [], items


def _lists(random: Random) -> list[list[str]]:
    """A short list, and two others of mostly the same items: additions, removals and moves in any number."""
    base = random.sample("pqrst", random.randint(0, 4))
    return [base, *([*random.sample(base, random.randint(0, len(base))), *random.sample("uvw", random.randint(0, 2))]
                    for _ in range(2))]  # fmt: skip


def test_different_fields_merge_and_the_same_field_is_asked() -> None:
    base = {"title": "a", "owner": "mira"}
    merged = merge(base, {"title": "b", "owner": "mira"}, {"title": "a", "owner": "sam"})
    assert merged.data == {"title": "b", "owner": "sam"}
    asked = merge(base, {"title": "b", "owner": "mira"}, {"title": "c", "owner": "mira"})
    assert [(one.path, one.base, one.mine, one.theirs) for one in asked.conflicts] == [
        (("title",), "a", "b", "c")
    ]


def test_lists_merge_as_additions_and_removals() -> None:
    merged = merge({"tags": ("a", "b")}, {"tags": ("a", "b", "c")}, {"tags": ("b", "d")})
    assert not merged.conflicts
    assert merged.data["tags"] == ("b", "c", "d")


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("pq", "qp", "pqr", "qpr"),
        ("pq", "qp", "rpq", "rqp"),
        ("pq", "qp", "prq", "qpr"),
        ("pqr", "rqp", "pr", "rp"),
        ("pqr", "qpr", "prq", None),
        ("pqr", "rpq", "rpq", "rpq"),
        ("", "p", "q", "pq"),
        ("", "q", "p", "pq"),
        ("m", "bm", "am", "abm"),
        ("m", "mb", "ma", "mab"),
        ("m", "zam", "cm", "czam"),
        ("", "pq", "qp", None),
        ("pq", "q", "pqa", "qa"),
        ("pq", "p", "qp", "p"),
        ("pp", "p", "pp", "p"),
        ("p", "pp", "pq", "ppq"),
        ("pqr", "qrx", "yrqp", "yrqx"),
        ("pqr", "rqpx", "rqpz", "rqpxz"),
        ("pqr", "rqp", "zqpr", None),
        ("pqrs", "qprs", "qprsz", "qprsz"),
        ("pq", "xpyq", "qp", "xqpy"),
        ("pq", "xpq", "qpx", "qpx"),
    ],
)
def test_a_list_keeps_the_order_that_one_side_gave(
    base: str, mine: str, theirs: str, merged: str | None
) -> None:
    for one, other in ((mine, theirs), (theirs, mine)):
        found = merge({"links": list(base)}, {"links": list(one)}, {"links": list(other)})
        assert bool(found.conflicts) == (merged is None)
        assert merged is None or "".join(found.data["links"]) == merged


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        (["a"], ["a SS+2d"], ["a", "b"], ["a SS+2d", "b"]),
        (["a"], ["a SS+2d"], ["a SS+3d"], None),
        ([], ["a SS+2d"], ["a"], None),
        (["a"], ["a SS+2d", "b"], ["a SS+2d", "c"], ["a SS+2d", "b", "c"]),
        ([], ["churn/a"], ["a"], None),
        (["a"], [], ["a SS+2d"], None),
        (["a", "b"], ["b"], ["a", "b", "c"], ["b", "c"]),
        (["a", "a SS+2d"], ["a"], ["a", "a SS+2d", "b"], None),
        (["a", "a SS+2d"], ["a"], ["a", "a SS+2d"], ["a"]),
    ],
)
def test_needs_go_by_the_card_that_they_name(
    base: list[str], mine: list[str], theirs: list[str], merged: list[str] | None
) -> None:
    for one, other in ((mine, theirs), (theirs, mine)):
        found = merge({"needs": base}, {"needs": one}, {"needs": other})
        assert bool(found.conflicts) == (merged is None)
        assert merged is None or list(found.data["needs"]) == merged


def test_a_set_has_no_order_to_disagree_about() -> None:
    merged = merge({"tags": ["b", "a"]}, {"tags": ["a", "b", "d"]}, {"tags": ["c", "b", "a"]})
    assert (merged.data, merged.conflicts) == ({"tags": ("a", "b", "c", "d")}, ())
    one, two, three = (dt.date(2026, 12, day) for day in (24, 25, 26))
    days = merge({"holidays": [two]}, {"holidays": [two, three]}, {"holidays": [one, two]})
    assert days.data == {"holidays": (one, two, three)}
    mixed = merge({"tags": []}, {"tags": ["x"]}, {"tags": [one]})
    assert set(mixed.data["tags"]) == {"x", one}


def test_sets_are_the_fields_that_the_models_sort() -> None:
    marked: dict[str, set[bool]] = {}
    for model in {*map(record_model, KINDS), *_entries()}:
        for name, info in model.model_fields.items():
            is_sorted = any(isinstance(one, Mark) and "sorted" in one.names for one in info.metadata)
            marked.setdefault(name, set()).add(is_sorted)
    assert {name for name, found in marked.items() if True in found} == SETS
    assert all(len(marked[name]) == 1 for name in SETS)


def _entries() -> Iterator[type[Entry]]:
    waiting: list[type[Entry]] = [record_model(kind) for kind in KINDS]
    while waiting:
        model = waiting.pop()
        inner = [*sections(model).values(), *(one for one in tables(model).values() if one is not None)]
        yield from inner
        waiting += inner


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        (0.0, False),
        ([1], [True]),
        ([[1]], [[True]]),
        ({"a": 1}, {"a": True}),
        ([{"a": 1}], [{"a": True}]),
        ([{"a": 1}], [{"b": 1}]),
        ([{"a": 1}], [{"a": 1, "b": 1}]),
        ([{"a": 1, "b": 1}], [{"a": 1, "b": 2}]),
        (float("nan"), 1.0),
        ([1], ["1"]),
        (dt.date(2026, 1, 1), dt.datetime(2026, 1, 1)),  # noqa: DTZ001
        (dt.date(2026, 1, 1), "2026-01-01"),
        ("1", 1),
        ([], {}),
        ([1], [1, 1]),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": 1}),
    ],
)
def test_values_that_toml_tells_apart_are_a_change(one: object, other: object) -> None:
    for old, new in ((one, other), (other, one)):
        assert field_changes({"x": old}, {"x": new})
        for sides in (({"x": old}, {"x": new}, {"x": old}), ({"x": old}, {"x": old}, {"x": new})):
            merged = merge(*sides)
            assert not merged.conflicts
            assert form(merged.data["x"]) == form(new)
        assert _card(x=old) != _card(x=new)
        assert _card(x=new) == _card(x=new)


def test_values_that_say_the_same_are_no_change() -> None:
    nan = [float("nan"), float("nan")]
    for one, other in (
        (1, 1.0),
        ([1], [1.0]),
        ((1, "a"), [1, "a"]),
        ({"a": [2]}, {"a": (2.0,)}),
        (nan[:1], [nan[1]]),
    ):
        assert field_changes({"x": one}, {"x": other}) == ()
        assert field_changes({"x": dt.date(2026, 1, 1)}, {"x": dt.date(2026, 1, 1)}) == ()
        assert not merge({"x": one}, {"x": other}, {"x": 7}).conflicts


def test_a_rank_that_is_no_text_is_asked() -> None:
    assert merge({"rank": "a"}, {"rank": 1}, {"rank": "b"}).conflicts
    assert merge({"rank": "a"}, {"rank": "b"}, {"rank": 1}).conflicts


def test_a_conflict_inside_a_table_is_told_with_its_whole_path() -> None:
    base, mine, theirs = ({"checklist": {"k2": {"text": text}}} for text in "abc")
    (conflict,) = merge(base, mine, theirs).conflicts
    assert (conflict.path, conflict.mine) == (("checklist", "k2", "text"), "b")


def test_a_step_that_renames_or_no_longer_fits_is_refused() -> None:
    before = _card()
    renamed = cast("Card", parse("card", "churn", "b", {"title": "A"}))
    with pytest.raises(ChangeRefused):
        rebased(Plan({before.address: _card(owner="sam")}), Batch("rename", (Change(before, renamed),)))
    # Each side for itself fits; a card that waits for the same card twice by accident would still be one that loads.
    assert (
        rebased(Plan({before.address: _card(owner="sam")}), Batch("same", (Change(before, before),))).changes
        == ()
    )


def test_what_is_no_list_on_one_side_is_asked() -> None:
    for sides in (("a", ["b"], ["c"]), (["a"], "b", ["c"]), (["a"], [1], ["c"]), (["a"], {"b": 1}, ["c"])):
        base, mine, theirs = ({"links": side} for side in sides)
        assert [one.path for one in merge(base, mine, theirs).conflicts] == [("links",)]
    assert merge({"needs": "a"}, {"needs": ["b"]}, {"needs": ["c"]}).conflicts


def test_conflicts_come_in_the_order_of_the_base_then_by_name() -> None:
    names = ("z", "y", "b", "d", "a", "c")
    base, mine, theirs = (
        dict.fromkeys(names[:2], 0),
        dict.fromkeys(names, 1),
        dict.fromkeys(reversed(names), 2),
    )
    assert ["".join(one.path) for one in merge(base, mine, theirs).conflicts] == [
        "z",
        "y",
        "a",
        "b",
        "c",
        "d",
    ]


def test_an_estimate_is_one_value() -> None:
    assert merge({"estimate": (1, 2, 3)}, {"estimate": (1, 2, 4)}, {"estimate": (0, 2, 3)}).conflicts


def test_two_ranks_are_settled_the_same_way_on_both_sides() -> None:
    base, mine, theirs = {"rank": "a1"}, {"rank": "a5"}, {"rank": "a3"}
    assert merge(base, mine, theirs).data == merge(base, theirs, mine).data == {"rank": "a3"}


def test_a_removed_table_and_a_changed_one_are_asked() -> None:
    base = {"checklist": {"k7f2": {"done": False}}}
    merged = merge(base, {}, {"checklist": {"k7f2": {"done": True}}})
    assert merged.conflicts[0].path == ("checklist", "k7f2")
    assert merged.conflicts[0].mine is MISSING
    # Of a section that one side emptied, each table is asked for by itself.
    more = {"checklist": {"k7f2": {"done": False}, "m4wq": {"done": True}}}
    assert merge(base, {}, more).data == {"checklist": {"m4wq": {"done": True}}}
    assert not merge(base, {}, more).conflicts


def test_a_section_that_only_one_side_emptied_is_gone() -> None:
    base = {"checklist": {"k7f2": {"done": False}}}
    assert merge(base, {}, base).data == merge(base, base, {}).data == {}
    # What is no section of keyed tables is one value.
    mixed = {"checklist": {"k7f2": {"done": False}, "note": "x"}}
    merged = merge(mixed, {}, {"checklist": {"k7f2": {"done": True}, "note": "x"}})
    assert [one.path for one in merged.conflicts] == [("checklist",)]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"),
        ("a\nb", "b", "a\nb\nc", "b\nc"),
        ("a\nb\n", "A\nb\n", "1\nb\n", None),
        ("a", "b", "c", None),
        (MISSING, "a\nb\n", "a\nc\n", None),
        (7, "a\nb\n", "a\nc\n", None),
    ],
)
def test_a_text_of_several_lines_merges_line_by_line(
    base: object, mine: str, theirs: str, merged: str | None
) -> None:
    start = {} if base is MISSING else {"notes": base}
    for one, other in ((mine, theirs), (theirs, mine)):
        found = merge(start, {"notes": one}, {"notes": other})
        assert [conflict.path for conflict in found.conflicts] == [("notes",)] * (merged is None)
        assert found.data["notes"] == (other if merged is None else merged)


def test_what_became_of_each_changed_field_is_told() -> None:
    new = ("z", "y", "x", "w", "v", "u")
    base = {"title": "a", "owner": "m", "due": 1, "tags": ["p"], "same": 0, "part": {"k": {"done": False}},
            "gone": {"k": 1}, "lost": {"k": 1}, "asked": 1}  # fmt: skip
    mine = {"title": "b", "owner": "m", "due": 2, "tags": ["p", "q"], "same": 0, "part": {"k": {"done": True}},
            "lost": {"k": 1}, "asked": 2, **dict.fromkeys(new, 1)}  # fmt: skip
    theirs = {"title": "a", "owner": "s", "due": 2, "tags": ["p", "r"], "same": 0, "part": {"k": {"done": False}},
              "gone": {"k": 1}, "asked": 3}  # fmt: skip
    merged = merge(base, mine, theirs)
    found = list(settled(base, mine, theirs, merged))
    assert [("/".join(one.path), one.by) for one in found] == [
        ("title", "mine"),
        ("owner", "theirs"),
        ("due", "alike"),
        ("tags", "both"),
        ("part/k/done", "mine"),
        ("gone", "mine"),
        ("lost", "theirs"),
        *((name, "mine") for name in sorted(new)),
    ]
    told = {one.path: (one.base, one.mine, one.theirs, one.merged) for one in found}
    assert told["tags",] == (["p"], ["p", "q"], ["p", "r"], ("p", "q", "r"))
    assert told["part", "k", "done"] == (False, True, False, True)
    assert told["lost",] == ({"k": 1}, {"k": 1}, MISSING, MISSING)
    assert told["u",] == (MISSING, 1, MISSING, 1)


def _card(**fields: object) -> Card:
    return cast("Card", parse("card", "churn", "a", {"title": "A", **fields}))


def test_a_step_is_put_on_top_of_what_there_is_now() -> None:
    before = _card()
    step = Batch("move", (Change(before, _card(place="plan")),))
    now = Plan({before.address: _card(status="doing")})
    (change,) = rebased(now, step).changes
    assert (change.before, change.after) == (now.get(before.address), _card(status="doing", place="plan"))
    assert rebased(Plan({before.address: before}), step) == step
    # What has been done already is nothing to do.
    assert rebased(Plan({before.address: _card(place="plan")}), step).changes == ()


@pytest.mark.parametrize(
    "step",
    [
        Batch("both changed it", (Change(_card(), _card(place="plan")),)),
        Batch("remove what was changed", (Change(_card(), None),)),
        Batch("make what is there", (Change(None, _card(owner="sam")),)),
    ],
    ids=lambda step: step.label,
)
def test_a_step_that_does_not_fit_is_refused(step: Batch) -> None:
    address = _card().address
    with pytest.raises(ChangeRefused):
        rebased(Plan({address: _card(place="iterate")}), step)
    gone = Batch("gone", (Change(_card(), _card(place="plan")),))
    with pytest.raises(ChangeRefused):
        rebased(Plan({}), gone)
