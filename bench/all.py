"""Every benchmark in one run, one after the other: `python bench/all.py [--quick]`.

Each prints what it measured on this machine, now; nothing is compared with an earlier run. `--quick` takes fewer
rounds, for a first look. The mutation run (`mutants.py`) takes hours for all modules, and is started by itself.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
RUNS = {
    "commands.py": ([], ["--runs", "5"]),
    "board.py": ([], ["--runs", "5"]),
    "changes.py": ([], []),
    "patcher.py": (["--edits", "100000"], ["--edits", "5000"]),
    "merges.py": ([], ["--triples", "2000"]),
    "unfit.py": ([], ["--share", "0.05"]),
    "datafiles.py": ([], []),
    "driver.py": ([], ["--triples", "1000"]),
    "clones.py": ([], ["--clones", "3", "--edits", "30", "--pairs", "5"]),
    "bounds.py": ([], ["--megabytes", "2", "--commands", "check,show"]),
    "portfolio.py": ([], ["--seeds", "2"]),
    "forecast.py": ([], []),
    "schedule.py": ([], ["--cards", "1000"]),
    "observations.py": ([], []),
    "diff.py": ([], []),
    "history.py": ([], ["--cards", "1000", "--commits", "300"]),
    "saves.py": ([], ["--saves", "200"]),
    "cache.py": ([], ["--edits", "300"]),
    "faults.py": ([], ["--quick"]),
    "writers.py": ([], ["--only", "record", "--faults", "kill before"]),
    "psplib.py": ([], ["--every", "7", "--schedules", "24,1000"]),
    "simulation.py": ([], []),
    "profile.py": ([], ["--rows", "100000"]),
}


def main() -> int:
    """Runs them all; 1 where one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    quick = parser.parse_args().quick
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}",
        flush=True,
    )
    failed = []
    for name, (full, fewer) in RUNS.items():
        print(f"\n==== {name}", flush=True)
        started = time.monotonic()
        done = subprocess.run([sys.executable, str(HERE / name), *(fewer if quick else full)], check=False)
        print(f"---- {name}: {time.monotonic() - started:.0f} s", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
