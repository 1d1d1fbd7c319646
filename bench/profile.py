"""How long `kedge data profile` and `data drift` take on a large file, and how much memory.

Run: python bench/profile.py [--rows 1000000] [--keep FOLDER]. Wanted: a million rows of 20 columns in under 20 s on two
cores, with less than 1 GB of memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Hashes of the row's number: the same file on every machine, without a generator of random numbers.
FILE = """
COPY (SELECT range AS id, hash(range) % 100000 AS customer, (hash(range + 1) % 10000) / 100.0 AS price,
  hash(range + 2) % 7 AS visits,
  CASE WHEN hash(range + 3) % 20 > 0 THEN (hash(range + 4) % 1000000) / 7.0 END AS amount,
  DATE '2024-01-01' + CAST(hash(range + 5) % 700 AS INT) AS day,
  TIMESTAMP '2024-01-01' + to_seconds(CAST(hash(range + 6) % 60000000 AS BIGINT)) AS moment,
  ['red', 'green', 'blue', 'NA', 'black'][CAST(1 + hash(range + 7) % 5 AS INT)] AS colour,
  md5(range::VARCHAR) AS token, ['DE', 'FR', 'IT', 'ES'][CAST(1 + hash(range + 8) % 4 AS INT)] AS country,
  hash(range + 9) % 2 = 0 AS flag, {measures},
  'x' AS constant, 'name ' || (hash(range + 16) % 5000) AS label, hash(range + 17) % 1000000 AS code
FROM range({rows})) TO '{path}' (HEADER)
"""
MEASURES = ", ".join(f"sqrt(hash(range + {10 + at}) % 100000) * {at + 1} AS measure_{at}" for at in range(6))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--keep", help="a folder in which the file is kept")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(asked.keep or folder) / f"rows-{asked.rows}.csv"
        if not path.exists():
            import duckdb

            duckdb.connect().execute(FILE.format(measures=MEASURES, rows=asked.rows, path=path))
        print(f"{asked.rows:,} rows, 20 columns, {path.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores")
        other = Path(folder) / "other.csv"
        other.symlink_to(path)
        code = 0
        for name, arguments in (("profile", [path]), ("drift", [path, other])):
            begin, used = time.perf_counter(), _processor()
            command = [sys.executable, "-m", "kedge", "data", name, *map(str, arguments), "--json"]
            code |= subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"data {name:8} {time.perf_counter() - begin:6.1f} s, {_processor() - used:6.1f} s of processor,"
                f" at most {peak:.0f} MB so far"
            )
    return code


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
