"""A card as rows: everything that is known of it, in the order in which one asks.

Pure: what has to be computed or read elsewhere (findings, history) comes in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from ...model.cards.network import needed_card, parse_need
from ...model.cards.status import explain_blocked
from ...model.plan.change_text import FieldWords
from ...model.plan.field_spec import Shape, said_text, shapes
from ...model.plan.ids import ending
from ...model.plan.plan import Plan, target_of
from ...model.plan.unfit import field_of, unreadable
from ...model.playbook.outline import place_titles, stage_word
from ...model.records.card import Card
from ...model.records.findings import Finding
from ...model.text.dates import say_date
from ...storage.disk.repository import GitProblem
from ...storage.git.code_commits import CodeCommit
from ...storage.git.history import Revision, happened
from ..dialogs.date_prompt import full_date
from ..draw.card_summary import card_facts
from ..draw.glyphs import UNICODE, WORDS, Glyphs
from ..draw.markdown import FIRST, render
from ..draw.spans import SEVERITY_LOOKS, Line, Span, fold, line, wrap
from ..draw.text import clip

TREE_ROWS = 200
"""Cards that a tree of needs shows at first; a chain of ten thousand cards is legal."""
_ROOM = 32
"""Cells that a title in a tree wants before an id gives way to its ending."""
_DEEPEST = 10
"""Steps by which a row of a tree is put in; what is deeper says so by its number."""
_ELSEWHERE = frozenset({"title", "notes"})


class Key(NamedTuple):
    """What a row stands for: `field`, `item`, `card`, `finding`, `notes` or `more`, and which one."""

    kind: str
    name: str = ""


@dataclass(frozen=True)
class Known:
    """A card, and what is known around it."""

    plan: Plan
    card: Card
    today: dt.date
    glyphs: Glyphs = UNICODE
    findings: tuple[Finding, ...] = ()
    history: Sequence[Revision] | GitProblem | None = None
    """None while it is being read; why it cannot be, where git has no answer."""
    notes_length: int = FIRST
    """Characters of the notes that are shown."""
    tree_rows: int = TREE_ROWS
    """Cards that each tree of needs shows."""
    code: tuple[CodeCommit, ...] = ()
    """Commits that name the card, newest first."""


def card_lines(known: Known, width: int) -> list[Line]:
    """All rows of a card for a width."""
    parts = (_head, _waits, _checklist, _notes, _needs, _needed_by, _fields, _findings, _history, _code)
    rows: list[Line] = []
    for part in parts:
        found = list(part(known, width))
        if found:
            rows.extend([line(), *found] if rows else found)
    return rows


def _wrapped(spans: Sequence[Span], width: int, indent: str, key: Key | None = None) -> list[Line]:
    """Rows of which only the first one can be chosen."""
    rows = wrap(spans, width, indent, indent)
    return [Line(row, key if number == 0 else None) for number, row in enumerate(rows)]


def _head(known: Known, width: int) -> Iterator[Line]:
    card, facts = known.card, card_facts(known.plan, known.card, known.today)
    title = f"{known.glyphs.sign(facts.sign)} {card.label}"
    yield from _wrapped([(title, "heading")], width, "", Key("field", "title"))
    says: list[Span] = [(WORDS.get(card.status, card.status), "quiet")]
    says += [(", ".join(place_titles(card.place)), "quiet")]
    says += [(fact.text, fact.tone) for fact in facts.facts]
    gap: Span = (known.glyphs.separator, "quiet")
    yield from _wrapped(
        [span for at, one in enumerate(says) for span in ([gap] * bool(at) + [one])], width, ""
    )
    yield from _wrapped([(card.id, "quiet")], width, "")


def _waits(known: Known, width: int) -> Iterator[Line]:
    reasons = explain_blocked(known.plan, known.card, known.today)
    if reasons:
        yield line(("Why it waits", "heading"))
        for reason in reasons:
            indent = "  " if reason.startswith(" ") else ""
            yield from _wrapped([(reason.strip(), "warning")], width, f"  {indent}")


def _checklist(known: Known, width: int) -> Iterator[Line]:
    items = sorted(known.card.checklist.items(), key=lambda one: (one[1].rank, one[0]))
    done = sum(item.done for _, item in items)
    unread = [one for one in known.card.unfit if field_of(one)[0] == "checklist"]
    says = f"  {done}/{len(items)}" if items else "" if unread else "  a adds a line"
    yield line(("Checklist", "heading"), (says, "quiet"))
    for one in unread:
        yield from _wrapped([(unreadable(one), "wrong")], width, "  ", Key("field", "checklist"))
    for key, item in items:
        rows = wrap(
            [(item.text, "quiet" if item.done else "")], width, "  [x] " if item.done else "  [ ] ", "      "
        )
        yield Line(rows[0], Key("item", key))
        yield from (Line(row) for row in rows[1:])


def _notes(known: Known, width: int) -> Iterator[Line]:
    for one in known.card.unfit:
        if field_of(one) == ("notes",):
            yield line(("Notes", "heading"))
            yield from _wrapped([(unreadable(one), "wrong")], width, "  ", Key("notes"))
    if known.card.notes.strip():
        yield line(("Notes", "heading"))
        found = render(known.card.notes.strip("\n"), width - 2, known.notes_length)
        yield from (Line((("  ", ""), *row.spans)) for row in found.lines)
        if found.left_out:
            yield line(
                ("  enter: show more", "key"),
                (f"  ({found.left_out:,} more characters)", "quiet"),
                key=Key("notes"),
            )


def _needs(known: Known, width: int) -> Iterator[Line]:
    if known.card.needs:
        yield line(("Needs", "heading"))
        yield from _tree(known, width, "needs", lambda card: card.needs)


def _needed_by(known: Known, width: int) -> Iterator[Line]:
    if known.plan.needed_by.get(known.card.id):
        yield line(("Needed by", "heading"))
        yield from _tree(known, width, "needed by", lambda card: known.plan.needed_by.get(card.id, ()))


def _tree(known: Known, width: int, name: str, following: Callable[[Card], Iterable[str]]) -> Iterator[Line]:
    """Cards behind cards, each with those behind it once; a loop is said and not followed."""
    path: list[str] = [known.card.id]
    seen = {known.card.id}
    waiting = [(text, 1) for text in reversed(tuple(following(known.card)))]
    rows = 0
    while waiting:
        text, depth = waiting.pop()
        if rows == known.tree_rows:
            yield line(
                ("  enter: show more", "key"),
                ("  … more cards behind these", "quiet"),
                key=Key("more", name),
            )
            return
        rows += 1
        del path[depth:]
        card = _card_of(known.plan, text)
        indent = "  " * min(depth, _DEEPEST) + (f"({depth}) " if depth > _DEEPEST else "")
        if card is None:
            yield line((f"{indent}{text}", ""), ("  not in the plan", "wrong"))
            continue
        note = ""
        if card.id in path:
            note = "  a loop"
        elif card.id in seen:
            note = "  as above"
        else:
            waiting.extend((one, depth + 1) for one in reversed(tuple(following(card))))
        seen.add(card.id)
        path.append(card.id)
        yield _card_row(known, card, indent, text.partition(" ")[2], note, width)


def _card_of(plan: Plan, text: str) -> Card | None:
    try:
        return needed_card(plan, parse_need(text))
    except ValueError:
        return plan.cards.get(target_of(text))


def _card_row(known: Known, card: Card, indent: str, link: str, note: str, width: int) -> Line:
    says, room = "", 0
    sign = known.glyphs.sign(card_facts(known.plan, card, known.today).sign)
    place = "" if card.project == known.card.project else f"{card.project}/"
    # Where there is little room the ending of an id says which card it is, and is enough to type.
    for name in (card.id, ending(card.id) or card.id):
        parts = (link, f"{place}{name}", card.owner or "no owner", WORDS[card.status])
        says = "".join(f"  {part}" for part in parts if part)
        room = width - cell_len(f"{indent}{sign} {says}{note}")
        if room >= _ROOM:
            break
    title = clip(card.label, max(12, room))
    look = "quiet" if not card.is_open else ""
    return line(
        f"{indent}{sign} ", (title, look), (says, "quiet"), (note, "warning"), key=Key("card", card.id)
    )


def _fields(known: Known, width: int) -> Iterator[Line]:
    yield line(("Fields", "heading"))
    found = shapes(type(known.card))
    column = max(len(shape.words) for shape in found.values()) + 2
    unset: list[Shape] = []
    unread = {field_of(one)[0]: unreadable(one) for one in known.card.unfit}
    for name, shape in found.items():
        value = getattr(known.card, name)
        if name in unread and name != "notes":
            yield from _named(shape.words, unread[name], column, width, Key("field", name))
            continue
        if name in _ELSEWHERE:
            continue
        if value is None or value in ((), ""):
            unset.append(shape)
            continue
        yield from _named(shape.words, _said(known, name, shape, value), column, width, Key("field", name))
    yield from _named("Id", f"{known.card.project}/{known.card.id}", column, width)
    for code, reason in known.card.allow.items():
        yield from _named("Allowed", f"{code}: {reason}", column, width, Key("field", "allow"))
    for name, value in (known.card.model_extra or {}).items():
        yield from _named(name, f"{value} (unknown to kedge, kept)", column, width)
    if unset:
        names = ", ".join(one.words.lower() for one in unset)
        yield from _wrapped([(f"not set: {names}", "quiet")], width, "  ", Key("field", unset[0].name))


def _said(known: Known, name: str, shape: Shape, value: object) -> str:
    """The value of a field as a person says it."""
    if name == "place":
        return ", ".join(place_titles(known.card.place))
    if name == "status":
        return WORDS[known.card.status]
    if name == "stage":
        return stage_word(str(value))
    unit = f" {shape.unit}" if shape.unit else ""
    said = full_date(value) if isinstance(value, dt.date) else said_text(shape, value) + unit
    return said + _name_behind(known, name)


def _named(name: str, text: str, column: int, width: int, key: Key | None = None) -> Iterator[Line]:
    for number, row in enumerate(fold(text, width - column - 2)):
        label = name if number == 0 else ""
        yield line((f"  {clip(label, column):{column}}", "quiet"), row, key=key if number == 0 else None)


def _name_behind(known: Known, name: str) -> str:
    card, label = known.card, ""
    if name == "owner" and card.owner in known.plan.people:
        label = known.plan.people[card.owner].label
    elif name == "milestone" and card.milestone:
        milestone = known.plan.strategy(card.project).milestones.get(card.milestone)
        label = milestone.label if milestone else ""
    return f"  ({label})" if label and label != getattr(card, name) else ""


def _findings(known: Known, width: int) -> Iterator[Line]:
    if known.findings:
        yield line(("Findings", "heading"))
        for index, one in enumerate(known.findings):
            look = SEVERITY_LOOKS[one.severity]
            spans = [
                (f"{one.code} ", look),
                (one.message, ""),
                (f"  {one.hint}" if one.hint else "", "quiet"),
            ]
            yield from _wrapped(spans, width, "  ", Key("finding", str(index)))


def _history(known: Known, width: int) -> Iterator[Line]:
    yield line(("History", "heading"))
    if known.history is None:
        yield line(("  asking git …", "quiet"))
        return
    if isinstance(known.history, GitProblem):
        look = "quiet" if known.history.is_expected else "warning"
        yield from _wrapped([(known.history.message, look)], width, "  ")
        return
    if not known.history:
        yield line(("  not in a commit yet", "quiet"))
    words = FieldWords(known.today, known.plan.board.currency)
    for one in known.history:
        yield from _wrapped(
            [(f"{say_date(one.date, known.today)}  {one.author}: ", "quiet"), (one.subject, "")], width, "  "
        )
        for text in happened(one, "card", words):
            yield from _wrapped([(text, "quiet")], width, "      ")


def _code(known: Known, width: int) -> Iterator[Line]:
    """The commits that name the card; those that changed its file are in its history."""
    shown = {one.commit for one in known.history} if isinstance(known.history, Sequence) else set[str]()
    code = [one for one in known.code if one.commit.id not in shown]
    if code:
        yield line(("Code", "heading"))
    for one in code:
        commit = one.commit
        where = f"  on {one.branch}" if one.branch else ""
        spans = [
            (f"{say_date(commit.date, known.today)}  {commit.author}: ", "quiet"),
            (commit.subject, ""),
            (where, "quiet"),
        ]
        yield from _wrapped(spans, width, "  ")
