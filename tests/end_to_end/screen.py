"""A real terminal: kedge in a tmux server of its own. Waiting is polling for what should be on the screen."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

PATIENCE = 90.0
"""Seconds until something that should happen counts as not happening; a machine under load needs many."""


class Terminal:
    """One tmux window with a shell command in it."""

    def __init__(self, folder: Path, *, columns: int = 100, rows: int = 30, **environment: str) -> None:
        self.name = f"kedge-{uuid.uuid4().hex[:12]}"
        self.folder = folder
        self.environment = {**os.environ, "TERM": "xterm-256color", **environment}
        self._tmux(
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            str(columns),
            "-y",
            str(rows),
            "-c",
            str(folder),
            "sh",
        )
        self._tmux("set-option", "-g", "escape-time", "10")
        self.run("PS1='ready> '")

    def run(self, line: str) -> None:
        """Types a shell command."""
        self._tmux("send-keys", "-l", line)
        self._tmux("send-keys", "Enter")

    def kedge(self, *arguments: str) -> None:
        """Starts kedge."""
        self.run(" ".join([sys.executable, "-m", "kedge", *arguments]))

    def keys(self, *names: str) -> None:
        """Presses keys by the names that tmux knows."""
        self._tmux("send-keys", *names)

    def type(self, text: str) -> None:
        """Types a text as it is."""
        self._tmux("send-keys", "-l", text)

    def send(self, data: bytes) -> None:
        """Sends bytes as a terminal would, whatever they are."""
        self._tmux("send-keys", "-H", *(f"{byte:02x}" for byte in data))

    def paste(self, text: str) -> None:
        """Pastes a text, with the marks that a terminal puts around it."""
        subprocess.run(
            ["tmux", "-L", self.name, "load-buffer", "-"],
            input=text.encode(),
            check=True,
            env=self.environment,
        )
        self._tmux("paste-buffer", "-p")

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Presses the left button at a cell (column, row; from 0), moves to another and lets go."""
        (x, y), (to_x, to_y) = start, end
        steps = [(0, x, y, "M"), (32, (x + to_x) // 2, y, "M"), (32, to_x, to_y, "M"), (0, to_x, to_y, "m")]
        for button, column, row, what in steps:
            self.send(f"\x1b[<{button};{column + 1};{row + 1}{what}".encode())

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def text(self) -> str:
        """What is on the screen."""
        return self._tmux("capture-pane", "-p")

    def wait(self, wanted: str | Callable[[str], bool]) -> str:
        """The screen as soon as it shows a text or meets a condition; fails with the screen otherwise."""
        until = time.monotonic() + PATIENCE
        while True:
            screen = self.text()
            if wanted(screen) if callable(wanted) else wanted in screen:
                return screen
            if time.monotonic() > until:
                raise AssertionError(f"never came: {wanted}\n{screen}")
            time.sleep(0.05)

    def still(self, text: str) -> str:
        """The screen with a text on it, once it does not change any more."""
        before, screen = "", self.wait(text)
        while screen != before:
            time.sleep(0.1)
            before, screen = screen, self.text()
        return screen

    def wait_gone(self, text: str) -> str:
        """The screen as soon as a text is no longer on it."""
        return self.wait(lambda screen: text not in screen)

    def close(self) -> None:
        """Ends the server, and everything in it."""
        subprocess.run(["tmux", "-L", self.name, "kill-server"], capture_output=True, check=False)

    def _tmux(self, *arguments: str) -> str:
        return subprocess.run(
            ["tmux", "-L", self.name, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=self.environment,
        ).stdout


def until(condition: Callable[[], bool], what: str) -> None:
    """Waits for something outside the screen, such as a file."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never came: {what}")
        time.sleep(0.05)
