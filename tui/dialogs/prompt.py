"""Asking for one line of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from ...model.plan.field_spec import TextRefused
from ...model.text.visible import one_line
from ..draw.text import shown
from ..keys.action import Action, Context
from ..session.session import Event
from ..widgets.acting import Handlers
from ..widgets.field import TextField
from ..widgets.path_suggester import PathSuggester
from .base import Dialog


def refusal_of(read: Callable[[str], object]) -> Callable[[str], str | None]:
    """What a prompt says while a text cannot be read; None where it can."""

    def wrong(text: str) -> str | None:
        try:
            read(text)
        except TextRefused as error:
            return str(error)
        return None

    return wrong


class Prompt(Dialog[str]):
    """One line; None where the person left it. Nothing typed is lost without a second escape."""

    CONTEXT: ClassVar[Context] = "text"
    WORDS: ClassVar[Mapping[str, str]] = {"text.leave": "cancel"}
    REPLACES: ClassVar[bool] = False
    """Whether what one types takes the place of the value that stood there."""

    def __init__(  # noqa: PLR0913  what a prompt can do besides asking, by name
        self,
        title: str,
        label: str,
        value: str = "",
        validate: Callable[[str], str | None] | None = None,
        *,
        echo: Callable[[str], str] | None = None,
        more: tuple[str, Callable[[str], None]] | None = None,
        files_below: str = "",
    ) -> None:
        """`validate` gives what is wrong with a text; `echo` says below the field how a text is understood.

        `more` names what Tab leads to, and is called with the text after the prompt has closed. With
        `files_below` a folder, names of files in it are completed.
        """
        super().__init__(title)
        self._label, self._given, self._value = label, value, one_line(value)
        self._wrong, self._echo, self._more = validate, echo, more
        self._asked = False
        self._folder = files_below
        self._paths: PathSuggester | None = None

    def handlers(self) -> Handlers:
        """There is a way on only where there is more."""
        found = {**super().handlers(), "text.save": self.save}
        if self._more:
            found["text.complete"] = self._go_on
        return found

    def label_of(self, action: Action) -> str:
        """What is gone on to has a name here."""
        if action.id == "text.complete" and self._more:
            return self._more[0]
        return super().label_of(action)

    def body(self) -> Iterable[Widget]:
        """The label, the field, and what is said about it."""
        if self._folder:
            self._paths = PathSuggester(self._folder, self.host.session.worker)
        yield Static(Content(shown(self._label)), classes="asked")
        yield TextField(self._value, replaces=self.REPLACES, suggester=self._paths)
        yield Static(classes="said")
        yield Static(classes="wrong")

    def on_mount(self) -> None:
        """Says at once how the given text is understood."""
        self.note(".wrong", "")
        self._look()

    @on(Input.Changed)
    def _look(self) -> None:
        self._asked = False
        field = self.query_one(Input)
        self.note(".wrong", "")
        self.note(".said", self._echo(field.value) if self._echo else "")

    def on_told(self, event: Event) -> None:
        """Hears which files there are."""
        if self._paths is not None:
            self._paths.hear(event)

    def _go_on(self) -> None:
        """Goes on to what Tab leads to."""
        assert self._more is not None
        go_on, text = self._more[1], self.query_one(Input).value
        self.dismiss(None)
        self.app.call_later(go_on, text)

    def save(self) -> None:
        """Closes with the text, or says what is wrong with it."""
        text = self.query_one(Input).value
        # What is shown as escapes is not what was given: left as it is, it must not be saved as them.
        text = self._given if text == self._value else text
        wrong = self._wrong(text) if self._wrong else None
        if wrong:
            self.note(".wrong", wrong)
        else:
            self.dismiss(self.answer(text))

    def answer(self, text: str) -> str:
        """What a text that may be saved stands for."""
        return text

    def leave(self) -> None:
        """Leaves; asks once where something was typed."""
        if self.query_one(Input).value != self._value and not self._asked:
            self._asked = True
            self.note(".wrong", "press escape again to discard what you typed")
        else:
            self.dismiss(None)
