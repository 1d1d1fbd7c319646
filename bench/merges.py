"""The merge under many random triples that came from a common base; fails if a law does not hold.

Run: python bench/merges.py [--triples 20000] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from kedge.model.edit.merge import merge
from kedge.model.edit.text_merge import merge_lines
from kedge.tests.merge_laws import broken, broken_for_texts, random_texts, random_triple


def main() -> int:
    """Tries records, then texts; 1 where a law did not hold."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--triples", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    wrong = _tried("records", asked, random_triple, broken, lambda *sides: bool(merge(*sides).conflicts))
    wrong += _tried(
        "texts", asked, random_texts, broken_for_texts, lambda *sides: merge_lines(*sides) is None
    )
    return int(wrong > 0)


def _tried(
    name: str,
    asked: argparse.Namespace,
    draw: Callable[[random.Random], tuple[Any, Any, Any]],
    laws: Callable[..., Iterator[str]],
    is_conflict: Callable[..., bool],
) -> int:
    rng = random.Random(asked.seed)
    laws_broken: Counter[str] = Counter()
    examples: dict[str, tuple[Any, ...]] = {}
    wrong = conflicts = 0
    for _ in range(asked.triples):
        sides = draw(rng)
        found = set(laws(*sides))
        wrong += bool(found)
        conflicts += is_conflict(*sides)
        laws_broken.update(found)
        for law in found:
            examples.setdefault(law, sides)
    print(f"{name}: {asked.triples} tried (seed {asked.seed}), {conflicts} with a conflict, {wrong} wrong")
    for law, count in laws_broken.most_common():
        print(f"  {count:>6}  {law}", *(f"          {side!r}" for side in examples[law]), sep="\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
