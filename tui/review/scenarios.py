"""Branches side by side: which ones is asked, their figures are worked out behind, and shown as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from ...model.review.scenarios import MOST, Scenario, cells, scenario_lines, summary
from ...storage.disk.repository import GitProblem
from ...storage.git.branches import branches
from ...storage.git.sides import BASE, WORK
from ..dialogs.message import Message
from ..dialogs.pick import Pick, PickItem
from ..draw.glyphs import Glyphs
from ..draw.spans import Line, line, wrap
from ..draw.text import fit, shown
from ..screens.contract import ActsOnPlan
from ..session import session as told
from .compare import Place, scenarios_of

_LEAST = 20
"""Cells that a title keeps beside the states; with less room they are listed below it."""


class Scenarios:
    """The question and what was found out, for one screen."""

    def __init__(self, screen: ActsOnPlan, place: Place) -> None:
        self._screen = screen
        self._place = place
        self._request = object()

    def ask(self) -> None:
        """Has the branches looked up, and asks which are compared."""
        place, request = self._place, object()
        self._request = request
        worker = self._screen.session.worker
        worker.ask(("scenarios", request), lambda _: branches(place.root, place.environment))

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Goes on with what the worker has found out."""
        match event:
            case told.Unknown(("scenarios", request), error) if request is self._request:
                self._screen.say(f"the branches could not be compared: {error}", "bad")
            case told.Known(("scenarios", request), GitProblem() as problem) if request is self._request:
                self._screen.say(f"the branches could not be compared: {problem.message}", "warning")
            case told.Known(("scenarios", request), list() as found) if request is self._request:
                if found and isinstance(found[0], Scenario):
                    self._screen.show_dialog(ScenarioTable(found, self._place.today, self._screen.glyphs))
                else:
                    self._pick(found)
            case _:
                pass

    def _pick(self, names: Sequence[str]) -> None:
        items = [
            PickItem(WORK, "the work tree", "as the plan is now"),
            PickItem(BASE, "where this branch left the main branch"),
            *(PickItem(name, name) for name in names),
        ]
        marked: list[str] = []

        def refuse(_: str) -> str | None:
            return f"{MOST} states at most" if len(marked) >= MOST else None

        def chosen(keys: tuple[str, ...]) -> None:
            if len(keys) < 2:
                self._screen.say("mark two states or more: Tab marks, Enter takes them", "warning")
                return
            request = self._request = object()
            place = self._place
            work = self._screen.session.worker
            work.ask(("scenarios", request), lambda task: scenarios_of(place, keys[:MOST], task))
            self._screen.say("the figures of each state are being worked out …")

        pick = Pick(
            "States to compare, the first one first",
            items,
            multiple=True,
            refuse=refuse,
        )
        marked = pick.chosen
        self._screen.ask(pick, chosen)


class ScenarioTable(Message):
    """The table, in columns where there is room for them."""

    def __init__(self, found: Sequence[Scenario], today: dt.date, glyphs: Glyphs) -> None:
        lines = scenario_lines(found)
        super().__init__("Scenarios", [summary(found, lines)], tall=True)
        self._names = [one.name for one in found]
        currency = found[0].snapshot.plan.board.currency
        self._summary = summary(found, lines)
        self._rows = [((one.subject, one.figure), cells(one, today, currency), one.differs) for one in lines]
        self._glyphs = glyphs

    def lines(self, width: int) -> list[Line]:
        """The summary, the names of the states, a row for each figure."""
        texts = [self._names, *(row for _, row, _ in self._rows)]
        wide = [max(cell_len(shown(text)) for text in column) for column in zip(*texts, strict=True)]
        figures = max(cell_len(figure) for (_, figure), _, _ in self._rows) if self._rows else 0
        room = width - sum(wide) - 2 * len(wide) - figures - 2
        head = [*(Line(row) for row in wrap([(self._summary, "strong")], width)), line()]
        if room >= _LEAST:
            longest = max((cell_len(shown(subject)) for (subject, _), _, _ in self._rows), default=0)
            return [*head, *self._columns(min(room, longest), figures, wide)]
        return [*head, *self._stacked(width)]

    def _columns(self, room: int, figures: int, wide: Sequence[int]) -> list[Line]:
        def row(subject: str, figure: str, values: Sequence[str], look: str) -> Line:
            first = set_cell_size(fit(shown(subject), room, self._glyphs), room)
            rest = (f"  {set_cell_size(shown(text), each)}" for text, each in zip(values, wide, strict=True))
            return line((f"{first}  {figure:<{figures}}", "label"), *((text, look) for text in rest))

        found = [row(*names, values, "" if differs else "quiet") for names, values, differs in self._rows]
        return [row("", "", self._names, "heading"), *found]

    def _stacked(self, width: int) -> list[Line]:
        found: list[Line] = []
        for (subject, figure), values, differs in self._rows:
            title = fit(shown(subject), width - cell_len(figure) - 1, self._glyphs)
            found.append(line((f"{title} {figure}", "label")))
            for name, value in zip(self._names, values, strict=True):
                parts = [(f"{value}  ", "" if differs else "quiet"), (name, "quiet")]
                found += [Line(row) for row in wrap(parts, width, "  ", "    ")]
        return found
