"""Running kedge as a person does, with its streams and its exit code: in this process, or in one of its own."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from kedge.cli import output
from kedge.cli.main import run

ROOT = Path(__file__).parents[2]
CHURN = ROOT / "samples" / "churn" / "plan"
TODAY = "2026-11-20"
PATIENCE = 120
"""Seconds until a process counts as one that never ends; a machine under load needs many."""


@dataclass(frozen=True)
class Ran:
    """How a run ended."""

    code: int
    out: str
    err: str


def kedge(
    *arguments: str, cwd: Path | str | None = None, env: Mapping[str, str] | None = None, text: str = ""
) -> Ran:
    """Runs a command to its end, in this process. Whatever it says, it is never a traceback."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with (
        mock.patch.dict(os.environ, env or {}),
        contextlib.chdir(cwd or os.curdir),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.object(output, "RUN", output.Run()),
        mock.patch.object(gc, "freeze"),
    ):
        code = run(arguments)
    return _told(code, _content(out), _content(err))


def started(
    *arguments: str, cwd: Path | str | None = None, env: Mapping[str, str] | None = None, text: str = ""
) -> Ran:
    """Runs a command in a process of its own: for what is about processes."""
    done = subprocess.run(
        [sys.executable, "-m", "kedge", *arguments],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=text,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return _told(done.returncode, done.stdout, done.stderr)


def _content(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    stream.reconfigure(newline=None)
    return stream.read()


def _told(code: int, out: str, err: str) -> Ran:
    assert "Traceback" not in err, err
    return Ran(code, out, err)


def snapshot(folder: Path) -> dict[str, bytes]:
    """The content of all files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    """Names of the files that differ, are new, or are gone."""
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def check_golden(name: str, text: str) -> None:
    """Compares a text with its file below `golden/`; with KEDGE_GOLDEN=write the file is written instead."""
    path = Path(__file__).parent / "golden" / name
    if os.environ.get("KEDGE_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text, f"{name} differs; KEDGE_GOLDEN=write writes it again"
