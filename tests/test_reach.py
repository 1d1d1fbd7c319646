"""Every field of every model is set from a form and from a command, and the file then says the same.

Fields are found in the models, so that a new one that cannot be reached fails here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from kedge.cli.group import RECORDS, kedge
from kedge.model.edit.edits import add_record
from kedge.model.plan.validate import required_fields
from kedge.model.records.address import Address
from kedge.model.records.base import PLACE_FIELDS, Entry, sections, tables
from kedge.model.records.kinds import ENTRIES, KINDS, record_model
from kedge.storage.plan.read import read_plan
from kedge.storage.plan.workspace import Workspace
from kedge.tui.forms.draft import Draft
from kedge.tui.forms.fields import Field, fields_of, read, write
from kedge.tui.forms.subject import Subject
from kedge.tui.screens.records import record_items

TODAY = dt.date(2026, 11, 21)
PLAN = {
    "board.toml": "format = 1\n",
    "people/mira.toml": 'name = "Mira"\nrole = "gatekeeper"\n',
    "people/kim.toml": 'name = "Kim"\n',
    "projects/churn/project.toml": 'title = "Churn"\nlead = "kim"\n[stakeholders.shop]\nname = "Shop"\n'
    '[goals.one]\ntitle = "Goal"\n',
    "projects/churn/requirements.toml": '[business.ask]\ntitle = "Ask"\n',
    "projects/churn/strategy.toml": '[metrics.recall]\ntitle = "Recall"\n[milestones.live]\ntitle = "Live"\n'
    '[people.mira]\nrole = "lead"\n',
    "projects/churn/cards/labels-7k2m.toml": 'title = "Labels"\n',
    "projects/churn/cards/audit-9x4p.toml": 'title = "Audit"\n',
}
IDS = {"card": "audit-9x4p", "gate": "gate-assess", "item": "disc-problem", "project": "churn"}
IDS |= {"person": "mira", "milestone": "live", "metric": "recall", "stakeholder": "shop", "business": "ask"}
SINGLE = {"board": ("", "board"), "project": ("churn", "churn"), "person": ("", "sam")}
SINGLE |= {kind: ("churn", kind) for kind in ("assessment", "requirements", "strategy")}
SINGLE |= {"card": ("churn", "labels-7k2m")}
KEYS = {"stages": "growth", "people": "kim", "results": "recall", "answers": "disc-fit"}


def address_of(kind: str) -> Address:
    """A record of a kind, and not one that others here name."""
    return Address(kind, *SINGLE.get(kind, ("churn", f"one-{kind}")))


def models() -> Iterator[tuple[str, str, type[Entry]]]:
    """Every kind of record, and each of its sections, with the model of the fields there."""
    for kind in KINDS:
        yield kind, "", record_model(kind)
        for section, inner in sections(record_model(kind)).items():
            assert not sections(inner), "a section inside an entry has no form"
            yield kind, section, inner


MODELS = {f"{kind}.{section}".strip("."): (kind, section) for kind, section, _ in models()}


SPECIAL = {"place": "execute/data-pipeline", "rank": "b1", "giver": "churn", "taker": "churn"}
SPECIAL |= {"at": "05:30", "read_at": "2026-11-30T05:30Z"}
SPECIAL |= {"could_change": "dec-go", "changes": "recall", "format": "1", "query": "owner:mira"}
TYPED = {"line": "some words, and more", "text": "Some *notes*.\nTwo lines.\n", "number": "0.5", "whole": "3"}
TYPED |= {"date": "2026-12-24", "dates": "2026-12-24, 2026-12-25", "list": "one, two", "verdict": "0.5"}
TYPED |= {"lines": "first, with a comma\nsecond", "estimate": "1/2/5", "figure": "7"}


def typed_for(field: Field) -> str:
    """Something that fits a field and is not its default, as a person would type it."""
    shape = field.shape
    choices = [one for one in (*shape.choices, "yes", "no") if one != write(field, field.default)]
    fits = choices[0] if shape.choices or shape.control == "flag" else TYPED.get(shape.control, "")
    text = IDS.get(shape.refers, f"one-{shape.refers}") if shape.refers else SPECIAL.get(field.path[-1], fits)
    name = {"effort": "sql", "severity": "R201", "allow": "R201"}.get(field.path[-1], "one")
    return f"{name} = {text}" if field.kind == "pairs" else text


def typed_fields(model: type[Entry]) -> list[Field]:
    """Those with a text of their own; the lines of a checklist are entries, which have tests of their own."""
    return [one for one in fields_of(model) if one.is_typed and one.name not in sections(model)]


def all_paths(model: type[Entry]) -> set[tuple[str, ...]]:
    """Fields of a model and of the tables in it, straight from the declarations."""
    found: set[tuple[str, ...]] = set()
    for name in model.model_fields:
        table = tables(model).get(name)
        if name not in PLACE_FIELDS and name not in sections(model):
            found |= {(name, *path) for path in all_paths(table)} if table else {(name,)}
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "plan"
    for name, text in PLAN.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for kind in ("dataset", "experiment", "model", "risk", "decision"):
        path = folder / "projects" / "churn" / KINDS[kind].plural / f"one-{kind}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'title = "One {kind}"\n')
    return folder


def model_of(kind: str, section: str) -> type[Entry]:
    return sections(record_model(kind))[section] if section else record_model(kind)


def check_on_disk(root: Path, address: Address, section: str, key: str) -> None:
    """Holds every field of what is on disk against what was typed."""
    found: Any = read_plan(str(root)).plan.get(address)
    found = getattr(found, section)[key] if section else found
    for field in typed_fields(type(found)):
        value = found
        for name in field.path:
            value = getattr(value, name)
        wanted = read(field, typed_for(field), TODAY)
        assert value == (tuple(wanted) if isinstance(wanted, list) else wanted), field.name


@pytest.mark.parametrize("name", MODELS)
def test_a_form_has_every_field_of_the_model(name: str) -> None:
    model = model_of(*MODELS[name])
    assert {one.path for one in typed_fields(model)} == all_paths(model)
    assert {one.name for one in fields_of(model) if one.name in sections(model)} == set(sections(model))


@pytest.mark.parametrize("name", MODELS)
def test_a_form_writes_every_field(name: str, root: Path) -> None:
    kind, section = MODELS[name]
    workspace = Workspace.open(str(root), {"KEDGE_STATE": str(root.parent / "state")})
    record = address_of(kind)
    if section and workspace.plan.get(record) is None:
        batch = add_record(workspace.plan, kind, record.project, record.id, {"title": "One"})
        workspace.commit(batch)
    is_there = section or workspace.plan.get(record) is not None
    about = Subject(record if is_there else record._replace(id=""), section)
    base = about.current(workspace.plan) or {}
    draft = Draft(about.fields(base, workspace.plan), base, TODAY)
    for path, field in draft.fields.items():
        if path == ("id",):
            draft.texts[path] = KEYS.get(section, "new-key") if section else record.id
        elif field.is_typed:
            draft.texts[path] = typed_for(field)
    assert (draft.errors(), about.problems(draft.data())) == ({}, {})
    saved, batch = about.save(workspace.plan, draft.changes(), Random(1))
    workspace.commit(batch)
    check_on_disk(root, saved.record._replace(id=record.id), section, saved.key)


@pytest.mark.parametrize("name", MODELS)
def test_a_command_writes_every_field(name: str, root: Path) -> None:
    kind, section = MODELS[name]
    record, model, key = address_of(kind), model_of(kind, section), KEYS.get(section, "new-key")
    own = next((one.name for one in ENTRIES.values() if (one.record, one.section) == (kind, section)), "")
    label = next((typed_for(one) for one in typed_fields(model) if one.path == (model.LABEL,)), "")
    if own == "answer":
        run(root, "answer", key, "4", "--project", "churn")
    elif own:
        named = ["add", key] if model.LABEL not in required_fields(model) else ["add", label, "--id", key]
        run(root, own, *named, *words_for(model, ""))
        check_on_disk(root, record, section, key)
        return
    elif read_plan(str(root)).plan.get(record) is None and not KINDS[kind].single:
        run(root, kind, "add", "One", "--id", record.id)
    if not typed_fields(model):
        return
    name = f"{record.project}/{key}" if own else f"{record.project}/{record.id}".removeprefix("/")
    verb = [kind, "set"] if kind in RECORDS else ["set"]
    is_single = KINDS[kind].single and kind != "project" and not own
    run(
        root,
        *verb,
        *([] if is_single else [name]),
        *words_for(model, f"{section}.{key}." if section and not own else ""),
    )
    check_on_disk(root, record, section, key)


def words_for(model: type[Entry], prefix: str) -> list[str]:
    """Assignments of every field; free texts one by one."""
    words: list[str] = []
    for field in typed_fields(model):
        text = typed_for(field)
        if field.kind == "pairs":
            words.append(f"{prefix}{field.name}." + text.replace(" = ", "="))
        else:
            rows = text.split("\n") if field.kind == "lines" else [text]
            words += [f"{prefix}{field.name}={row}" for row in rows]
    return words


def run(root: Path, *words: str) -> None:
    options = ["--plan", str(root), "--today", TODAY.isoformat()]
    done = CliRunner().invoke(kedge, [*words, *options], env={"KEDGE_STATE": str(root.parent)})
    assert done.exit_code == 0, (words, done.output, done.exception)


def test_every_record_and_a_new_one_of_each_kind_can_be_opened_from_the_board(root: Path) -> None:
    plan = read_plan(str(root)).plan
    keys = {item.key for item in record_items(plan, "churn")}
    shown = {"|".join(one) for one in plan.records if one.kind != "card"}
    shown.add("assessment|churn|assessment")
    shown |= {"|".join(address) for kind in ENTRIES if kind != "answer" for address, _ in plan.entries(kind)}
    new = {f"{kind}||" for kind in (*ENTRIES, *KINDS) if kind not in ("card", "answer")}
    assert keys == shown | new - {f"{kind}||" for kind in ("board", "assessment", "requirements", "strategy")}
