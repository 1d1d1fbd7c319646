"""More changes of the honest plan: what a reviewer tries who has seen the first hundred and sixty."""

from __future__ import annotations

import datetime as dt

import pytest

from .honest import ANSWERS, CARD, DATASET, PROJECT, STRATEGY, honest
from .test_mutations import GOAL, GONE, MISS, Change, answer, seen_after, speaks, verdict

D = dt.date
RUN, COST, CLASS = "answers.pri-run.values.", "answers.pri-cost.values.", "answers.disc-risk-class."
YEAR_AWAY = {"leave": {"first": D(2026, 12, 1), "last": D(2027, 12, 1)}}

HARMFUL: dict[str, Change] = {
    # ---- days of another century
    "the class holds for ever": (ANSWERS, CLASS + "valid_until", D(2099, 1, 1)),
    "an answer holds for ever": answer("disc-reach", verdict=120_000, valid_until=D(2126, 1, 1)),
    "a goal in forty years": (PROJECT, GOAL + "by", D(2066, 1, 1)),
    "begun before there was a web": (PROJECT, "started", D(1990, 1, 1)),
    "begins in five years": (PROJECT, "started", D(2031, 1, 1)),
    "promised for 2066": (PROJECT, "due", D(2066, 1, 1)),
    "a milestone in forty years": (STRATEGY, "milestones.poc.due", D(2066, 1, 1)),
    "a card in forty years": (CARD, "due", D(2066, 1, 1)),
    "a risk that is looked at in forty years": ("risk churn/agents-busy", "review_by", D(2066, 1, 1)),
    "found out in forty years": (PROJECT, "unknowns.offer.due", D(2066, 1, 1)),
    "data kept for a century": (DATASET, "delete_after", D(2126, 1, 1)),
    "decided in 1990": ("decision churn/scope", "date", D(1990, 1, 1)),
    "told in 1990": (PROJECT, "stakeholders.helga.briefed_on", D(1990, 1, 1)),
    "away for a century": (
        "person /mira",
        "absences",
        {"leave": {"first": D(2026, 12, 1), "last": D(2126, 12, 1)}},
    ),
    # ---- people who are not there
    "the lead has left": ("person /mira", "end", D(2026, 6, 1)),
    "who finds out has left": ("person /omar", "end", D(2026, 6, 1)),
    "who owns the goal has left": ("person /helen", "end", D(2026, 6, 1)),
    "the lead comes when it is over": ("person /mira", "start", D(2028, 6, 1)),
    "who finds out comes in forty years": ("person /omar", "start", D(2066, 6, 1)),
    "the lead is away all the time": ("person /mira", "absences", YEAR_AWAY),
    "who finds out is away all the time": ("person /omar", "absences", YEAR_AWAY),
    # ---- statements without a ground
    "no choice, says who?": (PROJECT, "mandatory", True),
    "who judged the class?": (ANSWERS, CLASS + "because", GONE),
    "a dot judged the class": (ANSWERS, CLASS + "because", "."),
    "where is that written?": (ANSWERS, CLASS + "evidence", GONE),
    "judged once and for all": (ANSWERS, CLASS + "valid_until", GONE),
    "one sentence for two questions": verdict(
        "disc-problem", honest()[ANSWERS]["answers"]["disc-decision"]["verdict"]
    ),
    "a ground that is x": (DATASET, "lawful_ground", "x"),
    "found out: a dot": (PROJECT, "unknowns.offer.answer", "."),
    "decided, for a dot": ("decision churn/scope", "why", "."),
    "a method without name": (PROJECT, "methods.rule.title", "."),
    "a project called x": (PROJECT, "title", "x"),
    "a person called x": ("person /helen", "name", "x"),
    "a remedy that is a dash": ("risk churn/agents-busy", "action", "-"),
    "lorem ipsum": verdict("disc-problem", "lorem ipsum dolor sit amet"),
    "later": verdict("disc-problem", "to be written later on"),
    "data shown by no file": (DATASET, "links", ["docs/nothing.md"]),
    "gone on unseen": (PROJECT, "phase", "execute"),
    # ---- next to nothing
    "three rows": (DATASET, "rows", 3),
    "no upkeep": (ANSWERS, RUN + "hours of upkeep per week", 0),
    "runs on air": (ANSWERS, RUN + "money per year to run", 0),
    "no prediction is allowed": (ANSWERS, RUN + "ceiling per 1000 predictions", 0),
    "trained in no time": (ANSWERS, COST + "weeks to train and evaluate", 0),
    "nothing after the gate": (
        ANSWERS,
        "answers.pri-cost.values",
        {
            **honest()[ANSWERS]["answers"]["pri-cost"]["values"],
            **{f"after it: {point}": 0 for point in ("low", "likely", "high")},
        },
    ),
    "a quarter of an hour of people": (ANSWERS, COST + "person-months to next gate", 0.01),
    "to miss all of them is free": (ANSWERS, MISS + "cost of a miss", 0),
    "to call all of them is free": (ANSWERS, MISS + "cost of a false alarm", 0),
    "it can wait for ever": verdict("pri-delay", 0),
    "labels that come later are there at once": verdict("data-truth-delay", 0),
    "work for nothing": ("person /mira", "day_rate", 0.0),
    "work for a penny": ("person /mira", "day_rate", 1.0),
    "half of the running cost": (ANSWERS, RUN + "hours of upkeep per week", GONE),
    "no ceiling": (ANSWERS, RUN + "ceiling per 1000 predictions", GONE),
    "recall without false alarms": (ANSWERS, MISS + "false-alarm rate", GONE),
    "people in euro, money in yen": ("board /board", "currency", "JPY"),
    # ---- two statements that cannot both be true
    "two figures for the delay": (PROJECT, "cost_of_delay", 9_000.0),
    "complexity 1 and 3": (ANSWERS, "answers.pri-complexity.values.complexity 1-5", 1),
    "a week costs what ten years bring": verdict("pri-delay", 8e6),
    "as good as the rule": (STRATEGY, "metrics.recall.target", 0.18),
    "worse than the rule": (STRATEGY, "metrics.recall.target", 0.1),
    "less recall is better": (STRATEGY, "metrics.recall.better", "lower"),
    "more than all contracts": (PROJECT, GOAL + "start", 1_200.0),
    "less than no contract": (PROJECT, GOAL + "target", -500.0),
    "every customer cancels": (ANSWERS, MISS + "prevalence", 1),
    "six times the rule": verdict("stage-baseline", 500),
    "five customers a year": (ANSWERS, MISS + "cases per year", 5),
    "a milestone two years after the end": (STRATEGY, "milestones.poc.due", D(2029, 1, 1)),
    "three days or twenty years": (CARD, "estimate", [2, 3, 5_000]),
    "access takes sixteen years": (DATASET, "approval_days", 4_000),
}

