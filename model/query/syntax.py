"""The form of a query: text to tree and back.

    query  = [ either ]
    either = both { "or" both }
    both   = term { [ "and" ] term }
    term   = ( "-" | "not" ) term | "(" either ")" | field operator values | "#" values | word
    values = value { "," value }

Words and values may be in double quotes, in which `\\"` and `\\\\` mean a quote and a backslash. The tree knows
nothing of fields and plans, so that the board can keep a text as it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, cast

Operator = Literal[":", "=", "!=", "<", "<=", ">", ">="]

_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*)(!=|<=|>=|[:=<>])")
_OPERATOR = re.compile(r"!=|<=|>=|[:=<>]")
_WORD = re.compile(r'[^\s()"]+')
_VALUE = re.compile(r'[^\s(),"]+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SPACE = re.compile(r"\s*")
_KEYWORD = re.compile(r"(and|or|not)(?![^\s()])", re.IGNORECASE)
_DEEPEST = 50


class QueryError(ValueError):
    """What is wrong with a query, where, and what was expected there."""

    def __init__(self, message: str, position: int, expected: tuple[str, ...] = ()) -> None:
        self.message = message
        self.position = position
        """Characters before the place, from 0."""
        self.expected = expected
        """What could be there, the likeliest first; empty where it cannot be listed."""
        listed = f"; expected {_listed(expected)}" if expected else ""
        super().__init__(f"{message} (at character {position + 1}){listed}")


@dataclass(frozen=True)
class Word:
    """A word or a phrase somewhere in the text of a record."""

    text: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.text if _is_bare_word(self.text) else _quote(self.text)


@dataclass(frozen=True)
class Comparison:
    """A field against one value or several alternatives."""

    name: str
    """Of the field, in lower case."""
    operator: Operator
    values: tuple[str, ...]
    position: int = field(default=0, compare=False)
    value_position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.name}{self.operator}{','.join(map(_value, self.values))}"


@dataclass(frozen=True)
class Not:
    """All that the inner query does not match."""

    inner: Query

    def __str__(self) -> str:
        return f"-{_inside(self.inner)}"


@dataclass(frozen=True)
class And:
    """What all of the parts match; without parts, everything."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(map(_inside, self.parts))


@dataclass(frozen=True)
class Or:
    """What at least one of the parts matches."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " or ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


Query = Word | Comparison | Not | And | Or


def parse_query(text: str) -> Query:
    """The tree of a query; an empty text is `And(())`, which matches everything. Raises QueryError."""
    return _Parser(text).query()


class _Parser:
    """Recursive descent over one text; `at` is the first character that was not read yet."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def query(self) -> Query:
        self.skip_space()
        if self.at == len(self.text):
            return And(())
        tree = self.either()
        if self.at < len(self.text):
            raise QueryError("there is no ( for this )", self.at)
        return tree

    def either(self) -> Query:
        parts = [self.both()]
        while self.keyword("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Query:
        parts = [self.term()]
        while self.at < len(self.text) and self.text[self.at] != ")" and self.peek() != "or":
            self.keyword("and")
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def term(self) -> Query:
        start = self.at
        if self.at == len(self.text) or self.text[self.at] == ")" or self.peek() in ("and", "or"):
            raise QueryError("something to look for is missing here", start, ("a word", "field:value"))
        if self.text[self.at] == "(":
            return self.nested(self.group)
        if self.keyword("not"):
            return self.nested(lambda: Not(self.term()))
        if self.text[self.at] == "-":
            self.at += 1
            if self.at == len(self.text) or self.text[self.at].isspace():
                raise QueryError("- goes directly before what it leaves out", start, ("-word", '"-"'))
            return self.nested(lambda: Not(self.term()))
        found = self.leaf(start)
        if self.at < len(self.text) and self.text[self.at] == '"':
            raise QueryError("a space is missing before this quote", self.at)
        self.skip_space()
        return found

    def nested(self, read: Callable[[], Query]) -> Query:
        if self.depth == _DEEPEST:
            raise QueryError(f"more than {_DEEPEST} levels of ( and not", self.at)
        self.depth += 1
        tree = read()
        self.depth -= 1
        return tree

    def group(self) -> Query:
        start = self.at
        self.at += 1
        self.skip_space()
        tree = self.either()
        if self.at == len(self.text):
            raise QueryError("this ( is not closed", start, (")",))
        self.at += 1
        self.skip_space()
        return tree

    def leaf(self, start: int) -> Query:
        text = self.text
        if text[start] == '"':
            return Word(self.quoted(), start)
        if text[start] == "#":
            self.at += 1
            return Comparison("tag", ":", self.values("#"), start, start + 1)
        if found := _FIELD.match(text, start):
            self.at = found.end()
            operator = cast("Operator", found[2])
            return Comparison(found[1].lower(), operator, self.values(found[0]), start, found.end())
        if found := _OPERATOR.match(text, start):
            raise QueryError(
                f"{found[0]} goes directly after its field, without a space", start, ("due<fri",)
            )
        found = _WORD.match(text, start)
        assert found is not None  # neither a space, a quote nor a parenthesis
        self.at = found.end()
        return Word(found[0], start)

    def values(self, after: str) -> tuple[str, ...]:
        found: list[str] = []
        while True:
            if self.text[self.at : self.at + 1] == '"':
                value = self.quoted()
            else:
                bare = _VALUE.match(self.text, self.at)
                value = bare[0] if bare else ""
                self.at += len(value)
            if not value:
                raise QueryError(f"a value is missing after {',' if found else after}", self.at)
            found.append(value)
            if self.text[self.at : self.at + 1] != ",":
                return tuple(found)
            self.at += 1

    def quoted(self) -> str:
        found = _QUOTED.match(self.text, self.at)
        if not found:
            raise QueryError("this quote is not closed", self.at, ('"',))
        if not found[1]:
            raise QueryError("there is nothing between these quotes", self.at)
        self.at = found.end()
        return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)

    def peek(self) -> str:
        found = _KEYWORD.match(self.text, self.at)
        return found[1].lower() if found else ""

    def keyword(self, word: str) -> bool:
        if self.peek() != word:
            return False
        self.at += len(word)
        self.skip_space()
        return True

    def skip_space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found is not None  # it matches the empty text too
        self.at = found.end()


def _inside(query: Query) -> str:
    return f"({query})" if isinstance(query, And | Or) else str(query)


def _is_bare_word(text: str) -> bool:
    return (
        _WORD.fullmatch(text) is not None
        and text[0] not in "-#"
        and not _FIELD.match(text)
        and not _OPERATOR.match(text)
        and not _KEYWORD.fullmatch(text)
    )


def _value(text: str) -> str:
    is_bare = _VALUE.fullmatch(text) is not None and not _OPERATOR.match(text)
    return text if is_bare else _quote(text)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
