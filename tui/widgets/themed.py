"""A widget that is drawn as lines, in the styles of the present theme."""

from __future__ import annotations

from typing import ClassVar

from textual.widget import Widget

from ..draw.looks import Looks


class Themed(Widget):
    """Has the looks of the theme, and forgets them when there is another."""

    GROUND: ClassVar[str] = "card"
    """What looks are on that name no ground."""
    found_looks: Looks | None = None

    @property
    def looks(self) -> Looks:
        """The styles of the present theme."""
        if self.found_looks is None:
            self.found_looks = Looks.of(self.app, self.GROUND, self.background_colors[1])
        return self.found_looks

    def notify_style_update(self) -> None:
        """Forgets the styles of another theme."""
        self.found_looks = None
        super().notify_style_update()
