"""R2: what records name by id, and whether it is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import cast

from ..plan.ids import ending, slug
from ..plan.plan import Plan
from ..plan.references import references
from ..plan.validate import nearest
from ..records.address import Address
from ..records.assessment import Assessment
from ..records.governance import Decision
from .naming import Names, Suggestion, closest
from .rule import Context, Hit, Rule

OF_PLAYBOOK = frozenset({"item", "gate"})
"""Kinds that the playbook has, not the plan."""


def unknown_reference(plan: Plan, context: Context) -> Iterator[Hit]:
    """An id that names nothing."""
    names = Names(plan, context.unreadable)
    for record in plan.records.values():
        for path, kind, target, is_key in references(record):
            if kind in OF_PLAYBOOK or names.has(kind, target, record.project):
                continue
            meant = names.suggestion(kind, target, record.project)
            fix = f"write {meant.text} for {target}" if meant.certain and not is_key else ""
            yield Hit(
                record.address,
                f"{_field_name(path)} names the {kind} {target!r}, which {_where(kind, target, record.project)}",
                path,
                f"did you mean {meant.text}?" if meant.text else _first_step(kind, target, plan),
                fix,
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
        listed = f"known: {', '.join(known[:8])}" if known else "nobody is in the plan yet"
        return f'{listed}; add people/{target}.toml with a line name = "…"'
    return f"correct the id, or add the {kind}"


def one_id_twice(plan: Plan, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The same card id in two projects."""
    first: dict[str, str] = {}
    for project, card_id in sorted(record.address[1:] for record in plan.of_kind("card")):
        other = first.setdefault(card_id, project)
        if other != project:
            yield Hit(
                Address("card", project, card_id),
                f"the id {card_id} is also that of a card of the project {other}",
                hint="give one of them another id; until then the board shows the other project's only",
            )


