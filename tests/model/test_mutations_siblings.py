"""What a reviewer tries who has read the other mutations: several fields at once, and another honest project.

Every harmful one closes the gate or is a finding that names the field; no harmless one does either. Both are tried on
both plans, as far as the field is in both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from .honest import ANSWERS, DATASET, DECISION, PROJECT, STRATEGY, TODAY, Values, honest
from .sibling import MAILS, sibling
from .test_mutations import DAY, GOAL, GONE, MISS, NAN, NEXT, Change, is_seen, seen_after, unchanged, verdict
from .test_mutations_again import BRIEFED, HELGA, OFFER, dataset
from .test_mutations_more import CLASS, COST, RUN

D = dt.date
HONEST = honest()
SAID = HONEST[ANSWERS]["answers"]
GOAL_OF = HONEST[PROJECT]["goals"]["cancel"]
PLANS: dict[str, Callable[..., Values]] = {"honest": honest, "sibling": sibling}


def at_gate(**fields: Any) -> Change:
    """A decision at the gate."""
    go = {"title": "Go", "gate": "gate-assess", "outcome": "go", "by": "helen", "date": TODAY}
    return "decision churn/go", "", {**go, "why": "the board agreed to the costs", **fields}


def person(name: str, **fields: Any) -> Change:
    """One more person, who has a role that may decide."""
    return "person /other", "", {"name": name, "role": "gatekeeper", **fields}


def aside(*questions: str) -> list[Change]:
    """Questions that are said not to apply, by one who may say so."""
    reasons = ("the vendor shows it", "the law says it", "it was shown last year", "the stage shows it")
    return [
        (ANSWERS, f"answers.{name}", {"state": "not-applicable", "because": reason, "approved_by": "helen"})
        for name, reason in zip(questions, reasons, strict=True)
    ]


def papers(*names: str) -> list[Change]:
    """The same papers for every claim."""
    claims = ("pri-ev-value", "pri-ev-tech", "pri-ev-adopt")
    return [(ANSWERS, f"answers.{name}.evidence", [*names]) for name in claims]


def ground(text: str) -> list[Change]:
    return [(DATASET, "lawful_ground", text)]


def text(question: str, said: str) -> list[Change]:
    return [verdict(question, said)]


HARMFUL: dict[str, list[Change]] = {
    # ---- words that put off, hand back or repeat
    "a question for an answer": text("disc-decision", "what is decided, and by whom?"),
    "to do": text("disc-decision", "TODO: ask the shift leads what they would do"),
    "to be done, in small letters": text("stage-proof", "tbd - after the meeting with the board on Friday"),
    "it is in progress": text("disc-problem", "work in progress, see wiki"),
    "one text with a full stop more": text("stage-proof", SAID["disc-problem"]["verdict"] + "."),
    "one text, in capitals": text("stage-proof", SAID["disc-problem"]["verdict"].upper()),
    "one text, with other signs": text("stage-proof", SAID["disc-problem"]["verdict"].replace(";", " -")),
    "a goal to be defined": [(PROJECT, GOAL + "title", "to be defined")],
    "a unit that is a number": [(PROJECT, GOAL + "unit", "12")],
    "a unit of dots": [(PROJECT, GOAL + "unit", "...")],
    "data of nobody": [(DATASET, "owner", "nobody")],
    "data of someone": [(DATASET, "owner", "someone")],
    "terms that are a dash": [(DATASET, "licence", "-")],
    # ---- a ground that is none
    "a ground to come": ground("to be clarified with legal"),
    "a ground that was asked for": ground("ask legal"),
    "no ground needed": ground("not needed"),
    "a consent that is missing": ground("consent, pending"),
    "a consent to come": ground("consent is to be obtained"),
    "a ground that is open": ground("unclear"),
    "personal data for all": [(DATASET, "access", "open")],
    "explored before it was asked for": [(DATASET, "asked_on", D(2026, 11, 20))],
    "data of ten thousand trillion rows": [(DATASET, "rows", 10**16)],
    # ---- goals
    "better by a hair": [(PROJECT, GOAL + "target", 11.995)],
    "one goal twice": [(PROJECT, "goals.again", GOAL_OF)],
    "one goal twice, in capitals": [(PROJECT, "goals.again", {**GOAL_OF, "title": "FEWER  CANCELLATIONS."})],
    "more and fewer of the same": [
        (
            PROJECT,
            "goals.again",
            {**GOAL_OF, "title": "More room for offers", "target": 15.0, "better": "higher"},
        )
    ],
    "both ends swapped": [(PROJECT, GOAL + "start", 9.0), (PROJECT, GOAL + "target", 12.0)],
    "better is what is worse": [(PROJECT, GOAL + "better", "higher")],
    # ---- people
    "the lead in another script": [person("Мira Beck")],
    "the lead, turned around": [person("Beck, Mira")],
    "the lead by an initial": [person("M. Beck")],
    "the lead in one word decides": [person("mirabeck"), at_gate(by="other")],
    "the lead by their handle decides": [person("mbeck"), at_gate(by="other")],
    "the lead in another script decides": [person("Мira Вeck"), at_gate(by="other")],
    "the lead by mail decides": [person("mira.beck@example.org"), at_gate(by="other")],
    "the lead with a title decides": [person("Dr. Mira Beck"), at_gate(by="other")],
    "who builds pays and decides": [
        (PROJECT, HELGA + "name", "Omar Haddad"),
        (PROJECT, "stakeholders.finance.name", "O. Haddad"),
        (PROJECT, "stakeholders.mira.name", "Haddad, Omar"),
    ],
    "builders estimated, and none is there": [(PROJECT, "stakeholders.mira.interest", "runs")],
    "decided by one who comes tomorrow": [person("Ada Quist", start=TODAY + DAY), at_gate(by="other")],
    # ---- the gate
    "four questions that do not apply": aside("disc-fit", "disc-problem", "stage-proof", "data-labels"),
    "four waivers": [
        *(
            (ANSWERS, f"answers.{name}", GONE)
            for name in ("disc-fit", "disc-problem", "stage-proof", "data-labels")
        ),
        (
            PROJECT,
            "waivers",
            {
                name: {
                    "item": name,
                    "approved_by": "helen",
                    "reason": f"shown for {name}",
                    "expires": D(2027, 3, 1),
                }
                for name in ("disc-fit", "disc-problem", "stage-proof", "data-labels")
            },
        ),
    ],
    "no data are needed, and there are some": aside(
        "data-inventory", "disc-fit", "disc-problem", "stage-proof"
    )[:1],
    "no outcome applies, and there is a goal": aside(
        "disc-outcome", "disc-fit", "disc-problem", "stage-proof"
    )[:1],
    "decided before it began": [at_gate(date=D(2025, 1, 1))],
    "it was stopped, and goes on": [at_gate(outcome="kill", date=TODAY - DAY)],
    "it is to wait, and goes on": [at_gate(outcome="hold", date=TODAY - DAY)],
    "go, then stop": [at_gate(date=TODAY - 9 * DAY), ("decision churn/stop", "", at_gate(outcome="kill")[2])],
    "decided with a question": [at_gate(why="why should we not go on with it?")],
    "decided for go go go": [at_gate(why="go go go go")],
    "an unknown that changes nothing": [(PROJECT, OFFER + "could_change", "dec-nothing")],
    # ---- papers
    "two papers for everything": papers("docs/value.md", "docs/problem.md"),
    "one link for everything": papers("https://wiki.example.org/pilot"),
    "one paper, at three places in it": [
        (ANSWERS, f"answers.pri-ev-{name}.evidence", [f"docs/value.md#{name}"])
        for name in ("value", "tech", "adopt")
    ],
    "a link to this machine": [(ANSWERS, "answers.pri-ev-value.evidence", ["http://localhost:8888/run/3"])],
    "a link to this machine, by number": [
        (ANSWERS, "answers.pri-ev-tech.evidence", ["http://127.0.0.1/run/3"])
    ],
    "what was seen, as a path": [(ANSWERS, "answers.pri-ev-value.evidence", ["we saw it in the pilot"])],
    "the host without its scheme": [(ANSWERS, "answers.pri-ev-value.evidence", ["example.org/pilot"])],
    "a way out of the repository": [(ANSWERS, "answers.pri-ev-value.evidence", ["docs/../../value.md"])],
    "a path of another system": [(ANSWERS, "answers.pri-ev-value.evidence", ["docs\\value.md"])],
    "a home folder": [(ANSWERS, "answers.pri-ev-value.evidence", ["~/value.md"])],
    "no papers at all": [
        (ANSWERS, f"answers.{name}.evidence", [])
        for name in ("pri-ev-value", "pri-ev-tech", "pri-ev-adopt", "data-signal", "stage-poc", "pri-gain")
    ],
    # ---- figures
    "the gain has next to no range": [
        (ANSWERS, "answers.pri-gain.values", {"low": 620e3, "likely": 620e3, "high": 621e3})
    ],
    "the cost has next to no range": [(ANSWERS, f"{NEXT}low", 138e3), (ANSWERS, f"{NEXT}high", 138_500)],
    "afterwards in thousands": [
        (ANSWERS, f"{COST}after it: {point}", value)
        for point, value in (("low", 120), ("likely", 190), ("high", 280))
    ],
    "two weeks of people for all that money": [(ANSWERS, COST + "person-months to next gate", 0.4)],
    "running it was left out": [(ANSWERS, "answers.pri-run", GONE)],
    "the proof was left out": [(ANSWERS, "answers.stage-poc", GONE)],
    "a model without errors": [(ANSWERS, MISS + "recall", 1.0), (ANSWERS, MISS + "false-alarm rate", 0)],
    "a deep net for nothing": [
        (ANSWERS, "answers.data-compute", {"verdict": 0}),
        (PROJECT, "methods.trees.kind", "deep"),
    ],
    "no delay is a number": [(PROJECT, "cost_of_delay", NAN)],
    "a day of thirty hours": [("board /board", "calendar", {"hours_per_day": 30.0})],
    "a training below nothing": [(ANSWERS, "answers.data-compute", {"verdict": -5})],
    "cases in the billions": [(ANSWERS, MISS + "cases per year", 1.2e9)],
    # ---- law
    "texts of minimal risk": [
        verdict("disc-profile", ["generates content"]),
        verdict("disc-risk-class", "minimal risk"),
        (PROJECT, "methods.trees.output", "content"),
    ],
    "for each user, from data of none": [
        verdict("disc-profile", ["personalises per user"]),
        *((name, "personal_data", False) for name in (DATASET,)),
        (DATASET, "lawful_ground", GONE),
    ],
    "who judged it is a question": [(ANSWERS, CLASS + "because", "who should judge that?")],
    "the other data are refused": [dataset("crm", title="CRM", location="crm.x", access="refused")],
    "the other data have no ground": [dataset("crm", title="CRM", location="crm.x", lawful_ground=None)],
    "the other data were never seen": [
        dataset("crm", title="CRM", location="crm.x", explored=[], checked_on=None)
    ],
}

ONLY_ONE = {"for each user, from data of none"}
"""What the sibling's second dataset makes true again."""

