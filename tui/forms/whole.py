"""What a form does to the whole of what it is about: another id for it, or its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...model.edit import renames
from ...model.edit.refusal import EditRefused
from ...model.plan.change import Batch
from ..dialogs import Ask, Prompt
from .several import Several
from .subject import Subject

if TYPE_CHECKING:
    from .form import FormScreen


def rename(form: FormScreen) -> None:
    """Asks for another id; every reference follows, and the form closes."""
    subject, plan = form.subject, form.session.plan
    if subject.is_new:
        form.tell("it has no id yet: save first")
    elif isinstance(subject, Several):
        form.tell("several cards have several ids: rename them one by one")
    elif subject.is_inner:
        form.tell(
            f"nothing refers to {subject.name}: the file has its name ({form.keys.shown('form.editor')})"
        )
    elif form.has_unsaved_text:
        form.tell("save what is typed here first")
    else:

        def renamed(text: str) -> Batch:
            return renames.rename(plan, subject.address, text.strip())

        def wrong(text: str) -> str | None:
            try:
                renamed(text)
            except EditRefused as error:
                return str(error)
            return None

        def take(text: str | None) -> None:
            if text is not None:
                form.do(renamed(text), _called(subject, text.strip()))

        label = "another id; what names it follows, the title stays"
        form.app.push_screen(Prompt(f"Rename {subject.name}", label, subject.id, wrong), take)


def _called(subject: Subject, new_id: str) -> Subject:
    if subject.section:
        return replace(subject, key=new_id)
    return replace(subject, record=subject.record._replace(id=new_id))


def remove(form: FormScreen) -> None:
    """Removes what the form is about, after asking; undo brings it back."""
    subject, plan = form.subject, form.session.plan
    if subject.current(plan) is None or subject.is_new:
        form.tell("there is nothing to remove yet: it was never saved")
        return

    def take(answer: str | None) -> None:
        if answer == "r":
            try:
                form.do(subject.removal(form.session.plan))
            except EditRefused as error:
                form.tell(str(error))

    text = "References to it stay, and check finds them. Undo on the board brings it back."
    options = (("r", f"remove {subject.name}"), ("k", "keep it"))
    form.app.push_screen(Ask("Remove it", text, options), take)
