"""Running the person's editor: the one place that knows which it is, and what can go wrong with it.

Used by the command line and by the board, which only differ in how they let it have the terminal.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from types import FrameType

from .errors import KedgeError
from .programs import find_program

_FIRST = ("vi", "nano", "notepad")
"""Editors to look for where none is named."""
_KNOW_LINES = frozenset(
    (
        "vi",
        "vim",
        "nvim",
        "view",
        "nano",
        "pico",
        "emacs",
        "emacsclient",
        "micro",
        "kak",
        "joe",
        "ne",
        "mg",
        "hx",
    )
)
"""Editors that open a file at a line with `+line`."""
_HINT = "set VISUAL or EDITOR to a program, such as vim or 'code --wait'"


class NoEditor(KedgeError):
    """There is no editor that can be run, or it ended with an error."""


def editor_words(environment: Mapping[str, str]) -> list[str]:
    """The editor with its arguments: `VISUAL`, else `EDITOR`, else one that the system has. Raises NoEditor."""
    for name in ("VISUAL", "EDITOR"):
        text = environment.get(name, "").strip()
        if not text:
            continue
        try:
            return shlex.split(text, posix=sys.platform != "win32")
        except ValueError as error:
            raise NoEditor(f"{name} cannot be understood: {text!r} ({str(error).lower()})", _HINT) from None
    found = next((one for one in _FIRST if find_program(one, environment)), None)
    if found is None:
        raise NoEditor("there is no editor", _HINT)
    return [found]


def editor_command(environment: Mapping[str, str], path: str, line: int = 0) -> list[str]:
    """The command that opens a file, at a line where the editor knows how. Raises NoEditor."""
    words = editor_words(environment)
    name = os.path.basename(words[0]).lower().removesuffix(".exe")
    return [*words, *([f"+{line}"] if line > 0 and name in _KNOW_LINES else []), path]


def run_editor(command: Sequence[str]) -> None:
    """Runs an editor to its end, on the terminal that the program has. Raises NoEditor with why it did not work."""
    name, *arguments = command
    program = name if os.path.dirname(name) else find_program(name, os.environ)
    if not program:
        raise NoEditor(f"the editor {name!r} is not on the search path", _HINT)
    with _terminal_as_it_was(), _left_to_editor():
        try:
            code = subprocess.run([program, *arguments], check=False).returncode
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise NoEditor(f"the editor {name!r} cannot be started: {reason}", _HINT) from None
    if code < 0:
        raise NoEditor(f"the editor was ended by {_signal_name(-code)}")
    if code:
        raise NoEditor(f"the editor ended with code {code}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _passed_over(number: int, frame: FrameType | None) -> None:
    """Does nothing with a signal."""


@contextlib.contextmanager
def _left_to_editor() -> Generator[None, None, None]:
    """Ctrl-C and Ctrl-\\ are the editor's while it runs; it gets them too, and decides."""
    before: dict[int, object] = {}
    for name in ("SIGINT", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(ValueError):  # only the main thread may
                # A handler, since the editor would ignore what is ignored here.
                before[number] = signal.signal(number, _passed_over)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)  # pyright: ignore[reportArgumentType]


@contextlib.contextmanager
def _terminal_as_it_was() -> Generator[None, None, None]:
    """An editor that is killed leaves the terminal without echo and lines."""
    try:
        import termios
    except ImportError:
        yield
        return
    try:
        handle = sys.stdin.fileno()
        before = termios.tcgetattr(handle)
    except (OSError, ValueError, AttributeError, termios.error):  # no terminal
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(handle, termios.TCSADRAIN, before)
