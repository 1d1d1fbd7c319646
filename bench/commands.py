"""What commands cost: processor time of a whole process, on plans of 1,000 and 10,000 cards.

    python bench/commands.py [--runs 15] [--seed 1]

Prints all figures of one run: the median and the smallest of the runs, user and system time together, as the system
counts it for the child. `python -c pass` and an import of click are printed too, since every command pays for them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from plans import write_plan

SIZES = (1_000, 10_000)
LIMITS = {"list of 1,000": 0.25, "list of 10,000": 0.9}
"""Seconds of processor time that are promised."""


def cost(arguments: list[str], environment: dict[str, str]) -> float:
    """Processor time of a process, in seconds."""
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
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Makes the plans, runs everything in turn, prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = {
            **os.environ,
            "HOME": folder,
            "KEDGE_STATE": str(home / "state"),
            "PYTHONHASHSEED": "0",
        }
        cases = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "import of click": [sys.executable, "-c", "import click"],
            "version": [sys.executable, "-m", "kedge", "version"],
            "--help": [sys.executable, "-m", "kedge", "--help"],
        }
        for size in SIZES:
            root = write_plan(home / str(size), size, options.seed)
            card = next((root / "projects").rglob("cards/*.toml")).stem
            for name, words in {
                "list": ["list"],
                "list of open": ["list", "is:open", "--json"],
                "ready": ["ready"],
                "show": ["show", card],
                "preview of set": ["set", card, "title=Another title", "--dry-run"],
                "completion of ids": [],
            }.items():
                cases[f"{name} of {size:,}"] = [sys.executable, "-m", "kedge", *words]
            environment[f"PLAN_{size:,}"] = str(root)
        figures: dict[str, list[float]] = {name: [] for name in cases}
        # In turn, so that a busy minute falls on all of them.
        for _ in range(options.runs):
            for name, arguments in cases.items():
                own = {**environment, "KEDGE_PLAN": environment.get(f"PLAN_{name.rpartition(' ')[2]}", "")}
                if name.startswith("completion"):
                    own |= {"_KEDGE_COMPLETE": "bash_complete", "KEDGE_LINE": "kedge done fea"}
                figures[name].append(cost(arguments, own))
    base = statistics.median(figures["import of click"])
    print(
        f"{'processor time, milliseconds':<32}{'median':>8}{'least':>8}{'limit':>8}   ({options.runs} runs)"
    )
    for name, found in figures.items():
        limit = LIMITS.get(name) or (3 * base if name == "version" else None)
        shown = f"{limit * 1000:8.0f}" if limit else " " * 8
        print(f"{name:<32}{statistics.median(found) * 1000:8.0f}{min(found) * 1000:8.0f}{shown}")


if __name__ == "__main__":
    main()
