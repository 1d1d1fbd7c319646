"""What all screens of a plan share: undo, the palette, other screens, and what the session tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from ...model.cards.wip_limits import limits_exceeded_now
from ...model.plan.change import Batch
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ..keys.action_context import Situation, reading_only
from ..keys.actions import BY_ID, OPENING
from ..session import session as told
from ..widgets.acting import Handlers
from ..widgets.head_line import HeadLine
from .entry import EntryScreen
from .later import Table, later


def load_plan_actions() -> Table[PlanScreen]:
    """What belongs to the plan as a whole, and is asked about in a dialog."""
    from . import cycle_review, palette, records, resolving, theming, unsaved

    return {
        "cycle.review": cycle_review.look_back,
        "find.command": palette.open_palette,
        "find.record": records.pick_record,
        "plan.reload": unsaved.read_again,
        "plan.settle": resolving.settle,
        "kedge.theme": lambda screen: theming.pick_theme(screen, screen.app),
        "kedge.quit": unsaved.quit_if_wanted,
    }


ON_PLAN = later(
    load_plan_actions,
    (
        "cycle.review",
        "find.command",
        "find.record",
        "plan.reload",
        "plan.settle",
        "kedge.theme",
        "kedge.quit",
    ),
)


SHORT = 16
"""Lines below which the list of screens is left out."""


class PlanScreen(EntryScreen[None]):
    """A screen that shows something of the plan of a session."""

    def __init__(self, session: told.Session | None, project: str = "") -> None:
        """`project` is the one in sight where the screen was opened from; empty where there was none."""
        super().__init__(session)
        self.project_before = project

    @property
    def plan(self) -> Plan:
        """The plan as it is shown."""
        return self.session.plan

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return self.session.today

    @property
    def unsaved(self) -> Sequence[Batch]:
        """Steps that could not be written."""
        return self._session.unsaved if self._session is not None else ()

    # ---- what a screen adds

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:
        """Shows the plan as it is now; `focus` is the id that has the focus then."""
        raise NotImplementedError

    def here(self) -> str:
        """The id of the project in sight; empty where there is none."""
        return ""

    def show_card(self, card_id: str) -> None:
        """Shows a card."""
        self.host.open_card(card_id)

    def go_to_row(self, project: str, row: str) -> None:
        """Puts the cursor on a row of a project, as soon as there are rows; on screens that have such rows."""

    def door(self, text: str) -> Address | None:
        """Where a line of an explanation leads."""
        from .doors import door_of

        return door_of(self.session.derived.snapshot, self.here(), text)

    def leave(self) -> None:
        """Goes back to where one came from."""
        self.dismiss(None)

    def show_head(self, head: HeadLine, place: tuple[str, ...], current: str = "") -> None:
        """Shows where one is, what the host has to say, and the screens, the current one by its name."""
        head.set_class(self.size.height < SHORT, "short")
        named = current or BY_ID[f"screen.{self.CONTEXT}"].label
        head.tell(replace(self.host.heading, place=place), self.screens(), named, self.glyphs)

    # ---- keys

    def situation(self) -> Situation:
        """What decides which actions can be done: what is so on every screen."""
        host, is_reading = self.host, self._session is None
        return Situation(
            read_only="" if is_reading else reading_only(self.session.workspace),
            projects=len(self.plan.projects),
            has_project=self.here() in self.plan.projects,
            is_reading=is_reading,
            screens=host.screens,
            can_stop=host.can_stop,
        )

    def handlers(self) -> Handlers:
        """What belongs to the plan as a whole."""
        return {
            **super().handlers(),
            "focus.leave": self.leave,
            **{name: partial(act, self) for name, act in ON_PLAN.items()},
            "plan.undo": self.undo,
            "plan.redo": self.redo,
            "kedge.suspend": self.host.stop,
            **{name: partial(self.go_to_screen, name) for name in OPENING},
        }

    def go_to_screen(self, action: str) -> None:
        """Shows another screen, about the project in sight."""
        self.host.open_screen(action, self.here())

    def undo(self) -> None:
        """Takes back the last step; what it was comes as an event."""
        self.session.undo()

    def redo(self) -> None:
        """Makes the step again that was taken back."""
        self.session.redo()

    def given_up(self) -> None:
        """Shows the plan without the steps that were given up."""
        self.adopt()

    def leave_program(self) -> None:
        """Ends the program."""
        self.app.exit()

    def saved(self, address: Address | None) -> None:
        """Shows what a form has saved."""
        if address is not None:
            self.adopt({address}, address.id if address.kind in ("card", "project") else "")

    def copy(self, text: str) -> None:
        """Puts a text where other programs can paste it from."""
        self.app.copy_to_clipboard(text)
        self.say(f"copied {text} (where the terminal lets programs copy)", "good")

    # ---- steps

    def made(self, batch: Batch, focus: str) -> None:
        """Shows the step, and says what it was."""
        self.adopt(batch.touched, focus)
        self.say(batch.label, "good")

    def outdated(self, reason: str) -> None:
        """Shows the plan that there is."""
        self.adopt()
        super().outdated(reason)

    # ---- what the session tells

    def on_told(self, event: told.Event) -> None:
        """Shows what the writer thread, or the disk, has done, and what has been found out."""
        if isinstance(event, told.Working):
            return
        if isinstance(event, told.Known | told.Unknown):
            self.found_out(event)
            return
        match event:
            case told.SaveFailed(batch, error):
                self.say(f"not saved: {batch.label}: {error.message}", "bad")
            case told.Travelled():
                self.say_travelled(event)
            case told.Refused(error):
                self.say(f"{error.message}{f'; {error.hint}' if error.hint else ''}", "warning")
            case told.Failed(error):
                self.say(f"{type(error).__name__}: {error}", "bad")
        message = self._message
        self.adopt()
        self._message = message
        self.foot()

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Takes in what was asked of the session's worker; every screen is told, whoever asked."""

    def say_travelled(self, event: told.Travelled) -> None:
        """Says what was undone or redone, and which limits that passes, since nothing is asked before it."""
        limits = limits_exceeded_now(self.session.plan, event.touched)
        words = "; ".join((f"{event.verb}: {event.label}", *limits))
        self.say(words, "warning" if limits else "good")
