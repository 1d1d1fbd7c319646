"""Levelling on PSPLIB: the mean gap to the best makespans known, what it costs, and whether every schedule is valid.

    python bench/psplib.py [--sets j30,j120] [--schedules 24,1000,5000] [--every 4] [--seed 0]

Instances are Kolisch & Sprecher's (EJOR 96 (1996)), from ../shared/data/psplib; without them it says so. "gap" is over
the best makespan known, "over CPM" over the length of the critical path, the measure of the literature. `--every 4`
takes each fourth instance.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kedge.model.solvers.levelling import level
from kedge.tests.feasibility import faults

DATA = Path(__file__).parents[2] / "shared/data/psplib"
SETS = ("j30", "j60", "j90", "j120")


class Instance(NamedTuple):
    """One project of the library."""

    durations: list[int]
    successors: list[list[int]]
    demands: list[list[int]]
    capacities: list[int]


class Known(NamedTuple):
    """What the literature knows of it."""

    critical_path: int
    lower_bound: int
    makespan: int


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sets", default=",".join(SETS))
    options.add_argument("--schedules", default="24,1000,5000")
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    if not DATA.is_dir():
        print(f"skipped: there are no instances in {DATA}")
        return 0
    wrong = 0
    print(
        "set   schedules  instances  gap %  over CPM %  best  proven  ms/instance  worst ms  s/1,000 schedules"
    )
    for name in asked.sets.split(","):
        instances = list(read_set(name))[:: asked.every]
        for effort in map(int, asked.schedules.split(",")):
            wrong += run(name, instances, effort, asked.seed)
    print(f"{wrong} schedules break a link or a capacity, or beat a proven bound")
    return 1 if wrong else 0


def run(name: str, instances: list[tuple[Instance, Known]], effort: int, seed: int) -> int:
    """Prints a line for a set, and gives the number of wrong schedules."""
    gap = over = spent = worst = 0.0
    tried = best = proven = wrong = 0
    for instance, known in instances:
        started = time.process_time()
        made = level(*instance, schedules=effort, seed=seed)
        took = time.process_time() - started
        spent, worst, tried = spent + took, max(worst, took), tried + made.schedules
        gap += made.makespan / known.makespan - 1
        over += made.makespan / known.critical_path - 1
        best += made.makespan <= known.makespan
        proven += made.optimal
        wrong += bool(faults(*instance, made.starts)) or made.makespan < known.lower_bound
    count = len(instances)
    print(
        f"{name:5} {effort:9,}  {count:9}  {100 * gap / count:5.2f}  {100 * over / count:10.2f}  {best:4}  {proven:6}"
        f"  {1000 * spent / count:11.1f}  {1000 * worst:8.1f}  {1000 * spent / tried:17.3f}",
        flush=True,
    )
    return wrong


def read_set(name: str) -> Iterator[tuple[Instance, Known]]:
    """The instances of a set, by name, with what is known of them."""
    with (DATA / "best_known.csv").open(newline="") as table:
        for row in csv.DictReader(table):
            if row["set"] == name and (DATA / name / row["instance"]).is_file():
                known = (row["cpm_lower_bound"], row["best_lower_bound"], row["best_known_makespan"])
                yield read_instance((DATA / name / row["instance"]).read_text()), Known(*map(int, known))


def read_instance(text: str) -> Instance:
    """An instance in the `.sm` format; its first and last activity are the project's start and end."""
    parts: dict[str, list[list[int]]] = {}
    heading = ""
    for line in text.splitlines():
        words = line.split()
        if words and all(word.isdigit() for word in words):
            parts.setdefault(heading, []).append([int(word) for word in words])
        elif line.rstrip().endswith(":") and not line.startswith(" "):
            heading = line.split(":")[0].strip()
    links, requests = parts["PRECEDENCE RELATIONS"], parts["REQUESTS/DURATIONS"]
    return Instance(
        [row[2] for row in requests],
        [[other - 1 for other in row[3:]] for row in links],
        [row[3:] for row in requests],
        parts["RESOURCEAVAILABILITIES"][0],
    )


if __name__ == "__main__":
    sys.exit(main())
