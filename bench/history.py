"""How long a plan's history takes, the first time and from the cache, and the flow in it: `python bench/history.py`.

The plan has 10,000 cards, its repository 1,000 commits that each change a few; one more commit is made for the third
figure. The repository is written by `git fast-import` into a throw-away folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from plans import write_plan

from kedge.model.flow.card_history import PlanHistory
from kedge.model.flow.charts import TITLES, chart
from kedge.model.flow.flow import flow_of
from kedge.model.flow.plot import DRAWN, Canvas
from kedge.model.plan.plan import Plan
from kedge.storage.git.plan_history import plan_history
from kedge.storage.plan.read import read_plan

_START = 1_700_000_000
_EVERY = 40_000
"""Seconds between two commits."""


def write_repository(folder: Path, cards: int, commits: int, touched: int, seed: int = 1) -> Path:
    """A repository with a plan, and commits that change a few cards each; the plan's folder."""
    root = write_plan(folder, cards, seed)
    random = Random(seed)
    files = {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(root.rglob("*.toml"))}
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    importer = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE, text=True
    )
    assert importer.stdin is not None
    names = [name for name in files if "/cards/" in name]
    for number in range(commits):
        changed = random.sample(names, min(touched, len(names))) if number else list(files)
        lines = "".join(_commit(number, changed, files, random))
        importer.stdin.write(lines)
    importer.stdin.close()
    if importer.wait():
        raise RuntimeError("git fast-import failed")
    for command in (["reset", "-q", "--hard"], ["gc", "-q"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return root


def _commit(number: int, changed: list[str], files: dict[str, str], random: Random) -> Iterator[str]:
    yield f"commit refs/heads/main\ncommitter A <a@example.org> {_START + number * _EVERY} +0100\n"
    yield "data 7\nchanges\n"
    for name in changed:
        if number:
            files[name] = _changed(files[name], random)
        text = files[name]
        yield f"M 100644 inline {name}\ndata {len(text.encode())}\n{text}\n"


def _changed(text: str, random: Random) -> str:
    """The next status, or another owner."""
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if line.startswith("status = ") and random.random() < 0.7:
            lines[at] = f'status = "{random.choice(("todo", "doing", "done"))}"\n'
        elif line.startswith("owner = "):
            lines[at] = f'owner = "{random.choice(("mira", "sam", "ines"))}"\n'
    return "".join(lines)


def measure(what: str, run: Callable[[], PlanHistory]) -> None:
    """Runs once and prints the seconds."""
    begin, before = time.perf_counter(), os.times()
    history = run()
    seconds, after = time.perf_counter() - begin, os.times()
    own = after.user + after.system - before.user - before.system
    git = after.children_user + after.children_system - before.children_user - before.children_system
    steps = sum(len(one.steps) for one in history.cards.values())
    print(
        f"{what:<28} {seconds:6.2f} s  (CPU: kedge {own:.2f} s, git {git:.2f} s)"
        f"  {len(history.cards):,} cards, {steps:,} steps"
    )


def draw_flow(history: PlanHistory, plan: Plan) -> None:
    """Works out the figures of flow, draws each chart, and prints the seconds."""
    begin = time.process_time()
    flow = flow_of(plan, history, max(one.steps[-1].at for one in history.cards.values()).date())
    print(f"{'figures of flow':<28} {time.process_time() - begin:6.2f} s CPU")
    canvas = Canvas(78, 18, DRAWN, lambda text, room: text[:room].ljust(room))
    for name in TITLES:
        begin = time.process_time()
        rows = chart(flow, name, canvas)
        print(f"{'chart of ' + name:<28} {time.process_time() - begin:6.3f} s CPU  {len(rows):,} rows")


def main() -> None:
    """Makes the repository and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--commits", type=int, default=1_000)
    parser.add_argument("--touched", type=int, default=12, help="cards that a commit changes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = write_repository(Path(folder) / "repository", options.cards, options.commits, options.touched)
        environment = {**os.environ, "KEDGE_STATE": str(Path(folder) / "state")}

        def read() -> PlanHistory:
            found = plan_history(str(root), environment)
            assert isinstance(found, PlanHistory), found
            return found

        print(f"{options.cards:,} cards, {options.commits:,} commits of {options.touched} cards")
        measure("the first time", read)
        measure("from the cache", read)
        measure("from the cache, once more", read)
        card = next((root / "projects" / "big" / "cards").iterdir())
        card.write_text(card.read_text() + "# a comment\n")
        subprocess.run(
            [
                "git",
                "-C",
                str(root),
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "commit",
                "-qam",
                "one more",
            ],
            check=True,
        )
        measure("after one more commit", read)
        draw_flow(read(), read_plan(str(root)).plan)


if __name__ == "__main__":
    main()
