"""Random edits by other programs between two runs, with what is kept of the plan; fails if one answer is stale.

Run: python bench/cache.py [--edits 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from kedge.tests.outside_edits import stale_answers


def main() -> int:
    """Makes the edits and reads the plan after each; 1 where what was read is not what the files say."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--edits", type=int, default=5_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong, made, taken = stale_answers(Path(folder), asked.edits, asked.seed, setattr)
    for name, count in sorted(made.items()):
        print(f"  {name.removeprefix('do_').replace('_', ' '):28}{count:6}")
    print(
        f"{asked.edits} edits, {taken / asked.edits:.1f} files a run from the cache, {len(wrong)} stale answers"
    )
    for one in wrong[:10]:
        print(f"  {one[:300]}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
