"""A120, A121, A124, A126 and A127: statements that need a ground, and texts that are none.

Who says that law leaves no choice, that a use is of little risk, or why something is so, is believed for the reason
that is given. Where the reason is missing, is a sign, or is the same as elsewhere, nothing was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..assess.legal import lacks_duty, lacks_of_class
from ..plan.field_spec import shapes
from ..records.address import Address
from ..records.assessment import Answer
from ..records.base import Entry, Record, with_entries
from ..records.dataset import Dataset
from ..records.governance import Decision, Risk
from ..records.person import Person
from ..records.project import Constraint, Debt, Goal, Lesson, Method, Project, Stakeholder, Technique, Unknown
from ..records.strategy import Allocation, Metric, Milestone, Resource, StagePlan
from ..text.named import quoted
from ..text.wording import bare_words, is_placeholder, is_put_off, lacks_words
from ..value.project_figures import Answers
from ..value.proof import Named, State, named
from .assess import is_settled
from .rule import PLAYBOOK, Hit, Rule, View, per_active, per_record


def mandatory_without_ground(project: Project, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A project that law or contract is said to demand, without which."""
    if lacks := lacks_duty(project):
        yield Hit(
            project.address,
            f"mandatory: {lacks}",
            ("mandatory",),
            'kedge constraint add "THE LAW OR CONTRACT, AND WHAT IT DEMANDS" kind=regulation',
        )


def class_without_ground(project: Project, view: View) -> Iterator[Hit]:
    """A risk class without who judged it, a paper, or a day on which it is judged again, once money is asked for."""
    said = Answers(view.snapshot, project.id)
    if is_settled(project, said) and (lacks := lacks_of_class(said.answer("disc-risk-class"))):
        yield Hit(
            Address("assessment", project.id, "assessment"),
            "the legal risk class (disc-risk-class) is answered without "
            + "; ".join(f"{words} ({field})" for field, words in lacks),
            ("answers", "disc-risk-class", lacks[0][0]),
            "kedge answer disc-risk-class CLASS --because WHO --evidence PATH --valid-until DATE",
        )


SAME_REASONS = 3
"""So many answers with one reason were not thought about one by one; two may have one reason."""


def copied_text(project: Project, view: View) -> Iterator[Hit]:
    """One text as the answer to several questions, or as the reason of many."""
    verdicts, reasons = dict[str, list[str]](), dict[str, list[str]]()
    for name, answer in view.plan.answers(project.id).items():
        item = view.playbook.item(name)
        if item is not None and item.kind == "text" and isinstance(answer.verdict, str):
            verdicts.setdefault(bare_words(answer.verdict), []).append(name)
        if answer.because:
            reasons.setdefault(bare_words(answer.because), []).append(name)
    for field, found, least in (("verdict", verdicts, 2), ("because", reasons, SAME_REASONS)):
        for text, names in found.items():
            if len(names) >= least and not lacks_words(text):
                yield Hit(
                    Address("assessment", project.id, "assessment"),
                    f"{', '.join(names[1:])}: the same text as in {names[0]}",
                    ("answers", names[-1], field),
                    f"say what each of them asks: kedge assess {names[-1]}",
                )


TEXTS: Mapping[type[Entry], tuple[str, ...]] = {
    Allocation: ("role",),
    Answer: ("because",),
    Constraint: ("limit",),
    Dataset: ("title", "lawful_ground", "location", "licence"),
    Debt: ("what", "fix"),
    Decision: ("title", "why"),
    Goal: ("title", "unit"),
    Lesson: ("what", "why"),
    Method: ("title", "evidence"),
    Metric: ("title",),
    Milestone: ("title",),
    Person: ("name", "role"),
    Project: ("title", "summary"),
    Resource: ("title",),
    Risk: ("title", "action", "sign"),
    StagePlan: ("proves", "stop_if"),
    Stakeholder: ("name",),
    Technique: ("title",),
    Unknown: ("question", "answer", "cheapest_test"),
}
"""Texts that others rely on, by what they belong to."""
LISTS: Mapping[type[Entry], tuple[str, ...]] = {
    Dataset: ("gaps",),
    Decision: ("conditions",),
    Person: ("skills",),
    StagePlan: ("exit_criteria",),
}
"""The same for lists of texts: each of them is relied on."""
_KINDS_WITH_TEXTS = ("assessment", "dataset", "decision", "person", "project", "risk", "strategy")
_KINDS_WITH_LINKS = ("project", "dataset", "model", "decision", "risk", "review")
"""Kinds whose links show something that is claimed: of stakeholders, of data, of what is live, of what was decided."""


