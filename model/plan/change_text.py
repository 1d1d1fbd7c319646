"""Changes of fields in words: `estimate 2/3/8 → 3/5/9 days`, `owner mira → sam`, `needs +schema-9x4p`.

What is said holds text from files as it is written there; whoever shows it makes it safe for the place.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ..records.base import Entry, sections, tables
from ..records.kinds import entry_name, record_model
from ..records.values import is_list, is_table
from ..text.dates import say_date
from .change import MISSING, FieldChange
from .field_spec import Shape, said_text, shapes, value_shape

LONG = 60
"""Characters above which two texts are compared by words."""
MOST_WORDS = 3_000
"""Words of a text that is compared by words; of a longer one the numbers of words are said."""
MOST_SAID = 800
"""Characters of a text compared by words that are shown; `--full` shows a hundred times as many."""
AROUND = 3
"""Words that are kept before and after a change."""
FIGURES = frozenset({"number", "whole", "flag", "date", "dates", "estimate", "choice", "figure", "verdict"})
"""Controls of fields that hold no free text."""
_UNITS: Mapping[str, str] = {"working days": "days", "1 to 5": ""}


class FieldWords:
    """How changes of fields are said: with which day and currency, and whether with free text."""

    def __init__(
        self, today: dt.date, currency: str, *, with_text: bool = True, in_full: bool = False
    ) -> None:
        self._today = today
        self._currency = currency
        self._with_text = with_text
        self._longest = MOST_SAID * 100 if in_full else MOST_SAID

    def line(self, kind: str, field: FieldChange) -> str:
        """A change of a record of a kind in a line: `metric recall: target 0.3 → 0.2`."""
        where, said = self.said(kind, field)
        return f"{' '.join(where)}: {said}" if where else said

    def said(self, kind: str, field: FieldChange) -> tuple[tuple[str, ...], str]:
        """The entry that a field belongs to, and the change in words."""
        model, first, rest = record_model(kind), field.path[0], field.path[1:]
        if rest and first in sections(model):
            inner, where = sections(model)[first], (entry_name(kind, first), rest[0])
            said = self._entry(inner, field) if len(rest) == 1 else self._value(inner, rest[1:], field)
            return where, said
        if rest and first in tables(model):
            table = tables(model)[first]
            if table is not None:
                return (first,), self._value(table, rest, field)
            return (first,), self._said(rest[0], value_shape(model, first), field)
        return (), self._value(model, field.path, field)

    def _entry(self, model: type[Entry], field: FieldChange) -> str:
        """A whole entry that came or went."""
        value = field.after if field.before is MISSING else field.before
        what = "added" if field.before is MISSING else "removed"
        if not is_table(value):
            return f"{what} {self._plain(value)}"
        title = str(value.get(model.LABEL, ""))
        told = [
            f"{name.replace('_', ' ')} {self._shown(shape, value[name])}"
            for name, shape in shapes(model).items()
            if name in value and name not in (model.LABEL, "rank") and shape.control in FIGURES
        ]
        title = f' "{title}"' if title else ""
        return f"{what}{title}" + (f" ({', '.join(told)})" if told else "")

    def _value(self, model: type[Entry], path: Sequence[str], field: FieldChange) -> str:
        name = ".".join(path)
        return self._said(name, shapes(model).get(path[0]) if len(path) == 1 else None, field)

    def _said(self, name: str, shape: Shape | None, field: FieldChange) -> str:
        """`name before → after`; of lists what came and went, of long texts the words."""
        before, after = field.before, field.after
        name = name.replace("_", " ")
        if not self._with_text and not _is_plain(shape):
            return f"{name} changed"
        if is_list(before) or is_list(after):
            if shape is None or shape.control != "estimate":
                return f"{name} {_list_change(before, after)}"
        elif isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > LONG:
            return f"{name} {cut(by_words(before, after), self._longest)}"
        if before is MISSING:
            return f"{name} {self._shown(shape, after)}"
        if after is MISSING:
            return f"{name} cleared (was {self._shown(shape, before)})"
        old, new = self._shown(shape, before, with_unit=False), self._shown(shape, after)
        return f"{name} {old} → {new}"

    def _shown(self, shape: Shape | None, value: object, *, with_unit: bool = True) -> str:
        """A value as a person reads it."""
        if isinstance(value, dt.date):
            return say_date(value, self._today) if abs((value - self._today).days) > 1 else value.isoformat()
        if shape is None:
            return self._plain(value)
        text = said_text(shape, value)
        if isinstance(value, str) and shape.control in ("line", "text"):
            text = f'"{cut(text)}"' if " " in text or not text else cut(text)
        unit = _UNITS.get(shape.unit, shape.unit).replace("the board's currency", self._currency)
        return f"{text} {unit}" if unit and with_unit and not isinstance(value, str) else text

    def _plain(self, value: object) -> str:
        """A value that no model knows."""
        return cut(value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False))


def cut(text: str, most: int = 200) -> str:
    """A text in one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _is_plain(shape: Shape | None) -> bool:
    """Whether a field says nothing in free text: figures, dates, choices, ids, titles."""
    return shape is not None and (
        shape.control in FIGURES or bool(shape.refers) or shape.name in ("title", "place", "name")
    )


def is_shown_without_text(kind: str, path: Sequence[str]) -> bool:
    """Whether a field of a kind of record may be shown where free text may not."""
    model: type[Entry] = record_model(kind)
    if path[0] in sections(model):
        if len(path) < 3:
            return False
        model, path = sections(model)[path[0]], path[2:]
    return len(path) == 1 and _is_plain(shapes(model).get(path[0]))


def _list_change(before: object, after: object) -> str:
    """What came into a list and what went."""
    old = [str(one) for one in before] if is_list(before) else []
    new = [str(one) for one in after] if is_list(after) else []
    came = [f"+{cut(one)}" for one in new if one not in old]
    went = [f"-{cut(one)}" for one in old if one not in new]
    return ", ".join((*came, *went)) or "in another order"


def by_words(before: str, after: str) -> str:
    """Two texts as one, with `[-what went-]` and `{+what came+}`, and a few words around each."""
    old, new = re.findall(r"\S+", before), re.findall(r"\S+", after)
    if max(len(old), len(new)) > MOST_WORDS:
        return f"rewritten: {len(old):,} words → {len(new):,}"
    if old == new:
        return "in other lines"
    return " ".join(_words(old, new))


def _words(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=len(old) > 500)
    steps = matcher.get_opcodes()
    for number, (step, start, end, first, last) in enumerate(steps):
        if step == "equal":
            words = old[start:end]
            head = AROUND if number else 0
            tail = AROUND if number + 1 < len(steps) else 0
            if len(words) <= head + tail:
                yield from words
            else:
                yield from words[:head]
                yield "…"
                yield from words[len(words) - tail :]
            continue
        if end > start:
            yield f"[-{' '.join(old[start:end])}-]"
        if last > first:
            yield f"{{+{' '.join(new[first:last])}+}}"
