"""Changes of the honest plan by kind: every field of every record that Assess reads, with what makes no sense in it.

A reviewer goes through them one by one: who answers for it, what two fields say of the same thing, which paper shows
it, whether a share is a percentage. Of each field only those kinds are here that nothing followed from before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from .honest import ANSWERS, CARD, DATASET, DECISION, PROJECT, STRATEGY, TODAY, honest
from .test_mutations import DAY, GOAL, GONE, MISS, Change, look, seen_after, speaks, verdict
from .test_mutations_more import COST, RUN

D = dt.date
HONEST = honest()
BRIEFED = HONEST[PROJECT]["stakeholders"]["helga"]
HELGA, OFFER, RISK = "stakeholders.helga.", "unknowns.offer.", "risk churn/agents-busy"
RECALL, POC, MVP = "metrics.recall.", "milestones.poc.", "stages.mvp."


def dataset(name: str, **fields: Any) -> Change:
    """Another dataset beside the honest one, which is like it but for some fields."""
    return f"dataset churn/{name}", "", {**HONEST[DATASET], **fields}


def column(**fields: Any) -> Change:
    return DATASET, "columns", {"amount": {"type": "float", **fields}}


def profile(**fields: Any) -> Change:
    return DATASET, "profile", {"source": "billing.parquet", **fields}


HARMFUL: dict[str, Change] = {
    # ---- who answers, who decides
    "who reaches the goal?": (PROJECT, GOAL + "owner", GONE),
    "who finds out?": (PROJECT, OFFER + "owner", GONE),
    "who watches the risk?": (RISK, "owner", GONE),
    "decided without a reason": (DECISION, "why", GONE),
    "decided for nothing": (DECISION, "why", "  "),
    "decided by whom?": (DECISION, "by", GONE),
    "decided when?": (DECISION, "date", GONE),
    "looked at again before it was decided": (DECISION, "next_review", D(2020, 1, 1)),
    "a decision called x": (DECISION, "title", "x"),
    "who leads pays": (PROJECT, "sponsor", "mira"),
    "who decides is who leads": (PROJECT, HELGA + "name", "Mira Beck"),
    "who decides is who leads, by id": (PROJECT, HELGA + "name", "MIRA "),
    "who pays is who leads": (PROJECT, "stakeholders.finance.name", "M. Beck"),
    "who leads gave the money": (STRATEGY, MVP + "approved_by", "mira"),
    "the lead once more": ("person /mira2", "", {"name": "mira  beck", "role": "gatekeeper"}),
    "a gatekeeper once more": ("person /helen-o", "", {"name": "HELEN OKAFOR", "role": "gatekeeper"}),
    "a role that is a dot": ("person /omar", "role", "."),
    "a part that is x": (STRATEGY, "people.mira.role", "x"),
    "data of helen in other letters": (DATASET, "owner", "HELEN"),
    "data of mira with a space": (DATASET, "owner", "mira "),
    "data that own themselves": (DATASET, "owner", "billing"),
    # ---- in which cycle
    "the cycle before the first": (PROJECT, "cycle", 0),
    "the ninety-ninth cycle": (PROJECT, "cycle", 99),
    "said in a cycle to come": (ANSWERS, "answers.disc-fit.cycle", 99),
    "said before the first cycle": (ANSWERS, "answers.disc-fit.cycle", 0),
    # ---- half of a record
    "no method to compare with": (PROJECT, "methods.rule.baseline", GONE),
    "no method is the simplest": (PROJECT, "methods.rule.baseline", False),
    "the rule is a deep net": (PROJECT, "methods.rule.kind", "deep"),
    "what kind of method?": (PROJECT, "methods.trees.kind", GONE),
    "built or bought?": (PROJECT, "methods.trees.origin", GONE),
    "half a method": (PROJECT, "methods.nets", {"title": "Nets"}),
    "what would the answer change?": (PROJECT, OFFER + "could_change", GONE),
    "how to find out?": (PROJECT, OFFER + "cheapest_test", GONE),
    "an unknown called tbd": (PROJECT, OFFER + "question", "tbd"),
    "who builds it?": (PROJECT, "stakeholders.mira.interest", GONE),
    "whom does it touch?": (PROJECT, "stakeholders.customers.interest", GONE),
    "half a second goal": (PROJECT, "goals.calls", {"title": "More calls", "owner": "helen"}),
    "half a dependency": (PROJECT, "dependencies", {"crm": {"what": "."}}),
    "waits for itself": (PROJECT, "dependencies", {"crm": {"giver": "churn", "taker": "churn", "what": "x"}}),
    "how good are the data?": (DATASET, "quality", GONE),
    "do they say anything?": (DATASET, "relevance", GONE),
    "can they be had?": (DATASET, "available", GONE),
    # ---- data that deny themselves
    "bought on which terms?": (DATASET, "origin", "bought"),
    "public on which terms?": (DATASET, "origin", "public"),
    "nothing personal, by contract": (DATASET, "personal_data", False),
    "explored without access": (DATASET, "access", "asked"),
    "deleted tomorrow": (DATASET, "delete_after", TODAY + DAY),
    "the same data twice": dataset("billing-copy", title="Invoices"),
    "more duplicates than rows": profile(duplicates=10**9),
    "a hash that is x": profile(sha256="x"),
    "rows of next year": profile(last_date=D(2027, 5, 1)),
    "as in production, in 2012": profile(first_date=D(2010, 1, 1), last_date=D(2012, 1, 1)),
    "nearly all of it is missing": column(critical=True, missing_share=0.99),
    "more values than rows": column(distinct=10**9),
    "more outliers than rows": column(outliers=10**9),
    "a dataset called x": (DATASET, "title", "x"),
    # ---- answers that deny each other
    "labels by people, and by themselves": verdict("disc-profile", ["labels made by people"]),
    "no labels, after 90 days": verdict("data-labels", "not needed"),
    "not run, and 80 % better": verdict("stage-poc", "not run"),
    "used by all, before it is built": verdict("pri-ev-adopt", "proven"),
    "worth it, as production showed": verdict("pri-ev-value", "proven"),
    "works, as production showed": verdict("pri-ev-tech", "proven"),
    "a hundred times as many people as cases": verdict("disc-reach", 12_000_000),
    "a trillion people": verdict("disc-reach", 1e12),
    "the months by skill are others": (PROJECT, "effort", {"ml": 3.0}),
    "promised for tomorrow": (PROJECT, "due", TODAY + DAY),
    "promised for today": (PROJECT, "due", TODAY),
    # ---- papers
    "where is the problem written?": (ANSWERS, "answers.disc-problem.evidence", GONE),
    "what settles the rights?": (ANSWERS, "answers.data-rights.evidence", []),
    "which error rate is accepted?": (ANSWERS, "answers.disc-imperfect.because", GONE),
    "sure, without a paper": (ANSWERS, "answers.disc-fit.confidence", "proven"),
    "pointing where it is not asked": (ANSWERS, "answers.disc-problem.result", "against"),
    "ticked where nothing is to tick": (ANSWERS, "answers.disc-problem.checked", ["x"]),
    "a link out of the repository": (DATASET, "links", ["../secret.md"]),
    "a link to this machine": (PROJECT, "links", ["/etc/passwd"]),
    "an address of this machine": (DECISION, "links", ["file:///etc/passwd"]),
    "half an address": (PROJECT, HELGA + "links", ["http://"]),
    "minutes that are not there": (RISK, "links", ["docs/nothing.md"]),
    "minutes that are empty": (RISK, "links", ["docs/empty.md"]),
    # ---- shares, and figures of another size
    "a share and a percentage": (STRATEGY, RECALL + "target", 36.0),
    "a limit in percent": (STRATEGY, RECALL + "limit", 30.0),
    "measured in percent": (STRATEGY, RECALL + "actual", 33.0),
    "a percentage as a share": (PROJECT, GOAL + "target", 0.09),
    "no one cancels any more": (PROJECT, GOAL + "target", 0.0),
    "more of mira than there is": ("person /mira", "share", 0.1),
    "more of omar than there is": (STRATEGY, "people.omar.share", 1.0),
    "a tie with the rule": verdict("stage-baseline", 0.001),
    "0.8 for 80 %": verdict("stage-baseline", 0.3),
    "a ceiling that eats the gain": (ANSWERS, RUN + "ceiling per 1000 predictions", 50_000),
    "no ceiling but infinity's": (ANSWERS, RUN + "ceiling per 1000 predictions", 1e12),
    "a cent of money to run it": (ANSWERS, RUN + "money per year to run", 0.01),
    "a minute of upkeep": (ANSWERS, RUN + "hours of upkeep per week", 0.001),
    "trained in a moment": (ANSWERS, COST + "weeks to train and evaluate", 1e-9),
    "weeks beyond all calendars": (ANSWERS, COST + "weeks to train and evaluate", 1e12),
    "a stage beyond all calendars": (STRATEGY, MVP + "weeks", 1e12),
    "a miss for next to nothing": (ANSWERS, MISS + "cost of a miss", 1e-9),
    "waiting for a cent": verdict("pri-delay", 0.01),
    "data for nothing": verdict("data-cost", 0),
    "data for a cent": verdict("data-cost", 0.01),
    "a milestone of twenty years": (STRATEGY, POC + "estimate", [2.0, 3.0, 5_000.0]),
    "twenty years are left": (CARD, "remaining", 5_000.0),
    "more approved than may be lost": (STRATEGY, MVP + "approved", 1e9),
    "more spent than may be lost": (STRATEGY, "budget", {"spent": 1e9, "spent_until": TODAY}),
    "a machine for more than may be lost": (
        STRATEGY,
        "resources",
        {"gpu": {"title": "GPU", "cost": 1e6, "stage": "mvp"}},
    ),
    "it may cost nothing": (ANSWERS, f"{COST}to next gate: low", 0),
    "it may cost a thousand or a hundred thousand": (ANSWERS, f"{COST}after it: low", 1_200),
    "finds one in a lifetime": (ANSWERS, MISS + "recall", 1e-9),
    "there is one in a lifetime": (ANSWERS, MISS + "prevalence", 1e-9),
    "a recall below none": (STRATEGY, RECALL + "actual", -1.0),
    "a minute of omar": (STRATEGY, "people.omar.share", 1e-9),
    "omar comes when it is over": (STRATEGY, "people.omar.start", D(2031, 1, 1)),
    "omar left before it began": (STRATEGY, "people.omar.end", D(2020, 1, 1)),
    "a skill that is a dot": ("person /omar", "skills", ["."]),
    "agreed with nothing": (DECISION, "conditions", ["tbd"]),
    "a gap without a name": (DATASET, "gaps", ["x"]),
    "it ends when x": (STRATEGY, MVP + "exit_criteria", ["x"]),
    "a trillion to give": ("board /board", "funds.budget", 1e12),
    "a stage that proves x": (STRATEGY, MVP + "proves", "x"),
    "a stop rule of dashes": (STRATEGY, MVP + "stop_if", "---"),
    "a metric called tbd": (STRATEGY, RECALL + "title", "tbd"),
    "a milestone called x": (STRATEGY, POC + "title", "x"),
}

HARMLESS: dict[str, Change] = {
    "a sponsor who does not lead": (PROJECT, "sponsor", "helen"),
    "a second one who decides": (PROJECT, "stakeholders.board", {**BRIEFED, "name": "Board"}),
    "who leads decides as well": (PROJECT, "stakeholders.lead", {**BRIEFED, "name": "Mira Beck"}),
    "a namesake with another name": ("person /mira-b", "", {"name": "Mira Bachmann"}),
    "data of a team": (DATASET, "owner", "Team Billing"),
    "other data at another place": dataset("calls", title="Calls", location="warehouse.calls"),
    "other tables in one place": dataset("calls", title="Calls", rows=80_000),
    "public, with terms": (DATASET, "licence", "CC-BY 4.0"),
    "deleted when the stage is over": (DATASET, "delete_after", D(2027, 12, 31)),
    "two simple methods": (PROJECT, "methods.trees.kind", "rule"),
    "a baseline that is no rule": (PROJECT, "methods.rule.kind", "classical"),
    "a risk that is over": (RISK, "state", "closed"),
    "a home page": (PROJECT, "links", ["https://wiki.example.org"]),
    "a mail address": (PROJECT, HELGA + "links", ["mailto:helga@example.org"]),
    "a folder of minutes": (PROJECT, "links", ["docs/"]),
    "a long text": verdict("disc-problem", "Twelve of a hundred cancel each year. " * 40),
    "in another language": verdict("disc-decision", "Die Beraterin ruft montags das oberste Zehntel an"),
    "in another script": verdict("disc-decision", "顧客担当が毎週月曜日に上位一割へ電話する"),
    "a goal on a Sunday": (PROJECT, GOAL + "by", D(2027, 11, 28)),
    "explored on a Saturday": (DATASET, "checked_on", D(2026, 11, 28)),
    "months by skill that add up": (PROJECT, "effort", {"ml": 4.0, "mlops": 3.5}),
    "half of the cancellations": (PROJECT, GOAL + "target", 6.0),
    "a recall of one": (STRATEGY, RECALL + "target", 1.0),
    "a share as a percentage, in its unit": (
        STRATEGY,
        "metrics.churn",
        {"title": "Churn rate", "unit": "percent", "baseline": 12.0, "target": 0.5, "better": "lower"},
    ),
    "a rehearsal": verdict("pri-ev-adopt", "rehearsal"),
    "approved within the cap": (STRATEGY, MVP + "approved", 150_000.0),
    "a machine within the cap": (
        STRATEGY,
        "resources",
        {"gpu": {"title": "GPU", "cost": 2_000.0, "quantity": 6.0, "per": "month", "stage": "mvp"}},
    ),
    "a milestone of half a year": (STRATEGY, POC + "estimate", [90.0, 120.0, 160.0]),
    "told in this cycle": (ANSWERS, "answers.disc-fit.cycle", 1),
    "a wide cost": (ANSWERS, f"{COST}to next gate: low", 40_000),
    "omar comes in spring": (STRATEGY, "people.omar.start", D(2027, 3, 1)),
    "a skill more": ("person /omar", "skills", ["c", "mlops", "r"]),
    "a small ceiling": (ANSWERS, RUN + "ceiling per 1000 predictions", 0.05),
    "sure, with a paper": (ANSWERS, "answers.data-signal.confidence", "test"),
}


@pytest.mark.parametrize("says", HARMFUL)
def test_what_harms_is_seen(says: str) -> None:
    assert speaks(HARMFUL[says])


@pytest.mark.parametrize("says", HARMLESS)
def test_what_does_not_harm_is_left_alone(says: str) -> None:
    seen = seen_after(honest, HARMLESS[says])
    assert (seen.gate.asks, seen.findings) == ([], set())


def test_one_paper_for_every_claim() -> None:
    def shown(papers: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        return look(
            honest(*((f"{ANSWERS}|answers|{name}|evidence", [*each]) for name, each in papers.items()))
        ).findings

    claims, one = ("pri-ev-value", "pri-ev-tech", "pri-ev-adopt"), ("docs/value.md",)
    (found,) = shown(dict.fromkeys(claims, one))
    assert found[0] == "answers.pri-ev-adopt.evidence"
    assert found[1] == "docs/value.md is the only evidence for value, technique, adoption"
    assert shown(dict.fromkeys(claims[:2], one)) == set()
    own = dict(zip(claims, ("legal", "problem", "adoption"), strict=True))
    assert shown({name: [*one, f"docs/{paper}.md"] for name, paper in own.items()}) == set()


def test_public_data_with_terms_are_no_finding() -> None:
    plan = honest((f"{DATASET}|origin", "public"), (f"{DATASET}|licence", "CC-BY 4.0"))
    assert not [message for field, message in look(plan).findings if field == "licence"]
