"""One change of an honest plan at a time, each with what a sceptical reviewer would say to it.

What harms closes the gate or is a finding that names the field; what does not harm does neither.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

import pytest

from kedge.model.derived.derived import Derived
from kedge.model.gates.gates import GateReport, report
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import build
from kedge.model.rules.checking import check
from kedge.model.snapshot.snapshot import Snapshot

from .honest import (
    ANSWERS,
    CARD,
    DATASET,
    DECISION,
    PLAYBOOK,
    PROJECT,
    STRATEGY,
    TODAY,
    Documents,
    Values,
    honest,
)

GONE: Any = object()
"""Instead of a value: the field is taken away."""
Change = tuple[str, str, Any]
"""Record, path of the field, value; without a path it is the record."""
GOAL, MISS = "goals.cancel.", "answers.pri-errors.values."
NEXT = "answers.pri-cost.values.to next gate: "
INF, NAN = float("inf"), float("nan")
DAY = dt.timedelta(1)


class Seen(NamedTuple):
    """What Kedge says of a plan."""

    gate: GateReport
    findings: set[tuple[str, str]]
    """Where, and what."""


def look(values: Values) -> Seen:
    records, problems = [], set[tuple[str, str]]()
    for name, data in values.items():
        kind, _, place = name.partition(" ")
        project, _, record_id = place.partition("/")
        record, wrong = build(kind, project, record_id, data)
        records.append(record)
        problems |= {(".".join(map(str, one.path)), one.message) for one in wrong}
    snapshot = Snapshot.of(Plan({one.address: one for one in records}), PLAYBOOK, TODAY, files=Documents())
    gate = PLAYBOOK.gate("gate-assess")
    assert gate is not None
    found = check(snapshot)
    return Seen(
        report(Derived(snapshot), "churn", gate),
        problems | {(".".join(map(str, one.field)), one.message) for one in found},
    )


@cache
def unchanged(plan: Callable[[], Values]) -> Seen:
    """What Kedge says of a plan before any change, worked out once."""
    return look(plan())


def seen_after(plan: Callable[..., Values], *changes: Change) -> Seen:
    """What Kedge says of a plan with some changes."""
    made = (
        ("|".join([record, *filter(None, path.split("."))]), None if value is GONE else value)
        for record, path, value in changes
    )
    return look(plan(*made))


def answer(question: str, **fields: Any) -> Change:
    """Another answer in the place of one."""
    return ANSWERS, f"answers.{question}", fields or GONE


def verdict(question: str, value: Any) -> Change:
    return ANSWERS, f"answers.{question}.verdict", value


def unchecked(question: str, part: str) -> Change:
    item = PLAYBOOK.item(question)
    assert item is not None
    assert any(part in line for line in item.lines), part
    return ANSWERS, f"answers.{question}.checked", [line for line in item.lines if part not in line]


HARMFUL: dict[str, Change] = {
    # ---- who, what and why
    "that sentence says nothing": verdict("disc-decision", ""),
    "nobody said what the problem is": answer("disc-problem"),
    "a rule would do": verdict("disc-simpler", True),
    "there is no benefit": verdict("disc-benefit", ["none"]),
    "no benefit and more revenue cannot both be": verdict("disc-benefit", ["none", "more revenue"]),
    "that is no benefit of the list": verdict("disc-benefit", ["fame"]),
    "ML does not solve such problems": verdict("disc-fit", 1),
    "a grade of 9 of 5": verdict("disc-fit", 9),
    "half a grade": verdict("disc-fit", 3.5),
    "the owner takes no wrong answers": verdict("disc-imperfect", False),
    "a word where yes or no is asked": verdict("disc-imperfect", "maybe"),
    "nobody told them that it may fail": unchecked("disc-aware", "may fail"),
    "who decides did not accept it": unchecked("disc-aware", "accepted this in writing"),
    "not known is not met": answer("disc-decision", state="unknown"),
    "set aside without a reason": answer("disc-problem", state="not-applicable"),
    # ---- law
    "the use is banned": verdict("disc-risk-class", "prohibited"),
    "nobody checked the law": verdict("disc-risk-class", "not checked"),
    "the judgement ran out": (ANSWERS, "answers.disc-risk-class.valid_until", TODAY - DAY),
    "rights of people, and minimal risk?": verdict("disc-profile", ["affects people's rights or chances"]),
    "personal data outside all laws?": verdict("disc-risk-class", "outside these laws"),
    "two classes at a time": verdict("disc-risk-class", ["minimal risk", "high risk"]),
    "nothing and something are true of it": verdict("disc-profile", ["none of these", "generates content"]),
    "people label, and the profile denies it": verdict("data-labels", "must be made by people"),
    "a method writes texts, and the profile denies it": (PROJECT, "methods.trees.output", "content"),
    "personal data without a ground": (DATASET, "lawful_ground", GONE),
    "a ground of blanks": (DATASET, "lawful_ground", "  "),
    "nobody can have their data removed": unchecked("data-rights", "have their data removed"),
    "it should have been deleted": (DATASET, "delete_after", TODAY - DAY),
    # ---- the outcome
    "no goal": (PROJECT, "goals", GONE),
    "the goal is what we have": (PROJECT, GOAL + "target", 12.0),
    "the goal was due last year": (PROJECT, GOAL + "by", dt.date(2025, 11, 30)),
    "the goal has no end": (PROJECT, GOAL + "target", NAN),
    "who owns the goal is nobody in the plan": (PROJECT, GOAL + "owner", "gus"),
    "the promise is broken already": (PROJECT, "due", TODAY - DAY),
    "the unknown was to be known by now": (PROJECT, "unknowns.offer.due", TODAY - DAY),
    "briefed tomorrow": (PROJECT, "stakeholders.helga.briefed_on", TODAY + DAY),
    "feasibility will have been checked": (PROJECT, "stakeholders.helga.feasibility_checked_on", TODAY + DAY),
    "nobody has a stake": (PROJECT, "stakeholders", GONE),
    "aware to a degree that is none": (PROJECT, "stakeholders.helga.aware", 7),
    # ---- data
    "no data": (DATASET, "", GONE),
    "we may not use it": (DATASET, "access", "refused"),
    "looked at next year": (DATASET, "checked_on", dt.date(2027, 1, 4)),
    "looked at last year": (DATASET, "checked_on", dt.date(2025, 11, 2)),
    "nobody looked": (DATASET, "checked_on", GONE),
    "a part of it was never looked at": (DATASET, "explored", honest()[DATASET]["explored"][:-1]),
    "there are no rows": (DATASET, "rows", 0),
    "fewer rows than none": (DATASET, "rows", -5),
    "a grade of 11": (DATASET, "quality", 11),
    "an expert could not decide from it": verdict("data-signal", 1),
    "signal of 50 out of 5": verdict("data-signal", 50),
    "where the answers come from is not known": verdict("data-labels", "not known"),
    "how much the data costs was not said": answer("data-cost"),
    "data at a loss": verdict("data-cost", -12_000),
    "cost that its own figures deny": (
        ANSWERS,
        "answers.data-cost.values",
        {"items": 100_000, "labels per item": 3, "seconds per label": 30, "rate per hour": 15},
    ),
    "ten times the labels reviewed, or 10 %?": (
        ANSWERS,
        "answers.data-cost.values",
        {"review share": 10, "rework share": 0.05},
    ),
    "the truth comes in eleven years": verdict("data-truth-delay", 4_100),
    # ---- the stage
    "another stage than the project": verdict("stage-now", "growth"),
    "what it proves was not said": answer("stage-proof"),
    "no time": verdict("stage-timebox", 0),
    "less than no time": verdict("stage-timebox", -26),
    "fifty years": verdict("stage-timebox", 2_600),
    "time without end": verdict("stage-timebox", INF),
    "weeks in words": verdict("stage-timebox", "half a year"),
    "no cap": verdict("stage-cap", 0),
    "a cap below zero": verdict("stage-cap", -190_000),
    "a cap below the cost": verdict("stage-cap", 120_000),
    "a cap of a hundred times the cost": verdict("stage-cap", 19_000_000),
    "the strategy has another cap": (STRATEGY, "stages.mvp.cap", 90_000.0),
    # ---- money
    "nobody said what it is worth": answer("pri-gain"),
    "it is worth nothing": answer("pri-gain", values=dict.fromkeys(("low", "likely", "high"), 0)),
    "the gain has no range": answer("pri-gain", values=dict.fromkeys(("low", "likely", "high"), 580_000)),
    "the gain runs backwards": (ANSWERS, "answers.pri-gain.values.low", 900_000),
    "a gain without end": (ANSWERS, "answers.pri-gain.values.high", INF),
    "a gain that is no number": (ANSWERS, "answers.pri-gain.values.likely", NAN),
    "a gain of five trillion": (ANSWERS, "answers.pri-gain.values.high", 5e12),
    "a gain in words": (ANSWERS, "answers.pri-gain.values.likely", "a lot"),
    "an impact off the scale": answer("pri-gain", values={"impact": 100}),
    "the gain is a hundredth": answer("pri-gain", values={"low": 2_800, "likely": 5_800, "high": 10_000}),
    "it costs nothing": answer(
        "pri-cost",
        values={
            **{
                f"{stage}: {point}": 0
                for stage in ("to next gate", "after it")
                for point in ("low", "likely", "high")
            },
            "person-months to next gate": 7.5,
            "weeks to train and evaluate": 3,
        },
    ),
    "the cost runs backwards": (ANSWERS, f"{NEXT}high", 100_000),
    "a cost below zero": (ANSWERS, f"{NEXT}low", -115_000),
    "the cost after it was not said": (ANSWERS, "answers.pri-cost.values.after it: likely", GONE),
    "the weeks to train were not said": (
        ANSWERS,
        "answers.pri-cost.values.weeks to train and evaluate",
        GONE,
    ),
    "a thousand years of work": (ANSWERS, "answers.pri-cost.values.person-months to next gate", 12_000),
    "more months than there are people": (ANSWERS, "answers.pri-cost.values.person-months to next gate", 75),
    "running it eats the gain": (ANSWERS, "answers.pri-run.values.money per year to run", 700_000),
    "hours without number": (ANSWERS, "answers.pri-run.values.hours of upkeep per week", 5_000),
    "prevalence of 200 %, or 2 %?": (ANSWERS, MISS + "prevalence", 2),
    "recall of 33 or .33?": (ANSWERS, MISS + "recall", 33),
    "false alarms below none": (ANSWERS, MISS + "false-alarm rate", -0.07),
    "a share in words": (ANSWERS, MISS + "prevalence", "12 %"),
    "errors cost more than it earns": (ANSWERS, MISS + "cost of a miss", 500),
    "nothing speaks for the gain": verdict("pri-ev-value", "nothing"),
    "no evidence for the technique": verdict("pri-ev-tech", "nothing"),
    "a level that the ladder lacks": verdict("pri-ev-tech", "certain"),
    "the evidence is against the gain": answer("pri-ev-value", verdict="test", result="against"),
    "no builder was asked": unchecked("pri-reality", "named builders"),
    "the aim is to save the company": unchecked("pri-reality", "save or remake"),
    "complexity of 9": (ANSWERS, "answers.pri-complexity.values.complexity 1-5", 9),
    "simpler than its data": (PROJECT, "complexity", 1),
    "delay that pays": verdict("pri-delay", -8_000),
    "delay without end": (PROJECT, "cost_of_delay", INF),
    # ---- people, board, other records
    "a person of 8000 %": ("person /mira", "share", 80),
    "a day rate below zero": ("person /mira", "day_rate", -600.0),
    "a reserve of 1500 %": ("board /board", "funds.reserve", 15),
    "a load of 8000 %": ("board /board", "funds.planned_load", 80),
    "no money": ("board /board", "funds.budget", 0.0),
    "money without end": ("board /board", "funds.budget", INF),
    "a load beyond the day": (STRATEGY, "people.mira.share", 80),
    "led by nobody in the plan": (PROJECT, "lead", "gus"),
    "a skill that nobody has": (PROJECT, "effort", {"vision": 3.0}),
    "effort below zero": (PROJECT, "effort", {"ml": -3.0}),
    "a stage that is none": (PROJECT, "stage", "pilot"),
    "follows what is not there": (PROJECT, "follows", ["no-such-project"]),
    "work on data that is not there": (CARD, "datasets", ["no-such-data"]),
    "an estimate that runs backwards": (CARD, "estimate", [5, 3, 2]),
    "decided tomorrow": (DECISION, "date", TODAY + DAY),
    "the lead decides at the gate": (
        "decision churn/go",
        "",
        {
            "title": "Go",
            "gate": "gate-assess",
            "outcome": "go",
            "by": "mira",
            "why": "it is a good project",
            "date": TODAY,
        },
    ),
    "the metric will have been measured": (STRATEGY, "metrics.recall.measured_on", TODAY + DAY),
    "spent until next year": (STRATEGY, "budget", {"spent": 5.0, "spent_until": TODAY + DAY}),
    "the risk was to be looked at": ("risk churn/agents-busy", "review_by", TODAY - DAY),
    "on hold and nobody says why": (PROJECT, "state", "hold"),
    "a waiver by the lead": (
        PROJECT,
        "waivers",
        {
            "fit": {
                "item": "disc-fit",
                "approved_by": "mira",
                "reason": "pilot",
                "expires": dt.date(2027, 5, 1),
            }
        },
    ),
    "it trains for longer than the stage has": (
        ANSWERS,
        "answers.pri-cost.values.weeks to train and evaluate",
        60,
    ),
    "a gain by finding nothing": (ANSWERS, MISS + "recall", 0),
    "a gain where there is nothing to find": (ANSWERS, MISS + "prevalence", 0),
    "a figure that is not asked for": (ANSWERS, "answers.pri-run.values.monny", 5),
    "a grade of 7 with no evidence": answer("data-signal", verdict=7),
    # ---- evidence
    "a folder is no paper": (ANSWERS, "answers.pri-ev-value.evidence", ["docs"]),
    "a home page is no paper": (ANSWERS, "answers.pri-ev-value.evidence", ["https://example.com"]),
    "the paper is not there": (ANSWERS, "answers.pri-ev-tech.evidence", ["docs/nothing.md"]),
    "the paper is empty": (ANSWERS, "answers.pri-ev-value.evidence", ["docs/empty.md"]),
    "no paper at all": (ANSWERS, "answers.pri-ev-tech.evidence", GONE),
    # ---- what records and sentences must say
    "a dot is no sentence": verdict("disc-decision", "."),
    "x is no problem": verdict("disc-problem", "x"),
    "the stop rule is a dash": verdict("stage-proof", "-"),
    "set aside for a dot": answer("disc-problem", state="not-applicable", because="."),
    "the goal has no unit": (PROJECT, GOAL + "unit", GONE),
    "the goal has no start": (PROJECT, GOAL + "start", GONE),
    "the goal has no target": (PROJECT, GOAL + "target", GONE),
    "the goal has no date": (PROJECT, GOAL + "by", GONE),
    "more cancellations are wanted": (PROJECT, GOAL + "target", 15.0),
    "nobody decides": (PROJECT, "stakeholders.helga.interest", GONE),
    "nobody pays": (PROJECT, "stakeholders.finance.interest", "affected"),
    "the data belongs to nobody": (DATASET, "owner", GONE),
    "the data comes from nowhere": (DATASET, "origin", GONE),
    "nobody asked for the data": (DATASET, "access", GONE),
    "how many rows is not known": (DATASET, "rows", GONE),
    "personal or not?": (DATASET, "personal_data", GONE),
    "nobody leads": (PROJECT, "lead", GONE),
    # ---- figures held against each other
    "the proof of concept failed": verdict("stage-poc", "does not solve it"),
    "months of nobody": (ANSWERS, "answers.pri-cost.values.person-months to next gate", 0),
    "people cheaper than they are": ("person /mira", "day_rate", 9_000.0),
    "more gain than it touches": verdict("disc-reach", 12),
    "the truth comes after the stage": verdict("data-truth-delay", 900),
    "the goal is due before it is built": (PROJECT, GOAL + "by", TODAY + 20 * DAY),
}

HARMLESS: dict[str, Change] = {
    "more is known of the summary": (PROJECT, "summary", "Calls customers before they cancel"),
    "a tag": (PROJECT, "tags", ["retention"]),
    "a note": (DATASET, "notes", "joined by contract number"),
    "one more who benefits": (PROJECT, "stakeholders.shops", {"name": "Shops", "interest": "benefits"}),
    "data looked at today": (DATASET, "checked_on", TODAY),
    "better data": (DATASET, "quality", 5),
    "a lower cost": (ANSWERS, f"{NEXT}high", 170_000),
    "a share of exactly one": ("person /omar", "share", 1),
    "no false alarms at all": (ANSWERS, MISS + "false-alarm rate", 0),
    "a whole recall": (ANSWERS, MISS + "recall", 1.0),
    "a second goal": (
        PROJECT,
        "goals.calls",
        {
            "title": "More calls answered",
            "unit": "percent",
            "start": 60.0,
            "target": 80.0,
            "by": dt.date(2027, 12, 31),
            "owner": "helen",
        },
    ),
    "an absence": (
        "person /mira",
        "absences",
        {"leave": {"first": dt.date(2026, 12, 21), "last": dt.date(2026, 12, 31)}},
    ),
    "a longer list of reasons": (ANSWERS, "answers.disc-fit.because", "done for two other products"),
    "the unknown is answered": (PROJECT, "unknowns.offer.answer", "yes, for 4 of 10"),
}


def speaks(mutation: Change) -> bool:
    """Whether the gate is closed, or a finding that was not there before names the field or what it is in."""
    record, path, _ = mutation
    names = [name for name in path.split(".") if name not in ("answers", "values")] or [
        record.rpartition("/")[2]
    ]
    if record.startswith("person"):  # what is wrong with their days is said where they are counted on
        names.append(record.rpartition("/")[2])
    return is_seen(honest, seen_after(honest, mutation), names)


def is_seen(plan: Callable[[], Values], after: Seen, names: Iterable[str]) -> bool:
    """Whether a change of a plan has closed the gate, or made a finding that has one of the names."""
    new = after.findings - unchanged(plan).findings
    return not after.gate.is_open or any(
        name in f"{field} {message}" for field, message in new for name in names
    )


def test_the_honest_plan_passes_and_nothing_is_to_be_said_of_it() -> None:
    seen = unchanged(honest)
    assert (seen.gate.asks, seen.findings) == ([], set())


def test_enough_is_tried() -> None:
    assert len(HARMFUL) >= 60
    assert len(HARMLESS) >= 10
    touched = {record.partition(" ")[0] for record, _, _ in HARMFUL.values()}
    assert touched >= {
        "project",
        "assessment",
        "dataset",
        "person",
        "board",
        "strategy",
        "card",
        "decision",
        "risk",
    }


@pytest.mark.parametrize("says", HARMFUL)
def test_what_harms_is_seen(says: str) -> None:
    assert speaks(HARMFUL[says])


@pytest.mark.parametrize("says", HARMLESS)
def test_what_does_not_harm_is_left_alone(says: str) -> None:
    seen = seen_after(honest, HARMLESS[says])
    assert (seen.gate.asks, seen.findings) == ([], set())
