"""What has another id in the later of two plans."""

from __future__ import annotations

import copy
from typing import Any

from kedge.model.edit.renames import move_to_project, rename
from kedge.model.plan.change import apply, difference
from kedge.model.plan.plan import Plan
from kedge.model.records.address import Address
from kedge.model.review.renames import aligned, renames

from .plan_from import plan_from

VALUES: dict[str, dict[str, Any]] = {
    "board /board": {"format": 1},
    "person /mira": {"name": "Mira", "day_rate": 640},
    "project churn/churn": {"title": "Churn", "phase": "execute", "lead": "mira"},
    "project fraud/fraud": {"title": "Fraud"},
    "strategy churn/strategy": {
        "metrics": {"recall": {"title": "Recall", "target": 0.3, "owner": "mira"}},
        "milestones": {"live": {"title": "Live"}, "read": {"title": "Read", "after": ["live"]}},
        "people": {"mira": {"role": "lead", "share": 0.5}},
    },
    "card churn/labels-2b3c": {"title": "Labels", "owner": "mira", "milestone": "live"},
    "card churn/table-7k2m": {"title": "Table", "needs": ["labels-2b3c SS+2d"]},
    "card fraud/rules-9x4p": {"title": "Rules", "needs": ["churn/table-7k2m"]},
    "decision churn/lower": {"title": "Lower", "changes": ["metrics.recall.target", "table-7k2m"]},
    "dataset churn/clicks": {"title": "Clicks", "owner": "mira"},
}


def _plan(**changed: dict[str, Any]) -> Plan:
    return plan_from({**copy.deepcopy(VALUES), **changed})


def _is_one(before: Plan, after: Plan, *moves: tuple[Address, Address]) -> None:
    found = renames(before, after)
    assert found == dict(moves)
    assert difference(aligned(before, found), after) == ()


def test_nothing_renamed_is_the_same_plan_itself() -> None:
    plan = _plan()
    assert aligned(plan, renames(plan, _plan())) is plan


def test_renames_are_followed_in_every_reference() -> None:
    plan = _plan()
    for old, new in (
        (Address("card", "churn", "table-7k2m"), "feature-table-7k2m"),
        (Address("card", "churn", "labels-2b3c"), "audit-of-labels"),
        (Address("person", "", "mira"), "mira-k"),
        (Address("metric", "churn", "recall"), "churn-recall"),
        (Address("milestone", "churn", "live"), "mvp-live"),
        (Address("dataset", "churn", "clicks"), "clickstream"),
    ):
        after = apply(plan, rename(plan, old, new).changes)
        moves = [(old, Address(old.kind, old.project, new))]
        if old.kind == "person":
            # The person's part in a project has the person's id.
            moves.append((Address("allocation", "churn", "mira"), Address("allocation", "churn", new)))
        _is_one(plan, after, *moves)


def test_several_renames_at_once() -> None:
    plan = after = _plan()
    for name, new in (("table-7k2m", "features-7k2m"), ("labels-2b3c", "audit-2b3c")):
        after = apply(after, rename(after, Address("card", "churn", name), new).changes)
    after = apply(after, rename(after, Address("metric", "churn", "recall"), "churn-recall").changes)
    found = renames(plan, after)
    assert len(found) == 3
    assert difference(aligned(plan, found), after) == ()


def test_a_card_in_another_project_is_the_same_card() -> None:
    plan = _plan()
    after = apply(plan, move_to_project(plan, [plan.cards["labels-2b3c"]], "fraud").changes)
    found = renames(plan, after)
    assert found == {Address("card", "churn", "labels-2b3c"): Address("card", "fraud", "labels-2b3c")}
    (change,) = difference(aligned(plan, found), after)
    assert [one.path for one in change.fields()] == [("milestone",)]


def test_a_project_with_another_folder_is_the_same_project() -> None:
    plan = _plan()
    renamed = {
        name.replace(" churn/churn", " keep/keep").replace(" churn/", " keep/"): data
        for name, data in copy.deepcopy(VALUES).items()
    }
    renamed["card fraud/rules-9x4p"]["needs"] = ["keep/table-7k2m"]
    after = plan_from(renamed)
    found = renames(plan, after)
    assert found[Address("project", "churn", "churn")] == Address("project", "keep", "keep")
    assert difference(aligned(plan, found), after) == ()


def test_a_rename_with_other_changes_shows_these_only() -> None:
    plan = _plan()
    after = apply(plan, rename(plan, Address("card", "churn", "table-7k2m"), "features-7k2m").changes)
    values = copy.deepcopy(VALUES)
    values["card churn/features-7k2m"] = {**values.pop("card churn/table-7k2m"), "title": "Feature table"}
    after = Plan(
        {**after.records, **{a: r for a, r in plan_from(values).records.items() if a.id == "features-7k2m"}}
    )
    (change,) = difference(aligned(plan, renames(plan, after)), after)
    assert [(one.path, one.after) for one in change.fields()] == [(("title",), "Feature table")]


def test_one_that_went_and_another_that_came_are_two() -> None:
    before = _plan()
    values = copy.deepcopy(VALUES)
    values["card churn/other-5d6f"] = {**values.pop("card churn/table-7k2m"), "title": "Other work"}
    values["strategy churn/strategy"]["metrics"] = {"precision": {"title": "Precision", "target": 0.2}}
    assert renames(before, plan_from(values)) == {}


def test_where_several_may_be_meant_none_is() -> None:
    before = _plan(**{"risk churn/a": {"title": "Late"}, "risk churn/b": {"title": "Late"}})
    after = _plan(**{"risk churn/c": {"title": "Late"}})
    assert renames(before, after) == {}
