"""A form of every kind of record, and of every kind of keyed entry, while somebody else changes its file.

The kinds are found in the models and the values in the samples, so that a new kind is tried here without being named.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from kedge.model.edit.edits import edit
from kedge.model.edit.renames import move_to_project
from kedge.model.plan.change import Path as FieldPath
from kedge.model.plan.change import get_path, set_path
from kedge.model.plan.field_spec import TextRefused
from kedge.model.plan.plan import Plan
from kedge.model.records.address import Address
from kedge.model.records.base import sections
from kedge.model.records.kinds import KINDS, record_model
from kedge.storage.disk.paths import path_of
from kedge.storage.disk.scan import NO_STAMP
from kedge.storage.plan.read import understand
from kedge.storage.plan.workspace import Workspace
from kedge.tui.forms.fields import Field, fields_of, read, same_value, write
from kedge.tui.forms.form import FormScreen
from kedge.tui.forms.subject import Subject

from .hosts import OPEN, TODAY, SessionHost, text_of
from .hosts import write as write_files

SAMPLES = Path(__file__).parents[2] / "samples" / "kinds"
TEXTS = {
    "line": ("some words of mine", "other words of theirs", "third words of all"),
    "text": ("Some words.", "Other words.", "Third words."),
    "lines": ("first, one", "second, one", "third, one"),
    "number": ("0.25", "0.5", "0.75", "40"),
    "whole": ("3", "4", "5"),
    "date": ("2027-01-11", "2027-02-12", "2027-03-12"),
    "dates": ("2027-01-11", "2027-02-12", "2027-03-12"),
    "estimate": ("1/2/4", "2/3/5", "3/4/6"),
    "figure": ("7", "8", "9"),
    "verdict": ("yes", "no", "0.5"),
    "list": ("one", "two", "three"),
}


def address_of(kind: str) -> Address:
    """Where the sample of a kind stands in the plan of these tests."""
    if not KINDS[kind].in_project:
        return Address(kind, "", "board" if kind == "board" else "one")
    is_single = KINDS[kind].single and kind != "project"
    return Address(kind, "churn", "churn" if kind == "project" else kind if is_single else f"one-{kind}")


FILES = {path_of(address_of(kind)): (SAMPLES / f"{kind}.toml").read_text("utf-8") for kind in KINDS}
# Those who lead and pay are people of the plan: a waiver that another person has not agreed to is refused.
FILES |= {"people/helen.toml": 'name = "Helen"\n', "people/mira.toml": 'name = "Mira"\n'}


def subjects() -> Iterator[Subject]:
    """Every record of the samples, and the first entry of each of its sections."""
    for kind in KINDS:
        address = address_of(kind)
        yield Subject(address)
        path = path_of(address)
        _, record = understand(path, address, NO_STAMP, FILES[path].encode())
        for section in sections(record_model(kind)):
            yield Subject(address, section, next(iter(getattr(record, section))))


@dataclass(frozen=True)
class Case:
    """What is edited, the field that the form changes, and one that somebody else changes."""

    about: Subject
    field: Field
    mine: str
    theirs: str
    other: Field | None
    others: str

    @property
    def path(self) -> str:
        """The file."""
        return path_of(self.about.record)

    def at(self, field: Field) -> FieldPath:
        """A field's place in the record."""
        about = self.about
        return (about.section, about.key, *field.path) if about.section else field.path


def case(about: Subject) -> Case:
    """Fields of a subject with texts that fit them and say something new."""
    _, record = understand(
        path_of(about.record), about.record, NO_STAMP, FILES[path_of(about.record)].encode()
    )
    data: Any = get_path(record, (about.section, about.key) if about.section else ())
    found: list[tuple[Field, list[str]]] = []
    for field in about.fields(data, Plan()):
        now = get_path(data, field.path)
        texts = list(field.shape.choices or TEXTS.get(field.kind, ())) if field.is_typed else []
        if field.kind == "flag":
            texts = ["yes", "no"]
        # A format that is not there yet makes the plan one to read only.
        if field.shape.refers or field.path == ("format",):
            texts = []
        fits = [text for text in texts if _fits(about, data, field, text, now)]
        if fits:
            found.append((field, fits))
    # A list merges item by item, so that it is not asked about.
    single = [one for one in found if len(one[1]) > 1 and one[0].kind not in ("list", "lines", "dates")]
    field, texts = single[0]
    other = next((one for one in found if one[0] is not field and one[0].path[0] != "rank"), None)
    return Case(about, field, texts[0], texts[1], other[0] if other else None, other[1][0] if other else "")


