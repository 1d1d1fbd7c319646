"""Ctrl-C while Python still imports: one line, exit code 130, and no traceback, wherever it strikes."""

from __future__ import annotations

import subprocess
import sys

import pytest

INTERRUPTED = """
import sys, weakref

class Thing:
    pass

def strike(where):
    if {how!r} == "raise":
        raise KeyboardInterrupt
    if {how!r} == "wrap":  # as Python 3.11 does where a class is being made
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()
    thing = Thing()
    kept = weakref.ref(thing, swallow)
    del thing

def swallow(_):
    raise KeyboardInterrupt

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            strike(name)

sys.meta_path.insert(0, Finder())
sys.argv = ["kedge", *{arguments!r}]
from kedge.__main__ import main
main()
import time
time.sleep(20)
"""


def interrupted(how: str, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = INTERRUPTED.format(how=how, name=name, arguments=arguments)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )


PLACES = ["click", "kedge.cli.about", "kedge.cli.output"]


@pytest.mark.parametrize(
    ("how", "name"),
    [("raise", "kedge.cli.main"), *((how, name) for how in ("raise", "wrap", "swallow") for name in PLACES)],
)
def test_ctrl_c_during_an_import_is_an_end_without_a_traceback(how: str, name: str) -> None:
    done = interrupted(how, name, "version")
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.stderr.strip() in ("", "kedge: stopped; no file is half written")
