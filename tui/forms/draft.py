"""What is in a form before it is saved: texts, what they change, and how that merges with what others did.

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
from ...model.text.dates import say_date
from .fields import Field, read, same_value, write

Choice = Literal["mine", "theirs", "edit"]
_SHARED = ("place", "stage", "milestone")
"""Fields that things which are added one after the other have in common."""
_SAID = 3
"""Changes that are said one by one."""
_SHORT = 24
"""Characters of a value that is said."""


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
        self._given: dict[Path, str] = {}

    def fill(self, given: Mapping[str, object], typed: Mapping[str, object]) -> None:
        """Fills fields with what the place brings with it, and what was typed elsewhere: only that is unsaved text."""
        for name, value in {**given, **typed}.items():
            if (name,) in self.fields:
                text = self.texts[name,] = write(self.fields[name,], value)
                if name == "place" or name not in typed:
                    self._given[name,] = text

    @property
    def has_unsaved_text(self) -> bool:
        """Whether something was typed that is not saved."""
        return bool(self.typed)

    @property
    def typed(self) -> list[Path]:
        """The fields in which something else is there than at first, and than what the place brings with it."""
        return [path for path in self.touched if self.texts[path] != self._given.get(path)]

    def _texts_of(self, data: Mapping[str, Any]) -> dict[Path, str]:
        return {path: write(field, get_path(data, path)) for path, field in self.fields.items()}

    def is_touched(self, path: Path) -> bool:
        """Whether something else is in a field than at first."""
        return self.texts[path] != self._first[path]

    @property
    def touched(self) -> list[Path]:
        """The fields in which something else is there than at first."""
        return [path for path in self.fields if self.is_touched(path)]

    def errors(self) -> dict[Path, str]:
        """For each touched field whose text cannot be its value, what was expected."""
        found: dict[Path, str] = {}
        for path in self.touched:
            try:
                self._value(path)
            except TextRefused as error:
                found[path] = str(error)
        return found

    def changes(self) -> dict[Path, object]:
        """The values to write, None to clear. Raises TextRefused where a text cannot be read."""
        found: dict[Path, object] = {}
        for path in self.touched:
            value = self._value(path)
            if not same_value(value, get_path(self.base, path)):
                found[path] = value
        return found

    def _value(self, path: Path) -> object:
        return read(self.fields[path], self.texts[path], self.today, get_path(self.base, path))

    def first_needed(self) -> Path:
        """The first field that must be filled in and is empty; no path where there is none."""
        needed = (path for path, one in self.fields.items() if len(path) == 1 and one.shape.is_needed)
        return next((path for path in needed if not self.texts[path]), ())

    def said(self) -> str:
        """What is changed, in words: "estimate 2/3/5 → 2/3/8, due → 25 Nov"."""
        words = [self._said(path) for path in self.touched]
        more = f" and {len(words) - _SAID} more" if len(words) > _SAID else ""
        return ", ".join(words[:_SAID]) + more

    def _said(self, path: Path) -> str:
        field = self.fields[path]
        name = field.label.lower()
        before, after = (_short(field, text, self.today) for text in (self._first[path], self.texts[path]))
        if field.is_long or max(len(before), len(after)) > _SHORT:
            return name
        return f"{name} {before} → {after or 'nothing'}" if before else f"{name} → {after}"

    def data(self) -> dict[str, Any]:
        """The base with the changes made. Raises TextRefused where a text cannot be read."""
        data = _copied(self.base)
        for path, value in self.changes().items():
            set_path(data, path, MISSING if value is None else value)
        return data

    def kept_for_another(self) -> dict[Path, object]:
        """The values that a new one of the same kind begins with: where it belongs."""
        return {
            (name,): get_path(self.data(), (name,))
            for name in _SHARED
            if (name,) in self.fields and get_path(self.data(), (name,)) is not MISSING
        }

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


def _short(field: Field, text: str, today: dt.date) -> str:
    """A value in words, as far as its text can be read."""
    text = text.strip()
    if field.kind != "date" or not text:
        return text
    try:
        day = read(field, text, today)
    except TextRefused:
        return text
    return say_date(day, today) if isinstance(day, dt.date) else text


def _copied(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, Mapping) else value for key, value in data.items()}
