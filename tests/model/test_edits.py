"""The verbs: what a person does, as changes."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from kedge.model.edit import edits, renames
from kedge.model.edit.refusal import EditRefused
from kedge.model.plan.change import Batch, apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.records.address import Address
from kedge.model.records.base import to_data
from kedge.model.records.card import Card
from kedge.model.records.strategy import Strategy


@pytest.fixture
def plan() -> Plan:
    records = [
        parse("project", "churn", "churn", {"title": "Churn", "phase": "execute", "lead": "mira"}),
        parse("project", "fraud", "fraud", {"title": "Fraud"}),
        parse("person", "", "mira", {"name": "Mira"}),
        parse("person", "", "sam", {"name": "Sam"}),
        parse(
            "strategy",
            "churn",
            "strategy",
            {"milestones": {"mvp-live": {"title": "MVP live", "owner": "mira"}}},
        ),
        parse("strategy", "fraud", "strategy", {"milestones": {"mvp-live": {"title": "Other MVP"}}}),
        parse(
            "card",
            "churn",
            "first-2b3c",
            {"title": "First", "place": "execute", "rank": "a1", "owner": "mira"},
        ),
        parse(
            "card",
            "churn",
            "second-4d5f",
            {
                "title": "Second",
                "place": "execute",
                "rank": "a2",
                "needs": ["first-2b3c SS+2d"],
                "milestone": "mvp-live",
            },
        ),
        parse(
            "card",
            "fraud",
            "third-6g7h",
            {"title": "Third", "needs": ["second-4d5f"], "milestone": "mvp-live"},
        ),
    ]
    return Plan({record.address: record for record in records})


def after(plan: Plan, batch: Batch) -> Plan:
    changed = apply(plan, batch.changes)
    assert apply(changed, batch.inverse.changes) == plan
    return changed


def data(plan: Plan, card: str) -> dict:
    return to_data(plan.cards[card])


def test_a_new_card_stands_at_the_end_of_its_group(plan: Plan) -> None:
    batch = edits.add_card(plan, "churn", "  Check the labels ", {"owner": "sam"}, Random(1))
    changed = after(plan, batch)
    card = changed.cards[batch.changes[0].address.id]
    assert card.id.startswith("check-the-labels-")
    assert (card.title, card.place, card.owner) == ("Check the labels", "execute", "sam")
    assert card.rank > "a2"


def test_a_move_is_one_field(plan: Plan) -> None:
    batch = edits.move([plan.cards["first-2b3c"]], "iterate/next-round")
    assert [one.path for one in batch.changes[0].fields()] == [("place",)]
    assert after(plan, batch).cards["first-2b3c"].step == "next-round"


def test_the_edge_columns_have_no_neighbour(plan: Plan) -> None:
    assert edits.neighbour_phase(plan.cards["first-2b3c"], 1) == "iterate"
    with pytest.raises(EditRefused, match="first column"):
        edits.neighbour_phase(plan.cards["third-6g7h"], -1)


def test_setting_what_is_the_default_already_changes_nothing(plan: Plan) -> None:
    assert edits.set_status([plan.cards["first-2b3c"]], "todo").changes == ()


def test_a_finished_card_is_no_longer_blocked(plan: Plan) -> None:
    blocked = after(plan, edits.block([plan.cards["first-2b3c"]], "waits for legal"))
    assert data(blocked, "first-2b3c")["blocked"] == "waits for legal"
    done = after(blocked, edits.set_status([blocked.cards["first-2b3c"]], "done"))
    assert "blocked" not in data(done, "first-2b3c")


def test_dropping_asks_for_a_reason_and_taking_up_again_forgets_it(plan: Plan) -> None:
    card = plan.cards["first-2b3c"]
    with pytest.raises(EditRefused, match="reason"):
        edits.drop([card], "  ")
    dropped = after(plan, edits.drop([card], "bought instead"))
    assert (dropped.cards[card.id].status, dropped.cards[card.id].dropped) == ("dropped", "bought instead")
    again = after(dropped, edits.set_status([dropped.cards[card.id]], "doing"))
    assert again.cards[card.id].dropped is None


def test_a_need_that_makes_a_loop_is_refused_with_the_loop(plan: Plan) -> None:
    with pytest.raises(EditRefused, match=r"loop: .*first-2b3c.*second-4d5f"):
        edits.set_needs(plan, plan.cards["first-2b3c"], ["second-4d5f"])
    with pytest.raises(EditRefused, match="no card"):
        edits.set_needs(plan, plan.cards["first-2b3c"], ["nothing-9z9z"])


def test_a_rename_of_a_card_follows_needs_with_their_lags(plan: Plan) -> None:
    changed = after(plan, renames.rename(plan, Address("card", "churn", "first-2b3c"), "feature-table-2b3c"))
    assert changed.cards["second-4d5f"].needs == ("feature-table-2b3c SS+2d",)
    assert "first-2b3c" not in changed.cards


def test_a_rename_across_projects_and_of_people(plan: Plan) -> None:
    changed = after(plan, renames.rename(plan, Address("card", "churn", "second-4d5f"), "labels-4d5f"))
    assert changed.cards["third-6g7h"].needs == ("labels-4d5f",)
    people = after(plan, renames.rename(plan, Address("person", "", "mira"), "mira-k"))
    assert people.cards["first-2b3c"].owner == "mira-k"
    assert people.projects["churn"].lead == "mira-k"
    assert people.strategy("churn").milestones["mvp-live"].owner == "mira-k"
    assert set(people.people) == {"mira-k", "sam"}


def test_a_rename_follows_what_may_be_an_id_and_leaves_words(plan: Plan) -> None:
    tie = {"what": "Features", "giver": "first-2b3c", "taker": "churn"}
    plan = after(plan, edits.add_record(plan, "dependency", "churn", "tie", tie))
    plan = after(plan, edits.add_record(plan, "dataset", "churn", "clicks", {"title": "C", "owner": "mira"}))
    plan = after(
        plan, edits.add_record(plan, "dataset", "churn", "bills", {"title": "B", "owner": "mira and sam"})
    )
    plan = after(plan, renames.rename(plan, Address("card", "churn", "first-2b3c"), "features-2b3c"))
    plan = after(plan, renames.rename(plan, Address("person", "", "mira"), "mira-k"))
    project: Any = plan.projects["churn"]
    assert (project.dependencies["tie"].giver, project.dependencies["tie"].taker) == (
        "features-2b3c",
        "churn",
    )
    owners = {one.id: getattr(one, "owner", "") for one in plan.of_kind("dataset")}
    assert owners == {"clicks": "mira-k", "bills": "mira and sam"}


def test_a_rename_of_a_milestone_stays_in_its_project(plan: Plan) -> None:
    changed = after(plan, renames.rename(plan, Address("milestone", "churn", "mvp-live"), "first-users"))
    assert changed.cards["second-4d5f"].milestone == "first-users"
    assert changed.cards["third-6g7h"].milestone == "mvp-live"
    strategy = changed.get(Address("strategy", "churn", "strategy"))
    assert isinstance(strategy, Strategy)
    assert list(strategy.milestones) == ["first-users"]


def test_a_rename_onto_something_is_refused(plan: Plan) -> None:
    with pytest.raises(EditRefused, match="already"):
        renames.rename(plan, Address("person", "", "mira"), "sam")
    with pytest.raises(EditRefused, match="not an id"):
        renames.rename(plan, Address("person", "", "mira"), "../mira")


def test_an_entry_makes_its_record_where_there_is_none(plan: Plan) -> None:
    changed = after(plan, edits.add_record(plan, "business", "churn", "fast", {"title": "Answers in time"}))
    assert changed.has("business", "fast", "churn")
    with pytest.raises(EditRefused, match="already"):
        edits.add_record(changed, "business", "churn", "fast", {"title": "again"})


def test_checklists(plan: Plan) -> None:
    card: Card = plan.cards["first-2b3c"]
    one = after(plan, edits.add_item(card, "Ask legal", Random(1)))
    two = after(one, edits.add_item(one.cards[card.id], "Backfill", Random(2)))
    items = sorted(two.cards[card.id].checklist.items(), key=lambda pair: pair[1].rank)
    assert [item.text for _, item in items] == ["Ask legal", "Backfill"]
    ticked = after(two, edits.tick(two.cards[card.id], items[0][0]))
    assert ticked.cards[card.id].checklist[items[0][0]].done


def test_a_value_that_does_not_fit_is_refused_in_words(plan: Plan) -> None:
    with pytest.raises(EditRefused, match="expected todo, doing, done or dropped"):
        edits.edit(plan, Address("card", "churn", "first-2b3c"), {("status",): "later"})
