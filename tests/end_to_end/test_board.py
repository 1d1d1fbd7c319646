"""A person at the board, in a real terminal, with a real repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..hostile import Hostile
from .screen import Terminal, until

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, a real terminal")
CARD = "projects/late-parcels/cards"


def git(repository: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=repository, check=True, capture_output=True, text=True
    ).stdout


def changed_lines(repository: Path) -> list[str]:
    lines = git(repository, "diff", "--unified=0").splitlines()
    return [line for line in lines if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "samples" / "tiny" / "plan", tmp_path / "work" / "plan")
    folder = tmp_path / "work"
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "plan")
    return folder


@pytest.fixture
def terminal(repository: Path, tmp_path: Path) -> Iterator[Terminal]:
    # The tour of the first time has a test of its own.
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "welcomed").touch()
    opened = Terminal(repository, KEDGE_STATE=str(tmp_path / "state"))
    yield opened
    opened.close()


def board(terminal: Terminal) -> str:
    terminal.kedge("--today", "2026-11-20")
    return terminal.wait(
        lambda screen: "Execute" in screen and "? help" in screen and "reading the plan" not in screen
    )


def test_add_move_undo_and_leave(terminal: Terminal, repository: Path) -> None:
    board(terminal)
    terminal.keys("a")
    terminal.wait("add")
    terminal.type("Ask the depot for scans ~1/2/3 #data")
    terminal.keys("Enter")
    terminal.wait("Ask the depot for scans")
    until(
        lambda: (
            "Ask the depot"
            in "".join(p.read_text() for p in (repository / "plan" / "projects").rglob("*.toml"))
        ),
        "the new card's file",
    )
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "card")
    terminal.keys("L")
    until(lambda: bool(changed_lines(repository)), "the move in the file")
    moved = changed_lines(repository)
    assert len(moved) == 2
    assert [line.split(" = ")[0] for line in moved] == ["-place", "+place"]
    terminal.keys("u")
    until(lambda: not changed_lines(repository), "the undo in the file")
    terminal.wait("undid")
    terminal.keys("C-r")
    until(lambda: changed_lines(repository) == moved, "the redo in the file")
    terminal.keys("q")
    terminal.wait("ready>")
    terminal.run("echo typing-$((20+3))-works")
    terminal.wait("typing-23-works")


def test_what_others_do_shows_by_itself(terminal: Terminal, repository: Path) -> None:
    board(terminal)
    git(repository, "checkout", "-q", "-b", "other")
    path = next(iter(sorted((repository / "plan" / CARD).glob("*.toml"))))
    title = next(line for line in path.read_text().splitlines() if line.startswith("title"))
    path.write_text(path.read_text().replace(title, 'title = "Changed by somebody"'))
    terminal.wait("Changed by somebody")
    git(repository, "commit", "-qam", "other")
    git(repository, "checkout", "-q", "main")
    terminal.wait_gone("Changed by somebody")
    git(repository, "checkout", "-q", "other")
    terminal.wait("Changed by somebody")


def test_a_conflict_under_an_open_board_hides_nothing(terminal: Terminal, repository: Path) -> None:
    screen = board(terminal)
    path = next(iter(sorted((repository / "plan" / CARD).glob("*.toml"))))
    title = next(line for line in path.read_text().splitlines() if line.startswith("title"))
    shown = title.split('"')[1][:12]
    assert shown in screen or "↓" in screen
    broken = path.read_text().replace(
        title, f'<<<<<<< HEAD\n{title}\n=======\ntitle = "Theirs"\n>>>>>>> other'
    )
    path.write_text(broken)
    terminal.wait("1 error")
    terminal.keys("9")
    terminal.wait("merge conflict")
    assert path.read_text() == broken


def test_the_editor_comes_and_goes(terminal: Terminal, repository: Path, tmp_path: Path) -> None:
    script = tmp_path / "editor"
    script.write_text(
        '#!/bin/sh\nfor file; do :; done\nsed -i \'s/^title = .*/title = "From the editor"/\' "$file"\n'
    )
    script.chmod(0o755)
    terminal.run(f"export EDITOR={script}")
    board(terminal)
    terminal.keys("E")
    terminal.wait("From the editor")
    until(lambda: any(line == '+title = "From the editor"' for line in changed_lines(repository)), "the edit")
    assert len(changed_lines(repository)) == 2
    terminal.keys("u")
    until(lambda: not changed_lines(repository), "the undo of the edit")


def test_any_size_and_back(terminal: Terminal) -> None:
    before = board(terminal)
    for size in ((80, 24), (40, 10), (20, 5), (200, 60), (100, 30)):
        terminal.resize(*size)
        terminal.wait(lambda screen: bool(screen.strip()))
    # What it showed at 200 by 60 has these words too.
    columns = before.splitlines()[2]
    after = terminal.wait(lambda screen: columns in screen and "? help" in screen)
    assert "Traceback" not in after
    assert before.splitlines()[2][:20] == after.splitlines()[2][:20]


def test_the_shell_takes_the_terminal_for_a_while(terminal: Terminal, repository: Path) -> None:
    board(terminal)
    terminal.keys("C-z")
    terminal.wait("Stopped")
    terminal.run("clear; echo typing-$((20+3))-works")
    terminal.wait("typing-23-works")
    path = next(iter(sorted((repository / "plan" / CARD).glob("*.toml"))))
    title = next(line for line in path.read_text().splitlines() if line.startswith("title"))
    path.write_text(path.read_text().replace(title, 'title = "Changed meanwhile"'))
    terminal.run("fg")
    terminal.wait(lambda screen: "Changed meanwhile" in screen and "Iterate" in screen)


def test_without_a_shell_nothing_stops(terminal: Terminal) -> None:
    terminal.run(f"exec {sys.executable} -m kedge --today 2026-11-20")
    terminal.wait(lambda screen: "Execute" in screen and "? help" in screen)
    terminal.keys("C-z")
    terminal.wait("there is no shell here")
    terminal.keys("j", "Enter")
    terminal.wait("Checklist")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the process in /proc")
@pytest.mark.parametrize("signal", ["TERM", "HUP", "INT"])
def test_a_signal_leaves_a_terminal_that_works(terminal: Terminal, tmp_path: Path, signal: str) -> None:
    board(terminal)
    children = [process for process in Path("/proc").glob("[0-9]*") if _is_kedge(process, terminal.folder)]
    assert len(children) == 1
    subprocess.run(["kill", f"-{signal}", children[0].name], check=True)
    terminal.wait("ready>")
    terminal.run("echo typing-$((20+3))-works")
    terminal.wait("typing-23-works")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the process in /proc")
@pytest.mark.parametrize("leads", [True, False], ids=["as the window's own program", "from a shell"])
def test_closing_the_window_saves_and_ends(
    terminal: Terminal, repository: Path, tmp_path: Path, leads: bool
) -> None:
    pid = tmp_path / "pid"
    command = f"echo $$ > {pid}; exec {sys.executable} -m kedge --today 2026-11-20"
    terminal.run(command if leads else f"sh -c '{command}'")
    terminal.wait(lambda screen: "Execute" in screen and "? help" in screen)
    terminal.wait("as of 20 Nov 2026")
    terminal.keys("a")
    terminal.wait("add to ")
    terminal.type("Written in the last moment")
    terminal.keys("Enter")
    terminal.wait('add "Written in the last moment"')
    terminal.close()
    process = Path("/proc") / pid.read_text().strip()
    until(lambda: not process.exists(), "the end of the process")
    cards = (repository / "plan" / CARD).glob("*.toml")
    assert any("Written in the last moment" in path.read_text() for path in cards)


def _is_kedge(process: Path, folder: Path) -> bool:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
        return b"kedge" in words and (process / "cwd").resolve() == folder.resolve()
    except OSError:
        return False


def test_the_tour_comes_once_and_can_be_skipped(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "state" / "welcomed").unlink()
    terminal.kedge()
    terminal.wait("A short tour")
    terminal.keys("Enter")
    terminal.wait("2 of 4")
    terminal.keys("Escape")
    terminal.wait(lambda screen: "? help" in screen and "A short tour" not in screen)
    terminal.keys("q")
    terminal.wait("ready>")
    board(terminal)
    assert "A short tour" not in terminal.text()
    terminal.keys("T")
    terminal.wait("1 of 4")


CRASH = """
import sys
from kedge.cli.main import main
from kedge.tui.app.background import Background

