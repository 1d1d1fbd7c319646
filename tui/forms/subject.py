"""What a form is about: a record, an entry of one of its sections, or one that does not exist yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Literal, cast, get_args, get_origin

from ...model.edit.edits import add_card, add_record, edit, put_section, set_needs
from ...model.edit.edits import holder as holder_of
from ...model.edit.refusal import EditRefused
from ...model.plan.change import MISSING, Batch, Change, Path, get_path, set_path
from ...model.plan.field_spec import Shape, shapes
from ...model.plan.ids import entry_id
from ...model.plan.plan import Plan
from ...model.plan.ranks import place as rank_at
from ...model.plan.references import referring_keys
from ...model.plan.validate import InvalidValues, parse
from ...model.records.address import Address, is_id
from ...model.records.base import Entry, sections
from ...model.records.card import Card
from ...model.records.kinds import ENTRIES, KINDS, entry_name, record_model
from ...model.text.amounts import with_article
from ...model.text.named import noun
from ...model.text.slug import slug
from .fields import Field, fields_of, kept_fields, with_unread

_IN_WORDS = {
    "allocation": "share of a person",
    "item": "question",
    "test": "mark of a test",
}
"""What a form calls a kind, where its name in commands is a shorter one."""


def _in_words(kind: str) -> str:
    return _IN_WORDS.get(kind) or noun(kind)


@dataclass(frozen=True)
class Subject:
    """A record, or the entry with a key in one of its sections; without an id, or a key, something new."""

    record: Address
    section: str = ""
    key: str = ""

    @classmethod
    def at(cls, address: Address) -> Subject:
        """What an address names."""
        record, path = holder_of(address)
        return cls(record, *path)

    @property
    def address(self) -> Address:
        """Its own address; that of its record where it has none."""
        for name, where in ENTRIES.items():
            if (where.record, where.section) == (self.record.kind, self.section):
                return Address(name, self.record.project, self.key)
        return self.record

    @property
    def kind(self) -> str:
        """What it is called: card, metric, absence."""
        return entry_name(self.record.kind, self.section) if self.section else self.record.kind

    @property
    def in_words(self) -> str:
        """What a person calls its kind."""
        return _in_words(self.kind)

    @property
    def project(self) -> str:
        """The project that it belongs to; empty for what belongs to the whole plan."""
        return self.record.project

    @property
    def id(self) -> str:
        """Its id, or its key among the others; empty where it is new."""
        return self.key if self.section else self.record.id

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return f"{self.kind} {self.id}"

    @property
    def is_new(self) -> bool:
        """Whether saving makes it."""
        return not self.id

    @property
    def model(self) -> type[Entry]:
        """The model of its fields."""
        model = record_model(self.record.kind)
        return sections(model)[self.section] if self.section else model

    def fields(self, data: Mapping[str, Any], plan: Plan) -> tuple[Field, ...]:
        """Its fields, with the unknown keys among its values; something new that is no card has its id among them."""
        record = plan.get(self.record)
        own = with_unread(fields_of(self.model), record.unfit if record is not None else (), self._prefix)
        if self.is_new:
            own = tuple(one for one in own if one.kind != "section")
            return own if self.kind == "card" else (self._id_field(), *own)
        return (*own, *kept_fields(self.model, data))

    def _id_field(self) -> Field:
        """The id of something new: free, or one that names something else, such as a person or a stage."""
        choices: tuple[str, ...] = ()
        refers = ""
        if self.section:
            holder = record_model(self.record.kind)
            refers = referring_keys(holder).get(self.section, "")
            key = get_args(holder.model_fields[self.section].annotation)[0]
            choices = get_args(key) if get_origin(key) is Literal else ()
        title = shapes(self.model).get(self.model.LABEL)
        is_made = not (refers or choices) and title is not None and title.is_needed
        about = f"what it is called in the plan{'; empty: made from the title' if is_made else ''}"
        kind = "choice" if choices else "line"
        label = "" if is_made else (_in_words(refers) or self.kind).capitalize()
        shape = Shape("id", kind, about, choices=choices, refers=refers, optional=is_made, label=label)
        return Field(("id",), shape, kind)

    @property
    def title(self) -> str:
        """What the form is called."""
        where = f"{self.record.kind} {self.record.id}" if self.is_inner else self.project
        if self.is_new:
            return f"New {self.in_words} in {where}" if where else f"New {self.in_words}"
        return f"Edit {self.in_words}"

    @property
    def shown_id(self) -> str:
        """What is typed elsewhere to name it, at the end of the form's first line."""
        if self.is_new or self.id == self.kind:
            return ""
        return f"{self.id} of {self.record.kind} {self.record.id}" if self.is_inner else self.id

    @property
    def intro(self) -> tuple[str, ...]:
        """What is above the fields, the most important first."""
        return ()

    def another(self) -> Subject:
        """Something new of its kind beside it."""
        return replace(self, key="") if self.section else replace(self, record=self.record._replace(id=""))

    def reason_against_another(self) -> str:
        """Why no other one of its kind can be added after it; empty where one can."""
        if not self.section and (KINDS[self.kind].single or self.kind == "project"):
            return f"there is one {self.kind} only"
        return ""

    @property
    def is_inner(self) -> bool:
        """Whether it has no address of its own."""
        return bool(self.section) and self.address == self.record

    @property
    def _prefix(self) -> Path:
        return (self.section, self.key) if self.section else ()

    def current(self, plan: Plan) -> Mapping[str, Any] | None:
        """Its plain values in a plan; None where it is not there."""
        if self.is_new:
            return {}
        record = plan.get(self.record)
        found = get_path(record, self._prefix) if record is not None else MISSING
        return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else None

    def moved_to(self, plan: Plan, data: Mapping[str, Any]) -> Subject | None:
        """What it is called now, where it has gone: the one thing of its kind that has just these values.

        A card that went to another project kept its id, so that its values may be others. What is in the same
        project comes before what looks alike in others.
        """
        is_card = self.kind == "card"
        same = [
            one
            for one in self._alike(plan)
            if one.current(plan) == data or (is_card and one.id == self.id and one != self)
        ]
        same = [one for one in same if one.project == self.project] or same
        return same[0] if len(same) == 1 else None

    def _alike(self, plan: Plan) -> Iterator[Subject]:
        """All of its kind in the plan; of entries only those of its record, while that is there."""
        holder = plan.get(self.record)
        for record in [holder] if self.section and holder else plan.of_kind(self.record.kind):
            if self.section:
                for key in getattr(record, self.section):
                    yield Subject(record.address, self.section, key)
            else:
                yield Subject(record.address)

    def problems(self, data: Mapping[str, Any]) -> dict[Path, str]:
        """What the model says against values, by field."""
        data = dict(data)
        own_id = str((data.pop("id", "") if self.is_new else self.id) or "new")
        wanted = {self.section: {own_id: data}} if self.section else data
        try:
            parse(self.record.kind, self.project, own_id, wanted)
        except InvalidValues as error:
            skip = 2 if self.section else 0
            return {
                tuple(str(key) for key in one.path[skip:] if isinstance(key, str)): one.message
                for one in error.problems
            }
        return {}

    def save(self, plan: Plan, changes: Mapping[Path, object], randomness: Random) -> tuple[Subject, Batch]:
        """The step that makes the changes, and the subject that there is then. Raises EditRefused."""
        if self.is_new:
            return self._make(plan, changes, randomness)
        batch = edit(
            plan,
            self.record,
            {(*self._prefix, *path): value for path, value in changes.items()},
            f"edit {self.id} of {self.record.id}" if self.is_inner else f"edit {self.id}",
        )
        if self.kind == "card" and ("needs",) in changes and batch.changes:
            needs = cast("list[str]", changes["needs",] or [])
            set_needs(plan, cast("Card", plan.get(self.record)), needs)
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
            return replace(self, record=after.address), batch
        new_id = str(data.pop("id", "")) or self._made_id(plan, data, randomness)
        if not new_id:
            raise EditRefused("an id is needed: a few words with hyphens, such as first-release")
        if not self.is_inner:
            batch = add_record(plan, self.address.kind, self.project, new_id, data)
            made = batch.changes[0].after
            assert made is not None
            return replace(self, key=new_id) if self.section else Subject(made.address), batch
        if not is_id(new_id):
            raise EditRefused(f"{new_id!r} is not an id: lower-case letters, digits and single hyphens")
        record = plan.get(self.record)
        if record is not None and new_id in getattr(record, self.section):
            raise EditRefused(f"there is {with_article(noun(self.kind))} {new_id} already")
        if "rank" in self.model.model_fields and record is not None:
            ranks = sorted(one.rank for one in getattr(record, self.section).values())
            data.setdefault("rank", rank_at(ranks, len(ranks)) or ranks[-1])
        label = f"add {self.kind} {new_id} to {self.record.id}"
        return replace(self, key=new_id), put_section(plan, self.record, self.section, new_id, data, label)

    def _made_id(self, plan: Plan, data: Mapping[str, Any], randomness: Random) -> str:
        field, label = self._id_field().shape, str(data.get(self.model.LABEL, ""))
        if field.choices or field.refers:
            return ""
        made = slug(label, "") if label else ""
        record = plan.get(self.record)
        if self.is_inner and record is not None:
            there = getattr(record, self.section)
            return made if made and made not in there else entry_id(there, randomness)
        return made

    @property
    def label_again(self) -> str:
        """What the step is called that makes it again."""
        return f"make {self.kind} {self.id} again"

    def make_again(self, plan: Plan, data: Mapping[str, Any]) -> Batch:
        """The step that makes something that is not there, or not any more. Raises EditRefused."""
        label = self.label_again
        if self.section:
            return put_section(plan, self.record, self.section, self.key, data, label)
        try:
            record = parse(self.record.kind, self.project, self.id, data)
        except InvalidValues as error:
            raise EditRefused(str(error)) from error
        return Batch(label, (Change(None, record),))

    def removal(self, plan: Plan) -> Batch:
        """The step that removes it. Raises EditRefused for what its project cannot be without."""
        if not self.section:
            from ...model.edit.edits import remove

            return remove(plan, [self.record])
        return edit(plan, self.record, {self._prefix: MISSING}, f"remove {self.kind} {self.id}")