def _fits(about: Subject, data: Any, field: Field, text: str, now: object) -> bool:
    try:
        value = read(field, text, TODAY)
    except TextRefused:
        return False
    changed = {key: dict(one) if isinstance(one, dict) else one for key, one in data.items()}
    set_path(changed, field.path, value)
    return not same_value(value, now) and not about.problems(changed)


# An assessment has nothing but its answers.
CASES = [case(one) for one in subjects() if any(field.is_typed for field in fields_of(one.model))]
each = pytest.mark.parametrize(
    "one", CASES, ids=lambda one: f"{one.about.record.kind} {one.about.section}".strip()
)
Shown = tuple[SessionHost, Pilot[None], FormScreen]
Open = Callable[[Case], AbstractAsyncContextManager[Shown]]


@pytest.fixture
def form(tmp_path: Path) -> Open:
    """Opens the form of a case, with its text typed."""
    root = write_files(tmp_path / "plan", FILES)

    @asynccontextmanager
    async def opened(one: Case) -> AsyncIterator[Shown]:
        app = SessionHost(root)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = FormScreen(app.session, one.about)
            app.open(screen)
            await pilot.pause()
            screen.view.go_to_path(one.field.path)
            screen.view.put(one.mine)
            await pilot.pause()
            yield app, pilot, screen

    return opened


async def seen(shown: Shown) -> None:
    """The board has read what somebody else did."""
    shown[0].session.refresh()
    await shown[0].settle(shown[1])


async def save(shown: Shown, *answers: str) -> None:
    """Saves, and answers what is asked."""
    app, pilot, _ = shown
    for key in ("ctrl+s", *answers):
        await pilot.press(key)
        await app.settle(pilot)


def elsewhere(app: SessionHost) -> Workspace:
    """Another kedge on the same plan."""
    return Workspace.open(str(app.root), {"KEDGE_STATE": str(app.root.parent / "other")})


def change(app: SessionHost, one: Case, field: Field, text: str) -> None:
    """Somebody else changes a field."""
    space = elsewhere(app)
    space.commit(edit(space.plan, one.about.record, {one.at(field): read(field, text, TODAY)}))


def says(app: SessionHost, one: Case, field: Field, about: Subject | None = None) -> str:
    """The text of a field as the disk has it."""
    data = (about or one.about).current(elsewhere(app).plan)
    assert data is not None
    return write(field, get_path(data, field.path))


def same(field: Field, text: str) -> str:
    """A text as the form writes its value."""
    return write(field, read(field, text, TODAY))


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen yet"])
@each
async def test_another_field_merges(form: Open, one: Case, is_seen: bool) -> None:
    if one.other is None:
        pytest.skip("it has one field only")
    async with form(one) as shown:
        app = shown[0]
        change(app, one, one.other, one.others)
        if is_seen:
            await seen(shown)
        await save(shown)
        assert app.answer == one.about.address
        assert says(app, one, one.field) == same(one.field, one.mine)
        assert says(app, one, one.other) == same(one.other, one.others)


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen yet"])
@each
async def test_the_same_field_is_asked(form: Open, one: Case, is_seen: bool) -> None:
    async with form(one) as shown:
        app = shown[0]
        change(app, one, one.field, one.theirs)
        if is_seen:
            await seen(shown)
        await save(shown)
        assert app.answer is OPEN
        assert f"mine: {same(one.field, one.mine)}" in text_of(app)
        assert f"what is in the file: {same(one.field, one.theirs)}" in text_of(app)
        assert says(app, one, one.field) == same(one.field, one.theirs)
        await shown[1].press("m" if is_seen else "t")
        await app.settle(shown[1])
        assert app.answer == one.about.address
        assert says(app, one, one.field) == same(one.field, one.mine if is_seen else one.theirs)


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen yet"])
@each
async def test_what_was_removed_can_be_made_again(form: Open, one: Case, is_seen: bool) -> None:
    async with form(one) as shown:
        app, _, screen = shown
        before = screen.draft.data()
        if one.about.section:
            space = elsewhere(app)
            space.commit(one.about.removal(space.plan))
        else:
            (app.root / one.path).unlink()
        if is_seen:
            await seen(shown)
        await save(shown)
        assert app.answer is OPEN
        assert screen.draft.texts[one.field.path] == one.mine
        assert "make it again as it is here" in text_of(app)
        await shown[1].press("m")
        await app.settle(shown[1])
        assert app.answer == one.about.address
        now = one.about.current(elsewhere(app).plan)
        assert now is not None
        assert {key: value for key, value in now.items() if not same_value(value, before.get(key))} == {}
        assert says(app, one, one.field) == same(one.field, one.mine)


