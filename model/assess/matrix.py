"""Qualities and concerns of a project, needed against reached: which axes there are is the playbook's to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..plan.plan import Plan
from ..playbook.rules import Axis, View
from ..records.address import Address
from ..records.kinds import ENTRIES
from ..records.requirements import Quality
from ..snapshot.snapshot import Snapshot
from .standing import Standing

WIDTH = 5
"""The highest level."""


@dataclass(frozen=True)
class Row:
    """One quality or concern; levels from 1 to 5, None where it is not said."""

    address: Address
    """Of its entry, which may not be there yet."""
    is_there: bool
    means: str
    needed: int | None
    reached: int | None
    why: str = ""
    met: int = 0
    """Questions about it that are met, of those that are asked of the project."""
    asked: int = 0

    @property
    def id(self) -> str:
        """What it is called."""
        return self.address.id

    @property
    def gap(self) -> int | None:
        """Levels that are missing; negative where there is more than is needed, None where that is not known."""
        return None if self.needed is None or self.reached is None else self.needed - self.reached

    @property
    def word(self) -> str:
        """Its state, in a few words."""
        if self.gap is None:
            return {(True, True): "not set", (True, False): "no need set"}.get(
                (self.needed is None, self.reached is None), "not graded"
            )
        if self.gap > 0:
            return f"short by {self.gap}"
        return "enough" if self.gap == 0 else f"{-self.gap} to spare"

    @property
    def state(self) -> str:
        """The state whose sign is beside the word."""
        return "unknown" if self.gap is None else "not met" if self.gap > 0 else "met"

    @property
    def bar(self) -> str:
        """Five cells that need no colour: # reached, - missing, + to spare."""
        needed, reached = self.needed or 0, self.reached or 0
        both = "#" * min(needed, reached) if self.gap is not None else "#" * reached
        more = "+" * (reached - len(both)) if self.needed is not None else ""
        return f"{both}{more}{'-' * (needed - reached)}".ljust(WIDTH, ".")


def matrices(snapshot: Snapshot, project: str, standing: Mapping[str, Standing]) -> dict[str, list[Row]]:
    """Rows by section (`qualities`, `concerns`): the axes of the playbook, then what the project has beside them."""
    return {
        view.section: list(_rows(snapshot.plan, view, project, standing))
        for view in snapshot.playbook.views
        if view.section
    }


def _rows(plan: Plan, view: View, project: str, standing: Mapping[str, Standing]) -> Iterator[Row]:
    kind = next(
        one.name for one in ENTRIES.values() if (one.record, one.section) == ("requirements", view.section)
    )
    there: dict[str, Quality] = {
        address.id: entry for address, entry in plan.entries(kind, project) if isinstance(entry, Quality)
    }
    asked = standing.get(view.needed_in)
    wanted: Mapping[str, float | str] = asked.reply.values if asked is not None else {}
    axes = {axis.id: axis for axis in view.axes}
    axes |= {key: Axis(id=key, means="") for key in there if key not in axes}
    for key, axis in axes.items():
        entry, level = there.get(key, Quality()), wanted.get(key)
        needed = (
            entry.needed
            if entry.needed is not None
            else int(level)
            if isinstance(level, int | float)
            else None
        )
        about = [standing[one] for one in axis.asked if one in standing and standing[one].counts]
        yield Row(
            Address(kind, project, key),
            key in there,
            axis.means,
            needed,
            entry.reached,
            entry.why or "",
            sum(one.met for one in about),
            len(about),
        )
