"""A terminal of a chosen width, in which a command runs and a person types."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path


def on_terminal(
    *arguments: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    typed: str = "",
    columns: int = 100,
) -> tuple[int, str]:
    """Runs kedge on a terminal; its exit code and all that was shown."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "kedge", *arguments],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as process:
        os.close(slave)
        if typed:
            os.write(master, typed.encode())
        shown = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        process.wait(timeout=60)
    os.close(master)
    return process.returncode, shown.decode().replace("\r\n", "\n")
