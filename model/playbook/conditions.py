"""The small languages of the playbook: when an answer counts as met, and when an item applies.

A playbook is data that any team may write, so that its conditions are parsed once, when it loads, into values
that can only compare. Nothing of them is ever run as code. What does not parse raises ValueError with the forms
that are allowed; the loader makes a problem of it. `str()` of a parsed condition parses to the same condition.

    pass     answered | yes | no | all | one-of:a,b | not:a,b | >= 3 | records >= 2 |
             lower bound >= arch-quality.minimum and result > 0
    when     disc-profile has 'labels made by people' | it-decision == 'retire' | disc-reach > 1000 |
             stage-poc-move == no | disc-aware lacks 'owner has accepted this in writing'

What records must say has its own module: `record_tests`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from types import MappingProxyType
from typing import NamedTuple

from ..records.address import is_id

Verdict = bool | int | float | str | tuple[str, ...]

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}

LONGEST = 500
"""Characters in a condition."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_OPERATOR = r">=|<=|==|!=|>|<"
_BOUND = re.compile(rf"({_OPERATOR})\s*({_NUMBER})")
_COUNT = re.compile(rf"records\s+({_OPERATOR})\s*(\d+)")
_TEST = re.compile(rf"(.+?)\s+({_OPERATOR})\s+(.+)")
_SPLIT = re.compile(r"\s+([*/])\s+")
_WHEN = re.compile(rf"(\S+)\s+(has|lacks|{_OPERATOR})\s+(.+)")
_YES_NO = {"yes": True, "no": False}


class Short(NamedTuple):
    """A record that would count if it said what is asked for."""

    kind: str
    id: str
    lacks: tuple[str, ...]
    fields: tuple[str, ...]
    """Fields that would say it."""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}: {', '.join(self.lacks)}"


@dataclass(frozen=True)
class Reply:
    """What a project says to one item, as plain values. `Item.reply` makes it."""

    verdict: Verdict | None = None
    values: Mapping[str, float | str] = field(default_factory=dict[str, float | str])
    """Named figures and words, by the name of the field."""
    checked: tuple[str, ...] = ()
    """Lines of the checklist that hold."""
    missing: tuple[str, ...] = ()
    """Lines that do not hold yet, or fields without a value."""
    records: int = 0
    """How many records count."""
    lacking: tuple[Short, ...] = ()
    """Records that do not count for what they lack."""
    uncovered: tuple[str, ...] = ()
    """What no record that counts is, of what one at least must be."""

    @property
    def is_given(self) -> bool:
        """Whether there is anything: a verdict, a value, a line, a record."""
        has_verdict = self.verdict is not None and self.verdict not in ("", ())
        return has_verdict or bool(self.values or self.checked or self.lacking) or self.records > 0


Replies = Mapping[str, Reply]
"""Replies by item id; an item that is not there was not answered."""

NO_REPLIES: Replies = MappingProxyType({})


class Name(NamedTuple):
    """A named field: of the item itself where `item` is empty."""

    item: str
    field: str

    def __str__(self) -> str:
        return f"{self.item}.{self.field}" if self.item else self.field


def parse_name(text: str) -> Name:
    """`minimum` or `arch-quality.minimum`; names may hold spaces."""
    item, dot, name = text.strip().partition(".")
    return Name(item, name.strip()) if dot and is_id(item) else Name("", text.strip())


def _figure(value: object) -> float | None:
    """A number that can be compared, or None; yes and no are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def short(text: str) -> str:
    """The text without space around it. A long one is refused: searching it could take for ever."""
    if len(text) > LONGEST:
        raise ValueError(f"a condition has at most {LONGEST} characters")
    return text.strip()


def read_number(text: str) -> float:
    """A number that is written in a condition. Raises ValueError where it is too large."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text[:20]}... is too large a number")
    return number


def written_number(number: float) -> str:
    """A number as a person writes it, without an exponent."""
    return str(int(number)) if number.is_integer() else format(Decimal(repr(number)), "f")