def look(self):
    raise RuntimeError("nobody foresaw this")

Background.look = look
sys.argv = ["kedge"]
main()
"""


def test_a_crash_leaves_a_terminal_that_works_and_says_what_to_do(terminal: Terminal, tmp_path: Path) -> None:
    script = tmp_path / "crash.py"
    script.write_text(CRASH)
    terminal.run(f"{sys.executable} {script}")
    screen = terminal.wait(
        lambda shown: "an error in kedge itself" in shown and shown.rstrip().endswith("ready>")
    )
    assert "Traceback" not in screen
    reports = list((tmp_path / "state").rglob("*.txt"))
    assert len(reports) == 1
    assert "nobody foresaw this" in reports[0].read_text()
    terminal.run("echo typing-$((20+3))-works")
    terminal.wait("typing-23-works")


def test_two_boards_on_one_plan(terminal: Terminal, repository: Path, tmp_path: Path) -> None:
    other = Terminal(repository, KEDGE_STATE=str(tmp_path / "state"))
    try:
        board(terminal)
        board(other)
        terminal.keys("a")
        terminal.wait("add")
        terminal.type("From board one")
        terminal.keys("Enter")
        other.wait("From board one")
        other.keys("a")
        other.wait("add")
        other.type("From board two")
        other.keys("Enter")
        terminal.wait("From board two")
    finally:
        other.close()


def place_of(screen: str, text: str) -> tuple[int, int]:
    """The column and row of a text on the screen."""
    row, line = next((at, one) for at, one in enumerate(screen.splitlines()) if text in one)
    return line.index(text), row


def test_edit_in_a_form_and_filter(terminal: Terminal, repository: Path) -> None:
    board(terminal)
    terminal.keys("/")
    terminal.type("export")
    terminal.wait(lambda screen: "Count parcels" not in screen and "Export" in screen)
    terminal.keys("Enter")
    terminal.wait("? help")
    terminal.keys("e")
    terminal.wait("^s save")
    terminal.keys("End")
    terminal.type(", all of it")
    terminal.keys("C-s")
    until(lambda: bool(changed_lines(repository)), "the edit in the file")
    removed, added = changed_lines(repository)
    assert added == f'+{removed[1:-1]}, all of it"'
    terminal.wait(", all")
    terminal.keys("/")
    terminal.type(" status:blocked")
    terminal.wait("is:blocked finds that")
    terminal.keys("Escape")
    terminal.wait(lambda screen: "? help" in screen)
    terminal.wait("Count parcels")
    terminal.keys("Escape")
    terminal.wait("q quits")  # Escape and a letter at once would be the letter with Alt
    terminal.keys("u")
    until(lambda: not changed_lines(repository), "the undo of the edit")


def test_what_is_pasted_is_text_and_no_byte_ends_the_board(terminal: Terminal, repository: Path) -> None:
    board(terminal)
    terminal.paste("q\x1bq x \x1b[31m L")
    terminal.keys("a")
    terminal.wait("add to ")
    terminal.paste("red \x1b[31mtitle\x1b[0m q L\nand \x1bx more")
    terminal.wait("red [31mtitle[0m q L and x more")
    terminal.send(b"\xfc")
    terminal.send(" ü".encode())
    terminal.wait("more� ü")
    terminal.keys("Enter")
    until(
        lambda: any("title[0m q L and x more" in path.read_text() for path in repository.rglob("*.toml")),
        "the card",
    )
    assert changed_lines(repository) == []
    assert git(repository, "status", "--porcelain").count("\n") == 1


def test_a_card_is_dragged_to_another_column(terminal: Terminal, repository: Path) -> None:
    terminal.resize(120, 30)
    board(terminal)
    screen = terminal.still("Export six")
    card = place_of(screen, "Export six")
    column = place_of(screen, "Execute")
    assert abs(card[0] - column[0]) > 20
    terminal.drag(card, (column[0], card[1]))
    until(lambda: bool(changed_lines(repository)), "the move in the file")
    assert [line.split("/")[0] for line in changed_lines(repository)] == [
        '-place = "assess',
        '+place = "execute"',
    ]
    terminal.keys("u")
    until(lambda: not changed_lines(repository), "the undo in the file")


def test_the_board_stays_in_sight_under_a_dialog_at_any_size(terminal: Terminal) -> None:
    board(terminal)
    terminal.keys("b")
    terminal.wait(lambda screen: "What blocks" in screen and "Execute" in screen and "? help" in screen)
    terminal.type("no access")
    for size in ((20, 5), (200, 60), (30, 8), (100, 30)):
        terminal.resize(*size)
        terminal.wait(lambda screen: bool(screen.strip()))
    terminal.wait(lambda screen: "no access" in screen and "What blocks" in screen)
    terminal.keys("Enter")
    terminal.wait('block "Export six')


@pytest.mark.parametrize("kind", ["settings", "bare"])
def test_nothing_of_a_repository_runs(kind: str, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "welcomed").touch()
    if kind == "settings":
        hostile = Hostile(tmp_path, ROOT / "samples" / "tiny" / "plan")
        folder, person, head = hostile.top, hostile.environment, "  main"
    else:
        # The plan's own folder is at the same time a repository, which git finds and kedge does not.
        folder, person, head = tmp_path / "work", {"GIT_CEILING_DIRECTORIES": str(tmp_path)}, "plan "
        shutil.copytree(ROOT / "samples" / "tiny" / "plan", folder / "plan")
        git(folder, "init", "-q", "--bare", "plan")
        settings = {
            "core.bare": "false",
            "core.worktree": "..",
            "core.fsmonitor": f"touch {tmp_path}/ran; false",
        }
        for name, value in settings.items():
            git(folder / "plan", "config", "--file", "config", name, value)
        git(folder / "plan", "status")
        assert (tmp_path / "ran").exists()
        (tmp_path / "ran").unlink()
    terminal = Terminal(folder, KEDGE_STATE=str(tmp_path / "state"), **person)
    try:
        screen = board(terminal)
        terminal.wait(lambda screen: head in screen.split("\n")[0])
        terminal.keys("Enter")
        terminal.wait("History")
        terminal.wait_gone("asking git")
        terminal.keys("Escape")
        terminal.wait_gone("Needed by")
        terminal.keys("q")
        terminal.wait("ready>")
    finally:
        terminal.close()
    assert screen
    assert not (tmp_path / "ran").exists()
    if kind == "settings":
        assert hostile.ran() == set()
