"""Choosing one or several of many by typing a part of the name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from ...model.text.visible import one_line
from ..draw.matching import SHOWN, find
from ..draw.spans import Line, line
from ..draw.text import clip
from ..keys.action import Action, Context
from ..widgets.acting import Handlers, T
from ..widgets.field import TextField
from ..widgets.lines import LineView
from .base import Dialog


class PickItem(NamedTuple):
    """Something to choose: its key, what it is called, and what else is shown of it."""

    key: str
    label: str
    detail: str = ""


class Filtered(Dialog[T]):
    """A field, and below it the items that fit what is in it; the keys for both work at the same time."""

    CONTEXT: ClassVar[Context] = "pick"
    ROWS: ClassVar[int] = 6
    """Rows beside the items: the frame, the field, the keys, and what is said below the list."""

    def __init__(self, title: str, items: Sequence[PickItem]) -> None:
        super().__init__(title, tall=True, rows=len(items) + self.ROWS)
        self.items = items
        self._names = [f"{one.label} {one.key} {one.detail}".lower() for one in items]

    def body(self) -> Iterable[Widget]:
        """The field, the list, and a line for what is refused."""
        yield TextField(placeholder="type to filter")
        yield LineView(focusable=False)
        yield Static(classes="said")
        yield Static(classes="wrong")

    def on_mount(self) -> None:
        """Shows the first items."""
        self.look()

    @property
    def typed(self) -> str:
        """What is in the field."""
        return self.query_one(Input).value

    @on(Input.Changed)
    def look(self) -> None:
        """Shows the items that fit."""
        found = self.found()
        view = self.query_one(LineView)
        view.show(lambda width: [self.row(one, width) for one in found])
        view.edge(-1)
        left_out = len(self.items) - len(found)
        more = (
            f"{len(found)} of {len(self.items)}; type to narrow" if left_out and len(found) == SHOWN else ""
        )
        self.note(".said", more if found else "nothing fits")
        self.note(".wrong", "")
        self.foot()

    def found(self) -> list[PickItem]:
        """The items that fit, the best first, at most 50."""
        return [self.items[index] for index in find(self.typed, self._names)]

    def row(self, item: PickItem, width: int) -> Line:
        """An item as a row."""
        label = clip(one_line(item.label), width)
        room = width - cell_len(label) - 2
        detail = clip(one_line(item.detail), room) if room > 3 else ""
        return line(label, (f"  {detail}" if detail else "", "quiet"), key=item.key)

    def handlers(self) -> Handlers:
        """Keys for the list, while one types."""
        view = self.query_one(LineView)
        return {
            **super().handlers(),
            "text.down": lambda: view.step(1),
            "text.up": lambda: view.step(-1),
            "text.page_down": lambda: view.page(1),
            "text.page_up": lambda: view.page(-1),
            "pick.take": lambda: self.take(view.key),
        }

    @on(LineView.Chosen)
    def _clicked(self, event: LineView.Chosen) -> None:
        self.take(event.key)

    def take(self, key: object) -> None:
        """What enter does with the item under the cursor (None where nothing fits)."""
        raise NotImplementedError


class Pick(Filtered[tuple[str, ...]]):
    """Gives the chosen keys; None where the person left. One at once, or several that are marked first."""

    WORDS: ClassVar[Mapping[str, str]] = {"text.leave": "cancel"}

    def __init__(
        self,
        title: str,
        items: Sequence[PickItem],
        *,
        multiple: bool = False,
        chosen: Sequence[str] = (),
        refuse: Callable[[str], str | None] | None = None,
        new: str = "",
    ) -> None:
        """`refuse` gives the reason why a key cannot be chosen. `new` (`a new tag`) allows what is not in the list."""
        known = {one.key for one in items}
        first = [one for one in items if one.key in chosen] if multiple else []
        first += [PickItem(key, key) for key in chosen if multiple and key not in known]
        taken = set(first)
        super().__init__(title, [*first, *(one for one in items if one not in taken)] if first else items)
        self._multiple, self._refuse, self._new = multiple, refuse, new
        self.chosen = list(chosen) if multiple else []
        self._before = tuple(self.chosen)
        self._asked = False

    def handlers(self) -> Handlers:
        """Marks are there where several can be taken."""
        found = super().handlers()
        return {**found, "pick.mark": self.mark} if self._multiple else found

    def label_of(self, action: Action) -> str:
        """With several, enter takes one more as long as a text narrows the list."""
        if action.id == "pick.take" and self._multiple:
            return "mark it" if self.typed else "done"
        return super().label_of(action)

    def found(self) -> list[PickItem]:
        """The items that fit; at the end the typed text itself where new ones are allowed."""
        self._asked = False
        found = super().found()
        text = self.typed.strip()
        if self._new and text and all(one.key != text for one in found):
            found.append(PickItem(text, text, self._new))
        return found

    def row(self, item: PickItem, width: int) -> Line:
        """An item, with a box where several can be chosen."""
        if not self._multiple:
            return super().row(item, width)
        row = super().row(item, width - 4)
        box = "[x] " if item.key in self.chosen else "[ ] "
        return Line(((box, "key"), *row.spans), row.key)

    def take(self, key: object) -> None:
        """Chooses; with several the typed text makes the difference between one more and done."""
        if self._multiple and not self.typed:
            self.dismiss(tuple(self.chosen))
        elif isinstance(key, str) and self._allows(key):
            if not self._multiple:
                self.dismiss((key,))
                return
            if key not in self.chosen:
                self.chosen.append(key)
            self._keep(key)
            self.query_one(Input).value = ""

    def mark(self) -> None:
        """Marks or unmarks the item under the cursor."""
        key = self.query_one(LineView).key
        if not isinstance(key, str):
            return
        if key in self.chosen:
            self.chosen.remove(key)
        elif self._allows(key):
            self.chosen.append(key)
            self._keep(key)
        self.query_one(LineView).refresh()
        found = self.found()
        self.query_one(LineView).show(lambda width: [self.row(one, width) for one in found])

    def _keep(self, key: str) -> None:
        """A new word becomes an item, so that it can be seen and unmarked."""
        if all(one.key != key for one in self.items):
            self.items = [PickItem(key, key), *self.items]
            self._names = [key.lower(), *self._names]

    def _allows(self, key: str) -> bool:
        reason = self._refuse(key) if self._refuse and key not in self.chosen else None
        self.note(".wrong", reason or "")
        return not reason

    def leave(self) -> None:
        """Leaves; asks once where marks would be lost."""
        if tuple(self.chosen) != self._before and not self._asked:
            self._asked = True
            self.note(".wrong", "press escape again to discard what you marked")
        else:
            self.dismiss(None)
