"""What a field offers and says while one is in it: the choices of its picker, and how its text is understood."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...model.plan.change import Path, get_path
from ...model.plan.field_spec import TextRefused
from ...model.plan.plan import Plan, target_of
from ...model.plan.validate import nearest
from ...model.playbook.outline import PHASES, PLACES, STEPS
from ...model.records.kinds import ENTRIES, KINDS
from ...model.text.dates import say_date
from ..dialogs.date_prompt import date_echo
from ..dialogs.pick import PickItem
from .draft import Draft
from .fields import Field, read

Said = tuple[str, str]
"""A text and its look."""
_OF_THE_METHOD = ("item", "gate")
"""Kinds of what the method has."""


@dataclass(frozen=True)
class Around:
    """What the fields of a form can refer to."""

    plan: Plan
    project: str
    today: dt.date
    places: tuple[str, ...] = PLACES
    """Where cards may stand."""


def is_several(field: Field) -> bool:
    """Whether the field's picker chooses several."""
    return field.shape.control == "list"


def choices(field: Field, around: Around) -> list[PickItem]:
    """What the field's picker offers; nothing where a text is simply typed."""
    shape = field.shape
    if shape.choices:
        return [PickItem(choice, choice) for choice in shape.choices]
    if shape.control == "flag":
        return [PickItem("yes", "yes"), PickItem("no", "no")]
    if shape.refers:
        return list(_references(shape.refers, around))
    if shape.may_name:
        return [item for kind in shape.may_name for item in _references(kind, around)]
    words: Iterable[str] = ()
    match shape.name:
        case "place":
            used = (card.place for card in around.plan.cards_of.get(around.project, ()))
            words = dict.fromkeys((*around.places, *used))
        case "tags":
            words = (word for word, _ in _tags(around).most_common())
        case "skill" | "skills":
            words = sorted({skill for one in around.plan.people.values() for skill in one.skills})
        case "role" | "team":
            words = sorted({getattr(one, shape.name) or "" for one in around.plan.people.values()} - {""})
    return [PickItem(word, word) for word in words]


def has_choices(field: Field, around: Around) -> bool:
    """Whether the field's picker offers anything; without putting thousands of cards in order for that."""
    shape = field.shape
    kinds = (shape.refers,) if shape.refers else shape.may_name
    if shape.choices or shape.control == "flag" or not kinds:
        return bool(choices(field, around))
    if "card" in kinds and around.plan.cards:
        return True
    return any(True for kind in kinds if kind != "card" for _ in _references(kind, around))


def entry_items(section: Field, data: Mapping[str, Any]) -> list[PickItem]:
    """The entries of a section in the plain values of its record; `=` is before their keys."""
    there = get_path(data, section.path)
    label = section.inner.LABEL if section.inner is not None else ""
    entries = there.items() if isinstance(there, Mapping) else ()
    return [PickItem(f"={key}", str(entry.get(label) or key), str(key)) for key, entry in entries]


def _tags(around: Around) -> Counter[str]:
    return Counter(tag for card in around.plan.cards_of.get(around.project, ()) for tag in card.tags)


def _references(kind: str, around: Around) -> Iterator[PickItem]:
    """Things of a kind, those of the own project first; those of others as `project/id` where that is needed."""
    plan = around.plan
    if kind == "card":
        cards = sorted(plan.cards.values(), key=lambda one: (one.project != around.project, not one.is_open))
        for card in cards:
            yield PickItem(card.id, card.label, f"{card.id} · {card.project} · {card.status}")
        return
    if kind in ENTRIES:
        found = [(address, entry.label) for address, entry in plan.entries(kind)]
    elif kind in KINDS:
        found = [(record.address, record.label) for record in plan.of_kind(kind)]
    else:
        yield from _of_the_method(kind)
        return
    in_project = kind in ENTRIES or KINDS[kind].in_project
    for address, label in sorted(found, key=lambda one: (one[0].project != around.project, one[0])):
        own = not in_project or kind == "project" or address.project == around.project
        key = address.id if own else f"{address.project}/{address.id}"
        yield PickItem(key, label or key, key if label and label != key else "")


def _of_the_method(kind: str) -> Iterator[PickItem]:
    """Questions and gates of the shipped method."""
    from ...model.playbook import shipped

    method = shipped()
    if kind == "item":
        for item in method.items:
            yield PickItem(item.id, item.text, item.id)
    elif kind == "gate":
        for gate in method.gates:
            yield PickItem(gate.id, gate.title, gate.id)


def said_of(field: Field, text: str, around: Around) -> Said:
    """How a text is understood: the date, the name behind an id, or what is wrong; empty where it says itself."""
    if not field.is_typed:
        return "", ""
    try:
        value = read(field, text, around.today)
    except TextRefused as error:
        date = date_echo(text, around.today) if field.shape.control == "date" else ""
        return date or str(error), "warning"
    if value is None:
        return "", ""
    match field.shape.control:
        case "date":
            return date_echo(text, around.today), "good"
        case "dates":
            assert isinstance(value, list)
            return ", ".join(say_date(one, around.today) for one in value), "good"
        case "estimate":
            assert isinstance(value, list)
            names = ("low", "likely", "high") if len(value) == 3 else ("about",)
            return ", ".join(
                f"{name} {days}" for name, days in zip(names, value, strict=True)
            ) + " days", "good"
        case "choice" | "flag":
            return (
                (f"→ {value}", "good")
                if str(value) != text.strip() and not isinstance(value, bool)
                else ("", "")
            )
    unknown = names_nothing(field, value, None, around)
    if unknown:
        return unknown, "warning"
    if field.shape.refers:
        return _said_of_references(field.shape.refers, value, around)
    return "", ""


