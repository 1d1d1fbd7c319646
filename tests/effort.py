"""How much the tests try: little enough for every change, or far more with KEDGE_THOROUGH=1.

What is tried at random, and what is gone through very often, asks here how many times.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_PROFILE = os.environ.get("KEDGE_HYPOTHESIS", "")
IS_THOROUGH = os.environ.get("KEDGE_THOROUGH", "") not in ("", "0") or _PROFILE == "thorough"
EXAMPLES = 50
"""What a property is tried with, as long as its test says nothing else."""
THOROUGH = 40
"""How many times as much is tried when somebody has the time: for all tests that is a night."""


def times(quick: int, thorough: int = 0) -> int:
    """How many times to do something."""
    return (thorough or quick * THOROUGH) if IS_THOROUGH else quick


def load_profile() -> None:
    """Settles how many examples hypothesis tries. KEDGE_HYPOTHESIS names a profile that is registered elsewhere."""
    calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("quick", calm, max_examples=EXAMPLES)
    # Where a change is judged the same examples are tried each time; at a desk new ones, so that new faults are found.
    settings.register_profile("ci", calm, max_examples=EXAMPLES, derandomize=True)
    settings.register_profile("thorough", calm, max_examples=EXAMPLES * THOROUGH)
    usual = "thorough" if IS_THOROUGH else "ci" if os.environ.get("CI") else "quick"
    settings.load_profile(_PROFILE or usual)
