"""The decision at a gate: outcome, person, reason, and what else that outcome wants, one after the other, as one step.

What the model would refuse is refused before anybody has typed a reason, so that none is lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from textual.screen import Screen

from ...model.derived.derived import Derived
from ...model.edit.refusal import EditRefused
from ...model.gates.decision import (
    GOING_ON,
    GateDecision,
    decide,
    refuse_decider,
    to_judge,
    with_judgements,
)
from ...model.gates.gates import Check, GateReport
from ...model.plan.change import Batch
from ...model.playbook.gate import Gate
from ...model.playbook.outline import place_titles
from ...model.records.address import Address
from ...model.records.governance import Judgement
from ...model.records.project import Project
from ...model.snapshot.snapshot import Snapshot
from ...model.text.named import quoted
from ...model.text.wording import lacks_words
from ..dialogs.ask import Ask
from ..dialogs.date_prompt import DatePrompt
from ..dialogs.figures import Figures, Named
from ..dialogs.pick import Pick, PickItem
from ..dialogs.prompt import Prompt
from ..draw.glyphs import WORDS
from ..widgets.acting import T
from .contract import ActsOnPlan

_SAID = "a reason that is still typed"
"""Stands for a reason while it is asked whether there is any point in typing one."""
_OVERRIDE = "why it is passed although it is closed"
_AGREED = "what is agreed with that, and by when (may be empty)"
_NOBODY_YET = "+"
"""No id of a person."""


@dataclass(frozen=True)
class _Decision:
    """What has been said so far."""

    snapshot: Snapshot
    report: GateReport
    """What the gate asks of this outcome."""
    outcome: str
    by: str = ""
    why: str = ""
    override: str = ""
    next_review: dt.date | None = None
    judged: Mapping[str, Judgement] = field(default_factory=dict[str, Judgement])
    agreed: str = ""

    @property
    def now(self) -> GateReport:
        """What the gate asks after what has been judged."""
        return with_judgements(self.report, self.judged, self.by)

    @property
    def is_passed_closed(self) -> bool:
        """Whether the gate is passed although it is closed."""
        return self.outcome in GOING_ON and not self.now.is_open

    @property
    def to_judge(self) -> list[Check]:
        """The conditions that are still to be judged."""
        return to_judge(self.now) if self.outcome in GOING_ON else []

    @property
    def is_held(self) -> bool:
        """Whether a day is needed on which it is looked at again."""
        return self.outcome == "hold"

    def batch(self) -> Batch:
        """The step. Raises EditRefused."""
        agreed = (self.agreed,) if self.agreed else ()
        decision = GateDecision(
            self.outcome, self.by, self.why, self.override, self.next_review, self.judged, agreed
        )
        return decide(self.snapshot, self.report, decision)

    def refusal(self) -> str:
        """Why this cannot be decided, whatever is still typed; empty where it can."""
        review = self.next_review or (self.snapshot.today + dt.timedelta(days=1) if self.is_held else None)
        told = {check.id: Judgement(verdict="met", reason=_SAID) for check in self.to_judge}
        try:
            refuse_decider(self.snapshot, self.report, self.by, self.outcome)
            said = replace(
                self, why=_SAID, override=_SAID, next_review=review, judged={**self.judged, **told}
            )
            said.batch()
        except EditRefused as error:
            return str(error)
        return ""


@dataclass(frozen=True)
class GateDialogs:
    """Asks for everything that a decision records, one thing after the other."""

    screen: ActsOnPlan
    derived: Derived
    project: str
    gate: Gate
    then: Callable[[Callable[[], Batch]], None]
    """Gets what makes the step."""
    again: Callable[[], None]
    """Begins again, after a person who decides was added to the plan."""

    def ask(self) -> None:
        """Begins with how the gate ends."""
        gate = self.gate
        # Conditions differ by how it ends: what retiring asks is nothing to the next stage.
        reports = {one: self.derived.gate(self.project, gate.id, one) for one in gate.outcomes}
        items = [PickItem(one, one, _about(found, one)) for one, found in reports.items()]

        def chosen(keys: tuple[str, ...]) -> None:
            self._ask_by(_Decision(self.derived.snapshot, reports[keys[0]], keys[0]))

        self.screen.ask(Pick(f"{gate.title} How does it end?", items), chosen)

    def _ask_by(self, said: _Decision) -> None:
        people = self.derived.snapshot.plan.people.values()
        refusals = {one.id: replace(said, by=one.id).refusal() for one in people}
        # Those who may decide come first.
        items = [
            PickItem(one.id, one.label, "cannot decide here" if refusals[one.id] else one.role or one.id)
            for one in sorted(people, key=lambda one: bool(refusals[one.id]))
        ]
        items.append(
            PickItem(_NOBODY_YET, "a person who is not in the plan yet", "opens the form of a person")
        )

        def refused(person: str) -> str | None:
            return refusals.get(person) or None

        self.screen.ask(
            Pick(f"Who decides? ({self.gate.decided_by})", items, refuse=refused),
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
            self._ask_judgement(said)
            return
        self.screen.ask(
            _ReviewPrompt(self.gate.title, "when is it looked at again?", said),
            lambda day: self._ask_judgement(replace(said, next_review=dt.date.fromisoformat(day))),
        )

    def _ask_judgement(self, said: _Decision) -> None:
        """Whether a condition holds that is not computed, one after the other."""
        if not said.to_judge:
            self._ask_reasons(said)
            return
        check = said.to_judge[0]
        items = [PickItem("met", "met"), PickItem("not met", "not met", "the gate is closed by that")]
        self._ask(
            said,
            lambda: Pick(f"{check.text}: does it hold?", items),
            lambda keys: self._ask_grounds(said, check, keys[0]),
        )

    def _ask_grounds(self, said: _Decision, check: Check, verdict: str) -> None:
        def told(reason: str) -> None:
            one = Judgement.model_validate({"verdict": verdict, "reason": reason})
            self._ask_judgement(replace(said, judged={**said.judged, check.id: one}))

        def wrong(text: str) -> str | None:
            return lacks_words(text, check.text) or None

        self._ask(said, lambda: Prompt(self.gate.title, f"{check.text}: {verdict}, because", "", wrong), told)

    def _ask_reasons(self, said: _Decision) -> None:
        """Why it is decided so; where the gate is closed and passed, also why that is, and what is agreed."""
        title, why = self.gate.title, f"why {said.outcome}, in a sentence"
        if not said.is_passed_closed:
            self._ask(
                said,
                lambda: Prompt(title, why, "", _needed),
                lambda text: self.then(replace(said, why=text).batch),
            )
            return
        fields = [Named(why, ""), Named(_OVERRIDE, ""), Named(_AGREED, "")]

        def wrong(texts: Mapping[str, str]) -> str | None:
            missing = next(
                ((name, text) for name in (why, _OVERRIDE) if (text := _needed(texts[name]))), None
            )
            return f"{missing[0]}: {missing[1]}" if missing else None

        def told(texts: Mapping[str, str]) -> None:
            done = replace(said, why=texts[why], override=texts[_OVERRIDE], agreed=texts[_AGREED])
            self.then(done.batch)

        asked = f"The gate is closed: {'; '.join(said.now.asks)}."
        self._ask(said, lambda: Figures(title, asked, fields, wrong), told)

    def _ask(self, said: _Decision, make: Callable[[], Screen[T]], then: Callable[[T], object]) -> None:
        """Asks; where one leaves after reasons were typed in earlier dialogs, asks whether they may be lost."""

        def left() -> None:
            if not said.judged:
                return
            options = (("b", "go back"), ("y", "discard the decision with the reasons typed so far"))
            question = Ask("Discard the decision?", "Nothing of it has been saved.", options)
            self.screen.ask(question, lambda key: again() if key == "b" else None, otherwise=again)

        def again() -> None:
            self._ask(said, make, then)

        self.screen.ask(make(), then, otherwise=left)


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


def decided_words(project: Project) -> str:
    """Where a project is after a decision."""
    phase, state = place_titles(project.phase)[0], WORDS.get(project.state, project.state)
    return f"decided; {quoted(project.label)} is {state}, in {phase}, cycle {project.cycle}"


def _about(report: GateReport, outcome: str) -> str:
    if outcome not in GOING_ON:
        return ""
    if report.is_open:
        return "the gate is open"
    if report.barred:
        return report.barred
    judged = with_judgements(
        report, {check.id: Judgement(verdict="met", reason=_SAID) for check in to_judge(report)}, ""
    )
    if judged.is_open:
        return "what is left is judged by whoever decides"
    return "the gate is closed: needs an override with its reason"


def _needed(text: str) -> str | None:
    return lacks_words(text) or None
