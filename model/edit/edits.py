"""What a person does to a plan, as changes: the verbs that the board and the commands share.

Each function takes the plan and gives a batch with a label, or raises EditRefused with the reason in plain words.
None of them touches a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from random import Random
from typing import Any

from ..cards.network import find_loop, parse_need
from ..plan.change import MISSING, Batch, Change, Path, apply, get_path, set_path, with_fields
from ..plan.ids import card_id, entry_id
from ..plan.plan import Plan, holder_id, target_of
from ..plan.ranks import place as rank_at
from ..plan.unfit import refusal, touched
from ..plan.validate import InvalidValues, parse
from ..records.address import Address, is_id
from ..records.base import Entry, Record, to_data, with_unfit
from ..records.card import STATUS_WORDS, Card
from ..records.kinds import ENTRIES, KINDS
from ..text.amounts import with_article
from ..text.named import noun, quoted
from .refusal import EditRefused, Unreadable

PHASES = ("assess", "plan", "execute", "iterate")
NEXT_STATUS = {"todo": "doing", "doing": "done", "done": "todo", "dropped": "todo"}


def edit(plan: Plan, address: Address, fields: Mapping[Path, object], label: str = "") -> Batch:
    """Sets fields of a record (None or MISSING clears one)."""
    record = plan.get(address)
    if record is None:
        raise EditRefused(f"there is no {address}")
    return batch_of(label or f"edit {name_of(record)}", [_edited(record, fields)])


def edit_all(cards: Iterable[Card], fields: Mapping[Path, object], label: str) -> Batch:
    """The same fields for several cards, as one step."""
    return batch_of(label, [_edited(card, fields) for card in cards])


def edit_each(plan: Plan, fields: Mapping[Address, Mapping[Path, object]], label: str) -> Batch:
    """Fields of several records and entries, each with its own values, as one step; status and needs keep theirs."""
    wanted: dict[Address, dict[Path, object]] = {}
    for address, values in fields.items():
        record_at, path = holder(address)
        wanted.setdefault(record_at, {}).update({(*path, *name): value for name, value in values.items()})
    changes: list[Change] = []
    for address, values in wanted.items():
        record = plan.get(address)
        if record is None:
            changes.append(_first(plan, address, values))
            continue
        status = values.get(("status",))
        implied = _with_status(record, status) if isinstance(record, Card) and status else {}
        changes.append(_edited(record, {**implied, **values}))
    batch = batch_of(label, changes)
    after = apply(plan, batch.changes)
    for change in batch.changes:
        if isinstance(change.after, Card) and ("needs",) in wanted[change.address]:
            _check_needs(after, change.after)
    return batch


def _first(plan: Plan, address: Address, values: Mapping[Path, object]) -> Change:
    """The record that a project has once, made by what is first said of it."""
    if not KINDS[address.kind].single:
        raise EditRefused(f"there is no {address}")
    if address.project not in plan.projects:
        raise EditRefused(f"there is no project {address.project!r}")
    data: dict[str, Any] = {}
    for path, value in values.items():
        set_path(data, path, MISSING if value is None else value)
    return Change(None, parsed(address.kind, address.project, address.id, data))


def holder(address: Address) -> tuple[Address, Path]:
    """The record that holds a record or an entry, and its path there."""
    if address.kind in KINDS:
        return address, ()
    where = ENTRIES[address.kind]
    record = Address(where.record, address.project, holder_id(where.record, address.project))
    return record, (where.section, address.id)


def add_card(plan: Plan, project: str, title: str, fields: Mapping[str, object], randomness: Random) -> Batch:
    """A new card at the end of its group."""
    if not title.strip():
        raise EditRefused("a card needs a title")
    if project not in plan.projects:
        raise EditRefused(f"there is no project {project!r}")
    new_id = card_id(title, plan.by_ending, randomness)
    place = str(fields.get("place") or plan.projects[project].phase)
    group = plan.group(project, place)
    data: dict[str, Any] = {"title": title.strip(), "place": place}
    # Where no rank fits behind the last one the two share it, and their ids decide.
    data["rank"] = rank_at([card.rank for card in group], len(group)) or group[-1].rank
    data["status"] = "todo"
    data.update({name: value for name, value in fields.items() if value not in (None, "", (), [])})
    card = parsed("card", project, new_id, data)
    made = Change(None, card)
    _check_needs(apply(plan, [made]), card)
    return batch_of(f"add {name_of(card)}", [made])


def add_record(plan: Plan, kind: str, project: str, new_id: str, data: Mapping[str, Any]) -> Batch:
    """A new record, or a new entry inside the record that holds its kind."""
    if not is_id(new_id):
        raise EditRefused(
            f"{new_id!r} is not an id: lower-case letters, digits and single hyphens, at most 64"
        )
    if plan.has(kind, new_id, project):
        raise EditRefused(f"there is {with_article(noun(kind))} {new_id} already")
    if kind in KINDS:
        project = new_id if kind == "project" else (project if KINDS[kind].in_project else "")
        return batch_of(f"add {kind} {new_id}", [Change(None, parsed(kind, project, new_id, dict(data)))])
    return put_entry(plan, kind, project, new_id, data, f"add {kind} {new_id}")


def put_entry(
    plan: Plan, kind: str, project: str, key: str, fields: Mapping[str, object], label: str = ""
) -> Batch:
    """Sets fields of an entry; its holder (and the entry) is made where it does not exist yet."""
    address, (section, _) = holder(Address(kind, project, key))
    return put_section(plan, address, section, key, fields, label or f"edit {kind} {key}")


def put_section(
    plan: Plan, address: Address, section: str, key: str, fields: Mapping[str, object], label: str
) -> Batch:
    """Sets fields of the entry under a key in a section of a record; either is made where it is not there yet."""
    record = plan.get(address)
    values: dict[Path, object] = {(section, key, name): value for name, value in fields.items()}
    if not values and (record is None or key not in getattr(record, section)):
        # An entry without fields is an entry too.
        values = {(section, key): {}}
    return batch_of(label, [_edited(record, values) if record is not None else _first(plan, address, values)])


def remove(plan: Plan, addresses: Sequence[Address]) -> Batch:
    """Removes records with their files, and entries from theirs. References stay and are found by check."""
    label = f"remove {addresses[0].id if len(addresses) == 1 else f'{len(addresses)} records'}"
    records = [one for one in addresses if one.kind in KINDS]
    for one in records:
        if KINDS[one.kind].single:
            raise EditRefused(
                f"{one} is a part of its project: remove its folder where the whole project goes"
            )
        if plan.get(one) is None:
            raise EditRefused(f"there is no {one}")
    entries: dict[Address, dict[Path, object]] = {
        one: {(): MISSING} for one in addresses if one not in records
    }
    inside = edit_each(plan, entries, label)
    return batch_of(label, [*(Change(plan.get(one), None) for one in records), *inside.changes])


# ---- cards


def move(cards: Sequence[Card], place: str) -> Batch:
    """Moves cards to another phase or step; a move keeps the rank, so that it is one line."""
    return edit_all(cards, {("place",): place}, f"move {names_of(cards)} to {place}")


def neighbour_phase(card: Card, step: int) -> str:
    """The phase one column to the right (1) or to the left (-1). Raises EditRefused at the edge."""
    index = PHASES.index(card.phase) + step if card.phase in PHASES else 0
    if not 0 <= index < len(PHASES):
        raise EditRefused(f"{card.phase} is the {'last' if step > 0 else 'first'} column")
    return PHASES[index]


def set_status(cards: Sequence[Card], status: str) -> Batch:
    """Sets the status; what is finished is no longer blocked, what is taken up again is no longer dropped."""
    changes = [_edited(card, _with_status(card, status)) for card in cards]
    return batch_of(f"mark {names_of(cards)} as {STATUS_WORDS.get(status, status)}", changes)


def _with_status(card: Card, status: object) -> dict[Path, object]:
    fields: dict[Path, object] = {("status",): status}
    if status == "done" and card.blocked:
        fields["blocked",] = None
    if status != "dropped" and card.dropped:
        fields["dropped",] = None
    return fields


def block(cards: Sequence[Card], reason: str) -> Batch:
    """Marks cards as blocked for a reason; an empty reason takes the mark away."""
    reason = reason.strip()
    label = f"block {names_of(cards)}" if reason else f"unblock {names_of(cards)}"
    return edit_all(cards, {("blocked",): reason or None}, label)


def drop(cards: Sequence[Card], reason: str) -> Batch:
    """Drops cards, with the reason that others will read later."""
    if not reason.strip():
        raise EditRefused("a card is dropped for a reason: say it in a few words")
    fields: dict[Path, object] = {("status",): "dropped", ("dropped",): reason.strip()}
    return edit_all(cards, fields, f"drop {names_of(cards)}")


def set_needs(plan: Plan, card: Card, needs: Sequence[str]) -> Batch:
    """Sets what a card needs. Raises EditRefused with the loop where the choice would make one."""
    batch = edit(
        plan, card.address, {("needs",): list(needs) or None}, f"change the needs of {name_of(card)}"
    )
    after = batch.changes[0].after if batch.changes else card
    assert isinstance(after, Card)
    _check_needs(plan, after)
    return batch


def change_needs(plan: Plan, cards: Sequence[Card], add: Sequence[str], drop: Collection[str]) -> Batch:
    """Adds needs to cards, and takes others from them (both by id); links and lags that are there stay.

    Raises EditRefused with the loop where one would be made.
    """
    wanted: dict[Address, Mapping[Path, object]] = {}
    for card in cards:
        kept = [need for need in card.needs if target_of(need) not in drop]
        known = {target_of(need) for need in kept}
        needs = [*kept, *(one for one in add if one not in known and one != card.id)]
        wanted[card.address] = {("needs",): needs or None}
    return edit_each(plan, wanted, f"change the needs of {names_of(cards)}")


def tick(card: Card, key: str) -> Batch:
    """Ticks or unticks a checklist item."""
    item = card.checklist.get(key)
    if item is None:
        if finding := touched(card.unfit, ("checklist", key)):
            raise Unreadable(refusal(finding))
        known = f"kedge show {card.id} lists its items" if card.checklist else "its checklist is empty"
        raise EditRefused(f"{card.id} has no checklist item {key!r}: {known}")
    verb = "untick" if item.done else "tick"
    return edit_all([card], {("checklist", key, "done"): not item.done}, f'{verb} "{item.text[:40]}"')


def add_item(card: Card, text: str, randomness: Random) -> Batch:
    """Adds a line to the end of a card's checklist."""
    if not text.strip():
        raise EditRefused("a checklist item needs a text")
    key = entry_id(card.checklist, randomness)
    ranks = sorted(item.rank for item in card.checklist.values())
    entry = {"done": False, "rank": rank_at(ranks, len(ranks)) or ranks[-1], "text": text.strip()}
    return edit_all([card], {("checklist", key): entry}, f"add to the checklist of {name_of(card)}")


