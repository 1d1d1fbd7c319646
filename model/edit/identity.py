"""Whether two versions of a file are the same record, or two records that look alike.

Git keeps no names: it takes a file that went and a file that came for one that was renamed where half of their bytes
are the same, and two cards without notes are that alike. What a person does not write by chance tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..records.kinds import KINDS, record_model
from ..records.values import is_table, same

Identity = Literal["same", "unsure", "other"]
Side = Literal["ours", "theirs"]
OTHER: Mapping[Side, Side] = {"ours": "theirs", "theirs": "ours"}
_MOSTLY = 0.9
"""Share of the fields that says that a record without a title is the same."""


def identity(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Identity:
    """Whether what a file says now is the record that it was.

    The title, or an item of a checklist, says that it is. A rank stays through every move, and only the next card at
    the end of a column may get that of one that was removed: that is not sure. With neither it is another record.
    """
    label = record_model(kind).LABEL if kind in KINDS else ""
    if old.get(label) and same(old.get(label), new.get(label)):
        return "same"
    if _keys(old, "checklist") & _keys(new, "checklist"):
        return "same"
    if same(old.get("rank", 0), new.get("rank", 1)):
        return "unsure"
    names = old.keys() | new.keys()
    shared = sum(1 for name in names if name in old and same(old[name], new.get(name)))
    if not old.get(label) or not new.get(label):
        return "same" if shared >= _MOSTLY * len(names) else "unsure"
    return "other"


def _keys(data: Mapping[str, Any], section: str) -> set[str]:
    found = data.get(section)
    return set(found) if is_table(found) else set()


@dataclass(frozen=True)
class Triple:
    """Three versions of a file, as plain values."""

    kind: str
    base: Mapping[str, Any]
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]

    @property
    def doubtful(self) -> list[Side]:
        """The sides that may have the record of the base, where the other one may have another record."""
        if not (self.base and self.ours and self.theirs):
            return []
        return [side for side in OTHER if self.likeness(OTHER[side]) != "same"]

    def likeness(self, side: Side) -> Identity:
        """Whether a side has the record of the base."""
        return identity(self.kind, self.base, self.ours if side == "ours" else self.theirs)
