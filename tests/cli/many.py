"""Runs commands one after the other, each in a process of its own: `python many.py COMMANDS CODES`.

The processes are forked from this one, which has loaded kedge, so that loading is paid for once; what it was started
with of streams, closed ones too, is what each command finds. COMMANDS is a list of lists of arguments, in JSON; the
exit codes go to the file CODES.
"""

from __future__ import annotations

import json
import os
import sys

import kedge.cli.group
import kedge.storage.plan.workspace  # noqa: F401  what takes long to load
from kedge.cli.main import main


def code_of(arguments: list[str]) -> int:
    """How a command ends."""
    child = os.fork()
    if not child:
        sys.argv = ["kedge", *arguments]
        main()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    codes = [code_of(arguments) for arguments in json.loads(sys.argv[1])]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(codes, file)
