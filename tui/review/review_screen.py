"""Review: the plan at two revisions, what follows from the difference first, then each change, read one by one.

Both states are read and compared in the session's worker; the changes are shown before what follows from them is known.
What a reader has read and noted is kept outside the work tree.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from ...model.derived.derived import Derived
from ...model.records.address import Address
from ...model.review.changes import Reordered
from ...model.review.consequence import Consequence
from ...model.review.items import Item
from ...model.review.memory import Memory, Note
from ...model.text.amounts import counted
from ...storage.disk.repository import GitProblem, Reason
from ...storage.git.sides import BASE
from ..dialogs.message import Message
from ..dialogs.prompt import Prompt
from ..draw.spans import Line, apart, line, width_of
from ..draw.text import fit, shown
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
from .compare import Found, Place, compare, page_of
from .kept import Kept
from .note import ask_note
from .opening import ask_side, open_record
from .review_lines import Follows, ReviewLines, texts_of, why_consequence, why_item
from .scenarios import Scenarios


class Request:
    """Something that is being worked out."""


class ReviewScreen(ListScreen):
    """Screen 8."""

    CONTEXT: ClassVar[Context] = "review"
    FIELDS: ClassVar[tuple[str, ...]] = ("id", "kind", "project", "is")
    MAIN: ClassVar[str] = ".rows"
    AUTO_FOCUS = ".rows"
    DEFAULT_CSS = """
    ReviewScreen {
        & LineView { scrollbar-gutter: stable; }
        & .sides { height: 1; }
        & .rows { height: 1fr; }
    }
    """

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self.names = ("", "")
        """The two states as a person names them; empty for the merge base and the work tree."""
        self._kept = Kept(self.where.memory)
        self._scenarios: Scenarios | None = None
        self._lines: ReviewLines | None = None
        self._problem: GitProblem | None = None
        self._failure = ""
        self._seen: Derived | None = None
        self._request: Request | None = None

    def compose(self) -> ComposeResult:
        """Head, the two sides, the rows, the foot."""
        yield HeadLine()
        yield LineView(classes="sides", focusable=False)
        yield LineView(classes="rows")
        yield EntryLine(self.glyphs, self.keys.shown)
        yield KeyLine()

    def on_mount(self) -> None:
        """Has both sides compared."""
        self.call_after_refresh(self.adopt)

    # ---- what is known

    @property
    def found(self) -> Found | None:
        """What was found last; None before, and where there is nothing to compare."""
        return self._lines.found if self._lines is not None else None

    @property
    def memory(self) -> Memory:
        """What the reader has read and noted."""
        return self._kept.memory

    @property
    def where(self) -> Place:
        """Where the plan is."""
        workspace = self.session.workspace
        return Place(workspace.root, workspace.environment, self.today)

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  the cursor stays
        """Compares again where the plan has changed."""
        if self._seen is not self.session.derived:
            self._seen = self.session.derived
            self.compare()
        self._draw()

    def compare(self) -> None:
        """Has both sides compared."""
        request = self._request = Request()
        place, names, session = self.where, self.names, self.session
        worker, is_loaded = session.worker, self._kept.is_loaded

        def work(task: Task) -> Found | GitProblem:
            # What is being written belongs to it.
            session.wait()
            if not is_loaded:
                worker.tell(Known(("review", request), place.memory.load()))
            return compare(place, names, lambda found: worker.tell(Known(("review", request), found)), task)

        worker.ask(("review", request), work)

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what the worker has found out."""
        match event:
            case told.Known(("review", request), found) if request is self._request:
                self._take(found)
            case told.Unknown(("review", request), error) if request is self._request:
                self._failure = str(error) or type(error).__name__
                self._draw()
            case told.Known(("review-page", request), (str(text), str(path))) if request is self._request:
                self.app.copy_to_clipboard(text)
                home = os.path.expanduser("~")
                where = f"~{path.removeprefix(home)}" if path.startswith(f"{home}{os.sep}") else path
                self.say(f"copied; also in {where}", "good")
            case told.Unknown(("review-page", _), error):
                self.say(f"no Markdown was written: {error}", "bad")
            case _ if self._scenarios is not None:
                self._scenarios.found_out(event)
            case _:
                pass

    def _take(self, found: object) -> None:
        if isinstance(found, Memory):
            self._kept.take(found)
            return
        self._failure = ""
        self._problem = found if isinstance(found, GitProblem) else None
        self._lines = ReviewLines(found, self.glyphs) if isinstance(found, Found) else None
        self._draw()

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        for kind in ("review", "review-page", "scenarios"):
            self.session.worker.drop(kind)

    def on_screen_resume(self) -> None:
        """Shows what other screens have done meanwhile."""
        if self._seen is not None:
            self.adopt()

    def on_committed(self) -> None:
        """Compares again: a branch, or HEAD, has moved."""
        self.compare()

    # ---- showing

    @property
    def rows(self) -> LineView:
        """The list."""
        return self.query_one(".rows", LineView)

    @property
    def item(self) -> Item | None:
        """The change under the cursor."""
        key = self.rows.key
        found = self.found
        return next((one for one in found.items if one.key == key), None) if found is not None else None

    @property
    def consequence(self) -> Consequence | None:
        """The consequence under the cursor."""
        key, found = self.rows.key, self.found
        return (
            found.report.review.consequences[key.at]
            if found is not None and isinstance(key, Follows)
            else None
        )

    def _draw(self) -> None:
        self.paint_head()
        self._draw_sides()
        self.rows.show(self._rows_for)
        self.foot()

    show_list = _draw

    def _rows_for(self, width: int) -> Sequence[Line]:
        if self._lines is not None:
            return self._lines.rows(width, self.memory, self._fits_item, is_narrowed=bool(self.narrowed))
        if self._failure:
            return [line((f"The two states could not be compared: {self._failure}", "warning"))]
        if self._problem is not None:
            rows = [line((text, "warning")) for text in [self._problem.message]]
            return [*rows, line((self._what_helps(self._problem.reason), "quiet"))]
        return [line(("comparing …", "quiet"))]

    def _what_helps(self, reason: Reason) -> str:
        if reason is Reason.NO_GIT:
            return "Review compares what git has kept: install git."
        key = self.keys.shown("review.sides")
        return f"{key} names what to compare: a revision, or two."

    def _fits_item(self, one: Item) -> bool:
        return not self.narrowed or self.fits(**texts_of(one, self.memory))

    def counts(self) -> tuple[int, int]:
        """How many changes are listed, of how many."""
        items = self.found.items if self.found is not None else ()
        return sum(map(self._fits_item, items)), len(items)

    def paint_head(self) -> None:
        """Shows where one is."""
        place = ("two revisions",) if any(self.names) else ("since the main branch",)
        if self.narrowed:
            place = (*place, f"filter: {self.narrowed}")
        self.show_head(self.query_one(HeadLine), place)

    def _draw_sides(self) -> None:
        found = self.found
        if found is None:
            self.query_one(".sides", LineView).show(lambda _: ())
            return
        report = found.report
        read = sum(one.mark in self.memory.read for one in found.items)
        counts = f"{counted(len(found.items), 'change')}, {read:,} read"
        both = f"{report.before} {self.glyphs.arrow} {report.after}"

        def row(width: int) -> list[Line]:
            right = [(f"  {counts}", "quiet")]
            left = fit(shown(both), max(8, width - width_of(right) - 1), self.glyphs)
            return [line(*apart([(left, "strong")], right, width))]

        self.query_one(".sides", LineView).show(row)

    @on(LineView.Moved)
    def _moved(self, event: LineView.Moved) -> None:
        if event.view is self.rows:
            self.foot()

    def on_resize(self) -> None:
        """Draws for another width."""
        self.call_after_refresh(self._draw)

    # ---- doing

    def here(self) -> str:
        """The project of the change under the cursor, or the one that was in sight before."""
        item = self.item
        if item is not None and not isinstance(item.change, Reordered):
            return item.change.address.project or self.project_before
        return self.project_before

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        found = self.found
        nothing = "" if found is not None else "nothing has been compared yet"
        changes = nothing or ("" if found is not None and found.items else "there is no change")
        is_without_git = self._problem is not None and self._problem.reason in (
            Reason.NO_GIT,
            Reason.NO_REPOSITORY,
        )
        lacks = {
            "found": nothing,
            "changes": changes,
            "change": changes
            or ("" if self.item is not None else "the cursor is on no change: n goes to the next"),
            "row": "" if self.rows.key is not None else "the cursor is on no row",
            "git": self._problem.message if is_without_git and self._problem is not None else "",
        }
        return replace(super().situation(), lacks=lacks)

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            **self.rows.moving(),
            "review.next": lambda: self._to_change(1),
            "review.before": lambda: self._to_change(-1),
            "review.read": self._read,
            "review.note": self._note,
            "review.open": self._open,
            "review.side": self._look_there,
            "review.page": self._page,
            "review.why": self._why,
            "review.sides": self._pick_sides,
            "review.scenarios": self._compare_branches,
        }

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """A double click on a row."""
        if event.view is self.rows:
            self.act("review.open")

    def _to_change(self, step: int) -> None:
        view = self.rows
        at = view.cursor + step
        while 0 <= at < len(view.lines):
            if isinstance(view.lines[at].key, str):
                view.go_to(view.lines[at].key)
                # With what it says, as far as there is room below it.
                view.scroll_to(y=max(0, at - 1), animate=False, force=True)
                return
            at += step
        self.say("that was the last change" if step > 0 else "that was the first change")

    def _remember(self, change: Callable[[Memory], Memory]) -> None:
        self._kept.change(change)
        self.session.later(self._kept.write)
        self._draw()

    def _read(self) -> None:
        item = self.item
        if item is None:
            return
        is_read = item.mark not in self.memory.read
        mark = item.mark
        self._remember(lambda memory: memory.with_read(mark, is_read=is_read))
        if is_read:
            self._to_change(1)

    def _note(self) -> None:
        item, found = self.item, self.found
        if item is not None and found is not None:
            before, keep = self.memory.notes.get(item.key), partial(self._keep_note, item)
            ask_note(self, item, before, found.report.wording, keep)

    def _keep_note(self, item: Item, note: Note | None) -> None:
        self._remember(lambda memory: memory.with_note(item.key, note))

    def _open(self) -> None:
        change = self.item.change if self.item is not None else None
        if isinstance(change, Reordered):
            self.host.open_board(change.project)
        elif change is not None:
            open_record(self, change.address)
        elif self.consequence is not None:
            open_record(self, self.consequence.about)

    def _why(self) -> None:
        lines, found, item, one = self._lines, self.found, self.item, self.consequence
        if lines is None or found is None:
            return
        if one is not None:
            self.show_dialog(
                Message("Why", why_consequence(found.report, one, found.items, lines.said), self.door)
            )
        elif item is not None:
            self.show_dialog(Message("Change", why_item(found.report, item, lines.said(item)), self.door))

    def _look_there(self) -> None:
        if self.found is not None:
            ask_side(self, self.found)

    def _compare_branches(self) -> None:
        self._scenarios = Scenarios(self, self.where)
        self._scenarios.ask()

    def _page(self) -> None:
        found, memory, place, request = self.found, self.memory, self.where, self._request
        if found is None:
            return
        if not found.is_whole:
            self.say("what follows is still being worked out: try again in a moment", "warning")
            return
        self.session.worker.ask(("review-page", request), lambda _: page_of(place, found, memory))

    def _pick_sides(self) -> None:
        def wrong(text: str) -> str | None:
            return "two revisions at most" if len(text.split()) > 2 else None

        def answered(text: str) -> None:
            first, second = (*text.split(), "", "")[:2]
            self.names = (first, second)
            self._lines = self._problem = None
            self.compare()
            self._draw()

        label = f"A, A B or A...B; :index is what is staged, {BASE} and nothing are the merge base with main"
        self.ask(Prompt("Compare", label, " ".join(filter(None, self.names)), wrong), answered)
