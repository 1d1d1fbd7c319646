"""The signs of the board: one set for terminals that know Unicode, one in ASCII.

No meaning is carried by a sign or a colour alone: each has a word here, which stands on the card or in its details.
Signs are one cell wide in every terminal; none of them is drawn as an emoji.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WORDS = {
    "todo": "to do",
    "doing": "in progress",
    "done": "done",
    "dropped": "dropped",
    "blocked": "blocked",
    "late": "late",
    "broken": "file cannot be read",
    "active": "active",
    "hold": "on hold",
}
"""What each sign means."""


@dataclass(frozen=True)
class Glyphs:
    """One set of signs, each one cell wide."""

    name: str
    signs: dict[str, str]
    focus: str
    mark: str
    separator: str
    ellipsis: str
    rule: str
    """Beside the heading of a group."""
    up: str
    down: str
    left: str
    right: str
    arrow: str
    check: str
    warning: str
    corners: str
    """Top left, top right, bottom left, bottom right."""
    horizontal: str
    vertical: str

    def sign(self, state: str) -> str:
        """The sign of a state; a question mark for one that has none."""
        return self.signs.get(state, "?")


UNICODE = Glyphs(
    name="unicode",
    signs={
        "todo": "○",
        "doing": "▸",
        "done": "✓",
        "dropped": "×",
        "blocked": "⊘",
        "broken": "!",
        "active": "▸",
        "hold": "‖",
    },
    focus="▌",
    mark="◆",
    separator=" · ",
    ellipsis="…",
    rule="─",
    up="↑",
    down="↓",
    left="‹",
    right="›",
    arrow="→",
    check="✓",
    warning="!",
    corners="╭╮╰╯",
    horizontal="─",
    vertical="│",
)

ASCII = Glyphs(
    name="ascii",
    signs={
        "todo": "o",
        "doing": ">",
        "done": "v",
        "dropped": "x",
        "blocked": "#",
        "broken": "!",
        "active": ">",
        "hold": "=",
    },
    focus="]",
    mark="*",
    separator=", ",
    ellipsis="~",
    rule="-",
    up="^",
    down="v",
    left="<",
    right=">",
    arrow="->",
    check="ok",
    warning="!",
    corners="++++",
    horizontal="-",
    vertical="|",
)


def chosen(ascii_only: bool) -> Glyphs:
    """The set to draw with."""
    return ASCII if ascii_only else UNICODE


def shows_unicode(environment: Mapping[str, str], encoding: str) -> bool:
    """Whether the terminal's locale is UTF-8: as a person has set it, else as Python writes (`encoding`).

    Python cannot be asked first: it takes the C locale for UTF-8, and sets LC_CTYPE to say so (PEP 538, PEP 540).
    """
    whole, signs, rest = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if signs == "C.UTF-8" and rest in ("C", "POSIX"):
        signs = rest
    locale = whole or signs or rest
    return "utf" in (locale or encoding).lower()
