"""All calculators by the playbook's ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..text.figure import Calculated
from .bets import concentration, order, portfolio
from .canaries import canary
from .evidence import eval_size, kappa, learning_curve
from .experiments import ab_size, split_check
from .looks import peeking
from .money import annotation_cost, confidence, error_cost, expected_value, gain, npv, relative_score
from .operating import ml_test_score, retrain_interval, slo
from .planning import budget, calibration, headcount, schedule, throughput
from .populations import drift, group_ratio
from .sizing import capacity, training_compute, unit_cost

CALCULATORS: Mapping[str, Callable[..., Calculated]] = MappingProxyType(
    {
        "calc-ab-size": ab_size,
        "calc-annotation-cost": annotation_cost,
        "calc-budget": budget,
        "calc-calibration": calibration,
        "calc-canary": canary,
        "calc-capacity": capacity,
        "calc-concentration": concentration,
        "calc-confidence": confidence,
        "calc-drift": drift,
        "calc-error-cost": error_cost,
        "calc-eval-size": eval_size,
        "calc-expected-value": expected_value,
        "calc-gain": gain,
        "calc-group-ratio": group_ratio,
        "calc-headcount": headcount,
        "calc-kappa": kappa,
        "calc-learning-curve": learning_curve,
        "calc-npv": npv,
        "calc-order": order,
        "calc-peeking": peeking,
        "calc-portfolio": portfolio,
        "calc-relative-score": relative_score,
        "calc-retrain-interval": retrain_interval,
        "calc-schedule": schedule,
        "calc-slo": slo,
        "calc-split-check": split_check,
        "calc-test-score": ml_test_score,
        "calc-throughput": throughput,
        "calc-training-compute": training_compute,
        "calc-unit-cost": unit_cost,
    }
)
"""By the playbook's ids."""
