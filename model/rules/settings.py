"""F1: what fits word by word, but not as a whole: the plan's settings, dates in the wrong order, repeated items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from ..plan.plan import Plan
from ..records.address import Address
from ..records.base import Entry, Record, sections, tables
from ..records.board import Board
from ..records.card import Card
from ..records.project import Project
from ..text.wording import lacks_words
from .rule import FAMILIES, Check, Hit, Rule, View, other_names, per_plan, per_record

BOARD = Address("board", "", "board")

ORDERED_DATES = (
    ("not_before", "due"),
    ("fixed", "due"),
    ("start", "end"),
    ("first", "last"),
    ("started", "ended"),
    ("live_from", "live_to"),
    ("first_date", "last_date"),
)
"""Fields of which the second must not come before the first, wherever a model has both."""


def view_query(plan: Plan, view: View) -> Iterator[Hit]:
    """A saved view whose query cannot be understood."""
    if not plan.board.views:
        return
    from ..query.compiler import compile_query
    from ..query.context import Context as QueryContext
    from ..query.syntax import QueryError, parse_query

    # A person asks, and there is a schedule: what a view is asked with later is no mistake in the plan.
    asked = QueryContext(plan, view.today, me="me", dates=dict)
    for key, saved in plan.board.views.items():
        try:
            compile_query(parse_query(saved.query), asked)
        except QueryError as error:
            hint = f"expected {', '.join(error.expected[:5])}" if error.expected else ""
            where = f"at character {error.position + 1}"
            yield Hit(
                BOARD,
                f"the view {key} cannot be shown: {error.message}, {where}",
                ("views", key, "query"),
                hint,
            )


def _other_values(before: Record | None, after: Record | None) -> bool:
    """Whether a change may give a query other names to choose from."""
    if isinstance(before, Card) and isinstance(after, Card):
        return (before.owner, before.milestone) != (after.owner, after.milestone)
    return True


def unknown_rule(record: Record, view: View) -> Iterator[Hit]:
    """A code that no rule has, in the settings or in an exception."""
    if isinstance(record, Board):
        yield from _unknown(record, record.rules.select, ("rules", "select"), view)
        yield from _unknown(record, record.rules.ignore, ("rules", "ignore"), view)
        yield from _unknown(record, record.rules.severity, ("rules", "severity"), view)
    elif isinstance(record, Project | Card) and record.allow:
        yield from _unknown(record, record.allow, ("allow",), view)


def _unknown(record: Record, codes: Any, path: tuple[str, ...], view: View) -> Iterator[Hit]:
    for index, code in enumerate(codes):
        if not is_known(code, view.rules):
            meant = code_of(code, view.rules)
            hint = f"did you mean {meant}?" if meant else "kedge explain lists all rules"
            key = code if isinstance(codes, Mapping) else index
            yield Hit(record.address, f"no rule has the code {code!r}", (*path, key), hint)


def is_known(code: str, rules: Mapping[str, Rule]) -> bool:
    """Whether a code, a family or the beginning of a code means anything."""
    return code in FAMILIES or (code != "" and any(known.startswith(code) for known in rules))


def code_of(text: str, rules: Mapping[str, Rule]) -> str:
    """The code of a rule that is named by its name, or in lower case; empty where none is."""
    named = {rule.name: rule.code for rule in rules.values()}
    upper = text.strip().upper()
    return upper if upper and is_known(upper, rules) else named.get(text.strip().lower(), "")


def allow_without_reason(record: Record, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """An exception that does not say why."""
    for code, reason in record.allow.items() if isinstance(record, Project | Card) else ():
        if lacks_words(reason):
            yield Hit(
                record.address,
                f"{code} is allowed here without a reason in a few words, so that the exception does not count",
                ("allow", code),
                f'say why: {code} = "…"',
            )


def no_project_file(folder: str, view: View) -> Iterator[Hit]:
    """Records in the folder of a project that has no project.toml."""
    if not folder or folder in view.plan.projects or view.unread("project", folder):
        return
    count = sum(address.project == folder for address in view.plan.records)
    if count:
        records = "1 record" if count == 1 else f"{count} records"
        yield Hit(
            Address("project", folder, folder),
            f"the project {folder} has {records}, but no project.toml",
            hint='write one with at least a line title = "…"',
        )


def dates_reversed(record: Record, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A last day before the first."""
    for path, entry in _parts(record, ordered_dates):
        for first, last in ordered_dates(type(entry)):
            begin, end = getattr(entry, first), getattr(entry, last)
            if begin is not None and end is not None and end < begin:
                yield Hit(
                    record.address,
                    f"{last} ({end}) is before {first} ({begin})",
                    (*path, last),
                    "correct one of the two",
                )


