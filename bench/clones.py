"""Clones of one plan with random edits, pulled and pushed through the real git, with and without the merge driver.

Fails if an edit is lost in silence, which is without a question and without a finding of `check` (D107), if there is
such a finding though nothing was lost, if clones do not end equal, or if a plan cannot be read. At last come
pairs of branches of ten edits each, as docs/format.md counts conflicts.

Run: python bench/clones.py [--clones 6] [--edits 200] [--cards 200] [--pairs 100] [--seed 1]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from kedge.tests.clones import Team, play, play_pairs

PER_ROUND = 10
"""Edits of each clone between two pulls, more or less."""


def main() -> int:
    """Plays the same edits with and without the driver; 1 where something happened that may not."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clones", type=int, default=6)
    options.add_argument("--edits", type=int, default=200, help="edits in each clone")
    options.add_argument("--cards", type=int, default=200)
    options.add_argument("--pairs", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    wrong = 0
    for with_driver, by_pairs in ((True, False), (False, False), (True, True), (False, True)):
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            clones = 2 if by_pairs else asked.clones
            team = Team(Path(folder), clones, asked.cards, Random(asked.seed), with_driver)
            if by_pairs:
                play_pairs(team, asked.pairs, PER_ROUND)
            else:
                play(team, max(1, asked.edits // PER_ROUND), PER_ROUND)
            spent = time.perf_counter() - begin
        wrong += len(team.faults)
        _print(team, spent)
    return int(wrong > 0)


def _print(team: Team, spent: float) -> None:
    counts = team.counts
    name = "with the driver" if team.with_driver else "without it"
    print(f"{team.clones} clones {name}: {counts['edits']} edits, {counts['merges']} merges, {spent:.0f} s")
    for what in ("merges in conflict", "merges with a question of their own"):
        print(f"  {100 * counts[what] / max(1, counts['merges']):>5.1f} %  {what}")
    false = counts["merges in conflict"] - counts["merges with a question of their own"]
    print(f"  {100 * false / max(1, counts['merges']):>5.1f} %  merges in conflict without a true question")
    for what in (
        "files in conflict",
        "files with a question of their own",
        "edits lost, and found by check",
    ):
        print(f"  {counts[what]:>5}    {what}")
    print(f"  {len(team.faults):>5}    faults", *team.faults[:10], sep="\n          ")


if __name__ == "__main__":
    sys.exit(main())
