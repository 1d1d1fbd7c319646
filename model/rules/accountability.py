"""A180 to A184: who answers for something, who says so, and in which cycle.

Two people are wanted where one leads and the other pays or decides. A name that is missing, or that is the same
person's once more, leaves that to no one; so does a decision without a reason, a day or a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..edit.deciders import DECIDING, is_the_lead, same_name
from ..plan.plan import Plan
from ..records.address import Address
from ..records.base import Entry
from ..records.governance import Decision, Risk
from ..records.project import Project, Unknown
from ..text.slug import name_words
from ..value.project_figures import Answers
from .assess import is_settled
from .rule import PLAYBOOK, Hit, Rule, View, per_active, per_plan, per_project


def no_one_answers(project: Project, view: View) -> Iterator[Hit]:
    """A goal, an open unknown or an open risk without the person who answers for it, once money is asked for."""
    if not is_settled(project, Answers(view.snapshot, project.id)):
        return
    owned: list[tuple[Address, tuple[str, ...], str, Entry]] = []
    for section, entries in (("goals", project.goals), ("unknowns", project.unknowns)):
        owned += [(project.address, (section, key), section[:-1], one) for key, one in entries.items()]
    owned += [(one.address, (), "risk", one) for one in view.plan.of_kind("risk", project.id)]
    for address, path, kind, one in owned:
        if getattr(one, "owner", None) is None and _is_open(one):
            name = path[-1] if path else address.id
            yield Hit(
                address,
                f"{name}: no one answers for it (owner)",
                (*path, "owner"),
                f"kedge {kind} set {name} owner=PERSON",
            )


def _is_open(one: Entry) -> bool:
    match one:
        case Unknown():
            return one.answer is None
        case Risk():
            return one.state == "open"
        case _:
            return True


def decision_without_ground(project: Project, view: View) -> Iterator[Hit]:
    """A decision, not at a gate, without a person, a day or a reason; a review of it before it was taken."""
    if not is_settled(project, Answers(view.snapshot, project.id)):
        return
    for record in sorted(view.plan.of_kind("decision", project.id), key=lambda one: one.id):
        one = cast("Decision", record)
        said = {"why": (one.why or "").strip(), "by": one.by, "date": one.date}
        lacks = [field for field, value in said.items() if not value]
        if lacks and one.gate is None:
            yield Hit(
                one.address,
                f"{one.id} does not say {', '.join(lacks)}",
                (lacks[0],),
                f"kedge decision set {one.id} {' '.join(f'{field}=…' for field in lacks)}",
            )
        if one.date is not None and one.next_review is not None and one.next_review <= one.date:
            yield Hit(
                one.address,
                f"{one.id}: next_review is {one.next_review}, and it was decided on {one.date}",
                ("next_review",),
                "set a day after the decision, or leave it out",
            )


def same_person_twice(project: Project, view: View) -> Iterator[Hit]:
    """A lead who is the sponsor, the only one who decides or pays, or who approved the money of a stage."""
    if not is_settled(project, Answers(view.snapshot, project.id)) or not project.lead:
        return
    hint = "name another person: the lead asks for money, and someone else gives it"
    if project.sponsor and (wrong := is_the_lead(view.plan, project, project.sponsor)):
        yield Hit(project.address, f"{wrong}, and is the sponsor", ("sponsor",), hint)
    for interest in DECIDING:
        found = {key: one.name for key, one in project.stakeholders.items() if one.interest == interest}
        if found and all(_names_the_lead(project, view, name) for name in found.values()):
            key = next(iter(found))
            yield Hit(
                project.address,
                f"{key}: {found[key]} {interest}, and leads {project.id}; no one else {interest}",
                ("stakeholders", key, "name"),
                hint,
            )
    yield from _builder_pays(project, hint)
    for stage, one in view.plan.strategy(project.id).stages.items():
        if one.approved_by and (wrong := is_the_lead(view.plan, project, one.approved_by)):
            yield Hit(
                Address("strategy", project.id, "strategy"),
                f"{wrong}, and approved the money of stage {stage}",
                ("stages", stage, "approved_by"),
                hint,
            )


def _builder_pays(project: Project, hint: str) -> Iterator[Hit]:
    """Everyone who decides and pays is a person who builds."""
    roles = project.stakeholders
    builders = [one.name for one in roles.values() if one.interest == "builds"]
    giving = {key: one.name for key, one in roles.items() if one.interest in DECIDING}
    if giving and all(any(same_name(name, other) for other in builders) for name in giving.values()):
        key = next(iter(giving))
        yield Hit(
            project.address,
            f"{key}: {giving[key]} builds it, and no one else {' or '.join(DECIDING)}",
            ("stakeholders", key, "name"),
            hint,
        )


def _names_the_lead(project: Project, view: View, name: str) -> bool:
    """Whether a stakeholder is the lead, by id or by name."""
    lead = view.plan.people.get(project.lead or "")
    return name.strip().casefold() == project.lead or (lead is not None and same_name(lead.name, name))


def two_ids_one_name(plan: Plan, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A person with the name of another one: counted twice, and free to approve their own work."""
    first: dict[str, str] = {}
    people = sorted(plan.people.values(), key=lambda one: one.id)
    for person in people:
        words = name_words(person.name)
        other = first.setdefault(" ".join(sorted(words)) or person.name.casefold(), person.id)
        if other == person.id and any(len(word) == 1 for word in words):
            named = (one.id for one in people if one is not person and same_name(one.name, person.name))
            other = next(named, person.id)
        if other != person.id:
            yield Hit(
                person.address,
                f"{person.id} has the name of {other} ({person.name.strip()})",
                ("name",),
                f"take one of them out (kedge remove {person.id}), or write what tells them apart into the name",
            )


