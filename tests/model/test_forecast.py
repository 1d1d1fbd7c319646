"""The forecast: laws that it must keep, published figures, and what may not move it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from kedge.model.derived.derived import Derived
from kedge.model.derived.progress import Stopped
from kedge.model.flow.throughput import throughput_of
from kedge.model.forecast.durations import days_of
from kedge.model.forecast.forecast import Forecast, Outlook, forecast, usual_runs
from kedge.model.schedule.schedule import schedule
from kedge.model.solvers.beta_pert import ThreePoints
from kedge.tests.effort import times

from .plan_from import plan_from
from .schedule_cases import TODAY, random_plan, schedule_of, snapshot_of

CHANCES = [at / 20 for at in range(1, 20)]
NETWORKS = Path(__file__).parents[3] / "shared" / "data" / "reference" / "networks.json"
Values = dict[str, dict[str, Any]]


def plan(cards: Mapping[str, dict[str, Any]], **board: Any) -> Values:
    """A project of these cards that all lead to one milestone, worked on by Ana and Ben."""
    return {
        "board /board": {"format": 1, **board},
        "person /ana": {"name": "Ana"},
        "person /ben": {"name": "Ben"},
        "project p/p": {"title": "P"},
        "strategy p/strategy": {"milestones": {"end": {"title": "End", "due": TODAY + dt.timedelta(14)}}},
        **{
            f"card p/{name}": {"title": name, "place": "execute", "milestone": "end", **card}
            for name, card in cards.items()
        },
    }


def of(values: Values, runs: int = 1000, seed: int = 0) -> Forecast:
    return forecast(schedule_of(values), runs=runs, seed=seed)


def days(outlook: Outlook) -> list[float]:
    """Working days from today in each run, from the shortest to the longest."""
    begin = outlook.axis.moment(TODAY)
    return [(end / 32 - begin) / 2 for end in outlook.ends]


def test_percentiles_rise_and_chances_lie_between() -> None:
    looked = 0
    for seed in range(times(60)):
        made = schedule(snapshot_of(random_plan(seed)), effort=0)
        found = forecast(made, runs=60, seed=seed)
        for key in [*made.milestones, *((one, "") for one in made.dates.plan.projects)]:
            if not found.has(key):
                continue
            outlook = found.outlook(key)
            dates = [outlook.date(chance) or dt.date.max for chance in CHANCES]
            assert dates == sorted(dates)
            for chance, day in zip(CHANCES, dates, strict=True):
                if day != dt.date.max:
                    assert outlook.held(day) >= chance * 60 - 1e-9
                    assert outlook.held(day - dt.timedelta(1)) < chance * 60
            if outlook.due is not None:
                assert outlook.chance is not None
                assert 0 <= outlook.chance <= 1
            assert sum(outlook.days.values()) <= 60
            looked += 1
        assert all(0 <= share <= 1 for share in found.criticality.values())
    assert looked > times(60)


def test_a_card_without_link_or_person_in_common_moves_no_percentile_at_all() -> None:
    cards = {
        "one": {"owner": "ana", "estimate": [1, 2, 6]},
        "two": {"owner": "ana", "estimate": [2, 3, 9], "needs": ["one"]},
        "free": {"estimate": [3, 5, 12]},
    }
    before = of(plan(cards))
    more = plan(cards)
    for at in range(3):
        more[f"card p/other-{at}"] = {
            "title": "Other",
            "place": "execute",
            "owner": "ben",
            "estimate": [1, 4, 20],
        }
    more["card p/alone"] = {"title": "Alone", "place": "execute", "estimate": [30, 50, 99]}
    after = of(more)
    assert before.outlook(("p", "end")).ends == after.outlook(("p", "end")).ends
    assert all(before.card(name).ends == after.card(name).ends for name in cards)


def test_the_same_plan_has_the_same_forecast_and_another_seed_another_one() -> None:
    cards = {"one": {"owner": "ana", "estimate": [1, 2, 6]}}
    first, again, other = of(plan(cards)), of(plan(cards)), of(plan(cards), seed=1)
    assert first.card("one").ends == again.card("one").ends
    assert first.card("one").ends != other.card("one").ends
    # Worked out once on one machine: whole numbers only, so that every machine has them.
    begin = first.axis.moment(TODAY) * 32
    assert [end - begin for end in first.card("one").ends[::200]] == GOLDEN


GOLDEN = [66, 110, 140, 173, 211]


@pytest.mark.skipif(not NETWORKS.is_file(), reason="the public reference data are not here")
def test_a_card_alone_has_the_quantiles_that_are_published() -> None:
    rows = [one for one in json.loads(NETWORKS.read_text())["beta_pert"] if one["variance"]]
    assert rows
    for row in rows:
        found = days(of(plan({"one": {"estimate": row["three"]}}), runs=10_000).card("one"))
        for chance, value in row["quantiles"].items():
            below = sum(one <= value for one in found) / len(found)
            off = 4 * sqrt(float(chance) * (1 - float(chance)) / len(found))
            assert abs(below - float(chance)) < off + 0.005, (row["three"], chance)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8])
def test_a_chain_has_the_spread_that_its_common_factor_gives(correlation: float) -> None:
    """sd = s sqrt(n (1 + (n - 1) rho)), exact for normals; durations are nearly normal here."""
    count, points = 9, ThreePoints(2, 6, 10)
    cards = {
        f"c{at}": {"estimate": list(points), "needs": [f"c{at - 1}"] if at else []} for at in range(count)
    }
    found = days(of(plan(cards, estimates={"correlation": correlation}), runs=4000).card(f"c{count - 1}"))
    mean = sum(found) / len(found)
    deviation = sqrt(sum((one - mean) ** 2 for one in found) / len(found))
    assert mean == pytest.approx(count * points.mean, rel=0.02)
    wanted = sqrt(points.variance * count * (1 + (count - 1) * correlation))
    assert deviation == pytest.approx(wanted, rel=0.06)


def test_two_cards_of_one_person_take_the_sum_and_of_two_people_the_longer() -> None:
    def end(other: str) -> list[float]:
        cards = {
            "one": {"owner": "ana", "estimate": [2, 4, 9]},
            "two": {"owner": other, "estimate": [2, 4, 9]},
        }
        found = of(plan(cards, estimates={"correlation": 0.0}), runs=3000)
        return days(found.outlook(("p", "end")))

    alone, together = end("ana"), end("ben")
    assert sum(alone) / 3000 == pytest.approx(9.0, rel=0.01)
    # The larger of two such durations: computed by integration of 1 - F², scipy 1.17.
    assert 4.9 < sum(together) / 3000 < 5.6


def test_what_is_certain_has_one_date_and_what_is_half_as_slow_takes_twice_as_long() -> None:
    values = plan({"one": {"owner": "ana", "estimate": [3, 3, 3]}})
    assert set(days(of(values).card("one"))) == {3.0}
    values["person /ana"]["share"] = 0.5
    assert set(days(of(values).card("one"))) == {6.0}


def test_a_single_figure_has_the_spread_of_the_board_and_what_remains_that_of_its_estimate() -> None:
    cards = {
        "single": {"estimate": [4]},
        "nothing": {},
        "zero": {"estimate": [0]},
        "doing": {"status": "doing", "estimate": [2, 4, 12], "remaining": 2},
        "three": {"estimate": [1, 2, 3]},
    }
    made = schedule_of(plan(cards, estimates={"low": 0.5, "high": 3.0, "default": 2.0}))
    usual = made.dates.plan.board.estimates
    found = {name: tuple(days_of(made.dates.tasks[name], usual)) for name in cards}
    assert found == {
        "single": (2, 4, 12),
        "nothing": (1, 2, 6),
        "zero": (0.5, 0.5, 0.5),
        "doing": (1, 2, 6),
        "three": (1, 2, 3),
    }


def test_what_holds_a_milestone_up_is_critical() -> None:
    cards = {
        "short": {"owner": "ana", "estimate": [1, 1, 2]},
        "long": {"owner": "ben", "estimate": [5, 8, 20]},
        "last": {"owner": "ana", "estimate": [1, 1, 1], "needs": ["short", "long"]},
    }
    found = of(plan(cards))
    assert (found.criticality["long"], found.criticality["last"]) == (1.0, 1.0)
    assert found.criticality["short"] == 0.0
    drivers = found.drivers(("p", "end"))
    assert [one.card for one in drivers] == ["long"]
    assert drivers[0].weight == pytest.approx(1.0, abs=0.05)


def test_who_waits_for_a_person_is_held_up_by_the_card_before() -> None:
    cards = {
        "first": {"owner": "ana", "estimate": [4, 6, 9], "rank": "a1"},
        "second": {"owner": "ana", "estimate": [1, 2, 3], "rank": "a2"},
    }
    assert of(plan(cards)).criticality == {"first": 1.0, "second": 1.0}


def test_free_cards_are_critical_as_often_as_they_end_last() -> None:
    cards = {
        "one": {"estimate": [2, 4, 9]},
        "two": {"estimate": [2, 4, 9]},
        "end": {"estimate": [1, 1, 1], "needs": ["one", "two"]},
    }
    found = of(plan(cards, estimates={"correlation": 0.0})).criticality
    assert found["end"] == 1.0
    assert 0.4 < found["one"] < 0.6
    assert found["one"] + found["two"] == pytest.approx(1.0, abs=0.02)


def test_a_milestone_of_several_parts_is_held_up_by_the_later_one() -> None:
    cards = {
        "mine": {"owner": "ana", "estimate": [1, 1, 2]},
        "yours": {"owner": "ben", "estimate": [9, 9, 12]},
        "free": {"estimate": [1, 1, 2]},
    }
    found = of(plan(cards)).criticality
    assert found == {"mine": 0.0, "yours": 1.0, "free": 0.0}


def test_who_leaves_before_it_is_done_never_ends_it() -> None:
    values = plan({"one": {"owner": "ana", "estimate": [1, 3, 30]}})
    values["person /ana"]["end"] = TODAY + dt.timedelta(14)
    outlook = of(values).card("one")
    assert outlook.date(0.5) is not None
    assert outlook.date(0.95) is None
    assert 0 < sum(outlook.days.values()) < 1000


def test_huge_estimates_stay_apart() -> None:
    cards = {
        f"c{at}": {"estimate": [0.5, 10.0, 1e12], "needs": [f"c{at - 1}"] if at else []} for at in range(4)
    }
    cards["small"] = {"estimate": [1, 1, 1]}
    found = of(plan(cards), runs=50)
    assert set(days(found.card("small"))) == {1.0}


def test_the_error_of_sampling_gets_smaller_with_more_runs() -> None:
    values = plan({"one": {"estimate": [10, 30, 90]}})
    few, many = of(values, runs=100).card("one"), of(values, runs=10_000).card("one")
    for chance in (0.5, 0.8, 0.95):
        (few_low, few_high), (low, high) = few.between(chance), many.between(chance)
        assert few_low is not None
        assert few_high is not None
        assert low is not None
        assert high is not None
        assert few_low <= low <= high
        assert (few_high - few_low) > 3 * (high - low)
    assert not few.is_certain(0.95)


def test_it_is_worked_out_once_and_can_be_stopped() -> None:
    values = plan({"one": {"owner": "ana", "estimate": [1, 2, 6]}})
    store = Derived(snapshot_of(plan_from(values)))
    assert store.forecast() is store.forecast()
    assert store.forecast(50) is not store.forecast()

    def stop(doing: str, share: float | None) -> None:
        if doing == "forecast":
            raise Stopped

    with pytest.raises(Stopped):
        store.told(stop).forecast(77)


def test_progress_rises_with_every_run_of_a_single_part() -> None:
    cards = {name: {"owner": "ana", "estimate": [1, 2, 6]} for name in ("one", "two", "three", "four")}
    heard: list[float] = []
    store = Derived(snapshot_of(plan_from(plan(cards))))
    store.schedule()
    store.told(lambda doing, share: heard.append(share or 0) if doing == "forecast" else None).forecast(50)
    shares = sorted(set(heard))
    assert len(shares) > 50
    assert heard[-len(shares) :] == shares
    assert 0.9 < shares[-1] < 1


# ---- by the cards done in past weeks


def history(counts: list[int]) -> list[dt.date]:
    """So many cards done in each whole week before this one."""
    monday = TODAY - dt.timedelta(TODAY.weekday())
    weeks = enumerate(reversed(counts), 1)
    return [monday + dt.timedelta(weeks=-back, days=at % 5) for back, count in weeks for at in range(count)]


def test_the_throughput_forecast_has_the_figures_of_the_exact_convolution() -> None:
    counts = [3, 5, 2, 0, 6, 4, 7, 1, 5, 3, 4, 2]
    since = TODAY - dt.timedelta(weeks=12, days=TODAY.weekday())
    found = throughput_of(since, history(counts), 60, TODAY)
    assert sorted(found.weeks) == sorted(counts)
    weeks = {name: (day - TODAY).days / 7 for name, day in found.dates.items()}
    assert weeks == {"p50": 17, "p85": 20, "p95": 22}  # schedule by counts, computed in fractions


@pytest.mark.parametrize(("weeks", "is_told"), [(4, False), (5, True)])
def test_few_weeks_of_history_are_refused(weeks: int, is_told: bool) -> None:
    since = TODAY - dt.timedelta(weeks=weeks, days=TODAY.weekday())
    found = throughput_of(since, history([4] * weeks), 20, TODAY)
    assert bool(found.dates) is is_told
    assert bool(found.why_not) is not is_told


def test_a_week_that_is_not_whole_is_not_counted_and_weeks_without_a_card_are() -> None:
    since = TODAY - dt.timedelta(weeks=6, days=TODAY.weekday() - 1)
    found = throughput_of(since, [TODAY, *history([0, 0, 3, 0, 1])], 20, TODAY)
    assert found.weeks == (0, 0, 3, 0, 1)
    nothing = throughput_of(since, [], 20, TODAY)
    assert (nothing.weeks, nothing.dates) == ((0,) * 5, {})
    assert "nothing was finished" in nothing.why_not
    assert throughput_of(None, [], 20, TODAY).dates == {}


def test_a_large_plan_has_fewer_runs_where_nobody_says_how_many() -> None:
    assert [usual_runs(cards) for cards in (0, 2_000, 2_001, 10_000, 100_000)] == [
        1_000,
        1_000,
        999,
        200,
        100,
    ]
    made = schedule_of(plan({"a": {"estimate": 1}}))
    assert (forecast(made).runs, forecast(made, runs=30).runs) == (1_000, 30)
