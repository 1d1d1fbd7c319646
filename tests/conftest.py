"""What every test stands on: no home, no settings of the machine, one day, one identity.

Nothing here reads the clock or the network; what a test needs of the machine it makes itself below its folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kedge.storage.disk.actor import OF_AGENTS

from .effort import load_profile

# Textual reads this once, when it is imported.
os.environ["TEXTUAL_ANIMATIONS"] = "none"
# What is compiled once is not compiled again: neither the tests, nor kedge in each of the processes that they start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A run in the background of a script ignores Ctrl-C, and so would every program that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

load_profile()

ROOT = Path(__file__).parents[1]
TODAY = "2026-11-20"
"""The day on which the sample plans are seen."""

_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Kedge tests"), ("EMAIL", "tests@kedge.invalid"))
}
_TAKEN_AWAY = (
    *("KEDGE_PLAN", "KEDGE_PROJECT", "KEDGE_ME", "KEDGE_DEBUG", "KEDGE_ACTOR", *OF_AGENTS),
    *("NO_COLOR", "VISUAL", "EDITOR"),
    *("XDG_CONFIG_HOME", "XDG_STATE_HOME", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "COLUMNS", "LINES"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests begin first, so that at the end nobody waits for one of them."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session", autouse=True)
def hermetic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An environment in which no test can see, or touch, anything of the person who runs it."""
    place = tmp_path_factory.mktemp("machine")
    with pytest.MonkeyPatch.context() as patch:
        for name in _TAKEN_AWAY:
            patch.delenv(name, raising=False)
        settings = {
            "HOME": str(place / "home"),
            "KEDGE_STATE": str(place / "state"),
            "KEDGE_CONFIG": str(place / "config.toml"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            **_IDENTITY,
        }
        for name, value in settings.items():
            patch.setenv(name, value)
        # No test cuts the power, and a disk that is asked thousands of times to be sure of it takes minutes.
        patch.setattr(os, "fsync", lambda handle: None)
        if hasattr(time, "tzset"):
            time.tzset()
        yield
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def sample(tmp_path: Path) -> Callable[[str], Path]:
    """Copies a sample, by name, into a folder of its own, with its evidence; the plan's folder."""

    def copied(name: str = "churn") -> Path:
        shutil.copytree(ROOT / "samples" / name, tmp_path / name)
        return tmp_path / name / "plan"

    return copied
