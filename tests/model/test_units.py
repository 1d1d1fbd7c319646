"""Fields that say one thing together: asked for as one, and found where a merge by lines has mixed them."""

from __future__ import annotations

from typing import Any

import pytest

from kedge.model.edit.merge import merge
from kedge.model.edit.units import UNITS, mixed_units
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.records.address import Address
from kedge.model.records.base import sections
from kedge.model.records.kinds import KINDS, record_model


def test_each_unit_names_a_kind_and_at_least_two_of_its_fields() -> None:
    for unit in UNITS:
        model = record_model(unit.kind)
        table = sections(model)[unit.section] if unit.section else model
        # A limit may come as words or as a figure: not each kind of table has each of them.
        assert len({*unit.fields} & {*table.model_fields}) >= 1
        assert unit.kind in KINDS


METRIC = {"baseline": 0.4, "target": 0.8, "title": "Recall"}


@pytest.mark.parametrize(
    ("kind", "base", "mine", "theirs", "asked"),
    [
        ("card", {"status": "todo"}, {"status": "doing"}, {"status": "todo", "blocked": "access"},
         ["status", "blocked"]),
        ("card", {"status": "todo"}, {"status": "doing"}, {"status": "todo", "owner": "mira"}, []),
        ("card", {"status": "todo"}, {"status": "dropped", "dropped": "x"},
         {"status": "dropped", "dropped": "x", "due": 1}, []),
        ("card", {"status": "todo"}, {"status": "dropped", "dropped": "x"}, {"status": "dropped"}, ["dropped"]),
        ("project", {"phase": "plan", "cycle": 1}, {"phase": "execute", "cycle": 1}, {"phase": "plan", "cycle": 2},
         ["phase", "cycle"]),
        ("review", {"stage": "mvp", "cycle": 1}, {"stage": "growth", "cycle": 1}, {"stage": "mvp", "cycle": 2}, []),
        ("strategy", {"metrics": {"m": METRIC}}, {"metrics": {"m": {**METRIC, "target": 0.9}}},
         {"metrics": {"m": {**METRIC, "baseline": 0.5}}}, ["metrics.m.baseline", "metrics.m.target"]),
        ("strategy", {"metrics": {"m": METRIC}}, {"metrics": {"m": {**METRIC, "target": 0.9}}},
         {"metrics": {"m": {**METRIC, "title": "Precision"}}}, []),
        ("strategy", {"metrics": {"m": METRIC}}, {"metrics": {"m": {**METRIC, "limit": 3.0}}},
         {"metrics": {"m": {**METRIC, "target": 0.9}}}, []),
        ("experiment", {"arms": {"a": {"units": 1}, "b": {"units": 1}}},
         {"arms": {"a": {"units": 2}, "b": {"units": 1}}}, {"arms": {"a": {"units": 1}, "b": {"units": 3}}}, []),
        ("experiment", {"arms": {"a": {"units": 1, "events": 1}}}, {"arms": {"a": {"units": 2, "events": 1}}},
         {"arms": {"a": {"units": 1, "events": 0}}}, ["arms.a.units", "arms.a.events"]),
        ("experiment", {"arms": {"a": {"units": 1}}}, {"arms": {"a": {"units": 2}}},
         {"arms": {"a": {"units": 1}}, "result": "mixed"}, ["result", "arms.a.units"]),
        ("card", {"estimate": [1, 2, 3]}, {"estimate": [1, 2, 4]}, {"estimate": [0, 2, 3]}, ["estimate"]),
    ],
)  # fmt: skip
def test_a_unit_that_both_sides_changed_is_asked_for(
    kind: str, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], asked: list[str]
) -> None:
    for one, other in ((mine, theirs), (theirs, mine)):
        merged = merge(base, one, other, kind)
        assert sorted(".".join(conflict.path) for conflict in merged.conflicts) == sorted(asked)
    if kind != "card" or asked != ["estimate"]:
        assert not merge(base, mine, theirs).conflicts or asked == ["dropped"]


def test_a_text_of_several_lines_merges_by_lines() -> None:
    base, mine, theirs = "one\ntwo\nthree\n", "ONE\ntwo\nthree\n", "one\ntwo\nthree\nfour\n"
    assert (
        merge({"notes": base}, {"notes": mine}, {"notes": theirs}).data["notes"] == "ONE\ntwo\nthree\nfour\n"
    )
    (conflict,) = merge({"notes": base}, {"notes": mine}, {"notes": base.replace("one", "two")}).conflicts
    assert (conflict.mine, conflict.theirs) == (mine, "two\ntwo\nthree\n")


