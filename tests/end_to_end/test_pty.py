"""The board on a bare pseudo terminal: byte by byte what a terminal sends, and what is left on when the board ends."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

if sys.platform == "win32":
    pytest.skip("needs pseudo terminals", allow_module_level=True)

import fcntl
import pty
import struct
import termios

from ..effort import times
from ..tui.sequences import REPLIES, SILENT_KEYS, random_sequence
from .screen import PATIENCE, until

ROOT = Path(__file__).parents[2]
SEQUENCES = times(250)
ANSWERS = b"\x1b[?2048;2$y\x1b[?2026;2$y\x1b[48;30;100;600;1000t"
"""Of a terminal that can do all that Textual asks for."""
_MODE = re.compile(rb"\x1b\[\?(\d+)([hl])|\x1b\[(>)\d+u|\x1b\[(<)u")
_AS_BEFORE = {b"7", b"25"}
"""Line wrap and a cursor that can be seen are on in a terminal that nothing has changed."""


class Board:
    """The board as the program of a terminal, which takes what it writes and keeps it."""

    def __init__(self, folder: Path, script: str = "") -> None:
        self.folder = folder
        self.shown = b""
        self.looked = 0
        """How much had been written before the last thing was done to it."""
        environment = {**os.environ, "TERM": "xterm-256color", "KEDGE_STATE": str(folder / "state")}
        environment.pop("KEDGE_PLAN", None)
        program = ["-c", script] if script else ["-m", "kedge"]
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, *program], environment)  # noqa: S606
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.flags = termios.tcgetattr(self.terminal)[3]
        self.wait(b"Problems")

    def read(self, patience: float = 0.02) -> None:
        """Takes what has been written."""
        while select.select([self.terminal], [], [], patience)[0]:
            try:
                part = os.read(self.terminal, 65536)
            except OSError:
                return
            if not part:
                return
            self.shown += part

    def wait(self, text: bytes) -> None:
        """Waits until a text is written that was not there before the last keys or signal."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown[self.looked :]:
            self.read()
            assert time.monotonic() < end, (text, self.shown[-2000:])

    def send(self, data: bytes) -> None:
        """Sends bytes, and takes meanwhile what is written."""
        self.looked = len(self.shown)
        os.write(self.terminal, data)
        self.read(0)

    def kill(self, name: str) -> None:
        """Sends a signal."""
        self.looked = len(self.shown)
        os.kill(self.pid, getattr(signal, f"SIG{name}"))

    def end(self) -> int:
        """The exit code, when it has ended."""
        end = time.monotonic() + PATIENCE
        while True:
            self.read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                self.read()
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < end, self.shown[-2000:]

    def left_on(self) -> set[bytes]:
        """The modes that were turned on and never off, and those that were off from the beginning."""
        modes = set(_AS_BEFORE)
        for number, state, kitty, _ in _MODE.findall(self.shown):
            (modes.add if state == b"h" or kitty else modes.discard)(number or b"kitty")
        return modes

    def titles(self) -> str:
        """All files of the plan."""
        return "".join(path.read_text() for path in self.folder.rglob("*.toml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "samples" / "tiny" / "plan", tmp_path / "plan")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "welcomed").touch()
    return tmp_path


@pytest.fixture
def board(folder: Path) -> Iterator[Board]:
    made = Board(folder)
    yield made
    if made.pid:
        os.kill(made.pid, signal.SIGKILL)
        os.waitpid(made.pid, 0)
    os.close(made.terminal)


def test_only_text_is_typed_of_all_that_a_terminal_sends_byte_by_byte(board: Board) -> None:
    random = Random(23)
    sent = [*REPLIES, *SILENT_KEYS, *(random_sequence(random) for _ in range(SEQUENCES))]
    board.send(b"a")
    board.wait(b"add to ")
    for sequence in sent:
        for byte in f"{sequence}x".encode("utf-8", "surrogateescape"):
            board.send(bytes([byte]))
    board.send(b"\x1b[13;1:1u\x1b[13;1:3u")
    title = f'title = "{"x" * len(sent)}"'
    until(lambda: board.read() or title in board.titles(), "the card with nothing but its text")
    board.send(b"q")
    assert board.end() == 0
    assert b"Traceback" not in board.shown


@pytest.mark.parametrize("name", ["TERM", "HUP", "INT", "QUIT", "ABRT", "USR1", "ALRM", "XCPU", ""])
def test_the_terminal_is_as_before_and_everything_saved(board: Board, name: str) -> None:
    board.send(ANSWERS)
    board.send(b"a")
    board.wait(b"add to ")
    board.send(b"Last words\r")
    board.wait(b'add "Last words"')
    if name:
        board.kill(name)
    else:
        board.send(b"q")
    assert board.end() == (128 + getattr(signal, f"SIG{name}") if name else 0)
    assert board.left_on() == _AS_BEFORE
    assert termios.tcgetattr(board.terminal)[3] == board.flags
    assert "Last words" in board.titles()
    assert b"\x1b[?1016l" in board.shown


def test_a_stop_and_going_on_leave_nothing_behind(board: Board) -> None:
    board.send(ANSWERS)
    board.kill("TSTP")
    until(lambda: board.read() or board.left_on() == _AS_BEFORE, "the terminal as it was")
    assert termios.tcgetattr(board.terminal)[3] == board.flags
    for _ in range(2):  # the second is one without a stop
        board.kill("CONT")
        board.wait(b"Problems")
    board.send(b"q")
    assert board.end() == 0
    assert board.left_on() == _AS_BEFORE
    assert termios.tcgetattr(board.terminal)[3] == board.flags


def test_what_is_no_file_is_told_while_the_board_runs(board: Board) -> None:
    cards = board.folder / "plan" / "projects" / "late-parcels" / "cards"
    (cards / "nowhere-2b3c.toml").symlink_to("gone.toml")
    board.wait(b"1 error")
    os.mkfifo(cards / "pipe-2b3c.toml")
    board.wait(b"2 errors")
    (cards / "other-2b3c.TOML").write_text('title = "x"\n')
    board.wait(b"3 errors")
    board.send(b"q")
    assert board.end() == 0


_FAILS = """
import sys
from kedge.tests.effort import times
from kedge.cli.main import main
from kedge.tui.app import terminal_driver
from kedge.tui.keys import terminal_input

{}
sys.argv = ["kedge"]
main()
"""
_IN_A_SEQUENCE = """
def fail(sequence):
    raise ValueError("unforeseen")

terminal_input.extended = fail
"""
_IN_THE_READER = """
def fail(self, data):
    raise ValueError("unforeseen")

terminal_driver.Parser.feed = fail
"""


def test_an_error_in_a_sequence_drops_it_and_one_in_the_reader_is_reported(folder: Path) -> None:
    board = Board(folder, _FAILS.format(_IN_A_SEQUENCE))
    board.send(b"\x1b[A\x1b[97;1:1uq")
    assert board.end() == 0
    board = Board(folder, _FAILS.format(_IN_THE_READER))
    board.send(b"q")
    assert board.end() == 70
    assert board.left_on() == _AS_BEFORE
    assert b"Traceback" not in board.shown
    (report,) = (folder / "state" / "crashes").iterdir()
    assert "unforeseen" in report.read_text()
