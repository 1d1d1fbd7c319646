"""The benchmarks: one run starts all of them, and each says first what it is about and how it is run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kedge.bench.all import RUNS

BENCH = Path(__file__).parents[2] / "bench"
PROGRAMS = sorted(path.name for path in BENCH.glob("*.py") if "__main__" in path.read_text("utf-8"))


def test_one_run_starts_every_benchmark() -> None:
    assert {*RUNS} == {*PROGRAMS} - {"all.py", "mutants.py"}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_benchmark_says_how_it_is_run(name: str) -> None:
    doc = ast.get_docstring(ast.parse((BENCH / name).read_text("utf-8"))) or ""
    assert f"python bench/{name}" in doc
