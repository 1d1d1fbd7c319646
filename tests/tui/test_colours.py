"""Whether everything can be read: every look on every ground, and what is really drawn, in every theme of F9."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from kedge.tests.effort import IS_THOROUGH
from kedge.tui.draw.looks import OWN, TONES, Looks
from kedge.tui.draw.palette import (
    GROUNDS,
    PLAIN,
    ROLES,
    Palette,
    contrast,
    style_sheet_variables,
    variables_of,
)
from kedge.tui.draw.styles import THEMES

from .driver import Driver, PlanFolder, Start, write
from .looks import NAMES, open_by_name

ALL = {**BUILTIN_THEMES, **{one.name: one for one in THEMES}}
MIXED = [one for one in ALL.values() if not one.ansi]
FEW = ("kedge-dark", "kedge-light", "textual-light", "nord", "solarized-light")
DRAWN = MIXED if IS_THOROUGH else [ALL[name] for name in FEW]
"""In these everything is drawn; that every role can be read on every ground is worked out for all."""
LINES = {"line", "rule"}
"""Roles that are not for text."""
SLACK = 0.08
"""By how much a ratio may be off because colours are whole numbers."""


def grounds(palette: Palette) -> Iterator[tuple[str, Color]]:
    """All grounds, on the screen's own, on that of a panel and on that of a dialog."""
    for below in PLAIN:
        for name in GROUNDS:
            yield f"{name} on {below}", palette.ground(name, palette.ground(below))


@pytest.mark.parametrize("theme", MIXED, ids=lambda one: one.name)
def test_every_role_can_be_read_on_every_ground(theme: Theme) -> None:
    palette = Palette(variables_of(theme))
    wrong: list[str] = []
    for where, ground in grounds(palette):
        content = contrast(palette.colour("content", ground), ground)
        for role, (_, _, least) in ROLES.items():
            found = contrast(palette.colour(role, ground), ground)
            if found < least - SLACK:
                wrong.append(f"{role} on {where}: {found:.1f} < {least}")
            if role in ("label", "quiet", "hint", "off", *LINES) and found > content + SLACK:
                wrong.append(f"{role} on {where} is louder than content: {found:.1f} > {content:.1f}")
    assert wrong == []


@pytest.mark.parametrize("theme", MIXED, ids=lambda one: one.name)
def test_every_colour_of_the_style_sheets_can_be_read_wherever_it_is_used(theme: Theme) -> None:
    palette, variables = Palette(variables_of(theme)), style_sheet_variables(theme)
    places = [*map(palette.ground, PLAIN), Color.parse(variables["field"])]
    for place in places:
        content = contrast(Color.parse(variables["foreground"]), place)
        assert content >= 4.5 - SLACK
        for name in ("text-primary", "text-success", "text-warning", "text-error", "text-accent"):
            assert contrast(Color.parse(variables[name]), place) >= 4.5 - SLACK, name
        for name in ("text-muted", "text-disabled"):
            assert 3 - SLACK <= contrast(Color.parse(variables[name]), place) <= content + SLACK, name
    for pair in ("input-cursor", "input-selection"):
        ground, text = (Color.parse(variables[f"{pair}-{part}"]) for part in ("background", "foreground"))
        assert contrast(ground, text) >= 4.5 - SLACK
    field = Color.parse(variables["field"])
    assert all(field != place for place in places[:-1])


def test_every_tone_has_a_role_and_every_role_is_used() -> None:
    assert {role for role, _ in TONES.values()} == set(ROLES)


@pytest.mark.parametrize("theme", [one for one in ALL.values() if one.ansi], ids=lambda one: one.name)
def test_the_terminals_own_palette_is_named_never_mixed(theme: Theme) -> None:
    looks = Looks(variables_of(theme), is_ansi=True)
    for tone, (role, _) in TONES.items():
        for ground in (OWN, *GROUNDS):
            style = looks.style(f"{tone}-{ground}" if ground != OWN else tone)
            assert style.bgcolor is None
            assert style.color is None or style.color.triplet is None, tone
            if role in ("quiet", "hint", "off"):
                assert style.dim
                assert style.color is None
    assert looks.style("title") != looks.style("title-focus")


def drawn(on: Driver) -> Iterator[tuple[Segment, float]]:
    """Each text on the screen with its contrast; of a dialog without what shines through around it."""
    strips = on.app.screen._compositor.render_strips()
    frames = on.app.screen.query(".frame")
    box = frames.first().region if frames else on.app.screen.region
    for strip in strips[box.y : box.bottom]:
        for segment in strip.crop(box.x, box.right):
            style = segment.style
            if style is None or style.color is None or style.bgcolor is None or style.color.is_default:
                continue
            if any(sign.isalnum() for sign in segment.text):
                colours = [Color.from_rich_color(one) for one in (style.color, style.bgcolor)]
                yield segment, contrast(*(reversed(colours) if style.reverse else colours))


@pytest.mark.parametrize("theme", DRAWN, ids=lambda one: one.name)
async def test_what_is_drawn_can_be_read(plan: PlanFolder, start: Start, theme: Theme) -> None:
    write(plan.root / "board.toml", 'format = 1\ntitle = "Test"\n\n[limits]\nexecute = 1\n')
    wrong: list[str] = []
    seen = 0
    async with start(plan.root, size=(100, 30), theme=theme.name) as on:
        await on.go_to("labels")
        for name in NAMES:
            await open_by_name(on, name)
            for segment, ratio in drawn(on):
                seen += 1
                if ratio < 3 - SLACK:
                    wrong.append(f"{name}: {segment.text!r} {ratio:.1f}")
            on.app.pop_screen()
            await on.pilot.pause()
        found = list(drawn(on))
    assert seen > 300
    assert [*wrong, *(f"board: {one.text!r}" for one, ratio in found if ratio < 3 - SLACK)] == []
