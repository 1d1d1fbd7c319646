"""From the tree of a query to one function that says of a record whether it matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..ids import similar
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
        raise QueryError(
            f"there is no field {comparison.name!r}; text with a {comparison.operator} in it goes in quotes",
            comparison.position,
            near or tuple(fields),
        )
    if comparison.operator not in field.operators:
        raise QueryError(
            f"{field.name} cannot be compared with {comparison.operator}",
            comparison.position + len(field.name),
            tuple(f"{field.name}{operator}" for operator in field.operators),
        )
    if len(comparison.values) > 1 and comparison.operator not in (":", "=", "!="):
        raise QueryError(f"{comparison.operator} takes one value", comparison.value_position)
    return field.build(comparison, context)


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
