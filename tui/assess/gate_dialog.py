"""The decision at a gate: outcome, person, reason, and what else that outcome wants, one after the other, as one step.

What the model would refuse is refused before anybody has typed a reason, so that none is lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from ...model.edit.refusal import EditRefused
from ...model.gates.gates import GOING_ON, GateDecision, GateReport, decide
from ...model.plan.change import Batch
from ...model.records.address import Address
from ...model.snapshot.snapshot import Snapshot
from ..dialogs import DatePrompt, Pick, PickItem, Prompt
from ..screens.contract import ActsOnPlan

_NOBODY_YET = "+"
"""No id of a person."""


@dataclass(frozen=True)
class _Decision:
    """What has been said so far."""

    snapshot: Snapshot
    report: GateReport
    outcome: str = ""
    by: str = ""
    why: str = ""
    override: str = ""
    next_review: dt.date | None = None

    @property
    def is_passed_closed(self) -> bool:
        """Whether the gate is passed although it is closed."""
        return self.outcome in GOING_ON and not self.report.is_open

    @property
    def is_held(self) -> bool:
        """Whether a day is needed on which it is looked at again."""
        return self.outcome == "hold"

    def batch(self) -> Batch:
        """The step. Raises EditRefused."""
        decision = GateDecision(self.outcome, self.by, self.why, self.override, self.next_review)
        return decide(self.snapshot, self.report, decision)

    def refusal(self) -> str:
        """Why this cannot be decided, whatever is still typed; empty where it can."""
        review = self.next_review or (self.snapshot.today + dt.timedelta(days=1) if self.is_held else None)
        try:
            replace(self, why="reason", override="reason", next_review=review).batch()
        except EditRefused as error:
            return str(error)
        return ""


@dataclass(frozen=True)
class GateDialogs:
    """Asks for everything that a decision records, one thing after the other."""

    screen: ActsOnPlan
    snapshot: Snapshot
    report: GateReport
    then: Callable[[Callable[[], Batch]], None]
    """Gets what makes the step."""
    again: Callable[[], None]
    """Begins again, after a person who decides was added to the plan."""

    def ask(self) -> None:
        """Begins with how the gate ends."""
        gate = self.report.gate
        items = [PickItem(one, one, _about(self.report, one)) for one in gate.outcomes]
        first = _Decision(self.snapshot, self.report)
        self.screen.ask(
            Pick(f"{gate.id}: how does it end?", items),
            lambda keys: self._ask_by(replace(first, outcome=keys[0])),
        )

    def _ask_by(self, said: _Decision) -> None:
        items = [PickItem(one.id, one.label, one.id) for one in self.snapshot.plan.people.values()]
        items.append(
            PickItem(_NOBODY_YET, "somebody who is not in the plan yet", "opens the form of a person")
        )

        def refused(person: str) -> str | None:
            if person == _NOBODY_YET:
                return None
            return replace(said, by=person).refusal() or None

        self.screen.ask(
            Pick(f"Who decides? ({self.report.gate.decided_by})", items, refuse=refused),
            lambda keys: (
                self._add_person() if keys[0] == _NOBODY_YET else self._ask_day(replace(said, by=keys[0]))
            ),
        )

    def _add_person(self) -> None:
        def added(person: Address | None) -> None:
            if person is not None:
                # The gate is looked at again: who is in the plan counts there as well.
                self.again()

        self.screen.host.open_form(Address("person", "", ""), then=added)

    def _ask_day(self, said: _Decision) -> None:
        if not said.is_held:
            self._ask_why(said)
            return
        self.screen.ask(
            _ReviewPrompt(self.report.gate.id, "when is it looked at again?", said),
            lambda day: self._ask_why(replace(said, next_review=dt.date.fromisoformat(day))),
        )

    def _ask_why(self, said: _Decision) -> None:
        self.screen.ask(
            Prompt(self.report.gate.id, f"why {said.outcome}, in a sentence", "", _needed),
            lambda why: self._ask_override(replace(said, why=why)),
        )

    def _ask_override(self, said: _Decision) -> None:
        if not said.is_passed_closed:
            self.then(said.batch)
            return
        text = "the gate is closed: why is it passed all the same?"
        self.screen.ask(
            Prompt(self.report.gate.id, text, "", _needed),
            lambda override: self.then(replace(said, override=override).batch),
        )


class _ReviewPrompt(DatePrompt):
    """A day that the decision can take."""

    def __init__(self, title: str, label: str, said: _Decision) -> None:
        super().__init__(title, label, said.snapshot.today)
        self._said = said

    def _problem(self, text: str) -> str | None:
        wrong = super()._problem(text)
        if wrong:
            return wrong
        if not text.strip():
            return "a day is needed, such as +3w or 1 feb"
        return replace(self._said, next_review=dt.date.fromisoformat(self.answer(text))).refusal() or None


def _about(report: GateReport, outcome: str) -> str:
    if outcome not in GOING_ON:
        return ""
    return "the gate is open" if report.is_open else "the gate is closed: needs an override with its reason"


def _needed(text: str) -> str | None:
    return None if text.strip() else "say it in a sentence"
