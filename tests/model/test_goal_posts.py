"""Goal posts that moved after work began, and the decisions that name them."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from kedge.model.edit.renames import rename
from kedge.model.plan.change import MISSING, apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import InvalidValues, parse
from kedge.model.records.address import Address
from kedge.model.records.base import with_unfit
from kedge.model.records.findings import Finding
from kedge.model.records.governance import Decision
from kedge.model.review.goal_posts import MovedPost, goal_remarks, moved_posts

from .plan_from import plan_from

STRATEGY = Address("strategy", "churn", "strategy")
VALUES: dict[str, dict[str, Any]] = {
    "project churn/churn": {"title": "Churn", "phase": "execute"},
    "strategy churn/strategy": {
        "metrics": {
            "churn-recall": {"title": "Recall", "baseline": 0.14, "target": 0.3, "kill": 0.2},
            "complaints": {"title": "Complaints", "role": "guardrail", "better": "lower", "limit": 2.5},
        },
        "stages": {"mvp": {"exit_criteria": ["Lists live"], "cap": 170000, "weeks": 29}},
    },
    "rollout churn/ramp": {"title": "Ramp", "guardrails": {"p95": {"metric": "p95", "limit": "<= 120 ms"}}},
    "experiment churn/holdout": {
        "title": "Hold-out",
        "started": dt.date(2026, 11, 2),
        "guardrails": ["complaints"],
    },
}


def _plans(record: str, path: tuple[str, ...], value: object, **more: dict[str, Any]) -> tuple[Plan, Plan]:
    """A plan, and the same with another value at a path (None takes it away) and with more records."""
    values: dict[str, Any] = copy.deepcopy(VALUES)
    table = values[record]
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = value
    if value is None:
        del table[path[-1]]
    added = {f"decision churn/{name.replace('_', '-')}": data for name, data in more.items()}
    return plan_from(VALUES), plan_from({**values, **added})


def _names(posts: list[MovedPost]) -> list[str]:
    return [post.name for post in posts]


@pytest.mark.parametrize(
    ("record", "path", "value"),
    [
        ("strategy churn/strategy", ("metrics", "churn-recall", "baseline"), 0.1),
        ("strategy churn/strategy", ("metrics", "churn-recall", "target"), 0.25),
        ("strategy churn/strategy", ("metrics", "churn-recall", "target"), None),
        ("strategy churn/strategy", ("metrics", "churn-recall", "kill"), 0.1),
        ("strategy churn/strategy", ("metrics", "churn-recall", "better"), "lower"),
        ("strategy churn/strategy", ("metrics", "churn-recall", "unit"), "percent"),
        ("strategy churn/strategy", ("metrics", "churn-recall", "by"), dt.date(2028, 1, 1)),
        ("strategy churn/strategy", ("metrics", "complaints", "role"), "diagnostic"),
        ("strategy churn/strategy", ("metrics", "complaints", "limit"), 4.0),
        ("strategy churn/strategy", ("metrics", "complaints", "target"), 1.0),
        ("strategy churn/strategy", ("stages", "mvp", "exit_criteria"), ["Lists live", "Read once"]),
        ("strategy churn/strategy", ("stages", "mvp", "cap"), 200000),
        ("strategy churn/strategy", ("stages", "mvp", "weeks"), 40),
        ("rollout churn/ramp", ("guardrails", "p95", "limit"), "<= 500 ms"),
        ("experiment churn/holdout", ("guardrails",), []),
    ],
)
def test_a_changed_post_is_listed_with_its_values(record: str, path: tuple[str, ...], value: object) -> None:
    kind, _, place = record.partition(" ")
    (post,) = moved_posts(*_plans(record, path, value))
    assert (post.address, post.path) == (Address(kind, "churn", place.partition("/")[2]), path)
    assert post.decisions == ()
    assert (post.after is MISSING) == (value in (None, []))


def test_what_is_no_goal_post_moves_none() -> None:
    for path, value in (
        (("metrics", "churn-recall", "actual"), 0.31),
        (("metrics", "churn-recall", "title"), "Recall of lists"),
        (("metrics", "churn-recall", "better"), "higher"),
        (("metrics", "churn-recall", "role"), "diagnostic"),
        (("metrics", "precision"), {"title": "Precision", "target": 0.2}),
        (("stages", "growth"), {"cap": 100000}),
    ):
        assert moved_posts(*_plans("strategy churn/strategy", path, value)) == []


def test_a_new_name_moves_no_goal_when_it_is_given() -> None:
    plan = plan_from(VALUES)
    assert goal_remarks(plan, rename(plan, Address("metric", "churn", "churn-recall"), "recall")) == []


def test_a_metric_that_is_taken_away_takes_its_posts_away() -> None:
    found = moved_posts(*_plans("strategy churn/strategy", ("metrics", "churn-recall"), None))
    assert _names(found) == [
        "metrics.churn-recall.baseline",
        "metrics.churn-recall.target",
        "metrics.churn-recall.kill",
        "metrics.churn-recall.better",
    ]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ({"phase": "plan"}, {"phase": "plan"}, 0),
        ({"phase": "plan"}, {"phase": "execute"}, 0),
        ({"phase": "execute"}, {"phase": "iterate"}, 1),
        ({"phase": "execute"}, {"phase": "plan"}, 1),
        ({"phase": "iterate", "cycle": 1}, {"phase": "assess", "cycle": 2}, 0),
        ({"phase": "execute", "state": "dropped"}, {"phase": "execute", "state": "dropped"}, 0),
        ({"phase": "execute", "state": "hold"}, {"phase": "execute", "state": "hold"}, 1),
    ],
)
def test_only_after_work_began(before: dict[str, Any], after: dict[str, Any], count: int) -> None:
    path = ("metrics", "churn-recall", "target")
    plans = [
        Plan({**plan.records, (one := parse("project", "churn", "churn", state)).address: one})
        for plan, state in zip(_plans("strategy churn/strategy", path, 0.25), (before, after), strict=True)
    ]
    assert len(moved_posts(*plans)) == count


@pytest.mark.parametrize(
    ("changes", "is_named"),
    [
        (["metrics.churn-recall.target"], True),
        (["metrics.churn-recall"], True),
        (["churn-recall"], True),
        (["churn/metrics.churn-recall.target"], True),
        (["metrics.churn-recall.kill"], False),
        (["metrics"], False),
        (["stages.mvp.cap"], False),
        (["fraud/churn-recall"], False),
        ([], False),
    ],
)
def test_a_decision_names_a_post_by_path_or_id(changes: list[str], *, is_named: bool) -> None:
    path = ("metrics", "churn-recall", "target")
    decision = {"title": "Lower the target", "changes": changes}
    (post,) = moved_posts(*_plans("strategy churn/strategy", path, 0.25, lower=decision))
    assert (post.decisions == (Address("decision", "churn", "lower"),)) == is_named


def test_a_decision_names_a_guardrail_with_its_rollout() -> None:
    decision = {"title": "Slower", "changes": ["rollouts.ramp.guardrails.p95.limit"]}
    path = ("guardrails", "p95", "limit")
    (post,) = moved_posts(*_plans("rollout churn/ramp", path, "<= 500 ms", slower=decision))
    assert post.name == "rollouts.ramp.guardrails.p95.limit"
    assert post.decisions == (Address("decision", "churn", "slower"),)


def test_a_decision_that_was_there_before_excuses_nothing() -> None:
    old = {"title": "Before", "changes": ["churn-recall"]}
    path = ("metrics", "churn-recall", "target")
    before, after = _plans("strategy churn/strategy", path, 0.25, old=old)
    record = after.records[Address("decision", "churn", "old")]
    (post,) = moved_posts(Plan({**before.records, record.address: record}), after)
    assert post.decisions == ()


def test_what_cannot_be_read_has_not_moved() -> None:
    path = ("metrics", "churn-recall", "target")
    before, after = _plans("strategy churn/strategy", path, None)
    assert moved_posts(before, after, [STRATEGY]) == []
    record = after.records[STRATEGY]
    unfit = with_unfit(record, (Finding("F104", "error", "no number", STRATEGY, path),))
    assert moved_posts(before, Plan({**after.records, STRATEGY: unfit})) == []


def test_a_path_in_a_decision_follows_a_rename() -> None:
    decision = {"title": "Lower", "changes": ["metrics.churn-recall.target", "churn/metrics.churn-recall"]}
    _, plan = _plans("strategy churn/strategy", ("metrics", "churn-recall", "target"), 0.25, lower=decision)
    renamed = apply(plan, rename(plan, Address("metric", "churn", "churn-recall"), "recall").changes)
    record = renamed.records[Address("decision", "churn", "lower")]
    assert isinstance(record, Decision)
    assert record.changes == ("metrics.recall.target", "churn/metrics.recall")


def test_a_path_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidValues, match="changes"):
        parse("decision", "churn", "lower", {"title": "Lower", "changes": ["metrics..target"]})


def _with_guardrail(**fields: Any) -> Plan:
    return plan_from(
        {
            **VALUES,
            "rollout churn/ramp": {"title": "Ramp", "guardrails": {"p95": {"metric": "p95", **fields}}},
        }
    )


def test_a_limit_that_is_written_as_figures_moves_nothing() -> None:
    old = _with_guardrail(limit="<= 120 ms")
    assert moved_posts(old, _with_guardrail(operator="<=", value=120.0, unit="ms")) == []
    (post,) = moved_posts(old, _with_guardrail(operator="<=", value=150.0, unit="ms"))
    assert (post.name, post.before, post.after) == (
        "rollouts.ramp.guardrails.p95.limit",
        "<= 120 ms",
        "<= 150 ms",
    )


@pytest.mark.parametrize(
    "fields",
    [{"in_a_row": 3}, {"for_minutes": 60.0}, {"least_events": 500}, {"operator": "<"}, {"at": "05:30"}],
)
def test_when_a_limit_counts_is_part_of_it(fields: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"operator": "<=", "value": 120.0, "unit": "ms"}
    assert len(moved_posts(_with_guardrail(**whole), _with_guardrail(**{**whole, **fields}))) == 1


def test_a_margin_of_a_test_that_runs_is_a_goal_post() -> None:
    def with_margin(margin: float) -> Plan:
        record = {**VALUES["experiment churn/holdout"], "measures": {"complaints": {"margin": margin}}}
        return plan_from({**VALUES, "experiment churn/holdout": record})

    assert _names(moved_posts(with_margin(0.5), with_margin(0.9))) == [
        "experiments.holdout.measures.complaints.margin"
    ]
