"""What the tests of storage share."""

from __future__ import annotations

import pytest

from kedge.storage.disk import saving


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A save that never ends is not waited for; a test that wants it to be says so."""
    monkeypatch.setattr(saving, "PATIENCE", 0.02)
    monkeypatch.setattr(saving, "PAUSE", 0.002)
