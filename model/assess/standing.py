"""How far a project is with the playbook's questions.

A question has an answer, or is unknown, does not apply, or is set aside by a waiver; from that, from the project's
records and from its stage follows whether it is met and whether it holds its gate. Nothing of this is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from ..edit.waivers import lacks_of, lacks_to_set_aside
from ..plan.plan import Plan
from ..plan.unfit import entries_unread, touched, unreadable
from ..playbook.conditions import Replies, Reply
from ..playbook.fit import fitting, misfits
from ..playbook.item import Item
from ..playbook.pass_words import pass_words
from ..playbook.playbook import Playbook
from ..records.address import Address
from ..records.assessment import Answer
from ..records.kinds import ENTRIES
from ..records.project import Project, Waiver
from ..snapshot.snapshot import Snapshot
from ..value.counted import AS_SAID, Counted, counted
from .records_asked import count_records, lacking_records, records_of

if TYPE_CHECKING:
    from ..records.dataset import Dataset
    from ..records.governance import Risk

State = Literal["unanswered", "answered", "unknown", "not-applicable", "waived"]


@dataclass(frozen=True)
class Standing:
    """How far a project is with one question."""

    item: Item
    state: State
    applies: bool
    """Whether it is asked at all, after what other answers say."""
    met: bool
    blocks: bool
    """Whether its gate needs it at the project's stage."""
    reply: Reply
    answer: Answer | None = None
    waiver: Waiver | None = None
    to_confirm: bool = False
    """Whether what counts was said in an earlier cycle, and not confirmed in this one."""
    counted: Counted = AS_SAID
    """What the answer counts as, with what it names as evidence."""
    still_asked: str = ""
    """Why it is asked although it is said not to apply, or was answered in an earlier cycle."""
    unread: str = ""
    """What could not be read of the file where its answer, or its records, belong."""
    misfits: tuple[str, ...] = ()
    """What its answer says and the question cannot mean: that does not count, and is to be corrected."""

    @property
    def is_open(self) -> bool:
        """Whether a person should look at it: it is asked, and not met or to be confirmed."""
        return (self.counts and not self.met) or self.to_confirm

    @property
    def is_decision(self) -> bool:
        """Whether it is answered by deciding at the gate."""
        return self.item.record == ("decision",)

    @property
    def holds_gate(self) -> bool:
        """Whether the gate stays closed because of it."""
        return (
            self.applies and self.blocks and not self.met and self.state not in ("waived", "not-applicable")
        )

    @property
    def word(self) -> str:
        """Its state, in a word or two."""
        if not self.applies:
            return "not asked"
        if self.to_confirm:
            return "confirm"
        if self.met:
            return "met"
        if self.unread:
            return "unread"
        return {"unanswered": "open", "answered": "not met", "not-applicable": "n/a"}.get(
            self.state, self.state
        )

    @property
    def counts(self) -> bool:
        """Whether it is in the denominator of scores."""
        return self.applies and self.state != "not-applicable"

    @property
    def set_aside_by(self) -> str:
        """Who set it aside, and why; empty where it is not set aside."""
        if self.state == "waived" and self.waiver is not None:
            return f"{self.lacks()}: {self.waiver.reason}"
        if self.state == "not-applicable" and self.answer is not None:
            approved = f" (approved by {self.answer.approved_by})" if self.answer.approved_by else ""
            return f"{self.answer.because}{approved}"
        return ""

    def lacks(self) -> str:
        """What is missing, in words; empty where it is met and holds in this cycle."""
        if self.to_confirm:
            return "carried over from an earlier cycle: confirm that it still holds, or answer it again"
        if self.met or not self.applies:
            return ""
        if self.unread:
            return self.unread
        if self.misfits:
            return "; ".join(self.misfits)
        if self.state == "unknown":
            return "the answer is not known; that blocks until it is"
        if self.state == "not-applicable":
            return "set aside as not applicable"
        if self.state == "waived" and self.waiver is not None:
            return f"waived by {self.waiver.approved_by} until {self.waiver.expires}"
        return self.still_asked or self._lacks_of_reply()

    def _lacks_of_reply(self) -> str:
        if wrong := self.item.lacks_words(self.reply):
            return f"{wrong}; kedge answer {self.item.id} TEXT (enter on the board)"
        if self.item.kind == "record":
            return lacking_records(self.item, self.reply)
        if self.reply.missing:
            return "missing: " + "; ".join(self.reply.missing)
        if not self.reply.is_given:
            return "not answered yet"
        if self.counted.why:
            return self.counted.words
        return f"not enough: it is met when {pass_words(self.item.passes)}"

    @property
    def remark(self) -> str:
        """What it lacks, what its answer counts as where that is less than was said, or what is not checked of it."""
        return self.lacks() or self.counted.words or self.counted.unchecked


