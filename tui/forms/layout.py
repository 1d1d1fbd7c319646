"""How a form is laid out: fields below headings, in the order in which a person fills them in, the rare ones folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...model.plan.field_spec import Shape
from ...model.records.base import Entry
from .fields import Field

MORE = Field(("",), Shape("more", "text", "fields that are rarely needed", label="More"), "more")
"""The row that unfolds the others."""
_RARE = frozenset({"rank", "format", "allow"})
"""What is folded where a model says nothing: what other actions write."""
_FEWEST = 4
"""Fields that are laid out in two columns, at least."""
_UNEVEN = 3
"""Fields that one column may have more than the other for the sake of whole groups."""


@dataclass(frozen=True)
class Group:
    """Fields with a heading, which may be empty."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Layout:
    """All fields of a form."""

    groups: tuple[Group, ...]
    more: tuple[Field, ...] = ()
    """Those that are folded."""

    @classmethod
    def of(cls, model: type[Entry], fields: Iterable[Field]) -> Layout:
        """The layout that a model wants for its fields, and for those that it does not know."""
        left = list(fields)
        groups: list[Group] = []

        def take(title: str, chosen: Iterable[Field]) -> None:
            some = tuple(chosen)
            if some:
                groups.append(Group(title, some))
            for one in some:
                left.remove(one)

        take("", [one for one in left if one.path == ("id",) and not one.shape.optional])
        if model.FORM:
            for title, names in model.FORM:
                take(title, [one for name in names for one in left if one.path[0] == name])
        else:
            take(
                "",
                [
                    one
                    for one in left
                    if len(one.path) == 1
                    and one.kind not in ("section", "kept")
                    and one.name not in {*_RARE, "id"}
                ],
            )
            for table in dict.fromkeys(
                one.path[0] for one in left if len(one.path) > 1 and one.kind != "kept"
            ):
                take(table.replace("_", " ").capitalize(), [one for one in left if one.path[0] == table])
        take("Lists", [one for one in left if one.kind == "section"])
        take("Others", [one for one in left if one.kind == "kept"])
        return cls(tuple(groups), tuple(left))

    def shown(self, *, unfolded: bool) -> list[Field]:
        """The fields that can be gone into, in their order."""
        found = [one for group in self.groups for one in group.fields]
        return found + ([MORE] if self.more else []) + (list(self.more) if unfolded else [])

    def heading_of(self, field: Field) -> str:
        """The heading that is beside a field: only beside the first of its group."""
        return next((group.title for group in self.groups if group.fields[0] is field), "")

    def group_of(self, field: Field) -> str:
        """The title of the group that a field is in; empty for one that is in none."""
        return next((group.title for group in self.groups if any(one is field for one in group.fields)), "")

    def bands(self, fields: Sequence[Field], *, is_wide: bool) -> list[Band]:
        """The fields of a form from the top down: in two columns where the form is wide and they are short."""
        bands: list[Band] = []
        for run in self._runs(fields):
            cut = self._cut(fields, run) if is_wide else len(run)
            bands.append(Band(tuple(run[:cut]), tuple(run[cut:])))
        return bands

    @staticmethod
    def _runs(fields: Sequence[Field]) -> Iterator[list[int]]:
        """Fields that can be beside each other; the first field and long ones have the width for themselves."""
        run: list[int] = []
        for index, one in enumerate(fields):
            if index == 0 or one.is_long or one is MORE:
                yield from filter(None, (run, [index]))
                run = []
            else:
                run.append(index)
        yield from filter(None, (run,))

    def _cut(self, fields: Sequence[Field], run: Sequence[int]) -> int:
        """How many of a run are in the left column: whole groups where that is about even."""
        count = len(run)
        if count < _FEWEST:
            return count
        cuts = [at for at in range(1, count) if self.heading_of(fields[run[at]])]
        best = min(cuts, key=lambda at: abs(2 * at - count), default=0)
        return best if cuts and abs(2 * best - count) <= _UNEVEN else (count + 1) // 2


@dataclass(frozen=True)
class Band:
    """Fields, by their numbers, that are below each other, or in two columns beside each other."""

    left: tuple[int, ...]
    right: tuple[int, ...] = ()

    @property
    def columns(self) -> tuple[tuple[int, ...], ...]:
        """The columns that there are."""
        return (self.left, self.right) if self.right else (self.left,)


def vertical(bands: Sequence[Band], index: int, step: int) -> int:
    """The field above or below another in its column; beyond the column's end that of the next band."""
    for at, band in enumerate(bands):
        for side, column in enumerate(band.columns):
            if index not in column:
                continue
            there = column.index(index) + step
            if 0 <= there < len(column):
                return column[there]
            if not 0 <= at + step < len(bands):
                return index
            beyond = bands[at + step].columns
            return beyond[min(side, len(beyond) - 1)][0 if step > 0 else -1]
    return index


def across(bands: Sequence[Band], index: int, tops: Mapping[int, int], towards: int = 0) -> int | None:
    """The field beside another: that which begins nearest to its row; None where there is none.

    `tops` are the first rows of the fields. `towards` is -1 for one at the left, 1 for one at the right, 0 for either.
    """
    for band in bands:
        if not band.right:
            continue
        if index in band.left and towards >= 0:
            other = band.right
        elif index in band.right and towards <= 0:
            other = band.left
        else:
            continue
        return min(other, key=lambda one: abs(tops[one] - tops[index]))
    return None