OF_SIBLING: dict[str, list[Change]] = {
    "the letters belong to nobody": [(MAILS, "owner", "nobody")],
    "the letters were seen in 2024": [(MAILS, "checked_on", D(2024, 1, 9))],
    "the letters have no ground": [(MAILS, "lawful_ground", "to be checked")],
    "too little is known of each": [verdict("disc-personal", 1)],
    "whether it can be personal was left out": [(ANSWERS, "answers.disc-personal", GONE)],
    "the proof cannot move": [verdict("stage-poc-move", False)],
    "the second goal is over": [(PROJECT, "goals.time.by", D(2026, 1, 1))],
    "the second goal is half": [(PROJECT, "goals.time.target", GONE)],
    "the sponsor leads": [(PROJECT, "sponsor", "mira")],
    "the sponsor left": [
        (PROJECT, "sponsor", "gus"),
        ("person /gus", "", {"name": "Gus", "end": D(2026, 1, 1)}),
    ],
    "francs, and no rate": [(f"person /{name}", "day_rate", GONE) for name in ("mira", "omar", "helen")],
    "nothing was done about the cost of data": [verdict("data-cheaper", ["nothing yet"])],
    "the texts are outside these laws": [verdict("disc-risk-class", "outside these laws")],
}

HARMLESS: dict[str, list[Change]] = {
    "a question within an answer": text(
        "disc-problem",
        "12 of 100 cancel a year. Which ones? Agents call at random, and a rule finds 18 of 100",
    ),
    "a list of what is to be done": text(
        "disc-decision", "The agent's list of things to do is in the order of the score"
    ),
    "it works on consent": ground("consent, asked for at the contract"),
    "it is kept by law": ground("obligation: invoices have to be kept for ten years"),
    "interest, no consent needed": ground("legitimate interest, consent not needed (art. 6 1f)"),
    "data of a team with a long name": [(DATASET, "owner", "Someone Like You Ltd")],
    "data that are not renewed": [(DATASET, "refresh", "never")],
    "a unit of one letter": [(PROJECT, GOAL + "unit", "h")],
    "a small step": [(PROJECT, GOAL + "target", 11.8)],
    "a goal beside it in the same unit": [
        (PROJECT, "goals.late", {**GOAL_OF, "title": "Fewer late cancellations", "start": 3.0, "target": 2.0})
    ],
    "a namesake by the last name": [person("Ada Beck")],
    "a namesake by the first name": [person("Mira Quist")],
    "an owner in another script": [person("Ольга Веснина")],
    "a person with a mail address": [person("ada.quist@example.org")],
    "one question set aside": aside("disc-fit", "disc-problem", "stage-proof", "data-labels")[:1],
    "decided at the gate": [at_gate()],
    "waited, then decided": [
        at_gate(outcome="hold", date=TODAY - 9 * DAY),
        ("decision churn/then", "", at_gate()[2]),
    ],
    "asked for, then explored": [(DATASET, "asked_on", D(2026, 10, 20))],
    "a paper for two claims": [
        (ANSWERS, "answers.pri-ev-value.evidence", ["docs/value.md", "docs/adoption.md"])
    ],
    "a paper at a line": [(ANSWERS, "answers.pri-ev-value.evidence", ["docs/value.md:12"])],
    "a narrow range": [(ANSWERS, f"{NEXT}low", 136e3), (ANSWERS, f"{NEXT}high", 141e3)],
    "little after the gate": [
        (ANSWERS, f"{COST}after it: {point}", value)
        for point, value in (("low", 9e3), ("likely", 11e3), ("high", 15e3))
    ],
    "more upkeep": [(ANSWERS, RUN + "hours of upkeep per week", 9)],
    "a finder of all, with false alarms": [(ANSWERS, MISS + "recall", 1.0)],
    "a day of ten hours": [("board /board", "calendar", {"hours_per_day": 10.0})],
    "one more who pays": [(PROJECT, "stakeholders.sales", {**BRIEFED, "name": "Sales", "interest": "pays"})],
    "more words in a decision": [
        (DECISION, "why", "the north has the cleanest billing history, and the calmest spring")
    ],
    "a tag more": [(PROJECT, "tags", ["retention", "calls", "north"])],
    "a note of two pages": [(DATASET, "notes", "Joined by contract number. " * 200)],
    "a stage that says when it stops": [
        (STRATEGY, "stages.mvp.stop_if", "recall stays below 0.25 in week eight")
    ],
}
NOT_IN_SIBLING = {"a stage that says when it stops"}


