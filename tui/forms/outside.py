"""What a form does about changes that were made outside it: takes them over, says so, and asks where both changed.

Who made them it does not know: the same person may have, in another window or in an editor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model.plan.field_spec import TextRefused
from . import questions
from .contract import ActsOnForm


def follow(form: ActsOnForm) -> None:
    """Shows what was changed outside in fields that were not touched; says what saving will ask."""
    theirs = form.subject.current(form.session.plan)
    if theirs == form.draft.base:
        return
    if theirs is None:
        if form.was_there:
            form.tell(f"{form.subject.name} was removed: saving asks what to do")
        return
    try:
        asked = form.draft.conflicts(theirs)
    except TextRefused:
        return
    labels = {path: one.label for path, one in form.draft.fields.items()}
    if asked:
        names = ", ".join(labels[path] for path in asked)
        form.tell(f"changed elsewhere, too: {names}; saving asks which to keep")
        return
    before = dict(form.draft.texts)
    form.take_over(theirs, {})
    names = ", ".join(labels[path] for path, text in form.draft.texts.items() if text != before[path])
    if names:
        form.tell(f"changed elsewhere, and taken over: {names}")


async def settle(form: ActsOnForm, theirs: Mapping[str, Any]) -> bool:
    """Merges with what was changed; asks for each field that both changed. False where it is not settled yet."""
    answers = await questions.settled(form.answer_to, form.draft, theirs)
    if answers is None:
        form.tell("not saved yet: the form and the file differ; save again to choose")
        return False
    notes = {
        path: f"in the file: {questions.text_there(form.draft, path, theirs)}"
        for path, answer in answers.items()
        if answer == "edit"
    }
    form.take_over(theirs, answers)
    if notes:
        form.note(notes, "edit, then save again")
    return not notes


async def make_again(form: ActsOnForm) -> bool:
    """Asks what to do about something that is not there any more; whether it can be written now."""
    subject, plan = form.subject, form.session.plan
    moved = subject.moved_to(plan, form.draft.base)
    answer: str | None = "m"
    if form.was_there:
        answer = await form.answer_to(questions.it_is_gone(subject, moved))
    if answer == "r" and moved is not None:
        form.move_to(moved)
        theirs = moved.current(plan) or {}
        return theirs == form.draft.base or await settle(form, theirs)
    if answer == "m":
        form.save_as(subject, lambda: subject.make_again(form.session.plan, form.draft.data()))
    return False
