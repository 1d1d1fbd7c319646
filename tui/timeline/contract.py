"""What is done on the Timeline needs of its screen."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

from ...model.records.card import Card
from ..screens.contract import ActsOnCards
from ..screens.sections import Place
from ..widgets.lines import LineView
from .chart import Chart
from .gantt_lines import GanttRows
from .tables import Panel
from .worked_out import WorkedOut


class ActsOnTime(ActsOnCards, Protocol):
    """The Timeline, as far as its actions need it."""

    project: str
    """The project that is shown; all of them where it is empty."""
    panel: Panel
    only_critical: bool
    narrowed: str
    """The filter; empty where everything is shown."""

    @property
    def known(self) -> WorkedOut:
        """What has been worked out."""
        ...

    @property
    def chart(self) -> Chart | None:
        """The schedule as it is drawn; None before the first one."""
        ...

    @property
    def gantt(self) -> GanttRows:
        """What draws the rows of the chart."""
        ...

    @property
    def row_key(self) -> Hashable:
        """The row under the cursor."""
        ...

    @property
    def place(self) -> Place:
        """The milestone or the person under the cursor; nowhere on other rows."""
        ...

    @property
    def card_id(self) -> str:
        """The card under the cursor; empty where there is none."""
        ...

    def focused_item(self) -> Card | None:
        """The card under the cursor."""
        ...

    def band(self, name: str) -> LineView:
        """The lines above the chart with a name."""
        ...

    def adopt(self) -> None:
        """Shows the plan as it is now."""
        ...

    def show_list(self) -> None:
        """Lays the rows out again."""
        ...

    def show_project(self, project: str) -> None:
        """Shows another project, or all of them."""
        ...

    def rescale(self) -> None:
        """Draws what is in sight with another scale: the rows stay."""
        ...
