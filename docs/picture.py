"""Makes docs/board.svg, the picture in the README, from the program itself: `python docs/picture.py`."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import tempfile
from concurrent.futures import Future
from pathlib import Path

from kedge.storage.plan.workspace import Workspace
from kedge.tui.app.app import KedgeApp

ROOT = Path(__file__).parents[1]


async def picture(columns: int = 130, rows: int = 38) -> str:
    """The board of the sample plan as an SVG text."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan"
        shutil.copytree(ROOT / "samples" / "churn" / "plan", plan)
        environment = {**os.environ, "KEDGE_STATE": str(Path(folder) / "state")}
        loading: Future[Workspace] = Future()
        loading.set_result(Workspace.open(str(plan), environment))
        app = KedgeApp(loading, today=dt.date(2026, 11, 20), environment=environment, background=False)
        async with app.run_test(size=(columns, rows)) as pilot:
            await pilot.pause()
            await pilot.press("j", "j")
            await pilot.pause()
            svg = app.export_screenshot(title="kedge")
        app.close()
        return svg


if __name__ == "__main__":
    (ROOT / "docs" / "board.svg").write_text(asyncio.run(picture()))
