"""What the actions of a form need of its screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ...model.plan.change import Batch
from ..screens.contract import HasSession
from .draft import Draft
from .subject import Subject
from .view import FormView


class ActsOnForm(HasSession, Protocol):
    """A form: what it is about, and what is typed in it."""

    subject: Subject
    draft: Draft

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

    def open_editor(self) -> None:
        """Opens the file in the person's editor."""
        ...

    def save_as(self, subject: Subject, build: Callable[[], Batch]) -> None:
        """Makes a step, and closes the form when the file has it; the form is about `subject` then."""
        ...
