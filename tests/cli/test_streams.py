"""Streams that are closed, full or not read any more: the exit code says what happened to the plan."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from .running import kedge

if sys.platform == "win32":
    pytest.skip("redirections of a POSIX shell", allow_module_level=True)

TINY = Path(__file__).parents[2] / "samples" / "tiny"
PRINTING = (
    "list",
    "list --json",
    "check --ignore P --today 2026-11-30",
    "show export",
    "--help",
    "add --help",
    "--version",
    "version",
    "completion bash",
    "schema card",
    "keys",
    "assess",
    *(
        "schedule --explain",
        "schedule --mermaid",
        "critical",
        "load",
        "budget --runs 20",
        "matrix",
        "size",
    ),
    *("portfolio", "guide"),
    "set export owner=lena --dry-run",
)
CLOSED = (">&-", "2>&-", ">&- 2>&-", "<&-", ">&- 2>&- <&-")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    shutil.copytree(TINY / "plan", tmp_path / "plan")
    return tmp_path


def shell(folder: Path, line: str) -> tuple[int, str]:
    """Runs a line in which `kedge` is kedge; the exit code, and what came to stdout and stderr together."""
    done = subprocess.run(
        ["bash", "-c", f'set -o pipefail; kedge() {{ "{sys.executable}" -m kedge "$@"; }}; {line}'],
        cwd=folder,
        env={**os.environ, "KEDGE_STATE": str(folder / "state"), "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def many(folder: Path, commands: Sequence[str], streams: str) -> tuple[list[int], str]:
    """Runs commands with streams as the shell arranges them; their exit codes, and what came to stdout and stderr."""
    script = Path(__file__).with_name("many.py")
    words = json.dumps([command.split() for command in commands])
    line = shlex.join([sys.executable, str(script), words, "codes"])
    code, said = shell(folder, f"{line} {streams}")
    assert code == 0, said
    return json.loads((folder / "codes").read_text()), said


def titles(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.rglob("*.toml"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.glob("plan/**/*.toml")}


@pytest.mark.parametrize("streams", CLOSED)
def test_with_closed_streams_a_command_ends_as_it_would(plan: Path, streams: str) -> None:
    before = files(plan)
    codes, said = many(plan, [*PRINTING, "nonsense", "list zz:"], streams)
    assert "Traceback" not in said
    assert "itself" not in said
    assert codes == [0] * len(PRINTING) + [2, 2]
    assert files(plan) == before
    assert not (plan / "state" / "crashes").exists()


@pytest.mark.parametrize("streams", CLOSED)
def test_a_write_with_closed_streams_is_made_and_told_by_the_code(plan: Path, streams: str) -> None:
    assert many(plan, ["add Cron"], streams)[0] == [0]
    assert 'title = "Cron"' in titles(plan)
    assert many(plan, ["done nothing-like-it", "undo", "undo"], streams)[0] == [2, 0, 3]
    assert "Cron" not in titles(plan)


@FULL
def test_a_full_disk_is_a_plain_line(plan: Path) -> None:
    codes, said = many(plan, PRINTING, "> /dev/full")
    assert codes == [3] * len(PRINTING)
    assert said == "kedge: cannot write the output: No space left on device\n" * len(PRINTING)


@FULL
def test_a_change_whose_output_cannot_be_written_is_told_as_made(plan: Path) -> None:
    code, said = shell(plan, "kedge add 'On a full disk' > /dev/full")
    assert code == 1
    assert "the change was made" in said
    assert "On a full disk" in titles(plan)
    assert shell(plan, "kedge add 'Told to a full disk' 2> /dev/full")[0] == 0


def test_a_reader_that_goes_away_is_no_error(plan: Path) -> None:
    assert shell(plan, "kedge list | head -1 > /dev/null; true") == (0, "")
    assert shell(plan, "kedge list --json | true")[0] in (0, 141)
    assert "Traceback" not in shell(plan, "kedge --help | true")[1]
    code, _ = shell(plan, "kedge add 'Nobody reads' | true")
    assert code == 0
    assert "Nobody reads" in titles(plan)


def test_the_board_without_streams_says_what_it_needs(plan: Path) -> None:
    for streams in (">&-", "<&-"):
        code, said = shell(plan, f"kedge {streams}")
        assert (code, "needs a terminal" in said) == (2, True)
    assert shell(plan, "kedge 2>&-")[0] == 2


def test_a_long_note_is_one_line_of_talk(plan: Path) -> None:
    note = "line of a note\n" * 200
    ran = kedge("set", "export", f"notes={note}", cwd=plan)
    assert (ran.code, ran.out, ran.err.count("\n"), len(ran.err) < 200) == (0, "", 1, True)
    ran = kedge("undo", cwd=plan)
    assert (ran.code, ran.out, ran.err.count("\n"), len(ran.err) < 200) == (0, "", 1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("add", "--fast path"),
        ("add", "---"),
        ("list", "-is:blocked"),
        ("block", "export", "--no data"),
    ],
)
def test_a_text_that_begins_with_a_dash_is_refused_with_what_to_write(
    plan: Path, words: tuple[str, ...]
) -> None:
    ran = kedge(*words, cwd=plan)
    assert ran.code == 2
    assert f"behind --: kedge {words[0]} -- …" in ran.err
    assert kedge("add", "--", "--fast path", cwd=plan).code == 0
    assert kedge("list", "--", "-is:done", cwd=plan).code == 0
