"""Forms lose nothing: what others did meanwhile, what stands inside, and what is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from kedge.model.edit.edits import add_card, edit
from kedge.model.records.address import Address
from kedge.storage.disk import atomic
from kedge.storage.disk.errors import NotWritable
from kedge.tests.tui.hosts import OPEN, text_of
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.pick import Pick
from kedge.tui.forms.form import FormScreen

from .filling import CARD, FILE, fill, on_disk, save

# ---- nothing is lost


async def test_escape_asks_only_where_something_was_typed(form: Any) -> None:
    async with form() as shown:
        app, pilot, _ = shown
        await pilot.press("x", "escape")
        await pilot.pause()
        assert isinstance(app.screen, Ask)
        await pilot.press("k")
        await pilot.pause()
        assert app.answer is OPEN
        await pilot.press("backspace", "escape")
        await pilot.pause()
        assert app.answer is None


async def test_fields_that_only_one_side_touched_merge(form: Any) -> None:
    async with form() as shown:
        app = shown[0]
        await fill(shown, "due", "2026-12-01")
        await fill(shown, "tags", "data, infra")
        app.session.do(edit(app.session.plan, CARD, {("owner",): "sam", ("tags",): ["data", "gdpr"]}))
        await app.settle(shown[1])
        assert shown[2].draft.texts["owner",] == "sam"
        assert shown[2].draft.texts["tags",] == "data, gdpr, infra"
        assert "changed elsewhere, and taken over: Owner, Tags" in text_of(app)
        await save(shown)
        card: Any = app.session.plan.get(CARD)
        assert app.answer == CARD
        assert (card.owner, str(card.due), set(card.tags)) == ("sam", "2026-12-01", {"data", "gdpr", "infra"})


@pytest.mark.parametrize(("key", "title"), [("m", "Mine"), ("t", "Theirs")])
async def test_a_field_that_both_touched_is_asked(form: Any, key: str, title: str) -> None:
    async with form() as shown:
        app, pilot, _ = shown
        await fill(shown, "title", "Mine")
        await fill(shown, "due", "2026-12-01")
        app.session.do(edit(app.session.plan, CARD, {("title",): "Theirs"}))
        await app.settle(pilot)
        assert "changed elsewhere, too: Title" in text_of(app)
        await save(shown)
        assert "mine: Mine" in text_of(app)
        assert "what is in the file: Theirs" in text_of(app)
        await pilot.press(key)
        await app.settle(pilot)
        card: Any = app.session.plan.get(CARD)
        assert (card.title, str(card.due)) == (title, "2026-12-01")
        assert app.answer == CARD


async def test_a_conflict_can_be_edited_and_then_saved_over_theirs(form: Any) -> None:
    async with form() as shown:
        app, pilot, screen = shown
        await fill(shown, "title", "Mine")
        app.session.do(edit(app.session.plan, CARD, {("title",): "Theirs"}))
        await save(shown)
        await pilot.press("e")
        await app.settle(pilot)
        assert "in the file: Theirs" in text_of(app)
        assert screen.draft.texts["title",] == "Mine"
        await fill(shown, "title", "Both")
        await save(shown)
        card: Any = app.session.plan.get(CARD)
        assert card.title == "Both"


async def test_a_change_on_disk_that_nobody_has_read_yet_is_asked_too(form: Any) -> None:
    async with form() as shown:
        app, pilot, _ = shown
        path = app.root / FILE
        path.write_text(path.read_text().replace("Build the feature table", "Theirs"))
        await fill(shown, "title", "Mine")
        await save(shown)
        assert "what is in the file: Theirs" in text_of(app)
        await pilot.press("m")
        await app.settle(pilot)
        assert 'title = "Mine"' in on_disk(app)
        assert app.session.unsaved == []


async def test_a_save_that_fails_keeps_the_form_open_with_the_reason(
    form: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NotWritable("the disk is full", "make room")

    async with form() as shown:
        app, _, screen = shown
        await fill(shown, "title", "Mine")
        with monkeypatch.context() as patched:
            patched.setattr(atomic, "replace", full)
            await save(shown)
        assert app.answer is OPEN
        assert "the disk is full" in text_of(app)
        assert screen.draft.texts["title",] == "Mine"
        await save(shown)
        assert app.answer == CARD
        assert 'title = "Mine"' in on_disk(app)


async def test_a_card_that_was_removed_can_be_made_again(form: Any) -> None:
    async with form() as shown:
        app, pilot, _ = shown
        (app.root / FILE).unlink()
        app.session.refresh()
        await app.settle(pilot)
        await fill(shown, "title", "Mine")
        await save(shown)
        await pilot.press("m")
        await app.settle(pilot)
        card: Any = app.session.plan.get(CARD)
        assert (card.title, card.owner) == ("Mine", "mira")


async def test_a_card_that_was_renamed_is_saved_under_its_new_name(form: Any) -> None:
    async with form() as shown:
        app, pilot, _ = shown
        await fill(shown, "title", "Mine")
        new = app.root / "projects/churn/cards/feature-store-7k2m.toml"
        (app.root / FILE).rename(new)
        app.session.refresh()
        await app.settle(pilot)
        assert "was removed: saving asks" in text_of(app)
        await save(shown)
        assert "it is called feature-store-7k2m now" in text_of(app)
        await pilot.press("r")
        await app.settle(pilot)
        assert app.answer == Address("card", "churn", "feature-store-7k2m")
        assert new.read_text().startswith('# kept\ntitle = "Mine"\n')
        assert not (app.root / FILE).exists()


@pytest.mark.parametrize(
    "about", [CARD, Address("project", "churn", "churn"), Address("metric", "churn", "recall")], ids=str
)
async def test_a_file_with_conflict_markers_is_not_touched_and_the_form_stays(
    form: Any, about: Address
) -> None:
    async with form(lambda session: FormScreen(session, about)) as shown:
        app, pilot, _ = shown
        await fill(shown, "title", "Mine")
        path = app.root / {"card": FILE, "project": "projects/churn/project.toml"}.get(
            about.kind, "projects/churn/strategy.toml"
        )
        before = path.read_text()
        marked = f"<<<<<<< HEAD\n{before}=======\n>>>>>>> other\n"
        path.write_text(marked)
        app.session.refresh()
        await app.settle(pilot)
        await save(shown)
        assert (app.answer, path.read_text()) == (OPEN, marked)
        assert "unresolved merge" in " ".join(text_of(app).split())
        path.write_text(before)
        app.session.refresh()
        await app.settle(pilot)
        await save(shown)
        assert app.answer == about
        assert 'title = "Mine"' in path.read_text()


async def test_hostile_text_is_shown_and_left_as_it_is(form: Any) -> None:
    async with form() as shown:
        app = shown[0]
        hostile = "[red]x[/] \x1b[31m\u202e"
        batch = add_card(
            app.session.plan, "churn", "t", {"blocked": hostile, "notes": hostile}, shown[2]._randomness
        )
        app.session.do(batch)
        address = batch.changes[0].address
        screen = FormScreen(app.session, address, first=("blocked",))
        app.open(screen)
        await shown[1].pause()
        assert not {"\x1b", "\u202e"} & set(text_of(app))
        assert "[red]x[/]" in text_of(app)
        assert not {"\x1b", "\u202e"} & set(screen.query_one(Input).value)
        await shown[1].press("tab", "tab", "shift+tab")
        assert not screen.draft.touched


# ---- what stands inside, and what is unknown


async def test_the_entries_of_a_record_open_from_its_form_and_a_new_one_is_made_there(form: Any) -> None:
    mira = Address("person", "", "mira")
    async with form(lambda session: FormScreen.edit(session, mira, ("absences",))) as shown:
        app, pilot, screen = shown
        await fill(shown, "role", "lead")
        screen.view.go_to_path(("absences",))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, Pick)
        await pilot.press("enter")
        await pilot.pause()
        inner = app.screen
        assert isinstance(inner, FormScreen)
        assert "New absence in person mira" in text_of(app)
        inner.view.go_to_path(("reason",))
        await pilot.press(*"Summer leave".replace(" ", "_").replace("_", " "))
        inner.view.go_to_path(("first",))
        await pilot.press(*"2027-07-05")
        await save(shown)
        assert app.screen is screen
        assert "Summer leave" in text_of(app)
        assert screen.draft.texts["role",] == "lead"
        await save(shown)
        text = on_disk(app, "people/mira.toml")
        assert "[absences.summer-leave]" in text
        assert "first = 2027-07-05" in text
        assert 'role = "lead"' in text


async def test_an_entry_is_removed_from_its_form_after_asking(form: Any) -> None:
    metric = Address("metric", "churn", "recall")
    async with form(lambda session: FormScreen(session, metric)) as shown:
        app, pilot, _ = shown
        await pilot.press("f8")
        await pilot.pause()
        assert isinstance(app.screen, Ask)
        await pilot.press("r")
        await app.settle(pilot)
        assert "metrics.recall" not in on_disk(app, "projects/churn/strategy.toml")


async def test_a_person_is_renamed_from_the_form_and_the_references_follow(form: Any) -> None:
    async with form(lambda session: FormScreen(session, Address("person", "", "mira"))) as shown:
        app, pilot, _ = shown
        await pilot.press("f7", "ctrl+u", *"sam", "enter")
        assert "there is a person sam already" in text_of(app)
        await pilot.press("ctrl+u", *"mirabel", "enter")
        await app.settle(pilot)
        assert app.answer == Address("person", "", "mirabel")
        assert 'owner = "mirabel"' in on_disk(app)
        assert "Mira Solberg" in on_disk(app, "people/mirabel.toml")


async def test_what_names_nothing_is_refused_and_what_was_there_before_may_stay(form: Any) -> None:
    async with form() as shown:
        app, _, screen = shown
        await fill(shown, "owner", "mirra")
        await fill(shown, "place", "execute/data-pipelin")
        await save(shown)
        assert "no person mirra; did you mean mira?" in text_of(app)
        assert "did you mean execute/data-pipeline?" in screen.view.notes["place",]
        assert app.answer is OPEN
        await fill(shown, "owner", "sam")
        await fill(shown, "place", "execute/data-pipeline")
        await save(shown)
        assert 'owner = "sam"' in on_disk(app)


async def test_a_mistake_that_was_there_before_does_not_hold_a_form(form: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan" / FILE
    path.write_text(path.read_text().replace('owner = "mira"', 'owner = "gone"'))
    async with form() as shown:
        app, _, _ = shown
        await fill(shown, "needs", "label-audit-9x4p SS+2d, nothing-9z9z")
        await save(shown)
        assert "no card nothing-9z9z" in text_of(app)
        await fill(shown, "needs", "")
        await save(shown)
        assert "needs = [" not in on_disk(app)
        assert 'owner = "gone"' in on_disk(app)


async def test_unknown_keys_are_seen_kept_and_edited_in_the_file(
    form: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Address] = []
    monkeypatch.setattr(
        "kedge.tui.forms.editor.edit_record", lambda _app, _session, address, *_: opened.append(address)
    )
    async with form() as shown:
        app, pilot, _ = shown
        path = app.root / FILE
        path.write_text(path.read_text() + 'jira = "ML-41"\n')
        app.session.refresh()
        await app.settle(pilot)
        screen = FormScreen.edit(app.session, CARD, ("jira",))
        app.open(screen)
        await pilot.pause()
        assert '"ML-41"' in text_of(app)
        await pilot.press("x", "enter")
        await pilot.pause()
        assert opened == [CARD]
        await fill((app, pilot, screen), "title", "Mine")
        await save(shown)
        assert 'jira = "ML-41"' in on_disk(app)
        assert 'title = "Mine"' in on_disk(app)


async def test_a_record_that_a_project_has_once_is_made_by_its_form(form: Any) -> None:
    about = Address("requirements", "churn", "requirements")
    async with form(lambda session: FormScreen(session, about)) as shown:
        shown[2].view.go_to_path(("notes",))
        await shown[1].press("H", "i")
        await save(shown)
        assert "Hi" in on_disk(shown[0], "projects/churn/requirements.toml")
