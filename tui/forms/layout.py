"""How a form is laid out: fields below headings, in the order in which a person fills them in, the rare ones folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...model.plan.field_spec import Shape
from ...model.records.base import Entry
from .fields import Field

MORE = Field(("",), Shape("more", "text", "fields that are rarely needed", label="More"), "more")
"""The row that unfolds the others."""
_RARE = frozenset({"rank", "format", "allow"})
"""What is folded where a model says nothing: what other actions write."""


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
