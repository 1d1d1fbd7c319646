"""Several named figures at once: a field for each, and nothing is saved before all of them are understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from ...model.text.visible import one_line
from ..draw.text import shown
from ..keys.action import Context
from ..widgets.acting import Handlers
from ..widgets.field import TextField
from .base import Dialog


class Named(NamedTuple):
    """A figure: its name, what it counts, and its value as text."""

    name: str
    unit: str
    value: str = ""


class Figures(Dialog[Mapping[str, str]]):
    """Gives the texts by name, empty ones too; None where the person left."""

    CONTEXT: ClassVar[Context] = "form"
    WORDS: ClassVar[Mapping[str, str]] = {"text.leave": "cancel"}
    DEFAULT_CSS = """
    Figures {
        & VerticalScroll { height: auto; max-height: 20; scrollbar-size-vertical: 1; }
        & .name { color: $text-muted; }
    }
    """

    def __init__(
        self,
        title: str,
        asked: str,
        figures: Sequence[Named],
        wrong: Callable[[Mapping[str, str]], str | None],
    ) -> None:
        """`asked` is the question; `wrong` gives what is wrong with the texts together."""
        super().__init__(title)
        self._text = asked
        self._figures = tuple(one._replace(value=one_line(one.value)) for one in figures)
        self._wrong = wrong
        self._asked = False

    def body(self) -> Iterable[Widget]:
        """The question, then a name and a field for each figure."""
        yield Static(Content(shown(self._text)), classes="asked")
        with VerticalScroll(can_focus=False):
            for one in self._figures:
                unit = f" ({one.unit})" if one.unit else ""
                yield Static(Content(shown(f"{one.name}{unit}")), classes="name")
                yield TextField(one.value)
        yield Static(classes="wrong")

    def on_mount(self) -> None:
        """Begins in the first field that is empty. Enter in the last one saves."""
        self.note(".wrong", "")
        empty = (at for at, one in enumerate(self._figures) if not one.value)
        self._inputs[next(empty, 0)].focus()

    def on_resize(self) -> None:
        """Leaves room for the frame and the foot."""
        self.query_one(VerticalScroll).styles.max_height = max(2, min(20, self.size.height - 7))

    @property
    def _inputs(self) -> list[Input]:
        return list(self.query(Input))

    @property
    def texts(self) -> dict[str, str]:
        """What is in the fields."""
        return {one.name: field.value.strip() for one, field in zip(self._figures, self._inputs, strict=True)}

    def handlers(self) -> Handlers:
        """Fields one after the other; enter in the last one saves."""
        return {
            **super().handlers(),
            "form.save": self.save,
            "form.enter": self.enter,
            "form.next": lambda: self.step(1),
            "form.previous": lambda: self.step(-1),
            "form.down": lambda: self.step(1),
            "form.up": lambda: self.step(-1),
        }

    def step(self, step: int) -> None:
        """To another field."""
        fields = self._inputs
        at = next((number for number, one in enumerate(fields) if one.has_focus), 0)
        fields[(at + step) % len(fields)].focus()

    @on(Input.Changed)
    def _changed(self) -> None:
        self._asked = False
        self.note(".wrong", "")

    def enter(self) -> None:
        """To the next field; out of the last one the dialog is saved."""
        if self._inputs[-1].has_focus:
            self.save()
        else:
            self.step(1)

    def save(self) -> None:
        """Closes with the texts, or says what is wrong."""
        wrong = self._wrong(self.texts)
        if wrong:
            self.note(".wrong", wrong)
        else:
            self.dismiss(self.texts)

    def leave(self) -> None:
        """Leaves; asks once where something was typed."""
        before = {one.name: one.value.strip() for one in self._figures}
        if self.texts != before and not self._asked:
            self._asked = True
            self.note(".wrong", "press escape again to discard what you typed")
        else:
            self.dismiss(None)
