"""Outside saves at every moment of a step, faults and kills: no save is lost, and no step is half made."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kedge.bench.faults import STEPS, Fault, Trial, failing, goal_of, injected, killed, texts
from kedge.model.edit import edits
from kedge.storage.disk import exchange, lease, saving, staging, swap
from kedge.storage.disk.errors import (
    ChangedOutside,
    KeptBoth,
    NothingToUndo,
    SavedMeanwhile,
    WriteRefused,
)
from kedge.storage.disk.userconfig import read_config, write_setting
from kedge.storage.plan.journal import FileStep, Journal, State, Step
from kedge.storage.plan.read import read_plan

from .plans import CARD, FILES, make, opened, reading_findings

FILE = "projects/p/cards/one-2222.toml"
MARK = "# three hours of typing"


def _no_exchange() -> None:
    """As on a disk that cannot exchange two files."""


offers = pytest.mark.parametrize("offer", [exchange.system_exchange, _no_exchange])
"""What the system says of exchanging two files."""
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
            _until_it_opens(self.waiting[-1])


def _until_it_opens(thread: threading.Thread) -> None:
    """Returns when a thread waits for the system to open a file: on a busy machine it might come to that later."""
    number = {"x86_64": "257", "aarch64": "56"}.get(platform.machine())
    with contextlib.suppress(OSError):
        while number and thread.is_alive():
            if Path(f"/proc/self/task/{thread.native_id}/syscall").read_text().split()[0] == number:
                return
            time.sleep(0.0005)


def _write_and_close(handle: int, content: bytes) -> None:
    os.write(handle, content)
    os.close(handle)


def race(folder: Path, step: str, nth: int, kind: Callable[[Editor], None]) -> tuple[bool, str]:
    """Whether there are so many calls, and what is wrong when another program saves at the n-th."""
    trial = Trial(folder, step)
    path = next(
        one for name in ("one", "uno") if (one := trial.root / f"projects/p/cards/{name}-2222.toml").exists()
    )
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
    if step == "change" and not any(
        "title =" in text for path, text in seen.items() if path.startswith(FILE)
    ):
        return True, "what the file said before is lost"
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


@pytest.mark.parametrize("kind", [Editor.by_rename, Editor.in_place, Editor.by_appending])
@pytest.mark.parametrize("step", ["change", "remove", "rename", "undo"])
def test_without_an_exchange_no_save_is_lost_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, kind: Callable[[Editor], None]
) -> None:
    monkeypatch.setattr(exchange, "system_exchange", _no_exchange)
    assert races(tmp_path, step, kind) == []


def test_a_line_appended_while_a_file_has_no_name_is_kept_beside_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "system_exchange", _no_exchange)
    trial = Trial(tmp_path, "change")
    real = exchange.give_name

    def give_name(*arguments: Any, **options: Any) -> None:
        with open(trial.root / FILE, "a") as file:
            file.write(MARK)
        real(*arguments, **options)

    monkeypatch.setattr(exchange, "give_name", give_name)
    with pytest.raises(KeptBoth, match=r"what it said before is in one-2222\.toml\.kept-1 beside it"):
        trial.act(trial.space)
    assert texts(trial.root) == trial.before | {FILE: MARK, f"{FILE}.kept-1": trial.before[FILE]}


def test_what_is_written_to_the_old_file_after_the_exchange_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor that opened the file before, where no lease can be had, writes a moment too late."""
    trial = Trial(tmp_path, "change")
    monkeypatch.setattr(lease, "is_open_elsewhere", lambda _: False)
    monkeypatch.setattr(lease.sys, "platform", "other")
    handle = os.open(trial.root / FILE, os.O_WRONLY | os.O_APPEND)
    real = swap.Swap.check

    def check(self: swap.Swap) -> None:
        nonlocal handle
        if handle >= 0:
            _write_and_close(handle, f"{MARK}\n".encode())
            handle = -1
        real(self)

    monkeypatch.setattr(swap.Swap, "check", check)
    trial.act(trial.space)
    text = texts(trial.root)[FILE]
    assert MARK in text
    assert 'title = "Another"' in text


