"""What stands in a form before it is saved: texts, what they change, and how that merges with what others did.

No terminal is needed here. The base is the record as it was when the form was opened; while others change the
record the base stays, until `rebase` puts the typed texts on top of the record as it is now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ...model.edit.merge import merge
from ...model.plan.change import MISSING, Path, get_path, set_path
from ...model.plan.field_spec import TextRefused
from .fields import Field, read, same_value, write

Choice = Literal["mine", "theirs", "edit"]


class Draft:
    """The texts of a form's fields."""

    def __init__(self, fields: Sequence[Field], base: Mapping[str, Any], today: dt.date) -> None:
        """`base` are the plain values that the record or entry has now; empty for a new one."""
        self.fields = {field.path: field for field in fields}
        """By path, those that are only read among them."""
        self.base: Mapping[str, Any] = base
        self.today = today
        self._first = self._texts_of(base)
        self.texts = dict(self._first)

    def _texts_of(self, data: Mapping[str, Any]) -> dict[Path, str]:
        return {path: write(field, get_path(data, path)) for path, field in self.fields.items()}

    def is_touched(self, path: Path) -> bool:
        """Whether something else stands in a field than at first."""
        return self.texts[path] != self._first[path]

    @property
    def touched(self) -> list[Path]:
        """The fields in which something else stands than at first."""
        return [path for path in self.fields if self.is_touched(path)]

    def errors(self) -> dict[Path, str]:
        """For each touched field whose text cannot be its value, what was expected."""
        found: dict[Path, str] = {}
        for path in self.touched:
            try:
                read(self.fields[path], self.texts[path], self.today)
            except TextRefused as error:
                found[path] = str(error)
        return found

    def changes(self) -> dict[Path, object]:
        """The values to write, None to clear. Raises TextRefused where a text cannot be read."""
        found: dict[Path, object] = {}
        for path in self.touched:
            value = read(self.fields[path], self.texts[path], self.today)
            if not same_value(value, get_path(self.base, path)):
                found[path] = value
        return found

    def data(self) -> dict[str, Any]:
        """The base with the changes made. Raises TextRefused where a text cannot be read."""
        data = _copied(self.base)
        for path, value in self.changes().items():
            set_path(data, path, MISSING if value is None else value)
        return data

    def conflicts(self, theirs: Mapping[str, Any]) -> list[Path]:
        """The fields that were changed here and, in another way, in the record as it is now."""
        merged = merge(self.base, self.data(), theirs)
        return [
            path for path in self.changes() if any(one.path[: len(path)] == path for one in merged.conflicts)
        ]

    def rebase(self, theirs: Mapping[str, Any], choices: Mapping[Path, Choice]) -> None:
        """Puts what was typed on top of the record as it is now; `choices` settle the fields in conflict."""
        merged = merge(self.base, self.data(), theirs).data
        changed = self.changes()
        first = self._texts_of(theirs)
        for path, field in self.fields.items():
            now = get_path(merged, path)
            if choices.get(path) == "theirs":
                self.texts[path] = first[path]
            elif path not in choices and not same_value(now, changed.get(path, get_path(self.base, path))):
                self.texts[path] = write(field, now)
        self.base, self._first = theirs, first


def _copied(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, Mapping) else value for key, value in data.items()}
