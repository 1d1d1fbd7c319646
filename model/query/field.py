"""Kinds of fields: one of a few values, an id, free text, a date or a figure, a state.

A field knows which operators and values it takes, and builds the test for one comparison. All that can be looked
up once (dates, ids, names of people) is looked up then, so that the test itself is a few steps per record.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from ..plan.ids import Resolved, resolve, similar
from ..text.dates import DateError, parse_date
from .context import CardDates, Context, fold
from .syntax import Comparison, Operator, QueryError

Test = Callable[[Any], bool]
Get = Callable[[Any], Any]

NONE = "none"
"""The value that asks for what is not set."""
EQUALITY: tuple[Operator, ...] = (":", "=", "!=")
ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SHOWN = 8
_NOTHING: tuple[object, ...] = (None, "", (), {})


@dataclass(frozen=True)
class Field:
    """A field of the language."""

    name: str
    about: str
    """What it asks, for help and completion."""
    operators: tuple[Operator, ...]
    build: Callable[[Comparison, Context], Test]
    """The test for a comparison whose operator is one of these. Raises QueryError for a value it does not take."""
    get: Get | None = None
    """The value in a record, for `has:` and `no:`; None where these make no sense."""


def any_of(tests: list[Test]) -> Test:
    """Whether one of the tests holds."""
    if len(tests) == 1:
        return tests[0]

    def test(record: object) -> bool:
        for one in tests:  # noqa: SIM110  a generator would cost as much as the tests
            if one(record):
                return True
        return False

    return test


def negated(test: Test) -> Test:
    """Whether a test does not hold."""
    return lambda record: not test(record)


def _one_of(comparison: Comparison, get: Get, wanted: Iterable[object]) -> Test:
    """Equality with one of the values; `!=` is true of what is not set."""
    values = frozenset(wanted)
    if comparison.operator == "!=":
        return lambda record: (get(record) or None) not in values
    if len(values) == 1:
        (value,) = values
        return lambda record: (get(record) or None) == value
    return lambda record: (get(record) or None) in values


def _bad_value(comparison: Comparison, message: str, expected: Iterable[str] = ()) -> QueryError:
    return QueryError(message, comparison.value_position, tuple(expected))


def choice(name: str, about: str, values: tuple[str, ...], *, can_be_unset: bool = False) -> Field:
    """A field with a few known values."""
    get = attrgetter(name)
    known = (*values, NONE) if can_be_unset else values

    def build(comparison: Comparison, _: Context) -> Test:
        wanted: list[str | None] = []
        for text in comparison.values:
            value = text.lower()
            if value not in known:
                near = similar(value, known)
                expected = (*near, *(one for one in known if one not in near))
                raise _bad_value(comparison, f"{name} is never {text!r}", expected)
            wanted.append(None if value == NONE and can_be_unset else value)
        return _one_of(comparison, get, wanted)

    return Field(name, about, EQUALITY, build, get if can_be_unset else None)


def reference(
    name: str,
    about: str,
    known: Callable[[Context], Iterable[str]],
    *,
    get: Get | None = None,
    can_be_unset: bool = True,
    is_person: bool = False,
) -> Field:
    """A field that names something in the plan; the value may be shortened to any unambiguous part."""
    value_of = get or attrgetter(name)

    def build(comparison: Comparison, context: Context) -> Test:
        names = set(known(context))
        wanted: list[str | None] = []
        for text in comparison.values:
            if can_be_unset and text.lower() == NONE and NONE not in names:
                wanted.append(None)
            elif is_person and text.lower() == "me" and "me" not in names:
                wanted.append(_me(comparison, context))
            else:
                wanted.append(match_id(comparison, text, resolve(text, names), names))
        return _one_of(comparison, value_of, wanted)

    return Field(name, about, EQUALITY, build, value_of if can_be_unset else None)


def match_id(comparison: Comparison, text: str, found: Resolved, names: Iterable[str] = ()) -> str:
    """The one id that a value means. Raises QueryError with the candidates, or with the nearest ids."""
    if found.match is not None:
        return found.match
    if found.candidates:
        raise _bad_value(comparison, f"{text!r} may mean several", found.candidates[:_SHOWN])
    raise _bad_value(
        comparison,
        f"{comparison.name}: nothing here is called {text!r}",
        found.nearest or sorted(names)[:_SHOWN],
    )


def _me(comparison: Comparison, context: Context) -> str:
    if context.me is None:
        raise _bad_value(comparison, "it is not known who asks; write the person's id instead of 'me'")
    return context.me


def text_field(name: str, about: str) -> Field:
    """A field with free text: `:` finds a part of it, `=` compares all of it; neither minds capitals."""
    get = attrgetter(name)

    def build(comparison: Comparison, _: Context) -> Test:
        wanted = [fold(text) for text in comparison.values]
        if comparison.operator != ":":
            whole = frozenset(wanted)
            is_wanted = comparison.operator == "="
            return lambda record: (fold(get(record) or "") in whole) == is_wanted

        def contains(part: str) -> Test:
            return lambda record: part in fold(get(record) or "")

        return any_of([contains(part) for part in wanted])

    return Field(name, about, EQUALITY, build, get)


def ordered(
    name: str, about: str, read: Callable[[Comparison, str, Context], object], get: Get | None = None
) -> Field:
    """A field with a date or a figure; nothing is before, after, more or less than what is not set."""
    value_of = get or attrgetter(name)

    def build(comparison: Comparison, context: Context) -> Test:
        compare = ORDER.get(comparison.operator)
        if compare is None:
            values = frozenset(
                None if text.lower() == NONE else read(comparison, text, context)
                for text in comparison.values
            )
            if comparison.operator == "!=":
                return lambda record: value_of(record) not in values
            return lambda record: value_of(record) in values
        limit = read(comparison, comparison.values[0], context)
        return lambda record: (value := value_of(record)) is not None and compare(value, limit)

    return Field(name, about, (*EQUALITY, "<", "<=", ">", ">="), build, value_of)


def scheduled(
    name: str,
    about: str,
    read: Callable[[Comparison, str, Context], object],
    pick: Callable[[CardDates], object],
) -> Field:
    """A field of the schedule, which is made when one of these is asked for; unset for cards without dates."""

    def build(comparison: Comparison, context: Context) -> Test:
        if context.dates is None:
            message = f"{name} needs a schedule, and there is none here"
            raise QueryError(message, comparison.position)
        dates = context.dates()

        def get(record: Any) -> object:
            found = dates.get(record.id)
            return None if found is None else pick(found)

        return ordered(name, about, read, get).build(comparison, context)

    return Field(name, about, (*EQUALITY, *ORDER), build)  # pyright: ignore[reportArgumentType]


def read_date(comparison: Comparison, text: str, context: Context) -> object:
    """A value as a date. Raises QueryError."""
    try:
        return parse_date(text, context.today)
    except DateError as error:
        expected = error.expected if comparison.operator in ORDER else f"{error.expected}, none"
        raise _bad_value(comparison, f"{text!r} is not a date", (expected,)) from error


def read_number(comparison: Comparison, text: str, _: Context) -> object:
    """A value as a finite number. Raises QueryError."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _bad_value(comparison, f"{text!r} is not a number", ("a number such as 3 or 0.5",))
    return number


