"""The samples: each file fits its model, and everything that is named exists.

The files are read here with the parser alone, so that a fault in storage cannot hide one in the samples.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomli

from kedge.model.cards.network import parse_need
from kedge.model.plan.ids import ending
from kedge.model.plan.plan import Plan, holder_id, target_of
from kedge.model.plan.references import references
from kedge.model.plan.validate import build
from kedge.model.playbook import outline, shipped
from kedge.model.playbook.item import Item
from kedge.model.query.compiler import compile_query
from kedge.model.query.context import Context
from kedge.model.query.syntax import parse_query
from kedge.model.records.address import Address, is_id
from kedge.model.records.assessment import Answer, Assessment
from kedge.model.records.base import PLACE_FIELDS, Entry, Record, sections, tables
from kedge.model.records.kinds import ENTRIES, KINDS, record_model

SAMPLES = Path(__file__).parents[2] / "samples"
PLANS = ("churn", "portfolio", "tiny")
TODAY = dt.date(2026, 11, 20)
FOLDERS = {kind.plural: kind.name for kind in KINDS.values()}


def address(path: Path) -> Address:
    """What a file of a plan is, from its place below the plan's folder; said apart from storage on purpose."""
    match path.with_suffix("").parts:
        case ["board"]:
            return Address("board", "", "board")
        case ["people", person]:
            return Address("person", "", person)
        case ["projects", project, kind]:
            return Address(kind, project, holder_id(kind, project))
        case ["projects", project, folder, record]:
            return Address(FOLDERS[folder], project, record)
        case _:
            raise AssertionError(f"{path} is no place of a plan")


def loaded(path: Path, kind: str, project: str, record_id: str) -> Record:
    record, problems = build(kind, project, record_id, tomli.loads(path.read_text("utf-8")))
    assert not problems, f"{path}: {problems}"
    return record


@cache
def plan_of(sample: str) -> Plan:
    root = SAMPLES / sample / "plan"
    found: dict[Address, Record] = {}
    for path in sorted(root.rglob("*.toml")):
        where = address(path.relative_to(root))
        assert where not in found
        found[where] = loaded(path, *where)
    return Plan(found)


@pytest.mark.parametrize("sample", PLANS)
def test_every_file_fits_its_model_and_has_an_id(sample: str) -> None:
    plan = plan_of(sample)
    assert Address("board", "", "board") in plan.records
    assert all(is_id(where.id) for where in plan.records)
    assert all(is_id(key) for record in plan.records.values() for key in entry_keys(record))


def entry_keys(entry: Entry) -> Iterator[str]:
    # Columns of a dataset are called what the source calls them.
    for name in sections(type(entry)).keys() - {"columns"}:
        for key, inner in getattr(entry, name).items():
            yield key
            yield from entry_keys(inner)


@pytest.mark.parametrize("sample", PLANS)
def test_no_two_cards_share_an_ending_or_a_rank(sample: str) -> None:
    cards = [record for record in plan_of(sample).records.values() if record.KIND == "card"]
    ends = Counter(ending(card.id) for card in cards)
    assert "" not in ends
    assert max(ends.values()) == 1
    ranks = Counter((card.project, card.phase, card.rank) for card in plan_of(sample).cards.values())
    assert max(ranks.values()) == 1


@pytest.mark.parametrize("sample", PLANS)
def test_every_reference_names_something(sample: str) -> None:
    plan, playbook = plan_of(sample), shipped()
    in_playbook = {
        "item": {item.id for item in playbook.items},
        "gate": {gate.id for gate in playbook.gates},
    }
    lost = [
        f"{where}: {'.'.join(map(str, one.path))} = {one.target}"
        for where, record in plan.records.items()
        for one in references(record)
        if not (
            one.target in in_playbook[one.kind]
            if one.kind in in_playbook
            else plan.has(one.kind, one.target, record.project)
        )
    ]
    assert lost == []


@pytest.mark.parametrize("sample", PLANS)
def test_dependencies_and_decisions_name_what_there_is(sample: str) -> None:
    """Fields that may name several kinds of things carry no mark, so that the check above passes them by."""
    plan = plan_of(sample)
    teams = {person.team for person in plan.people.values()}
    # A giver outside the company is told in words, and has no id.
    known = {*plan.projects, *plan.cards, *teams, None}
    for _, dependency in plan.entries("dependency"):
        assert getattr(dependency, "giver", "") in known
        assert getattr(dependency, "taker", "") in known - {None}
    for decision in plan.of_kind("decision"):
        for target in getattr(decision, "changes", ()):
            assert any(plan.has(kind, target, decision.project) for kind in (*KINDS, *ENTRIES)), target


@pytest.mark.parametrize("sample", PLANS)
def test_places_are_steps_of_the_method(sample: str) -> None:
    steps = {f"{step.phase}/{step.id}" for step in outline.STEPS}
    assert {card.place for card in plan_of(sample).cards.values()} <= steps