# ---- pass


@dataclass(frozen=True)
class Stated:
    """`answered`, `yes`, `no`, `all`: what the answer says by itself."""

    word: str

    def met(self, reply: Reply, others: Replies = NO_REPLIES) -> bool:
        """Whether the reply is enough; `all` and `answered` want something said and nothing missing."""
        del others
        if self.word == "yes":
            return reply.verdict is True
        if self.word == "no":
            return reply.verdict is False
        return reply.is_given and not reply.missing

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True)
class Among:
    """`one-of:a,b` and `not:a,b`: which choices are enough. Several choices must all be."""

    choices: tuple[str, ...]
    wanted: bool

    def met(self, reply: Reply, others: Replies = NO_REPLIES) -> bool:
        """Whether something was chosen, and all of it is allowed."""
        del others
        chosen = (reply.verdict,) if isinstance(reply.verdict, str) else reply.verdict
        if not isinstance(chosen, tuple) or not chosen or "" in chosen:
            return False
        return all((choice in self.choices) == self.wanted for choice in chosen)

    def __str__(self) -> str:
        return ("one-of:" if self.wanted else "not:") + ",".join(self.choices)


@dataclass(frozen=True)
class Bound:
    """`>= 3`: a grade or a number against a limit."""

    compare: str
    limit: float

    def met(self, reply: Reply, others: Replies = NO_REPLIES) -> bool:
        """Whether the verdict is a number within the limit."""
        del others
        figure = _figure(reply.verdict)
        return figure is not None and COMPARE[self.compare](figure, self.limit)

    def __str__(self) -> str:
        return f"{self.compare} {written_number(self.limit)}"


@dataclass(frozen=True)
class Count:
    """`records >= 2`: how many records of the item's kind there are."""

    compare: str
    number: int

    def met(self, reply: Reply, others: Replies = NO_REPLIES) -> bool:
        """Whether there are that many."""
        del others
        compare, there = COMPARE[self.compare], reply.records + len(reply.lacking)
        # One too many is one too many, complete or not.
        return compare(reply.records, self.number) and compare(there, self.number)

    def __str__(self) -> str:
        return f"records {self.compare} {self.number}"


@dataclass(frozen=True)
class Product:
    """Numbers and named fields joined by `*` and `/`, from left to right."""

    factors: tuple[tuple[str, float | Name], ...]
    """Each with the sign before it; the first one's is `*`."""

    def value(self, reply: Reply, others: Replies) -> float | None:
        """The figure, or None while one of the fields has none."""
        result = 1.0
        for sign, factor in self.factors:
            if isinstance(factor, Name):
                source = others.get(factor.item, Reply()) if factor.item else reply
                figure = _figure(source.values.get(factor.field))
            else:
                figure = factor
            if figure is None or (sign == "/" and figure == 0):
                return None
            result = result / figure if sign == "/" else result * figure
        return result

    def __str__(self) -> str:
        texts = (
            str(factor) if isinstance(factor, Name) else written_number(factor) for _, factor in self.factors
        )
        first, *rest = zip((sign for sign, _ in self.factors), texts, strict=True)
        return first[1] + "".join(f" {sign} {text}" for sign, text in rest)


@dataclass(frozen=True)
class Comparison:
    """`a >= item.b and c <= d * 2`: named fields against each other. All tests must hold."""

    tests: tuple[tuple[Product, str, Product], ...]

    def met(self, reply: Reply, others: Replies = NO_REPLIES) -> bool:
        """Whether all figures are there and all tests hold; `others` gives the replies to other items."""
        for left, compare, right in self.tests:
            first, second = left.value(reply, others), right.value(reply, others)
            if first is None or second is None or not COMPARE[compare](first, second):
                return False
        return True

    def names(self) -> Iterator[Name]:
        """The fields that are compared."""
        for left, _, right in self.tests:
            for _, factor in (*left.factors, *right.factors):
                if isinstance(factor, Name):
                    yield factor

    def __str__(self) -> str:
        return " and ".join(f"{left} {compare} {right}" for left, compare, right in self.tests)


