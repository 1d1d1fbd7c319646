"""What a form is about: a record, an entry inside one, or one that does not exist yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Literal, cast, get_args, get_origin

from ...model.address import Address
from ...model.change import MISSING, Batch, Change, Path, get_path, set_path
from ...model.edits import EditRefused, add_card, add_record, edit, put_entry, set_needs
from ...model.ids import slug
from ...model.kinds import ENTRIES, KINDS, entry_model, record_model
from ...model.plan import Plan, holder_id
from ...model.records.base import Entry
from ...model.records.card import Card
from ...model.references import referring_keys
from ...model.shape import Shape
from ...model.validate import InvalidValues, parse
from .fields import Field, fields_of


@dataclass(frozen=True)
class Subject:
    """Kind, project and id; without an id something new."""

    kind: str
    project: str
    id: str = ""

    @property
    def is_new(self) -> bool:
        """Whether saving makes it."""
        return not self.id

    @property
    def model(self) -> type[Entry]:
        """The model of its fields."""
        return record_model(self.kind) if self.kind in KINDS else entry_model(self.kind)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields; a new one that is no card has its id among them."""
        own = fields_of(self.model)
        return (self._id_field(), *own) if self.is_new and self.kind != "card" else own

    def _id_field(self) -> Field:
        """The id of something new: free, or one that names something else, such as a person or a stage."""
        choices: tuple[str, ...] = ()
        refers = ""
        if self.kind in ENTRIES:
            where = ENTRIES[self.kind]
            holder = record_model(where.record)
            refers = referring_keys(holder).get(where.section, "")
            key = get_args(holder.model_fields[where.section].annotation)[0]
            choices = get_args(key) if get_origin(key) is Literal else ()
        description = "what it is called in the plan" + (
            "" if refers or choices else "; empty: made from the title"
        )
        kind = "choice" if choices else "line"
        return Field(("id",), Shape("id", kind, description, choices=choices, refers=refers), kind)

    @property
    def title(self) -> str:
        """What the form is called."""
        where = f" in {self.project}" if self.project else ""
        return f"New {self.kind}{where}" if self.is_new else f"Edit {self.kind} {self.id}"

    @property
    def holder(self) -> Address:
        """The record whose file it is in."""
        if self.kind in KINDS:
            return Address(self.kind, self.project, self.id)
        record = ENTRIES[self.kind].record
        return Address(record, self.project, holder_id(record, self.project))

    @property
    def _prefix(self) -> Path:
        return () if self.kind in KINDS else (ENTRIES[self.kind].section, self.id)

    def current(self, plan: Plan) -> Mapping[str, Any] | None:
        """Its plain values in a plan; None where it is not there."""
        if self.is_new:
            return {}
        record = plan.get(self.holder)
        found = get_path(record, self._prefix) if record is not None else MISSING
        return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else None

    def problems(self, data: Mapping[str, Any]) -> dict[Path, str]:
        """What the model says against values, by field."""
        data = dict(data)
        own_id = str((data.pop("id", "") if self.is_new else self.id) or "new")
        try:
            if self.kind in KINDS:
                parse(self.kind, self.project, own_id, data)
            else:
                where = ENTRIES[self.kind]
                parse(where.record, self.project, self.holder.id, {where.section: {own_id: data}})
        except InvalidValues as error:
            skip = 0 if self.kind in KINDS else 2
            return {
                tuple(str(key) for key in one.path[skip:] if isinstance(key, str)): one.message
                for one in error.problems
            }
        return {}

    def save(self, plan: Plan, changes: Mapping[Path, object], randomness: Random) -> tuple[Subject, Batch]:
        """The step that makes the changes, and the subject that there is then. Raises EditRefused."""
        if self.is_new:
            return self._make(plan, changes, randomness)
        batch = edit(plan, self.holder, {(*self._prefix, *path): value for path, value in changes.items()})
        if self.kind == "card" and ("needs",) in changes and batch.changes:
            needs = cast("list[str]", changes["needs",] or [])
            set_needs(plan, cast("Card", plan.get(self.holder)), needs)
        return self, batch

    def _make(self, plan: Plan, changes: Mapping[Path, object], randomness: Random) -> tuple[Subject, Batch]:
        data: dict[str, Any] = {}
        for path, value in changes.items():
            if value is not None:
                set_path(data, path, value)
        if self.kind == "card":
            title = str(data.pop("title", ""))
            batch = add_card(plan, self.project, title, data, randomness)
            after = batch.changes[0].after
            assert after is not None
            return replace(self, id=after.id), batch
        label = str(data.get(self.model.LABEL, ""))
        new_id = str(data.pop("id", "")) or (slug(label, "") if label else "")
        if not new_id:
            raise EditRefused("an id is needed: a few words with hyphens, such as first-release")
        return replace(self, id=new_id), add_record(plan, self.kind, self.project, new_id, data)

    def make_again(self, plan: Plan, data: Mapping[str, Any]) -> Batch:
        """The step that brings back something that somebody else has removed. Raises EditRefused."""
        if self.kind not in KINDS:
            return put_entry(plan, self.kind, self.project, self.id, data)
        try:
            record = parse(self.kind, self.project, self.id, data)
        except InvalidValues as error:
            raise EditRefused(str(error)) from error
        return Batch(f"make {self.kind} {self.id} again", (Change(None, record),))
