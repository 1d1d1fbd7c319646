"""Reading 100 metrics from a database of 1,000 runs of MLflow: the library call, and the command on a plan.

python bench/observations.py [--runs N] [--metrics N]
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kedge.model.operations.observation import Observed, Where
from kedge.storage.observations.reading import observe

_TABLES = """
CREATE TABLE experiments (experiment_id INTEGER, name TEXT, lifecycle_stage TEXT);
CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time INTEGER, lifecycle_stage TEXT,
                   experiment_id INTEGER);
CREATE TABLE latest_metrics (key TEXT, value REAL, timestamp INTEGER, step INTEGER, is_nan INTEGER, run_uuid TEXT,
                             PRIMARY KEY (key, run_uuid));
CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
INSERT INTO experiments VALUES (1, 'churn', 'active');
"""


def main() -> None:
    """Prints how long it takes, and what was read."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=1_000)
    options.add_argument("--metrics", type=int, default=100)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        _database(top / "mlflow.db", asked.runs, asked.metrics)
        wanted = [Where("mlflow.db", (f"metric-{at}",)) for at in range(asked.metrics)]
        start, wall = time.process_time(), time.perf_counter()
        answers = observe(str(top), wanted)
        print(f"{asked.metrics} metrics of {asked.runs} runs, one call", end=": ")
        print(f"{time.process_time() - start:.3f} s CPU, {time.perf_counter() - wall:.3f} s")
        assert all(isinstance(one, Observed) for one in answers)
        _plan(top, asked.metrics)
        for what in ("first", "after a new run, all moved", "again, nothing moved"):
            if what.startswith("after"):
                _add_run(top / "mlflow.db", asked.metrics)
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            wall = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "kedge", "metric", "refresh", "--plan", str(top / "plan")],
                check=True,
                capture_output=True,
                text=True,
                env={**os.environ, "KEDGE_STATE": str(top / "state")},
            )
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used
            lines = (done.stdout + done.stderr).splitlines()
            print(
                f"kedge metric refresh, {what}: {used:.2f} s CPU, {time.perf_counter() - wall:.2f} s: {lines[-1]}"
            )


def _database(path: Path, runs: int, metrics: int) -> None:
    with sqlite3.connect(path) as made:
        made.executescript(_TABLES)
        made.executemany(
            "INSERT INTO runs VALUES (?, ?, 'FINISHED', ?, 'active', 1)",
            ((f"run{at:05}", f"week-{at}", 1_790_000_000_000 + at) for at in range(runs)),
        )
        made.executemany(
            "INSERT INTO latest_metrics VALUES (?, ?, ?, 0, 0, ?)",
            (
                (f"metric-{one}", one + run / runs, 1_790_000_000_000, f"run{run:05}")
                for run in range(runs)
                for one in range(metrics)
            ),
        )
    made.close()


def _add_run(path: Path, metrics: int) -> None:
    with sqlite3.connect(path) as made:
        made.execute("INSERT INTO runs VALUES ('newest', 'newest', 'FINISHED', 1800000000000, 'active', 1)")
        made.executemany(
            "INSERT INTO latest_metrics VALUES (?, ?, 1790000000000, 0, 0, 'newest')",
            ((f"metric-{at}", at + 0.5) for at in range(metrics)),
        )
    made.close()


def _plan(top: Path, metrics: int) -> None:
    project = top / "plan" / "projects" / "churn"
    project.mkdir(parents=True)
    (top / "plan" / "board.toml").write_text("format = 1\n")
    (project / "project.toml").write_text('title = "Churn"\n')
    entries = (
        f'[metrics.metric-{at}]\ntitle = "Metric {at}"\nactual = 0\nmeasured_in = "mlflow.db"\n'
        f'measured_key = ["metric-{at}"]\n'
        for at in range(metrics)
    )
    (project / "strategy.toml").write_text("\n".join(entries))


if __name__ == "__main__":
    main()