def names_of(changes: list[Change]) -> set[str]:
    """What a finding may name: a field that was changed, or the record."""
    paths = {name for _, path, _ in changes for name in path.split(".")} - {"answers", "values", ""}
    whole = [(record, value) for record, path, value in changes if not path]
    names = {record.rpartition("/")[2] for record, _ in whole} | _people(changes)
    return paths | names | {field for _, value in whole if isinstance(value, dict) for field in value}


def _people(changes: list[Change]) -> set[str]:
    return {record.rpartition("/")[2] for record, _, _ in changes if record.startswith("person")}


def test_both_plans_are_honest() -> None:
    for name, plan in PLANS.items():
        seen = unchanged(plan)
        assert (name, seen.gate.asks, seen.findings) == (name, [], set())


def test_enough_is_tried() -> None:
    assert len(HARMFUL) + len(OF_SIBLING) >= 60
    assert len(HARMLESS) >= 15


ALL = [("honest", says) for says in HARMFUL] + [
    ("sibling", says) for says in (HARMFUL | OF_SIBLING) if says not in ONLY_ONE
]


@pytest.mark.parametrize(("plan", "says"), ALL)
def test_what_harms_is_seen(plan: str, says: str) -> None:
    changes = (HARMFUL | OF_SIBLING)[says]
    seen = seen_after(PLANS[plan], *changes)
    assert is_seen(PLANS[plan], seen, names_of(changes)), sorted(seen.findings)


QUIET = [
    (plan, says) for plan in PLANS for says in HARMLESS if plan == "honest" or says not in NOT_IN_SIBLING
]


@pytest.mark.parametrize(("plan", "says"), QUIET)
def test_what_does_not_harm_is_left_alone(plan: str, says: str) -> None:
    seen = seen_after(PLANS[plan], *HARMLESS[says])
    assert (seen.gate.asks, seen.findings) == ([], set())
