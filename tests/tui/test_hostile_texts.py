"""Texts of a plan and of its repository that would be commands to a terminal, markup or another reading direction."""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from kedge.tui.app.screens import SCREENS
from kedge.tui.card.card_screen import CardScreen
from kedge.tui.keys.actions import ACTIONS

from ..storage.repositories import commit, git
from .driver import Driver, Start

SAMPLES = Path(__file__).parents[2] / "samples"
WRITTEN = r"\u001b]52;c;YQ==\u0007\u009b31m\u202e\u2066[red]zz[/red]<b>&#27;"
"""Of TOML: it writes to the clipboard, is red, turns the rest of the line around, and is markup of three kinds."""
READ = "\x1b]52;c;YQ==\x07\x9b31m\u202e\u2066[red]zz[/red]<b>&#27;"
_SENTENCE = re.compile(r'(?<== )"(?=[^"\\]+ [^"\\]*"$)', re.MULTILINE)
"""Where a text of several words begins: no id, no choice and no date."""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan with such texts in every record that has a sentence in it, in a repository with such names."""
    root = tmp_path / "top" / "plan"
    shutil.copytree(SAMPLES / "churn" / "plan", root)
    git(tmp_path / "top", "init", "-q", "-b", "\u202emain<b>\u2066")
    commit(tmp_path / "top", "Begin")
    for path in root.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(_SENTENCE.sub(lambda _: f'"{WRITTEN} ', text), encoding="utf-8")
    git(tmp_path / "top", "add", "-A")
    git(tmp_path / "top", "commit", "-q", "-m", f"{READ} subject", author=f"Eve{READ.replace('<b>', '')}")
    return root


def _unsafe(on: Driver) -> set[str]:
    """Characters on the screen that a terminal would obey, or that change what is read."""
    # Cf are those that are not seen themselves: direction among them.
    return {one for line in on.lines() for one in line if unicodedata.category(one) in ("Cc", "Cf")}


async def test_no_screen_shows_what_a_terminal_would_obey(plan: Path, start: Start) -> None:
    shown: dict[type, str] = {}
    async with start(plan) as on:
        on.app.background.look()
        await on.found_out()
        await on.act("focus.down")
        for action in ("focus.open", *(one.id for one in ACTIONS if one.id.startswith("screen."))):
            await on.act(action)
            await on.found_out()
            screen, texts = type(on.app.screen), ""
            for key in ("down", "down", "end", "home"):
                assert _unsafe(on) == set(), action
                texts += on.text()
                await on.press(key)
            shown[screen] = texts
            if on.app.screen is not on.board:
                await on.press("escape")
    assert shown.keys() >= {CardScreen, *(entry.load() for entry in SCREENS.values())}
    # Markup is not a markup where it is shown.
    assert any("[red]zz" in text for text in shown.values())
