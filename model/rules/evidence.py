"""A130, A131, A195 and A196: evidence that is not there, not in git, or old, and claims that nothing backs.

Figures count neither of the first two already. What is found here says which field to mend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..plan.plan import Plan
from ..playbook.playbook import Playbook
from ..records.address import Address
from ..records.assessment import Answer
from ..records.project import Project
from ..snapshot.repository_files import LastChanges
from ..text.figure import written
from ..value.claims import claims
from ..value.counted import counted, sure
from ..value.project_figures import Answers
from ..value.proof import State, is_address, named, without_place
from .assess import is_settled
from .far_off import DAYS_OF_YEAR
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active, per_plan

_MENDS: Mapping[State, str] = {
    "only headings": "write down below them what was found",
    "ignored by git": "let git keep it (git add --force PATH)",
    "in another repository": "give its address in that repository",
    "a link of one machine only": "keep it where others can read it",
    "a link with a user name in it": "give the link without it: who may read it logs in there",
    "not a whole link": "give the whole link, with https:// and the path",
}
"""How evidence is mended that leads to something that does not count."""


def evidence_not_there(project: Project, view: View) -> Iterator[Hit]:
    """Evidence of an answer that leads to nothing."""
    address = Address("assessment", project.id, "assessment")
    for name, answer in view.plan.answers(project.id).items():
        item = view.playbook.item(name)
        for one in counted(view.snapshot, item, answer).evidence if item is not None else ():
            if not one.counts:
                yield Hit(
                    address,
                    f"{name} names {one.text or 'nothing'} as evidence, which is {one.state}",
                    ("answers", name, "evidence"),
                    f"{_MENDS.get(one.state, 'write the file')}, name another one (kedge answer "
                    f"{name} --evidence PATH), or take it out (e on the board)",
                )


def evidence_not_committed(project: Project, view: View) -> Iterator[Hit]:
    """Evidence that only this work tree has, of a project that asks for money."""
    if not is_settled(project, Answers(view.snapshot, project.id)):
        return
    for name, answer in view.plan.answers(project.id).items():
        for one in named(view.snapshot.files, answer.evidence):
            if one.state == "not committed":
                yield Hit(
                    Address("assessment", project.id, "assessment"),
                    f"{name} names {one.text} as evidence, which is not committed: no one else has it",
                    ("answers", name, "evidence"),
                    "git add it, and commit it with the plan",
                )


def evidence_old(plan: Plan, view: View) -> Iterator[Hit]:
    """Evidence that was last changed longer ago than its kind holds, and that no day says to be valid until."""
    answers = {
        (project.id, name): (one, tuple(map(_path, one.evidence)))
        for project in plan.projects.values()
        if project.state == "active"
        for name, one in plan.answers(project.id).items()
        # Of a link no age is known; it may be newer than the file beside it.
        if one.evidence
        and one.state is None
        and one.valid_until is None
        and not any(map(is_address, one.evidence))
    }
    # Asked once for all projects: git goes through its history for it.
    paths = sorted({path for _, found in answers.values() for path in found})
    changes: LastChanges = view.snapshot.files.changes(paths) if paths else {}
    for (project_id, name), (answer, found) in answers.items():
        if not all(path in changes for path in found):
            continue
        day, path = max((changes[path].day, path) for path in found)
        years = _years(view.playbook, answer)
        if (view.today - day).days > years * DAYS_OF_YEAR:
            yield Hit(
                Address("assessment", project_id, "assessment"),
                f"{name} rests on {path}, which was last changed on {day}, more than {written(years)} years ago",
                ("answers", name, "evidence"),
                f"name what is known today, or say until when it holds: kedge answer {name} --valid-until DATE",
            )


def _path(text: str) -> str:
    return without_place(text.strip())


def _years(playbook: Playbook, answer: Answer) -> float:
    """How long evidence of an answer is taken without asking."""
    scoring = playbook.scoring
    level = next((one for one in scoring.evidence if one.id == answer.verdict), None)
    return (level and level.max_age_years) or scoring.evidence_years


def claim_without_evidence(project: Project, view: View) -> Iterator[Hit]:
    """A claim above opinion that names no evidence, or whose day has passed."""
    address = Address("assessment", project.id, "assessment")
    answers = view.plan.answers(project.id)
    for name, answer in answers.items():
        item = view.playbook.item(name)
        found = counted(view.snapshot, item, answer) if item is not None and answer.state is None else None
        if found is not None and found.why and (not found.evidence or not found.is_current):
            field = "evidence" if found.is_current else "valid_until"
            yield Hit(
                address,
                f"{name} {found.words}",
                ("answers", name, field),
                f"kedge answer {name} --evidence PATH",
            )
        evidence = named(view.snapshot.files, answer.evidence)
        level, why = sure(view.playbook, answer, evidence)
        if why and answer.state is None:
            yield Hit(
                address,
                f"{name}: confidence is {answer.confidence} and counts as {level}: {why}",
                ("answers", name, "confidence"),
                f"kedge answer {name} --evidence PATH",
            )
    for one in claims(view.snapshot, project.id) if not view.unread("dataset", project.id) else ():
        if one.factor == "data" and one.why and not one.evidence:
            message = f"the evidence for the data: {one.words}"
            asked = "data-signal" in answers
            yield Hit(
                address if asked else project.address,
                message,
                ("answers", "data-signal", "evidence") if asked else (),
                one.way,
            )


RULES = (
    Rule(
        "A130",
        "evidence-not-there",
        "warning",
        "Evidence that cannot be read proves nothing: the answer counts as an opinion, or not at all.",
        "Write the file down where the answer says, name another one, or answer with what is known.",
        PLAYBOOK + "scoring.evidence",
        'evidence = [\n  "docs/agents.md",\n]',
        per_active(evidence_not_there, "assessment"),
    ),
    Rule(
        "A131",
        "claim-without-evidence",
        "advice",
        "Whoever decides at the gate believes what can be looked up. Everything else counts as an opinion.",
        "Name the file or the link where it can be read.",
        PLAYBOOK + "scoring.evidence",
        'verdict = "proven"',
        per_active(claim_without_evidence, *FIGURES),
    ),
    Rule(
        "A195",
        "evidence-not-committed",
        "advice",
        "Whoever decides at the gate looks the evidence up in git, and does not find there what is not committed.",
        "Commit the file together with the answer that names it.",
        PLAYBOOK + "scoring.evidence",
        'evidence = ["docs/poc.md"]',
        per_active(evidence_not_committed, "assessment"),
    ),
    Rule(
        "A196",
        "evidence-old",
        "advice",
        "Customers, data and prices change. What was shown years ago may not be so today.",
        "Check whether it still holds; name newer evidence, or say until when this one is taken as valid.",
        PLAYBOOK + "scoring.evidence_years, scoring.evidence",
        'evidence = ["docs/poc.md"]',
        per_plan(evidence_old, "assessment", "project"),
    ),
)
