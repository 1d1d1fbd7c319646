"""Monte Carlo on levelled networks with people: the draws, and the parallel policy in the plan's order.

    python bench/simulation.py [--seed 0]

Times are those of the processor; networks are made up: people with absences, a quarter of the links with lags or of
another kind than finish-to-start.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from kedge.model.solvers.activity_network import Activity, ActivityNetwork, Link, LinkKind, Mode
from kedge.model.solvers.beta_pert import ThreePoints, common_factor, draws
from kedge.model.solvers.clock import PARTS
from kedge.model.solvers.serial_scheme import SerialScheme
from kedge.model.solvers.simulation import Simulation
from kedge.model.solvers.working_time import WorkingTime

HORIZON = 8000
SIZES = ((120, 6, 1000), (1000, 20, 1000))
"""Activities, people, runs."""


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seed", type=int, default=0)
    seed = options.parse_args().seed
    print("activities  people    runs  draws s  parallel s   mean end: plan  parallel")
    for activities, people, runs in SIZES:
        made = network(seed, activities, people)
        scheme = SerialScheme(made)
        schedule = scheme.left_justified(scheme.right_justified(scheme.schedule(range(activities))))
        started = time.process_time()
        common = common_factor(seed, "all", runs)
        work = [
            draws(seed, f"card {one}", three_points(activity.modes[0].work), common, PARTS)
            for one, activity in enumerate(made.activities)
        ]
        last = {link.before for link in made.links}
        watched = [one for one in range(activities) if one not in last]
        drawn = time.process_time() - started
        started = time.process_time()
        found = Simulation(made, schedule).ends(work, watched)
        simulated = time.process_time() - started
        mean = sum(max(run) for run in zip(*found, strict=True)) / runs / PARTS
        print(
            f"{activities:10,}  {people:6}  {runs:6,}  {drawn:7.2f}  {simulated:10.2f}"
            f"  {schedule.makespan:15.1f}  {mean:8.1f}",
            flush=True,
        )
    return 0


def three_points(likely: int) -> ThreePoints:
    return ThreePoints(0.7 * likely, likely, 2 * likely)


def network(seed: int, activities: int, people: int) -> ActivityNetwork:
    """People who are away now and then, and activities that wait for some before them."""
    rng = random.Random(seed)
    week = ([1] * 10 + [0] * 4) * (HORIZON // 14 + 1)
    calendars: list[WorkingTime] = []
    for _ in range(people):
        periods = week[:HORIZON]
        for _ in range(5):
            away = rng.randrange(HORIZON // 4)
            periods[away : away + 10] = [0] * 10
        calendars.append(WorkingTime(periods))
    made: list[Activity] = []
    links: dict[tuple[int, int], Link] = {}
    kinds: tuple[LinkKind, ...] = ("FS", "FS", "FS", "FS", "FS", "FS", "FS", "FS", "SS", "FF")
    for one in range(activities):
        person = rng.randrange(people)
        made.append(Activity((Mode(rng.randint(1, 12), ((person, 1),), person),)))
        for _ in range(rng.choice((0, 1, 1, 2, 2)) if one else 0):
            before = max(0, one - rng.randint(1, 60))
            links[before, one] = Link(before, one, rng.choice(kinds), rng.choice((0, 0, 0, 0, 0, 0, 2, -1)))
    return ActivityNetwork(made, list(links.values()), [1] * people, calendars, WorkingTime(week[:HORIZON]))


if __name__ == "__main__":
    sys.exit(main())
