"""What `check` reports: a value, never an exception.

A finding knows its place in the plan (record and field) and, once storage has looked, its place in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Literal, TypeVar

from .address import Address

Severity = Literal["error", "warning", "advice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")
MOST = 20
"""Findings of one rule in one file that are listed one by one; of the others the number is told."""
MOST_OF_RULE = 200
"""Findings of one rule that a report of the whole plan lists; of the others the number is told."""
T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """Something that is wrong or worth a look, with a way out."""

    code: str
    severity: Severity
    message: str
    """What is wrong, with the facts in it, in one line."""
    address: Address | None = None
    field: tuple[str | int, ...] = ()
    hint: str = ""
    """What to do about it."""
    file: str = ""
    """Path below the plan, with forward slashes."""
    line: int = 0
    """From 1; 0 where no line is to blame."""
    column: int = 0
    """From 1, in code points."""
    fix: str = ""
    """Label of the change that `check --fix` would make; empty where there is none."""
    count: int = 1
    """How many findings it counts: more than one where the others of its rule in this file are only counted."""

    @property
    def sort_key(self) -> tuple[str, bool, int, int, str, str]:
        """By place, then by code; the number of the rest at the end of a file."""
        return (self.file, self.count > 1, self.line, self.column, self.code, self.message)


def first_of_each(
    found: Iterable[T], kind_of: Callable[[T], Hashable]
) -> tuple[list[T], list[tuple[T, int]]]:
    """The first MOST of each kind, in order; and of each kind with more, its next one with the number of the rest."""
    found = iter(found)
    kept = list(islice(found, MOST))
    if len(kept) < MOST:
        return kept, []  # hundreds of thousands of times, and mostly none
    found, kept = chain(kept, found), []
    counts: dict[Hashable, int] = {}
    beyond: dict[Hashable, T] = {}
    for one in found:
        kind = kind_of(one)
        count = counts[kind] = counts.get(kind, 0) + 1
        if count <= MOST:
            kept.append(one)
        elif count == MOST + 1:
            beyond[kind] = one
    return kept, [(one, counts[kind] - MOST) for kind, one in beyond.items()]


def more(finding: Finding, count: int) -> Finding:
    """A finding that stands for the rest of its rule in its file."""
    said = f"and {count:,} more like these in this file"
    return replace(finding, message=said, field=(), hint="", line=0, column=0, fix="", count=count)


def shortened(found: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The first findings of each rule, in order; and for each rule with more, one that stands for the rest."""
    listed: list[Finding] = []
    seen: dict[str, int] = {}
    rest: dict[str, list[Finding]] = {}
    for one in found:
        seen[one.code] = seen.get(one.code, 0) + 1
        (listed if seen[one.code] <= MOST_OF_RULE else rest.setdefault(one.code, [])).append(one)
    return listed, [_rest(code, those) for code, those in rest.items()]


def _rest(code: str, those: list[Finding]) -> Finding:
    count, files = sum(one.count for one in those), len({one.file for one in those})
    said = f"and {count:,} more of {code} in {files:,} file{'s' * (files != 1)}"
    hint = f"kedge check --select {code} --all lists them"
    return Finding(code, those[0].severity, said, hint=hint, count=count)
