"""The colours of everything that is drawn as lines: names of looks, and the styles that a theme gives them.

A style sheet would work out each name as if it were a widget, at every start and every change of theme; here a
theme's own variables are read once. A look is a tone (`title`, `warning`), on a ground (`focus`) where it is not the
widget's own: `title-focus`.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from .glyphs import spelt

Attributes = tuple[str, ...]

TONES: Mapping[str, tuple[str, Attributes]] = {
    **dict.fromkeys(("text", "title", "choice", "column-title"), ("foreground", ())),
    **dict.fromkeys(("strong", "place", "column-title-active"), ("foreground", ("bold",))),
    **dict.fromkeys(("quiet", "plain", "todo", "dropped", "count", "count-active"), ("muted", ())),
    **dict.fromkeys(("heading-count", "label", "id", "screen"), ("muted", ())),
    **dict.fromkeys(("good", "done"), ("text-success", ())),
    **dict.fromkeys(("warning", "hold"), ("text-warning", ())),
    **dict.fromkeys(("blocked", "count-over"), ("text-warning", ("bold",))),
    **dict.fromkeys(("bad", "broken"), ("text-error", ("bold",))),
    **dict.fromkeys(("doing", "active", "mark", "key"), ("text-accent", ("bold",))),
    **dict.fromkeys(("heading", "name", "prefix"), ("text-primary", ("bold",))),
    **dict.fromkeys(("bar", "border-active"), ("primary", ())),
    "link": ("text-primary", ("underline",)),
    "code": ("secondary", ()),
    "state": ("text-accent", ()),
    "wrong": ("text-error", ()),
    "border": ("faint", ()),
    "rule": ("fainter", ()),
    "off": ("faint", ()),
    "empty": ("muted", ("italic",)),
    "screen-current": ("foreground", ("bold", "underline")),
}
OWN = "own"
"""The ground of what is drawn on its widget's own, which shows through."""
_BLENDS = {"muted": 0.62, "faint": 0.28, "fainter": 0.16}
"""How much of the foreground stands in the background."""
GROUNDS: Mapping[str, tuple[str, float, Attributes]] = {
    "card": ("background", 1.0, ()),
    OWN: ("background", 1.0, ()),
    "surface": ("surface", 1.0, ()),
    "panel": ("panel", 1.0, ()),
    "focus": ("primary", 0.45, ("reverse",)),
    "resting": ("surface", 1.0, ("bold",)),
    "carried": ("warning", 0.3, ("reverse",)),
    "chosen": ("primary", 0.7, ("reverse",)),
    "alarm": ("error", 0.35, ("reverse",)),
}
"""For each ground a colour, how much of it stands in the background, and what tells it apart in the terminal's own
palette, where colours cannot be mixed."""


_variables: dict[str, Mapping[str, str]] = {}
"""Of each theme that has been used, by its name."""


class InAscii(LineFilter):
    """Draws signs in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002  Textual's form
        """The row, as wide as it was."""
        texts = spelt([one.text for one in segments])
        return [one._replace(text=text) for one, text in zip(segments, texts, strict=True)]


class Looks:
    """The styles of one theme."""

    @classmethod
    def of(cls, app: App[object], ground: str = "card") -> Looks:
        """The styles of the theme that an app has now."""
        theme = app.current_theme
        if theme.name not in _variables:
            _variables[theme.name] = {**theme.to_color_system().generate(), **theme.variables}
        return cls(_variables[theme.name], is_ansi=theme.ansi, ground=ground)

    def __init__(self, variables: Mapping[str, str], *, is_ansi: bool, ground: str = "card") -> None:
        """`variables` are the theme's; `ground` is the one that looks without a ground stand on."""
        self._variables = variables
        self._is_ansi = is_ansi
        self._ground = ground
        self._styles: dict[str, Style] = {}

    def style(self, name: str) -> Style:
        """The style of a look; equal ones are the same object. Raises KeyError for a name that there is not."""
        found = self._styles.get(name)
        if found is None:
            tone, _, ground = name.rpartition("-")
            made = self._make(tone, ground) if ground in GROUNDS else self._make(name, self._ground)
            found = next((one for one in self._styles.values() if one == made), made)
            self._styles[name] = found
        return found

    def _make(self, tone: str, ground: str) -> Style:
        colour, attributes = TONES[tone]
        base, share, apart = GROUNDS[ground]
        words = Style.parse(" ".join((*attributes, *(apart if self._is_ansi else ()))))
        if self._is_ansi:
            return self._ansi(colour) + words
        background = self._colour("background")
        below = background.blend(self._colour(base), share)
        above = self._colour("foreground") if colour in _BLENDS else self._colour(colour)
        if colour in _BLENDS:
            above = below.blend(above, _BLENDS[colour])
        return Style(color=above.rich_color, bgcolor=None if ground == OWN else below.rich_color) + words

    def _ansi(self, colour: str) -> Style:
        if colour in _BLENDS:
            return Style(dim=True) if colour == "muted" else Style(color="bright_black")
        if colour == "foreground":
            return Style()
        return Style(color=self._colour(colour).rich_color)

    def _colour(self, name: str) -> Color:
        return Color.parse(self._variables[name])
