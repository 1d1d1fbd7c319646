"""What commands cost: processor time of a whole process, on plans of 1,000 and 10,000 cards, as ratios of one run.

    python bench/commands.py [--runs 15] [--seed 1]

The floor is what a reader of such a plan cannot do without unless it keeps a cache: start Python, import pydantic, read
the same files and parse them. User time counts, as the system gives it for the child; the median of all runs is taken.
`first` is a run on a machine that has never read the plan; `version` is compared with Python that imports click.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from plans import write_plan

SIZES = (1_000, 10_000)
FLOOR = """
import os, sys, tomli
from pydantic import BaseModel
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            tomli.loads(file.read().decode())
os._exit(0)
"""
TARGETS = {"list": 1.2, "show": 0.6, "set": 0.6, "add": 0.6, "move": 0.6, "done": 0.6}
"""Most of the floor of 10,000 cards that a command may take."""
FIRST = ("show", "set", "add", "move", "done")
"""Commands that may take the floor itself when they run for the first time."""


def cost(arguments: list[str], environment: Mapping[str, str]) -> float:
    """User time of a process, in seconds."""
    # wait4 gives the figures of this one child.
    process = subprocess.Popen(
        arguments,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=environment["HOME"],
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
    return usage.ru_utime


class Case:
    """A command that is measured, in an environment."""

    def __init__(
        self, arguments: list[str], environment: Mapping[str, str], *, is_first: bool = False
    ) -> None:
        self.arguments = arguments
        self.environment = environment
        self.is_first = is_first
        self.found: list[float] = []

    def run(self) -> float:
        """Runs it once; a first run finds nothing of earlier ones."""
        if self.is_first:
            shutil.rmtree(self.environment["KEDGE_STATE"], ignore_errors=True)
        return cost(self.arguments, self.environment)

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.found)


def cases_of(home: Path, size: int, seed: int, environment: Mapping[str, str]) -> dict[str, Case]:
    """The commands on a plan of a size, each with its name, and the floor."""
    root = write_plan(home / str(size), size, seed)
    card = next((root / "projects").rglob("cards/*.toml")).stem
    own = {**environment, "KEDGE_PLAN": str(root), "KEDGE_STATE": str(home / f"state-{size}")}
    words = {
        "list": ["list"],
        "list is:open --json": ["list", "is:open", "--json"],
        "ready": ["ready"],
        "show": ["show", card],
        "set": ["set", card, "title=Another title", "--dry-run"],
        "add": ["add", "A new card", "--dry-run"],
        "move": ["move", card, "plan", "--dry-run"],
        "done": ["done", card, "--dry-run"],
        "check": ["check"],
    }
    kedge = [sys.executable, "-m", "kedge"]
    found = {"floor": Case([sys.executable, "-c", FLOOR, str(root)], own)}
    found |= {name: Case([*kedge, *line], own) for name, line in words.items()}
    completing = {**own, "_KEDGE_COMPLETE": "bash_complete", "KEDGE_LINE": "kedge done fea"}
    found["completion of ids"] = Case(kedge, completing)
    new = {**own, "KEDGE_STATE": str(home / f"first-{size}")}
    found |= {f"first {name}": Case([*kedge, *words[name]], new, is_first=True) for name in FIRST}
    return found


def main() -> None:
    """Makes the plans, runs everything in turn, prints a table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = {
            **os.environ,
            "HOME": folder,
            "PYTHONHASHSEED": "0",
            # As on a person's machine: what was compiled once is not compiled again.
            "PYTHONPYCACHEPREFIX": str(home / "compiled"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        groups = {
            "Python with click": {
                "floor": Case([sys.executable, "-c", "import click"], environment),
                "python -c pass": Case([sys.executable, "-c", "pass"], environment),
                "version": Case([sys.executable, "-m", "kedge", "version"], environment),
                "--help": Case([sys.executable, "-m", "kedge", "--help"], environment),
            },
            **{f"{size:,} cards": cases_of(home, size, options.seed, environment) for size in SIZES},
        }
        everything = [case for cases in groups.values() for case in cases.values()]
        for case in everything:
            case.run()
        # In turn, so that a busy minute falls on all of them.
        for _ in range(options.runs):
            for case in everything:
                case.found.append(case.run())
    for title, cases in groups.items():
        floor = cases["floor"].median
        print(f"\n{title:<28}{'ms':>8}{'of floor':>10}{'at most':>10}   ({options.runs} runs)")
        for name, case in cases.items():
            limit = _limit(title, name)
            print(f"{name:<28}{case.median * 1000:8.0f}{case.median / floor:10.2f}{limit:>10}")


def _limit(title: str, name: str) -> str:
    if title.startswith("10,000"):
        limit = 1.0 if name.startswith("first ") else TARGETS.get(name)
    else:
        limit = 1.3 if name == "version" else None
    return f"{limit:.1f}" if limit else ""


if __name__ == "__main__":
    main()
