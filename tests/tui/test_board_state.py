"""The rules of the cursor, and the columns it moves in: pure values, no terminal."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.change import Batch, Change, apply
from kedge.model.plan.plan import Plan
from kedge.model.query.context import SearchIndex
from kedge.model.records.base import Record
from kedge.model.records.card import Card
from kedge.model.records.project import Project
from kedge.tui.board.columns import Column
from kedge.tui.board.view_state import GROUPINGS, PHASES, ViewState, follow, reveal, sideways, step, to_end
from kedge.tui.board.views import Look, Views, column_step, project_columns
from kedge.tui.draw.geometry import boxes

from .driver import TODAY

PLACES = (
    "assess",
    "assess/discovery",
    "plan/tactics",
    "execute/data-pipeline",
    "execute",
    "iterate",
    "nowhere/at-all",
)


def plan_of(*cards: Card) -> Plan:
    records: list[Record] = [Project(id="churn", title="Churn", phase="execute"), *cards]
    return Plan({record.address: record for record in records})


def card(name: str, place: str = "execute", rank: str = "a0", **fields: object) -> Card:
    return Card.model_validate(
        {"id": name, "project": "churn", "title": name, "place": place, "rank": rank, **fields}
    )


def columns_of(plan: Plan, grouping: str = "step") -> tuple[Column, ...]:
    return project_columns(plan, "churn", grouping)


def many(count: int, seed: int = 1) -> list[Card]:
    random = Random(seed)
    return [
        card(
            f"c{at:03d}",
            random.choice(PLACES),
            f"b{random.randrange(100):02d}",
            owner=random.choice(["mira", None]),
        )
        for at in range(count)
    ]


def test_every_card_stands_in_one_column() -> None:
    cards = many(200)
    columns = columns_of(plan_of(*cards))
    assert sorted(item.id for column in columns for item in column.items) == sorted(one.id for one in cards)


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_lines_and_cards_agree(grouping: str) -> None:
    for column in columns_of(plan_of(*many(120)), grouping):
        seen = []
        for line in range(column.height):
            found = column.at(line)
            assert found is not None
            if found.index >= 0 and found.part == 0:
                assert column.line_of(found.index) == line
                seen.append(found.index)
        assert seen == list(range(len(column.items)))
        assert column.at(column.height) is None


def test_steps_come_in_the_order_of_the_method() -> None:
    plan = plan_of(card("a", "execute/monitoring"), card("b", "execute"), card("c", "execute/data-pipeline"))
    column = columns_of(plan)[2]
    assert [group.key for group in column.groups] == ["", "data-pipeline", "monitoring"]
    assert not column.groups[0].title


def test_moving_stops_at_both_ends() -> None:
    columns = columns_of(plan_of(card("a"), card("b", rank="a1")))
    state = ViewState("churn", "execute", "a")
    assert step(state, columns, -1).focus == "a"
    assert step(state, columns, 5).focus == "b"
    assert to_end(state, columns, first=False).focus == "b"


def test_an_empty_column_can_have_the_focus() -> None:
    columns = columns_of(plan_of(card("a")))
    state = sideways(ViewState("churn", "execute", "a"), columns, 1, 20)
    assert (state.phase, state.focus) == ("iterate", "")
    assert step(state, columns, 1) == state
    assert sideways(state, columns, -1, 20).focus == "a"


def test_sideways_goes_to_the_same_height() -> None:
    cards = [card(f"l{at}", "plan", f"b{at}") for at in range(9)] + [
        card(f"r{at}", "execute", f"b{at}") for at in range(9)
    ]
    columns = columns_of(plan_of(*cards))
    assert sideways(ViewState("churn", "plan", "l4"), columns, 1, 40).focus == "r4"


def test_the_focus_follows_its_card_to_another_column() -> None:
    before, after = plan_of(card("a"), card("b")), plan_of(card("a", "plan"), card("b"))
    state = follow(ViewState("churn", "execute", "a"), columns_of(before), columns_of(after))
    assert (state.phase, state.focus) == ("plan", "a")


def test_the_neighbour_takes_the_focus_of_a_card_that_is_gone() -> None:
    three = [card("a", rank="a0"), card("b", rank="a1"), card("c", rank="a2")]
    state = ViewState("churn", "execute", "b")
    columns = columns_of(plan_of(*three))
    assert follow(state, columns, columns_of(plan_of(three[0], three[2]))).focus == "c"
    assert follow(state, columns, columns_of(plan_of(three[0]))).focus == "a"
    assert follow(state, columns, columns_of(plan_of())).focus == ""


@given(st.integers(0, 60), st.integers(1, 30), st.integers(0, 200))
def test_the_focus_is_always_in_sight(index: int, height: int, top: int) -> None:
    columns = columns_of(
        plan_of(*(card(f"c{at:02d}", "execute/monitoring", f"b{at:02d}") for at in range(61)))
    )
    state = replace(ViewState("churn", "execute", f"c{index:02d}"), scroll={"execute": top})
    shown = reveal(state, columns, height).scroll["execute"]
    line = columns[2].line_of(index)
    assert shown <= line < shown + height
    assert height < 2 or line + 1 < shown + height
    assert 0 <= shown <= max(0, columns[2].height - height)


@given(st.integers(20, 300), st.sampled_from(PHASES))
def test_columns_fill_the_screen_and_show_the_focused_one(width: int, phase: str) -> None:
    placed = boxes(width, PHASES, phase)
    assert sum(box.width for box in placed) == width
    assert [box.x for box in placed] == [sum(one.width for one in placed[:at]) for at in range(len(placed))]
    focused = next(box for box in placed if box.phase == phase)
    assert focused.kind == "full"
    assert focused.width == max(box.width for box in placed) or width >= 100


def test_add_goes_to_the_group_of_the_focus() -> None:
    columns = project_columns(plan_of(card("a", "plan/tactics", owner="mira")), "churn", "owner")
    assert column_step(columns, "plan", "a", "owner") == ("plan/tactics", {"owner": "mira"})
    assert column_step(columns, "iterate", "", "owner") == ("iterate", {})


# ---- views and indexes that are patched say the same as those that are made anew


def _random_step(random: Random, plan: Plan, number: int) -> Batch:
    cards = list(plan.cards.values())
    changes: list[Change] = []
    for one in random.sample(cards, min(len(cards), random.randrange(1, 4))):
        match random.randrange(4):
            case 0:
                changes.append(Change(one, one.model_copy(update={"place": random.choice(PLACES)})))
            case 1:
                changes.append(Change(one, one.model_copy(update={"rank": f"b{random.randrange(100):02d}"})))
            case 2:
                changes.append(Change(one, None))
            case _:
                status = random.choice(["todo", "doing", "done"])
                changes.append(Change(one, one.model_copy(update={"status": status, "owner": "sam"})))
    changes.append(Change(None, card(f"new{number}", random.choice(PLACES), "b50")))
    return Batch("random", tuple(changes))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("grouping", GROUPINGS)
def test_patched_columns_are_those_made_anew(seed: int, grouping: str) -> None:
    random = Random(seed)
    plan = plan_of(*many(60, seed))
    views = Views(TODAY)
    look = Look("churn", grouping)
    views.columns(plan, look)
    for number in range(25):
        plan = apply(plan, _random_step(random, plan, number).changes)
        assert views.columns(plan, look) == columns_of(Plan(plan.records), grouping)


def test_untouched_columns_are_the_same_objects() -> None:
    plan = plan_of(card("a", "plan"), card("b", "execute"))
    views = Views(TODAY)
    before = views.columns(plan, Look("churn"))
    moved = plan.cards["a"].model_copy(update={"place": "assess"})
    after = views.columns(apply(plan, [Change(plan.cards["a"], moved)]), Look("churn"))
    assert [one is other for one, other in zip(before, after, strict=True)] == [False, False, True, True]


@pytest.mark.parametrize("seed", range(6))
def test_indexes_taken_over_are_those_made_anew(seed: int) -> None:
    random = Random(seed)
    plan = plan_of(*many(60, seed))
    for number in range(25):
        assert all((plan.by_kind, plan.cards, plan.cards_of, plan.projects))
        assert plan.needed_by is not None
        assert plan.by_ending is not None
        plan = apply(plan, _random_step(random, plan, number).changes)
        assert {"cards", "cards_of", "by_kind", "projects"} <= set(vars(plan))
        fresh = Plan(plan.records)
        assert plan.cards == fresh.cards
        assert plan.cards_of == fresh.cards_of
        assert plan.needed_by == fresh.needed_by
        assert plan.by_ending == fresh.by_ending
        assert {kind: sorted(one.id for one in some) for kind, some in plan.by_kind.items() if some} == {
            kind: sorted(one.id for one in some) for kind, some in fresh.by_kind.items()
        }


def test_an_id_in_two_projects_is_indexed_as_in_a_new_plan() -> None:
    plan = plan_of(card("a"), card("b", needs=["a"]))
    twin = Card(id="a", project="alpha", title="twin", needs=("b",))
    steps = [Change(None, twin), Change(plan.cards["a"], None), Change(twin, None)]
    for changes in ([steps[0]], [steps[1]], [steps[2]], [*map(_inverse, steps[::-1])]):
        assert all((plan.by_kind, plan.cards_of is not None, plan.by_ending is not None))
        assert plan.needed_by is not None
        plan = apply(plan, changes)
        fresh = Plan(plan.records)
        assert {"cards", "cards_of", "needed_by", "by_ending"} <= vars(plan).keys()
        assert (plan.cards, plan.cards_of) == (fresh.cards, fresh.cards_of)
        assert (plan.needed_by, plan.by_ending) == (fresh.needed_by, fresh.by_ending)


def _inverse(change: Change) -> Change:
    return change.inverse


def test_the_search_is_ready_before_the_first_key_of_a_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = SearchIndex._add

    def add(index: SearchIndex, record: Record) -> str:
        made.append(record.id)
        return real(index, record)

    monkeypatch.setattr(SearchIndex, "_add", add)
    views = Views(TODAY)
    cards = [card(f"c-{number}", rank=f"a{number:03d}") for number in range(250)]
    plan = plan_of(*cards)
    assert len(list(views.prepare_search(plan))) == 3
    assert len(made) == 250
    made.clear()
    changed = Change(cards[7], cards[7].model_copy(update={"title": "Changed"}))
    plan = apply(plan, (changed,))
    found = views.columns(plan, Look("churn", query="changed"))
    assert [item.id for column in found for item in column.items] == ["c-7"]
    assert made == ["c-7"]
