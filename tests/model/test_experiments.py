"""Live tests and rollouts: sizes against published figures, and what counts say.

Sources: the help of R power.prop.test; the playbook's worked examples; Kohavi, Tang, Xu 2020; what is said to be by
hand was computed from the formula apart from the code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from random import Random
from statistics import pstdev
from typing import Any

import pytest

from kedge.model.operations.experiments import Trial, experiment_size, scale_of
from kedge.model.operations.reading import ExperimentRead, read_experiment
from kedge.model.operations.rollouts import Counts, current_step, read_step, steps_of
from kedge.model.operations.sequential import inflation, limits, look_at
from kedge.model.records.delivery import Experiment, Rollout
from kedge.model.records.strategy import Metric

TODAY = dt.date(2026, 11, 20)


def trial(metrics: Mapping[str, Any] | None = None, **fields: Any) -> Trial:
    record = Experiment.model_validate({"title": "Try", "kind": "A/B", "primary_metric": "left", **fields})
    known = {name: Metric.model_validate({"title": name, **one}) for name, one in (metrics or {}).items()}
    return Trial(record, known)


def arms(
    control: tuple[int, int], treatment: tuple[int, int], shares: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Two variants by units and events."""
    found: dict[str, Any] = {}
    for at, (name, (units, events)) in enumerate((("control", control), ("treatment", treatment))):
        found[name] = {
            "title": name,
            "units": units,
            "events": events,
            "share": shares[at] if shares else None,
        }
    return found


# ---- size


def test_the_size_of_two_shares_is_that_of_r() -> None:
    # The help of power.prop.test: p1 = .50, p2 = .75, power = .90 gives n = 76.7.
    assert experiment_size(trial(baseline=0.5, smallest_effect=0.25, power=0.9)).per_arm == (77, 77)
    found = experiment_size(trial(baseline=0.2, smallest_effect=0.05, per_day=500.0))
    assert found.per_arm == (1094, 1094)
    assert (found.total, found.days) == (2188, 7)
    assert found.relative == pytest.approx(0.25)


def test_a_relative_effect_is_not_an_absolute_one() -> None:
    # A public test plan gives 1,030 for this; that is the size for 5 points, not for 5 %.
    found = experiment_size(trial(baseline=0.2), relative=0.05)
    assert found.absolute == pytest.approx(0.01)
    assert found.per_arm == (25583, 25583)


def test_a_percentage_is_sized_as_its_share() -> None:
    percent = experiment_size(trial({"left": {"unit": "%"}}, baseline=20.0, smallest_effect=5.0))
    assert percent.per_arm == (1094, 1094)
    assert scale_of("per 1,000 contacts") == 1000
    assert scale_of("EUR per contact") == 1


def test_less_is_better_where_the_metric_says_so() -> None:
    found = experiment_size(trial({"left": {"better": "lower"}}, baseline=0.22, smallest_effect=0.015))
    assert found.absolute == -0.015
    assert found.per_arm == (11675, 11675)


def test_a_decrease_is_sized_as_one() -> None:
    """R: power.prop.test(p1 = 0.2, p2 = 0.15, power = 0.8) gives n = 905.3."""
    found = experiment_size(trial(baseline=0.2, smallest_effect=-0.05))
    assert (found.absolute, found.per_arm) == (-0.05, (906, 906))
    relative = experiment_size(trial(baseline=0.2), relative=-0.25)
    assert relative.per_arm == found.per_arm


def test_a_smallest_effect_to_the_worse_side_is_refused() -> None:
    with pytest.raises(ValueError, match="would be worse, since more of the metric is better"):
        experiment_size(trial({"left": {"better": "higher"}}, baseline=0.2, smallest_effect=-0.05))


def test_a_mean_is_sized_by_its_spread() -> None:
    # Kohavi et al. 2009: sd 30, 5 % of 3.75: over 409,000 by the rule of 16; 401,868 in the normal form.
    found = experiment_size(trial(smallest_effect=0.1875, measures={"left": {"spread": 30.0}}))
    assert found.per_arm[0] == pytest.approx(2 * (1.959964 + 0.841621) ** 2 * 900 / 0.1875**2, rel=1e-5)


def test_metrics_of_success_share_the_level_and_variants_too() -> None:
    alone = trial(baseline=0.2, smallest_effect=0.05)
    two = trial(baseline=0.2, smallest_effect=0.05, measures={"saves": {}})
    assert (alone.level, two.level) == (0.05, 0.025)
    assert experiment_size(two).per_arm[0] > experiment_size(alone).per_arm[0]
    three = trial(arms={name: {"title": name} for name in ("control", "b", "c")})
    assert three.level == 0.025


