"""The calculators of the playbook: each a plain function that gives an `Explained`.

The inputs and results are named as in the playbook's examples, all of which are tests of these functions. Wrong input
raises ValueError with what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..text.figure import Explained
from .bets import concentration, order, portfolio
from .compute import training_compute
from .evidence import eval_size, kappa, learning_curve
from .money import annotation_cost, confidence, error_cost, expected_value, gain, npv, relative_score

CALCULATORS: Mapping[str, Callable[..., Explained]] = MappingProxyType(
    {
        "calc-annotation-cost": annotation_cost,
        "calc-concentration": concentration,
        "calc-confidence": confidence,
        "calc-error-cost": error_cost,
        "calc-eval-size": eval_size,
        "calc-expected-value": expected_value,
        "calc-gain": gain,
        "calc-kappa": kappa,
        "calc-learning-curve": learning_curve,
        "calc-npv": npv,
        "calc-order": order,
        "calc-portfolio": portfolio,
        "calc-relative-score": relative_score,
        "calc-training-compute": training_compute,
    }
)
"""By the playbook's ids; the playbook names more than are here."""