Pass = Stated | Among | Bound | Count | Comparison


def parse_pass(text: str) -> Pass:
    """The rule in a text. Raises ValueError with the forms that are allowed."""
    text = short(text)
    if text in ("answered", "yes", "no", "all"):
        return Stated(text)
    head, colon, rest = text.partition(":")
    if colon and head in ("one-of", "not"):
        choices = tuple(choice.strip() for choice in rest.split(","))
        if "" in choices:
            raise ValueError(f"{text!r} needs choices, separated by commas")
        return Among(choices, wanted=head == "one-of")
    if found := _BOUND.fullmatch(text):
        return Bound(found[1], read_number(found[2]))
    if found := _COUNT.fullmatch(text):
        return Count(found[1], int(found[2]))
    tests = [_TEST.fullmatch(part.strip()) for part in re.split(r"\s+and\s+", text)]
    if all(tests):
        return Comparison(tuple((_product(test[1]), test[2], _product(test[3])) for test in tests if test))
    raise ValueError(
        f"{text!r} is none of: answered, yes, no, all, one-of:a,b, not:a,b, >= 3, records >= 2, "
        "field >= item.field"
    )


def _product(text: str) -> Product:
    first, *rest = _SPLIT.split(text.strip())
    pairs = [("*", first), *zip(rest[::2], rest[1::2], strict=True)]
    return Product(tuple((sign, _factor(factor)) for sign, factor in pairs))


def _factor(text: str) -> float | Name:
    if re.fullmatch(_NUMBER, text):
        return read_number(text)
    if re.search(_OPERATOR, text):
        raise ValueError(f"one comparison at a time, joined by 'and': {text!r}")
    if text == "records":
        raise ValueError("records are counted by whole numbers: records >= 2")
    return parse_name(text)


# ---- when


@dataclass(frozen=True)
class When:
    """`item has 'choice'`, `item == no`, `item > 3`, `item lacks 'line'`: what another item says."""

    item: str
    compare: str
    value: str | float | bool

    def holds(self, replies: Replies) -> bool:
        """Whether it holds. Where nothing was said only `!=` and `lacks` hold: what is not excluded is asked."""
        reply = replies.get(self.item, Reply())
        verdict = reply.verdict
        if self.compare == "lacks":
            return self.value not in reply.checked
        if isinstance(self.value, bool):
            return (verdict is self.value) != (self.compare == "!=")
        if isinstance(self.value, str):
            said = verdict if isinstance(verdict, tuple) else (verdict,)
            return (self.value in said) != (self.compare == "!=")
        figure = _figure(verdict)
        if figure is None:
            return self.compare == "!="
        return COMPARE[self.compare](figure, self.value)

    def __str__(self) -> str:
        if isinstance(self.value, bool):
            value = "yes" if self.value else "no"
        else:
            value = f"'{self.value}'" if isinstance(self.value, str) else written_number(self.value)
        return f"{self.item} {self.compare} {value}"


def parse_when(text: str) -> When:
    """The condition in a text; a choice is quoted with single quotes and may contain some. Raises ValueError."""
    text = short(text)
    found = _WHEN.fullmatch(text)
    if found and is_id(found[1]):
        item, compare, value = found[1], found[2], found[3].strip()
        if re.fullmatch(_NUMBER, value) and compare not in ("has", "lacks"):
            return When(item, compare, read_number(value))
        if value in _YES_NO and compare in ("==", "!="):
            return When(item, compare, _YES_NO[value])
        if len(value) > 2 and value[0] == value[-1] == "'" and compare in ("has", "lacks", "==", "!="):
            return When(item, compare, value[1:-1])
    raise ValueError(
        f"{text!r} is none of: item has 'choice', item == 'choice', item != 'choice', item == no, item >= 3, "
        "item lacks 'line'"
    )
