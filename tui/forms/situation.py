"""What can be done in a form now, and why the rest cannot."""

from __future__ import annotations

from ..keys.action_context import Situation, reading_only
from .contract import ActsOnForm
from .picking import reason_against_choice
from .several import Several
from .whole import reason_against_removal, reason_against_rename


def situation_of(form: ActsOnForm) -> Situation:
    """What decides which actions can be done in the field that a form is at."""
    file = _reason_against_editor(form)
    return Situation(
        read_only=reading_only(form.session.workspace),
        lacks={
            "choice": file if form.view.field.kind in ("kept", "unread") else reason_against_choice(form),
            "file": file,
            "name": reason_against_rename(form),
            "record": reason_against_removal(form),
            "another": form.subject.reason_against_another(),
            "column": "" if form.view.beside() is not None else "there is no other column here",
        },
    )


def _reason_against_editor(form: ActsOnForm) -> str:
    """Why there is no file to open; empty where there is one."""
    if isinstance(form.subject, Several):
        return "several cards have several files: open them one by one"
    return (
        "" if form.session.plan.get(form.subject.record) is not None else "there is no file yet: save first"
    )
