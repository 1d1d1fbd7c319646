"""A130 and A131: evidence that is named and not there, and claims that nothing backs.

Figures count neither already. What is found here says which field to mend.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..records.address import Address
from ..records.project import Project
from ..value.claims import claims
from ..value.counted import counted, sure
from ..value.proof import is_of_one_machine, named
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active


def evidence_not_there(project: Project, view: View) -> Iterator[Hit]:
    """Evidence of an answer that leads to nothing."""
    address = Address("assessment", project.id, "assessment")
    for name, answer in view.plan.answers(project.id).items():
        item = view.playbook.item(name)
        for one in counted(view.snapshot, item, answer).evidence if item is not None else ():
            if is_of_one_machine(one.text):
                yield Hit(
                    address,
                    f"{name} names {one.text} as evidence, which opens on one machine only",
                    ("answers", name, "evidence"),
                    f"keep it where others can read it: kedge answer {name} --evidence PATH",
                )
            if not one.counts:
                yield Hit(
                    address,
                    f"{name} names {one.text or 'nothing'} as evidence, which is {one.state}",
                    ("answers", name, "evidence"),
                    "write the file, name another one (kedge answer "
                    f"{name} --evidence PATH), or take it out (e on the board)",
                )


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
)
