"""The Strategy screen: what a project wants and by which way, in sections of one list; everything changed in place.

Records are shown at once. Dates, load and money are worked out in the session's worker, as the Timeline's are, and come
in when they are known; a key that moves the cursor draws the rows in sight and works nothing out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from ...model.derived.derived import Derived
from ...model.text.amounts import with_article
from ...model.text.named import noun
from ..draw.spans import Line
from ..keys.action import Context
from ..screens.row_edits import called
from ..screens.section_screen import SectionScreen, Tell
from ..screens.sections import section_rows
from ..session.session import Session
from ..session.worker import Task
from ..widgets.acting import Handlers
from .about import about, arithmetic
from .editing import DAYS, OWNERS, set_day, set_owner, set_value, take_sizes, value_path
from .project_data import BUDGET, Found, ProjectData, soon
from .sections import SECTIONS


class StrategyScreen(SectionScreen):
    """Screen 4."""

    CONTEXT: ClassVar[Context] = "strategy"
    SECTIONS = SECTIONS
    FINDS: ClassVar[str] = "dates and money"

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self._found = Found()

    # ---- what is known

    @property
    def data(self) -> ProjectData | None:
        """The project with what has been found out; None where the plan has none."""
        project = self.plan.projects.get(self.project)
        return ProjectData(self.plan, project, self.today, self._found) if project is not None else None

    def finder(self) -> Callable[[Derived, str, Task, Tell], object]:
        """Dates first, then the forecast and the money."""
        return _find

    def take(self, found: object) -> None:
        """Keeps what has been found out; the forecast and the money stay until there are others."""
        assert isinstance(found, Found)
        before = self._found
        self._found = replace(
            found, forecast=found.forecast or before.forecast, budgets=found.budgets or before.budgets
        )

    def forget(self) -> None:
        """Forgets dates and money of the project before."""
        self._found = Found()

    # ---- showing

    def sections(self, width: int, *, whole: bool = False) -> Iterable[tuple[str, list[Line]]]:
        """Goals to budget."""
        data = self.data
        if data is None:
            return ()
        return section_rows(SECTIONS, self.sheet(data, width, whole=whole), self.project)

    def about(self) -> Sequence[str]:
        """What the row under the cursor is about."""
        data = self.data
        return about(data, self.place) if data is not None else ()

    def explained(self) -> tuple[str, Sequence[str]]:
        """All that is known of the row, with the arithmetic of its figure."""
        data, place = self.data, self.place
        assert data is not None
        title = "Budget" if place.field[:1] == (BUDGET,) else called(self)
        return title, [*about(data, place), *arithmetic(self.session.derived.snapshot, data, place)]

    def kind_added(self) -> str:
        """What the section lists; on a technical requirement one of those, and where a row asks for one that."""
        kind, _, name = self.place.address
        return kind if kind and (kind == "technical" or not name) else super().kind_added()

    # ---- doing

    def lacks(self) -> Mapping[str, str]:
        """Why the figure, the day or the owner of the row cannot be set here."""
        place = self.place
        kind = place.address.kind
        name = with_article(noun(kind))
        return {
            "kind": "" if self.kind_added() else "nothing is added here: Enter and v change the budget",
            "value": "" if value_path(place) else f"{name} has no figure to set here: Enter opens its form",
            "day": "" if kind in DAYS else f"{name} has no day to set here: Enter opens its form",
            "owner": "" if kind in OWNERS else f"{name} has no owner to set here: Enter opens its form",
            "removable": "this cannot be removed here: Enter opens its form"
            if kind in ("strategy", "person")
            else "",
        }

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            "strategy.value": lambda: set_value(self),
            "strategy.day": lambda: set_day(self),
            "row.owner": lambda: set_owner(self),
            "strategy.sizes": lambda: take_sizes(self),
        }


def _find(derived: Derived, project: str, task: Task, tell: Tell) -> Found:
    first = soon(derived, project, task)
    tell(first)
    store = derived.told(task)
    return replace(first, forecast=store.forecast(), budgets=store.budget())
