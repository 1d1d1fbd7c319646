"""I101 to I105: cycles that end without a look back, or whose result changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..records.address import Address
from ..records.governance import Decision, Review
from ..records.project import Project
from ..text.figure import written
from ..value.claims import EVIDENCE_QUESTIONS
from ..value.project_figures import Answers
from .rule import PLAYBOOK, Hit, Rule, View, per_active, per_record

AGAINST = {"worse": ("supports",), "no difference seen": ("supports",), "better": ("against",)}
"""By verdict of the test in production, the ways of the evidence that contradict it."""


def cycle_without_review(project: Project, view: View) -> Iterator[Hit]:
    """A cycle that goes on although none was written down about the one before."""
    if project.cycle < 2 or view.unread("review", project.id):
        return
    reviews = [cast("Review", one) for one in view.plan.of_kind("review", project.id)]
    before = project.cycle - 1
    if all(one.cycle != before for one in reviews):
        yield Hit(
            project.address,
            f"cycle {project.cycle} goes on, and there is no review of cycle {before}",
            ("cycle",),
            f"kedge review add TITLE cycle={before} writes what came out of it",
        )


def missed_without_reason(review: Review, view: View) -> Iterator[Hit]:
    """A result that fell short of its target, and no word why."""
    metrics = view.plan.strategy(review.project).metrics
    for name, one in review.results.items():
        metric = metrics.get(name)
        if metric is None or one.target is None or one.actual is None or (one.why or "").strip():
            continue
        short = one.actual < one.target if metric.better == "higher" else one.actual > one.target
        if short:
            yield Hit(
                review.address,
                f"{name} came to {written(one.actual)}, {written(one.target)} was the target, and nothing says why",
                ("results", name, "actual"),
                f"kedge review set {review.id} results.{name}.why=TEXT",
            )


def decided_otherwise(review: Review, view: View) -> Iterator[Hit]:
    """A review that proposes one thing, and names a decision for another."""
    if not review.decision or not review.next:
        return
    decisions = [cast("Decision", one) for one in view.plan.of_kind("decision", review.project)]
    for one in decisions:
        # Before the first cycle a review may name the gate into it, whose outcomes have other names.
        is_outcome = one.gate is not None and one.gate == "gate-iterate"
        if one.id == review.decision and is_outcome and one.outcome and one.outcome != review.next:
            yield Hit(
                review.address,
                f"what follows is {review.next!r} here and {one.outcome!r} in the decision {one.id}",
                ("next",),
                "write what was decided; the decision itself is never rewritten",
            )


def lesson_shown_nowhere(project: Project, view: View) -> Iterator[Hit]:
    """A lesson that no other project can ever be shown."""
    del view
    for name, one in project.lessons.items():
        if one.what.strip() and not one.tags and not (one.applies_to or "").strip():
            yield Hit(
                project.address,
                f"the lesson {name} has no tags, so that no project is shown it",
                ("lessons", name, "what"),
                f"kedge lesson set {name} tags=+WORD, with a tag that other projects have",
            )


def evidence_against_result(project: Project, view: View) -> Iterator[Hit]:
    """Evidence for the value that says the opposite of what the test in production said."""
    question = EVIDENCE_QUESTIONS["value"]
    said = Answers(view.snapshot, project.id)
    verdict, claim = said.answer("tp-verdict"), said.answer(question)
    if verdict is None or claim is None or project.phase != "iterate":
        return
    way = claim.result or "supports"
    if way in AGAINST.get(str(verdict.verdict), ()):
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"the test in production said {str(verdict.verdict)!r}, and {question} still {_verb(way)} the value",
            ("answers", question, "verdict"),
            f"kedge review record {project.id} moves it by the result",
        )


def _verb(way: str) -> str:
    return {"supports": "supports", "against": "speaks against"}[way]


RULES = (
    Rule(
        "I101",
        "cycle-without-review",
        "advice",
        "A cycle that no one looked back on teaches the next one nothing: its estimates are guessed again.",
        "Write down what came out of it, even late: results, money, what to keep and what to change.",
        PLAYBOOK + "it-actual",
        'phase = "plan"\ncycle = 2',
        per_active(cycle_without_review, "review"),
    ),
    Rule(
        "I102",
        "missed-without-reason",
        "advice",
        "A target that was missed without a reason is missed again.",
        "Say in a few words what explains the difference.",
        PLAYBOOK + "it-actual",
        "[results.recall]\ntarget = 0.7\nactual = 0.6",
        per_record(missed_without_reason, "review"),
    ),
    Rule(
        "I103",
        "review-says-otherwise",
        "warning",
        "A review and the decision that it names cannot mean two things: one of them is read, and the other acted on.",
        "Write what was decided into the review.",
        PLAYBOOK + "it-decision",
        'decision = "stop"\nnext = "next stage"',
        per_record(decided_otherwise, "review"),
    ),
    Rule(
        "I104",
        "lesson-shown-nowhere",
        "advice",
        "Lessons travel by their tags: one without tags is never seen again.",
        "Give it a tag that projects of its kind have.",
        PLAYBOOK + "port-lessons",
        '[lessons.labels]\nwhat = "Labels came late"',
        per_record(lesson_shown_nowhere, "project"),
    ),
    Rule(
        "I105",
        "evidence-against-result",
        "warning",
        "Evidence that does not follow the result keeps a chance of success that production has refuted, or hides one "
        "that it has shown; the ranking goes by it.",
        "Move the level by the result: kedge review record does.",
        PLAYBOOK + "pri-ev-value",
        '[answers.tp-verdict]\nverdict = "worse"',
        per_active(evidence_against_result, "assessment"),
    ),
)