@pytest.mark.parametrize("sample", PLANS)
def test_needs_make_no_loop(sample: str) -> None:
    plan = plan_of(sample)
    needs = {card.id: {parse_need(need).target for need in card.needs} for card in plan.cards.values()}
    while free := {card_id for card_id, targets in needs.items() if not targets}:
        needs = {card_id: targets - free for card_id, targets in needs.items() if card_id not in free}
    assert needs == {}


@pytest.mark.parametrize("sample", PLANS)
def test_work_that_runs_is_possible(sample: str) -> None:
    """A finished card waits for nothing, and what is in progress has an owner and a date."""
    plan = plan_of(sample)
    for card in plan.cards.values():
        if card.status == "done":
            assert {plan.cards[target_of(need)].status for need in card.needs} <= {"done"}, card.id
        if card.status == "doing":
            assert card.owner, card.id
            assert card.due, card.id
        if card.status == "dropped":
            assert card.dropped, card.id


def problems_of(item: Item, answer: Answer) -> Iterator[str]:
    """What an answer says that its question does not offer."""
    if answer.state:
        return
    expected: dict[str, type | tuple[type, ...]] = {
        "yesno": bool,
        "scale": int,
        "number": (int, float),
        "text": str,
        "choice": tuple if item.multiple else str,
        "numbers": type(None),
        "check": type(None),
        "record": type(None),
    }
    if not isinstance(answer.verdict, expected[item.kind]):
        yield f"verdict {answer.verdict!r} of a {item.kind} question"
    chosen: Any = answer.verdict if item.multiple else (answer.verdict,)
    if item.kind == "choice" and not set(chosen) <= set(item.choices):
        yield f"choice {chosen!r}"
    if bool(item.result) != bool(answer.result):
        yield f"result {answer.result!r}"
    if lost := set(answer.checked) - set(item.lines):
        yield f"lines {lost}"
    figures = {figure.id: figure for figure in (*item.fields, *item.beside, *item.instead)}
    for name, value in answer.values.items():
        if name not in figures or figures[name].is_text != isinstance(value, str):
            yield f"figure {name} = {value!r}"


def test_answers_fit_their_questions() -> None:
    items = {item.id: item for item in shipped().items}
    assessments = [record for name in PLANS for record in plan_of(name).of_kind("assessment")]
    assessments.append(loaded(SAMPLES / "kinds" / "assessment.toml", "assessment", "churn", "assessment"))
    found = [
        f"{record.project}: {key}: {problem}"
        for record in assessments
        if isinstance(record, Assessment)
        for key, answer in record.answers.items()
        for problem in problems_of(items[key], answer)
    ]
    assert found == []


@pytest.mark.parametrize("sample", PLANS)
def test_saved_views_are_queries_that_find_cards(sample: str) -> None:
    plan = plan_of(sample)
    for view in plan.board.views.values():
        query = parse_query(view.query)
        assert query is not None
        matches = compile_query(query, Context(plan, TODAY))
        assert any(matches(card) for card in plan.cards.values()), view.query


def test_churn_has_every_kind_and_every_kind_of_entry() -> None:
    plan = plan_of("churn")
    assert set(plan.by_kind) == set(KINDS)
    assert [name for name in ENTRIES if not plan.ids(name)] == []


def test_churn_has_work_in_every_step() -> None:
    worked = {card.step for card in plan_of("churn").cards.values()}
    assert worked == {step.id for step in outline.STEPS}


def test_churn_has_late_and_blocked_cards_but_few() -> None:
    cards = [card for card in plan_of("churn").cards.values() if card.is_open]
    assert 1 <= sum(card.due is not None and card.due < TODAY for card in cards) <= 2
    assert 1 <= sum(card.blocked is not None for card in cards) <= 3


def unset(entry: Entry, where: str = "") -> Iterator[str]:
    """Fields of an entry that its file does not set, and those that no entry of a section sets."""
    model = type(entry)
    yield from (where + name for name in model.model_fields.keys() - entry.model_fields_set - PLACE_FIELDS)
    for name, inner in tables(model).items():
        if inner is not None and name in entry.model_fields_set:
            yield from unset(getattr(entry, name), f"{where}{name}.")
    for name in sections(model):
        missing = [set(unset(one, f"{where}{name}.*.")) for one in getattr(entry, name).values()]
        if missing:
            yield from set.intersection(*missing)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_sets_every_field(kind: str) -> None:
    record = loaded(SAMPLES / "kinds" / f"{kind}.toml", kind, "churn", "example")
    assert isinstance(record, record_model(kind))
    assert sorted(unset(record)) == []
    assert [name for name in sections(type(record)) if not getattr(record, name)] == []


def test_the_readme_names_every_sample() -> None:
    named = set(re.findall(r"^\| `([a-z]+)` \|", (SAMPLES / "README.md").read_text("utf-8"), re.MULTILINE))
    assert {"kinds", *PLANS} <= named
