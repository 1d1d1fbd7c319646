"""What the terminal sends, made safe before it counts as keys.

Textual's own reader ends the board at a byte that is not UTF-8 (an umlaut from a terminal with another encoding), and
at an escape character inside a pasted text it takes the rest of that text for keys, which on a board are commands.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual.message import Message

from .textual_internals import (
    BRACKETED_PASTE_END,
    BRACKETED_PASTE_START,
    OpenDriver,
    ParseError,
    XTermParser,
)

_ESCAPE = "\x1b"
_CHUNK = 4096
_TURN = 0.1
"""Seconds after which an Escape that nothing follows is the key, and leaving is looked for."""


class Parser(XTermParser):
    """Textual's parser; a pasted text reaches it without escape characters, so that only its end is its end."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._is_paste = False
        self._before = ""
        """Outside a paste, the last characters: the mark that begins one may come in two parts."""
        self._held = ""
        """Inside a paste, what may be the first part of the mark that ends it."""

    def feed(self, data: str) -> Iterable[Message]:
        """Events for what the terminal sent; without anything, that it sends no more."""
        safe = self._safe(data)
        return super().feed(safe) if safe or not data else ()

    def _safe(self, data: str) -> str:
        found: list[str] = []
        while data:
            if self._is_paste:
                text, end, data = (self._held + data).partition(BRACKETED_PASTE_END)
                self._held = "" if end else _begun(text)
                found += [text.removesuffix(self._held).replace(_ESCAPE, ""), end]
                self._is_paste = not end
                continue
            seen = self._before + data
            at = seen.find(BRACKETED_PASTE_START)
            if at < 0:
                self._before = seen[1 - len(BRACKETED_PASTE_START) :]
                found.append(data)
                break
            cut = at + len(BRACKETED_PASTE_START) - len(self._before)
            found.append(data[:cut])
            data, self._before, self._is_paste = data[cut:], "", True
        return "".join(found)


def _begun(text: str) -> str:
    """The end of a text that may be the beginning of the mark which ends a paste."""
    sizes = range(len(BRACKETED_PASTE_END) - 1, 0, -1)
    return next(
        (BRACKETED_PASTE_END[:size] for size in sizes if text.endswith(BRACKETED_PASTE_END[:size])), ""
    )


class SafeDriver(OpenDriver):
    """Textual's driver with that parser, and with the terminal's own encoding."""

    def run_input_thread(self) -> None:
        """Reads until the board ends."""
        parser = Parser(self.is_debugged)
        encoding = getattr(sys.__stdin__, "encoding", None) or "utf-8"
        decoder = getincrementaldecoder(encoding)("replace")
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                for _ in selector.select(_TURN):
                    sent = os.read(self.fileno, _CHUNK)
                    if not sent:  # nobody is there any more: without a pause this would turn in a circle
                        self.exit_event.wait(_TURN)
                    if text := decoder.decode(sent):
                        self._tell(parser.feed(text))
                self._tell(parser.tick())
        with contextlib.suppress(EOFError, ParseError):
            list(parser.feed(""))

    def _tell(self, events: Iterable[Message]) -> None:
        for event in events:
            self.process_message(event)