def spoken(field: Field, text: str, around: Around) -> str:
    """A text as a person says it, while one is in another field; empty where it says itself."""
    if not text.strip() or not field.is_typed or field.choices or field.is_long:
        return ""
    try:
        value = read(field, text, around.today)
    except TextRefused:
        return ""
    if isinstance(value, dt.date):
        return say_date(value, around.today)
    if field.path == ("place",):
        phase, _, step = text.partition("/")
        titles = [one.title for one in PHASES if one.id == phase]
        titles += [one.title for one in STEPS if (one.phase, one.id) == (phase, step)]
        return " › ".join(titles) if len(titles) == 1 + bool(step) else ""
    if field.shape.refers and not names_nothing(field, value, None, around):
        return _said_of_references(field.shape.refers, value, around, "; ")[0]
    if field.kind not in ("number", "whole", "estimate") or not field.shape.unit:
        return ""
    if field.shape.unit == "1 to 5":
        return f"{text} of 5"
    unit = field.shape.unit.replace("the board's currency", around.plan.board.currency)
    return f"{text} {unit}"


def names_nothing(field: Field, value: object, before: object, around: Around) -> str:
    """What a value names that is not in the plan, with the nearest that is; empty where there is nothing.

    A query names fields and their values.

    What stood in `before` may stay: a form does not ask for mistakes to be mended that it has not made.
    """
    kind, texts = field.shape.refers, [one for one in _texts(value) if one not in _texts(before)]
    if field.path == ("query",):
        return next((wrong for query in texts if (wrong := _wrong_query(query, around))), "")
    if field.path == ("place",):
        for place in texts:
            if place not in around.places:
                close = nearest(place, around.places)
                return f"there is no place {place}" + (f"; did you mean {close}?" if close else "")
    elif kind in KINDS or kind in ENTRIES:
        for name in (text.partition(" ")[0] for text in texts):
            if not around.plan.has(kind, name, around.project):
                close = nearest(target_of(name), around.plan.ids(kind))
                way = (
                    f"did you mean {close}?"
                    if close
                    else f"{'a' if kind == 'card' else 'i'} adds one, once the form is closed"
                )
                return f"no {kind} {name}; {way}"
    return ""


def unknown_names(draft: Draft, around: Around) -> dict[Path, str]:
    """For each changed field that names what is not there, what that is."""
    found = {
        path: names_nothing(draft.fields[path], value, get_path(draft.base, path), around)
        for path, value in draft.changes().items()
    }
    return {path: text for path, text in found.items() if text}


def _wrong_query(text: str, around: Around) -> str:
    """What is wrong with the query of a view. Where it is shown, "me" and the schedule are known."""
    from ...model.query.compiler import compile_query
    from ...model.query.context import Context
    from ...model.query.syntax import QueryError, parse_query

    try:
        compile_query(parse_query(text), Context(around.plan, around.today, me="me", dates=dict))
    except QueryError as error:
        return str(error)
    return ""


def _texts(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [value] if isinstance(value, str) else []


def _said_of_references(kind: str, value: object, around: Around, gap: str = ", ") -> Said:
    """The names behind ids."""
    if kind not in KINDS and kind not in ENTRIES and kind not in _OF_THE_METHOD:
        return "", ""
    return gap.join(_label(kind, text.partition(" ")[0], around) for text in _texts(value)), "good"


def _label(kind: str, name: str, around: Around) -> str:
    scope, _, own = name.rpartition("/")
    if kind in _OF_THE_METHOD:
        return next((one.label for one in _of_the_method(kind) if one.key == name), name)
    if kind == "card":
        return around.plan.cards[own].label
    if kind == "person":
        return around.plan.people[own].label
    if kind == "project":
        return around.plan.projects[own].label
    if kind in ENTRIES:
        entries = around.plan.entries(kind, scope or around.project)
        return next((entry.label for address, entry in entries if address.id == own), own)
    records = around.plan.of_kind(kind, scope or around.project)
    return next((record.label for record in records if record.id == own), own)


def picked_now(field: Field, text: str) -> list[str]:
    """The keys that the text of a list has chosen; a need stands for its card, whatever follows the id."""
    items = [one for one in (part.strip() for part in text.replace("\n", ",").split(",")) if one]
    return [_key(field, one) for one in items]


def with_picked(field: Field, text: str, keys: Iterable[str]) -> str:
    """The text of a list after the picker: what stays keeps its kind of link and its lag."""
    items = [one for one in (part.strip() for part in text.replace("\n", ",").split(",")) if one]
    before = {_key(field, one): one for one in items}
    return ", ".join(before.get(key, key) for key in keys)


def _key(field: Field, item: str) -> str:
    return target_of(item) if field.shape.refers == "card" else item
