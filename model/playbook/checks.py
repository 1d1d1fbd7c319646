"""Whether the entries of a playbook fit together: every id names something, every pass rule fits its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from ..records.address import is_id
from ..records.kinds import ENTRIES, KINDS, entry_model, record_model
from ..text.share import not_a_share
from ..text.wording import is_placeholder
from . import outline
from .conditions import Among, Bound, Comparison, Count, Name, Pass, Stated, When
from .gate import Gate
from .item import Item
from .merge import Problem
from .playbook import Playbook

ID_HINT = "An id has lower-case letters, digits and hyphens, at most 64 of them."
PASS_FORMS: dict[str, tuple[type, ...]] = {
    "yesno": (),
    "text": (),
    "scale": (Bound,),
    "number": (Bound,),
    "numbers": (Comparison,),
    "choice": (Among,),
    "check": (),
    "record": (Count,),
}
PASS_WORDS = {"yesno": ("answered", "yes", "no"), "check": ("all",)}
NEEDS = {"choice": "choices", "check": "lines", "numbers": "fields", "scale": "labels", "record": "record"}
"""What an item of a kind cannot do without."""


def check(playbook: Playbook) -> list[Problem]:
    """Everything in a playbook that does not fit the rest of it."""
    parts = (_frame, _ids, _references, _items, _levels, _figures)
    return [problem for part in parts for problem in part(playbook)]


def _frame(playbook: Playbook) -> Iterator[Problem]:
    """Phases and stages are built into Kedge; a playbook may call them something else, no more."""
    for table, expected, found in (
        ("phase", outline.PHASES, playbook.phases),
        ("stage", outline.STAGES, playbook.stages),
    ):
        fixed = ", ".join(one.id for one in expected)
        if [one.id for one in found] != [one.id for one in expected]:
            yield Problem((table,), f"must be {fixed}, in this order", "Titles may change, ids may not.")


def _ids(playbook: Playbook) -> Iterator[Problem]:
    """An id names one thing, so that it can be asked for without saying what it is."""
    seen: dict[str, str] = {}
    for table, parts in (
        ("phase", playbook.phases),
        ("step", playbook.steps),
        ("item", playbook.items),
        ("gate", playbook.gates),
        ("calculator", playbook.calculators),
        ("decision", playbook.decisions),
        ("rule", playbook.rules),
        ("portfolio", playbook.portfolio),
        ("view", playbook.views),
    ):
        for part in parts:
            if part.id in seen:
                yield Problem((table, part.id), f"has the id of a {seen[part.id]}", "Choose another id.")
            seen.setdefault(part.id, table)
    numbers: dict[int, str] = {}
    for step in playbook.steps:
        if step.number in numbers:
            yield Problem(("step", step.id, "number"), f"is the number of {numbers[step.number]}")
        numbers.setdefault(step.number, step.id)


def _references(playbook: Playbook) -> Iterator[Problem]:
    known = {
        "phase": {part.id for part in playbook.phases},
        "step": {part.id for part in playbook.steps},
        "item": {part.id for part in playbook.items},
        "calculator": {part.id for part in playbook.calculators},
        "decision": {part.id for part in playbook.decisions},
        "role": {part.id for part in playbook.roles},
        "source": set(playbook.sources),
        "kind of record": {*KINDS, *ENTRIES},
    }
    for path, kind, ids in _named(playbook):
        for one in ids:
            if one and one not in known[kind]:
                yield Problem(path, f"names the {kind} '{one}', which is not there")
    for item in playbook.items:
        yield from _when(playbook, ("item", item.id, "when"), item.when)
    for role in playbook.roles:
        yield from _when(playbook, ("role", role.id, "when"), role.when)
    yield from _moves(playbook)
    for gate in playbook.gates:
        yield from _gate(playbook, gate)
    for rubric in playbook.rubrics:
        for test in rubric.tests:
            if test.section not in rubric.sections:
                path = ("rubric", rubric.id, "tests", test.id, "section")
                yield Problem(path, f"names the section '{test.section}', which is not there")


def _moves(playbook: Playbook) -> Iterator[Problem]:
    for move in playbook.scoring.moves:
        # The scoring stays where a team takes questions away: without its question a move never holds.
        if move.when is not None and playbook.item(move.when.item) is not None:
            yield from _when(playbook, ("scoring", "moves", move.id, "when"), move.when)
        if (move.when is None) == (move.fact is None):
            yield Problem(("scoring", "moves", move.id), "needs either `when` or `fact`, and not both")


def _gate(playbook: Playbook, gate: Gate) -> Iterator[Problem]:
    """Whether the conditions of a gate have ids, and the fields that it asks for are there."""
    for one in gate.conditions:
        if not is_id(one.id):
            yield Problem(("gate", gate.id, "conditions", one.id), "has a key that is not an id", ID_HINT)
        if is_placeholder(one.text):
            yield Problem(("gate", gate.id, "conditions", one.id), f"says nothing: {one.text!r}")
    for name in gate.also:
        if name.item:
            yield from _name(playbook, ("gate", gate.id, "also"), name)


def _named(playbook: Playbook) -> Iterator[tuple[tuple[str, ...], str, Iterable[str]]]:
    """Where the playbook names parts of itself: the place, the kind of part, and the names."""
    yield ("playbook", "waiver_record"), "kind of record", [playbook.about.waiver_record]
    for step in playbook.steps:
        yield ("step", step.id, "phase"), "phase", [step.phase]
    for item in playbook.items:
        at = ("item", item.id)
        yield (*at, "step"), "step", [item.step]
        yield (*at, "feeds"), "decision", item.feeds
        yield (*at, "later"), "decision", item.later
        yield (*at, "source"), "source", item.source
        yield (*at, "calculator"), "calculator", [item.calculator]
        yield (*at, "record"), "kind of record", item.record
        yield (*at, "per"), "kind of record", [item.per]
    for gate in playbook.gates:
        at = ("gate", gate.id)
        yield (*at, "roles"), "role", gate.roles
        yield (*at, "from"), "phase", [gate.from_phase]
        yield (*at, "to"), "phase", [gate.to_phase]
        yield (*at, "steps"), "step", gate.steps
        yield (*at, "also"), "item", [name.field for name in gate.also if not name.item]
    for view in playbook.views:
        yield ("view", view.id, "needed_in"), "item", [view.needed_in]
        for axis in view.axes:
            yield ("view", view.id, "axes", axis.id, "asked"), "item", axis.asked
    for calculator in playbook.calculators:
        yield ("calculator", calculator.id, "feeds"), "decision", calculator.feeds
    for rule in playbook.portfolio:
        yield ("portfolio", rule.id, "source"), "source", rule.source
    for move in playbook.scoring.moves:
        yield ("scoring", "moves", move.id, "source"), "source", move.source
    for rubric in playbook.rubrics:
        yield ("rubric", rubric.id, "source"), "source", [rubric.source]
        for test in rubric.tests:
            yield ("rubric", rubric.id, "tests", test.id, "item"), "item", [test.item]


def _name(playbook: Playbook, path: tuple[str, ...], name: Name) -> Iterator[Problem]:
    """Whether `item.field` names a field of an item."""
    item = playbook.item(name.item)
    if item is None:
        yield Problem(path, f"names the item '{name.item}', which is not there")
    elif name.field not in {figure.id for figure in item.fields}:
        yield Problem(path, f"names the field '{name.field}', which {name.item} does not have")


def _when(playbook: Playbook, path: tuple[str, ...], when: When | None) -> Iterator[Problem]:
    if when is None:
        return
    item = playbook.item(when.item)
    if item is None:
        yield Problem(path, f"names the item '{when.item}', which is not there")
    elif isinstance(when.value, str):
        kind, known = ("line", item.lines) if when.compare == "lacks" else ("choice", item.choices)
        if when.value not in known:
            yield Problem(path, f"names the {kind} '{when.value}', which {when.item} does not have")


def _items(playbook: Playbook) -> Iterator[Problem]:
    for item in playbook.items:
        at = ("item", item.id)
        need = NEEDS.get(item.kind)
        if need and not getattr(item, need):
            yield Problem((*at, need), f"is missing: an item of kind {item.kind} needs it")
        for label in item.labels:
            if label[:1] not in tuple("12345"):
                yield Problem((*at, "labels"), f"'{label}' does not begin with its grade, 1 to 5")
        for choice in item.stops:
            if choice not in item.choices:
                yield Problem((*at, "stops"), f"names the choice '{choice}', which the item does not have")
        yield from _pass(playbook, item, "pass", item.passes)
        yield from _evidence(playbook, item)
        yield from _record_tests(item)


def _evidence(playbook: Playbook, item: Item) -> Iterator[Problem]:
    """Whether an item says well which answers count only with evidence."""
    path, otherwise = ("item", item.id, "without_evidence"), item.without_evidence
    if item.evidence_when is not None:
        yield from _pass(playbook, item, "evidence_when", item.evidence_when)
        if otherwise is not None and item.evidence_when.met(item.reply(otherwise)):
            yield Problem(path, f"is '{otherwise}', which counts only with evidence itself")
    if item.choices and otherwise is not None and otherwise not in item.choices:
        yield Problem(path, f"names the choice '{otherwise}', which the item does not have")


def _levels(playbook: Playbook) -> Iterator[Problem]:
    """Whether each level of evidence falls back to one that needs none."""
    needs_none = {one.id for one in playbook.scoring.evidence if not one.needs}
    for one in playbook.scoring.evidence:
        if one.needs and one.otherwise not in needs_none:
            yield Problem(
                ("scoring", "evidence", one.id, "otherwise"),
                f"names '{one.otherwise}', which is not a level that needs no evidence",
            )


SHARES = ("reserve", "planned_load", "max_share", "max_p_none")
"""Parameters of rules of the portfolio that are shares."""


def _figures(playbook: Playbook) -> Iterator[Problem]:
    """Whether the figures of the scoring go together: more evidence is worth more, and a share is a share."""
    scoring = playbook.scoring
    for lower, higher in pairwise(scoring.evidence):
        if higher.p < lower.p:
            yield Problem(
                ("scoring", "evidence", higher.id, "p"),
                f"is {higher.p:g}, below that of {lower.id}, {lower.p:g}: better evidence would be worth less",
            )
    if scoring.floor_confidence >= scoring.cap_confidence:
        yield Problem(
            ("scoring", "floor_confidence"),
            f"is {scoring.floor_confidence:g}, and cap_confidence is {scoring.cap_confidence:g}: every chance is one",
        )
    for rule in playbook.portfolio:
        for name in SHARES:
            value = rule.parameters.get(name)
            if value is not None and (wrong := not_a_share(value)):
                yield Problem(("portfolio", rule.id, "parameters"), f"{name}: {wrong}")


def _pass(playbook: Playbook, item: Item, key: str, rule: Pass) -> Iterator[Problem]:
    path = ("item", item.id, key)
    words = PASS_WORDS.get(item.kind, ("answered",))
    fits = rule.word in words if isinstance(rule, Stated) else isinstance(rule, PASS_FORMS[item.kind])
    if not fits:
        yield Problem(path, f"'{rule}' does not fit an item of kind {item.kind}")
    elif isinstance(rule, Among):
        for choice in rule.choices:
            if choice not in item.choices:
                yield Problem(path, f"names the choice '{choice}', which the item does not have")
    elif isinstance(rule, Comparison):
        for name in rule.names():
            yield from _name(playbook, path, Name(name.item or item.id, name.field))


def _record_tests(item: Item) -> Iterator[Problem]:
    """Whether the tests of records name fields that one of their kinds has."""
    kinds = [kind for kind in item.record if kind in KINDS or kind in ENTRIES]
    models = [record_model(kind) if kind in KINDS else entry_model(kind) for kind in kinds]
    known = {name for model in models for name in model.model_fields}
    tests = [("filter", item.filter), *(("wants", one) for one in item.wants)]
    for key, test in [*tests, *(("covers", one) for one in item.covers)]:
        for name in test.unknown(known) if test is not None and kinds else ():
            yield Problem(
                ("item", item.id, key), f"names '{name}', which a {' or '.join(kinds)} does not have"
            )