def test_a_guardrail_can_decide_the_size() -> None:
    metrics = {"complaints": {"unit": "per 1,000 contacts", "better": "lower", "baseline": 1.6, "limit": 2.5}}
    found = experiment_size(trial(metrics, baseline=0.22, smallest_effect=0.015, guardrails=["complaints"]))
    # (z.95 + z.80)² 2 × 0.0016 × 0.9984 / 0.0009²: the margin goes from the baseline to the limit.
    assert found.per_arm[0] == pytest.approx(
        (1.644854 + 0.841621) ** 2 * 2 * 0.0016 * 0.9984 / 0.0009**2, rel=1e-4
    )
    assert any("complaints decides" in note for note in found.notes)


def test_guardrails_share_the_power() -> None:
    one = {"a": {"baseline": 0.1, "better": "lower"}}
    two = {**one, "b": {"baseline": 0.1, "better": "lower"}}
    common: dict[str, Any] = {"baseline": 0.2, "smallest_effect": 0.1}
    sizes = [
        experiment_size(
            trial(
                known, guardrails=list(known), measures={name: {"margin": 0.01} for name in known}, **common
            )
        ).per_arm[0]
        for known in (one, two)
    ]
    assert sizes[1] > sizes[0]


def test_unequal_shares_are_planned_so() -> None:
    record: dict[str, Any] = {
        "a": {"title": "a", "share": 0.8},
        "b": {"title": "b", "share": 0.2},
    }
    found = experiment_size(trial(arms=record, control="a", baseline=0.2, smallest_effect=0.05))
    assert found.per_arm[0] == pytest.approx(4 * found.per_arm[1], abs=4)
    assert found.total > 2188