@cache
def ordered_dates(model: type[Entry]) -> tuple[tuple[str, str], ...]:
    """Pairs of a model's dates that have an order."""
    fields = model.model_fields
    return tuple(pair for pair in ORDERED_DATES if pair[0] in fields and pair[1] in fields)


def repeated_item(record: Record, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A list that names the same thing twice."""
    for path, entry in _parts(record, lists_of_texts):
        for name in lists_of_texts(type(entry)):
            value = getattr(entry, name)
            if len(value) > 1 and len(set(value)) < len(value):
                index, text = next((at, one) for at, one in enumerate(value) if one in value[:at])
                fixed = f"name {text} once in {name}"
                yield Hit(
                    record.address,
                    f"{name} has {text!r} twice",
                    (*path, name, index),
                    "remove one of them",
                    fixed,
                )


def _parts(
    record: Record, wanted: Callable[[type[Entry]], tuple[object, ...]]
) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """The record and the tables in it whose model has fields that are wanted, each with its path."""
    model = type(record)
    if wanted(model):
        yield (), record
    for name, inner in tables(model).items():
        if inner is not None and wanted(inner) and (value := getattr(record, name)) is not None:
            yield (name,), value
    for name, inner in sections(model).items():
        if wanted(inner):
            for key, value in getattr(record, name).items():
                yield (name, key), value


@cache
def lists_of_texts(model: type[Entry]) -> tuple[str, ...]:
    """Fields of a model that hold several texts."""
    return tuple(
        name
        for name, info in model.model_fields.items()
        if getattr(info.annotation, "__origin__", None) is tuple and _holds_text(info.annotation)
    )


def _holds_text(annotation: Any) -> bool:
    item = annotation.__args__[0]
    return getattr(item, "__origin__", item) is str


RULES = (
    Rule(
        "F119",
        "view-query",
        "error",
        "A saved view that cannot be understood shows nothing, to everyone who has the plan.",
        "Correct the query; docs/query.md has the language.",
        "docs/query.md",
        'query = "ownr:mira status:doing"',
        per_plan(view_query, "board", "project", "person", "strategy", "card", matters=_other_values),
    ),
    Rule(
        "F120",
        "unknown-rule",
        "warning",
        "A setting or an exception for a code that no rule has does nothing.",
        "Correct the code; `kedge explain` lists all of them.",
        "docs/rules.md",
        'ignore = ["R999"]',
        per_record(unknown_rule),
    ),
    Rule(
        "F121",
        "allow-without-reason",
        "warning",
        "An exception without a reason cannot be judged by whoever meets it a year later. It does not count.",
        "Write the reason as its value.",
        "docs/rules.md: exceptions have a reason",
        'R205 = ""',
        per_record(allow_without_reason),
    ),
    Rule(
        "F122",
        "no-project-file",
        "error",
        "Cards and other records of a project without a file of its own are in no list of projects, and "
        "have no phase.",
        "Write its project.toml, or move the folder's files to the project that they belong to.",
        "docs/format.md: projects/PROJECT/project.toml",
        "",
        Check("folder", no_project_file, matters=other_names),
    ),
    Rule(
        "F123",
        "dates-reversed",
        "error",
        "What ends before it begins has no length; schedules and loads would come out wrong without a word.",
        "Correct one of the two dates.",
        "docs/format.md: dates",
        "not_before = 2026-11-23\ndue = 2026-11-02",
        per_record(dates_reversed),
    ),
    Rule(
        "F124",
        "repeated-item",
        "warning",
        "The same thing twice in a list means the same as once, and usually comes from a merge by hand.",
        "Remove one of them; `kedge check --fix` does that.",
        "docs/format.md: lists",
        'needs = [\n  "label-audit-9x4p",\n  "label-audit-9x4p",\n]',
        per_record(repeated_item),
    ),
)
