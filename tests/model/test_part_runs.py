"""What holds an end up in the runs of cards that need nobody: what a later start of each does to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest

from kedge.model.forecast.forecast import forecast
from kedge.model.forecast.part_runs import Drawing, PartRuns, run_lone, run_with_people
from kedge.model.schedule.parts import PartNetwork
from kedge.model.solvers.beta_pert import common_factor
from kedge.model.solvers.clock import PARTS
from kedge.model.solvers.critical_path import LinkedActivities
from kedge.model.solvers.lanes import packed, unpacked
from kedge.tests.effort import times

from .schedule_cases import schedule_of

RUNS = 40
LINKS = ("", " SS", " FF", " SF", " FF+1d", " SF+3d", " SS-1d", " FS-2d", " FS+1d")


def free_plan(random: Random) -> dict[str, dict[str, Any]]:
    """Plain values of cards without people that need up to three of those before them."""
    values: dict[str, dict[str, Any]] = {"board /board": {"format": 1}, "project p/p": {"title": "P"}}
    for number in range(9):
        needs = random.sample(range(number), random.randint(0, min(3, number)))
        values[f"card p/c-{number}"] = {
            "title": "A card",
            "place": "execute",
            "estimate": random.choice(([1, 2, 6], [0.5, 1, 3])),
            "needs": [f"c-{one}{random.choice(LINKS)}" for one in needs],
        }
    return values


def last_end(source: PartNetwork, works: Sequence[int], delayed: int = -1) -> int:
    """The end of one run, in which a card may start one part of a half day later than it could."""
    links = [link._replace(lag=link.lag * PARTS) for link in source.network.links]
    starts = [PARTS * one.release for one in source.network.activities]
    for one in LinkedActivities(works, links).order():
        for before, after, kind, lag in links:
            if after == one:
                moment = starts[before] + lag + (works[before] if kind[0] == "F" else 0)
                moment -= works[one] if kind[1] == "F" else 0
                begun = starts[before] if lag < 0 or kind[1] == "F" else 0
                starts[one] = max(starts[one], moment, begun)
        starts[one] += one == delayed
    return max(start + work for start, work in zip(starts, works, strict=True))


def critical_in(part: PartRuns, run: int) -> set[str]:
    critical: Mapping[str, int] = part.critical["p", ""]
    return {name for name, lanes in critical.items() if unpacked(lanes, RUNS)[run]}


@pytest.mark.parametrize("seed", range(times(15)))
def test_a_card_is_critical_in_a_run_where_the_end_would_wait_for_it(seed: int) -> None:
    made = schedule_of(free_plan(Random(seed)))
    found = forecast(made, runs=RUNS)
    for part, levelled in zip(found._parts, made.dates.parts, strict=True):
        ids = levelled.source.part.ids
        works = [unpacked(part.work[name], RUNS) for name in ids]
        for run in range(RUNS):
            drawn = [row[run] for row in works]
            end = last_end(levelled.source, drawn)
            assert end == unpacked(part.last["p", ""], RUNS)[run]
            waited = {name for at, name in enumerate(ids) if last_end(levelled.source, drawn, at) > end}
            assert critical_in(part, run) == waited, (seed, run)


@pytest.mark.parametrize(
    "more", [{}, {"not_before": dt.date(2026, 12, 24)}, {"remaining": 0}, {"estimate": 2_000}]
)
def test_a_lone_card_runs_as_in_the_simulation_of_its_part(
    more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The runs of a part are taken over a few at a time.
    monkeypatch.setattr("kedge.model.forecast.part_runs._KEPT", 7)
    card = {"title": "A card", "place": "execute", "owner": "mira", "estimate": [1, 2, 40], **more}
    away = {"first": dt.date(2027, 1, 1), "last": dt.date(2027, 1, 20)}
    person = {"name": "Mira", "share": 0.5, "absences": {"a": away}}
    made = schedule_of(
        {
            "board /board": {"format": 1},
            "project p/p": {"title": "P"},
            "card p/c": card,
            "person /mira": person,
        }
    )
    (part,) = made.dates.parts
    network, ids = part.source.network, part.source.part.ids
    works = [packed([Random(run).randrange(0, 5_000) for run in range(RUNS)])]
    drawing = Drawing(
        RUNS, 0, {}, lambda task: task.id, lambda name: common_factor(0, name, RUNS, 0), lambda share: None
    )
    found = [PartRuns({("p", ""): [0]}) for _ in range(2)]
    for run, into in zip((run_lone, run_with_people), found, strict=True):
        run(part, network, works, into, drawing)
    assert found[0] == found[1]
    assert set(found[0].ends) == set(ids)
