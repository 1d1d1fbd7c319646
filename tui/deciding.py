"""Deciding at a gate: outcome, person, reason, and what else that outcome wants, one after the other, as one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..model.change import Batch
from ..model.gates import GOING_ON, GateReport, decide
from .dialogs import DatePrompt, Pick, PickItem, Prompt
from .screens.acting import ActingScreen

if TYPE_CHECKING:
    from ..model.plan import Plan


def ask_decision(
    screen: ActingScreen,
    plan: Plan,
    report: GateReport,
    today: dt.date,
    then: Callable[[Callable[[], Batch]], None],
) -> None:
    """Asks for everything that a decision records; `then` gets what makes the step, which may be refused."""
    gate = report.gate
    said: dict[str, str] = {}

    def outcome() -> None:
        items = [PickItem(one, one, _about(report, one)) for one in gate.outcomes]
        screen.ask(Pick(f"{gate.id}: how does it end?", items), lambda keys: by(keys[0]))

    def by(chosen: str) -> None:
        said["outcome"] = chosen
        items = [PickItem(one.id, one.label, one.id) for one in plan.people.values()]
        screen.ask(Pick(f"Who decides? ({gate.decided_by})", items), lambda keys: why(keys[0]))

    def why(person: str) -> None:
        said["by"] = person
        screen.ask(Prompt(gate.id, f"why {said['outcome']}, in a sentence", "", _needed), more)

    def more(reason: str) -> None:
        said["why"] = reason
        if said["outcome"] in GOING_ON and not report.is_open:
            text = "the gate is closed: why is it passed all the same?"
            screen.ask(Prompt(gate.id, text, "", _needed), finish)
        elif said["outcome"] == "hold":
            prompt = DatePrompt(gate.id, "when is it looked at again?", today)
            screen.ask(prompt, lambda day: finish(day=day))
        else:
            finish()

    def finish(override: str = "", day: str = "") -> None:
        review = dt.date.fromisoformat(day) if day else None
        then(
            lambda: decide(
                plan,
                report,
                said["outcome"],
                by=said["by"],
                why=said["why"],
                today=today,
                override=override,
                next_review=review,
            )
        )

    outcome()


def _about(report: GateReport, outcome: str) -> str:
    if outcome not in GOING_ON:
        return ""
    return "the gate is open" if report.is_open else "the gate is closed: needs an override with its reason"


def _needed(text: str) -> str | None:
    return None if text.strip() else "say it in a sentence"
