"""How good the evidence is that the data can carry the project, read from its dataset records.

The playbook says the levels in words (`scoring.data_level`); this is what they mean. The level is that of the best
dataset that may be used, since a level is the best evidence found; it is never typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

from ..calculators.money import LADDER
from ..snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    from ..records.dataset import Dataset
    from ..records.delivery import Model

EVIDENCE_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {"value": "pri-ev-value", "technique": "pri-ev-tech", "adoption": "pri-ev-adopt"}
)
"""The question behind each factor of confidence that people answer; the fourth one is computed here."""

SIGNAL_CARRIES, SIGNAL_LACKS, LIKE_PRODUCTION = 3, 2, 4
"""Grades of `data-signal` from which and up to which it counts, and of `data-like-production` from which."""


@dataclass(frozen=True)
class DataEvidence:
    """The level that the datasets reach, which way it points, and why."""

    level: str
    result: Literal["supports", "against"]
    reasons: tuple[str, ...]


def data_evidence(
    snapshot: Snapshot, project: str, signal: float | None, like_production: float | None
) -> DataEvidence:
    """The evidence for a project's data; `signal` and `like_production` are the grades of the two questions."""
    datasets = sorted(
        (cast("Dataset", record) for record in snapshot.plan.of_kind("dataset", project)),
        key=lambda one: one.id,
    )
    if not datasets:
        return DataEvidence("nothing", "supports", ("no dataset is recorded",))
    live = live_model(snapshot, project)
    levels: list[tuple[str, bool]] = []
    reasons: list[str] = []
    for dataset in datasets:
        level, explored, reason = _level(dataset, live, signal, like_production)
        levels.append((level, explored))
        reasons.append(f"{dataset.id}: {level}; {reason}")
    against = signal is not None and signal <= SIGNAL_LACKS and any(explored for _, explored in levels)
    counting = [level for level, explored in levels if explored or not against]
    best = max(counting, key=LADDER.__getitem__)
    if against:
        reasons.append(f"data-signal is {signal:g}: the evidence is against")
    return DataEvidence(best, "against" if against else "supports", tuple(reasons))


def _level(
    dataset: Dataset, live: str, signal: float | None, like_production: float | None
) -> tuple[str, bool, str]:
    """The level that one dataset reaches, whether it was explored, and why that level."""
    if dataset.access == "refused":
        return "nothing", False, "access is refused"
    if not dataset.explored and dataset.checked_on is None:
        return "opinion", False, "not explored"
    if dataset.origin in (None, "none", "simulated"):
        return (
            "opinion",
            True,
            "simulated only" if dataset.origin == "simulated" else "its origin is not said",
        )
    if dataset.origin in ("public", "bought"):
        return "analogue", True, f"explored, {dataset.origin}"
    if signal is None:
        return "opinion", True, "explored, but data-signal is not answered"
    if live:
        return "proven", True, f"{live} is live"
    if like_production is not None and like_production >= LIKE_PRODUCTION:
        return (
            "rehearsal",
            True,
            f"explored, data-signal {signal:g}, data-like-production {like_production:g}",
        )
    return "test", True, f"explored, data-signal {signal:g}"


def live_model(snapshot: Snapshot, project: str) -> str:
    """The id of a model of the project that is in production today; empty where none is."""
    for record in sorted(snapshot.plan.of_kind("model", project), key=lambda one: one.id):
        model = cast("Model", record)
        since, until = model.live_from, model.live_to
        if since is not None and since <= snapshot.today and (until is None or until >= snapshot.today):
            return model.id
    return ""
