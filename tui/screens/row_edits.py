"""What is changed in place on a row that is about a record or an entry: a figure, a day, a person, its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from ...model.edit.edits import edit_each, holder, remove
from ...model.plan.change import MISSING, Batch, Path, get_path
from ...model.plan.field_spec import Shape, read_text, shapes, write_text
from ...model.records.base import Entry
from ...model.records.kinds import ENTRIES, KINDS, entry_model, record_model
from ...model.text.named import quoted
from ..dialogs.ask import Ask
from ..dialogs.date_prompt import DatePrompt
from ..dialogs.pick import Pick, PickItem
from ..dialogs.prompt import Prompt, refusal_of
from .contract import ActsOnPlan
from .sections import Place


class ActsOnRow(ActsOnPlan, Protocol):
    """A list of a project, one row of which is focused."""

    project: str

    @property
    def place(self) -> Place:
        """What the row under the cursor is about."""
        ...


class _Field(NamedTuple):
    """A field in place: what it looks like, and what it holds."""

    path: Path
    shape: Shape
    current: object


def _field(screen: ActsOnRow, path: Path, model: type[Entry] | None = None) -> _Field:
    place = screen.place
    record_at, prefix = holder(place.address)
    record = screen.plan.get(record_at)
    current = get_path(record, (*prefix, *path)) if record is not None else MISSING
    shape = shapes(model or _model(place.address.kind))[path[-1]]
    return _Field(path, shape, None if current is MISSING else current)


def _model(kind: str) -> type[Entry]:
    return entry_model(kind) if kind in ENTRIES else record_model(kind)


def called(screen: ActsOnRow) -> str:
    """What a person calls what the row is about."""
    address = screen.place.address
    if address.kind not in KINDS and address.kind not in ENTRIES:
        return address.id.capitalize()
    if address.kind == "answer":
        item = screen.session.derived.snapshot.playbook.item(address.id)
        return item.text if item is not None else address.id
    if address.kind == "allocation":
        # Its own label is the role: the row is about the person in it.
        person = screen.plan.people.get(address.id)
        return person.label if person is not None else address.id
    record_at, path = holder(address)
    found: object = screen.plan.get(record_at)
    if path:
        section = getattr(found, path[0], {})
        found = section.get(path[1]) if isinstance(section, Mapping) else None
    return found.label or address.id if isinstance(found, Entry) else address.id


def put(screen: ActsOnRow, values: Mapping[Path, object], said: str) -> None:
    """Sets fields of what the row is about, as one step."""
    address = screen.place.address

    def build() -> Batch:
        return edit_each(screen.plan, {address: values}, f"{quoted(called(screen))}: {said}")

    screen.make(build)


def set_figure(
    screen: ActsOnRow,
    path: Path,
    name: str,
    also: Callable[[object], Mapping[Path, object]] = lambda _: {},
    model: type[Entry] | None = None,
) -> None:
    """Asks for a figure of the row; `also` gives what is set with it. `model` is that of a table inside the record."""
    field = _field(screen, path, model)
    today = screen.today
    said = path[-1].replace("_", " ")

    def read(text: str) -> object:
        return read_text(field.shape, text, today)

    def entered(text: str) -> None:
        value = read(text)
        more = also(value) if value is not None else {}
        put(screen, {field.path: value, **more}, f"{said} {text.strip() or 'not set'}")

    unit = f", {field.shape.unit}" if field.shape.unit else ""
    label = f"{field.shape.description}{unit}; empty takes it away"
    text = write_text(field.shape, field.current) if field.current is not None else ""
    screen.ask(Prompt(f"{name}: {said}", label, text, refusal_of(read)), entered)


def set_day(screen: ActsOnRow, name: str) -> None:
    """Asks for the due date."""
    field = _field(screen, (name,))
    current = field.current.isoformat() if isinstance(field.current, dt.date) else ""

    def entered(text: str) -> None:
        date = dt.date.fromisoformat(text) if text else None
        put(screen, {field.path: date}, f"{name} {date or 'no day'}")

    label = "2026-12-01, fri, +2w, 1 dec; empty for no date"
    title = f"When is {quoted(called(screen))} due?"
    screen.ask(DatePrompt(title, label, screen.today, current), entered)


def set_person(screen: ActsOnRow, name: str, asked: str) -> None:
    """Picks a person for a field; `asked` is what they do: `answers for`."""
    items = [PickItem(one.id, one.label, one.role or "") for one in screen.plan.people.values()]
    items.append(PickItem("", "no one"))

    def chosen(keys: tuple[str, ...]) -> None:
        put(screen, {(name,): keys[0] or None}, f"{name.replace('_', ' ')} {keys[0] or 'no one'}")

    screen.ask(Pick(f"Who {asked} {quoted(called(screen))}?", items), chosen)


def remove_it(screen: ActsOnRow) -> None:
    """Removes what the row is about, after asking."""
    address = screen.place.address

    def answered(answer: str) -> None:
        if answer == "r":
            screen.make(lambda: remove(screen.plan, [address]))

    text = "References to it stay, and check finds them. Undo brings it back."
    options = (("r", f"remove {quoted(called(screen))}"), ("k", "keep it"))
    screen.ask(Ask("Remove it", text, options), answered)