def says_nothing(record: Record, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A dot, a dash or an `x` where a text is relied on."""
    for path, entry in with_entries(record):
        for field in TEXTS.get(type(entry), ()):
            text = getattr(entry, field)
            if text and text.strip() and _stands_for_nothing(text) and not _is_enough(entry, field, text):
                what = shapes(type(entry))[field].words.lower()
                yield Hit(
                    record.address,
                    f"{path[-1] if path else record.id}: {quoted(text)} as {what} ({field}) says nothing",
                    (*path, field),
                    "write it in words, or leave it empty until it is known",
                )
        for field, text in _empty_parts(entry):
            yield Hit(
                record.address,
                f"{path[-1] if path else record.id}: {quoted(text)} among its {field} says nothing",
                (*path, field),
                "write it in words, or take it out",
            )


def _stands_for_nothing(text: str) -> bool:
    """Whether a text is a sign, a number alone, or words that put off what they should say."""
    return is_placeholder(text) or text.strip().isdecimal() or is_put_off(text)


def _empty_parts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Entries of lists that say nothing, each with its field."""
    for field in LISTS.get(type(entry), ()):
        yield from ((field, one) for one in getattr(entry, field) if is_placeholder(one))


def _is_enough(entry: Entry, field: str, text: str) -> bool:
    """Whether nothing more is wanted here: yes or no answers what is not known; A111 and A141 speak of their own."""
    match entry:
        case Unknown():
            return field == "answer" and text.strip().casefold() in ("yes", "no")
        case Answer():
            return entry.state is not None
        case Decision():
            return field == "why" and entry.gate is not None
        case _:
            return False


def link_not_there(record: Record, view: View) -> Iterator[Hit]:
    """A link of a record to a file that is not in the repository, or has nothing in it."""
    for path, entry in with_entries(record):
        for one in named(view.snapshot.files, getattr(entry, "links", ())):
            if _leads_nowhere(one):
                yield Hit(
                    record.address,
                    f"{path[-1] if path else record.id}: its link {one.text} is {one.state}",
                    (*path, "links"),
                    "write the file, correct the path, or take the link out",
                )


_OF_NO_PAGE = re.compile(r"(data|javascript|about):|\w+://$", re.IGNORECASE)
"""Addresses that lead nowhere. A home page and a mail address are links to look at."""
_NOWHERE = frozenset[State](
    (
        "not there",
        "empty",
        "only headings",
        "outside the repository",
        "ignored by git",
        "a link of one machine only",
        "a link with a user name in it",
    )
)


def _leads_nowhere(one: Named) -> bool:
    if one.state == "not a whole link":
        return _OF_NO_PAGE.match(one.text.strip()) is not None
    is_folder = one.state == "not there" and one.text.endswith("/")
    return one.state in _NOWHERE and not is_folder


RULES = (
    Rule(
        "A120",
        "mandatory-without-duty",
        "warning",
        "A mandatory project is never held against money. Which law or contract leaves no choice has to be known.",
        "Name the law or contract as a constraint of the kind regulation, or take the mark away.",
        PLAYBOOK + "pri-gain, gate-assess",
        "mandatory = true",
        per_active(mandatory_without_ground),
    ),
    Rule(
        "A121",
        "class-without-ground",
        "advice",
        "A legal risk class is a judgement of a person, on a paper, for a time. Without these it is a guess.",
        "Have it judged by the person who answers for it; write who, link the paper, and say until when it holds.",
        PLAYBOOK + "disc-risk-class",
        '[answers.disc-risk-class]\nverdict = "minimal risk"',
        per_active(class_without_ground, "assessment"),
    ),
    Rule(
        "A124",
        "copied-text",
        "warning",
        "One text for several questions was pasted to get on: at most one of them is answered.",
        "Say what each question asks for.",
        PLAYBOOK + "items",
        '[answers.stage-proof]\nverdict = "Customers leave and the desk cannot see which"',
        per_active(copied_text, "assessment"),
    ),
    Rule(
        "A126",
        "text-says-nothing",
        "warning",
        "A dot where a reason or a name belongs looks filled in, so that no one asks again.",
        "Write it in words, or leave it empty until it is known.",
        PLAYBOOK + "items",
        'lawful_ground = "n/a"',
        per_record(says_nothing, *_KINDS_WITH_TEXTS),
    ),
    Rule(
        "A127",
        "link-not-there",
        "advice",
        "Whoever follows the link finds nothing, and what it was to show is not shown.",
        "Write the file, correct the path, or take the link out.",
        PLAYBOOK + "scoring.evidence",
        'links = [\n  "docs/minutes.md",\n]',
        per_record(link_not_there, *_KINDS_WITH_LINKS),
    ),
)
