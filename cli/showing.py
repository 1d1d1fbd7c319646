"""One record in full: its fields, what it needs and what needs it, its checklist, its notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import click

from ..model.records.address import Address
from ..model.text.visible import one_line
from . import context, output
from .command import Command
from .completing import complete_record
from .settings import Settings

if TYPE_CHECKING:
    from ..model.plan.plan import Plan
    from ..model.records.base import Entry
    from ..model.records.card import Card


@click.command(cls=Command, reads=True)
@click.argument("ids", metavar="ID…", nargs=-1, required=True, shell_complete=complete_record)
@click.pass_obj
def show(settings: Settings, ids: tuple[str, ...]) -> None:
    """Show a card or any other record: every field, needs both ways, checklist, notes.

    ID may be any part of an id that fits only one; PROJECT/ID looks in one project. For example: kedge show 7k2m
    """
    plan = context.read_on_demand(settings)
    found = [context.find(settings, plan, text) for text in ids]
    show_addresses(settings, plan, found)


def show_addresses(settings: Settings, plan: Plan, found: list[Address]) -> None:
    """Prints records and entries in full."""
    if settings.json:
        data = [record_data(plan, address, settings.today) for address in found]
        output.data(found[0].kind if len(found) == 1 else "records", data[0] if len(found) == 1 else data)
        return
    for at, address in enumerate(found):
        text = describe(plan, address, settings.today)
        output.lines([*[""] * bool(at), *text])


def entry_at(plan: Plan, address: Address) -> Entry:
    """The record or entry at an address that is known to exist."""
    from ..model.records.kinds import KINDS

    if address.kind in KINDS:
        return plan.records[address]
    return next(entry for place, entry in plan.entries(address.kind, address.project) if place == address)


# ---- for people


def describe(plan: Plan, address: Address, today: dt.date) -> Iterator[str]:
    """A record or entry as lines of text."""
    from ..model.plan.field_spec import said_text, shapes
    from ..model.plan.unfit import at as unread_at
    from ..model.plan.unfit import unreadable
    from ..model.value.proof import with_states

    entry = entry_at(plan, address)
    unread = {name: unreadable(one) for name, one in unread_at(plan, address).items()}
    where = f"{address.kind} {address.id}" + (f" of {address.project}" if address.project else "")
    yield f"{entry.label or address.id}  ({where})"
    yield ""
    unset: list[str] = []
    lines: list[tuple[str, str]] = []
    texts: list[tuple[str, str]] = []
    for name, shape in shapes(type(entry)).items():
        value = getattr(entry, name)
        text = said_text(shape, with_states(value) if name == "evidence" else value)
        if name in unread:
            lines.append((name, unread.pop(name)))
            continue
        if name == type(entry).LABEL or (name == "needs" and text and address.kind == "card"):
            continue
        if shape.control == "text":
            texts += [(name, text)] if text else []
        elif not text:
            unset.append(name)
        else:
            unit = f"  {shape.unit}" if shape.unit else ""
            near = f"  {_near(value, today)}" if isinstance(value, dt.date) else ""
            lines.append((name, f"{one_line(text)}{near}{unit}"))
    for name, value in (entry.model_extra or {}).items():
        lines.append((name, f"{_plain(value)}  (unknown here)"))
    if unset:
        lines.append(("not set", ", ".join(unset)))
    if address.kind == "card":
        state = _state(plan, cast("Card", entry), today)
        lines += [("is", ", ".join(state))] if state else []
    lines += unread.items()
    yield from _aligned([(name, one_line(text)) for name, text in lines])
    if address.kind == "card":
        yield from _around(plan, cast("Card", entry), today)
    yield from _inside(entry)
    for name, text in texts:
        yield from ("", name, *(f"  {line}".rstrip() for line in text.rstrip().splitlines()))


def _aligned(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    wide = max((len(name) for name, _ in pairs), default=0)
    return (f"  {name:<{wide}}  {text}" for name, text in pairs)


def _state(plan: Plan, card: Card, today: dt.date) -> list[str]:
    from ..model.cards.status import is_blocked, is_late, is_ready

    states = {
        "ready": is_ready(plan, card, today),
        "blocked": is_blocked(plan, card),
        "late": is_late(card, today),
    }
    return [word for word, holds in states.items() if holds]


def _near(day: dt.date, today: dt.date) -> str:
    from ..model.text.dates import say_date

    return say_date(day, today)


def _around(plan: Plan, card: Card, today: dt.date) -> Iterator[str]:
    """What a card needs, what needs it, why it waits, its checklist."""
    from ..model.cards.network import needed_card, parse_need
    from ..model.cards.status import explain_blocked
    from ..model.cards.urgency import board_order

    why = explain_blocked(plan, card, today)
    if why:
        yield from ("", "waits", *(f"  {line}" for line in why))
    if card.needs:
        yield from ("", "needs")
        for text in card.needs:
            other = needed_card(plan, parse_need(text))
            yield f"  {text}  {f'{other.label}  ({other.status})' if other else '(not in this plan)'}"
    needed_by = plan.needed_by.get(card.id, ())
    if needed_by:
        yield from ("", "needed by")
        for other in sorted((plan.cards[one] for one in needed_by), key=board_order):
            yield f"  {other.id}  {other.label}  ({other.status})"
    if card.checklist:
        items = sorted(card.checklist.items(), key=lambda one: (one[1].rank, one[0]))
        yield from ("", f"checklist  {sum(item.done for _, item in items)}/{len(items)}")
        for key, item in items:
            yield f"  [{'x' if item.done else ' '}] {key}  {item.text}"


def _inside(entry: Entry) -> Iterator[str]:
    """The tables inside a record: what is written in each, a line per entry."""
    from ..model.records.base import sections, tables, to_data

    for name in sections(type(entry)):
        entries = getattr(entry, name)
        if not entries or name == "checklist":
            continue
        yield from ("", f"{name}  {len(entries)}")
        for key, inner in entries.items():
            yield f"  {key}  {inner.label}".rstrip()
    for name, model in tables(type(entry)).items():
        table = getattr(entry, name)
        values = table if model is None else to_data(table) if table is not None else {}
        if values:
            yield from ("", name)
            yield from _aligned([(key, _plain(value)) for key, value in values.items()])


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_plain(inner)}" for key, inner in value.items())
    return one_line(str(value))


# ---- for programs


def entry_data(entry: Entry) -> dict[str, Any]:
    """All fields of a record or entry for programs, set or not; dates as ISO texts."""
    from ..model.records.base import Record

    data = entry.model_dump(mode="json", warnings=False)
    place = {"id": entry.id, "project": entry.project} if isinstance(entry, Record) else {}
    return {**place, **data}


def unread_data(plan: Plan, address: Address) -> dict[str, dict[str, str]]:
    """For programs: which fields hold something that could not be read, and why; nothing where all could."""
    from ..model.plan.unfit import at as unread_at
    from ..model.plan.unfit import unreadable

    found = {name: unreadable(one) for name, one in unread_at(plan, address).items()}
    return {"unreadable": found} if found else {}


def record_data(plan: Plan, address: Address, today: dt.date) -> dict[str, Any]:
    """A record or entry for programs, with what follows for a card."""
    from ..model.cards.status import blockers, is_blocked, is_late, is_ready

    entry = entry_at(plan, address)
    data = {"id": address.id, "project": address.project, **entry_data(entry), **unread_data(plan, address)}
    if address.kind == "card":
        card = cast("Card", entry)
        data |= {
            "phase": card.phase,
            "step": card.step,
            "is_blocked": is_blocked(plan, card),
            "is_ready": is_ready(plan, card, today),
            "is_late": is_late(card, today),
            "waits_for": list(blockers(plan, card)),
            "needed_by": list(plan.needed_by.get(card.id, ())),
        }
    return data