@each
async def test_what_was_renamed_is_saved_under_its_new_name(form: Open, one: Case) -> None:
    about = one.about
    async with form(one) as shown:
        app = shown[0]
        path = app.root / one.path
        if about.section:
            if about.key in ("mvp", "growth", "maturity"):
                pytest.skip("its keys are fixed")
            text = path.read_text()
            path.write_text(
                re.sub(rf"(?m)^\[{about.section}\.{about.key}(?=[\].])", f"[{about.section}.renamed", text)
            )
            moved = Subject(about.record, about.section, "renamed")
        elif KINDS[about.kind].single:
            if about.kind == "board":
                pytest.skip("there is no other name for it")
            (app.root / "projects" / "churn").rename(app.root / "projects" / "renamed")
            moved = Subject(
                Address(about.kind, "renamed", "renamed" if about.kind == "project" else about.id)
            )
        else:
            path.rename(path.with_name("renamed.toml"))
            moved = Subject(about.record._replace(id="renamed"))
        await seen(shown)
        await save(shown)
        assert "it is called" in text_of(app)
        await shown[1].press("r")
        await app.settle(shown[1])
        assert app.answer == moved.address
        assert about.current(elsewhere(app).plan) is None
        assert says(app, one, one.field, moved) == same(one.field, one.mine)


async def test_a_card_that_went_to_another_project_and_was_changed_there_is_merged_and_asked(
    form: Open,
) -> None:
    one = next(one for one in CASES if one.about.kind == "card")
    assert one.other is not None
    async with form(one) as shown:
        app = shown[0]
        write_files(app.root, {"projects/second/project.toml": 'title = "Second"\n'})
        space = elsewhere(app)
        space.commit(move_to_project(space.plan, [space.plan.cards[one.about.id]], "second"))
        moved = Subject(one.about.record._replace(project="second"))
        for field, text in ((one.field, one.theirs), (one.other, one.others)):
            space.commit(edit(space.plan, moved.record, {field.path: read(field, text, TODAY)}))
        await seen(shown)
        await save(shown)
        assert "in second now" in text_of(app)
        await shown[1].press("r")
        await shown[1].pause()
        assert f"what is in the file: {one.theirs}" in text_of(app)
        await shown[1].press("m")
        await app.settle(shown[1])
        assert app.answer == moved.address
        assert one.about.current(elsewhere(app).plan) is None
        assert says(app, one, one.field, moved) == one.mine
        assert says(app, one, one.other, moved) == one.others


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen yet"])
@each
async def test_a_file_in_conflict_is_not_touched_and_the_form_waits(
    form: Open, one: Case, is_seen: bool
) -> None:
    async with form(one) as shown:
        app, _, screen = shown
        path = app.root / one.path
        before = path.read_text()
        marked = f"<<<<<<< HEAD\n{before}=======\n{before}>>>>>>> other\n"
        path.write_text(marked)
        if is_seen:
            await seen(shown)
        await save(shown)
        assert (app.answer, path.read_text()) == (OPEN, marked)
        assert "unresolved merge" in " ".join(text_of(app).split())
        assert screen.draft.texts[one.field.path] == one.mine
        path.write_text(before)
        await seen(shown)
        await save(shown)
        assert app.answer == one.about.address
        assert says(app, one, one.field) == same(one.field, one.mine)
        assert app.session.unsaved == []
