"""What the Operate screen says of tests and metrics: which need a person, and what a value means."""

from __future__ import annotations

import datetime as dt

import pytest

from kedge.model.edit.refusal import EditRefused
from kedge.model.operations.counts import counted
from kedge.model.operations.recording import next_step, read_typed, start_or_end, typed_counts
from kedge.model.operations.targets import against_target
from kedge.model.operations.trials import trial_state
from kedge.model.plan.field_spec import TextRefused
from kedge.model.plan.plan import Plan
from kedge.model.records.delivery import Experiment, Rollout
from kedge.model.records.strategy import Metric

TODAY = dt.date(2026, 11, 20)


def experiment(**fields: object) -> Experiment:
    arms = {
        "contact": {"title": "Contacted", "share": 0.5, "units": 1000, "events": 400},
        "hold-out": {"title": "Not", "share": 0.5, "units": 1000, "events": 300},
    }
    first: dict[str, object] = {"id": "t", "title": "T", "kind": "A/B", "control": "hold-out", "arms": arms}
    return Experiment.model_validate({**first, **fields})


def rollout() -> Rollout:
    steps = {"a": {"kind": "canary", "rank": "a0"}, "b": {"kind": "full", "rank": "a1"}}
    guardrails = {"errors": {"metric": "errors", "operator": "<=", "value": 2.0}}
    return Rollout.model_validate({"id": "r", "title": "R", "steps": steps, "guardrails": guardrails})


@pytest.mark.parametrize(
    ("fields", "word", "needs"),
    [
        ({"sample_size": 1000}, "better", False),
        ({"sample_size": 9000}, "still running", False),
        ({"control": "apples"}, "cannot be read", True),
        ({"kind": "offline", "control": "apples", "result": "supports"}, "supports", False),
        ({"arms": {}, "started": TODAY}, "running", False),
        ({"arms": {}, "started": dt.date(2026, 11, 1), "days": 7.0}, "running", True),
        ({"arms": {}}, "to come", False),
    ],
)
def test_the_state_of_a_test(fields: dict[str, object], word: str, needs: bool) -> None:
    found = trial_state(Plan({}), experiment(**fields), TODAY)
    assert (found.word, found.needs_a_person) == (word, needs)


def test_units_and_days_are_held_against_what_was_planned() -> None:
    found = trial_state(
        Plan({}), experiment(sample_size=3000, days=14.0, started=dt.date(2026, 11, 15)), TODAY
    )
    assert (found.reached, found.planned, found.days_left) == (2000, 6000, 9)


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"actual": 0.3, "target": 0.3}, "good"),
        ({"actual": 0.2, "target": 0.3}, "open"),
        ({"actual": 0.1, "target": 0.3, "kill": 0.15}, "bad"),
        ({"actual": 2.7, "limit": 2.5, "better": "lower"}, "bad"),
        ({"actual": 2.4, "limit": 2.5, "better": "lower"}, "good"),
        ({"target": 0.3}, "unknown"),
    ],
)
def test_what_a_value_means(fields: dict[str, object], standing: str) -> None:
    assert against_target(Metric.model_validate({"title": "M", **fields}))[1] == standing


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "nothing was typed"),
        ("contact", "NAME=VALUE is expected"),
        ("apples=1/2", "there is no variant 'apples'"),
        ("contact=1,5/2", "decimal comma"),
        ("contact=-1/2", "a whole number from 0 on"),
        ("contact=1.5/2", "a whole number from 0 on"),
        ("title=1", "there is no variant 'title'"),
    ],
)
def test_counts_that_cannot_be(text: str, wrong: str) -> None:
    with pytest.raises(TextRefused, match=wrong):
        typed_counts(experiment(), text)


def test_counts_go_to_their_fields() -> None:
    assert typed_counts(experiment(), "contact=5/9 hold=6/8") == {
        ("arms", "contact", "events"): 5,
        ("arms", "contact", "units"): 9,
        ("arms", "hold-out", "events"): 6,
        ("arms", "hold-out", "units"): 8,
    }
    assert counted(experiment(), ("sample_size",), "9") == [(("sample_size",), "9")]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("apples=1", "there is no guardrail 'apples'"),
        ("bad=1/10", "bad and control belong together"),
        ("bad=11/10 control=1/10", "bad requests"),
        ("errors=nan", "not a number"),
    ],
)
def test_values_of_a_step_that_cannot_be(text: str, wrong: str) -> None:
    with pytest.raises(TextRefused, match=wrong):
        read_typed(rollout(), "a", text)


def test_steps_start_in_their_order_and_a_test_ends_once() -> None:
    record = rollout()
    plan = Plan({record.address: record})
    with pytest.raises(EditRefused, match="comes after a"):
        next_step(plan, record, "b", TODAY)
    assert next_step(plan, record, "a", TODAY).label == "r: start step a"
    with pytest.raises(EditRefused, match="ended on"):
        start_or_end(plan, experiment(ended=TODAY), TODAY)