@dataclass(frozen=True)
class Progress:
    """How far a group of questions is."""

    asked: int
    met: int
    holding: int
    """Questions that hold the gate."""
    to_confirm: int = 0
    """Questions whose answer is from an earlier cycle."""


def standings(snapshot: Snapshot, project: str) -> dict[str, Standing]:
    """How far a project is with every question, by the question's id, in the order of the playbook."""
    plan, playbook = snapshot.plan, snapshot.playbook
    record = plan.projects.get(project)
    stage, cycle = (record.stage, record.cycle) if record is not None else ("mvp", 1)
    everything = plan.answers(project)
    over = {
        item.id: everything[item.id].cycle or 1
        for item in playbook.items
        if item.id in everything and item.is_over(everything[item.id].cycle, cycle)
    }
    answers = {name: one for name, one in everything.items() if name not in over}
    waivers = _waivers(snapshot, record)
    aside = _still_asked(snapshot, record, answers) | {
        name: f"answered in cycle {said_in}, and each cycle has an answer of its own"
        for name, said_in in over.items()
    }
    said = {item.id: _reply(snapshot, project, item, answers.get(item.id)) for item in playbook.items}
    counts = {
        item.id: counted(snapshot, item, answers[item.id]) for item in playbook.items if item.id in answers
    }
    # What counts as less than was said meets no question with what was said.
    replies = said | {
        name: replace(said[name], verdict=one.counts_as) for name, one in counts.items() if one.why
    }
    found = {
        item.id: replace(
            _standing(
                item, cycle, replies, answers.get(item.id), waivers.get(item.id), aside.get(item.id, "")
            ),
            blocks=item.blocks_at(stage),
            reply=said[item.id],
            counted=counts.get(item.id, AS_SAID),
        )
        for item in playbook.items
    }
    return {**found, **_unread(plan, project, found)}


def _unread(plan: Plan, project: str, found: Mapping[str, Standing]) -> dict[str, Standing]:
    """The questions whose answer, or records, could not be read, so that they are not taken for unanswered."""
    assessment = plan.get(Address("assessment", project, "assessment"))
    unfit = assessment.unfit if assessment is not None else ()
    hidden = {kind: entries_unread(plan, kind, project) for kind in ENTRIES}
    result: dict[str, Standing] = {}
    for one in found.values() if unfit or any(hidden.values()) else ():
        wrong = touched(unfit, ("answers", one.item.id)) or next(
            (it for kind in one.item.record for it in hidden.get(kind, ())), None
        )
        if wrong is not None:
            result[one.item.id] = replace(one, unread=unreadable(wrong))
    return result


def progress(group: Iterable[Standing]) -> Progress:
    """Counts over the questions that are asked."""
    group = list(group)
    asked = [one for one in group if one.counts]
    return Progress(
        len(asked),
        sum(one.met for one in asked),
        sum(one.holds_gate for one in asked),
        sum(one.to_confirm for one in group),
    )


def score(group: Iterable[Standing]) -> float | None:
    """Share of the weights met among the questions that do not block; None where there are none."""
    should = [one for one in group if one.counts and not one.blocks]
    total = sum(one.item.weight for one in should)
    return sum(one.item.weight for one in should if one.met) / total if total else None


def wanted_score(playbook: Playbook, stage: str, steps: Collection[str]) -> float:
    """The score that the gate behind some steps wants at a stage."""
    scored = any(gate.scored and not set(steps).isdisjoint(gate.steps) for gate in playbook.gates)
    known = playbook.stage(stage)
    return known.should_score if scored and known is not None else 0.0


def asking_order(playbook: Playbook, steps: Sequence[str]) -> list[Item]:
    """Questions of some steps in the order of asking: first those that can end a project in half an hour."""
    items = [item for step in steps for item in playbook.items_of(step)]
    return sorted(items, key=lambda item: not item.triage)


def next_open(
    standing: Mapping[str, Standing], order: Sequence[Item], after: str = "", wanted: float = 0.0
) -> Item | None:
    """The next question to look at, going round from `after`.

    First those that hold the gate, then answers of an earlier cycle, then the others, and the decision last; as soon
    as the others reach the `wanted` score, the decision comes before them.
    """
    start = next((index + 1 for index, item in enumerate(order) if item.id == after), 0)
    round_trip = [*order[start:], *order[:start]]
    reached = score(standing[item.id] for item in order)
    is_enough = reached is None or reached >= wanted

    def urgency(item: Item) -> int:
        one = standing[item.id]
        if one.is_decision:
            return 2 if is_enough else 4
        return 0 if one.holds_gate else 1 if one.to_confirm else 3

    waiting = (item for item in round_trip if standing[item.id].is_open and item.id != after)
    return min(waiting, key=urgency, default=None)