def cycle_not_counted(project: Project, view: View) -> Iterator[Hit]:
    """A cycle before the first one, and an answer of a cycle that has not begun."""
    if project.cycle < 1:
        yield Hit(
            project.address,
            f"cycle {project.cycle}: cycles are counted from 1",
            ("cycle",),
            f"kedge project set {project.id} cycle=1",
        )
    for name, answer in view.plan.answers(project.id).items():
        now = max(project.cycle, 1)
        if answer.cycle is not None and not 1 <= answer.cycle <= now:
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"{name} was said in cycle {answer.cycle}, and the project is in cycle {project.cycle}",
                ("answers", name, "cycle"),
                f"write the cycle in which it was said: kedge set assessment answers.{name}.cycle={now}",
            )


RULES = (
    Rule(
        "A180",
        "no-one-answers",
        "advice",
        "What no one answers for is found out, watched and reached by no one.",
        "Name the person who answers for it.",
        PLAYBOOK + "disc-outcome, disc-unknowns, strat-risks",
        '[unknowns.offer]\nquestion = "Does a call by itself keep customers?"',
        per_active(no_one_answers, "assessment", "risk"),
    ),
    Rule(
        "A181",
        "decision-without-ground",
        "advice",
        "A decision that does not say who took it, when and why is taken again by whoever disagrees.",
        "Write who decided, when and why, as long as it is remembered.",
        PLAYBOOK + "rule-trail",
        'title = "One region first"',
        per_active(decision_without_ground, "assessment", "decision"),
    ),
    Rule(
        "A182",
        "same-person-twice",
        "advice",
        "The one who asks for money and the one who gives it are two people, so that one of them can say no.",
        "Name another person as sponsor, as the one who decides, or as the one who approved.",
        PLAYBOOK + "gate-assess",
        'sponsor = "mira"',
        per_active(same_person_twice, "assessment", "person", "strategy"),
    ),
    Rule(
        "A183",
        "two-ids-one-name",
        "advice",
        "One person under two ids is planned twice, and may approve under the one what the other asks for.",
        "Keep one of the two, or write what tells them apart into the name.",
        PLAYBOOK + "gate-assess",
        'name = "Mira Beck"',
        per_plan(two_ids_one_name, "person"),
    ),
    Rule(
        "A184",
        "cycle-not-counted",
        "warning",
        "By its cycle an answer counts, is asked again or is over. One that is ahead is never asked again.",
        "Write the cycle in which the answer was given or confirmed.",
        PLAYBOOK + "rule-loop",
        "cycle = 99",
        per_project(cycle_not_counted, "assessment"),
    ),
)
