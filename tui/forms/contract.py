"""What the actions of a form need of its screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ...model.plan.change import Batch, Path
from ..dialogs.base import Dialog
from ..screens.contract import HasSession
from .draft import Choice, Draft
from .subject import Subject
from .view import FormView


class ActsOnForm(HasSession, Protocol):
    """A form: what it is about, and what is typed in it."""

    subject: Subject
    draft: Draft
    was_there: bool
    """Whether what it is about was in the plan when it was opened."""

    async def answer_to(self, dialog: Dialog[str]) -> str | None:
        """Shows a dialog, and waits for its answer; None where the person left it."""
        ...

    @property
    def view(self) -> FormView:
        """The fields."""
        ...

    @property
    def has_unsaved_text(self) -> bool:
        """Whether leaving now would lose something that was typed."""
        ...

    def follow(self, _: object = None) -> None:
        """Shows what others have changed meanwhile."""
        ...

    def tell(self, text: str) -> None:
        """Says something above the keys."""
        ...

    def note(self, notes: Mapping[Path, str], otherwise: str = "") -> None:
        """Shows what is to be looked at below its fields."""
        ...

    def take_over(self, theirs: Mapping[str, Any], answers: Mapping[Path, Choice]) -> None:
        """Puts what was typed on top of the record as it is now."""
        ...

    def move_to(self, subject: Subject) -> None:
        """Goes on with what the form is about under another name."""
        ...

    def open_editor(self) -> None:
        """Opens the file in the person's editor."""
        ...

    def save_as(self, subject: Subject, build: Callable[[], Batch]) -> None:
        """Makes a step, and closes the form when the file has it; the form is about `subject` then."""
        ...
