"""What sizes are worked out from: what the business asks for, else what answers say.

An input is the figure of an in-scope business requirement whose `about` says what it counts, else that of an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from ..plan.plan import Plan
from ..snapshot.snapshot import Snapshot
from ..value.project_figures import Answers


class InputPlace(NamedTuple):
    """Where an input of sizing is said."""

    unit: str
    question: str = ""
    figure: str = ""
    kind: Literal["amount", "share"] = "amount"


INPUTS: Mapping[str, InputPlace] = MappingProxyType(
    {
        "requests per day": InputPlace("requests", "arch-load", "requests per day"),
        "peak factor": InputPlace("", "arch-load", "peak factor"),
        "growth per year": InputPlace("%", "arch-load", "growth per year"),
        "requests per second at peak": InputPlace("a second"),
        "users": InputPlace("users", "arch-load", "users"),
        "p95 latency": InputPlace("ms", "arch-limits", "p95 latency"),
        "availability": InputPlace("%", "arch-limits", "availability"),
        "cost per 1000 predictions": InputPlace("", "arch-limits", "cost per 1000 predictions"),
        "seconds per prediction": InputPlace("s", "arch-load", "seconds per prediction"),
        "predictions at a time per server": InputPlace("", "arch-load", "predictions at a time per server"),
        "planned load": InputPlace("", "arch-load", "planned load", "share"),
        "spare servers": InputPlace("", "arch-load", "spare servers"),
        "predictions per run": InputPlace("predictions", "arch-load", "predictions per run"),
        "hours per run": InputPlace("h", "arch-load", "hours per run"),
        "runs per month": InputPlace("runs", "arch-load", "runs per month"),
        "predictions a second per worker": InputPlace(
            "a second", "arch-load", "predictions a second per worker"
        ),
        "price per hour": InputPlace("", "arch-load", "price per hour"),
        "days results are kept": InputPlace("days", "arch-load", "days results are kept"),
        "bytes per result": InputPlace("bytes", "arch-load", "bytes per result"),
        "minutes without consumers": InputPlace("min", "arch-load", "minutes without consumers"),
        "device-hours per training": InputPlace("h", "data-compute", "hours per run"),
        "trainings": InputPlace("", "data-compute", "runs"),
        "price per device-hour": InputPlace("", "data-compute", "price per hour"),
        "model parameters": InputPlace("", "data-compute", "parameters"),
        "training tokens": InputPlace("", "data-compute", "tokens"),
        "operations a second per device": InputPlace("", "data-compute", "peak"),
        "share of the operations": InputPlace("", "data-compute", "utilisation", "share"),
    }
)
"""By name, the inputs of sizing."""


@dataclass(frozen=True)
class Input:
    """One input with its value, and where that is said."""

    name: str
    value: float
    unit: str
    source: str


def inputs_of(snapshot: Snapshot, project: str) -> dict[str, Input]:
    """The inputs that a project's records say, by name."""
    said = Answers(snapshot, project)
    inputs: dict[str, Input] = {}
    for name, place in INPUTS.items():
        stated = stated_by(snapshot.plan, project, name)
        if stated is not None:
            key, value = stated
            inputs[name] = Input(name, value, place.unit, f"business requirement {key}")
            continue
        answer = said.figure(place.question, place.figure) if place.question else None
        if answer is not None:
            inputs[name] = Input(name, answer, place.unit, place.question)
    return inputs


def stated_by(plan: Plan, project: str, name: str) -> tuple[str, float] | None:
    """The business requirement that an input is read from, the first with a figure, and that figure."""
    found = _about(plan, project, name)
    return next(((key, figure) for key, figure in found.items() if figure is not None), None)


def about(plan: Plan, project: str, names: Collection[str]) -> tuple[str, ...]:
    """The business requirements in scope that are about one of some things."""
    return tuple(key for name in names for key in _about(plan, project, name))


def _about(plan: Plan, project: str, name: str) -> dict[str, float | None]:
    """The business requirements in scope that are about something, each with its figure."""
    record = plan.requirements(project)
    business = record.business if record is not None else {}
    return {key: one.figure for key, one in business.items() if one.about == name and one.in_scope}
