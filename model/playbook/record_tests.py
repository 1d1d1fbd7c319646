"""What the playbook asks of records: which of them count for a question, and what each must say.

One small language, like the conditions beside it: parsed once into values that can only compare, never run as code.

    unit                         it is given; a yes/no field is yes
    personal_data given          it is given, no included
    not personal_data            it is no, or not given
    role == 'mlops'              != the other way; several texts are joined by `or`
    start != target              a field against a field or a number: >=, >, <=, <, ==, !=
    target better than start     which way is better the record says, or the words of its title
    by ahead                     a day after today; `past` is today or before
    why in words                 a few words at least
    guardrails.value             in every entry of a table, of which there is one at least

`or` between tests: one of them is enough.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from ..records.values import is_table
from ..text.wording import is_placeholder, lacks_words
from .conditions import COMPARE, read_number, short, written_number

_FIELD = r"[a-z_]+(?:\.[a-z_]+)?"
_NUMBER = r"-?\d+(?:\.\d+)?"
_FORMS = (
    re.compile(rf"(?P<field>{_FIELD})"),
    re.compile(rf"(?P<field>{_FIELD}) (?P<how>given|ahead|past|in words)"),
    re.compile(rf"(?P<how>not) (?P<field>{_FIELD})"),
    re.compile(rf"(?P<field>{_FIELD})\s*(?P<how>==|!=)\s*'(?P<text>[^']*)'"),
    re.compile(rf"(?P<field>{_FIELD})\s*(?P<how>>=|<=|==|!=|>|<)\s*(?P<number>{_NUMBER})"),
    re.compile(rf"(?P<field>{_FIELD})\s*(?P<how>>=|<=|==|!=|>|<)\s*(?P<other>{_FIELD})"),
    re.compile(rf"(?P<field>{_FIELD}) (?P<how>better than) (?P<other>{_FIELD})"),
)
_WAYS = {
    "lower": "fewer less lower reduce reduces reduced reduction decrease cut cuts shorter shorten cheaper halve "
    "smaller minimise minimize",
    "higher": "more higher increase increases raise grow growth double improve improved maximise maximize",
}
"""Words of a title that say which way is better."""
_WAY_OF = {word: way for way, words in _WAYS.items() for word in words.split()}


@dataclass(frozen=True)
class Term:
    """One test of one field."""

    field: str
    how: str = ""
    """Empty: given, and not no."""
    value: str | float = ""
    """What it is held against: a text, a number, or another field where `to_field`."""
    to_field: bool = False

    def lacks(self, record: object, today: dt.date) -> str:
        """What the record lacks to pass, in words; empty where it passes."""
        values = _values(record, self.field)
        if self.how == "not":
            return f"{self.field} is {_shown(values[0])}" if any(map(_is_yes, values)) else ""
        given = [
            value for value in values if _is_given(value) or (self.field in NAMING and _is_initial(value))
        ]
        if len(given) < len(values) or not values:
            return "" if self.how == "!=" and not self.to_field else f"no {self.field}"
        for value in given:
            if wrong := self._wrong(record, value, today):
                return wrong
        return ""

    def _wrong(self, record: object, value: object, today: dt.date) -> str:
        match self.how:
            case "" | "given":
                return f"{self.field} is no" if value is False and not self.how else ""
            case "ahead" | "past":
                if not isinstance(value, dt.date):
                    return f"{self.field} is not a day"
                is_ahead = value > today
                return (
                    ""
                    if is_ahead == (self.how == "ahead")
                    else (f"{self.field} {value} is {'ahead' if is_ahead else 'not ahead'}")
                )
            case "in words":
                wrong = lacks_words(str(value))
                return f"{self.field}: {wrong}" if wrong else ""
            case _:
                return self._unequal(record, value)

    def _unequal(self, record: object, value: object) -> str:
        other: object = self.value
        if self.to_field:
            (other, *_) = _values(record, str(self.value)) or [None]
            if not _is_given(other):
                return f"no {self.value}"
        how, reason = self.how, ""
        if how == "better than":
            how, reason = _better(record)
        try:
            holds = cast("Callable[[object, object], bool]", COMPARE[how])(value, other)
        except TypeError:
            holds = False
        if holds:
            return ""
        if self.how == "better than":
            return f"{self.field} {_shown(value)} is not better than {self.value} {_shown(other)}{reason}"
        return f"{self.field} is {_shown(value)}"

    def __str__(self) -> str:
        if self.how in ("", "given", "ahead", "past", "in words"):
            return f"{self.field} {self.how}".rstrip()
        if self.how == "not":
            return f"not {self.field}"
        value = self.value
        text = (
            str(value) if self.to_field else f"'{value}'" if isinstance(value, str) else written_number(value)
        )
        return f"{self.field} {self.how} {text}"


@dataclass(frozen=True)
class RecordTest:
    """Tests of which one is enough."""

    terms: tuple[Term, ...]

    def lacks(self, record: object, today: dt.date) -> str:
        """What a record, or anything with such attributes, lacks to pass; empty where it passes."""
        found = [term.lacks(record, today) for term in self.terms]
        return "" if "" in found else ", and ".join(dict.fromkeys(found))

    def matches(self, record: object, today: dt.date = dt.date.min) -> bool:
        """Whether a record passes."""
        return not self.lacks(record, today)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that are looked at, of a table its name."""
        return tuple(dict.fromkeys(name.partition(".")[0] for term in self.terms for name in _names(term)))

    @property
    def in_words(self) -> str:
        """As a person would set it: `interest=pays`."""
        return " or ".join(
            f"{one.field}={one.value}" if one.how == "==" and not one.to_field else str(one)
            for one in self.terms
        )

    def unknown(self, fields: Collection[str]) -> list[str]:
        """Names that are not among a record's fields."""
        return [name for name in self.fields if name not in fields]

    def __str__(self) -> str:
        return " or ".join(map(str, self.terms))


