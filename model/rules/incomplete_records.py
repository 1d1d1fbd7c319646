"""A185, A188 and A189: records and answers of which a half is said, papers that are not, shares mixed with percent.

The gate asks for one record that says everything; of the others it is silent, and so each looks as if it counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..assess.records_asked import count_records, needed_datasets
from ..playbook.item import Item
from ..records.address import Address
from ..records.assessment import Answer
from ..records.dataset import Dataset
from ..records.kinds import ENTRIES
from ..records.project import Goal, Project
from ..records.strategy import Metric
from ..text.figure import written
from ..text.wording import is_placeholder
from ..value.claims import EVIDENCE_QUESTIONS, claims
from ..value.project_figures import Answers
from ..value.proof import without_place
from .assess import is_settled, other_data
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active

# ---- records

GRADES = ("available", "quality", "relevance")
OF_OTHERS = ("public", "bought")
"""Origins of data that come with terms."""
SIMPLICITY = ("rule", "classical", "pre-trained", "deep")
"""Families of methods, the simplest first."""


def half_a_record(project: Project, view: View) -> Iterator[Hit]:
    """A record that Assess asks for and that lacks what it asks, once money is asked for."""
    if project.phase != "assess" or not is_settled(project, Answers(view.snapshot, project.id)):
        return
    for step in view.playbook.steps_of("assess"):
        for item in view.playbook.items_of(step.id):
            # Where one record that lacks something holds the gate, the gate says so.
            if item.record and item.record != ("decision",) and not item.every:
                yield from _halves(project, view, item)
    yield from _baseline_not_simplest(project)
    for dataset in needed_datasets(view.plan, project):
        yield from _dataset_in_part(dataset)


def _halves(project: Project, view: View, item: Item) -> Iterator[Hit]:
    count, lacking, uncovered = count_records(view.snapshot, project.id, item)
    for one in lacking:
        where = ENTRIES.get(one.kind)
        address = project.address if where is not None else Address(one.kind, project.id, one.id)
        path = (where.section, one.id) if where is not None else ()
        yield Hit(
            address,
            f"{one}: it does not count for {item.id}",
            (*path, one.fields[0]),
            f"kedge {one.kind} set {one.id} {' '.join(f'{name}=…' for name in dict.fromkeys(one.fields))}",
        )
    where = ENTRIES.get(item.record[0])
    if count and uncovered and where is not None:
        yield Hit(
            project.address,
            f"{where.section}: none with {', '.join(uncovered)}, which {item.id} asks for",
            (where.section,),
            f"kedge assess {item.id} shows what is asked",
        )


def _baseline_not_simplest(project: Project) -> Iterator[Hit]:
    """A baseline that a simpler method of the list should be."""
    known = {key: one for key, one in project.methods.items() if one.kind in SIMPLICITY}
    places = {key: SIMPLICITY.index(str(one.kind)) for key, one in known.items()}
    baselines = {key: places[key] for key, one in known.items() if one.baseline}
    if baselines and min(baselines.values()) > min(places.values()):
        first, simpler = next(iter(baselines)), min(places, key=places.__getitem__)
        yield Hit(
            project.address,
            f"{first} is the baseline ({known[first].kind}), and {simpler} is simpler ({known[simpler].kind})",
            ("methods", first, "baseline"),
            f"kedge method set {simpler} baseline=yes: the simplest one is what the others have to beat",
        )


def _dataset_in_part(dataset: Dataset) -> Iterator[Hit]:
    """A dataset that was looked at and not graded, and one of others without their terms."""
    missing = [name for name in GRADES if getattr(dataset, name) is None]
    if dataset.checked_on is not None and dataset.access != "refused" and missing:
        yield Hit(
            dataset.address,
            f"{dataset.id} was explored on {dataset.checked_on}, and has no grade for {', '.join(missing)}",
            (missing[0],),
            f"kedge dataset set {dataset.id} {' '.join(f'{name}=1..5' for name in missing)}",
        )
    licence = (dataset.licence or "").strip()
    if dataset.origin in OF_OTHERS and (not licence or is_placeholder(licence)):
        yield Hit(
            dataset.address,
            f"{dataset.id} is {dataset.origin} (origin), and its licence is not set",
            ("licence",),
            f"kedge dataset set {dataset.id} licence=TERMS",
        )


# ---- papers

PAPERS: Mapping[str, str] = {
    "disc-problem": "where today's way and its cost can be read",
    "data-rights": "the paper that settles them",
}
"""Questions that ask for a paper, and which."""
NAMED: Mapping[str, str] = {"disc-imperfect": "the error rate that the owner accepts"}
"""Questions whose answer needs a reason, and what it is to name."""


def no_paper_of_its_own(project: Project, view: View) -> Iterator[Hit]:
    """An answer without the paper or the words that its question asks for, and one paper for every claim."""
    said, address = Answers(view.snapshot, project.id), Address("assessment", project.id, "assessment")
    if not is_settled(project, said):
        return
    for question, what in PAPERS.items():
        answer = said.answer(question)
        if answer is not None and _says_something(answer) and not answer.evidence:
            yield Hit(
                address,
                f"{question} names no evidence: {what}",
                ("answers", question, "evidence"),
                f"kedge answer {question} --evidence PATH",
            )
    for question, what in NAMED.items():
        answer = said.answer(question)
        if answer is not None and answer.verdict is True and not (answer.because or "").strip():
            yield Hit(
                address,
                f"{question} is yes, and does not name {what} (because)",
                ("answers", question, "because"),
                f'kedge answer {question} yes --because "RATE, AND WHAT ONE ERROR COSTS"',
            )
    if project.cycle > 1:
        return  # what came out of a cycle in production may show all three
    papers = [
        {without_place(paper.text.strip()) for paper in one.evidence if paper.counts}
        for one in claims(view.snapshot, project.id)
        if one.factor in EVIDENCE_QUESTIONS
    ]
    if papers[0] and all(each == papers[0] for each in papers):
        yield Hit(
            address,
            f"{', '.join(sorted(papers[0]))} is the only evidence for {', '.join(EVIDENCE_QUESTIONS)}",
            ("answers", EVIDENCE_QUESTIONS["adoption"], "evidence"),
            "name for each the paper that says so: that it works is no evidence that it is used",
        )


def _says_something(answer: Answer) -> bool:
    return bool(answer.verdict or answer.checked)


# ---- shares

MEASURES = frozenset(
    {"recall", "precision", "accuracy", "auc", "f1", "specificity", "sensitivity"}
    | {"share", "rate", "proportion", "prevalence"}
)
"""Words in the name of a measure that is a part of a whole."""
APART = 50
"""How many times as much a percentage may be as another one of the same thing; a hundred is the slip."""
LEAST_SHARE = 0.01
"""Of a person's time: less is half an hour a week. Our own."""
PERCENT = ("percent", "%", "share")