States = Mapping[str, Callable[[Context], Test]]
"""What `is:` can ask for, each with its test."""


def _is(states: States) -> Field:
    def build(comparison: Comparison, context: Context) -> Test:
        known = [name for name in states if name != "critical" or context.dates is not None]
        tests: list[Test] = []
        for text in comparison.values:
            name = text.lower()
            if name == "mine":
                _me(comparison, context)
            if name in states and name not in known:
                raise _bad_value(comparison, "is:critical needs a schedule, and there is none here", known)
            if name not in states:
                near = similar(name, known)
                raise _bad_value(comparison, f"nothing can be {text!r}", near or known)
            tests.append(states[name](context))
        test = any_of(tests)
        return negated(test) if comparison.operator == "!=" else test

    return Field("is", f"a state: {', '.join(states)}", EQUALITY, build)


def _has(name: str, about: str, fields: Mapping[str, Field], extra: Mapping[str, Get]) -> Field:
    getters = {field.name: field.get for field in fields.values() if field.get} | dict(extra)
    is_set = name == "has"

    def build(comparison: Comparison, _: Context) -> Test:
        tests: list[Test] = []
        for text in comparison.values:
            get = getters.get(text.lower())
            if get is None:
                near = similar(text, getters)
                raise _bad_value(comparison, f"{name}: takes a field, not {text!r}", near or getters)
            tests.append(lambda record, get=get: (get(record) not in _NOTHING) == is_set)
        return any_of(tests)

    return Field(name, about, (":",), build)


def table(fields: Iterable[Field], states: States, extra: Mapping[str, Get]) -> dict[str, Field]:
    """The fields of a kind of record by name, with `is`, `has` and `no`; `extra` is what only these two ask."""
    named = {field.name: field for field in fields}
    has = _has("has", "a field that is set: has:due", named, extra)
    no = _has("no", "a field that is not set: no:owner", named, extra)
    return named | {"is": _is(states), "has": has, "no": no}