@linux
def test_a_file_that_stays_open_for_writing_is_not_written(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "change")
    with (
        open(trial.root / FILE, "r+"),
        pytest.raises(SavedMeanwhile, match="open for writing in another program"),
    ):
        trial.act(trial.space)
    assert texts(trial.root) == trial.before
    trial.act(trial.space)
    assert 'title = "Another"' in texts(trial.root)[FILE]


@pytest.mark.parametrize("rest", ["", FILES[CARD][:60]])
def test_a_file_that_was_just_cut_short_is_not_written_and_stays_on_the_board(
    tmp_path: Path, rest: str
) -> None:
    root = make(tmp_path)
    space = opened(root)
    (root / CARD).write_text(rest)
    with pytest.raises(SavedMeanwhile, match="cut short a moment ago"):
        space.commit(edits.set_status([space.plan.cards["feature-table-7k2m"]], "done"))
    assert (root / CARD).read_text() == rest
    (root / CARD).write_text(FILES[CARD])
    space.refresh()
    space.commit(edits.set_status([space.plan.cards["feature-table-7k2m"]], "done"))
    assert (root / CARD).read_text() == FILES[CARD].replace('"todo"', '"done"')


def test_an_empty_file_keeps_its_card_on_the_board_and_is_a_finding(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    (root / CARD).write_text("")
    os.utime(root / CARD, (1, 1))
    space.refresh()
    assert space.plan.cards["feature-table-7k2m"].title == "Build the feature table"
    assert [one.message for one in reading_findings(space)] == ["the file is empty"]
    with pytest.raises(WriteRefused, match="the file is empty"):
        space.commit(edits.set_status([space.plan.cards["feature-table-7k2m"]], "done"))
    assert "feature-table-7k2m" not in read_plan(str(root)).plan.cards


def test_a_file_whose_record_needs_nothing_may_be_empty(tmp_path: Path) -> None:
    root = make(tmp_path, {**FILES, "projects/churn/assessment.toml": ""})
    assert "F107" not in [one.code for one in reading_findings(opened(root))]


def test_an_empty_file_is_waited_for_when_a_plan_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path, {**FILES, CARD: ""})

    def save(_: float) -> None:
        (root / CARD).write_text(FILES[CARD])

    monkeypatch.setattr(saving, "PATIENCE", 60)
    monkeypatch.setattr(saving.time, "sleep", save)
    assert read_plan(str(root)).plan.cards["feature-table-7k2m"].owner == "mira"


@offers
@pytest.mark.parametrize("step", list(STEPS))
def test_calls_that_fail_leave_a_step_made_or_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, offer: Callable[[], Any]
) -> None:
    monkeypatch.setattr(exchange, "system_exchange", offer)
    goal = goal_of(step)
    tried, wrong = 0, []
    while True:
        fired, problem = failing(step, 28, goal, tmp_path / str(tried), tried + 1)
        if problem:
            wrong.append(f"call {tried + 1}, {fired}: {problem}")
        if not fired:
            break
        tried += 1
    assert wrong == []
    assert tried > 30


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
@offers
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", ["change", "rename", "undo"])
def test_killed_at_any_call_a_step_is_whole_after_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool, offer: Callable[[], Any]
) -> None:
    monkeypatch.setattr(exchange, "system_exchange", offer)
    goal = goal_of(step)
    tried, wrong = 0, []
    while True:
        fired, problem = killed(step, goal, tmp_path / str(tried), tried + 1, after=after)
        if problem:
            wrong.append(f"call {tried + 1}: {problem}")
        if not fired:
            break
        tried += 1
    assert wrong == []
    assert tried > 20


