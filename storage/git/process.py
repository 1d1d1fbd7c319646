"""Running the git program to its end: nothing waits for ever, and no answer fills the memory.

What it is asked, and with which settings, is decided in `git.py` alone.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..disk.repository import GitProblem, Reason

TIMEOUT = 20.0
"""Seconds; the status of ten thousand files on a cold disk takes one or two."""
MOST_BYTES = 256 << 20
"""Of one answer: a few objects are enough to make a tree of billions of files."""
_PART = 1 << 20
_MOST_SAID = 10_000
"""Bytes of what git says beside its answer."""


@dataclass(frozen=True)
class Done:
    """How a process ended."""

    code: int
    output: bytes
    error: str


def run(
    command: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    given: bytes,
    patience: float | None = None,
) -> Done | GitProblem:
    """Runs git to its end, or ends it where it takes longer than `patience` seconds, or says too much.

    `patience` is TIMEOUT where none is given.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as errors:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
            output = _answer(process, given, TIMEOUT if patience is None else patience)
            errors.seek(0)
            said = errors.read(_MOST_SAID).decode("utf-8", "replace").strip()
    except OSError as error:
        return GitProblem(Reason.FAILED, f"{error.strerror}: {error.filename or command[0]}")
    return output if isinstance(output, GitProblem) else Done(process.returncode, output, said)


def _answer(process: subprocess.Popen[bytes], given: bytes, patience: float) -> bytes | GitProblem:
    ended: list[Reason] = []

    def end(reason: Reason) -> None:
        ended.append(reason)
        process.kill()

    def feed() -> None:
        assert process.stdin is not None
        with suppress(OSError), process.stdin as stdin:
            stdin.write(given)

    timer = threading.Timer(patience, end, [Reason.TIMEOUT])
    feeder = threading.Thread(target=feed, daemon=True)
    timer.start()
    feeder.start()
    parts: list[bytes] = []
    assert process.stdout is not None
    with process.stdout as stdout:
        while not ended and (part := stdout.read(_PART)):
            parts.append(part)
            if len(parts) * _PART > MOST_BYTES and sum(map(len, parts)) > MOST_BYTES:
                end(Reason.TOO_LARGE)
    process.wait()
    timer.cancel()
    feeder.join()
    if not ended:
        return b"".join(parts)
    return GitProblem(ended[0], f"{patience:.0f} seconds" if ended[0] is Reason.TIMEOUT else "")
