"""What could not be saved: it is tried again when the plan is read again, and asked about before it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ...model.plan.change import Batch
from ..dialogs.ask import Confirm
from .contract import ActsOnPlan


class ShowsUnsaved(ActsOnPlan, Protocol):
    """A screen that shows steps which may not be on disk."""

    @property
    def unsaved(self) -> Sequence[Batch]:
        """The steps."""
        ...

    def adopt(self) -> None:
        """Shows the plan as it is now."""
        ...

    def given_up(self) -> None:
        """Shows the plan without the steps that were given up."""
        ...

    def leave_program(self) -> None:
        """Ends the program."""
        ...


def read_again(screen: ShowsUnsaved) -> None:
    """Reads the plan again, and tries once more what could not be saved."""
    unfit = screen.session.retry()
    screen.adopt()
    screen.session.refresh()
    if not unfit:
        screen.say("reading again")
        return

    def give_up() -> None:
        screen.session.give_up()
        screen.given_up()

    names = ", ".join(batch.label for batch in unfit)
    text = f"The plan has changed meanwhile, so that this no longer fits: {names}. Give it up?"
    screen.ask(Confirm("Not saved", text, "give it up", "keep it"), lambda yes: give_up() if yes else None)


def quit_if_wanted(screen: ShowsUnsaved) -> None:
    """Quits; asks where something could not be saved."""
    unsaved = screen.unsaved
    if not unsaved:
        screen.leave_program()
        return

    names = ", ".join(batch.label for batch in unsaved)
    text = f"This could not be saved and would be lost: {names}."
    screen.ask(
        Confirm("Quit", text, "quit and lose it", "stay"), lambda yes: screen.leave_program() if yes else None
    )
