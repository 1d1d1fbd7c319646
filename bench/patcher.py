"""The patcher under many random edits of random files; fails if one does anything but what it should.

Run: python bench/patcher.py [--edits 100000] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

import tomli

from kedge.storage.toml.emit import canonical
from kedge.storage.toml.layout import Layout
from kedge.storage.toml.patch import PatchRefused, patch
from kedge.tests.toml_strategies import CARD, faults, normal, random_edits, random_file, tokens

KINDS = ("broken", "wrong data", "lost comment", "outside line", "line ends", "not stable", "crashed")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--edits", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=5, help="examples to show of each kind")
    asked = options.parse_args()
    rng = random.Random(asked.seed)
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    spent = 0.0

    def note(kind: str, example: str) -> None:
        counts[kind] += 1
        examples.setdefault(kind, []).append(example)

    files = 0
    while counts["edits"] < asked.edits:
        files += 1
        text, owners = random_file(rng, wild=rng.random() < 0.6)
        _check_canonical(text, note)
        if rng.random() < 0.25:
            try:
                text, owners = canonical(text, CARD), None
            except PatchRefused:
                continue
        for _ in range(8):
            data = tomli.loads(text.removeprefix("\ufeff"))
            edits = random_edits(rng, data)
            layout = CARD if rng.random() < 0.9 else Layout()
            counts["edits"] += 1
            begin = time.perf_counter()
            try:
                result = patch(text, edits, layout)
                spent += time.perf_counter() - begin
            except PatchRefused as refusal:
                note("refused", f"{refusal.reason}\n  edits {edits}\n{text}")
                continue
            except Exception as error:  # noqa: BLE001  # a crash is what is looked for
                note("crashed", f"{error!r}\n  edits {edits}\n{text}")
                continue
            for fault in faults(text, owners, edits, result, layout):
                note(fault.split(":")[0], f"{fault}\n  edits {edits}\n{text}\n  became\n{result}")
            if patch(result, edits, layout) != result:
                note("not stable", f"edits {edits}\n{text}")
    print(f"{files} files, {counts['edits']} edits, {counts['edits'] / spent:.0f} edits/s in the patcher")
    for kind in ("refused", *KINDS, "fmt refused", "fmt wrong"):
        print(f"{kind:14} {counts[kind]}")
    for kind, found in examples.items():
        for example in found[: asked.show]:
            print(f"\n--- {kind}: {example}")
    return 1 if any(counts[kind] for kind in (*KINDS, "fmt wrong")) else 0


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
