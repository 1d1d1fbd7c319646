"""What the tests of storage share."""

from __future__ import annotations

import time

import pytest

from kedge.storage.disk import saving

from .profiled import write  # noqa: F401  a fixture of several modules


class Pauses:
    """A clock that goes on only while one sleeps, so that a busy machine takes nothing from anyone's patience."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        """What has been slept so far."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Sleeps."""
        self.passed += seconds
        time.sleep(seconds)

    def time(self) -> float:
        """The day's time, as files have it."""
        return time.time()


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A save that never ends is waited for ten times, and briefly."""
    monkeypatch.setattr(saving, "time", Pauses())
    monkeypatch.setattr(saving, "PATIENCE", 0.02)
    monkeypatch.setattr(saving, "PAUSE", 0.002)
