"""The one way to make a step: every screen, dialog and form that changes the plan goes along it.

What makes the step is called, limits of work in progress are asked about, the step is shown at once and saved behind,
and what comes of it is said. Screens differ only in how they say it.
"""

from __future__ import annotations

from collections.abc import Callable

from ...model.cards.wip_limits import limits_exceeded_by
from ...model.edit.refusal import EditRefused
from ...model.edit.waivers import refuse_step
from ...model.plan.change import NO_CHANGE, Batch, ChangeRefused
from ...model.plan.field_spec import TextRefused
from ..session.session import Session
from ..widgets.acting import ActingScreen, T


class StepScreen(ActingScreen[T]):
    """A screen that changes the plan of a session."""

    def __init__(self, session: Session | None) -> None:
        """The session may come later: the board is shown before its plan has been read."""
        super().__init__()
        self._session = session

    @property
    def session(self) -> Session:
        """What holds the plan and writes it."""
        assert self._session is not None
        return self._session

    def make(
        self, build: Callable[[], Batch], focus: str = "", then: Callable[[], object] | None = None
    ) -> None:
        """Makes a step: shows it at once and saves it behind; asks where it would pass a limit.

        `focus` is the id that has the focus afterwards, if not the one that has it now; `then` goes on once the step
        is made. What `build` refuses is said.
        """
        try:
            batch = build()
            refuse_step(lambda: self.session.derived.snapshot, batch)
        except (EditRefused, ChangeRefused, TextRefused) as error:
            self.refused(str(error))
            return
        if not batch.changes:
            self.unchanged()
            return
        try:
            reasons = limits_exceeded_by(self.session.plan, batch)
        except ChangeRefused as error:
            self.outdated(str(error))
            return
        if reasons:
            from ..dialogs.ask import limits_passed

            self.ask(
                limits_passed(reasons),
                lambda yes: self._do(batch, focus, then) if yes else self.unwanted(),
            )
        else:
            self._do(batch, focus, then)

    def _do(self, batch: Batch, focus: str, then: Callable[[], object] | None) -> None:
        try:
            batch = self.session.do(batch)
        except ChangeRefused as error:
            self.outdated(str(error))
            return
        self.made(batch, focus)
        if then is not None:
            then()

    # ---- how a screen says what has come of a step

    def made(self, batch: Batch, focus: str) -> None:
        """The step is in the plan, and is being written."""
        raise NotImplementedError

    def refused(self, reason: str) -> None:
        """The step cannot be made."""
        self.say(reason, "warning")

    def outdated(self, reason: str) -> None:
        """The step was made for a plan that has changed meanwhile."""
        self.say(f"not done: {reason}", "warning")

    def unchanged(self) -> None:
        """The step would change nothing."""
        self.say(NO_CHANGE)

    def unwanted(self) -> None:
        """The person does not want a step that would pass a limit."""
