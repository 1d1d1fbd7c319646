"""What takes long: told to a terminal on one line, ended by Ctrl-C with what there is."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kedge.cli.settings import Settings
from kedge.cli.telling import interruptible, told

from .running import ROOT, TODAY

QUIET, LOUD = (cast("Settings", SimpleNamespace(quiet=quiet)) for quiet in (True, False))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, settings: Settings, after: float) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    with told(settings, after=after) as tell:
        tell("looking at \x1b[31ma file", 0.255)
    return stream.getvalue()


def test_a_terminal_is_told_on_a_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    text = lines(monkeypatch, Terminal(), LOUD, 0)
    assert " … 26%" in text
    assert text.endswith("\r\x1b[K")
    assert "\x1b[31m" not in text


@pytest.mark.parametrize(
    ("stream", "settings", "after"), [(io.StringIO, LOUD, 0), (Terminal, QUIET, 0), (Terminal, LOUD, 3600)]
)
def test_nobody_else_is_and_nobody_at_once(
    monkeypatch: pytest.MonkeyPatch, stream: Any, settings: Settings, after: float
) -> None:
    assert "looking" not in lines(monkeypatch, stream(), settings, after)


def test_the_first_ctrl_c_only_asks_to_stop_and_the_second_ends() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        assert signal.getsignal(signal.SIGINT) is before
    with interruptible() as stop:
        assert not stop()
    assert signal.getsignal(signal.SIGINT) is before


INTERRUPTED = """
import signal
from kedge.cli.main import main
from kedge.model.portfolio import proposal
real = proposal.propose
def propose(*arguments, **more):
    signal.raise_signal(signal.SIGINT)
    return real(*arguments, **more)
proposal.propose = propose
raise SystemExit(main())
"""


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--explain", "ticket-routing")])
def test_ctrl_c_ends_a_choice_with_the_best_so_far(arguments: tuple[str, ...]) -> None:
    plan = str(ROOT / "samples" / "portfolio" / "plan")
    command = [sys.executable, "-c", INTERRUPTED, "portfolio", *arguments, "--plan", plan, "--today", TODAY]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    if arguments == ("--json",):
        data = json.loads(ran.stdout)["data"]
        assert (data["stopped"], data["tips"], data["frontier"]) == (True, [], [])
        assert data["chosen"]
        assert data["worth"] <= data["bound"]
    else:
        assert "stopped: not everything that would change the choice was looked for" in ran.stdout
        assert "drops out" not in ran.stdout
