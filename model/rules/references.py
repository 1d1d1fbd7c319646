"""R2: what records name by id, and whether it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from ..plan.ids import ending
from ..plan.plan import Plan
from ..plan.references import references
from ..plan.validate import nearest
from ..records.address import Address
from ..records.assessment import Assessment
from ..records.base import Record
from ..records.card import Card
from ..records.findings import Finding
from ..records.governance import Decision
from ..records.project import Project
from ..text.slug import slug
from .naming import Suggestion, closest
from .rule import Hit, Rule, View, naming, other_names, per_plan, per_record

OF_PLAYBOOK = frozenset({"item", "gate"})
"""Kinds that the playbook has, not the plan."""


def unknown_reference(record: Record, view: View) -> Iterator[Hit]:
    """An id that names nothing."""
    cards = view.plan.cards
    for path, kind, target, _ in references(record):
        if kind == "card" and target in cards:
            continue  # said here, since a plan may have hundreds of thousands of needs
        if kind not in OF_PLAYBOOK and not view.has(kind, target, record.project):
            yield Hit(
                record.address,
                f"{_field_name(path)} names the {kind} {target!r}, which {_where(kind, target, record.project)}",
                path,
            )


def _meant_reference(finding: Finding, view: View) -> Finding:
    """What was probably meant, and how to mend it."""
    record = view.plan.get(finding.address) if finding.address else None
    found = next((one for one in references(record) if one.path == finding.field), None) if record else None
    if record is None or found is None:
        return finding
    meant = view.suggestion(found.kind, found.target, record.project)
    return replace(
        finding,
        hint=f"did you mean {meant.text}?"
        if meant.text
        else _first_step(found.kind, found.target, view.plan),
        fix=f"write {meant.text} for {found.target}" if meant.certain and not found.is_key else "",
    )


def _field_name(path: tuple[str | int, ...]) -> str:
    return ".".join(str(key) for key in path if isinstance(key, str))


def _where(kind: str, target: str, project: str) -> str:
    if kind in ("card", "project", "person"):
        return "is not in the plan"
    return f"the project {target.rpartition('/')[0] or project} does not have"


def _first_step(kind: str, target: str, plan: Plan) -> str:
    if kind == "person":
        known = sorted(plan.people)
        listed = f"known: {', '.join(known[:8])}" if known else "the plan has no person yet"
        return f'{listed}; add people/{target}.toml with a line name = "…"'
    return f"correct the id, or add the {kind}"


def one_id_twice(record: Record, view: View) -> Iterator[Hit]:
    """The same card id in two projects."""
    if record.KIND == "card" and (other := view.plan.cards[record.id]) is not record:
        yield Hit(
            record.address,
            f"the id {record.id} is also that of a card of the project {other.project}",
            hint="give one of them another id; until then the board shows the other project's only",
        )


def one_ending_twice(card: Card, view: View) -> Iterator[Hit]:
    """Two cards whose random endings are the same."""
    end = ending(card.id)
    first = view.plan.by_ending[end][0]
    if end and first != card.id:
        yield Hit(
            card.address,
            f"the ending {end} is also that of {first}",
            hint="give one of them another ending, so that the short form means one card again",
        )


def _same_ending(record: Record, view: View) -> Iterator[Address]:
    for card_id in view.plan.by_ending.get(ending(record.id), ()) if ending(record.id) else ():
        yield view.plan.cards[card_id].address


def unknown_place(card: Card, view: View) -> Iterator[Hit]:
    """A card at a place that the playbook does not have."""
    if card.place in view.places:
        return
    meant = view.meant(("place", card.place), lambda: nearest_place(card.place, view.places))
    if card.phase in view.places:
        hint = f"the phase alone would do: {card.phase}"
    else:
        phases = sorted(place for place in view.places if "/" not in place)
        hint = f"phases: {', '.join(phases)}"
    yield Hit(
        card.address,
        f"the playbook has no place {card.place!r}",
        ("place",),
        f"did you mean {meant.text}?" if meant.text else hint,
        f"move to {meant.text}" if meant.certain else "",
    )


def nearest_place(place: str, places: frozenset[str]) -> Suggestion:
    """The place that was probably meant: of a bare step its phase is found, other spellings are compared."""
    wanted = place.strip().lower().replace("_", "-").replace(" ", "-")
    exact = [one for one in places if one == wanted or one.endswith(f"/{wanted}")]
    return Suggestion(exact[0], certain=True) if len(exact) == 1 else closest(wanted, sorted(places))


def unknown_question(record: Assessment | Project, view: View) -> Iterator[Hit]:
    """An answer to a question, or a waiver of one, that the playbook does not have."""
    if isinstance(record, Project):
        for key, waiver in record.waivers.items():
            if waiver.item and waiver.item not in view.items:
                yield Hit(
                    record.address,
                    f"the playbook has no question {waiver.item!r}, which is set aside here",
                    ("waivers", key, "item"),
                    _meant(view, waiver.item, view.items, "take the waiver out"),
                )
        return
    for item, answer in record.answers.items():
        asked = view.playbook.item(item)
        figures = frozenset(one.id for one in asked.figures) if asked is not None else frozenset[str]()
        for name in answer.values if figures else ():
            if name not in figures:
                yield Hit(
                    record.address,
                    f"{item} asks for no figure {name!r}, so that it counts nowhere",
                    ("answers", item, "values", name),
                    _meant(view, name, figures, f"kedge assess {item} names its figures"),
                )
        if item not in view.items:
            otherwise = "take the answer out, or bring the question back in playbook.toml"
            yield Hit(
                record.address,
                f"the playbook has no question {item!r}, which is answered here",
                ("answers", item),
                _meant(view, item, view.items, otherwise),
            )


def unknown_gate(record: Decision, view: View) -> Iterator[Hit]:
    """A decision at a gate that the playbook does not have."""
    if record.gate and record.gate not in view.gates:
        otherwise = f"gates: {', '.join(sorted(view.gates))}"
        yield Hit(
            record.address,
            f"the playbook has no gate {record.gate!r}",
            ("gate",),
            _meant(view, record.gate, view.gates, otherwise),
        )


def _meant(view: View, name: str, known: frozenset[str], otherwise: str) -> str:
    close = view.meant((name, known), lambda: Suggestion(nearest(name, sorted(known)))).text
    return f"did you mean {close}?" if close else otherwise


def unknown_party(plan: Plan, view: View) -> Iterator[Hit]:
    """A dependency on something that is neither project nor card nor team."""
    teams: set[str] | None = None
    for project in plan.projects.values():
        for key, tie in project.dependencies.items():
            for name in ("giver", "taker"):
                party = getattr(tie, name)
                if not party or any(view.has(kind, party, project.id) for kind in ("project", "card")):
                    continue
                teams = _teams(plan) if teams is None else teams
                if party not in teams:
                    yield Hit(
                        project.address,
                        f"the {name} {party!r} of the dependency {key} is not a project, a card or a person's team",
                        ("dependencies", key, name),
                    )


def _teams(plan: Plan) -> set[str]:
    return {slug(person.team) for person in plan.people.values() if person.team}


def _meant_party(finding: Finding, view: View) -> Finding:
    """The project, team or card that was probably meant."""
    _, key, name = finding.field
    project = view.plan.projects[cast("Address", finding.address).project]
    party: str = getattr(project.dependencies[str(key)], str(name))

    def find() -> Suggestion:
        known = [*view.plan.projects, *_teams(view.plan), *view.plan.cards]
        return closest(party.rpartition("/")[2], known)

    close = view.meant(("party", party), find).text
    return replace(
        finding, hint=f"did you mean {close}?" if close else "teams are those of the people in people/"
    )


def _other_parties(before: Record | None, after: Record | None) -> bool:
    """Whether a change can make a party known, or unknown."""
    return not isinstance(after or before, Card) or other_names(before, after)


def owner_gone(card: Card, view: View) -> Iterator[Hit]:
    """An open card of a person who has left."""
    owner = view.plan.people.get(card.owner) if card.owner and card.is_open else None
    if owner is not None and owner.end is not None and owner.end < view.today:
        yield Hit(
            card.address,
            f"{card.owner} left on {owner.end}, and this card is open",
            ("owner",),
            "give it to another person, or correct the person's end",
        )


_LINKS = "docs/format.md: ids are what ties records together"
_IDS = "docs/format.md: ids"

RULES = (
    Rule(
        "R201",
        "unknown-reference",
        "error",
        "An id that names nothing is a link that is lost: the card waits for nothing, the owner gets no work.",
        "Correct the id, or add what it names. A rename in Kedge follows every reference; a file that was "
        "renamed or deleted by hand does not.",
        _LINKS,
        'owner = "mria"',
        per_record(unknown_reference, near=naming, advise=_meant_reference),
    ),
    Rule(
        "R203",
        "one-id-twice",
        "error",
        "Cards are named by their id alone. With two of one id, half of what refers to them is wrong.",
        "Rename one of the two files, and correct the references that meant it.",
        _IDS,
        "",
        per_record(one_id_twice, matters=other_names),
    ),
    Rule(
        "R204",
        "one-ending-twice",
        "warning",
        "The four characters at the end are what people type. Here they mean two cards, and every command "
        "has to ask.",
        "Give one of the two another ending.",
        _IDS,
        "",
        per_record(one_ending_twice, "card", matters=other_names, near=_same_ending),
    ),
    Rule(
        "R205",
        "unknown-place",
        "error",
        "A card at a place that the method does not have is in no column.",
        "Move the card to a phase or a step of the playbook, or add the step to playbook.toml.",
        "docs/playbook.md: steps",
        'place = "execute/data_pipelines"',
        per_record(unknown_place, "card"),
    ),
    Rule(
        "R208",
        "unknown-question",
        "warning",
        "An answer to a question that is not asked counts at no gate.",
        "Correct the question's id; `kedge assess` lists all of them.",
        "docs/playbook.md: questions",
        "[answers.disc-outcom]",
        per_record(unknown_question, "assessment", "project"),
    ),
    Rule(
        "R209",
        "unknown-gate",
        "error",
        "A decision at a gate that the method does not have opens nothing.",
        "Correct the gate's id.",
        "docs/playbook.md: gates",
        'gate = "gate-asses"',
        per_record(unknown_gate, "decision"),
    ),
    Rule(
        "R212",
        "owner-gone",
        "warning",
        "The card will not be done, and it is on no list.",
        "Give it to another person.",
        _LINKS,
        "end = 2026-03-31",
        per_record(owner_gone, "card", near=naming),
    ),
    Rule(
        "R217",
        "unknown-party",
        "warning",
        "A hand-over with no person at one end is a promise that was never made.",
        "Name a project, a card, or the team of a person in the plan.",
        _LINKS,
        'giver = "platfrom"',
        per_plan(unknown_party, "project", "person", "card", matters=_other_parties, advise=_meant_party),
    ),
)