def test_returning_visitors_make_it_longer_or_impossible() -> None:
    common: dict[str, Any] = {"baseline": 0.2, "smallest_effect": 0.05, "per_day": 100.0}
    fresh, back = experiment_size(trial(**common)), experiment_size(trial(**common, per_week=300.0))
    assert fresh.days is not None
    assert back.days is not None
    assert back.days > fresh.days
    never = experiment_size(trial(**common, per_week=100.0))
    assert never.days is None
    assert "within a year" in never.why
    assert never.per_arm == (1094, 1094)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"baseline": 0.2, "smallest_effect": 0.0}, "no difference to find"),
        ({"baseline": 0.2, "smallest_effect": 0.05, "per_day": 0.0}, "no traffic"),
    ],
)
def test_what_no_size_answers_is_said(fields: dict[str, Any], said: str) -> None:
    assert said in experiment_size(trial(**fields)).why


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "smallest_effect is missing"),
        ({"smallest_effect": 0.1}, "baseline is missing"),
        ({"smallest_effect": 0.9, "baseline": 0.2}, "smallest_effect"),
        ({"smallest_effect": 1.0, "baseline": 20.0}, "a share from 0 to 1"),
        ({"smallest_effect": 0.1, "baseline": 0.2, "arms": {"a": {"title": "a"}}}, "only one variant"),
        (
            {"smallest_effect": 0.1, "baseline": 0.2, "arms": {"x": {"title": "x"}, "y": {"title": "y"}}},
            "is the control",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        experiment_size(trial(**fields))


@pytest.mark.parametrize(
    ("looks", "boundary", "factor"),
    [
        (2, "pocock", 1.110),
        (5, "pocock", 1.228),
        (2, "obrien-fleming", 1.008),
        (5, "obrien-fleming", 1.028),
        (5, "none", 1),
    ],
)
def test_looks_with_limits_take_more_units(looks: int, boundary: Any, factor: float) -> None:
    # The third digit of 100,000 simulated tests (Pocock, 5 looks: 79.97 % power at this factor); Jennison and Turnbull
    # 2000 print such a table.
    assert inflation(looks, 0.05, 0.8, boundary) == pytest.approx(factor, abs=6e-4)


def test_a_test_of_one_side_has_the_limits_of_its_own_level() -> None:
    both, one = trial(looks=5), trial(looks=5, sides="one")
    # Armitage, McPherson, Rowe 1969: five looks at 5 % are 14.2 %.
    assert both.false_alarm == pytest.approx(0.142, abs=5e-4)
    assert one.both_sides == 0.1
    assert 0.05 < one.false_alarm < both.false_alarm


def test_the_last_look_that_was_reached_counts() -> None:
    assert [look_at(share, 5) for share in (0.1, 0.2, 0.59, 0.6, 1.3)] == [0, 1, 2, 3, 5]
    assert limits(5, 0.05, "obrien-fleming")[0] == pytest.approx(4.562, abs=1e-3)


# ---- reading


def read(metrics: Mapping[str, Any] | None = None, **fields: Any) -> ExperimentRead:
    return read_experiment(trial(metrics, **fields), TODAY)


def test_an_effect_is_read_with_its_interval() -> None:
    # By hand: .06 / sqrt(.23 × .77 × 2/1000) = 3.18806; .06 ± 1.959964 × sqrt(.26 × .74/1000 + .2 × .8/1000)
    found = read(arms=arms((1000, 200), (1000, 260)))
    (effect,) = found.effects
    assert effect.absolute == pytest.approx(0.06)
    assert effect.relative == pytest.approx(0.3)
    assert effect.z == pytest.approx(3.18806, abs=1e-5)
    assert effect.p == pytest.approx(0.00143229, rel=1e-4)
    assert (effect.low, effect.high) == pytest.approx((0.0232069, 0.0967931), abs=1e-6)
    assert (found.verdict, found.result) == ("better", "supports")


def test_the_split_comes_first() -> None:
    # Kohavi, Tang, Xu 2020: 821,588 against 815,482, p = 1.8e-6.
    found = read(arms=arms((821588, 80000), (815482, 90000)))
    assert found.split.p == pytest.approx(1.8e-6, rel=0.02)
    assert not found.split.ok
    assert found.effects == ()
    assert (found.verdict, found.result) == ("could not be tested", "inconclusive")


def test_the_split_is_held_against_the_planned_shares() -> None:
    planned = arms((8000, 1600), (2000, 500), (0.8, 0.2))
    assert read(arms=planned).split.ok
    assert not read(arms=arms((8000, 1600), (2000, 500))).split.ok


def test_below_a_hundred_units_no_split_is_an_alarm() -> None:
    assert read(arms=arms((90, 20), (9, 2))).split.ok


def test_less_is_better_where_less_is_wanted() -> None:
    lower = {"left": {"better": "lower"}}
    assert read(lower, arms=arms((1000, 260), (1000, 200))).verdict == "better"
    assert read(lower, arms=arms((1000, 200), (1000, 260))).verdict == "worse"


def test_no_difference_is_against_only_where_it_rules_out_what_pays() -> None:
    same = arms((10000, 2000), (10000, 2010))
    assert read(arms=same, smallest_effect=0.05).result == "against"
    assert read(arms=same, smallest_effect=0.01).result == "inconclusive"
    assert read(arms=same).verdict == "no difference seen"


def test_before_the_planned_size_nothing_is_decided() -> None:
    strong = arms((500, 50), (500, 150))
    found = read(arms=strong, sample_size=1000)
    assert (found.verdict, found.result) == ("still running", None)
    assert any("a look now costs" in note for note in found.notes)
    assert read(arms=strong, sample_size=1000, ended=TODAY).verdict == "better"
    over = read(arms=strong, sample_size=1000, started=dt.date(2026, 11, 1), days=20.0)
    assert over.verdict == "better"


def test_a_planned_look_decides_at_its_own_limit() -> None:
    plan: dict[str, Any] = {"sample_size": 1000, "looks": 2, "boundary": "obrien-fleming"}
    # At half of the units |z| counts from 2.797 on, where 1.96 would do at the end.
    assert read(arms=arms((500, 100), (500, 130)), **plan).verdict == "still running"
    assert read(arms=arms((500, 100), (500, 145)), **plan).verdict == "better"
    before = read(arms=arms((200, 20), (200, 100)), **plan)
    assert before.verdict == "still running"


def test_a_mean_is_read_with_its_spread() -> None:
    two = {
        "control": {"title": "c", "units": 400, "total": 4000.0},
        "treatment": {"title": "t", "units": 400, "total": 4400.0},
    }
    found = read(arms=two, measures={"left": {"spread": 5.0}})
    (effect,) = found.effects
    # 1 / (5 × sqrt(2 / 400))
    assert effect.z == pytest.approx(1 / (5 * (2 / 400) ** 0.5))
    assert effect.control == 10


def test_a_ratio_of_sums_is_read_by_the_delta_method() -> None:
    # Clicks per session of users: each user's own sessions and clicks, drawn once.
    random = Random(3)

    def users(rate: float) -> list[tuple[int, int]]:
        found = []
        for _ in range(2000):
            sessions, taste = random.randint(1, 9), random.gauss(rate, 0.08)
            found.append((sum(random.random() < taste for _ in range(sessions)), sessions))
        return found

    sides = {"control": users(0.3), "treatment": users(0.33)}
    sums = {name: tuple(map(sum, zip(*side, strict=True))) for name, side in sides.items()}
    clicks, sessions = sums["control"]
    ratio, mean = clicks / sessions, sessions / 2000
    # Deng et al. 2018, linearised: the spread of (clicks - ratio × sessions) / mean sessions per user.
    spread = pstdev((one - ratio * other) / mean for one, other in sides["control"])
    measure = {
        "spread": spread,
        "counts": {name: one for name, (one, _) in sums.items()},
        "per": {name: other for name, (_, other) in sums.items()},
    }
    variants = {name: {"title": name, "units": 2000} for name in sides}
    (effect,) = read(arms=variants, measures={"left": measure}).effects
    other_clicks, other_sessions = sums["treatment"]
    assert effect.control == pytest.approx(ratio)
    assert effect.absolute == pytest.approx(other_clicks / other_sessions - ratio)
    assert effect.z == pytest.approx(effect.absolute / (spread * (2 / 2000) ** 0.5))
    # Means of users that were drawn again have the error that is said.
    means = []
    for _ in range(400):
        drawn = random.choices(sides["control"], k=2000)
        means.append(sum(one for one, _ in drawn) / sum(other for _, other in drawn))
    assert pstdev(means) == pytest.approx(spread / 2000**0.5, rel=0.15)


@pytest.mark.parametrize(
    ("per", "said"),
    [
        ({"control": 500.0}, "what the sum of treatment is divided by is missing"),
        ({"control": 500.0, "treatment": 0.0}, "more than 0 is expected"),
    ],
)
def test_a_ratio_without_what_it_is_divided_by_is_refused(per: dict[str, float], said: str) -> None:
    measure = {"spread": 1.0, "counts": {"control": 1.0, "treatment": 2.0}, "per": per}
    variants = {name: {"title": name, "units": 400} for name in ("control", "treatment")}
    with pytest.raises(ValueError, match=said):
        read(arms=variants, measures={"left": measure})


@pytest.mark.parametrize(
    ("guardrail", "control", "events", "verdict"),
    [
        ({"margin": 0.5}, 2.0, None, "go on"),
        ({"margin": 0.3}, 2.0, None, "stop"),
        ({"margin": 0.5}, None, None, "not enough yet"),
        ({"margin": 0.5, "least_events": 100}, 2.0, 50.0, "not enough yet"),
        # More is better: 2.4 against 2.0 is a gain.
        ({"margin": 0.1, "operator": ">=", "value": 1.0}, 2.0, None, "go on"),
        ({"margin": 0.1, "operator": ">=", "value": 1.0}, 2.9, None, "stop"),
        # The margin holds, the limit does not.
        ({"margin": 0.5, "operator": "<=", "value": 2.2}, 2.0, None, "stop"),
    ],
)
def test_a_guardrail_of_a_canary_may_be_worse_than_its_control_by_a_margin(
    guardrail: dict[str, Any], control: float | None, events: float | None, verdict: str
) -> None:
    record = Rollout.model_validate(
        {
            "title": "Canary",
            "steps": {"one": {"kind": "canary", "share": 0.01, "minutes": 60.0}},
            "guardrails": {"errors": {"metric": "errors", **guardrail}},
            "stop_action": "switch back",
        }
    )
    controls = {"errors": control} if control is not None else {}
    found = read_step(record, "one", {"errors": [2.4]}, controls=controls, events=events)
    assert found.verdict == verdict
    assert ("switch back" in found.text) == (verdict == "stop")


def test_steps_follow_from_shadow_to_full_whatever_they_are_called() -> None:
    steps = {
        "all": {"kind": "full"},
        "one": {"kind": "canary", "share": 0.01},
        "before": {"kind": "shadow"},
        "a-tenth": {"kind": "canary", "share": 0.1},
        "last": {"kind": "shadow", "rank": "b0"},
    }
    record = Rollout.model_validate({"title": "Canary", "steps": steps})
    assert [one.id for one in steps_of(record)] == ["before", "one", "a-tenth", "all", "last"]


GUARD: Mapping[str, Any] = {"complaints": {"unit": "per 1,000", "better": "lower", "baseline": 10.0}}


def guarded(counts: Mapping[str, float], margin: float | None = 5.0) -> ExperimentRead:
    return read(
        GUARD,
        arms=arms((10000, 2000), (10000, 2300)),
        guardrails=["complaints"],
        measures={"complaints": {"margin": margin, "counts": dict(counts)}},
    )


@pytest.mark.parametrize(
    ("treatment", "ok", "broken", "result"),
    [(100, True, False, "supports"), (140, False, False, "mixed"), (200, False, True, "mixed")],
)
def test_a_guardrail_must_be_shown_to_hold(treatment: int, ok: bool, broken: bool, result: str) -> None:
    found = guarded({"control": 100, "treatment": treatment})
    (one,) = found.guardrails
    assert (one.ok, one.is_broken) == (ok, broken)
    assert found.result == result
    assert found.needs_a_person != ok


def test_a_guardrail_nobody_measured_leaves_the_result_open() -> None:
    assert guarded({}).guardrails[0].ok is None
    assert guarded({}).result is None
    without_margin = guarded({"control": 100, "treatment": 100}, margin=None)
    assert without_margin.guardrails[0].ok is None


@pytest.mark.parametrize(
    ("variants", "said"),
    [
        (arms((100, 20), (0, 0)), "treatment has no units"),
        (arms((100, 20), (100, 120)), "more events than units"),
        ({"control": {"title": "c", "units": 10}}, "only one variant"),
        ({}, "no variants"),
        ({"control": {"title": "c"}, "b": {"title": "b"}}, "units of control are missing"),
        (
            {"control": {"title": "c", "units": 5}, "b": {"title": "b", "units": 5}},
            "events of control are missing",
        ),
    ],
)
def test_counts_that_cannot_be_read_are_refused(variants: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(arms=variants)


def test_where_nothing_ever_happened_nothing_is_shown() -> None:
    assert read(arms=arms((1000, 0), (1000, 0))).verdict == "could not be tested"


# ---- rollouts


def rollout(**fields: Any) -> Rollout:
    return Rollout.model_validate(
        {
            "title": "First",
            "stop_action": "Back to the rule",
            "per_minute": 100.0,
            "steps": {
                "two": {"kind": "canary", "rank": "a1", "share": 0.05, "minutes": 60.0},
                "one": {"kind": "shadow", "rank": "a0", "share": 0.0, "minutes": 60.0},
            },
            "guardrails": {"errors": {"metric": "errors", "operator": "<=", "value": 2.0, "unit": "%"}},
            **fields,
        }
    )


def test_a_step_exposes_its_share_of_the_traffic_and_a_shadow_nobody() -> None:
    shadow, canary = steps_of(rollout())
    assert (shadow.exposure, shadow.handled) == (0, 6000)
    assert (canary.exposure, canary.handled) == (300, 300)
    assert [one.exposure for one in steps_of(rollout(per_minute=None))] == [0, None]


def test_a_guardrail_stops_a_step() -> None:
    stopped = read_step(rollout(), "two", {"errors": [2.5]})
    assert stopped.verdict == "stop"
    assert "Back to the rule" in stopped.text
    assert read_step(rollout(), "two", {"errors": [2.0]}).verdict == "go on"


def test_what_was_not_measured_is_waited_for() -> None:
    even = Counts(3, 3000, 3, 3000)
    assert read_step(rollout(), "two", {}, counts=even).verdict == "not enough yet"
    guard = {"errors": {"metric": "errors", "operator": "<=", "value": 2.0, "in_a_row": 2}}
    assert read_step(rollout(guardrails=guard), "two", {"errors": [9]}).verdict == "not enough yet"
    assert read_step(rollout(guardrails=guard), "two", {"errors": [9, 9]}).verdict == "stop"
    few = {"errors": {"metric": "errors", "operator": "<=", "value": 2.0, "least_events": 100}}
    assert read_step(rollout(guardrails=few), "two", {"errors": [9]}, events=99).verdict == "not enough yet"


def test_a_canary_worse_than_its_control_stops() -> None:
    bad = read_step(rollout(), "two", {"errors": [1.3]}, counts=Counts(40, 3000, 9, 3050))
    assert bad.verdict == "stop"


def test_a_guardrail_that_asks_for_more_than_comes_is_named() -> None:
    few = {"errors": {"metric": "errors", "operator": "<=", "value": 2.0, "least_events": 301}}
    assert steps_of(rollout(guardrails=few))[1].too_few == ("errors",)


def test_a_step_that_was_stopped_is_tried_again() -> None:
    record = rollout()
    assert current_step(record) == "one"
    steps = {
        "one": {"kind": "shadow", "rank": "a0", "outcome": "passed"},
        "two": {"kind": "canary", "rank": "a1", "outcome": "stopped"},
    }
    assert current_step(rollout(steps=steps)) == "two"


@pytest.mark.parametrize("values", [{}, {"errors": []}])
def test_nothing_to_judge_is_refused_or_waited_for(values: dict[str, list[float]]) -> None:
    if values:
        assert read_step(rollout(), "two", values).verdict == "not enough yet"
    else:
        with pytest.raises(ValueError, match="a value of a guardrail"):
            read_step(rollout(), "two", values)
