"""Calculators against figures that were computed away from Kedge, by well-kept software or by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from kedge.model.calculators import CALCULATORS
from kedge.model.calculators.inputs import calculate

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference" / "calculators.json"

OWN: list[dict[str, Any]] = [
    # scipy, statsmodels proportion_confint(wilson), fractions.
    {"calc": "npv", "inputs": {"rate": 0.08, "flows": [8000, 9200, 10000]}, "expect": {"npv": 23233.246964}},
    {"calc": "kappa", "inputs": {"table": [[45, 15], [25, 15]]}, "expect": {"kappa": 0.1304347826}},
    {"calc": "eval-size", "inputs": {"p": 0.8, "margin": 0.04}, "expect": {"n": 385}, "tolerance": 0},
    {
        "calc": "eval-size",
        "inputs": {"k": 81, "of": 263},
        "expect": {"low": 0.2552885199, "high": 0.366209577},
    },
    {"calc": "gain", "inputs": {"low": 10, "likely": 20, "high": 60}, "expect": {"mean": 25, "sd": 8.3333333}},
    {
        "calc": "error-cost",
        "inputs": {"n": 1000, "prevalence": 0.1, "recall": 0.9, "fpr": 0.05, "c_fp": 1, "c_fn": 9},
        "expect": {"false_alarms": 45, "misses": 90, "threshold": 0.1},
    },
    {"calc": "error-cost", "inputs": {"n": 1, "prevalence": 2, "recall": 1, "fpr": 0, "c_fp": 1, "c_fn": 1},
     "expect": {"refused": True}},
]  # fmt: skip


def entries() -> list[Mapping[str, Any]]:
    """The public figures of calculators that exist, where the folder is there."""
    found = json.loads(REFERENCE.read_text()) if REFERENCE.is_file() else []
    return [one for one in found if f"calc-{one['calc']}" in CALCULATORS]


def agrees(entry: Mapping[str, Any]) -> None:
    try:
        found = calculate(f"calc-{entry['calc']}", entry["inputs"])
    except ValueError as wrong:
        if entry["expect"] not in ({"refused": True}, {"attainable": False}):
            raise AssertionError(entry) from wrong
        return
    assert "refused" not in entry["expect"], found
    for name, wanted in entry["expect"].items():
        figure = found.number(name)
        assert isclose(figure, wanted, rel_tol=entry.get("tolerance", 1e-6)), (
            f"{name}: {figure}, not {wanted}"
        )


@pytest.mark.parametrize("entry", OWN, ids=lambda one: f"{one['calc']} {one['inputs']}")
def test_a_few_figures_of_other_software(entry: Mapping[str, Any]) -> None:
    agrees(entry)


@pytest.mark.skipif(not REFERENCE.is_file(), reason="needs the public data in ../shared/data")
def test_all_figures_of_the_reference() -> None:
    found = entries()
    assert {one["calc"] for one in found} >= {
        "npv",
        "kappa",
        "eval-size",
        "gain",
        "concentration",
        "error-cost",
    }
    for entry in found:
        agrees(entry)
