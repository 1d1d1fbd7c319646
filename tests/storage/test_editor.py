"""Which editor is run, and what is said where it cannot be."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from kedge.storage.disk.editor import NoEditor, editor_command, editor_words, run_editor


def test_the_command_knows_which_editors_take_a_line() -> None:
    assert editor_command({"VISUAL": "nvim -p"}, "x.toml", 7) == ["nvim", "-p", "+7", "x.toml"]
    assert editor_command({"EDITOR": "code --wait"}, "x.toml", 7) == ["code", "--wait", "x.toml"]
    assert editor_command({"VISUAL": "vi", "EDITOR": "nano"}, "x.toml") == ["vi", "x.toml"]
    assert editor_command({"VISUAL": "  ", "EDITOR": "nano"}, "x.toml") == ["nano", "x.toml"]


@pytest.mark.parametrize("text", ['vim "unclosed', "vim 'unclosed", "vim \\"])
def test_an_editor_that_cannot_be_understood_is_a_plain_line(text: str) -> None:
    with pytest.raises(NoEditor, match="EDITOR cannot be understood") as refused:
        editor_words({"EDITOR": text})
    assert "set VISUAL or EDITOR" in refused.value.hint


def test_without_any_editor_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoEditor, match="there is no editor"):
        editor_words({"EDITOR": " "})


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_what_is_no_program_or_ends_badly_is_said(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("not a program")
    for command, said in (
        ([str(tmp_path / "missing")], "cannot be started: No such file"),
        ([str(tmp_path / "plain")], "cannot be started: Permission denied"),
        ([str(tmp_path)], "cannot be started: Permission denied"),
        ([f"{tmp_path}/vi\0"], "cannot be started: embedded null byte"),
        (["no-such-editor"], "'no-such-editor' is not on the search path"),
        ([""], "'' is not on the search path"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "ended with code 3"),
        ([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], "was ended by SIGKILL"),
    ):
        with pytest.raises(NoEditor, match=said):
            run_editor(command)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_no_editor_is_taken_from_the_folder_in_which_a_person_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("vi", "nano"):
        (tmp_path / name).write_text("#!/bin/sh\ntouch ran\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.chdir(tmp_path)
    for path in (".", "", "bin:."):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(NoEditor, match="there is no editor"):
            editor_words(os.environ)
        with pytest.raises(NoEditor, match="'vi' is not on the search path"):
            run_editor(["vi", "x.toml"])
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_belongs_to_the_editor_while_it_runs() -> None:
    before = signal.getsignal(signal.SIGINT)
    run_editor([sys.executable, "-c", "import os, signal; os.kill(os.getppid(), signal.SIGINT)"])
    assert signal.getsignal(signal.SIGINT) is before