def test_git_takes_no_temporary_file_of_a_killed_run(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "change")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    with staging.staging(str(trial.root)) as place:
        (Path(place) / "1-0").write_text("x")
        subprocess.run(["git", "-C", str(tmp_path), "add", "-A"], check=True)
        command = ["git", "-C", str(tmp_path), "ls-files"]
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert FILE in listed
    assert staging.NAME not in listed
    trial.open()
    assert not (trial.root / staging.NAME).exists()


def test_a_link_in_the_place_of_temporary_files_is_not_followed(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "change")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/mine").write_text("mine")
    (trial.root / staging.NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WriteRefused):
        trial.act(trial.space)
    trial.open()
    assert [one.name for one in (tmp_path / "elsewhere").iterdir()] == ["mine"]


def test_a_new_card_never_takes_the_place_of_a_file_that_appeared_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path)
    space = opened(root)
    real = Journal.begin

    def begin(self: Journal, label: str, files: tuple[FileStep, ...]) -> Step:
        (root / files[0].path).write_text('title = "Theirs"\n')
        return real(self, label, files)

    monkeypatch.setattr(Journal, "begin", begin)
    batch = edits.add_card(space.plan, "churn", "Mine", {}, Random(1))
    with pytest.raises(ChangedOutside, match="exists already"):
        space.commit(batch)
    assert opened(root).plan.cards[batch.changes[0].address.id].title == "Theirs"


def test_a_step_that_another_kedge_is_making_is_not_taken_for_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a listing saw a moment before the other kedge renamed its step."""
    root = make(tmp_path)
    space = opened(root)
    space.commit(edits.set_status([space.plan.cards["feature-table-7k2m"]], "doing"))
    real = Journal._entries

    def entries(self: Journal) -> list[tuple[int, State]]:
        return [(number, "doing") for number, _ in real(self)]

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_entries", entries)
        opened(root)
    assert opened(root).undo()[0] == 'mark "Build the feature table" as in progress'


def test_a_damaged_step_is_told_once(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    space.commit(edits.set_status([space.plan.cards["feature-table-7k2m"]], "doing"))
    step = next((tmp_path / "state").rglob("*.done.json"))
    step.write_text("{")
    step.rename(step.with_name("000001.doing.json"))
    with pytest.raises(NothingToUndo, match="cannot be read and was forgotten"):
        opened(root)
    opened(root)


def test_settings_are_kept_that_an_editor_saves_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('me = "mira"\n')
    real = swap.Swap.prepare

    def prepare(self: swap.Swap) -> None:
        real(self)
        if "ascii" not in path.read_text():
            path.write_text('me = "mira"\nascii = true\n')

    monkeypatch.setattr(swap.Swap, "prepare", prepare)
    write_setting({"KEDGE_CONFIG": str(path)}, "theme", "kedge-light")
    read = read_config({"KEDGE_CONFIG": str(path)})
    assert (read.me, read.ascii, read.theme) == ("mira", True, "kedge-light")
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


def test_a_file_whose_old_content_cannot_be_dropped_is_said_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is only what lies aside that stays; the file has its new content, which must not be told as refused."""
    path = tmp_path / "AGENTS.md"
    path.write_text("old\n")
    real = swap.Swap.drop

    def fail(self: swap.Swap) -> None:
        if path.read_text() == "new\n":
            raise OSError(28, "No space left on device")
        real(self)

    monkeypatch.setattr(swap.Swap, "drop", fail)
    swap.swap_file(str(path), b"old\n", b"new\n")
    assert path.read_text() == "new\n"


def test_a_file_outside_of_a_step_is_removed_only_as_it_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    path.write_text("old\nand a thought\n")
    with pytest.raises(SavedMeanwhile):
        swap.swap_file(str(path), b"old\n", None)
    assert path.read_text() == "old\nand a thought\n"
    swap.swap_file(str(path), path.read_bytes(), None)
    assert list(tmp_path.iterdir()) == []
