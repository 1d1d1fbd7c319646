"""A card in one line: `Feature table @mira #data ~2/3/8 !mvp-live due:fri needs:9x4p in:execute`.

The board and `kedge add` read the same line. A mark counts only where a word begins, and only if something that
could be its value follows, so that `C#`, an address of mail and `~/data` stay what they are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import cast, get_args

from ..plan.ids import Resolved, resolve, similar
from ..plan.lookup import resolve_card
from ..plan.plan import Plan
from ..records.address import is_id
from ..records.fields import Phase, Stage
from ..text.dates import DateError, date_words, parse_date
from .network import parse_need

PHASES: tuple[str, ...] = get_args(Phase)
STAGES: tuple[str, ...] = get_args(Stage)
SIGNS = {"@": "owner", "#": "tag", "~": "estimate", "!": "milestone"}
KEYS = (*SIGNS.values(), "due", "not_before", "fixed", "needs", "stage", "in", "skill")
"""Names that can come before a colon; the first four have a sign as well."""

ADDED = ("person", "milestone")
"""Kinds that can be added together with the card that names one."""
_FIELD = {"tag": "tags", "in": "place"}
_LISTS = ("tag", "needs")
_DATES = ("due", "not_before", "fixed")
_SHOWN = 8

# `#12` is a ticket, `~10k` and `~/data` are text: a sign counts only before what could be its value.
_SIGN = r'@(?=["\w])|\#(?=["\w])(?!\d+(?:\W|$))|!(?=["a-z])|~(?=\d[\d./]*d?[,.;:!?)]*(?:\s|$))'
_MARK = re.compile(
    rf'(?:(?P<sign>{_SIGN})|(?P<key>{"|".join(KEYS)}):)(?P<value>(?:"[^"]*"|[^\s"])*)', re.IGNORECASE
)
_VALUE = re.compile(r'"([^"]*)"?|[^,"]+')
_QUOTED = re.compile(r'"([^"]*)"(?=\s|$)')
_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True)
class Problem:
    """A value that cannot be taken: where it is in the line, and what was expected."""

    start: int
    end: int
    message: str
    expected: tuple[str, ...] = ()
    is_missing_title: bool = False
    """Whether nothing is wrong with what is there, and only the title has still to come."""
    lacking: tuple[str, str] | None = None
    """The kind and the id of what is not in the plan yet and could be added to it."""


@dataclass(frozen=True)
class Quick:
    """What a line says: the title, the fields of a card as plain values, and what could not be taken."""

    title: str
    fields: dict[str, object]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A mark in a line: the name of its key, and its value as it was typed."""

    key: str
    start: int
    value_start: int
    value: str

    def values(self) -> Iterator[tuple[int, str]]:
        """The values between commas, without quotes, each with its place in the line."""
        for found in _VALUE.finditer(self.value):
            text = found[0].strip('"')
            if text:
                yield self.value_start + found.start(), text


@dataclass(frozen=True)
class _Reader:
    """Reads values as seen from one project on one day."""

    plan: Plan
    project: str
    today: dt.date
    me: str | None
    places: Collection[str]

    def read(self, key: str, text: str) -> object:
        """The value of a field. Raises _Wrong."""
        readers: dict[str, Callable[[str], object]] = {
            "owner": self.owner,
            "estimate": _estimate,
            "milestone": self.milestone,
            "due": self.date,
            "not_before": self.date,
            "fixed": self.date,
            "needs": self.need,
            "stage": _stage,
            "in": self.place,
        }
        return readers[key](text) if key in readers else text

    def owner(self, text: str) -> str:
        if text.lower() == "me" and self.me and "me" not in self.plan.people:
            return self.me
        return _match(text, resolve(text, self.plan.people), "person")

    def milestone(self, text: str) -> str:
        own = resolve(text, self.plan.strategy(self.project).milestones)
        if own.match or own.candidates:
            return _match(text, own, "milestone")
        others = resolve(text, (f"{one.project}/{one.id}" for one, _ in self.plan.entries("milestone")))
        return _match(text, others if others.match or others.candidates else own, "milestone")

    def need(self, text: str) -> str:
        name, _, link = text.partition(" ")
        whole = self.plan.cards.get(name.lower())
        if whole is not None and whole.project == self.project:
            # A line is read at every key: what is said whole is not looked for among all cards.
            return self._need(whole.id, name, link)
        found = resolve(name, (card.id for card in self.plan.cards_of.get(self.project, ())))
        if not found.match and not found.candidates:
            found = resolve_card(name, self.plan)
        return self._need(_match(name, found, "card"), name, link)

    def _need(self, target: str, name: str, link: str) -> str:
        project = self.plan.cards[target].project
        need = target if project == self.project else f"{project}/{target}"
        try:
            parse_need(f"{need} {link}" if link else need)
        except ValueError as error:
            raise _Wrong(
                f"{link!r} is not a kind of link", ("SS", "FF", "SF", "+2d", f'"{name} SS+2d"')
            ) from error
        return f"{need} {link}" if link else need

    def date(self, text: str) -> dt.date:
        try:
            return parse_date(text, self.today)
        except DateError as error:
            raise _Wrong(f"{text!r} is not a date", (error.expected,)) from error

    def place(self, text: str) -> str:
        wanted = text.lower().rstrip("/")
        known = {*PHASES, *self.places}
        if wanted in known:
            return wanted
        phase, slash, step = wanted.partition("/")
        if slash and phase in PHASES and is_id(step) and not self.places:
            return wanted
        names = [(one.rpartition("/")[2], one) for one in sorted(known)]
        for found in (
            [one for name, one in names if name == wanted],
            [one for name, one in names if name.startswith(wanted) or one.startswith(wanted)],
            [one for _, one in names if wanted in one],
        ):
            if len(found) == 1:
                return found[0]
            if found:
                raise _Wrong(f"{text!r} may mean more than one place", tuple(found[:_SHOWN]))
        near = similar(wanted, known)
        raise _Wrong(f"there is no place {text!r}", near or PHASES)


