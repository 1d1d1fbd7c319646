"""Changes of records in words, a line for each part of a record that differs."""

from __future__ import annotations

from dataclasses import replace

from ..plan.change import FieldChange
from ..plan.change_text import FieldWords
from ..records.base import Entry, sections
from ..records.kinds import record_model
from ..text.named import named
from ..value.proof import with_states
from .changes import RecordChange

_MAIN = ("status", "place", "estimate", "owner", "skill", "milestone", "due", "needs", "target", "cost")
"""Fields that are said of a record that came."""


_OF_ENTRY = 2
"""Words that say where a change is, of an entry: what it is, and its key."""


class Wording(FieldWords):
    """How changes are said: with which day and currency, and whether with free text."""

    def lines(self, one: RecordChange) -> list[str]:
        """What differs in a record, a line for each entry, and one for its own fields."""
        model = record_model(one.address.kind)
        lines: dict[tuple[str, ...], list[str]] = {}
        for field in one.fields:
            if one.what in ("added", "removed") and not self._is_main(model, field):
                continue
            where, said = self.said(one.address.kind, _with_states(field))
            lines.setdefault(_titled(one, field, where), []).append(said)
        if (old := one.was) is not None:
            is_moved = old.project != one.address.project
            name = f"{old.project}/{old.id}" if is_moved else old.id
            lines.setdefault((), []).insert(0, f"renamed from {name}")
        found: list[str] = []
        for where, parts in lines.items():
            said = ", ".join(parts)
            found.append(f"{' '.join(where)}: {said}" if where else said)
        if (
            one.change.before is not None
            and one.change.after is not None
            and not one.fields
            and one.was is None
        ):
            found.append("the part of its file that cannot be read has changed")
        return found

    @staticmethod
    def _is_main(model: type[Entry], field: FieldChange) -> bool:
        """Whether a field is worth a word of a record that came or went: what it is, how much, who, and its entries."""
        return field.path[0] in _MAIN or field.path[0] in sections(model)


def _with_states(field: FieldChange) -> FieldChange:
    """Links that are named as evidence, with the word that they are not opened."""
    if field.path[-1] != "evidence":
        return field
    return replace(field, before=with_states(field.before), after=with_states(field.after))


def _titled(one: RecordChange, field: FieldChange, where: tuple[str, ...]) -> tuple[str, ...]:
    """The entry that a field belongs to by its title: `metric`, `"Recall of the weekly lists" (churn-recall)`."""
    if len(where) != _OF_ENTRY:
        return where
    what, key = where
    for side in (one.change.after, one.change.before):
        entry = getattr(side, field.path[0], {}).get(key) if side is not None else None
        if isinstance(entry, Entry):
            return what, named(entry.label, key)
    return where
