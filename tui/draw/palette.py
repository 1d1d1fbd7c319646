"""The colours of every role in any theme: computed from the theme, and corrected until they can be read.

A theme says what is warning and what is text, but not for every ground on which they are drawn. So a role's colour
is mixed for its ground, and mixed on towards that of plain content until the contrast is high enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual.color import BLACK, WHITE, Color
from textual.theme import Theme

_STEP = 0.04
"""How much closer to plain content a colour comes at each try."""


class Role(NamedTuple):
    """A colour of the theme, how much of it is in its ground, and the least contrast it has there."""

    colour: str = "foreground"
    share: float = 1.0
    least: float = 4.5


ROLES: Mapping[str, Role] = {
    "content": Role(),
    "label": Role(share=0.85),
    "quiet": Role(share=0.62, least=3.0),
    "hint": Role(share=0.62, least=3.0),
    "off": Role(share=0.5, least=3.0),
    "good": Role("success"),
    "warning": Role("warning"),
    "error": Role("error"),
    "accent": Role("accent"),
    "name": Role("primary"),
    "code": Role("secondary"),
    "focus": Role("primary", least=3.0),
    "line": Role(share=0.28, least=1.0),
    "rule": Role(share=0.16, least=1.0),
}
"""All but the last three are for text. `content` is the loudest of those that are plain."""


class Ground(NamedTuple):
    """A colour of the theme, and how much of it is in what is around it."""

    colour: str
    share: float = 1.0


GROUNDS: Mapping[str, Ground] = {
    "card": Ground("background"),
    "surface": Ground("surface"),
    "panel": Ground("panel"),
    "focus": Ground("primary", 0.45),
    "resting": Ground("foreground", 0.12),
    "carried": Ground("warning", 0.3),
    "chosen": Ground("primary", 0.7),
    "alarm": Ground("error", 0.35),
    "field": Ground("foreground", 0.1),
}
PLAIN = ("card", "surface", "panel")
"""The grounds of screens and dialogs, which all others stand on."""
_IN_STYLE_SHEETS = {
    "foreground": "content",
    "text": "content",
    "text-muted": "quiet",
    "text-disabled": "off",
    "text-primary": "name",
    "text-secondary": "code",
    "text-success": "good",
    "text-warning": "warning",
    "text-error": "error",
    "text-accent": "accent",
    "foreground-muted": "quiet",
    "foreground-disabled": "off",
}
"""What style sheets, Textual's own among them, call a role."""


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio" and "relative luminance"."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    parts = (value / 255 for value in colour.rgb)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Palette:
    """The roles of one theme. Not for themes with the terminal's own colours: those cannot be mixed."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.background = self.of_theme("background")

    def of_theme(self, name: str) -> Color:
        """A colour of the theme as it is."""
        return Color.parse(self._variables[name])

    def ground(self, name: str, own: Color | None = None) -> Color:
        """The colour of a ground; `own` is what it is on, the screen's where nothing is said."""
        below = own or self.background
        colour, share = GROUNDS[name]
        return (below if share < 1 else self.background).blend(self.of_theme(colour), share, alpha=1)

    def colour(self, role: str, *grounds: Color) -> Color:
        """The colour of a role that can be read on each of some grounds."""
        colour, share, least = ROLES[role]
        content = _readable(self.of_theme("foreground"), grounds)
        if colour == "foreground":
            below, step = grounds[0], share
            while step < 1 and _least(below.blend(content, step), grounds) < least:
                step += _STEP
            return below.blend(content, min(1.0, step))
        pure, step = self.of_theme(colour), 0.0
        while step < 1 and _least(pure.blend(content, step), grounds) < least:
            step += _STEP
        return pure.blend(content, min(1.0, step))


def _readable(colour: Color, grounds: tuple[Color, ...]) -> Color:
    """The colour, made lighter or darker until it is content on all grounds."""
    far = max((BLACK, WHITE), key=lambda end: _least(end, grounds))
    step = 0.0
    while step < 1 and _least(colour.blend(far, step), grounds) < ROLES["content"].least:
        step += _STEP
    return colour.blend(far, min(1.0, step))


def _least(colour: Color, grounds: tuple[Color, ...]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


_variables: dict[str, Mapping[str, str]] = {}
"""Of each theme that has been used, by its name."""


def variables_of(theme: Theme) -> Mapping[str, str]:
    """The colours of a theme, by name."""
    if theme.name not in _variables:
        _variables[theme.name] = {**theme.to_color_system().generate(), **theme.variables}
    return _variables[theme.name]


_TRACK = ("background", "background-hover", "background-active", "corner-color")
"""Parts of a scroll bar that are not its thumb."""


def style_sheet_variables(theme: Theme) -> dict[str, str]:
    """What style sheets call the roles of a theme: each can be read on all plain grounds.

    `field` is the ground of what is typed into, and `field-style` tells it apart where colours cannot be mixed.
    """
    if theme.ansi:
        return {"field": "transparent", "field-style": "underline"}
    palette = Palette(variables_of(theme))
    field = palette.ground("field", palette.ground("surface"))
    chosen = palette.ground("chosen")
    grounds = (*map(palette.ground, PLAIN), field)
    roles = {role: palette.colour(role, *grounds).hex for role in {*_IN_STYLE_SHEETS.values()}}
    return {
        **{name: roles[role] for name, role in _IN_STYLE_SHEETS.items()},
        "field": field.hex,
        "field-style": "none",
        # Textual's own track is black in dark themes, beside the text a hole in the screen.
        **{f"scrollbar-{part}": palette.ground("surface").hex for part in _TRACK},
        "input-cursor-background": roles["content"],
        "input-cursor-foreground": palette.background.hex,
        "input-selection-background": chosen.hex,
        "input-selection-foreground": palette.colour("content", chosen).hex,
    }
