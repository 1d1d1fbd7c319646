"""Textual's driver for Linux and macOS, with Kedge's reading of the terminal, and stops that leave it as it was.

Overrides private methods of Textual 8.2.8, since reading cannot be exchanged otherwise (upstream issue 6456 is about
its decoder alone). Besides: its wrapper of the reader prints a traceback and the exit code is 0; a stop works inside
the handler of its signal and can hang there; a SIGCONT without a stop before it starts everything a second time; and
the mouse in pixels is never turned off again, nor what the reader turns on while the driver stops.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual import constants
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from ..keys.terminal_input import Parser
from ..session.signals import HUNG_UP, has_terminal

_CHUNK = 4096


class SafeDriver(LinuxDriver):
    """The driver of the board."""

    def run_input_thread(self) -> None:
        """Reads until the board ends, or the terminal has gone."""
        encoding = getattr(sys.__stdin__, "encoding", None) or "utf-8"
        parser = Parser(encoding)
        decoder = getincrementaldecoder(encoding)("surrogateescape")
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if not selector.select(parser.patience):
                    self._tell(parser.rest())
                elif sent := self._read():
                    self._tell(parser.feed(decoder.decode(sent)))
                elif not has_terminal():
                    self._app.call_later(self._app.exit, return_code=HUNG_UP)
                    return
                else:  # nothing more will come: without a pause this would turn in a circle
                    self.exit_event.wait(constants.ESCAPE_DELAY)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _CHUNK)
        except OSError:
            return b""

    def _tell(self, events: Iterable[Message]) -> None:
        for event in events:
            self.process_message(event)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001  without a reader the board is deaf: it ends, and says why
            self._app.call_later(self._app._handle_exception, error)

    def _sigtstp_application(self, *_: object) -> None:
        # In the handler itself it could wait for ever for a queue that the code it has interrupted holds.
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._stop)
        else:  # an editor has the terminal, and stops too
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._go_on)

    def _stop(self) -> None:
        self.suspend_application_mode()
        self._must_signal_resume = True
        os.kill(os.getpid(), signal.SIGSTOP)

    def _go_on(self) -> None:
        """Takes the terminal again: after a stop, or after one that was not noticed, when it may be the shell's."""
        while os.isatty(self.fileno) and os.tcgetpgrp(self.fileno) != os.getpgrp():
            os.kill(os.getpid(), signal.SIGSTOP)  # in the background the terminal belongs to another program
        if self._writer_thread is not None and self._writer_thread.is_alive():
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()

    def disable_input(self) -> None:
        """Ends reading, and then turns off what the reader may have turned on until its end."""
        super().disable_input()
        if self._writer_thread is not None:
            self._disable_in_band_window_resize()
            self._disable_mouse_support()

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self._mouse_pixels = False
