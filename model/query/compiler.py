"""From the tree of a query to one function that says of a record whether it matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..plan.ids import similar
from ..playbook.outline import STEPS
from .context import Context, fold
from .field import Field, Test, any_of, negated
from .fields import CARD_FIELDS, PROJECT_FIELDS
from .syntax import And, Comparison, Not, Or, Query, QueryError, Word

if TYPE_CHECKING:
    from ..records.card import Card
    from ..records.project import Project


def compile_query(query: Query, context: Context) -> Callable[[Card], bool]:
    """Whether a card matches. Raises QueryError for fields and values that do not exist."""
    return _compile(query, context, CARD_FIELDS)


def compile_project_query(query: Query, context: Context) -> Callable[[Project], bool]:
    """Whether a project matches. Raises QueryError for fields and values that do not exist."""
    return _compile(query, context, PROJECT_FIELDS)


def _compile(query: Query, context: Context, fields: Mapping[str, Field]) -> Test:
    match query:
        case Word():
            return _word(query, context)
        case Not():
            return negated(_compile(query.inner, context, fields))
        case And():
            return _all_of([_compile(part, context, fields) for part in query.parts])
        case Or():
            return any_of([_compile(part, context, fields) for part in query.parts])
        case Comparison():
            return _field(query, context, fields)


def _word(word: Word, context: Context) -> Test:
    wanted, text = fold(word.text), context.index.text
    return lambda record: wanted in text(record)


def _field(comparison: Comparison, context: Context, fields: Mapping[str, Field]) -> Test:
    field = fields.get(comparison.name)
    if field is None:
        near = similar(comparison.name, fields)
        others = {name: one for name, one in fields.items() if name not in near}
        hint = _elsewhere(comparison, context, others)
        hint = hint or f"text with a {comparison.operator} in it goes in quotes"
        raise QueryError(
            f"there is no field {comparison.name!r}; {hint}", comparison.position, near or tuple(fields)
        )
    if comparison.operator not in field.operators:
        raise QueryError(
            f"{field.name} cannot be compared with {comparison.operator}",
            comparison.position + len(field.name),
            tuple(f"{field.name}{operator}" for operator in field.operators),
        )
    if len(comparison.values) > 1 and comparison.operator not in (":", "=", "!="):
        raise QueryError(f"{comparison.operator} takes one value", comparison.value_position)
    try:
        return field.build(comparison, context)
    except QueryError as error:
        hint = _elsewhere(comparison, context, fields)
        if not hint:
            raise
        raise QueryError(f"{error.message}; {hint}", error.position, error.expected) from error


_WORDS = ("is", "status", "phase", "stage")
"""Fields with words of their own, which people look for in each other: `status:blocked` is `is:blocked`."""


def _elsewhere(comparison: Comparison, context: Context, fields: Mapping[str, Field]) -> str:
    """Which other field has the values that were asked for; empty where none has."""
    steps = {step.id for step in STEPS}
    for name in (*_WORDS, "step", "owner"):
        if name == comparison.name or name not in fields or comparison.operator not in fields[name].operators:
            continue
        other = replace(comparison, name=name)
        if (name == "step" and not steps.issuperset(other.values)) or (
            name == "owner" and not context.plan.people.keys() >= {*other.values}
        ):
            continue
        try:
            fields[name].build(other, context)
        except QueryError:
            continue
        return f"{other} finds that"
    return ""


def _all_of(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda record: first(record) and second(record)

    def test(record: object) -> bool:
        for one in tests:  # noqa: SIM110  a generator would cost as much as the tests
            if not one(record):
                return False
        return True

    return test
