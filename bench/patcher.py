"""The patcher under many random edits of random files; fails if one does anything but what it should.

Run: python bench/patcher.py [--edits 100000] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from typing import Any

import tomli

from kedge.storage.toml.emit import canonical
from kedge.storage.toml.layout import Layout
from kedge.storage.toml.patch import PatchRefused, patch
from kedge.tests.toml_strategies import CARD, faults, normal, random_edits, random_file, tokens

KINDS = ("broken", "wrong data", "lost comment", "outside line", "line ends", "not stable", "crashed")


class Tally:
    """What was tried and what went wrong, with examples."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}
        self.spent = 0.0

    def note(self, kind: str, example: str) -> None:
        """Counts a result, and keeps what led to it."""
        self.counts[kind] += 1
        self.examples.setdefault(kind, []).append(example)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--edits", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=5, help="examples to show of each kind")
    asked = options.parse_args()
    rng = random.Random(asked.seed)
    tally = Tally()
    counts = tally.counts
    files = 0
    while counts["edits"] < asked.edits:
        files += 1
        text, owners = random_file(rng, wild=rng.random() < 0.6)
        _check_canonical(text, tally.note)
        if rng.random() < 0.25:
            try:
                text, owners = canonical(text, CARD), None
            except PatchRefused:
                continue
        for _ in range(8):
            _edit(rng, text, owners, tally)
    print(
        f"{files} files, {counts['edits']} edits, {counts['edits'] / tally.spent:.0f} edits/s in the patcher"
    )
    for kind in ("refused", *KINDS, "fmt refused", "fmt wrong"):
        print(f"{kind:14} {counts[kind]}")
    for kind, found in tally.examples.items():
        for example in found[: asked.show]:
            print(f"\n--- {kind}: {example}")
    return 1 if any(counts[kind] for kind in (*KINDS, "fmt wrong")) else 0


def _edit(rng: random.Random, text: str, owners: Any, tally: Tally) -> None:
    """Tries some random edits of a text."""
    edits = random_edits(rng, tomli.loads(text.removeprefix("\ufeff")))
    layout = CARD if rng.random() < 0.9 else Layout()
    tally.counts["edits"] += 1
    begin = time.perf_counter()
    try:
        result = patch(text, edits, layout)
        tally.spent += time.perf_counter() - begin
    except PatchRefused as refusal:
        tally.note("refused", f"{refusal.reason}\n  edits {edits}\n{text}")
        return
    except Exception as error:  # noqa: BLE001  # a crash is what is looked for
        tally.note("crashed", f"{error!r}\n  edits {edits}\n{text}")
        return
    for fault in faults(text, owners, edits, result, layout):
        tally.note(fault.split(":")[0], f"{fault}\n  edits {edits}\n{text}\n  became\n{result}")
    if patch(result, edits, layout) != result:
        tally.note("not stable", f"edits {edits}\n{text}")


def _check_canonical(text: str, note) -> None:
    try:
        result = canonical(text, CARD)
    except PatchRefused as refusal:
        note("fmt refused", f"{refusal.reason}\n{text}")
        return
    same = normal(tomli.loads(text.removeprefix("\ufeff"))) == normal(
        tomli.loads(result.removeprefix("\ufeff"))
    )
    if not same or tokens(result) != tokens(text) or canonical(result, CARD) != result:
        note("fmt wrong", f"{text}\n  became\n{result}")


if __name__ == "__main__":
    sys.exit(main())
