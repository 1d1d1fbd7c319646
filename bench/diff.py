"""Two revisions of a plan with 10,000 cards and 200 changes: what `kedge diff` takes, with consequences and without.

The second pair of figures is that of a plan that has been opened before, as it is after any other command: what is the
same in the work tree comes from its cache then.

Run: python bench/diff.py
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

from plans import write_plan

from kedge.cli.context import settle
from kedge.model.review.changes import Difference, difference_of
from kedge.model.review.review import Review, changes_only, review
from kedge.storage.disk.cache import GRAIN
from kedge.storage.disk.repository import GitProblem
from kedge.storage.git.pair import read_pair
from kedge.storage.git.sides import sides
from kedge.storage.plan.snapshot import snapshot_of
from kedge.storage.plan.workspace import Workspace

CARDS, CHANGES = 10_000, 200
TODAY = dt.date(2026, 11, 20)
T = TypeVar("T")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="kedge-bench-") as folder:
        root = write_plan(Path(folder), CARDS)
        _git(root, "init", "-q", "-b", "main")
        _commit(root, "before")
        _change(root, CHANGES)
        _commit(root, "after")
        os.environ["KEDGE_STATE"] = str(Path(folder) / "state")
        print(f"{CARDS:,} cards, {CHANGES} changes, two revisions; CPU seconds of this process")
        _timed("changes in words, without consequences", lambda: _without(str(root)))
        _timed("with consequences", lambda: _with(str(root)))
        time.sleep(GRAIN / 1e9)  # until then a file could change once more without another stamp
        Workspace.open(str(root), os.environ)
        without = _timed("without consequences, opened before", lambda: _without(str(root)))
        whole = _timed("with consequences, opened before", lambda: _with(str(root)))
        print(
            f"  {len(without.difference.records)} records, {len(whole.consequences)} consequences: {whole.verdict}"
        )
        for what, count in whole.not_counted:
            print(f"  not counted: {count:,} {what}")
    return 0


def _without(root: str) -> Review:
    return changes_only(_difference(root, is_whole=False))


def _with(root: str) -> Review:
    return review(_difference(root, is_whole=True))


def _difference(root: str, *, is_whole: bool) -> Difference:
    found = sides(root, "HEAD~1", "HEAD", os.environ)
    if isinstance(found, GitProblem):
        raise SystemExit(found.message)
    pair = read_pair(found[0].source, found[1].source, is_whole=is_whole)
    settle()
    before, after = (snapshot_of(one, TODAY) for one in (pair.before, pair.after))
    return difference_of(before, after, is_relaid=bool(pair.differing), is_whole=is_whole)


def _change(root: Path, count: int) -> None:
    """Other estimates, owners and notes, cards that came and cards that went."""
    random = Random(2)
    cards = sorted((root / "projects" / "big" / "cards").iterdir())
    for number, card in enumerate(random.sample(cards, count)):
        text = card.read_text()
        match number % 5:
            case 0:
                card.unlink()
            case 1:
                card.with_name(f"new-card-{number:04d}.toml").write_text(text)
            case 2:
                card.write_text(_with_estimate(text, random))
            case 3:
                card.write_text(text.replace("Daily snapshot", "Weekly snapshot"))
            case _:
                card.write_text(text.replace('status = "todo"', 'status = "doing"'))


def _with_estimate(text: str, random: Random) -> str:
    low = random.randint(1, 9)
    lines = (
        f"estimate = [{low}, {low + 3}, {low + 20}]" if one.startswith("estimate") else one
        for one in text.split("\n")
    )
    return "\n".join(lines)


def _git(root: Path, *words: str) -> None:
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@kedge.invalid")
    subprocess.run(["git", *identity, *words], cwd=root.parent, check=True, capture_output=True)


def _commit(root: Path, message: str) -> None:
    _git(root, "add", "-A")
    _git(root, "commit", "-q", "-m", message)


def _timed(what: str, work: Callable[[], T]) -> T:
    gc.unfreeze()
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    print(
        f"  {what:<50} {time.process_time() - cpu:>7.2f} s   {time.perf_counter() - wall:>7.2f} s on the wall"
    )
    return found


if __name__ == "__main__":
    raise SystemExit(main())
