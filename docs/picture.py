"""Makes the pictures in README and docs from the program itself: `python docs/picture.py [board timeline …]`."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import subprocess
import sys
import tempfile
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

from kedge.storage.plan.workspace import Workspace
from kedge.tui.app.app import KedgeApp

ROOT = Path(__file__).parents[1]
SIZE = (104, 30)
"""Columns and rows: letters stay readable in a page of usual width."""
TODAY = dt.date(2026, 11, 20)


class Picture(NamedTuple):
    """What a picture shows: the sample, the keys that lead there, and what is changed in the plan before."""

    sample: str
    keys: str
    changes: tuple[str, ...] = ()


PICTURES = {
    "board": Picture("churn", "jj"),
    "assess": Picture("churn", "2"),
    "portfolio": Picture("portfolio", "3"),
    "strategy": Picture("churn", "4"),
    "timeline": Picture("churn", "5jjjjjj"),
    "forecast": Picture("churn", "5jjf"),
    "load": Picture("churn", "5L"),
    "review": Picture(
        "churn",
        "8",
        ("set 7k2m estimate=4/9/30 owner=sam", "metric set churn-recall target=0.25", "start crm4"),
    ),
}


def kedge(*words: str, folder: str, environment: dict[str, str]) -> None:
    """Runs a command in a folder."""
    subprocess.run([sys.executable, "-m", "kedge", *words], cwd=folder, env=environment, check=True)


async def picture(about: Picture) -> str:
    """What a sample plan shows after some keys, as an SVG text."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "KEDGE_STATE": str(Path(folder) / "state"), "HOME": folder}
        plan = str(Path(folder) / "sample")
        # As a new user sees it: with its history, and with what it names as evidence.
        kedge("demo", about.sample, "--no-open", "--into", plan, folder=folder, environment=environment)
        for change in about.changes:
            kedge(*change.split(), "--today", f"{TODAY}", folder=plan, environment=environment)
        loading: Future[Workspace] = Future()
        loading.set_result(Workspace.open(str(Path(plan) / "plan"), environment))
        app = KedgeApp(loading, today=TODAY, environment=environment, background=False)
        async with app.run_test(size=SIZE) as pilot:
            for key in about.keys:
                await pilot.pause()
                await pilot.press(key)
            # Figures come from threads of their own.
            await app.workers.wait_for_complete()
            assert app.session is not None
            await asyncio.to_thread(app.session.worker.wait)
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
        (ROOT / "docs" / f"{name}.svg").write_text(asyncio.run(picture(PICTURES[name])))
