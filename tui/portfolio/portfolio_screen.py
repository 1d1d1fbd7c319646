"""Portfolio: the projects ranked, the set that is worth most under a budget and a headcount, and how firm that is.

Ranking and choosing run in the session's worker, since an exact choice may take seconds. What was chosen last stays on
the screen meanwhile; a newer wish takes the older one's place, and escape ends the search with the best set so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from ...model.derived.derived import Derived
from ...model.portfolio.break_even import BreakEven
from ...model.portfolio.proposal import Proposal
from ...model.records.address import Address
from ...model.text.figure import amount, written
from ...model.value.effects import lines_of_answers
from ..dialogs.pick import Pick, PickItem
from ..draw.spans import Line, line
from ..draw.text import shown
from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.list_screen import ListScreen
from ..session import session as told
from ..session.session import Session
from ..session.worker import Known, Task
from ..widgets.acting import Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from .chosen import Chosen
from .portfolio_asks import ask_budget, ask_people, try_other_way
from .portfolio_lines import (
    about_lines,
    arithmetic,
    choice_lines,
    firmness_lines,
    limit_words,
    map_lines,
    progress_words,
    ranked_lines,
)
from .portfolio_verdict import verdict_lines
from .portfolio_why import Why
from .solver import Search, choose_set, moves_of

_AROUND, _VERDICT = 6, 5
"""Rows of a narrow screen beside verdict and list; those that the verdict has wherever there is room for them."""


class PortfolioScreen(ListScreen):
    """Screen 3. The list above; below it the map and the chosen set, beside each other or one at a time."""

    CONTEXT: ClassVar[Context] = "portfolio"
    FIELDS: ClassVar[tuple[str, ...]] = ("id", "lead", "phase", "state", "stage")
    MAIN: ClassVar[str] = ".projects"
    AUTO_FOCUS = ".projects"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  the type is Textual's
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]  # noqa: RUF012  the type is Textual's
    DEFAULT_CSS = """
    PortfolioScreen {
        & LineView { scrollbar-gutter: stable; }
        & .limits { height: 1; color: $text-muted; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & .verdict { height: auto; max-height: 5; scrollbar-gutter: auto; }
        &.-low .verdict { max-height: 1; }
        & .projects { height: auto; min-height: 4; max-height: 60%; }
        & .about { height: 2; }
        & Horizontal { height: 1fr; }
        & .map { width: 3fr; height: 100%; }
        & .choice { width: 2fr; height: 100%; background: $surface; }
        &.-narrow .map, &.-narrow .choice { width: 1fr; display: none; }
        &.-narrow .projects { height: 1fr; max-height: 100%; }
        &.-narrow Horizontal { display: none; }
        &.-narrow.-choice Horizontal, &.-narrow.-map Horizontal { display: block; height: 2fr; }
        &.-narrow.-choice .choice, &.-narrow.-map .map { display: block; }
    }
    """

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self.budget: float | None = None
        """None for the board's."""
        self.headcount: float | None = None
        """None for the people of the plan."""
        self.trial: dict[str, bool] = {}
        """Projects that are in, or out, only to see what that does."""
        self.chosen: Chosen | None = None
        """None before the first choice."""
        self._seen: Derived | None = None
        """What was chosen from last; another one where the plan has changed, or a file that is evidence."""
        self._search: Search | None = None
        """The one that is going on."""
        self._so_far = 0.0
        """The share of what is possible that the search that goes on has reached."""
        self._words, self._drawn = "", ""

    def compose(self) -> ComposeResult:
        """Head, verdict, limits, the list, the project under the cursor, map and choice, the foot."""
        yield HeadLine()
        yield LineView(classes="verdict", focusable=False)
        yield Static(classes="limits")
        yield LineView(classes="projects")
        yield LineView(classes="about", focusable=False)
        with Horizontal():
            yield LineView(classes="map", focusable=False, fills=True)
            yield LineView(classes="choice", focusable=False)
        yield EntryLine(self.glyphs, self.keys.shown)
        yield KeyLine()

    def on_mount(self) -> None:
        """Chooses."""
        self.call_after_refresh(self.adopt)

    # ---- choosing

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  the board's own form
        """Chooses again where the plan has changed; the cursor stays."""
        if self._seen is not self.session.derived:
            self.choose()
        self._draw()

    def choose(self) -> None:
        """Has it ranked and chosen, in the place of what goes on."""
        self._seen = self.session.derived
        self._so_far = 0.0
        search = self._search = Search(self.budget, self.headcount, dict(self.trial))
        derived = self.session.derived
        self.session.worker.ask(("portfolio", search), lambda task: choose_set(derived, search, task))
        self._draw()

    @property
    def is_choosing(self) -> bool:
        """Whether a search is going on."""
        return self._search is not None

    def on_told(self, event: told.Event) -> None:
        """Hears how far the search has come."""
        match event:
            case told.Working(("portfolio", search), _, share) if search is self._search:
                self._so_far = share or self._so_far
                self._draw_limits()
            case _:
                super().on_told(event)

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what was chosen, what each budget buys, and how firm it is."""
        match event:
            case told.Known(("portfolio", search), Chosen() as found) if search is self._search:
                self._search, self.chosen = None, found
                self._draw()
                self.session.worker.ask(
                    ("frontier", found), lambda task: found.proposal.best_sets(task.is_dropped)
                )
            case told.Unknown(("portfolio", search), error) if search is self._search:
                self._search = None
                self._draw()
                self.say(f"nothing could be chosen: {error}", "bad")
            case told.Known(("frontier", found), points) if found is self.chosen:
                self.chosen = replace(found, frontier=points)
                self._draw()
            case told.Known(("firm", Why() as dialog), lines) if not dialog.closed:
                dialog.add_firm(lines)
            case told.Known(("moves", Why() as dialog), lines) if not dialog.closed:
                dialog.add_moves(lines)
            case _:
                pass

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        for kind in ("portfolio", "frontier", "firm", "moves"):
            self.session.worker.drop(kind)

    def on_screen_resume(self) -> None:
        """Shows what other screens have done meanwhile."""
        if self._seen is not None:
            self.adopt()

    # ---- showing

    @property
    def _list(self) -> LineView:
        return self.query_one(".projects", LineView)

    @property
    def project(self) -> str:
        """The project under the cursor; empty where there is none."""
        return str(self._list.key or "")

    def _draw(self) -> None:
        self.paint_head()
        chosen, glyphs = self.chosen, self.glyphs
        if chosen is None:
            self._list.show(lambda _: [line(("choosing", "quiet"))])
        else:
            self.query_one(".verdict", LineView).show(lambda width: verdict_lines(chosen, width))
            self._list.show(lambda width: [*filter(self._is_shown, ranked_lines(chosen, width, glyphs))])
            self.query_one(".choice", LineView).show(lambda width: choice_lines(chosen, width))
        self._draw_limits()
        self._drawn = "?"
        self._draw_focus()
        self._give_room()
        self.foot()

    show_list = _draw

    def _give_room(self) -> None:
        """Leaves the verdict the rows that the list does not need, where nothing else would have them."""
        is_alone = self.has_class("-narrow", "-high") and not (
            self.has_class("-choice") or self.has_class("-map")
        )
        spare = self.size.height - _AROUND - len(self._list.lines)
        self.query_one(".verdict").styles.max_height = spare if is_alone and spare > _VERDICT else None

    def _draw_limits(self) -> None:
        """What of each limit is used, behind how far a search has come; only where that is news."""
        words = limit_words(self.chosen) if self.chosen is not None else ""
        words = f"{progress_words(self._so_far)} {words}" if self.is_choosing else words
        if words != self._words:
            self._words = words
            self.query_one(".limits", Static).update(Content(shown(words)))

    def _is_shown(self, row: Line) -> bool:
        return row.key is None or str(row.key) in self.shown

    @property
    def shown(self) -> frozenset[str]:
        """Ids of the projects that fit the filter."""
        return frozenset(
            one.id
            for one in self.plan.projects.values()
            if self.fits(
                text=f"{one.label} {one.summary or ''}",
                id=one.id,
                lead=one.lead or "",
                phase=one.phase,
                state=one.state,
                stage=one.stage,
            )
        )

    def counts(self) -> tuple[int, int]:
        """How many projects are listed, of how many."""
        ranked = [one.worth.project.id for one in self.chosen.proposal.ranking.all] if self.chosen else []
        return len(self.shown.intersection(ranked)), len(ranked)

    def paint_head(self) -> None:
        """Shows where one is, and what the host has to say."""
        plan = self.session.plan
        place = (
            plan.board.title or "portfolio",
            f"{len(plan.projects)} project{'s' if len(plan.projects) != 1 else ''}",
        )
        if self.budget is not None:
            place = (*place, f"budget {amount(self.budget, plan.board.currency)}")
        if self.headcount is not None:
            place = (*place, f"{written(self.headcount)} people")
        if self.narrowed:
            place = (*place, f"filter: {self.narrowed}")
        self.show_head(self.query_one(HeadLine), place)

    @on(LineView.Moved)
    def _draw_focus(self) -> None:
        """Shows the project under the cursor, and where it is on the map."""
        chosen, project, glyphs = self.chosen, self.project, self.glyphs
        self.foot()
        if chosen is None or self._drawn == project:
            return
        self._drawn = project
        self.query_one(".about", LineView).show(lambda width: about_lines(chosen, project, width))
        plan_map = self.query_one(".map", LineView)
        plan_map.show(
            lambda width: map_lines(chosen, project, width, plan_map.scrollable_content_region.height, glyphs)
        )

    def on_resize(self) -> None:
        """Says where one is in another width, and gives the rows out again."""
        self.paint_head()
        self.call_after_refresh(self._give_room)

    # ---- doing

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        row = "" if self.project in self.plan.projects else "no project is focused"
        row = "the projects are still being ranked" if self.is_choosing and self.chosen is None else row
        return replace(super().situation(), lacks={"row": row})

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            **self._list.moving(),
            "project.open": lambda: self.host.open_board(self.project),
            "project.add": lambda: self._form(""),
            "project.edit": lambda: self._form(self.project),
            "project.editor": lambda: self.host.open_editor(self.plan.projects[self.project].address),
            "find.copy": lambda: self.copy(self.project),
            "find.project": self._pick,
            "choice.panel": self._switch_panel,
            "choice.budget": lambda: ask_budget(self),
            "choice.people": lambda: ask_people(self),
            "choice.trial": lambda: try_other_way(self),
            "choice.why": self._why,
            "screen.portfolio": self.choose,
        }

    def here(self) -> str:
        """What is focused."""
        return self.project

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """A double click on a project."""
        if event.view is self._list:
            self.act("project.open")

    def leave(self) -> None:
        """Ends a search that is going on; else goes back."""
        if self._search is not None:
            self._search.is_stopped = True
            self.say("stopped: this is the best set so far")
        else:
            super().leave()

    def _form(self, project: str) -> None:
        address = self.plan.projects[project].address if project else Address("project", "", "")
        self.host.open_form(address)

    def _pick(self) -> None:
        """Puts the cursor on another project."""
        items = [
            PickItem(one.id, one.label, f"{one.phase} {one.state}") for one in self.plan.projects.values()
        ]
        self.ask(Pick("Projects", items), lambda keys: self._list.go_to(keys[0]))

    def _switch_panel(self) -> None:
        """The chosen set, the map, or the list alone, where there is no room for all of them."""
        panels = ("", "-choice", "-map")
        at = next((number for number, name in enumerate(panels) if name and self.has_class(name)), 0)
        for number, name in enumerate(panels):
            if name:
                self.set_class(number == (at + 1) % len(panels), name)
        self._give_room()

    def _why(self) -> None:
        """The arithmetic of the project at once, and what would change the choice as soon as it is known."""
        chosen, project = self.chosen, self.project
        assert chosen is not None
        dialog = Why(self.plan.projects[project].label, arithmetic(chosen, project), self.door)
        self.show_dialog(dialog)
        snapshot = self.session.derived.snapshot
        self.session.worker.ask(("moves", dialog), lambda _: list(lines_of_answers(snapshot, project)))
        self._look_how_firm(chosen.proposal, project, dialog)

    def _look_how_firm(self, proposal: Proposal, project: str, dialog: Why) -> None:
        worker, playbook = self.session.worker, self.session.derived.snapshot.playbook
        key = ("firm", dialog)

        def look(task: Task) -> list[str]:
            found: list[BreakEven] = []
            for move in moves_of(proposal, playbook, project, lambda: task.is_dropped() or dialog.closed):
                found.append(move)
                worker.tell(Known(key, firmness_lines(found, done=False)))
            return firmness_lines(found, done=True)

        worker.ask(key, look)
