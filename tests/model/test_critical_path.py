"""The critical path method: other software's figures, calendars, loops. Textbooks: test_textbook_networks."""

from __future__ import annotations

import json
from fractions import Fraction
from math import lcm
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kedge.model.solvers.activity_network import Link
from kedge.model.solvers.critical_path import CriticalPath, LinkedActivities, critical_path
from kedge.model.solvers.working_time import WorkingTime
from kedge.tests.effort import times

REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "reference" / "networks.json"
TIMES = ("early_start", "early_finish", "late_start", "late_finish", "total_slack", "free_slack")
NETWORKS: list[dict[str, Any]] = json.loads(REFERENCE.read_text())["networks"] if REFERENCE.exists() else []


@pytest.mark.skipif(not NETWORKS, reason="the reference networks are not beside the repository")
@pytest.mark.parametrize("network", NETWORKS, ids=lambda one: one["name"])
def test_networks_of_other_software(network: dict[str, Any]) -> None:
    found, names, grain = passes(network)
    expect = network["expect"]
    assert found.finish / grain == pytest.approx(expect["finish"], rel=1e-6)
    for what in TIMES:
        values = {name: getattr(found, what)[at] / grain for at, name in enumerate(names)}
        assert values == pytest.approx(expect[what], abs=1e-5), what
    assert sorted(names[one] for one in found.critical) == sorted(expect["critical"])


def passes(network: dict[str, Any]) -> tuple[CriticalPath, list[str], int]:
    """Both passes in whole parts of a day."""
    names = [one["id"] for one in network["activities"]]
    works = [duration(one) for one in network["activities"]]
    lags = [Fraction(str(link["lag"])) for link in network["links"]]
    grain = lcm(*(one.denominator for one in (*works, *lags)))
    links = [
        Link(names.index(link["from"]), names.index(link["to"]), link["type"], int(lag * grain))
        for link, lag in zip(network["links"], lags, strict=True)
    ]
    return critical_path([int(work * grain) for work in works], links), names, grain


def duration(activity: dict[str, Any]) -> Fraction:
    if "duration" in activity:
        return Fraction(str(activity["duration"]))
    low, likely, high = (Fraction(str(one)) for one in activity["three"])
    return (low + 4 * likely + high) / 6


def test_a_loop_and_what_waits_for_it_is_left_out_and_the_rest_computed() -> None:
    found = critical_path([1, 2, 3, 4, 5], [Link(0, 1), Link(1, 0), Link(1, 2), Link(3, 4)])
    assert found.unplaced == (0, 1, 2)
    assert (found.finish, found.early_start[4], found.critical) == (9, 4, (3, 4))


def test_nothing_and_a_single_activity() -> None:
    assert critical_path([], []).finish == 0
    found = critical_path([0], [], releases=[7])
    assert (found.early_start, found.finish, found.total_slack) == ((7,), 7, (0,))


def test_slack_counts_the_days_of_the_activity_s_own_calendar() -> None:
    every, odd = WorkingTime([1] * 40), WorkingTime([at % 2 for at in range(40)])
    found = critical_path([10, 2], [], [every, odd])
    assert (found.early_start[1], found.early_finish[1]) == (1, 4)
    assert (found.late_start[1], found.total_slack[1]) == (7, 3)


def test_an_activity_that_its_calendar_has_no_room_for_is_left_out() -> None:
    found = critical_path([3, 1], [Link(0, 1)], [WorkingTime([1, 1]), WorkingTime([1] * 9)])
    assert found.unplaced == (0, 1)


@pytest.mark.parametrize("seed", range(times(60)))
def test_both_passes_keep_every_link(seed: int) -> None:
    random = Random(seed)
    count = random.randint(1, 25)
    works = [random.randint(1, 6) for _ in range(count)]
    links = [
        Link(random.randrange(after), after, random.choice(("FS", "SS", "FF", "SF")), random.randint(-3, 4))
        for after in range(1, count)
        for _ in range(random.randint(0, 2))
    ]
    calendars = [WorkingTime([random.random() < 0.7 for _ in range(600)]) for _ in range(3)]
    chosen = [random.choice((*calendars, None)) for _ in works]
    found = critical_path(works, links, chosen)
    for starts, ends in ((found.early_start, found.early_finish), (found.late_start, found.late_finish)):
        for before, after, kind, lag in links:
            moment = (ends if kind[0] == "F" else starts)[before] + lag
            # What would start before the axis has no calendar there; it is late beyond doubt.
            assert (ends if kind[1] == "F" else starts)[after] >= moment or starts[before] < 0, (kind, lag)
    linked = LinkedActivities(works, links, chosen)
    for bound in (300, 10, -40):
        starts, ends = linked.backward(linked.order(), found.early_finish, [bound] * count)
        assert all(
            ends[before] <= starts[after] for before, after, kind, lag in links if (kind, lag) == ("FS", 0)
        )
        assert max(ends) <= bound
    pairs = list(zip(found.free_slack, found.total_slack, strict=True))
    assert all(0 <= free <= total for free, total in pairs), pairs
    assert 0 in found.total_slack
