"""Forecasts of 120 and of 1,000 cards, with people and without, in 1,000 and in 10,000 runs; CPU seconds.

Without people all runs go through the links at once, packed into long numbers; with people each run is a schedule of
its own, so that 10,000 of them take ten times as long as the usual 1,000.

Run: python bench/forecast.py
"""

from __future__ import annotations

import datetime as dt
import gc
import resource
import time
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from kedge.model.forecast.forecast import Forecast, forecast
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.schedule.schedule import schedule
from kedge.model.snapshot.snapshot import Snapshot

TODAY = dt.date(2026, 11, 20)
T = TypeVar("T")
RUNS = ((120, 8, 1000), (120, 8, 10_000), (1000, 0, 10_000), (1000, 20, 1000), (1000, 20, 10_000))
"""Cards, people, runs."""


def main() -> int:
    for cards, people, runs in RUNS:
        made = schedule(Snapshot.of(plan_of(cards, people), shipped(), TODAY), effort=0)
        _ = made.targets
        gc.collect()
        gc.freeze()
        print(f"{cards:,} cards, {people} people, {runs:,} runs")
        found = _timed("  runs", lambda made=made, runs=runs: forecast(made, runs=runs))
        _timed("  percentiles of milestones, criticality, drivers", lambda found=found: _figures(found))
        print(f"  most memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


def _figures(found: Forecast) -> None:
    for key in found.schedule.milestones:
        if found.has(key):
            found.outlook(key).date(0.8)
            found.drivers(key)
    _ = found.criticality


def _timed(what: str, work: Callable[[], T]) -> T:
    started = time.process_time()
    found = work()
    print(f"{what:<62} {time.process_time() - started:>8.3f} s")
    return found


def plan_of(cards: int, people: int, seed: int = 1) -> Plan:
    """A plan of one project, whose cards need one or two of those before them."""
    random = Random(seed)
    values: list[tuple[str, str, str, dict[str, Any]]] = [
        ("board", "", "board", {"format": 1}),
        ("project", "p", "p", {"title": "P"}),
        ("strategy", "p", "strategy", {"milestones": {"end": {"title": "End"}, "half": {"title": "Half"}}}),
    ]
    names = [f"person-{number}" for number in range(people)]
    values += [("person", "", name, {"name": name}) for name in names]
    for number in range(cards):
        low = random.choice((0.5, 1, 1.5, 2, 3))
        card: dict[str, Any] = {
            "title": f"Card {number}",
            "place": "execute",
            "estimate": [low, low * random.choice((1, 1.5, 2)), low * random.choice((2.5, 3, 4))],
            "milestone": "half" if number < cards // 2 else "end",
            "needs": sorted({f"card-{max(0, number - random.randint(1, 30)):04d}" for _ in range(2)})
            if number
            else [],
        }
        if names:
            card["owner"] = random.choice(names)
        values.append(("card", "p", f"card-{number:04d}", card))
    records = [parse(*one) for one in values]
    return Plan({record.address: record for record in records})


if __name__ == "__main__":
    raise SystemExit(main())
