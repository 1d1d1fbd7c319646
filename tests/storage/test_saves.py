"""Outside saves at every moment of a step, faults and kills: no save is lost, and no step is half made."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kedge.bench.faults import ONE, STEPS, Fault, Trial, failing, goal_of, injected, killed, texts
from kedge.model import edits
from kedge.storage import exchange, lease, saving, staging, workspace
from kedge.storage.errors import ChangedOutside, NothingToUndo, SavedMeanwhile, WriteRefused
from kedge.storage.journal import Journal
from kedge.storage.read import read_plan

from .plans import CARD, FILES, OTHER, make, opened
from .plans import texts as all_texts

FILE = "projects/p/cards/one-2222.toml"
MARK = "# three hours of typing"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open for writing")


class Editor:
    """Another program that saves a file once, when it is told to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.waiting: list[threading.Thread] = []
        self.late: Callable[[], None] = lambda: None

    def by_rename(self) -> None:
        """As vim does."""
        other = self.path.with_name("saved~")
        other.write_text(f"{self._text()}{MARK}\n")
        other.rename(self.path)

    def in_place(self) -> None:
        """As nano does."""
        text = self._text()
        self._open("w", lambda handle: os.write(handle, f"{text}{MARK}\n".encode()))

    def by_appending(self) -> None:
        """As `>>` does."""
        self._open("a", lambda handle: os.write(handle, f"{MARK}\n".encode()))

    def slowly(self) -> None:
        """Cuts the file short, and writes when the step has ended."""
        text = self._text()

        def keep(handle: int) -> None:
            ours = os.dup(handle)
            self.late = lambda: _write_and_close(ours, f"{text}{MARK}\n".encode())

        self._open("w", keep)

    def end(self) -> None:
        """Everything that it began is written."""
        for thread in self.waiting:
            thread.join()
        self.late()

    def _text(self) -> str:
        return self.path.read_text() if self.path.exists() else ""

    def _open(self, mode: str, then: Callable[[int], object]) -> None:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if mode == "w" else os.O_APPEND)

        def work(more: int = 0) -> None:
            handle = os.open(self.path, flags | more, 0o666)
            try:
                then(handle)
            finally:
                os.close(handle)

        try:
            work(os.O_NONBLOCK)
        except BlockingIOError:
            # Kedge holds the file for a moment, for which a program without this flag waits.
            self.waiting.append(threading.Thread(target=work))
            self.waiting[-1].start()


def _write_and_close(handle: int, content: bytes) -> None:
    os.write(handle, content)
    os.close(handle)


def race(folder: Path, step: str, nth: int, kind: Callable[[Editor], None]) -> tuple[bool, str]:
    """Whether there are so many calls, and what is wrong when somebody saves at the n-th."""
    trial = Trial(folder, step)
    path = next(one for name in ("one", "uno") if (one := trial.root / f"projects/p/cards/{name}-2222.toml").exists())
    if step == "remove":
        path = trial.root / "projects/p/cards/two-3333.toml"
    editor = Editor(path)
    fault = Fault(nth, lambda _: kind(editor))
    refused = False
    with injected(fault):
        try:
            trial.act(trial.space)
        except WriteRefused:
            refused = True
    editor.end()
    seen = texts(trial.root)
    if fault.fired and not any(MARK in text for text in seen.values()):
        return True, f"lost at {fault.fired}, refused: {refused}"
    if any(path.endswith(".tmp") or staging.NAME in path for path in seen):
        return True, "a temporary file is left"
    return bool(fault.fired), ""


def races(folder: Path, step: str, kind: Callable[[Editor], None]) -> list[str]:
    """What is wrong with a save at every call of a step."""
    wrong: list[str] = []
    nth = 0
    while True:
        nth += 1
        fired, problem = race(folder / str(nth), step, nth, kind)
        if problem:
            wrong.append(f"call {nth}: {problem}")
        if not fired:
            assert nth > 20
            return wrong


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "PATIENCE", 0.05)
    monkeypatch.setattr(saving, "PATIENCE", 0.05)


@linux
@pytest.mark.parametrize("kind", [Editor.by_rename, Editor.in_place, Editor.by_appending, Editor.slowly])
@pytest.mark.parametrize("step", ["change", "remove", "rename", "undo"])
def test_no_save_is_lost_at_any_moment(tmp_path: Path, step: str, kind: Callable[[Editor], None]) -> None:
    assert races(tmp_path, step, kind) == []


@linux
@pytest.mark.parametrize("kind", [Editor.by_rename, Editor.in_place, Editor.by_appending])
def test_without_leases_no_save_is_lost_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Callable[[Editor], None]
) -> None:
    import fcntl

    real = fcntl.fcntl

    def refused(handle: int, command: int, *rest: int) -> int:
        if command == fcntl.F_SETLEASE:
            raise PermissionError(13, "not your file")
        return real(handle, command, *rest)

    monkeypatch.setattr(fcntl, "fcntl", refused)
    assert races(tmp_path, "change", kind) == []


@pytest.mark.parametrize("kind", [Editor.in_place, Editor.by_appending])
def test_without_an_exchange_saves_in_place_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Callable[[Editor], None]
) -> None:
    monkeypatch.setattr(exchange, "system_exchange", lambda: None)
    assert races(tmp_path, "change", kind) == []