def share_or_percent(project: Project, view: View) -> Iterator[Hit]:
    """A share mixed with a percentage, a target that allows no error, more of a person's time than they have."""
    strategy, address = view.plan.strategy(project.id), Address("strategy", project.id, "strategy")
    for key, metric in strategy.metrics.items():
        for field, message in _mixed(metric):
            yield Hit(
                address,
                f"{metric.label or key}: {message}",
                ("metrics", key, field),
                "write all of them as shares, or all as percentages: 2 % is 0.02",
            )
    for key, goal in project.goals.items():
        for field, message in _beyond_belief(goal):
            yield Hit(
                project.address,
                f"{goal.label or key}: {message}",
                ("goals", key, field),
                "correct the figure, or the unit",
            )
    for name, part in strategy.people.items():
        person = view.plan.people.get(name)
        if part.share is not None and part.share < LEAST_SHARE:
            yield Hit(
                address,
                f"{name} gives {written(part.share)} of their time to {project.id}: that is none",
                ("people", name, "share"),
                f"take them out, or say how much they give: kedge allocation set {name} share=…",
            )
        if person is not None and part.share is not None and part.share > person.share:
            yield Hit(
                address,
                f"{name} gives {written(part.share)} of their time to {project.id}, and has a share of "
                f"{written(person.share)} for all projects",
                ("people", name, "share"),
                f"correct one of them: kedge person set {name} share=…",
            )


def _mixed(metric: Metric) -> Iterator[tuple[str, str]]:
    """Values of a share of which one is above the whole."""
    unit = (metric.unit or "").casefold()
    if unit.startswith(PERCENT[:2]) or MEASURES.isdisjoint(f"{metric.label} {unit}".casefold().split()):
        return
    values = {name: getattr(metric, name) for name in ("baseline", "target", "kill", "limit", "actual")}
    shares = {name: value for name, value in values.items() if value is not None and 0 < value <= 1}
    for name, value in values.items():
        if value is not None and value < 0:
            yield name, f"{name} is {written(value)}, and a part is never below 0"
        elif value is not None and shares and value > 1:
            other = next(iter(shares))
            yield (
                name,
                f"{name} is {written(value)}, and {other} is {written(shares[other])}: a share or percent?",
            )


def _beyond_belief(goal: Goal) -> Iterator[tuple[str, str]]:
    """A percentage that is to become another order of magnitude, or that no error is left of."""
    start, target, unit = goal.start, goal.target, (goal.unit or "").casefold()
    if start is None or target is None or not unit.startswith(PERCENT):
        return
    if start > 0 and target > 0 and max(start, target) > APART * min(start, target):
        yield "target", f"from {written(start)} to {written(target)} {goal.unit}: a share or percent?"
    elif target == 0 < start:
        yield "target", f"a target of 0 {goal.unit} allows no error, and every model makes some"


RULES = (
    Rule(
        "A185",
        "half-a-record",
        "advice",
        "Half a record looks as if it counted: a goal without a date, a method without its family, data not graded.",
        "Say the rest, or take the record out.",
        PLAYBOOK + "disc-outcome, disc-stakeholders, disc-methods, disc-unknowns, data-inventory",
        '[methods.trees]\ntitle = "Boosted trees"',
        per_active(half_a_record, "card", *FIGURES, matters=other_data),
    ),
    Rule(
        "A188",
        "no-paper-of-its-own",
        "advice",
        "Whoever decides at the gate reads the papers. One for everything, or none, shows one claim at most.",
        "Name for each the file or the link where it can be read.",
        PLAYBOOK + "disc-problem, disc-imperfect, data-rights, scoring.evidence",
        '[answers.disc-problem]\nverdict = "agents call at random, and 12 of 100 leave"',
        per_active(no_paper_of_its_own, *FIGURES),
    ),
    Rule(
        "A189",
        "share-or-percent",
        "warning",
        "A share beside a percentage is a hundred times too much or too little, and every comparison with it is wrong.",
        "Write all as shares, or all as percentages.",
        PLAYBOOK + "disc-outcome, pf-metrics; the limits are our own",
        "baseline = 0.18\ntarget = 36.0",
        per_active(share_or_percent, "strategy", "person"),
    ),
)