def parse_test(text: str) -> RecordTest:
    """The test in a text. Raises ValueError with the forms that are allowed."""
    # An `or` inside quotes belongs to the text.
    parts = re.split(r"\s+or\s+(?=(?:[^']*'[^']*')*[^']*$)", short(text))
    return RecordTest(tuple(map(_term, parts)))


def _term(text: str) -> Term:
    for form in _FORMS:
        found = form.fullmatch(text.strip())
        if found is None:
            continue
        groups = found.groupdict("")
        if "number" in groups:
            return Term(groups["field"], groups["how"], read_number(groups["number"]))
        value = groups.get("text", "") or groups.get("other", "")
        return Term(groups["field"], groups.get("how", ""), value, to_field="other" in groups)
    raise ValueError(
        f"{text!r} is none of: field, field given, not field, field == 'text', field >= 3, field != other, "
        "field better than other, field ahead, field past, field in words, table.field, or several joined by 'or'"
    )


def _names(term: Term) -> Iterator[str]:
    yield term.field
    if term.to_field:
        yield str(term.value)


def _values(record: object, field: str) -> list[object]:
    """The values of a field; of `table.field` one for each entry of the table."""
    name, dot, inner = field.partition(".")
    value = getattr(record, name, None)
    if not dot:
        return [value]
    entries: Mapping[str, object] = value if is_table(value) else {}
    return [getattr(entry, inner, None) for entry in entries.values()]


def _is_given(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and not is_placeholder(value)
    return value is not None and value not in ((), {})


NAMING = ("owner",)
"""Fields that name a person or a team, who may be `y`; whether there is one, a rule of check says."""


def _is_initial(value: object) -> bool:
    return isinstance(value, str) and len(value) == 1 and value.isalpha()


def _is_yes(value: object) -> bool:
    return _is_given(value) and value is not False


def _better(record: object) -> tuple[str, str]:
    """How a value compares that is better, and where that is said; any other value where nothing says it."""
    said = getattr(record, "better", None)
    if said in ("higher", "lower"):
        return (">" if said == "higher" else "<"), f" (better={said})"
    title = str(getattr(record, "title", "") or "")
    for word in re.findall(r"\w+", title):
        way = _WAY_OF.get(word.casefold(), "")
        if way:
            other = "higher" if way == "lower" else "lower"
            return ("<" if way == "lower" else ">"), f" ({word!r} says {way}; better={other} says otherwise)"
    return "!=", ""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return repr(value) if isinstance(value, str) else str(value)
