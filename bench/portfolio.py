"""The choice of the best set: 60 projects, two limits and links; fails where a set is not proven in time (of the CPU).

Run: python bench/portfolio.py [--projects 60] [--seeds 8] [--kind weak]
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from kedge.model.solvers.choose import choose
from kedge.model.solvers.constraints import Knapsack

KINDS = ("independent", "related", "weak", "strong")
"""Values drawn apart from the needs; the needs' price with much or little noise, which is harder; and that price with
the same for every project on top, which is hardest."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--projects", type=int, default=60)
    options.add_argument("--seeds", type=int, default=8)
    options.add_argument("--kind", choices=KINDS, action="append", help="all where it is not given")
    options.add_argument("--limit", type=float, default=2.0, help="seconds within which a set must be proven")
    asked = options.parse_args()
    spent: list[tuple[float, str]] = []
    late = 0
    print("kind         tight  seed  seconds   nodes  chosen        value        bound  proven")
    for kind in asked.kind or KINDS:
        for tight in (0.25, 0.5, 0.75):
            for seed in range(asked.seeds):
                seconds, proven = run(asked.projects, kind, tight, seed)
                spent.append((seconds, f"{kind} {tight} {seed}"))
                late += not proven or seconds > asked.limit
    for kind in asked.kind or KINDS:
        of_kind = sorted((one for one in spent if one[1].startswith(kind)), reverse=True)
        middle = of_kind[len(of_kind) // 2][0]
        print(f"{kind}: median {middle:.3f} s, worst {of_kind[0][0]:.3f} s ({of_kind[0][1]})")
    print(f"{late} of {len(spent)} not proven within {asked.limit:g} s")
    return 1 if late else 0


def run(projects: int, kind: str, tight: float, seed: int) -> tuple[float, bool]:
    """One instance: the seconds it took, and whether the set was proven."""
    rng = random.Random(f"{kind} {tight} {seed}")
    needs = [[rng.uniform(20_000, 300_000), rng.uniform(1, 14)] for _ in range(projects)]
    values = [_value(rng, kind, money + 15_000 * months) for money, months in needs]
    limits = [tight * sum(row[at] for row in needs) for at in range(2)]
    places = rng.sample(range(projects), k=min(projects, 32))
    started = time.process_time()
    problem = Knapsack(
        values,
        needs,
        limits,
        required=places[:2],
        excluded=places[2:4],
        either_or=[places[at : at + 3] for at in range(4, 16, 3)],
        follows=[(places[at], places[at + 1]) for at in range(16, len(places) - 1, 2)],
    )
    choice = choose(problem, deadline_s=60)
    spent = time.process_time() - started
    print(
        f"{kind:<12} {tight:>5} {seed:>5} {spent:>8.3f} {choice.nodes:>7} {len(choice.chosen):>7}"
        f" {choice.value:>12,.0f} {choice.bound:>12,.0f}  {choice.proven}"
    )
    return spent, choice.proven


def _value(rng: random.Random, kind: str, price: float) -> float:
    if kind == "independent":
        return rng.lognormvariate(11.5, 0.9)
    noise = {"related": 60_000, "weak": 20_000}.get(kind)
    return price + 30_000 if noise is None else max(1.0, price + rng.uniform(-noise, noise))


if __name__ == "__main__":
    sys.exit(main())