def one_ending_twice(plan: Plan, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Two cards whose random endings are the same."""
    first: dict[str, str] = {}
    for card_id in sorted(plan.cards):
        end = ending(card_id)
        if end and first.setdefault(end, card_id) != card_id:
            yield Hit(
                plan.cards[card_id].address,
                f"the ending {end} is also that of {first[end]}",
                hint="give one of them another ending, so that the short form means one card again",
            )


def unknown_place(plan: Plan, context: Context) -> Iterator[Hit]:
    """A card at a place that the playbook does not have."""
    suggestions: dict[str, Suggestion] = {}
    for card in plan.cards.values():
        if card.place in context.places:
            continue
        meant = suggestions.get(card.place)
        if meant is None:
            meant = suggestions[card.place] = nearest_place(card.place, context.places)
        if card.phase in context.places:
            hint = f"the phase alone would do: {card.phase}"
        else:
            phases = sorted(place for place in context.places if "/" not in place)
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


def unknown_question(plan: Plan, context: Context) -> Iterator[Hit]:
    """An answer to a question, or a waiver of one, that the playbook does not have."""
    for record in cast("Iterator[Assessment]", plan.of_kind("assessment")):
        for item in record.answers:
            if item not in context.items:
                yield Hit(
                    record.address,
                    f"the playbook has no question {item!r}, which is answered here",
                    ("answers", item),
                    _meant(
                        item,
                        context.items,
                        "take the answer out, or bring the question back in playbook.toml",
                    ),
                )
    for project in plan.projects.values():
        for key, waiver in project.waivers.items():
            if waiver.item and waiver.item not in context.items:
                yield Hit(
                    project.address,
                    f"the playbook has no question {waiver.item!r}, which is set aside here",
                    ("waivers", key, "item"),
                    _meant(waiver.item, context.items, "take the waiver out"),
                )


def unknown_gate(plan: Plan, context: Context) -> Iterator[Hit]:
    """A decision at a gate that the playbook does not have."""
    for record in cast("Iterator[Decision]", plan.of_kind("decision")):
        if record.gate and record.gate not in context.gates:
            otherwise = f"gates: {', '.join(sorted(context.gates))}"
            yield Hit(
                record.address,
                f"the playbook has no gate {record.gate!r}",
                ("gate",),
                _meant(record.gate, context.gates, otherwise),
            )


def _meant(name: str, known: frozenset[str], otherwise: str) -> str:
    close = nearest(name, sorted(known))
    return f"did you mean {close}?" if close else otherwise


def unknown_party(plan: Plan, context: Context) -> Iterator[Hit]:
    """A dependency on something that is neither project nor card nor team."""
    names = Names(plan, context.unreadable)
    teams = {slug(person.team) for person in plan.people.values() if person.team}
    for project in plan.projects.values():
        for key, tie in project.dependencies.items():
            for name in ("giver", "taker"):
                party = getattr(tie, name)
                if not party or party in teams:
                    continue
                if not any(names.has(kind, party, project.id) for kind in ("project", "card")):
                    known = [*plan.projects, *teams, *plan.cards]
                    close = closest(party.rpartition("/")[2], known).text
                    yield Hit(
                        project.address,
                        f"the {name} {party!r} of the dependency {key} is no project, no card and nobody's team",
                        ("dependencies", key, name),
                        f"did you mean {close}?" if close else "teams are those of the people in people/",
                    )


def owner_gone(plan: Plan, context: Context) -> Iterator[Hit]:
    """An open card of somebody who is no longer there."""
    gone: dict[str, dt.date] = {
        person.id: person.end
        for person in plan.people.values()
        if person.end is not None and person.end < context.today
    }
    for card in plan.cards.values():
        if card.owner in gone and card.is_open:
            yield Hit(
                card.address,
                f"{card.owner} left on {gone[card.owner]}, and this card is open",
                ("owner",),
                "give it to somebody else, or correct the person's end",
            )


_LINKS = "docs/format.md: ids are what ties records together"
_IDS = "docs/format.md: ids"

RULES = (
    Rule(
        "R201",
        "unknown-reference",
        "error",
        "An id that names nothing is a link that is lost: the card waits for nobody, the owner gets no work.",
        "Correct the id, or add what it names. A rename in Kedge follows every reference; a file that was "
        "renamed or deleted by hand does not.",
        _LINKS,
        'owner = "mria"',
        unknown_reference,
    ),
    Rule(
        "R203",
        "one-id-twice",
        "error",
        "Cards are named by their id alone. With two of one id, half of what refers to them is wrong.",
        "Rename one of the two files, and correct the references that meant it.",
        _IDS,
        "",
        one_id_twice,
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
        one_ending_twice,
    ),
    Rule(
        "R205",
        "unknown-place",
        "error",
        "A card at a place that the method does not have stands in no column.",
        "Move the card to a phase or a step of the playbook, or add the step to playbook.toml.",
        "docs/playbook.md: steps",
        'place = "execute/data_pipelines"',
        unknown_place,
    ),
    Rule(
        "R208",
        "unknown-question",
        "warning",
        "An answer to a question that nobody asks counts at no gate.",
        "Correct the question's id; `kedge assess` lists all of them.",
        "docs/playbook.md: questions",
        "[answers.disc-outcom]",
        unknown_question,
    ),
    Rule(
        "R209",
        "unknown-gate",
        "error",
        "A decision at a gate that the method does not have opens nothing.",
        "Correct the gate's id.",
        "docs/playbook.md: gates",
        'gate = "gate-asses"',
        unknown_gate,
    ),
    Rule(
        "R212",
        "owner-gone",
        "warning",
        "Nobody will do the card, and no list of theirs reminds anybody of it.",
        "Give it to somebody else.",
        _LINKS,
        "end = 2026-03-31",
        owner_gone,
    ),
    Rule(
        "R217",
        "unknown-party",
        "warning",
        "A hand-over with nobody at one end is a promise that nobody made.",
        "Name a project, a card, or the team of a person in the plan.",
        _LINKS,
        'giver = "platfrom"',
        unknown_party,
    ),
)
