"""Everything that opens over the board, by name: how a test gets it on the screen."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import kedge.tui
from kedge.model.derived.derived import Derived
from kedge.model.snapshot.snapshot import Snapshot
from kedge.storage.plan.playbook import playbook_of
from kedge.tui.app.side_board import SideBoard
from kedge.tui.assess.answer_dialog import QuestionPick
from kedge.tui.assess.profile_dialog import Measuring, Request
from kedge.tui.dialogs.ask import Ask, _Question
from kedge.tui.dialogs.base import Dialog
from kedge.tui.dialogs.figures import Figures, Named
from kedge.tui.dialogs.message import Growing, _Reading
from kedge.tui.dialogs.pick import Filtered, PickItem
from kedge.tui.dialogs.ticks import Ticks
from kedge.tui.dialogs.views import PickView
from kedge.tui.portfolio.portfolio_screen import Why
from kedge.tui.review.scenarios import ScenarioTable
from kedge.tui.screens.cards_screen import CardsScreen
from kedge.tui.screens.entry import EntryScreen
from kedge.tui.screens.gate_dialog import _Decision, _ReviewPrompt
from kedge.tui.screens.list_screen import ListScreen
from kedge.tui.screens.plan_screen import PlanScreen
from kedge.tui.screens.section_screen import SectionScreen
from kedge.tui.screens.step_screen import StepScreen
from kedge.tui.session.session import Session
from kedge.tui.widgets.acting import ActingScreen

from .driver import TODAY, Driver

BASES = {
    Dialog,
    _Reading,
    _Question,
    Filtered,
    ActingScreen,
    StepScreen,
    EntryScreen,
    PlanScreen,
    CardsScreen,
    ListScreen,
    SectionScreen,
}
"""What only others are made of."""
ELSEWHERE = {ScenarioTable, SideBoard}
"""What needs a repository with branches: it is looked at in the tests of the Review screen."""

BY_ACTION = {
    "blocked": "card.block",
    "due": "card.due",
    "owner": "card.owner",
    "needs": "card.needs",
    "tags": "card.tags",
    "rename": "card.rename",
    "why": "card.why",
    "help": "kedge.help",
    "palette": "find.command",
    "tour": "kedge.tour",
    "limit": "card.next_status",
    "form": "card.edit",
    "card": "focus.open",
    "problems": "screen.problems",
    "assess": "screen.assess",
    "portfolio": "screen.portfolio",
    "strategy": "screen.strategy",
    "timeline": "screen.timeline",
    "operate": "screen.operate",
    "review-screen": "screen.review",
    "flow": "screen.flow",
    "look-back": "cycle.review",
}
"""What a key of the board opens."""


def _review(session: Session) -> Dialog[Any]:
    playbook, _ = playbook_of(session.workspace.files)
    plan = session.plan
    project = next(iter(plan.projects))
    gate = next(iter(playbook.gates_of(plan.projects[project].phase)))
    now = Derived(Snapshot.of(plan, playbook, TODAY))
    said = _Decision(now.snapshot, now.gate(project, gate.id), "hold", "mira")
    return _ReviewPrompt(gate.id, "when is it looked at again?", replace(said, why="too early"))


def _label(session: Session) -> str:
    """A title from the plan, for dialogs that show one."""
    return session.plan.cards["labels"].label


MADE: dict[str, Callable[[Session], ActingScreen[Any]]] = {
    "ask": lambda session: Ask(
        f"{_label(session)}: two changes",
        f"Somebody else changed {_label(session)} while this form was open.",
        [("m", f"mine: {_label(session)}"), ("t", "theirs: nothing"), ("e", "go back and edit it")],
    ),
    "views": lambda session: PickView(
        [
            PickItem("late", _label(session), "is:late by owner"),
            PickItem("mine", "Mine", "owner:mira is:open"),
        ],
        "owner:sam",
    ),
    "ticks": lambda session: Ticks(
        "dis-goal",
        f"What holds for {_label(session)}?",
        [_label(session), "It can be measured"],
        ["It can be measured"],
    ),
    "figures": lambda session: Figures(
        "pri-gain",
        f"What is {_label(session)} worth?",
        [Named("value", "EUR", "40k"), Named("days", "")],
        lambda _: None,
    ),
    "choosing": lambda session: QuestionPick(
        "pri-ev-tech",
        f"How sure is {_label(session)}?",
        [PickItem("opinion", "opinion"), PickItem("test", "test", "a trial")],
    ),
    "firmness": lambda session: Why("churn", [_label(session), "gain = 3 × 4² ± 1 → 47"]),
    "review": _review,
    "moves": lambda session: Growing("What moves", [_label(session)], ["why it is asked"]),
    "measuring": lambda session: Measuring(Request((f"no file of {_label(session)[:20]}.csv",))),
}
"""What opens only in the course of something longer."""

NAMES = (*BY_ACTION, *MADE)


async def open_by_name(on: Driver, name: str) -> None:
    """Opens something over the board, with the focus on the card `labels`."""
    if name in BY_ACTION:
        await on.act(BY_ACTION[name])
    else:
        assert on.app.session is not None
        on.app.push_screen(MADE[name](on.app.session))
    await on.pilot.pause()
    await on.app.workers.wait_for_complete()
    await on.found_out()


def all_screens() -> set[type[Any]]:
    """Every class that can be on the screen; all modules of the board are loaded for that."""
    for module in pkgutil.walk_packages(kedge.tui.__path__, "kedge.tui."):
        importlib.import_module(module.name)
    return {one for one in _below(ActingScreen) if one.__module__.startswith("kedge.tui")} - BASES - ELSEWHERE


def _below(one: type[Any]) -> Iterator[type[Any]]:
    yield one
    for inner in one.__subclasses__():
        yield from _below(inner)
