"""Limits that older plans say in a sentence, read as figures where the sentence leaves no doubt.

What cannot be read stays a sentence: a limit that was guessed would fire at the wrong value, and no one would notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

MOST_DIGITS = 15
"""Digits of a number that a limit can have."""
MOST_UNIT = 40
"""Signs of a unit; what is longer is a sentence."""

_WORDS = {
    "above": ">",
    "over": ">",
    "more than": ">",
    "greater than": ">",
    "below": "<",
    "under": "<",
    "less than": "<",
    "fewer than": "<",
    "at least": ">=",
    "at most": "<=",
    "≥": ">=",
    "≤": "<=",
    "=>": ">=",
    "=<": "<=",
}
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_MINUTES = {"minute": 1, "min": 1, "hour": 60, "h": 60, "day": 1_440, "week": 10_080}
_COUNT = rf"(?P<n>\d+|{'|'.join(_NUMBERS)})"
_LENGTH = r"(?P<length>minutes?|mins?|hours?|h|days?|weeks?)"
_OPERATOR = rf"(?P<op>[<>]=?|{'|'.join(map(re.escape, _WORDS))})"
_HEAD = re.compile(
    rf"^(?P<before>[^<>≤≥]*?)(?<![\w<>=]){_OPERATOR}\s*(?P<money>[A-Z]{{3}}\s+|[€$£]\s*)?"
    r"(?P<number>-?[\d.,]*\d)(?P<times>[kM](?![\w]))?(?P<rest>.*)$",
    re.DOTALL,
)
_ANOTHER = re.compile(rf"[<>≤≥]|\b(?:{'|'.join(word for word in _WORDS if word.isascii())})\s+[-\d€$£]")
"""A second comparison: which of the two is the limit, only a person can say."""
_WINDOW = re.compile(
    r"\b(?:over|in|within|during)(?: the last| any| each| every)? "
    rf"(?:(?:{_COUNT} )?{_LENGTH}|a (?:minute|hour|day|week))\b"
)
_DOUBT = re.compile(r"\b(?:no|not|never|between|unless|except)\b|(?<![\w.])\d+(?![\w])")
"""What turns a comparison round, or is another number before it."""
_CLAUSES = (
    ("in_a_row", re.compile(rf"\b(?:in|on) {_COUNT} (?:consecutive )?\w+ (?:running|in a row)\b")),
    ("in_a_row", re.compile(rf"\b{_COUNT} (?:times|\w+) (?:running|in a row)\b")),
    (
        "for_minutes",
        re.compile(rf"\bfor (?:more than )?(?P<n>\d+(?:\.\d+)?|{'|'.join(_NUMBERS)}) {_LENGTH}\b"),
    ),
    ("at", re.compile(r"\bat (?P<n>([01]?\d|2[0-3]):[0-5]\d)\b")),
    ("least_events", re.compile(r"\b(?:with|of|from) at least (?P<n>\d[\d,]*) \w+\b")),
)


@dataclass(frozen=True)
class ReadSentence:
    """What could be read of a sentence."""

    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    """Fields of a limit; empty where the sentence cannot be read."""
    is_whole: bool = False
    """Whether they say all of it, so that the sentence is not needed any more."""


def read_sentence(text: str) -> ReadSentence:
    """A limit in words as figures: `< 11,400 rows at 05:30` has operator, value, unit and time of day."""
    head = _HEAD.match(text.strip())
    if head is None or _DOUBT.search(head["before"].lower()):
        return ReadSentence()
    value = _number(head["number"])
    if value is None:
        return ReadSentence()
    value *= {"k": 1_000, "M": 1_000_000}.get(head["times"] or "", 1)
    found: dict[str, Any] = {
        "operator": _WORDS.get(head["op"], head["op"]),
        "value": value,
    }
    rest = head["rest"]
    for name, pattern in _CLAUSES:
        match = pattern.search(rest)
        if match is not None and name not in found:
            found[name] = _clause(name, match)
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    without_window = _WINDOW.sub(" ", rest)
    if _ANOTHER.search(without_window):
        return ReadSentence()
    unit, is_whole = _unit(without_window, (head["money"] or "").strip())
    is_whole = is_whole and without_window == rest
    if unit:
        found["unit"] = unit
    return ReadSentence(found, is_whole and not head["before"].strip())


def _number(text: str) -> float | None:
    """A number with thousands apart; None where a comma may be a decimal one."""
    if "," in text:
        if not re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", text):
            return None
        text = text.replace(",", "")
    if not re.fullmatch(r"-?(\d+(\.\d+)?|\.\d+)", text) or len(text) > MOST_DIGITS:
        return None
    return float(text)


def _clause(name: str, match: re.Match[str]) -> int | float | str:
    said = match["n"]
    if name == "at":
        return said.zfill(5)
    number = float(_NUMBERS.get(said, 0) or said.replace(",", ""))
    if name == "for_minutes":
        return number * _MINUTES[match["length"].removesuffix("s")]
    return int(number)


def _unit(rest: str, money: str) -> tuple[str, bool]:
    """The unit in what follows the number, and whether that is all there is."""
    words = " ".join(rest.split())
    unit, sign, more = words.partition(",")
    if sign and re.match(r"\d", more):
        # `per 1,000 contacts` is one unit.
        unit, more = words, ""
    unit = f" {unit} "
    for stop in (";", " or ", " and ", " then ", " but ", " unless "):
        unit, found, tail = unit.partition(stop)
        more += found + tail
    unit = " ".join(filter(None, (money, unit.strip())))
    if len(unit) > MOST_UNIT or re.search(r"[<>=]", unit):
        return money, False
    return unit, not more.strip(" .,;")
