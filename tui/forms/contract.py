"""What the actions of a form need of its screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from textual.screen import Screen

from ...model.plan.change import Batch
from ..keys.keymap import Keymap
from ..session.session import Session
from ..widgets.host import Host
from .draft import Draft
from .subject import Subject
from .view import FormView

Answer = TypeVar("Answer")


class ActsOnForm(Protocol):
    """A form: what it is about, and what is typed in it."""

    subject: Subject
    draft: Draft

    @property
    def host(self) -> Host:
        """The program around it."""
        ...

    @property
    def session(self) -> Session:
        """What holds the plan and writes it."""
        ...

    @property
    def keys(self) -> Keymap:
        """The keys of the person."""
        ...

    @property
    def view(self) -> FormView:
        """The fields."""
        ...

    @property
    def has_unsaved_text(self) -> bool:
        """Whether leaving now would lose something that was typed."""
        ...

    def ask(
        self,
        dialog: Screen[Answer],
        then: Callable[[Answer], object],
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        """Shows a dialog, and goes on with its answer; where there is none, with `otherwise`."""
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
