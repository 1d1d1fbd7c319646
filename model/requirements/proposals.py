"""Keeping what sizing says as technical requirements, and telling when one that was kept no longer follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..edit.edits import edit_each
from ..plan.change import Batch
from ..plan.ids import free_id
from ..records.address import Address
from ..records.requirements import TechnicalRequirement
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, amount
from .inputs import INPUTS, stated_by
from .sizes import Sized
from .sizing import size

SAME = 0.01
"""Figures this near to each other, as a share, say the same: people round."""
RESERVE = 2.0
"""Times what is needed up to which more servers, workers or room is a reserve."""
_MAY_BE_MORE = frozenset({"servers", "workers", "queue", "results-store"})


class Deviation(NamedTuple):
    """A technical requirement whose figure is not what sizing says now."""

    id: str
    kept: float
    found: Sized | None
    """What follows; None where nothing of that kind does in the current mode."""
    mode: str


def deviations(snapshot: Snapshot, project: str) -> Iterator[Deviation]:
    """The in-scope technical requirements of a project that no longer follow from the business ones."""
    kept = _technical(snapshot, project)
    if not any(one.sized and one.in_scope for one in kept.values()):
        return
    sizing = size(snapshot, project)
    found = {one.id: one for one in sizing.results}
    for key, one in kept.items():
        if not one.sized or not one.in_scope or one.figure is None:
            continue
        now = found.get(one.sized)
        if now is None and sizing.mode:
            yield Deviation(key, one.figure, None, sizing.mode)
        if now is not None and now.value is not None:
            above = one.figure > now.value * (1 + SAME)
            is_reserve = above and one.sized in _MAY_BE_MORE and one.figure <= RESERVE * now.value
            if (above or one.figure < now.value * (1 - SAME)) and not is_reserve:
                yield Deviation(key, one.figure, now, sizing.mode)


def keep(snapshot: Snapshot, project: str, given: Mapping[str, float] | None = None) -> Batch:
    """Keeps inputs on trial where they are said, and each figure that follows as a technical requirement.

    A requirement that holds the figure already is brought up to date; its own words stay.
    """
    technical = _technical(snapshot, project)
    holding = {one.sized: key for key, one in technical.items() if one.sized}
    fields: dict[Address, dict[tuple[str, ...], object]] = {}
    for name, value in (given or {}).items():
        place, stated = INPUTS[name], stated_by(snapshot.plan, project, name)
        if stated is not None:
            address = Address("business", project, stated[0])
            fields.setdefault(address, {})["figure",] = value
        elif place.question:
            assessment = fields.setdefault(Address("assessment", project, "assessment"), {})
            assessment["answers", place.question, "values", place.figure] = value
    for one in size(snapshot, project, given).results:
        if isinstance(one.figure, Explained):
            key = holding.get(one.id) or free_id(one.id, technical)
            fields[Address("technical", project, key)] = dict(_kept(one, one.figure, technical.get(key)))
    return edit_each(snapshot.plan, fields, f"{project}: sizes from the business requirements")


def _kept(
    one: Sized, figure: Explained, before: TechnicalRequirement | None
) -> Iterator[tuple[tuple[str, ...], object]]:
    if before is None:
        yield ("title",), one.title
        yield ("sized",), one.id
    yield ("figure",), round(figure.value, 4)
    yield ("unit",), figure.unit or None
    serves = list(dict.fromkeys((*(before.serves if before else ()), *one.serves)))
    yield ("serves",), serves or None
    yield ("arithmetic",), "; ".join(figure.steps)


def said(one: Deviation) -> str:
    """A deviation in words."""
    if one.found is None:
        return f"{amount(one.kept)}, and nothing of that kind follows for the mode {one.mode}"
    assert isinstance(one.found.figure, Explained)
    unit = one.found.figure.unit
    return f"{amount(one.kept, unit)}, and {amount(one.found.figure.value, unit)} follow from what it serves"


def _technical(snapshot: Snapshot, project: str) -> Mapping[str, TechnicalRequirement]:
    record = snapshot.plan.requirements(project)
    return record.technical if record is not None else {}
