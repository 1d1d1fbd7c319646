"""What is tried on the Portfolio screen without being saved: another budget, other people, one project in or out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ...model.assess.typed_figures import read_number
from ...model.text.figure import amount
from ..dialogs.prompt import Prompt, refusal_of
from ..screens.contract import HasSession
from .chosen import Chosen


class Chooses(HasSession, Protocol):
    """A screen that chooses projects under limits."""

    budget: float | None
    headcount: float | None
    trial: dict[str, bool]
    chosen: Chosen | None

    @property
    def project(self) -> str:
        """The project under the cursor."""
        ...

    def choose(self) -> None:
        """Chooses again."""
        ...


def ask_budget(screen: Chooses) -> None:
    """Chooses under another budget."""
    board = screen.session.plan.board
    own = board.funds.budget
    usual = "the board sets none" if own is None else f"the board's is {amount(own, board.currency)}"

    def entered(budget: float | None) -> None:
        screen.budget = budget

    label = f"money; empty: {usual}"
    _ask_number(screen, ("Budget to the next gates", label, "money"), screen.budget, entered)


def ask_people(screen: Chooses) -> None:
    """Chooses with another number of people."""
    label = "full-time people who can do anything; empty: the people of the plan"

    def entered(people: float | None) -> None:
        screen.headcount = people

    _ask_number(screen, ("People", label, "people"), screen.headcount, entered)


def _ask_number(
    screen: Chooses, asked: tuple[str, str, str], now: float | None, then: Callable[[float | None], None]
) -> None:
    """Asks for a limit (its title, what is to be typed, its unit), and chooses again; empty takes the plan's own."""
    title, label, unit = asked

    def read(text: str) -> float | None:
        return read_number(title, text, unit) if text.strip() else None

    def entered(text: str) -> None:
        then(read(text))
        screen.choose()

    value = "" if now is None else f"{now:g}" if not float(now).is_integer() else str(int(now))
    screen.ask(Prompt(title, label, value, refusal_of(read)), entered)


def try_other_way(screen: Chooses) -> None:
    """Chooses without the project under the cursor where it is in, with it where it is out; then as proposed again."""
    project = screen.project
    if screen.chosen is None or not project:
        return
    if project in screen.trial:
        del screen.trial[project]
    else:
        screen.trial[project] = project not in screen.chosen.ids
    screen.choose()