# ---- helpers


def changes_to(plan: Plan, records: Mapping[Address, Record]) -> list[Change]:
    """The changes that give a plan these records."""
    return [Change(plan.get(place), record) for place, record in records.items() if plan.get(place) != record]


def _edited(record: Record, fields: Mapping[Path, object]) -> Change:
    for path in fields:
        if finding := touched(record.unfit, path):
            raise Unreadable(refusal(finding))
    cleaned = {path: MISSING if value is None else value for path, value in fields.items()}
    known = to_data(record)
    current = {path: get_path(known, path) for path in cleaned}
    wanted = {
        path: value for path, value in cleaned.items() if not _is_default(record, path, value, current[path])
    }
    data = with_fields(record, wanted)
    return Change(record, rebuilt(record, data))


def rebuilt(
    record: Record, data: Mapping[str, Any], *, project: str | None = None, new_id: str | None = None
) -> Any:
    """The record with other values, perhaps in another project or with another id. Raises EditRefused."""
    found = parsed(
        record.address.kind, record.project if project is None else project, new_id or record.id, data
    )
    return with_unfit(found, record.unfit)


def _is_default(record: Record, path: Path, value: object, current: object) -> bool:
    """Whether a field that is not written would be set to its default: then the file stays as it is."""
    if current is not MISSING or len(path) != 1 or value is MISSING:
        return False
    return value == getattr(record, path[0], MISSING)


