"""A process that has loaded kedge once, and forks for each command: `python -P fork_server.py`.

It says where it listens, in a folder of its own, and ends with whoever started it: when its input does.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import select
import signal
import socket
import sys
import tempfile
import time
from typing import NoReturn


def load() -> None:
    """Imports what commands may import, without the board."""
    import kedge.cli
    import kedge.model
    import kedge.storage

    for package in (kedge.cli, kedge.model, kedge.storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def run(asked: socket.socket) -> NoReturn:
    """Does what is asked for as a process of its own would, and says how it ended."""
    from kedge.cli import main

    _, numbers, _, _ = socket.recv_fds(asked, 1, 4)
    request = b"".join(iter(lambda: asked.recv(65536), b"")).split(b"\0")
    count = int(request[0])
    os.fchdir(numbers[3])
    for number in range(3):
        os.dup2(numbers[number], number)
    for number in numbers:
        os.close(number)
    os.environ.clear()
    os.environb.update(one.split(b"=", 1) for one in request[count + 1 :])
    time.tzset()
    tempfile.tempdir = None  # it is that of the server's environment
    sys.argv = ["kedge", *map(os.fsdecode, request[1 : count + 1])]
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        stream = open(number, mode, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
    end = os._exit

    def told(code: int) -> NoReturn:
        sys.stderr.flush()
        asked.send(bytes([code]))
        end(code)

    os._exit = told
    main.main()


def serve() -> None:
    """Forks for each command until the input ends."""
    load()
    gc.collect()
    gc.freeze()
    with tempfile.TemporaryDirectory(prefix="kedge-") as folder, socket.socket(socket.AF_UNIX) as listener:
        path = f"{folder}/asked"
        listener.bind(path)
        listener.listen(64)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print(path, flush=True)
        while True:
            ready, _, _ = select.select([listener, 0], [], [])
            if listener not in ready:
                return
            asked, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                try:
                    run(asked)
                finally:
                    os._exit(1)
            asked.close()


if __name__ == "__main__":
    serve()
