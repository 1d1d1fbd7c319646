"""What a form asks: where two people changed one field, where its record has gone, and before text goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ...model.plan.change import Path, get_path
from ..dialogs.ask import Ask
from ..dialogs.base import Dialog
from .draft import Choice, Draft
from .fields import write
from .subject import Subject

AnswerTo = Callable[[Dialog[str]], Awaitable[str | None]]
"""Shows a dialog, and waits for its answer."""
_CHOICES: dict[str, Choice] = {"m": "mine", "t": "theirs", "e": "edit"}


def text_there(draft: Draft, path: Path, data: Mapping[str, Any]) -> str:
    """What a field says in some values, in words."""
    return write(draft.fields[path], get_path(data, path)) or "nothing"


async def settled(answer_to: AnswerTo, draft: Draft, theirs: Mapping[str, Any]) -> dict[Path, Choice] | None:
    """Asks for each field that was changed here and there; None where the person left without an answer."""
    answers: dict[Path, Choice] = {}
    for path in draft.conflicts(theirs):
        before, mine = text_there(draft, path, draft.base), draft.texts[path] or "nothing"
        text = f"It was changed elsewhere, too.\nit was: {before}"
        now = text_there(draft, path, theirs)
        options = (("m", f"mine: {mine}"), ("t", f"what is in the file: {now}"), ("e", "go back and edit it"))
        answer = await answer_to(Ask(f"{draft.fields[path].label}: two changes", text, options))
        if answer is None:
            return None
        answers[path] = _CHOICES[answer]
    return answers


def it_is_gone(subject: Subject, moved: Subject | None) -> Ask:
    """Asks what to do where the thing is not there any more: `r` saves it where it is now, `m` makes it again."""
    text = f"{subject.name} was removed while this form was open."
    options = [("m", "make it again as it is here"), ("k", "keep the form open")]
    if moved is not None:
        where = f" in {moved.project}" if moved.project != subject.project else ""
        options.insert(0, ("r", f"it is called {moved.id}{where} now: save it there"))
    return Ask("It is gone", text, options)


def leave_the_form() -> Ask:
    """Asks before typed text is lost: `s` saves it, `d` discards it."""
    options = (("s", "save it"), ("k", "keep typing"), ("d", "discard what I typed"))
    return Ask("Leave the form", "What you typed is not saved.", options)
