"""The signs of the board: one set for terminals that know Unicode, one in ASCII.

No meaning is carried by a sign or a colour alone: each has a word here, which is on the card or in its details.
Signs are one cell wide in every terminal; none of them is drawn as an emoji.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...model.records.card import STATUS_WORDS

WORDS = {
    **STATUS_WORDS,
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


def chosen(*, ascii_only: bool) -> Glyphs:
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


_SPELT = {
    "…": "~",
    "·": "-",
    "•": "*",
    "×": "x",
    "²": "^2",
    "±": "+-",
    "√": "sqrt",
    "≤": "<=",
    "≥": ">=",
    "→": "->",
    "←": "<-",
    "–": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "€": "EUR",
    "£": "GBP",
    "≈": "~",
    "≠": "!=",
    "✗": "x",
    "●": "@",
    "∘": "o",
    "⚑": "w",
    "█": "#",
    "░": ".",
    "└": "+",
    "¥": "JPY",
    # The ends of a scroll bar, which Textual draws by the eighth of a cell.
    **dict.fromkeys("▁▂▃▄▅▆▇▉▊▋▌▍▎▏", " "),
    **{UNICODE.signs[state]: sign for state, sign in ASCII.signs.items()},
    **dict(zip(UNICODE.corners, ASCII.corners, strict=True)),
    UNICODE.horizontal: "-",
    UNICODE.vertical: "|",
    UNICODE.focus: ASCII.focus,
    UNICODE.mark: ASCII.mark,
    UNICODE.left: "<",
    UNICODE.right: ">",
    UNICODE.up: "^",
    UNICODE.down: "v",
}
_TABLE = str.maketrans(_SPELT)
_GAP = re.compile(" {2,}")


def spelt(texts: Sequence[str]) -> list[str]:
    """The pieces of a drawn row with every sign of Kedge's own in ASCII, as wide together as they were.

    What a sign gains in width is taken from the next wider gap, else from the end. Letters stay as they are.
    """
    surplus = 0
    found: list[str] = []

    def narrower(gap: re.Match[str]) -> str:
        nonlocal surplus
        taken = min(surplus, len(gap[0]) - 1)
        surplus -= taken
        return gap[0][taken:]

    for text in texts:
        new = text if text.isascii() else text.translate(_TABLE)
        surplus += len(new) - len(text)
        found.append(_GAP.sub(narrower, new) if surplus else new)
    for at in range(len(found) - 1, -1, -1):
        if not surplus:
            break
        taken = min(surplus, len(found[at]))
        surplus -= taken
        found[at] = found[at][: len(found[at]) - taken]
    return found
