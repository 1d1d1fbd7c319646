"""Asking for one line of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from ...model.cards.completion import Completion
from ...model.text.visible import one_line
from ..draw.text import shown
from ..keys.actions import Action, Context
from ..widgets.acting import Handlers
from ..widgets.field import TextField
from .base import Dialog

_SHOWN = 4


class Prompt(Dialog[str]):
    """One line; None where the person left it. Nothing typed is lost without a second escape."""

    CONTEXT: ClassVar[Context] = "text"
    WORDS: ClassVar[Mapping[str, str]] = {"text.leave": "cancel"}
    REPLACES: ClassVar[bool] = False
    """Whether what one types takes the place of the value that stood there."""

    def __init__(
        self,
        title: str,
        label: str,
        value: str = "",
        validate: Callable[[str], str | None] | None = None,
        complete: Callable[[str, int], Sequence[Completion]] | None = None,
        *,
        echo: Callable[[str], str] | None = None,
        more: tuple[str, Callable[[str], None]] | None = None,
    ) -> None:
        """`validate` gives what is wrong with a text; `echo` says below the field how a text is understood.

        `complete` gives suggestions for a text and a cursor. `more` names what Tab leads to, and is called with
        the text after the prompt has closed.
        """
        super().__init__(title)
        self._label, self._given, self._value = label, value, one_line(value)
        self._wrong, self._complete, self._echo, self._more = validate, complete, echo, more
        self._suggestions: Sequence[Completion] = ()
        self._chosen = 0
        self._asked = False

    def handlers(self) -> Handlers:
        """Suggestions are only there where something can be suggested."""
        found = {**super().handlers(), "text.save": self.save}
        if self._complete:
            found |= {"text.down": lambda: self.choose(1), "text.up": lambda: self.choose(-1)}
        if self._complete or self._more:
            found["text.complete"] = self.complete
        return found

    def label_of(self, action: Action) -> str:
        """What is gone on to has a name here."""
        if action.id == "text.complete" and self._more:
            return self._more[0]
        return super().label_of(action)

    def body(self) -> Iterable[Widget]:
        """The label, the field, and what is said about it."""
        yield Static(Content(shown(self._label)), classes="asked")
        yield TextField(self._value, replaces=self.REPLACES)
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
        if self._complete:
            text = field.value
            found = self._complete(text, field.cursor_position)[:_SHOWN]
            self._suggestions = [one for one in found if text[one.start : one.end] != one.text]
        self._chosen = 0
        self.note(".wrong", "")
        self._say_suggestions(self._echo(field.value) if self._echo else "")

    def _say_suggestions(self, echo: str = "") -> None:
        shown = [
            f"{'>' if at == self._chosen else ' '} {one.label}" for at, one in enumerate(self._suggestions)
        ]
        self.note(
            ".said",
            "\n".join(
                filter(None, [echo, *shown, f"{self.keys.shown('text.complete')} takes it" if shown else ""])
            ),
        )

    def choose(self, step: int) -> None:
        """Moves among the suggestions."""
        if self._suggestions:
            self._chosen = (self._chosen + step) % len(self._suggestions)
            self._say_suggestions()

    def complete(self) -> None:
        """Takes the suggestion; where there is none goes on to what Tab leads to."""
        field = self.query_one(Input)
        if self._suggestions:
            one = self._suggestions[self._chosen]
            field.value = f"{field.value[: one.start]}{one.text}{field.value[one.end :]}"
            field.cursor_position = one.start + len(one.text)
        elif self._more:
            go_on, text = self._more[1], field.value
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
            self.note(".wrong", "press escape again to give up what you typed")
        else:
            self.dismiss(None)
