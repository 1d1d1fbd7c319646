"""The calculators against figures that other software computed, where the reference data is there.

A few of them are written here, so that something is held against them everywhere.
"""

from __future__ import annotations

import json
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from kedge.model.calculators.catalog import CALCULATORS
from kedge.model.text.figure import Unattainable

REFERENCE = Path(__file__).parents[2] / ".." / "shared" / "data" / "reference"
DATA, NETWORKS = REFERENCE / "calculators.json", REFERENCE / "networks.json"

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
    {
        "calc": "gain",
        "inputs": {"low": 10, "likely": 20, "high": 60},
        "expect": {"mean": 25, "sd": 8.3333333},
    },
    {
        "calc": "error-cost",
        "inputs": {"n": 1000, "prevalence": 0.1, "recall": 0.9, "fpr": 0.05, "c_fp": 1, "c_fn": 9},
        "expect": {"false_alarms": 45, "misses": 90, "threshold": 0.1},
    },
    {
        "calc": "error-cost",
        "inputs": {"n": 1, "prevalence": 2, "recall": 1, "fpr": 0, "c_fp": 1, "c_fn": 1},
        "expect": {"refused": True},
    },
    {"calc": "capacity", "inputs": {"erlangs": 2, "slots": 3, "seconds": 1}, "expect": {"p_wait": 4 / 9}},
    {
        "calc": "capacity",
        "inputs": {"rps": 140, "seconds": 0.15, "slots": 3, "load": 0.7, "spare": 0},
        "expect": {"servers": 10},
    },
    {"calc": "capacity", "inputs": {"erlangs": 55, "slots": 55}, "expect": {"attainable": False}},
    {"calc": "headcount", "inputs": {"demand": 1, "people": 0}, "expect": {"attainable": False}},
    {"calc": "headcount", "inputs": {"demand": 1, "people": 2, "share": 1.2}, "expect": {"refused": True}},
    {
        "calc": "throughput",
        "inputs": {"samples": [0, 0, 0, 0, 10], "backlog": 10},
        "expect": {"p50": 4, "p95": 14},
    },
    {"calc": "throughput", "inputs": {"samples": [4, 5, 3, 6], "backlog": 20}, "expect": {"refused": True}},
    {"calc": "ab-size", "inputs": {"sd": 10, "d": 5, "allocation": 4}, "expect": {"n": 40, "n2": 157}},
    {"calc": "ab-size", "inputs": {"p1": 0.97, "p2": 1.02}, "expect": {"refused": True}},
    {"calc": "ab-size", "inputs": {"p1": 0.2, "p2": 0.15, "margin": 0.05}, "expect": {"attainable": False}},
    {
        "calc": "split-check",
        "inputs": {"a": 50520, "b": 49480},
        "expect": {"p": 0.001006266581, "alarm": False},
    },
    {
        "calc": "canary",
        "inputs": {"p0": 0, "p1": 0.01, "alpha": 0.05, "power": 0.9},
        "expect": {"n_tell": 851},
    },
    {"calc": "slo", "inputs": {"objective": 0.93, "burn": 14.4}, "expect": {"can_fire": False}},
    {"calc": "group-ratio", "inputs": {"selected": [45, 36], "of": [100, 100]}, "expect": {"flagged": False}},
    {"calc": "retrain-interval", "inputs": {"c": 2000, "k": 0}, "expect": {"attainable": False}},
    {
        "calc": "peeking",
        "inputs": {"looks": 5, "boundary": "obrien-fleming"},
        "expect": {"limits": [4.561742298, 3.225638913, 2.633723144, 2.280871149, 2.040073175]},
        "tolerance": 2e-4,
    },
]


def said(entry: dict[str, Any]) -> str:
    return f"{entry['calc']} {entry['inputs']}"


@pytest.mark.parametrize("entry", OWN, ids=said)
def test_a_figure_of_other_software(entry: dict[str, Any]):
    assert differences(entry) == []


def test_all_figures_of_the_reference():
    if not DATA.exists():
        pytest.skip("the reference figures are not here")
    entries = json.loads(DATA.read_text())
    assert len(entries) >= 150
    assert [text for entry in entries for text in differences(entry)] == []


def test_waiting_is_that_of_the_reference():
    if not NETWORKS.exists():
        pytest.skip("the reference figures are not here")
    rows = json.loads(NETWORKS.read_text())["erlang_c"]
    assert len(rows) >= 5
    for row in rows:
        found = CALCULATORS["calc-capacity"](erlangs=row["erlangs"], slots=row["slots"], seconds=1)
        assert close(found.figures["p_wait"], row["p_wait"], 1e-8), row
        assert close(found.figures["mean_wait"], row["wait_in_service_times"], 1e-8), row


def test_a_critical_path_in_three_points_is_that_of_the_reference():
    if not NETWORKS.exists():
        pytest.skip("the reference figures are not here")
    networks = [one for one in json.loads(NETWORKS.read_text())["networks"] if "pert" in one["expect"]]
    assert len(networks) >= 3
    for network in networks:
        three = {one["id"]: one["three"] for one in network["activities"]}
        path = [three[name] for name in network["expect"]["critical_path"]]
        expect = network["expect"]["pert"]
        for by, chance in expect["p_by"].items():
            found = CALCULATORS["calc-schedule"](path=path, by=float(by))
            for name, wanted in {**expect, "p_by": chance}.items():
                assert found.figures[name] == pytest.approx(wanted, abs=1e-5), (network["name"], name)


def differences(entry: dict[str, Any]) -> list[str]:
    """What a calculator gives otherwise than an entry says, in words."""
    expect, tolerance = entry["expect"], entry.get("tolerance", 1e-6) or 1e-12
    try:
        found = CALCULATORS[f"calc-{entry['calc']}"](**entry["inputs"])
    except ValueError as wrong:
        return [] if expect.get("refused") else [f"{said(entry)}: refused: {wrong}"]
    if expect.get("refused"):
        return [f"{said(entry)}: {dict(found.figures)} instead of a refusal"]
    if expect.get("attainable") is False:
        return (
            []
            if isinstance(found, Unattainable)
            else [f"{said(entry)}: {dict(found.figures)}, not attainable"]
        )
    return [
        f"{said(entry)}: {name} {found.figures.get(name)} instead of {wanted}"
        for name, wanted in expect.items()
        if not close(found.figures.get(name), wanted, tolerance)
    ]


def close(found: object, wanted: object, tolerance: float) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(found, tuple)
            and len(found) == len(wanted)
            and all(close(one, other, tolerance) for one, other in zip(found, wanted, strict=True))
        )
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return isclose(found, wanted, rel_tol=tolerance, abs_tol=1e-9)
    return found == wanted