HARMLESS: dict[str, Change] = {
    "a goal in three years": (PROJECT, GOAL + "by", D(2029, 11, 30)),
    "the law is named": (
        PROJECT,
        "constraints.law",
        {"limit": "screening from July on", "kind": "regulation"},
    ),
    "a zero with its reason": answer(
        "pri-run",
        values={
            "money per year to run": 0,
            "hours of upkeep per week": 6,
            "ceiling per 1000 predictions": 5,
        },
        because="it runs on the machine of the nightly report",
    ),
    "three weeks of leave": (
        "person /omar",
        "absences",
        {"leave": {"first": D(2026, 12, 14), "last": D(2027, 1, 3)}},
    ),
    "a small dataset": (DATASET, "rows", 400),
    "found out: no": (PROJECT, "unknowns.offer.answer", "no"),
    "a person who left long ago": ("person /gus", "", {"name": "Gus Kolb", "end": D(2026, 1, 31)}),
    "a milestone a month earlier": (STRATEGY, "milestones.poc.due", D(2027, 2, 26)),
    "the same delay in both": (PROJECT, "cost_of_delay", 8_000.0),
    "a paper with a link": (DATASET, "links", ["docs/problem.md", "https://example.com/wiki/billing"]),
}


@pytest.mark.parametrize("says", HARMFUL)
def test_what_harms_is_seen(says: str) -> None:
    assert speaks(HARMFUL[says])


@pytest.mark.parametrize("says", HARMLESS)
def test_what_does_not_harm_is_left_alone(says: str) -> None:
    seen = seen_after(honest, HARMLESS[says])
    assert (seen.gate.asks, seen.findings) == ([], set())
