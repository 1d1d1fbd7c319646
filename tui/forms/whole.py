"""What a form does to the whole of what it is about: another id for it, or its end."""

from __future__ import annotations

from dataclasses import replace

from ...model.edit import renames
from ...model.edit.refusal import EditRefused
from ..dialogs.ask import Ask
from ..dialogs.prompt import Prompt
from .contract import ActsOnForm
from .several import Several
from .subject import Subject


def reason_against_rename(form: ActsOnForm) -> str:
    """Why what the form is about cannot have another id now; empty where it can."""
    subject = form.subject
    if subject.is_new:
        return "it has no id yet: save first"
    if isinstance(subject, Several):
        return "several cards have several ids: rename them one by one"
    if subject.is_inner:
        return f"nothing refers to {subject.name}: the file has its name ({form.keys.shown('form.editor')})"
    return "save what is typed here first" if form.has_unsaved_text else ""


def rename(form: ActsOnForm) -> None:
    """Asks for another id; every reference follows, and the form closes."""
    subject, plan = form.subject, form.session.plan

    def wrong(text: str) -> str | None:
        try:
            renames.rename(plan, subject.address, text.strip())
        except EditRefused as error:
            return str(error)
        return None

    def take(text: str) -> None:
        new_id = text.strip()
        form.save_as(_called(subject, new_id), lambda: renames.rename(plan, subject.address, new_id))

    label = "the new id; references to it are changed too, the title stays"
    form.ask(Prompt(f"Rename {subject.name}", label, subject.id, wrong), take)


def _called(subject: Subject, new_id: str) -> Subject:
    if subject.section:
        return replace(subject, key=new_id)
    return replace(subject, record=subject.record._replace(id=new_id))


def reason_against_removal(form: ActsOnForm) -> str:
    """Why what the form is about cannot be removed; empty where it can."""
    is_there = not form.subject.is_new and form.subject.current(form.session.plan) is not None
    return "" if is_there else "there is nothing to remove yet: it was never saved"


def remove(form: ActsOnForm) -> None:
    """Removes what the form is about, after asking; undo brings it back."""
    subject = form.subject

    def take(answer: str) -> None:
        if answer == "r":
            form.save_as(subject, lambda: subject.removal(form.session.plan))

    text = "References to it stay, and check finds them. Undo on the board brings it back."
    options = (("r", f"remove {subject.name}"), ("k", "keep it"))
    form.ask(Ask("Remove it", text, options), take)
