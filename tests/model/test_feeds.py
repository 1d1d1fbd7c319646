"""What a question says that it feeds moves with its answer; what is not worked out yet is listed here by name.

Each question of Assess has a change of its answer below. The questions of later phases are answered, or their answer is
taken away. A claim that nothing moves fails, unless it is listed; a listed claim that moves fails as well, so that the
list can only shrink.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kedge.model.assess.standing import offered_cards
from kedge.model.derived.derived import Derived
from kedge.model.plan.change import Change
from kedge.model.plan.plan import Plan, holder_id
from kedge.model.playbook import shipped
from kedge.model.playbook.item import Item
from kedge.model.portfolio.concentration import shared_weak_points
from kedge.model.records.address import Address
from kedge.model.records.assessment import Answer, Assessment
from kedge.model.records.kinds import ENTRIES
from kedge.model.rules.checking import check
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import Explained, MaybeFigure
from kedge.storage.plan.read import read_plan

SAMPLE = Path(__file__).parents[2] / "samples" / "churn" / "plan"
TODAY = dt.date(2026, 11, 20)
PLAYBOOK = shipped()
CHURN = "churn"
ASSESS = [item for step in PLAYBOOK.steps_of("assess") for item in PLAYBOOK.items_of(step.id)]
LINES = {item.id: item.lines for item in ASSESS}
LATER = [item for item in PLAYBOOK.items if item not in ASSESS]
ANSWERS = Address("assessment", CHURN, "assessment")

Reading = Callable[[Derived], object]


# ---- what each decision is made from


def said(known: MaybeFigure) -> object:
    return (known.value, dict(known.figures)) if isinstance(known, Explained) else known.missing


def _figures(*names: str) -> Reading:
    return lambda derived: [said(getattr(derived.worth(CHURN), name)) for name in names]


def _gates(*names: str) -> Reading:
    def read(derived: Derived) -> object:
        found = [derived.gate(CHURN, name) for name in names]
        return [(one.is_open, [held.item.id for held in one.holding], one.score, one.checks) for one in found]

    return read


def _asked(derived: Derived) -> object:
    """Which questions apply, and which finding says that the stage is not what it should be."""
    standing = derived.standings(CHURN)
    codes = [one.code for one in check(derived.snapshot, select=["A109", "A164"])]
    return [name for name, one in standing.items() if one.applies], codes


def _law(derived: Derived) -> object:
    """The legal class, and what of law, privacy and fairness still holds a gate."""
    asked = [one for one in derived.standings(CHURN).values() if "dec-compliance" in one.item.feeds]
    return [(one.item.id, one.applies, one.holds_gate) for one in asked], derived.gate(
        CHURN, "gate-assess"
    ).checks[3]


def _cards(derived: Derived) -> object:
    return [source for source, _, _ in offered_cards(derived.plan, CHURN, derived.standings(CHURN))]


def _money(derived: Derived) -> object:
    """The cost against the cap, and against the approved budget."""
    return derived.gate(CHURN, "gate-assess").checks[1], derived.gate(CHURN, "gate-plan").checks[1]


def _order(derived: Derived) -> object:
    """By what is worked first, and what the choice hangs on."""
    found = derived.worth(CHURN)
    return (
        said(found.urgency),
        said(derived.ranking().all[0].index),
        shared_weak_points(derived.plan, [found, found]),
    )


DECIDED: Mapping[str, Reading] = {
    "dec-go": _gates("gate-assess", "gate-plan"),
    "dec-gain": _figures("gain", "gain_per_reach", "present_value", "pay_back"),
    "dec-cost": _figures("cost", "later_cost", "running_cost", "error_cost", "data_cost", "compute_cost"),
    "dec-confidence": _figures("confidence"),
    "dec-stage": _asked,
    "dec-order": _order,
    "dec-schedule": _figures("building_time", "pay_back"),
    "dec-budget": _money,
    "dec-data-work": _cards,
    "dec-compliance": _law,
    "dec-release": _gates("gate-traffic", "gate-execute"),
    "dec-next": _gates("gate-iterate"),
}
"""By decision, what shows that it would be made otherwise. Those that are not here await an engine."""


# ---- changes


@cache
def base(stage: str = "growth") -> Plan:
    """The sample in Assess, without cards, which are offered again, and without what comes before its answers."""
    plan = read_plan(str(SAMPLE)).plan
    project = plan.projects[CHURN]
    changed = {"phase": "assess", "stage": stage, "cost_of_delay": None, "complexity": None}
    strategy = plan.get(Address("strategy", CHURN, "strategy"))
    changes = [Change(project, project.model_copy(update=changed)), Change(strategy, None)]
    changes += [Change(card, None) for card in plan.cards_of[CHURN]]
    return answered(Snapshot.of(plan, PLAYBOOK, TODAY).after(changes).plan, "stage-now", verdict=stage)


def _answers(plan: Plan) -> Assessment:
    found = plan.get(ANSWERS)
    assert isinstance(found, Assessment)
    return found


def answered(plan: Plan, question: str, **fields: Any) -> Plan:
    """With other fields of an answer; without any the answer is taken away."""
    before = _answers(plan)
    answers = {name: one for name, one in before.answers.items() if name != question}
    if fields:
        old = before.answers.get(question, Answer())
        fields["values"] = {**old.values, **fields.get("values", {})}
        answers[question] = old.model_copy(update=fields)
    after = before.model_copy(update={"answers": answers})
    return Snapshot.of(plan, PLAYBOOK, TODAY).after([Change(before, after)]).plan


def project(plan: Plan, **fields: Any) -> Plan:
    before = plan.projects[CHURN]
    return Snapshot.of(plan, PLAYBOOK, TODAY).after([Change(before, before.model_copy(update=fields))]).plan


def entries(plan: Plan, section: str, **fields: Any) -> Plan:
    """With other fields in every entry of a section of the project."""
    found = getattr(plan.projects[CHURN], section)
    return project(plan, **{section: {name: one.model_copy(update=fields) for name, one in found.items()}})


def datasets(plan: Plan, **fields: Any) -> Plan:
    found = plan.of_kind("dataset", CHURN)
    changes = [Change(one, one.model_copy(update=fields)) for one in found]
    return Snapshot.of(plan, PLAYBOOK, TODAY).after(changes).plan


def without(kind: str) -> Callable[[Plan], list[Plan]]:
    """Records or entries of a kind taken away; of people, their part in the project."""

    def change(plan: Plan) -> list[Plan]:
        holder, section = ("strategy", "people") if kind == "person" else ("", "")
        if kind in ENTRIES:
            holder, section = ENTRIES[kind].record, ENTRIES[kind].section
        if holder:
            before = plan.get(Address(holder, CHURN, holder_id(holder, CHURN)))
            changes = [Change(before, before.model_copy(update={section: {}}))] if before is not None else []
        else:
            changes = [Change(one, None) for one in plan.of_kind(kind, CHURN)]
        return [Snapshot.of(plan, PLAYBOOK, TODAY).after(changes).plan]

    return change


def says(question: str, *others: dict[str, Any]) -> Callable[[Plan], list[Plan]]:
    return lambda plan: [answered(plan, question, **one) for one in others]


def _risk(plan: Plan) -> list[Plan]:
    return [answered(plan, "disc-risk-class", verdict=one) for one in ("high risk", "prohibited")]


def _inventory(plan: Plan) -> list[Plan]:
    return [
        *without("dataset")(plan),
        datasets(plan, cost=90_000.0),
        datasets(plan, access="asked", approval_days=400.0),
        datasets(plan, gaps=("no region",)),
    ]


def _labels(plan: Plan) -> list[Plan]:
    free = answered(datasets(plan, cost=None, label_cost=None), "data-cost", verdict=0)
    return [answered(free, "data-labels", verdict="must be made by people"), answered(plan, "data-labels")]


PERSONAL: dict[str, Any] = {"verdict": ("personalises per user",)}
CHANGES: Mapping[str, Callable[[Plan], list[Plan]]] = {
    "disc-decision": says("disc-decision", {}),
    "disc-problem": says("disc-problem", {}),
    "disc-outcome": without("goal"),
    "disc-simpler": says("disc-simpler", {"verdict": True}),
    "disc-benefit": says("disc-benefit", {"verdict": ("none",)}),
    "disc-fit": says("disc-fit", {"verdict": 2}),
    "disc-methods": without("method"),
    "disc-imperfect": says("disc-imperfect", {"verdict": False}),
    "disc-reach": says("disc-reach", {"verdict": 5000}),
    "disc-stakeholders": lambda plan: [*without("stakeholder")(plan), entries(plan, "stakeholders", aware=1)],
    "disc-aware": says("disc-aware", {"checked": ()}),
    "disc-users": says("disc-users", {"checked": ()}, {"checked": LINES["disc-users"]}),
    "disc-vision": says("disc-vision", {"verdict": 1}),
    "disc-profile": says("disc-profile", {"verdict": ("affects people's rights or chances",)}, PERSONAL),
    "disc-personal": lambda plan: [
        answered(answered(plan, "disc-profile", **PERSONAL), "disc-personal", verdict=1)
    ],
    "disc-risk-class": _risk,
    "disc-unknowns": lambda plan: [
        entries(plan, "unknowns", could_change=one, answer=None) for one in ("dec-go", "dec-cost")
    ],
    "data-inventory": _inventory,
    "data-first-look": lambda plan: [
        answered(datasets(plan, explored=(), checked_on=None), "data-first-look")
    ],
    "data-signal": says("data-signal", {"verdict": 1}),
    "data-like-production": says("data-like-production", {"verdict": 1}),
    "data-labels": _labels,
    "data-truth-delay": says("data-truth-delay", {"verdict": 400}),
    "data-cost": says("data-cost", {"verdict": 40_000}),
    "data-cheaper": says("data-cheaper", {"verdict": ("nothing yet",)}),
    "data-compute": says("data-compute", {"verdict": 40_000}),
    "data-infra-ready": says("data-infra-ready", {"verdict": 1}),
    "data-rights": says("data-rights", {"checked": ()}),
    "stage-now": says("stage-now", {"verdict": "maturity"}),
    "stage-proof": says("stage-proof", {}),
    "stage-timebox": says("stage-timebox", {"verdict": 104}),
    "stage-cap": says("stage-cap", {"verdict": 1000}),
    "stage-poc": says("stage-poc", {"verdict": "does not solve it"}),
    "stage-poc-move": says("stage-poc-move", {"verdict": False}),
    "stage-baseline": says("stage-baseline", {"verdict": -3}),
    "pri-gain": says("pri-gain", {"values": {"low": 1, "likely": 2, "high": 3}}),
    "pri-cost": says(
        "pri-cost",
        {"values": {"to next gate: likely": 170_000}},
        {"values": {"weeks to train and evaluate": 90}},
    ),
    "pri-run": says("pri-run", {"values": {"hours of upkeep per week": 60}}),
    "pri-errors": says(
        "pri-errors", {"values": {"prevalence": 0.02, "recall": 0.5, "false-alarm rate": 0.1}}
    ),
    "pri-ev-value": says("pri-ev-value", {"result": "against"}),
    "pri-ev-tech": says("pri-ev-tech", {"result": "against"}),
    "pri-ev-adopt": says("pri-ev-adopt", {"result": "against"}),
    "pri-complexity": says(
        "pri-complexity",
        {"values": {"randomness of the problem 1-5": 5, "complexity 1-5": 1}, "because": None},
    ),
    "pri-reality": says("pri-reality", {"checked": ()}),
    "pri-delay": says("pri-delay", {"verdict": 1}),
    "pri-links": without("dependency"),
    "pri-decision": without("decision"),
}
"""By question of Assess, plans in which it is answered otherwise."""


def derived(plan: Plan) -> Derived:
    return Derived(Snapshot.of(plan, PLAYBOOK, TODAY))


def moved(names: Iterable[str], before: Derived, others: list[Derived]) -> set[str]:
    """Those of some decisions that at least one of the other plans would make otherwise."""
    readings = {name: DECIDED[name] for name in names}
    return {name for name, read in readings.items() if any(read(before) != read(one) for one in others)}


@pytest.mark.parametrize("item", ASSESS, ids=lambda item: item.id)
def test_a_question_of_assess_feeds_what_it_says(item: Item) -> None:
    before = base()
    if item.id == "disc-personal":
        before = answered(answered(before, "disc-profile", **PERSONAL), "disc-personal", verdict=4)
    assert set(item.feeds) <= DECIDED.keys()
    others = list(map(derived, CHANGES[item.id](before)))
    assert moved(item.feeds, derived(before), others) == set(item.feeds)


# ---- later phases

AWAITED: Mapping[str, str] = {one.id: one.awaits for one in PLAYBOOK.decisions if one.awaits}
"""What decisions wait for that no engine makes yet."""


@cache
def base_of_later() -> Derived:
    """The sample at maturity, where every question that only some projects are asked is asked."""
    plan = project(read_plan(str(SAMPLE)).plan, stage="maturity", phase="iterate")
    profile = PLAYBOOK.item("disc-profile")
    assert profile is not None
    plan = answered(plan, "disc-profile", verdict=profile.choices[:-1])
    return derived(answered(plan, "it-decision", verdict="retire"))


def unanswered(item: Item, plan: Plan) -> Plan:
    for kind in (*item.record, *filter(None, [item.per])):
        [plan] = without(kind)(plan)
    return answered(plan, item.id)


def well_answered(item: Item, plan: Plan) -> Plan:
    """An answer that is enough; records are those of the sample."""
    verdicts: dict[str, Any] = {
        "yesno": str(item.passes) != "no",
        "scale": 5,
        "number": 1,
        "text": "As it is written",
    }
    verdict: Any = verdicts.get(item.kind)
    if item.kind == "choice":
        fit = next(one for one in item.choices if item.met(item.reply((one,) if item.multiple else one)))
        verdict = (fit,) if item.multiple else fit
    texts = {"date": "2026-11-10", "person": "mira"}
    figures: dict[str, Any] = {
        one.id: texts.get(one.unit, "As it is written") if one.is_text else 1 for one in item.fields
    }
    return answered(plan, item.id, verdict=verdict, checked=item.lines, values=figures)


def moved_by_answer(item: Item, names: Iterable[str]) -> set[str]:
    """Those of some decisions that come out otherwise without an answer than with the sample's, or with enough."""
    now = base_of_later()
    enough = derived(well_answered(item, now.plan))
    return moved(names, derived(unanswered(item, now.plan)), [now, enough])


