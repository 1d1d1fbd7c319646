"""Makes the pictures in README and docs from the program itself: `python docs/picture.py [board timeline …]`."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from kedge.storage.plan.workspace import Workspace
from kedge.tui.app.app import KedgeApp

ROOT = Path(__file__).parents[1]
SIZE = (104, 30)
"""Columns and rows: letters stay readable in a page of usual width."""
PICTURES = {
    "board": ("churn", ("j", "j")),
    "assess": ("churn", ("2",)),
    "portfolio": ("portfolio", ("3",)),
    "strategy": ("churn", ("4",)),
    "timeline": ("churn", ("5", *"jjjjjj")),
    "forecast": ("churn", ("5", "j", "j", "f")),
    "load": ("churn", ("5", "L")),
}
"""The sample of each picture, and the keys that lead to what it shows."""


async def picture(sample: str, keys: Sequence[str]) -> str:
    """What a sample plan shows after some keys, as an SVG text."""
    with tempfile.TemporaryDirectory() as folder:
        # With what the plan names as evidence.
        shutil.copytree(ROOT / "samples" / sample, folder, dirs_exist_ok=True)
        environment = {**os.environ, "KEDGE_STATE": str(Path(folder) / "state")}
        loading: Future[Workspace] = Future()
        loading.set_result(Workspace.open(str(Path(folder) / "plan"), environment))
        app = KedgeApp(loading, today=dt.date(2026, 11, 20), environment=environment, background=False)
        async with app.run_test(size=SIZE) as pilot:
            for key in keys:
                await pilot.pause()
                await pilot.press(key)
            # Figures come from threads of their own.
            await app.workers.wait_for_complete()
            await pilot.pause(3)
            opened = app.host.opened
            while opened is not None and opened.worker.is_busy:
                await pilot.pause(0.2)
            await pilot.pause(0.2)
            svg = app.export_screenshot(title="kedge")
        app.close()
        return svg


if __name__ == "__main__":
    for name in sys.argv[1:] or PICTURES:
        sample, keys = PICTURES[name]
        (ROOT / "docs" / f"{name}.svg").write_text(asyncio.run(picture(sample, keys)))
