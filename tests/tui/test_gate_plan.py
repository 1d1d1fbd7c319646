"""The gate out of Plan on the board: what Enter opens at a condition that does not hold, and that it then holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedge.tests.cli.running import kedge
from kedge.tests.cli.test_gate_plan import BREAKS, write_plan
from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.forms.form import FormScreen
from kedge.tui.widgets.lines import LineView

from .driver import TODAY, Driver, Start

OPENS = {
    "in-time": ("stage", "growth"),
    "inside-the-budget": ("stage", "growth"),
    "enough-people": ("person", ""),
    "all-named": ("answer", "arch-fallback"),
    "room-for-the-peak": ("answer", "pri-run"),
    "effect-can-be-seen": ("answer", "tac-testable"),
    "requirements-serve": ("technical", "run"),
    "second-person": ("person", "helen"),
}
"""By condition, the record or the question that Enter leads to."""


def test_every_condition_is_tried() -> None:
    assert OPENS.keys() == BREAKS.keys()


async def opened(on: Driver, name: str) -> tuple[str, str]:
    """Opens the gate, and goes on with Enter from the first row below a condition that leads somewhere."""
    await on.act("question.gate")
    view = on.app.screen.query_one(LineView)
    texts = [one.text for one in view.lines]
    first = next(at for at, text in enumerate(texts) if "not met:" in text or "unknown:" in text)
    wanted = next(one.key for one in view.lines[first:] if one.key is not None)
    assert sum("not met:" in text or "unknown:" in text for text in texts) == 1, name
    view.go_to(wanted)
    await on.act("dialog.take")
    await on.found_out()
    screen = on.app.screen
    if isinstance(screen, FormScreen):
        return screen.subject.kind, screen.subject.id
    assert isinstance(screen, AssessScreen)
    return "answer", screen.row


@pytest.mark.parametrize("name", OPENS)
async def test_enter_leads_to_what_mends_a_condition(name: str, tmp_path: Path, start: Start) -> None:
    plan = write_plan(tmp_path)
    ran = kedge(*BREAKS[name][0], "--plan", str(plan), "--today", TODAY.isoformat())
    assert ran.code == 0, ran.err
    async with start(plan, size=(100, 40)) as on:
        await on.act("screen.assess")
        await on.saved()
        await on.found_out()
        assert await opened(on, name) == OPENS[name]
