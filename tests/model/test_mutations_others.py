"""What a reviewer tries in other languages, with other papers, and two at a time, on three honest plans.

Every harmful one closes the gate or is a finding that names the field; no harmless one does either.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from .forecasting import forecasting
from .honest import ANSWERS, CARD, DATASET, DECISION, PROJECT, STRATEGY, honest
from .test_mutations import GOAL, MISS, NEXT, Change, is_seen, seen_after, unchanged, verdict
from .test_mutations_again import HELGA, OFFER, POC, RECALL, RISK, dataset, profile
from .test_mutations_more import CLASS, COST, RUN
from .test_mutations_siblings import PLANS as BOTH
from .test_mutations_siblings import names_of

D = dt.date
PLANS = BOTH | {"forecasting": forecasting}
BOARD, MIRA = "board /board", "person /mira"


def papers(question: str, *names: str) -> Change:
    return ANSWERS, f"answers.{question}.evidence", [*names]


def reason(question: str, text: str) -> Change:
    return ANSWERS, f"answers.{question}.because", text


def waiver(**fields: Any) -> Change:
    given = {
        "item": "disc-fit",
        "approved_by": "helen",
        "reason": "the pilot ran well",
        "expires": D(2027, 5, 1),
    }
    return PROJECT, "waivers", {"fit": {**given, **fields}}


HARMFUL: dict[str, Change] = {
    # ---- words that put off, in other languages
    "to be added, in German": verdict("disc-decision", "wird noch mit dem Fachbereich ergänzt"),
    "see above, in German": verdict("disc-problem", "siehe oben und siehe unten"),
    "to be defined, in Spanish": verdict("disc-problem", "pendiente de definir más adelante"),
    "to be completed, in French": verdict("stage-proof", "à compléter plus tard"),
    "written later, in Japanese": verdict("disc-problem", "後で記入します"),
    "not known yet, in Russian": verdict("disc-problem", "пока не известно"),
    "decided later, in Arabic": verdict("disc-decision", "لاحقا سيتم التحديد"),
    "figures without words": verdict("disc-problem", "12 100 18 100 2026 33"),
    "one word four times": verdict("stage-proof", "proof proof proof proof"),
    "no information, in German": reason("disc-simpler", "k.A."),
    "a reason above": reason("disc-imperfect", "siehe oben"),
    "the class will be judged": (ANSWERS, CLASS + "because", "wird noch von der Rechtsabteilung geprüft"),
    "data of nobody, in German": (DATASET, "owner", "niemand"),
    "data of nobody, in Spanish": (DATASET, "owner", "nadie"),
    "data at a place unknown": (DATASET, "location", "unbekannt"),
    "refreshed some day": (DATASET, "refresh", "tbd"),
    "a goal that asks": (PROJECT, GOAL + "title", "What must get better?"),
    "a goal to be added": (PROJECT, GOAL + "title", "wird noch ergänzt"),
    "a stakeholder without a name": (PROJECT, HELGA + "name", "keine Angabe"),
    "a remedy to come": (RISK, "action", "wird noch festgelegt"),
    "an answer to come": (PROJECT, OFFER + "answer", "tbd"),
    "a test that is a question mark": (PROJECT, OFFER + "cheapest_test", "?"),
    "a waiver to be explained": waiver(reason="wird noch nachgereicht"),
    "a waiver of last year": waiver(expires=D(2026, 1, 1)),
    "a waiver for nothing": waiver(item="disc-fitt"),
    # ---- papers
    "a script for a paper": papers("pri-ev-value", "javascript:alert(1)"),
    "a file of one machine": papers("pri-ev-value", "file:///docs/value.md"),
    "a link with a password": papers("pri-ev-value", "https://mira:secret@wiki.example.org/12"),
    "a link to one machine": papers("pri-ev-tech", "http://notebook.localhost/run"),
    "a paper without name": papers("pri-ev-value", ""),
    # ---- figures
    "a share for money": (ANSWERS, "answers.pri-gain.values", {"low": 0.3, "likely": 0.6, "high": 1.0}),
    "yes for money": (ANSWERS, "answers.pri-gain.values.low", True),
    "words for money": (ANSWERS, "answers.pri-gain.values.low", "300k"),
    "a delay in words": verdict("pri-delay", "8k"),
    "the cost in thousands": (ANSWERS, f"{NEXT}likely", 138),
    "data in thousands": verdict("data-cost", 12),
    "more people than there are": (ANSWERS, COST + "person-months to next gate", 40),
    "trained for longer than the box": (ANSWERS, COST + "weeks to train and evaluate", 27),
    "a cap of just the cost": verdict("stage-cap", 138_000),
    "the box in days": verdict("stage-timebox", 180),
    "a cap of minus nothing": verdict("stage-cap", -0.0),
    "the truth before the prediction": verdict("data-truth-delay", -90),
    "the truth after the stage": verdict("data-truth-delay", 400),
    "worse than the rule": verdict("stage-baseline", -80),
    "a grade of nothing": verdict("data-infra-ready", 0),
    "a prevalence in percent": (ANSWERS, MISS + "prevalence", 12),
    "nearly all are to be found": (ANSWERS, MISS + "prevalence", 0.9999),
    "all are false alarms": (ANSWERS, MISS + "false-alarm rate", 1.0),
    "more false alarms than finds": (ANSWERS, MISS + "false-alarm rate", 0.5),
    "no cases": (ANSWERS, MISS + "cases per year", 0),
    "fewer cases than none": (ANSWERS, MISS + "cases per year", -1),
    "running it earns": (ANSWERS, RUN + "money per year to run", -60_000),
    "more hours than a week has": (ANSWERS, RUN + "hours of upkeep per week", 169),
    "a ceiling below nothing": (ANSWERS, RUN + "ceiling per 1000 predictions", -5),
    "complexity between the grades": (ANSWERS, "answers.pri-complexity.values.complexity 1-5", 3.7),
    "half a person is touched": verdict("disc-reach", 0.5),
    "a line that is not asked": (ANSWERS, "answers.disc-aware.checked", ["everything"]),
    "an answer to no question": (ANSWERS, "answers.disc-decisoin", {"verdict": "The agent calls them"}),
    # ---- data
    "as in production, and simulated": (DATASET, "origin", "simulated"),
    "half a row": (DATASET, "rows", 1.5),
    "data of another size": profile(rows=1_000_000),
    "seen before it began": (DATASET, "checked_on", D(2020, 1, 1)),
    "deleted before the end": (DATASET, "delete_after", D(2027, 1, 15)),
    # ---- people, days, board
    "told in 2019": (PROJECT, HELGA + "briefed_on", D(2019, 1, 1)),
    "aware to no degree": (PROJECT, HELGA + "aware", 0),
    "the goal is over before it begins": (PROJECT, GOAL + "by", D(2026, 9, 1)),
    "due before it is built": (PROJECT, "due", D(2027, 1, 31)),
    "led by a name": (PROJECT, "lead", "Mira Beck"),
    "it comes after itself": (PROJECT, "follows", ["churn"]),
    "nobody's time": (MIRA, "share", 0.0),
    "less than nobody's time": (MIRA, "share", -0.5),
    "a day for a flat": (MIRA, "day_rate", 60_000.0),
    "decided by one who is not there": (DECISION, "by", "gus"),
    "a chance of nine": (RISK, "chance", 9),
    "a milestone of last summer": (STRATEGY, POC + "due", D(2026, 7, 1)),
    "worse than before is the target": (STRATEGY, RECALL + "baseline", 0.5),
    "a way that is none": (STRATEGY, RECALL + "better", "bigger"),
    "all of it is held back": (BOARD, "funds.reserve", 1.0),
    "none of the time is planned": (BOARD, "funds.planned_load", 0.0),
    "money below nothing": (BOARD, "funds.budget", -1.0),
}

HARMLESS: dict[str, list[Change]] = {
    "told in German": [verdict("disc-problem", "12 von 100 kündigen im Jahr; die Berater rufen zufällig an")],
    "told in French": [verdict("disc-decision", "Le conseiller appelle chaque lundi le premier décile")],
    "told in Arabic": [verdict("disc-decision", "يتصل الموظف بالعملاء كل يوم اثنين")],
    "a reason in Russian": [reason("disc-imperfect", "лишний звонок стоит шесть евро")],
    "a team in German": [(DATASET, "owner", "Team Abrechnung Süd")],
    "a unit in German": [(PROJECT, GOAL + "unit", "Prozent der Verträge im Jahr")],
    "a goal in shares": [
        (PROJECT, GOAL + "unit", "share of contracts"),
        (PROJECT, GOAL + "start", 0.12),
        (PROJECT, GOAL + "target", 0.09),
    ],
    "a name with marks": [(MIRA, "name", "Mïra Bäck-Łoś")],
    "a name in another script": [("person /helen", "name", "大川ヘレン")],
    "more data, of the weather": [
        dataset(
            "weather",
            title="Weather",
            location="dwd/archive",
            origin="public",
            licence="CC-BY 4.0",
            personal_data=False,
            lawful_ground=None,
            delete_after=None,
            access="open",
        )
    ],
    "one more risk": [("risk churn/prices", "", {**honest()[RISK], "title": "Prices rise in spring"})],
    "one more method": [
        (
            PROJECT,
            "methods.lin",
            {"title": "Regression", "kind": "classical", "origin": "build", "output": "ranking"},
        )
    ],
    "one more decision": [
        ("decision churn/calls", "", {**honest()[DECISION], "title": "No offers in the pilot"})
    ],
    "whole numbers with a point": [(ANSWERS, f"{NEXT}low", 115_000.0), verdict("disc-fit", 4.0)],
    "lists in another order": [
        (DATASET, "explored", honest()[DATASET]["explored"][::-1]),
        (ANSWERS, "answers.disc-aware.checked", honest()[ANSWERS]["answers"]["disc-aware"]["checked"][::-1]),
    ],
    "notes": [(PROJECT, "notes", "Besprochen am Montag."), (CARD, "notes", "x y z")],
    "a link beside the paper": [papers("pri-ev-value", "docs/value.md", "https://wiki.example.org/pilot/3")],
    "an unknown answered in German": [(PROJECT, OFFER + "answer", "ja, bei 4 von 10")],
    "valid for half a year": [(ANSWERS, "answers.pri-ev-value.valid_until", D(2027, 6, 1))],
    "another owner of a card": [(CARD, "owner", "omar")],
    "the truth sooner": [verdict("data-truth-delay", 60)],
    "better machines": [verdict("data-infra-ready", 5)],
}


def _fits(plan: str, change: Change) -> bool:
    """Whether a plan has what is changed: a goal, a stage or a ground of another name is another change."""
    record, path, _ = change
    table: Any = PLANS[plan]().get(record, {})
    above = path.split(".")[:-1]
    for key in above if path else ():
        if key not in table:
            return key in ("waivers", "profile", "funds")
        table = table[key]
    return True


def test_the_third_plan_is_honest() -> None:
    seen = unchanged(forecasting)
    assert (seen.gate.asks, seen.findings) == ([], set())


SINGLE = [(plan, says) for plan in PLANS for says, change in HARMFUL.items() if _fits(plan, change)]


@pytest.mark.parametrize(("plan", "says"), SINGLE)
def test_what_harms_is_seen(plan: str, says: str) -> None:
    seen = seen_after(PLANS[plan], HARMFUL[says])
    assert is_seen(PLANS[plan], seen, names_of([HARMFUL[says]])), sorted(seen.findings)


def test_of_two_harms_both_are_seen() -> None:
    """One fault does not hide another: each pair of neighbours says what both say alone, or the gate is closed."""
    hidden = [
        (first, second)
        for first, second in pairwise(HARMFUL)
        for seen in [seen_after(honest, HARMFUL[first], HARMFUL[second])]
        if not all(is_seen(honest, seen, names_of([HARMFUL[one]])) for one in (first, second))
    ]
    assert len(HARMFUL) > 60
    assert hidden == []


QUIET = [
    (plan, says)
    for plan in PLANS
    for says, changes in HARMLESS.items()
    if all(_fits(plan, one) for one in changes)
]


@pytest.mark.parametrize(("plan", "says"), QUIET)
def test_what_does_not_harm_is_left_alone(plan: str, says: str) -> None:
    seen = seen_after(PLANS[plan], *HARMLESS[says])
    assert (seen.gate.asks, seen.findings) == ([], set())
