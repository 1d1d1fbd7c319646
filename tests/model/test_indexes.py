"""Indexes that a plan takes over from the one before are those that would be built."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.change import Batch, Change, apply, difference
from kedge.model.plan.indexes import FEW
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.records.base import Record

INDEXES = ("board", "by_kind", "cards", "projects", "people", "needed_by", "cards_of")
IDS = ("a", "b", "c", "d")


def record(kind: str, project: str, name: str, data: dict[str, object]) -> Record:
    return parse(kind, project, name, data)


def random_plan(rng: Random) -> Plan:
    """A small plan; the same card id may be in two projects, and two cards may have the same rank."""
    records = [record("board", "", "board", {"title": rng.choice("xy")})] if rng.random() < 0.5 else []
    for project in ("p", "q"):
        if rng.random() < 0.7:
            records.append(
                record("project", project, project, {"title": rng.choice("xy"), "rank": rng.choice("xy")})
            )
        for name in IDS if project == "p" else (*IDS[:1], "e", "f"):
            if rng.random() < 0.5:
                needs = rng.sample(IDS, rng.randint(0, 2))
                data = {"title": rng.choice("xyz"), "rank": rng.choice(["a1", "a2"]), "needs": needs}
                records.append(record("card", project, name, data))
    if rng.random() < 0.5:
        records.append(record("person", "", "mira", {"name": rng.choice("xy")}))
    return Plan({one.address: one for one in records})


def indexes(plan: Plan) -> dict[str, object]:
    """All indexes; of those whose order is part of what they say, with their order."""
    found = {name: getattr(plan, name) for name in INDEXES}
    found["by_kind"] = {kind: members for kind, members in plan.by_kind.items() if members}
    found["projects"] = list(plan.projects.items())
    found["needed_by"] = {key: sorted(ids) for key, ids in plan.needed_by.items()}
    return found


@given(st.randoms())
def test_what_is_taken_over_is_what_would_be_built(rng: Random) -> None:
    before, after = random_plan(rng), random_plan(rng)
    for name in rng.sample(INDEXES, rng.randint(0, len(INDEXES))):
        getattr(before, name)
    told = indexes(Plan(dict(before.records)))
    changes = difference(before, after)
    if rng.random() < 0.5:
        changes = changes[: rng.randint(0, 2)]
    new = apply(before, changes)
    assert indexes(new) == indexes(Plan(dict(new.records)))
    # And again from what was taken over, there and back.
    assert indexes(apply(new, Batch("", changes).inverse.changes)) == told
    assert indexes(before) == told


@pytest.fixture
def plan() -> Plan:
    cards = [
        record("card", "p", name, {"title": name, "rank": f"a{at}", "needs": list(needs)})
        for at, (name, needs) in enumerate({"a": "", "b": "a", "c": "ab", "d": "c"}.items(), 1)
    ]
    made = Plan({one.address: one for one in [*cards, record("project", "p", "p", {"title": "P"})]})
    for name in INDEXES:
        getattr(made, name)
    return made


def changed(plan: Plan, name: str, **fields: object) -> Change:
    before = plan.cards[name]
    data = {"title": before.title, "rank": before.rank, "needs": list(before.needs), **fields}
    return Change(before, record("card", "p", name, data))


def test_who_is_needed_follows_every_kind_of_change(plan: Plan) -> None:
    def needed(*changes: Change) -> dict[str, set[str]]:
        return {key: set(ids) for key, ids in apply(plan, changes).needed_by.items()}

    assert needed() == {"a": {"b", "c"}, "b": {"c"}, "c": {"d"}}
    assert needed(changed(plan, "b", needs=[])) == {"a": {"c"}, "b": {"c"}, "c": {"d"}}
    assert needed(changed(plan, "b", needs=["d"])) == {"a": {"c"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}
    assert needed(Change(plan.cards["c"], None)) == {"a": {"b"}, "c": {"d"}}
    renamed = record("card", "p", "e", {"title": "b", "rank": "a2", "needs": ["a"]})
    assert needed(Change(plan.cards["b"], renamed))["a"] == {"c", "e"}
    added = record("card", "p", "e", {"title": "e", "rank": "a9", "needs": ["d"]})
    assert needed(Change(None, added))["d"] == {"e"}


def test_what_a_step_leaves_alone_is_shared(plan: Plan) -> None:
    after = apply(plan, [changed(plan, "b", title="other")])
    assert {"cards", "cards_of", "needed_by", "projects", "people", "board", "by_kind"} <= set(vars(after))
    for name in ("needed_by", "projects", "people", "board"):
        assert getattr(after, name) is getattr(plan, name)
    assert after.by_kind["project"] is plan.by_kind["project"]
    assert plan.cards["b"].title == "b"
    assert [card.title for card in plan.cards_of["p"]] == ["a", "b", "c", "d"]
    assert plan.by_ending
    more = apply(plan, [Change(None, record("card", "p", "e-7k2m", {"title": "e", "rank": "a9"}))])
    assert vars(more)["by_ending"] == Plan(more.records).by_ending
    both = [changed(plan, "b", needs=[]), changed(plan, "a", title="other")]
    # Carried along and patched, not left to be made when it is asked for.
    carried = apply(plan, both)
    assert vars(carried)["needed_by"] == Plan(carried.records).needed_by != plan.needed_by
    project = plan.projects["p"]
    other = apply(plan, [Change(project, record("project", "p", "p", {"title": "Q"}))])
    assert other.needed_by is plan.needed_by
    assert other.projects["p"].label == "Q"


def test_a_card_that_takes_the_id_of_one_in_another_project_is_put_in_order_anew(plan: Plan) -> None:
    moved = record("card", "q", "a", {"title": "b", "rank": "a2"})
    after = apply(plan, [Change(plan.cards["b"], moved)])
    assert indexes(after) == indexes(Plan(dict(after.records)))
    assert after.cards["a"].project == "p"


def test_where_much_changes_indexes_are_built_anew(plan: Plan) -> None:
    cards = [record("card", "p", f"n{number}", {"title": "x", "rank": "b"}) for number in range(FEW + 1)]
    changes = [Change(None, one) for one in cards]
    assert "cards" in vars(apply(plan, changes[:FEW]))
    assert not {"cards", "board"} & set(vars(apply(plan, changes)))


@pytest.mark.parametrize("ends", [True, False])
def test_a_card_that_is_made_and_changed_again_in_one_step(ends: bool) -> None:
    first = record("card", "q", "a", {"title": "first", "needs": ["b"]})
    made = record("card", "p", "a", {"title": "made"})
    last = None if ends else record("card", "p", "a", {"title": "changed"})
    before = Plan({first.address: first})
    indexes(before)
    after = apply(before, (Change(None, made), Change(made, last)))
    assert indexes(after) == indexes(Plan(dict(after.records)))
    assert after.cards["a"] is (last or first)


def test_the_records_of_each_project_follow_every_kind_of_change(plan: Plan) -> None:
    def ids(one: Plan, project: str) -> list[str]:
        return sorted(card.id for card in one.of_kind("card", project))

    assert (ids(plan, "p"), ids(plan, "q")) == (["a", "b", "c", "d"], [])
    moved = record("card", "q", "b", {"title": "b", "rank": "a2"})
    after = apply(plan, [Change(plan.cards["b"], moved), Change(plan.cards["d"], None)])
    assert (ids(after, "p"), ids(after, "q")) == (["a", "c"], ["b"])
    assert ids(plan, "p") == ["a", "b", "c", "d"]
    assert sorted(card.id for card in after.of_kind("card")) == ["a", "b", "c"]