# ---- what a merge by lines has mixed


def _plan(**records: dict[str, Any]) -> Plan:
    """A plan of one project, from plain values by kind (`decision_go` is a decision with the id `go`)."""
    found = {}
    for name, data in records.items():
        kind, _, own = name.partition("_")
        record = parse(kind, "churn", own or ("churn" if kind == "project" else kind), {"title": "x", **data})
        found[record.address] = record
    return Plan(found)


def _strategy(**metric: object) -> Plan:
    return _plan(strategy={"metrics": {"m": {"title": "Recall", **metric}}, "title": "s"})


def test_values_of_both_sides_in_one_unit_are_found() -> None:
    base, ours, theirs = (
        _strategy(baseline=0.4, target=0.8),
        _strategy(baseline=0.4, target=0.9),
        _strategy(baseline=0.6, target=0.8),
    )
    (found,) = mixed_units(base, ours, theirs, _strategy(baseline=0.6, target=0.9))
    assert found.address == Address("strategy", "churn", "strategy")
    assert found.paths == (("metrics", "m", "baseline"), ("metrics", "m", "target"))
    assert (found.ours, found.theirs, found.merged) == ((0.4, 0.9), (0.6, 0.8), (0.6, 0.9))
    for settled in (ours, theirs, base, _strategy(baseline=0.6, target=0.95)):
        assert mixed_units(base, ours, theirs, settled) == []


def test_a_card_that_one_started_and_the_other_blocked_is_found() -> None:
    sides = ({"status": "todo"}, {"status": "doing"}, {"status": "todo", "blocked": "access"})
    mixed = {"status": "doing", "blocked": "access"}
    (found,) = mixed_units(*(_plan(card_a=one) for one in sides), _plan(card_a=mixed))
    assert found.paths == (("status",), ("blocked",))
    agreed = _plan(card_a={"status": "doing", "owner": "mira"})
    assert mixed_units(_plan(card_a=sides[0]), _plan(card_a=sides[1]), agreed, agreed) == []


@pytest.mark.parametrize("merged", [[1, 3, 5], [2, 3, 9], [2, 3, 5], [1, 3, 8]])
def test_points_of_both_sides_in_one_estimate_are_found(merged: list[float]) -> None:
    base, ours, theirs = (_plan(card_a={"estimate": one}) for one in ([2, 3, 5], [1, 3, 5], [2, 3, 9]))
    (found,) = mixed_units(base, ours, theirs, _plan(card_a={"estimate": [1, 3, 9]}))
    assert (found.paths, found.merged) == ((("estimate",),), ((1, 3, 9),))
    assert mixed_units(base, ours, theirs, _plan(card_a={"estimate": merged})) == []


def test_a_project_moved_by_one_side_and_decided_on_by_the_other_is_found() -> None:
    start, gone = {"phase": "plan"}, {"phase": "execute"}
    decision = {"gate": "gate-plan", "outcome": "hold"}
    base, ours = _plan(project=start), _plan(project=gone)
    theirs, merged = _plan(project=start, decision_no=decision), _plan(project=gone, decision_no=decision)
    for sides in ((ours, theirs), (theirs, ours)):
        (found,) = mixed_units(base, *sides, merged)
        assert (found.address.kind, found.other) == ("project", Address("decision", "churn", "no"))
    both = _plan(project=gone, decision_no=decision)
    assert mixed_units(base, both, base, both) == []
    plain = {"title": "which database"}
    assert not mixed_units(
        base, ours, _plan(project=start, decision_no=plain), _plan(project=gone, decision_no=plain)
    )


def test_the_fields_of_a_unit_are_asked_for_once_each_in_their_order() -> None:
    base = {"status": "todo", "owner": "mira"}
    mine = {"status": "dropped", "dropped": "no use", "owner": "mira"}
    theirs = {"status": "doing", "blocked": "access", "owner": "sam"}
    merged = merge(base, mine, theirs, "card")
    assert [one.path for one in merged.conflicts] == [("status",), ("blocked",), ("dropped",)]
    assert merged.data["owner"] == "sam"