def parsed(kind: str, project: str, record_id: str, data: Mapping[str, Any]) -> Any:
    """The record of these values. Raises EditRefused where they do not fit."""
    try:
        return parse(kind, project, record_id, data)
    except InvalidValues as error:
        raise EditRefused(str(error)) from error


def batch_of(label: str, changes: Iterable[Change], renamed: Iterable[Address] = ()) -> Batch:
    """A step of the changes that change anything."""
    kept = tuple(change for change in changes if change.before != change.after or change.is_rename)
    return Batch(label, kept, tuple(renamed))


def _check_needs(plan: Plan, card: Card) -> None:
    known: Callable[[str], bool] = plan.cards.__contains__
    for need in card.needs:
        target = parse_need(need).target
        name = target_of(need)
        if not known(name):
            raise EditRefused(f"there is no card {target!r} to need")
        loop = find_loop(plan, card.id, need)
        if loop:
            raise EditRefused(f"that would make a loop: {' → '.join(loop)}")


def names_of(cards: Sequence[Card]) -> str:
    """The cards in a step's label."""
    return name_of(cards[0]) if len(cards) == 1 else f"{len(cards)} cards"


def name_of(entry: Entry, entry_id: str = "") -> str:
    """A record or entry in a step's label: its title in quotes, cut to a part of a line, or its id."""
    return quoted(entry.label or entry_id)
