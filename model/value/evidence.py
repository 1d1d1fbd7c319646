"""How good the evidence is that the data can carry the project, read from its dataset records.

The playbook says the levels in words (`scoring.data_level`); this is what they mean. The level is that of the best
dataset that may be used, since a level is the best evidence found; it is never typed. As with what people answer, a
level counts only with something behind it: a document, a measured profile, a link of the live model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from ..calculators.money import LADDER
from ..snapshot.snapshot import Snapshot
from .counted import counted_answer, lacking, level_counts
from .proof import Named, named

if TYPE_CHECKING:
    from ..playbook.conditions import Verdict
    from ..records.dataset import Dataset
    from ..records.delivery import Model

SIGNAL_CARRIES, SIGNAL_LACKS, LIKE_PRODUCTION = 3, 2, 4
"""Grades of `data-signal` from which and up to which it counts, and of `data-like-production` from which."""

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class DataEvidence:
    """The level that the datasets reach, which way it points, and why."""

    level: str
    result: Literal["supports", "against"]
    reasons: tuple[str, ...]
    said: str = ""
    """The level that the records claim."""
    why: str = ""
    """Why it counts as less than that; empty where it does not."""
    evidence: tuple[Named, ...] = ()
    """What it rests on."""


class _Claim(NamedTuple):
    """A level that a dataset's records claim, and why."""

    level: str
    reason: str
    evidence: tuple[Named, ...] = ()
    """What shows that a model is live."""


class _Reached(NamedTuple):
    """How far one dataset comes."""

    dataset: Dataset
    said: str
    level: str
    """What counts of it."""
    reason: str
    why: str
    evidence: tuple[Named, ...]


def data_evidence(snapshot: Snapshot, project: str) -> DataEvidence:
    """The evidence for a project's data."""
    datasets = snapshot.plan.datasets(project)
    if not datasets:
        return DataEvidence("nothing", "supports", ("no dataset is recorded",), "nothing")
    answers = [counted_answer(snapshot, project, name) for name in ("data-signal", "data-like-production")]
    signal, like = (_grade(one.counts_as) for one in answers)
    shared = tuple(one for each in answers if each.is_current for one in each.evidence)
    live = live_model(snapshot, project)
    reached = [
        _counted(snapshot, one, [*_live(snapshot, one, live, signal), _claim(one, signal, like)], shared)
        for one in datasets
    ]
    reasons = [f"{one.dataset.id}: {one.level}; {one.reason}" for one in reached]
    if signal is not None and signal <= SIGNAL_LACKS and any(map(_is_explored, datasets)):
        # What speaks against the data needs no proof: without it the chance would be better.
        best = max((one for one in reached if _is_explored(one.dataset)), key=lambda one: LADDER[one.said])
        reasons.append(f"the signal in the data has grade {signal:g} (data-signal): the evidence is against")
        return DataEvidence(best.said, "against", tuple(reasons), best.said, "", best.evidence)
    best = max(reached, key=lambda one: (LADDER[one.level], LADDER[one.said]))
    return DataEvidence(best.level, "supports", tuple(reasons), best.said, best.why, best.evidence)


def _grade(value: Verdict | None) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_explored(dataset: Dataset) -> bool:
    return dataset.access != "refused" and bool(dataset.explored or dataset.checked_on)


def _claim(dataset: Dataset, signal: float | None, like_production: float | None) -> _Claim:
    """The level that a dataset claims by itself."""
    if dataset.access == "refused":
        return _Claim("nothing", "access is refused")
    if not _is_explored(dataset):
        return _Claim("opinion", "not explored")
    if dataset.origin in (None, "none", "simulated"):
        origin = "simulated only" if dataset.origin == "simulated" else "its origin is not set"
        return _Claim("opinion", origin)
    if dataset.origin in ("public", "bought"):
        return _Claim("analogue", f"explored, {dataset.origin}")
    if signal is None:
        return _Claim("opinion", "explored, but data-signal is not answered")
    if like_production is not None and like_production >= LIKE_PRODUCTION:
        reason = f"explored, data-signal {signal:g}, data-like-production {like_production:g}"
        return _Claim("rehearsal", reason)
    return _Claim("test", f"explored, data-signal {signal:g}")


def _live(
    snapshot: Snapshot, dataset: Dataset, model: Model | None, signal: float | None
) -> Iterator[_Claim]:
    """The same where a live model is fed by the project's own data."""
    own = _claim(dataset, signal, None)
    if model is not None and own.level == "test":
        yield _Claim("proven", f"{model.id} is live", named(snapshot.files, model.links))


def _counted(
    snapshot: Snapshot, dataset: Dataset, claims: Sequence[_Claim], shared: tuple[Named, ...]
) -> _Reached:
    """How much of a dataset's claims counts: the highest that there is evidence for.

    That a model is live must be shown by a link of the model; the others share what is known of the data.
    """
    said, own, shortfall = claims[0], (*named(snapshot.files, dataset.links), *_profile(dataset), *shared), ""
    level, reason = said.level, said.reason
    for claim in claims:
        evidence = claim.evidence if claim is not claims[-1] else own
        kinds, otherwise = level_counts(snapshot.playbook, claim.level)
        why = lacking(evidence, kinds) if kinds else ""
        level, reason = (otherwise if why else claim.level), claim.reason
        if not why:
            break
        shortfall = shortfall or why
    if shortfall:
        reason = f"{reason}; claimed is {said.level}, and {shortfall}"
    return _Reached(dataset, said.level, level, reason, shortfall, own)


def _profile(dataset: Dataset) -> Iterator[Named]:
    """A measured profile speaks for the data as a document would; the data themselves may be elsewhere."""
    profile = dataset.profile
    if profile is not None and is_hash(profile.sha256 or ""):
        yield Named(f"profile of {profile.source or dataset.id}", "not looked up")


def is_hash(text: str) -> bool:
    """Whether a text is the SHA-256 of a file, as measuring it writes."""
    return _HASH.fullmatch(text) is not None


def live_model(snapshot: Snapshot, project: str) -> Model | None:
    """A model of the project that is in production today."""
    for record in sorted(snapshot.plan.of_kind("model", project), key=lambda one: one.id):
        model = cast("Model", record)
        since, until = model.live_from, model.live_to
        if since is not None and since <= snapshot.today and (until is None or until >= snapshot.today):
            return model
    return None
