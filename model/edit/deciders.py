"""Who may decide: at a gate, that a question is set aside for a while, that it does not apply.

A gate is there so that a second person looks. That person is not who leads the project, under whatever id, is there at
the time, and has a part in which deciding belongs: a role that the gate names, or the money, or the last word.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import cast

from ..plan.plan import Plan
from ..playbook.gate import Gate
from ..playbook.item import Item
from ..playbook.playbook import Playbook
from ..records.governance import Decision
from ..records.person import Person
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..text.slug import name_words
from ..text.wording import lacks_words

DECIDING = ("decides", "pays")
"""Interests of stakeholders who may decide at every gate, as the sponsor may."""


def gate_of(playbook: Playbook, item: Item) -> Gate | None:
    """The gate at which a question is asked."""
    return next(iter(playbook.gates_asking(item)), None)


def lacks_to_decide(
    snapshot: Snapshot, project: Project, person: str | None, gate: Gate | None, on: dt.date | None = None
) -> str:
    """Why a person may not decide on a project at a gate on a day, in a line; empty where they may."""
    found = snapshot.plan.people.get(person or "")
    if person is None or found is None:
        return f"there is no person {person!r} in the plan" if person else "no person is named"
    if not project.lead:
        return (
            f"{project.id} has no lead, so it is not known who may decide: "
            f"kedge project set {project.id} lead=PERSON"
        )
    return (
        is_the_lead(snapshot.plan, project, person)
        or _is_away(found, on or snapshot.today)
        or _lacks_role(snapshot, project, found, gate)
    )


def is_the_lead(plan: Plan, project: Project, person: str) -> str:
    """That a person leads a project, maybe under another id; empty where they do not."""
    if person == project.lead:
        return f"{person} leads {project.id}"
    lead, other = plan.people.get(project.lead or ""), plan.people.get(person)
    if lead is not None and other is not None and same_name(lead.name, other.name):
        return f"{person} ({other.name}) has the name of {lead.id} ({lead.name}), who leads {project.id}"
    return ""


def who_may_decide(snapshot: Snapshot, project: Project, gate: Gate) -> list[Person]:
    """Everybody in the plan who may decide at a gate today."""
    people = snapshot.plan.people.values()
    return [one for one in people if not lacks_to_decide(snapshot, project, one.id, gate)]


def lacks_of_decision(snapshot: Snapshot, decision: Decision) -> list[tuple[str, str]]:
    """What keeps a recorded decision at a gate from counting: the field, and what is wrong with it."""
    project, gate = snapshot.plan.projects.get(decision.project), snapshot.playbook.gate(decision.gate or "")
    found: list[tuple[str, str]] = []
    if project is not None:
        wrong = lacks_to_decide(snapshot, project, decision.by, gate, decision.date)
        found += [("by", wrong)] if wrong else []
    if decision.date is None:
        found.append(("date", "no day says when it was decided"))
    elif decision.date > snapshot.today:
        found.append(("date", f"{decision.date} is ahead"))
    if not decision.outcome:
        found.append(("outcome", "no outcome is recorded"))
    for field, text in (("why", decision.why or ""), ("override", decision.override)):
        wrong = lacks_words(text) if text is not None else ""
        said = f"{text[:40]!r} as {field}" if text else f"no {field}"
        found += [(field, f"{said}: {wrong}")] if wrong else []
    return found


def decisions_at(snapshot: Snapshot, project: str, gate: str) -> list[Decision]:
    """The decisions of a project at a gate that count, by day."""
    found = (cast("Decision", one) for one in snapshot.plan.of_kind("decision", project))
    counting = [one for one in found if one.gate == gate and not lacks_of_decision(snapshot, one)]
    return sorted(counting, key=lambda one: (one.date or dt.date.min, one.id))


def same_name(first: str, second: str) -> bool:
    """Whether two names may be one person's: the words of one are among the other's, initials included."""
    shorter, longer = sorted((name_words(first), name_words(second)), key=len)
    if len(shorter) == 1 and len(longer) > 1 and shorter[0] in _handles(longer):
        return True
    left = list(longer)
    for word in sorted(shorter, key=len, reverse=True):
        fits = [one for one in left if one == word] or [
            one for one in left if min(len(one), len(word)) == 1 and one[0] == word[0]
        ]
        if not fits:
            return False
        left.remove(fits[0])
    return any(len(word) > 1 and word in longer for word in shorter)


def _handles(words: Sequence[str]) -> set[str]:
    """What a name of several words is written as in one: `mirabeck`, `beckmira`, `mbeck`, `mirab`."""
    first, last = words[0], words[-1]
    return {first + last, last + first, first[0] + last, first + last[0], last + first[0]}


def _is_away(person: Person, day: dt.date) -> str:
    if person.end is not None and person.end < day:
        return f"{person.id} left on {person.end}"
    if person.start is not None and person.start > day:
        return f"{person.id} is there from {person.start} on"
    return ""


def _lacks_role(snapshot: Snapshot, project: Project, person: Person, gate: Gate | None) -> str:
    if gate is None or not gate.roles or person.id == project.sponsor:
        return ""
    part = snapshot.plan.strategy(project.id).people.get(person.id)
    texts = (person.role, part.role if part is not None else None)
    titles = {_role(one.title): one.id for one in snapshot.playbook.roles}
    held = {_role(one) for text in texts if text for one in re.split(r"[,;/&+]| and ", text)}
    if {titles.get(one, one) for one in held}.intersection(gate.roles):
        return ""
    for one in project.stakeholders.values():
        if one.interest in DECIDING and (one.name == person.id or same_name(one.name, person.name)):
            return ""
    roles = " or ".join(gate.roles)
    return (
        f"{person.id} has no role that decides here ({roles}): kedge person set {person.id} "
        f"role={gate.roles[0]}, or kedge project set {project.id} sponsor={person.id}"
    )


def _role(text: str) -> str:
    return "-".join(re.findall(r"\w+", text.casefold()))
