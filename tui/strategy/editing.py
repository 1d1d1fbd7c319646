"""What is changed in place: the figure of a row, its day, its owner, its end, the sizes that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ...model.edit.edits import edit_each, holder, remove
from ...model.plan.change import MISSING, Batch, Path, get_path
from ...model.plan.field_spec import Shape, TextRefused, read_text, shapes, write_text
from ...model.records.base import Entry
from ...model.records.kinds import ENTRIES, entry_model, record_model
from ...model.records.strategy import Budget
from ...model.requirements.proposals import keep
from ..dialogs import Ask, DatePrompt, Pick, PickItem, Prompt
from ..screens.contract import ActsOnPlan
from ..screens.sections import Place
from .facts import BUDGET

VALUES: Mapping[str, str] = {
    "goal": "target",
    "business": "figure",
    "technical": "figure",
    "metric": "actual",
    "stage": "cap",
    "allocation": "share",
    "person": "share",
    "resource": "cost",
}
"""The figure that is set in place, by kind."""
DAYS: Mapping[str, str] = {"goal": "by", "metric": "by", "milestone": "due"}
OWNERS: Mapping[str, str] = {
    "goal": "owner",
    "metric": "owner",
    "milestone": "owner",
    "resource": "owner",
    "stage": "approved_by",
}


class ActsOnStrategy(ActsOnPlan, Protocol):
    """The strategy of a project, one row of which is focused."""

    project: str

    @property
    def place(self) -> Place:
        """What the row under the cursor is about."""
        ...


def value_path(place: Place) -> Path:
    """The field that `value` sets, from the record or entry on; empty where there is none."""
    if place.field[:1] == (BUDGET,):
        return place.field
    name = VALUES.get(place.address.kind)
    return (name,) if name else ()


class _Field(NamedTuple):
    """A field in place: what it looks like, and what it holds."""

    path: Path
    shape: Shape
    current: object


def _field(screen: ActsOnStrategy, path: Path) -> _Field:
    place = screen.place
    record_at, prefix = holder(place.address)
    record = screen.plan.get(record_at)
    current = get_path(record, (*prefix, *path)) if record is not None else MISSING
    model: type[Entry] = Budget if path[0] == BUDGET else _model(place.address.kind)
    return _Field(path, shapes(model)[path[-1]], None if current is MISSING else current)


def _model(kind: str) -> type[Entry]:
    return entry_model(kind) if kind in ENTRIES else record_model(kind)


def _put(screen: ActsOnStrategy, values: Mapping[Path, object], said: str) -> None:
    address = screen.place.address

    def build() -> Batch:
        return edit_each(screen.plan, {address: values}, f"{address.id}: {said}")

    screen.make(build)


def set_value(screen: ActsOnStrategy) -> None:
    """Asks for the figure of the row; a value that was measured is of today."""
    field = _field(screen, value_path(screen.place))
    today = screen.today
    name = field.path[-1].replace("_", " ")

    def wrong(text: str) -> str | None:
        try:
            read_text(field.shape, text, today)
        except TextRefused as error:
            return str(error)
        return None

    def entered(text: str) -> None:
        value = read_text(field.shape, text, today)
        values: dict[Path, object] = {field.path: value}
        if screen.place.address.kind == "metric" and value is not None:
            values["measured_on",] = today
        elif field.path == (BUDGET, "spent") and value is not None:
            values[BUDGET, "spent_until"] = today
        _put(screen, values, f"{name} {text.strip() or 'not said'}")

    unit = f", {field.shape.unit}" if field.shape.unit else ""
    label = f"{field.shape.description}{unit}; empty takes it away"
    text = write_text(field.shape, field.current) if field.current is not None else ""
    screen.ask(Prompt(f"{_named(screen)}: {name}", label, text, wrong), entered)


def set_day(screen: ActsOnStrategy) -> None:
    """Asks for the day by which it is wanted."""
    field = _field(screen, (DAYS[screen.place.address.kind],))
    current = field.current.isoformat() if isinstance(field.current, dt.date) else ""

    def entered(text: str) -> None:
        date = dt.date.fromisoformat(text) if text else None
        _put(screen, {field.path: date}, f"{field.path[-1]} {date or 'no day'}")

    label = "2026-12-01, fri, +2w, 1 dec; empty for no date"
    screen.ask(DatePrompt(f"When is {_named(screen)} wanted?", label, screen.today, current), entered)


def set_owner(screen: ActsOnStrategy) -> None:
    """Picks who answers for it."""
    name = OWNERS[screen.place.address.kind]
    items = [PickItem(one.id, one.label, one.role or "") for one in screen.plan.people.values()]
    items.append(PickItem("", "no one"))
    asked = "approved the money of" if name == "approved_by" else "answers for"

    def chosen(keys: tuple[str, ...]) -> None:
        _put(screen, {(name,): keys[0] or None}, f"{name.replace('_', ' ')} {keys[0] or 'no one'}")

    screen.ask(Pick(f"Who {asked} {_named(screen)}?", items), chosen)


def remove_it(screen: ActsOnStrategy) -> None:
    """Removes what the row is about, after asking."""
    address = screen.place.address
    name = f"{address.kind} {address.id}"

    def answered(answer: str) -> None:
        if answer == "r":
            screen.make(lambda: remove(screen.plan, [address]))

    text = "References to it stay, and check finds them. Undo brings it back."
    screen.ask(Ask("Remove it", text, (("r", f"remove {name}"), ("k", "keep it"))), answered)


def take_sizes(screen: ActsOnStrategy) -> None:
    """Keeps the technical requirements that follow from the business ones, as one step."""
    screen.make(lambda: keep(screen.session.derived.snapshot, screen.project))


def _named(screen: ActsOnStrategy) -> str:
    place = screen.place
    return BUDGET if place.field[:1] == (BUDGET,) else place.address.id