class _Wrong(ValueError):
    def __init__(
        self, message: str, expected: tuple[str, ...] = (), lacking: tuple[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.lacking = lacking


def parse_quick(
    text: str,
    plan: Plan,
    project: str,
    today: dt.date,
    *,
    me: str | None = None,
    places: Collection[str] = (),
) -> Quick:
    """The card that a line describes, seen from a project.

    `places` are the places of the playbook (`execute/data-pipeline`); where they are given a step must be among
    them. Never raises: what cannot be taken is a problem, and its field is left out.
    """
    reader = _Reader(plan, project, today, me, places)
    words: list[str] = []
    fields: dict[str, object] = {}
    problems: list[Problem] = []
    for part in _parts(text, today):
        if isinstance(part, str):
            words.append(part)
            continue
        field = _FIELD.get(part.key, part.key)
        values = list(part.values()) if part.key in _LISTS else _single(part)
        if not values:
            example = f"{part.key}: goes directly before its value, without a space"
            problems.append(Problem(part.start, part.value_start, example))
        elif field in fields and part.key not in _LISTS:
            problems.append(
                Problem(part.start, part.value_start + len(part.value), f"a second {part.key}; one is enough")
            )
            values = []
        for start, value in values:
            try:
                found = reader.read(part.key, value)
            except _Wrong as wrong:
                end = start + len(value)
                problems.append(Problem(start, end, wrong.message, wrong.expected, lacking=wrong.lacking))
                continue
            if part.key not in _LISTS:
                fields[field] = found
                continue
            several = cast("list[object]", fields.setdefault(field, []))
            if found not in several:
                several.append(found)
    title = " ".join(words)
    if not title:
        missing = "a title is missing: what is to be done, in a few words"
        problems.append(Problem(0, len(text), missing, is_missing_title=True))
    return Quick(title, fields, tuple(problems))


def mark_at(text: str, start: int) -> Mark | None:
    """The mark that begins at a place where a word begins, if one does."""
    found = _MARK.match(text, start)
    if not found:
        return None
    key = SIGNS[found["sign"]] if found["sign"] else found["key"].lower()
    return Mark(key, start, found.start("value"), found["value"])


def _parts(text: str, today: dt.date) -> Iterator[str | Mark]:
    """Words of the title and marks, in order. A date goes on for as many words as it has."""
    at = _end(_SPACE, text, 0)
    while at < len(text):
        mark = mark_at(text, at)
        quoted = _QUOTED.match(text, at)
        if mark and mark.key in _DATES:
            whole = date_words(text[mark.value_start :], today) if mark.value else 0
            mark = replace(mark, value=text[mark.value_start :][: max(whole, len(mark.value))])
        if mark:
            yield mark
            at = mark.value_start + len(mark.value)
        elif quoted:
            inner = quoted[1].split()
            protects = any(mark_at(word, 0) for word in inner)
            yield " ".join(inner) if protects else quoted[0]
            at = quoted.end()
        else:
            end = _end(_WORD, text, at)
            escaped = text[at] == "\\" and (text[at + 1 : at + 2] == '"' or mark_at(text, at + 1))
            yield text[at + 1 : end] if escaped else text[at:end]
            at = end
        at = _end(_SPACE, text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _single(mark: Mark) -> list[tuple[int, str]]:
    """The value of a mark that takes one, without quotes and without the punctuation of a sentence after it."""
    text = mark.value.strip('"') if mark.value.startswith('"') else mark.value.rstrip(",.;:!?)")
    return [(mark.value_start, text)] if text else []


def _match(text: str, found: Resolved, kind: str) -> str:
    if found.match is not None:
        return found.match
    if found.candidates:
        raise _Wrong(f"{text!r} may mean more than one {kind}", found.candidates[:_SHOWN])
    new = text.lower()
    lacking = (kind, new) if kind in ADDED and is_id(new) else None
    raise _Wrong(f"there is no {kind} {text!r}", found.nearest, lacking)


def _stage(text: str) -> str:
    stage = text.lower()
    if stage not in STAGES:
        raise _Wrong(f"there is no stage {text!r}", similar(stage, STAGES) or STAGES)
    return stage


def _estimate(text: str) -> list[float]:
    """One figure or three, in working days: `3`, `2/3/8`, `1.5d`."""
    wrong = _Wrong(
        f"{text!r} is not an estimate", ("working days, likely: ~3", "low, likely and high, growing: ~2/3/8")
    )
    parts = text.lower().removesuffix("d").split("/")
    if len(parts) not in (1, 3) or not all(
        re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,3})?", part) for part in parts
    ):
        raise wrong
    figures = [float(part) if "." in part else int(part) for part in parts]
    if figures != sorted(figures):
        raise wrong
    return figures