@pytest.mark.parametrize("item", LATER, ids=lambda item: item.id)
def test_a_question_of_a_later_phase_feeds_what_it_says(item: Item) -> None:
    assert set(item.feeds) <= DECIDED.keys()
    assert moved_by_answer(item, item.feeds) == set(item.feeds)


LATER_CLAIMS: Mapping[str, tuple[str, ...]] = {
    "dec-architecture": (
        "stage-poc-move",
        "arch-load",
        "arch-quality",
        "arch-limits",
        "arch-mode",
        "arch-fallback",
        "arch-stack",
        "arch-human",
        "arch-explain",
        "arch-security",
        "arch-constraints",
        "arch-requirements",
        "arch-design",
        "arch-qualities",
        "dp-flow",
        "pr-exposure",
    ),
    "dec-schedule": (
        "arch-constraints",
        "strat-milestones",
        "strat-people",
        "strat-tools",
        "strat-risks",
        "tac-three",
        "tac-dependencies",
        "tac-cadence",
        "tac-fail-fast",
        "tac-done",
        "tac-testable",
    ),
    "dec-staffing": (
        "strat-people",
        "tac-three",
        "tr-coupled",
        "pr-owner",
        "doc-teach",
    ),
    "dec-budget": (
        "arch-load",
        "arch-limits",
        "arch-constraints",
        "strat-people",
        "strat-tools",
        "dp-needs",
    ),
    "dec-rollback": (
        "arch-fallback",
        "strat-guardrails",
        "tr-control",
        "pr-errors",
        "pr-rollback",
        "tp-rollout",
        "tp-detect",
        "mon-set",
        "mon-incident",
        "doc-runbook",
    ),
    "dec-monitoring": (
        "data-truth-delay",
        "dp-schema",
        "dp-robust",
        "tr-retrain",
        "tr-robust",
        "pr-log",
        "mon-set",
        "mon-drift",
        "mon-truth",
        "mon-slo",
        "mon-incident",
        "mon-upstream",
        "doc-runbook",
    ),
    "dec-next": (
        "it-techniques",
        "it-debt",
    ),
}
"""By decision, the questions that will feed it once it is made; this list may only shrink."""


def test_what_is_claimed_for_later_is_listed_and_does_not_move_yet() -> None:
    claims = {name: tuple(one.id for one in PLAYBOOK.items if name in one.later) for name in AWAITED}
    assert claims == LATER_CLAIMS
    assert not [one.id for one in PLAYBOOK.items if set(one.feeds) & set(one.later)]
    # What is worked out already for one question and not for another one is asked of the second one.
    for item in PLAYBOOK.items:
        moves = moved_by_answer(item, DECIDED.keys() & set(item.later))
        assert not moves, f"{item.id} feeds {moves} by now"
