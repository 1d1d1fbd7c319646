"""Every field of every kind with values that do not fit it, edited in every way; fails if a word of one is lost.

Run: python bench/unfit.py [--share 1.0] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from kedge.tests.unfit_cases import EDITS, all_cases, outcome


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--share", type=float, default=1.0, help="share of all cases to try")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=3, help="examples to show of each kind of loss")
    asked = options.parse_args()
    rng = random.Random(asked.seed)
    cases = all_cases()
    chosen = rng.sample(cases, max(1, int(len(cases) * asked.share)))
    counts: dict[str, Counter[str]] = {}
    examples: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for one in chosen:
            for name in EDITS:
                for outside in (False, True):
                    label = f"{name}, changed outside" if outside else name
                    try:
                        found = outcome(Path(folder), one, name, rng, outside=outside)
                    except Exception as error:  # noqa: BLE001  a crash is what is looked for
                        found = "crashed"
                        examples.setdefault(label, []).append(f"{error!r}\n{one.field}\n{one.text}")
                    if found == "lost":
                        examples.setdefault(label, []).append(f"{one.field}\n{one.text}")
                    if found != "not fit":
                        counts.setdefault(label, Counter())[found] += 1
    heads = ("refused", "converted", "kept", "lost", "crashed")
    print(f"{'':34}{'tried':>9}" + "".join(f"{head:>11}" for head in heads))
    total: Counter[str] = Counter()
    for label, found in counts.items():
        total += found
        print(f"{label:34}{found.total():9}" + "".join(f"{found[head]:11}" for head in heads))
    print(f"{'all':34}{total.total():9}" + "".join(f"{total[head]:11}" for head in heads))
    for label, texts in examples.items():
        for text in texts[: asked.show]:
            print(f"\n--- {label}: {text}")
    return int(total["lost"] + total["crashed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
