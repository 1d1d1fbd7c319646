"""A program named `kedge` in a folder, for git and for shells to start.

Loading kedge takes ten times as long as most of what hooks and merge drivers do, so the program is a fork of a process
that has loaded it: arguments, folder, environment, streams and exit code are those of a process of its own. Tests about
starting, about signals and about terminals start Python themselves.
"""

from __future__ import annotations

import atexit
import functools
import os
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def put_kedge(folder: Path) -> Path:
    """Puts the program into a folder; its path."""
    command = [sys.executable, "-m", "kedge"]
    if hasattr(os, "fork"):
        command = [sys.executable, "-ISE", str(HERE / "fork_client.py"), _server()]
    path = folder / "kedge"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    path.chmod(0o755)
    return path


@functools.cache
def _server() -> str:
    """Starts the process that forks, once for this process; where it listens."""
    command = [sys.executable, "-P", str(HERE / "fork_server.py")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    # It ends, and takes its folder away, when its input ends: also where this process is killed.
    atexit.register(process.communicate)
    assert process.stdout is not None
    path = process.stdout.readline().rstrip()
    assert path, "it did not start"
    return path
