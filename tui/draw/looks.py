"""The colours of everything that is drawn as lines: names of looks, and the styles that a theme gives them.

A style sheet would work out each name as if it were a widget, at every start and every change of theme; here the
palette computes a colour when a look is first drawn. A look is a tone (`title`, `warning`), on a ground (`focus`) where
it is not the widget's own: `title-focus`.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from .glyphs import spelt
from .palette import GROUNDS, Palette, variables_of

Attributes = tuple[str, ...]

TONES: Mapping[str, tuple[str, Attributes]] = {
    **dict.fromkeys(("", "text", "title", "choice", "column-title"), ("content", ())),
    **dict.fromkeys(("strong", "place", "column-title-active"), ("content", ("bold",))),
    **dict.fromkeys(("quiet", "plain", "todo", "dropped", "count", "count-active"), ("quiet", ())),
    **dict.fromkeys(("heading-count", "id", "screen", "unfilled"), ("quiet", ())),
    **dict.fromkeys(("good", "done"), ("good", ())),
    **dict.fromkeys(("warning", "hold"), ("warning", ())),
    **dict.fromkeys(("blocked", "count-over"), ("warning", ("bold",))),
    **dict.fromkeys(("bad", "broken"), ("error", ("bold",))),
    **dict.fromkeys(("doing", "active", "mark", "key"), ("accent", ("bold",))),
    **dict.fromkeys(("heading", "name", "prefix"), ("name", ("bold",))),
    **dict.fromkeys(("bar", "border-active"), ("focus", ())),
    "label": ("label", ()),
    "hint": ("hint", ()),
    "link": ("name", ("underline",)),
    "code": ("code", ()),
    "state": ("accent", ()),
    "wrong": ("error", ()),
    "border": ("line", ()),
    "rule": ("rule", ()),
    "off": ("off", ()),
    "empty": ("hint", ("italic",)),
    "screen-current": ("content", ("bold", "underline")),
}
"""For each tone its role in the palette, and what tells it apart besides its colour."""
OWN = "own"
"""The ground of what is drawn on its widget's own, which shows through."""
_APART: Mapping[str, Attributes] = {
    **dict.fromkeys(("focus", "carried", "chosen", "alarm"), ("reverse",)),
    "resting": ("bold",),
}
"""What tells a ground apart in the terminal's own palette, where colours cannot be mixed."""
_IN_TERMINAL: Mapping[str, str] = {
    "good": "success",
    "name": "primary",
    "code": "secondary",
    "focus": "primary",
}
"""What the terminal's own palette calls a role, where that is another name."""
_PLAIN_ROLES = frozenset({"content", "label"})
_DIM_ROLES = frozenset({"quiet", "hint", "off"})
_LINES = frozenset({"line", "rule"})


class InAscii(LineFilter):
    """Draws signs in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002  Textual's form
        """The row, as wide as it was."""
        texts = spelt([one.text for one in segments])
        return [one._replace(text=text) for one, text in zip(segments, texts, strict=True)]


class Looks:
    """The styles of one theme."""

    @classmethod
    def of(cls, app: App[object], ground: str = "card", own: Color | None = None) -> Looks:
        """The styles of the theme that an app has now; `own` is the ground of the widget that draws."""
        theme = app.current_theme
        return cls(variables_of(theme), is_ansi=theme.ansi, ground=ground, own=own)

    def __init__(
        self, variables: Mapping[str, str], *, is_ansi: bool, ground: str = "card", own: Color | None = None
    ) -> None:
        """`variables` are the theme's; `ground` is the one that looks without a ground stand on."""
        self._variables = variables
        self._palette = None if is_ansi else Palette(variables)
        self._ground = ground
        self._own = own
        self._styles: dict[str, Style] = {}

    def style(self, name: str) -> Style:
        """The style of a look; equal ones are the same object. Raises KeyError for a name that does not exist."""
        found = self._styles.get(name)
        if found is None:
            tone, _, ground = name.rpartition("-")
            is_on_ground = ground in GROUNDS
            made = self._make(tone, ground) if is_on_ground else self._make(name, self._ground)
            found = next((one for one in self._styles.values() if one == made), made)
            self._styles[name] = found
        return found

    def _make(self, tone: str, ground: str) -> Style:
        role, attributes = TONES[tone]
        if self._palette is None:
            words = " ".join((*attributes, *_APART.get(ground, ())))
            return self._in_terminal(role) + Style.parse(words)
        own = self._own or self._palette.background
        below = own if ground == OWN else self._palette.ground(ground, own)
        above = self._palette.colour(role, below)
        background = None if ground == OWN else below.rich_color
        return Style(color=above.rich_color, bgcolor=background) + Style.parse(" ".join(attributes))

    def _in_terminal(self, role: str) -> Style:
        if role in _PLAIN_ROLES:
            return Style()
        if role in _DIM_ROLES:
            return Style(dim=True)
        if role in _LINES:
            return Style(color="bright_black")
        return Style(color=Color.parse(self._variables[_IN_TERMINAL.get(role, role)]).rich_color)
