"""The merge of files under many random versions in many hands' styles; fails if a law does not hold.

Run: python bench/driver.py [--triples 20000] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from kedge.storage.plan.merging import FileMerge, NotMerged
from kedge.tests.merge_files import Case, broken_for_files, random_case


def main() -> int:
    """Tries random versions of files; 1 where a law did not hold."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--triples", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=1, help="examples to show of each law")
    asked = options.parse_args()
    rng = random.Random(asked.seed)
    counts: Counter[str] = Counter()
    examples: dict[str, list[tuple[int, Case]]] = {}
    spent = 0.0
    for number in range(asked.triples):
        case = random_case(rng)
        begin = time.perf_counter()
        counts[_outcome(case)] += 1
        spent += time.perf_counter() - begin
        for law in broken_for_files(case):
            name = law.partition(":")[0]
            counts[name] += 1
            examples.setdefault(name, []).append((number, case))
            if len(examples[name]) <= asked.show:
                print(f"--- {law} (triple {number}, kind {case.kind!r})")
                for side in ("base", "ours", "theirs"):
                    print(f"[{side}]\n{getattr(case, side)}")
                print(f"[merged]\n{_shown(case)}")
    print(f"{asked.triples} triples (seed {asked.seed}), {1000 * spent / asked.triples:.1f} ms each to merge")
    for name, count in sorted(counts.items()):
        print(f"  {count:>6}  {name}")
    wrong = sum(len(found) for name, found in examples.items() if name != "refused")
    return int(wrong > 0 or counts["refused"] > asked.triples // 200)


def _outcome(case: Case) -> str:
    try:
        merged = FileMerge(case.versions)
        merged.content()
    except NotMerged:
        return "left to git" if case.data is not None else "left to git: a version is no TOML"
    return "asked" if merged.conflicts else "merged"


def _shown(case: Case) -> str:
    try:
        return FileMerge(case.versions).content().decode()
    except NotMerged as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main())
