"""Choosing among few choices that are shown in their field: by Space, by the arrows, and by typing their beginning."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from .fields import Field
from .rows import items_of, words_of

Set = Callable[[str], None]
"""Takes the text of a field."""


class Ticking:
    """Where one is among the choices of a field, and what was typed of one of them."""

    def __init__(self) -> None:
        self.at = 0
        self._typed = ""

    def key(self, event: events.Key, field: Field, text: str, take: Set) -> bool:
        """Does what a key means among the choices; whether it means anything there."""
        character = event.character if event.is_printable and event.key != "space" else None
        if field.is_ticked:
            return self._tick(event.key, field, text, take)
        if event.key in ("space", "right"):
            take(self._next(field, text, 1))
        elif event.key == "left":
            take(self._next(field, text, -1))
        elif event.key in ("backspace", "delete"):
            take("")
        elif character:
            return self._begin(character.casefold(), field, take)
        else:
            return False
        self._typed = ""
        return True

    def _next(self, field: Field, text: str, step: int) -> str:
        """The next choice; beyond the last nothing is chosen, where that can be."""
        can_be_none = field.shape.optional and not field.default and field.shape.control != "flag"
        known = [*field.choices, *([""] if can_be_none else [])]
        folded = [one.casefold() for one in known]
        at = (
            folded.index(text.strip().casefold())
            if text.strip().casefold() in folded
            else -1
            if step > 0
            else 0
        )
        return known[(at + step) % len(known)]

    def _begin(self, character: str, field: Field, take: Set) -> bool:
        """Goes to the choice that begins as what was typed so far, or as the last character."""
        for typed in (self._typed + character, character):
            for choice in field.choices:
                if choice.casefold().startswith(typed) or words_of(field, choice).casefold().startswith(
                    typed
                ):
                    self._typed = typed
                    take(choice)
                    return True
        return True

    def _tick(self, key: str, field: Field, text: str, take: Set) -> bool:
        last = len(field.choices) - 1
        if key in ("down", "right") and self.at < last:
            self.at += 1
        elif key in ("up", "left") and self.at > 0:
            self.at -= 1
        elif key == "space":
            items = items_of(field, text)
            taken = {*items} ^ {field.choices[self.at]}
            others = [one for one in items if one not in field.choices]
            chosen = [*(one for one in field.choices if one in taken), *others]
            take(("\n" if field.kind == "lines" else ", ").join(chosen))
        else:
            return False
        return True
