"""The form of an answer: the question stays in sight, and each kind of question has its own control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from ...model.assess.expected import expects
from ...model.plan.change import Batch, Path
from ...model.plan.field_spec import Shape
from ...model.plan.plan import Plan
from ...model.playbook.pass_words import pass_words
from ...model.records.address import Address
from ...storage.plan.playbook import playbook_of
from ..session.session import Session
from .fields import Field
from .subject import Subject

if TYPE_CHECKING:
    from ...model.playbook.item import Figure, Item
    from ...model.playbook.playbook import Playbook

_STATES = {"unknown": "unknown", "not-applicable": "does not apply"}
_GRADES = ("1", "2", "3", "4", "5")
_ANSWERS = frozenset({"verdict", "checked", "values"})


def subject_at(session: Session, address: Address) -> Subject:
    """What an address names; an answer with its question, where the playbook knows it."""
    if address.kind == "answer" and address.id:
        playbook, _ = playbook_of(session.workspace.files)
        item = next((one for one in playbook.items if one.id == address.id), None)
        if item is not None:
            about = Subject.at(address)
            return Question(about.record, about.section, about.key, item, playbook)
    return Subject.at(address)


@dataclass(frozen=True)
class Question(Subject):
    """An answer, which may not be there yet, with its question."""

    item: Item | None = None
    playbook: Playbook | None = None

    @property
    def asked(self) -> Item:
        """The question."""
        assert self.item is not None
        return self.item

    @property
    def title(self) -> str:
        """The step that asks."""
        step = self.playbook.step(self.asked.step) if self.playbook is not None else None
        return f"Answer · {step.title if step else self.asked.step}"

    @property
    def intro(self) -> tuple[str, ...]:
        """The question, why it is asked, and what counts."""
        item = self.asked
        return item.text, item.why, f"Met when {pass_words(item.passes)}"

    def reason_against_another(self) -> str:
        """A question has one answer."""
        return "a question has one answer: Esc goes back to the others"

    @property
    def label_again(self) -> str:
        """What the step is called that gives the answer."""
        return f"{self.project}: answer {self.id}"

    def fields(self, data: Mapping[str, Any], plan: Plan) -> tuple[Field, ...]:
        """The controls that the question wants, and whatever else is said already."""
        return tuple(made for one in super().fields(data, plan) for made in self._made(one, data))

    def _made(self, one: Field, data: Mapping[str, Any]) -> Iterator[Field]:
        item, is_said = self.asked, one.name in data
        if one.kind in ("unread", "kept"):
            yield one
            return
        match one.name:
            case "verdict" if item.kind not in ("check", "numbers") or is_said:
                yield _verdict(item, one)
            case "checked" if item.lines or is_said:
                known = (*item.lines, *(text for text in data.get("checked", ()) if text not in item.lines))
                yield replace(one, shape=replace(one.shape, choices=known))
            case "values" if item.figures:
                yield from map(_figure, item.figures)
            case "result" if item.result:
                yield replace(one, shape=replace(one.shape, choices=item.result))
            case "confidence":
                levels = self.playbook.scoring.evidence if self.playbook is not None else ()
                ladder = "; ".join(f"{level.id}: {level.means}" for level in levels)
                yield replace(one, shape=replace(one.shape, description=ladder or one.shape.description))
            case "state":
                yield replace(one, words=_STATES)
            case "verdict" | "checked" | "values" | "result" if not is_said:
                return
            case _:
                yield one

    def save(self, plan: Plan, changes: Mapping[Path, object], randomness: Random) -> tuple[Subject, Batch]:
        """The step that makes the changes: an answer takes the place of having none."""
        answered = any(path[0] in _ANSWERS and value is not None for path, value in changes.items())
        if answered and ("state",) not in changes:
            changes = {**changes, ("state",): None}
        return super().save(plan, changes, randomness)


def _verdict(item: Item, one: Field) -> Field:
    shape = replace(one.shape, description="what holds here")
    match item.kind:
        case "yesno":
            return replace(one, kind="flag", shape=replace(shape, control="flag", description="yes or no"))
        case "scale":
            words = {grade: f"{grade} {item.grades.get(int(grade), '')}".strip() for grade in _GRADES}
            return replace(one, kind="choice", shape=replace(shape, choices=_GRADES), words=words)
        case "choice" if item.multiple:
            return replace(one, kind="lines", shape=replace(shape, control="lines", choices=item.choices))
        case "choice":
            return replace(one, kind="choice", shape=replace(shape, control="choice", choices=item.choices))
        case "number":
            return replace(one, kind="number", shape=replace(shape, control="number", unit=item.unit))
        case _:
            about = expects(item)
            return replace(one, kind="text", shape=replace(shape, control="text", description=about))


def _figure(figure: Figure) -> Field:
    control = "line" if figure.is_text else "number"
    shape = Shape(figure.id, control, "a figure of the answer", figure.unit, label=figure.id.capitalize())
    return Field(("values", figure.id), shape, control)
