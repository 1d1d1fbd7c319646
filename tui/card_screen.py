"""The card's own screen: reads it, ticks its checklist, and goes along its needs in both directions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import SystemRandom
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from ..model import edits
from ..model.address import Address
from ..model.change import Batch, ChangeRefused
from ..model.edits import EditRefused
from ..model.findings import Finding
from ..model.plan import Plan
from ..model.records.card import Card
from ..model.visible import one_line
from . import session as told
from .actions import BY_ID, Context, Situation, in_context, reason_against
from .card_lines import Key, Known, card_lines
from .dialogs import Confirm, Palette, PickItem, Prompt
from .dialogs.lines import LineView
from .glyphs import UNICODE
from .keymap import Keymap
from .markdown import FIRST
from .screens import board_cards, board_find
from .screens.acting import ActingScreen
from .session import Session
from .state import ViewState
from .widgets.key_line import KeyLine

if TYPE_CHECKING:
    from ..storage.history import Revision

_SHARED = (
    *(
        "card.edit",
        "card.editor",
        "card.copy_id",
        "card.copy_branch",
        "card.block",
        "card.drop",
        "card.owner",
    ),
    *("card.tags", "card.due", "card.needs", "card.move_left", "card.move_right", "card.move_step"),
    *("card.move_assess", "card.move_plan", "card.move_execute", "card.move_iterate", "card.move_milestone"),
    *("card.why", "plan.undo", "plan.redo", "kedge.help", "kedge.quit"),
)
"""What is done to the card here exactly as on the board."""
_RANDOM = SystemRandom()
_MORE_NOTES = 40_000


class CardScreen(ActingScreen):
    """One card. Enter follows the row under the cursor; `[` and `]` go back and forward along the way."""

    CONTEXT: ClassVar[Context] = "card"
    AUTO_FOCUS = "LineView"
    DEFAULT_CSS = """
    CardScreen > .title { height: 1; color: $text-primary; text-style: bold; padding: 0 1; }
    """

    def __init__(self, session: Session, card_id: str, back: Sequence[str] = ()) -> None:
        """`back` are the ids of cards that one has come from, the last one last."""
        super().__init__(Keymap())
        self.session = session
        self.trail = [*back, card_id]
        self.at = len(self.trail) - 1
        self._known: Known | None = None

    def compose(self) -> ComposeResult:
        """A title, the rows, the foot."""
        yield Static(classes="title")
        yield LineView()
        yield KeyLine()

    def on_mount(self) -> None:
        """Takes the keys and signs of the app, and shows the card."""
        self.keys = getattr(self.app, "keys", self.keys)
        self.glyphs = getattr(self.app, "glyphs", UNICODE)
        self._open()

    # ---- what the actions of the board ask for

    @property
    def card_id(self) -> str:
        """The card that is shown."""
        return self.trail[self.at]

    @property
    def plan(self) -> Plan:
        """The plan as it is now."""
        return self.session.plan

    @property
    def state(self) -> ViewState:
        """Where the card is, in the words of the board."""
        card = self.focused_item()
        return ViewState(project=card.project if card else "", focus=self.card_id)

    @property
    def today(self) -> Any:
        """The day it is."""
        return self.session.today

    @property
    def board_app(self) -> Any:
        """The app, with what it opens."""
        return self.app

    def focused_item(self) -> Card | None:
        """The card; None where somebody has removed it."""
        return self.plan.cards.get(self.card_id)

    def targets(self) -> tuple[Card, ...]:
        """The card."""
        card = self.focused_item()
        return (card,) if card else ()

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        return Situation(
            focused=self.focused_item(),
            targets=self.targets(),
            projects=len(self.plan.projects),
            read_only=self.session.workspace.read_only,
        )

    def make(self, build: Callable[[], Batch], focus: str = "") -> None:  # noqa: ARG002  the board's own form
        """Makes a step, or says why it cannot be made."""
        from ..model.limits import passed

        try:
            batch = build()
            reasons = passed(self.plan, batch)
            if reasons:
                text = f"{'; '.join(reasons)}. Go on all the same?"
                self.ask(
                    Confirm("Limit of work in progress", text), lambda yes: self._do(batch) if yes else None
                )
            else:
                self._do(batch)
        except (EditRefused, ChangeRefused) as error:
            self.say(str(error), "warning")

    def _do(self, batch: Batch) -> None:
        if not batch.changes:
            self.say("that is what it is already")
            return
        self.session.do(batch)
        self.adopt()
        self.say(batch.label, "good")

    # ---- showing

    def _open(self) -> None:
        """Shows another card from its top."""
        self._known = None
        self.adopt()
        self.query_one(LineView).action_edge(-1)
        self._look()

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  the board's own form
        """Shows the card as the plan has it now; the cursor stays."""
        card, known = self.focused_item(), self._known
        if card is None:
            self._known = None
            self.query_one(LineView).show(lambda _: [])
            title = f"{self.card_id} is not in the plan any more; escape goes back"
        else:
            title = f"{card.project} / {card.id}"
            self._known = Known(
                self.plan,
                card,
                self.session.today,
                self.glyphs,
                known.findings if known else (),
                known.history if known else None,
                known.notes_length if known else FIRST,
            )
            self._draw()
        self.query_one(".title", Static).update(Content(one_line(title)))
        self.foot()

    def _draw(self) -> None:
        known = self._known
        if known is not None:
            self.query_one(LineView).show(lambda width: card_lines(known, width))

    @work(thread=True, exclusive=True, group="card", exit_on_error=False)
    def _look(self) -> None:
        """Findings and history of the card, from a thread."""
        from ..storage.history import history
        from ..storage.places import path_of
        from .problems import find_problems

        card = self.focused_item()
        if card is None:
            return
        worker = get_current_worker()
        workspace = self.session.workspace
        found = tuple(history(workspace.root, path_of(card.address), os.environ))
        if worker.is_cancelled:
            return
        problems = find_problems(workspace, self.session.today)
        own = tuple(one for one in problems if one.address == card.address)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._looked, card.id, own, found)

    def _looked(self, card_id: str, findings: tuple[Finding, ...], history: tuple[Revision, ...]) -> None:
        if self._known is not None and card_id == self.card_id:
            self._know(findings=findings, history=history)

    def _know(self, **more: Any) -> None:
        from dataclasses import replace

        assert self._known is not None
        self._known = replace(self._known, **more)
        self._draw()

    def on_told(self, event: told.Event) -> None:
        """Shows what the writer thread, or the disk, has done."""
        match event:
            case told.SaveFailed(batch, error):
                self.say(f"not saved: {batch.label}: {error.message}", "bad")
            case told.Travelled(verb, label, _):
                self.say(f"{verb}: {label}", "good")
            case told.Refused(error):
                self.say(error.message, "warning")
        if isinstance(event, told.Saved | told.SaveFailed | told.Travelled | told.Refreshed):
            message = self._message
            self.adopt()
            self._message = message
            self._look()

    def on_screen_resume(self) -> None:
        """Shows what a form or the editor has done."""
        if self.is_mounted:
            self.adopt()

    # ---- doing

    def handler(self, action: str) -> Callable[[], None] | None:
        """What does an action here."""
        own: Mapping[str, Callable[[], None]] = {
            "focus.open": self._follow,
            "focus.leave": self._leave,
            "focus.up": lambda: self.query_one(LineView).action_step(-1),
            "focus.down": lambda: self.query_one(LineView).action_step(1),
            "focus.half_up": lambda: self.query_one(LineView).action_page(-1),
            "focus.half_down": lambda: self.query_one(LineView).action_page(1),
            "focus.first": lambda: self.query_one(LineView).action_edge(-1),
            "focus.last": lambda: self.query_one(LineView).action_edge(1),
            "item.next": self._next,
            "item.add": self._add_item,
            "item.remove": self._remove_item,
            "card.previous": lambda: self._travel(-1),
            "card.next": lambda: self._travel(1),
            "find.command": self._palette,
            "plan.reload": self._reload,
        }
        if action in own:
            return own[action]
        if action in _SHARED:
            shared: Any = {**board_cards.HANDLERS, **board_find.HANDLERS}[action]
            # The verbs of the board work on whatever offers targets, make, ask and say.
            return lambda: shared(self)
        if action.startswith("screen."):
            return lambda: self.board_app.open_screen(action)
        return None

    @property
    def _key(self) -> Key:
        key = self.query_one(LineView).key
        return key if isinstance(key, Key) else Key("")

    def on_line_view_chosen(self, _: LineView.Chosen) -> None:
        """Enter, or a double click, on a row."""
        self._follow()

    def _leave(self) -> None:
        self.dismiss(None)

    def _follow(self) -> None:
        key, card = self._key, self.focused_item()
        if card is None:
            return
        match key.kind:
            case "card":
                self._go_to(key.name)
            case "field":
                self._form(card.address, key.name)
            case "item":
                self._edit_item(card, key.name)
            case "notes" if self._known:
                self._know(notes_length=self._known.notes_length + _MORE_NOTES)
            case "finding" if self._known:
                field = self._known.findings[int(key.name)].field
                self._form(card.address, str(field[0]) if field else "")
            case _:
                self._form(card.address, "")

    def _form(self, address: Address, field: str) -> None:
        from .forms import FormScreen

        self.app.push_screen(FormScreen(self.session, address, first=(field,) if field else ()))

    def _travel(self, step: int) -> None:
        if 0 <= self.at + step < len(self.trail):
            self.at += step
            self._open()
        else:
            self.say("there is no card further back" if step < 0 else "there is no card further on")

    def _palette(self) -> None:
        open_palette(self, self.plan, self._go_to)

    def _go_to(self, card_id: str) -> None:
        self.trail[self.at + 1 :] = [card_id]
        self._travel(1)

    def _reload(self) -> None:
        unfit = self.session.retry()
        self.session.refresh()
        self.say("steps that no longer fit wait on the board" if unfit else "reading again")

    # ---- the checklist

    def _next(self) -> None:
        """Ticks the line under the cursor; elsewhere the card's next status."""
        key, card = self._key, self.focused_item()
        if card and key.kind == "item":
            self.make(lambda: edits.tick(card, key.name))
        elif card:
            self.make(lambda: edits.set_status([card], edits.NEXT_STATUS[card.status]))

    def _add_item(self) -> None:
        def entered(text: str) -> None:
            card = self.focused_item()
            if card:
                self.make(lambda: edits.add_item(card, text, _RANDOM))

        self.ask(Prompt("Checklist", "a new line", validate=_needed), entered)

    def _edit_item(self, card: Card, name: str) -> None:
        def entered(text: str) -> None:
            now = self.focused_item()
            if now and name in now.checklist:
                label = f"edit the checklist of {now.id}"
                self.make(lambda: edits.edit_all([now], {("checklist", name, "text"): text.strip()}, label))

        item = card.checklist.get(name)
        if item:
            self.ask(Prompt("Checklist", "the line", item.text, _needed), entered)

    def _remove_item(self) -> None:
        key, card = self._key, self.focused_item()
        if card is None or key.kind != "item":
            self.say("the cursor is on no line of the checklist")
            return
        text = card.checklist[key.name].text[:40]
        self.make(lambda: edits.edit_all([card], {("checklist", key.name): None}, f"remove {text!r}"))


def open_palette(screen: ActingScreen, plan: Plan, open_card: Callable[[str], None]) -> None:
    """Every command of a screen, every screen and every card, by a part of its name."""
    actions = [one for one in in_context(screen.CONTEXT) if one.id != "find.command"]
    items = [(one.id, PickItem(one.id, f"{one.label}: {one.help}", screen.key_list(one))) for one in actions]
    commands = [item for name, item in items if not name.startswith(("focus.", "screen."))]
    screens = [item for name, item in items if name.startswith("screen.")]
    cards = [PickItem(one.id, one.label, one.id) for one in plan.cards.values()]
    now = screen.situation()

    def refuse(source: str, key: str) -> str | None:
        return None if source == "card" else reason_against(BY_ID[key], now)

    def chosen(place: tuple[str, str]) -> None:
        source, key = place
        (open_card if source == "card" else screen.act)(key)

    screen.ask(Palette([("command", commands), ("screen", screens), ("card", cards)], refuse), chosen)


def _needed(text: str) -> str | None:
    return None if text.strip() else "a line needs a text"