def offered_cards(plan: Plan, project: str, standing: Mapping[str, Standing]) -> list[tuple[str, str, str]]:
    """Cards that unmet questions, datasets and risks offer: source, title, step.

    A source that has ever been made into a card is not offered again, whatever became of the card.
    """
    made = {card.offered_by for card in plan.cards_of.get(project, ()) if card.offered_by}
    return [offer for offer in _offers(plan, project, standing) if offer[0] not in made]


def _offers(plan: Plan, project: str, standing: Mapping[str, Standing]) -> Iterator[tuple[str, str, str]]:
    for one in standing.values():
        if one.item.card and one.counts and not one.met:
            yield one.item.id, one.item.card, one.item.step
    for record in sorted(plan.of_kind("dataset", project), key=lambda one: one.id):
        dataset = cast("Dataset", record)
        for gap in dataset.gaps:
            yield f"gap:{dataset.id}:{gap}", f"{gap} ({dataset.label})", "data-pipeline"
        if dataset.origin in ("public", "simulated"):
            title = f"Show what {dataset.label} proves, then ask for the data of those who would use it"
            yield f"proxy:{dataset.id}", title, "data-infra"
    for record in sorted(plan.of_kind("risk", project), key=lambda one: one.id):
        risk = cast("Risk", record)
        if risk.kind == "avoidable" and risk.state == "open":
            yield f"risk:{risk.id}", risk.action or f"Avoid: {risk.label}", "strategy"


# ---- how a reply comes about


def _waivers(snapshot: Snapshot, project: Project | None) -> dict[str, Waiver]:
    """Waivers in force: with a reason, an expiry in the future, and an approver who may decide."""
    if project is None:
        return {}
    return {
        waiver.item: waiver
        for waiver in project.waivers.values()
        if waiver.expires is not None
        and waiver.expires >= snapshot.today
        and not lacks_of(snapshot, project, waiver)
    }


def _still_asked(
    snapshot: Snapshot, project: Project | None, answers: Mapping[str, Answer]
) -> dict[str, str]:
    """Questions that are said not to apply, and asked still, with what is missing."""
    said = ((snapshot.playbook.item(name), answer) for name, answer in answers.items())
    found = (
        (item.id, lacks_to_set_aside(snapshot, project, item, answer))
        for item, answer in said
        if item is not None and project is not None and answer.state == "not-applicable"
    )
    return {name: wrong for name, wrong in found if wrong}


def _standing(
    item: Item,
    cycle: int,
    replies: Replies,
    answer: Answer | None,
    waiver: Waiver | None,
    still_asked: str,
) -> Standing:
    """How far a question is; `replies` are what counts of the answers, to it and to the others."""
    reply = replies[item.id]
    applies = item.applies(replies)
    state: State = "answered" if reply.is_given else "unanswered"
    if answer is not None and answer.state == "unknown":
        state = "unknown"
    elif answer is not None and answer.state == "not-applicable" and not still_asked:
        state = "not-applicable"
    wrong = tuple(why for _, why in misfits(item, answer)) if answer is not None else ()
    met = state == "answered" and item.met(reply, replies) and not wrong
    if not met and waiver is not None:
        state = "waived"
    said_in = answer.cycle or 1 if answer is not None else 1
    counts_as_said = applies and (met or state == "not-applicable") and item.record != ("decision",)
    to_confirm = counts_as_said and said_in < cycle
    return Standing(
        item,
        state,
        applies,
        met,
        blocks=False,
        reply=reply,
        answer=answer,
        waiver=waiver,
        to_confirm=to_confirm,
        still_asked=still_asked,
        misfits=wrong,
    )


def _reply(snapshot: Snapshot, project: str, item: Item, answer: Answer | None) -> Reply:
    answer = fitting(item, answer) if answer is not None else None
    checked = set(answer.checked) if answer is not None else set[str]()
    if item.per:
        checked |= _checked_for_all(snapshot.plan, project, item)
    values = answer.values if answer is not None else {}
    verdict = answer.verdict if answer is not None else None
    counting, lacking, uncovered = count_records(snapshot, project, item)
    return item.reply(
        verdict, values=values, checked=checked, records=counting, lacking=lacking, uncovered=uncovered
    )


def _checked_for_all(plan: Plan, project: str, item: Item) -> set[str]:
    """Lines that hold for every record of the kind that the question goes through one by one."""
    if item.per == "dataset":
        explored = [set[str](getattr(record, "explored", ())) for record in plan.of_kind("dataset", project)]
        return explored[0].intersection(*explored) if explored else set()
    if item.per == "stakeholder":
        stakeholders = records_of(plan, project, "stakeholder").values()
        deciding = [one for one in stakeholders if getattr(one, "interest", "") == "decides"]
        signed = bool(deciding) and all(getattr(one, "metrics_signed_on", None) for one in deciding)
        return set(item.lines) if signed else set()
    return set()
