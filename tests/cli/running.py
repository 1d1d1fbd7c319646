"""Running kedge as a person does: a process of its own, with its streams and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHURN = ROOT / "samples" / "churn" / "plan"
TODAY = "2026-11-20"


@dataclass(frozen=True)
class Ran:
    """How a run ended."""

    code: int
    out: str
    err: str


def kedge(
    *arguments: str, cwd: Path | str | None = None, env: Mapping[str, str] | None = None, text: str = ""
) -> Ran:
    """Runs a command to its end. Whatever it says, it is never a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "kedge", *arguments],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


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
    assert path.read_bytes().decode() == text, f"{name} differs; KEDGE_GOLDEN=write makes it anew"
