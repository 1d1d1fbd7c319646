"""How every dialog and screen that opens from the board looks, as text at three sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from .driver import PlanFolder, Start, write

Compare = Callable[[str, Sequence[str]], None]
SIZES = [(80, 24), (120, 40), (200, 60)]
OPENED = {
    "blocked": "card.block",
    "due": "card.due",
    "owner": "card.owner",
    "needs": "card.needs",
    "tags": "card.tags",
    "rename": "card.rename",
    "why": "card.why",
    "help": "kedge.help",
    "palette": "find.command",
    "tour": "kedge.tour",
    "limit": "card.next_status",
    "form": "card.edit",
    "card": "focus.open",
    "problems": "screen.problems",
    "assess": "screen.assess",
    "portfolio": "screen.portfolio",
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", OPENED)
async def test_what_opens_from_the_board(
    plan: PlanFolder, start: Start, matches_snapshot: Compare, name: str, size: tuple[int, int]
) -> None:
    write(plan.root / "board.toml", 'format = 1\ntitle = "Test"\n\n[limits]\nexecute = 1\n')
    async with start(plan.root, size=size) as on:
        await on.go_to("labels")
        await on.act(OPENED[name])
        await on.app.workers.wait_for_complete()
        await on.pilot.pause()
        assert len(on.app.screen_stack) == 2
        matches_snapshot(f"opened-{name}-{size[0]}x{size[1]}", on.lines())
