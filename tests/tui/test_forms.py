"""Forms: what they write, what they merge, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from kedge.model.edit.edits import add_card, edit
from kedge.model.plan.field_spec import TextRefused
from kedge.model.plan.plan import Plan
from kedge.model.records.address import Address
from kedge.model.records.kinds import ENTRIES, KINDS, entry_model, record_model
from kedge.storage.disk import atomic
from kedge.storage.disk.errors import NotWritable
from kedge.tests.tui.hosts import OPEN, TODAY, SessionHost, text_of, write
from kedge.tui.dialogs import Ask, Pick
from kedge.tui.forms import FormScreen, Subject
from kedge.tui.forms.draft import Draft
from kedge.tui.forms.fields import fields_of, read
from kedge.tui.forms.fields import write as write_value

CARD = Address("card", "churn", "feature-table-7k2m")
FILE = "projects/churn/cards/feature-table-7k2m.toml"
FILES = {
    "board.toml": "format = 1\n",
    "people/mira.toml": 'name = "Mira Solberg"\n',
    "people/sam.toml": 'name = "Sam Okoro"\n',
    "projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n\n[effort]\nml = 2\n',
    "projects/churn/strategy.toml": '[metrics.recall]\ntitle = "Recall"\ntarget = 0.8\n',
    FILE: '# kept\ntitle = "Build the feature table"\nplace = "execute"\nrank = "a1"\nstatus = "todo"\n'
    'owner = "mira"\nneeds = ["label-audit-9x4p SS+2d"]\ntags = ["data"]\nlinks = ["a, b", "c"]\n'
    'notes = """\nOne.\nTwo.\n"""\n',
    "projects/churn/cards/label-audit-9x4p.toml": 'title = "Audit the labels"\nplace = "execute"\nrank = "a2"\n',
}

Shown = tuple[SessionHost, Pilot[None], FormScreen]


@pytest.fixture
def form(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Shown]]:
    """Opens a form on a plan."""
    root = write(tmp_path / "plan", FILES)

    @asynccontextmanager
    async def opened(
        make: Callable[[Any], FormScreen] = lambda session: FormScreen(session, CARD),
        size: tuple[int, int] = (80, 24),
    ) -> AsyncIterator[Shown]:
        app = SessionHost(root)
        async with app.run_test(size=size) as pilot:
            screen = make(app.session)
            app.open(screen)
            await pilot.pause()
            yield app, pilot, screen

    return opened


async def fill(shown: Shown, field: str, text: str) -> None:
    """Types into a field, in the place of what stands there."""
    _, pilot, screen = shown
    screen.view.go_to_path(tuple(field.split(".")))
    await pilot.pause()
    screen.query_one(Input).value = text
    await pilot.pause()


async def save(shown: Shown) -> None:
    app, pilot, _ = shown
    await pilot.press("ctrl+s")
    await app.settle(pilot)


def on_disk(app: SessionHost, path: str = FILE) -> str:
    return (app.root / path).read_text()


# ---- writing


async def test_saving_writes_only_what_was_changed_and_closes(form: Any) -> None:
    async with form() as shown:
        app = shown[0]
        before = on_disk(app)
        await fill(shown, "owner", "sam")
        await fill(shown, "due", "fri")
        assert on_disk(app) == before
        await save(shown)
        assert app.answer == CARD
        after = on_disk(app)
    gone, come = (set(one.splitlines()) for one in (before, after))
    assert (gone - come, come - gone - {""}) == ({'owner = "mira"'}, {'owner = "sam"', "due = 2026-11-27"})


async def test_fields_are_reached_by_tab_and_all_of_them_show_at_any_size(form: Any) -> None:
    async with form(size=(40, 10)) as shown:
        app, pilot, screen = shown
        seen = []
        for _ in screen.view.fields:
            seen.append(screen.view.field.name)
            assert screen.view.field.name in text_of(app)
            assert app.focused is not None
            assert app.focused.region.bottom <= 10
            await pilot.press("tab")
            await pilot.pause()
        assert seen == [one.name for one in fields_of(record_model("card"))]
        assert len(list(app.screen.walk_children())) < 15


async def test_typed_keys_reach_the_field_and_the_text_area(form: Any) -> None:
    async with form(lambda session: FormScreen(session, CARD, first=("notes",))) as shown:
        app, pilot, screen = shown
        assert screen.query_one(TextArea).has_focus
        await pilot.press("H", "i", "enter", "shift+tab")
        await pilot.press("end", "x")
        await save(shown)
        record: Any = app.session.plan.get(CARD)
        assert record.notes == "Hi\nOne.\nTwo.\n"
        assert record.offered_by == "x"


async def test_a_date_is_echoed_and_an_estimate_explained(form: Any) -> None:
    async with form() as shown:
        await fill(shown, "due", "fri")
        assert "fri → Fri 27 Nov 2026" in text_of(shown[0])
        await fill(shown, "estimate", "2/3/5")
        assert "low 2, likely 3, high 5 days" in text_of(shown[0])
        await fill(shown, "owner", "mirra")
        assert "no person mirra; did you mean mira?" in text_of(shown[0])


async def test_space_goes_to_the_next_choice(form: Any) -> None:
    async with form(lambda session: FormScreen(session, CARD, first=("status",))) as shown:
        await shown[1].press("space", "space")
        await save(shown)
        assert 'status = "done"' in on_disk(shown[0])


async def test_an_entry_and_a_table_inside_a_record_have_forms(form: Any) -> None:
    metric = Address("metric", "churn", "recall")
    async with form(lambda session: FormScreen(session, metric)) as shown:
        await fill(shown, "target", "0.9")
        await save(shown)
        assert shown[0].answer == metric
        assert "target = 0.9" in on_disk(shown[0], "projects/churn/strategy.toml")
    async with form(lambda session: FormScreen(session, Address("board", "", "board"))) as shown:
        await fill(shown, "calendar.hours_per_day", "7")
        await save(shown)
        assert "hours_per_day = 7" in on_disk(shown[0], "board.toml")


async def test_a_new_card_keeps_what_the_quick_line_said(form: Any) -> None:
    quick = {"title": "Profile", "owner": "sam", "tags": ("data",)}
    async with form(
        lambda session: FormScreen.edit(
            session, Address("card", "churn", ""), typed={"place": "plan/tactics", **quick}
        )
    ) as shown:
        assert shown[2].has_unsaved_text
        await save(shown)
        card: Any = shown[0].session.plan.get(shown[0].answer)
        assert (card.title, card.place, card.owner, card.tags) == (
            "Profile",
            "plan/tactics",
            "sam",
            ("data",),
        )


async def test_a_new_entry_gets_its_id_from_its_title(form: Any) -> None:
    async with form(lambda session: FormScreen(session, Address("metric", "churn", ""))) as shown:
        assert not shown[2].has_unsaved_text
        await fill(shown, "title", "Churn rate")
        await save(shown)
        assert shown[0].answer == Address("metric", "churn", "churn-rate")
        assert "[metrics.churn-rate]" in on_disk(shown[0], "projects/churn/strategy.toml")


# ---- mistakes


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("remaining", "lots", "expected a number"),
        ("due", "someday", "expected a date"),
        ("status", "perhaps", "expected one of"),
        ("remaining", "-3", "at least 0"),
        ("owner", "No Body", "lower-case letters"),
    ],
)
async def test_a_mistake_is_shown_below_its_field_and_nothing_is_written(
    form: Any, field: str, text: str, expected: str
) -> None:
    async with form() as shown:
        app = shown[0]
        before = on_disk(app)
        await fill(shown, field, text)
        screen: FormScreen = shown[2]
        screen.view.go_to(0)
        await save(shown)
        assert app.answer is OPEN
        assert screen.view.field.name == field
        assert expected in " ".join(screen.view.notes[(field,)].split())
        assert on_disk(app) == before


async def test_a_need_that_makes_a_loop_is_refused_with_the_loop(form: Any) -> None:
    audit = Address("card", "churn", "label-audit-9x4p")
    async with form(lambda session: FormScreen(session, audit, first=("needs",))) as shown:
        app, pilot, _ = shown
        await fill(shown, "needs", CARD.id)
        await save(shown)
        assert app.answer is OPEN
        assert "loop" in text_of(app)
        await fill(shown, "needs", "")
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert isinstance(app.screen, Pick)
        await pilot.press("enter") if not app.screen.typed else None


async def test_the_picker_keeps_links_and_lags_of_needs_that_stay(form: Any) -> None:
    async with form(lambda session: FormScreen(session, CARD, first=("needs",))) as shown:
        app, pilot, screen = shown
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert "[x] Audit the labels" in text_of(app)
        await pilot.press("enter")
        await pilot.pause()
        assert not screen.draft.touched


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
        assert "taken over: owner, tags" in text_of(app)
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
        assert "somebody else has changed title too" in text_of(app)
        await save(shown)
        assert "mine: Mine" in text_of(app)
        assert "theirs: Theirs" in text_of(app)
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
        assert "theirs is: Theirs" in text_of(app)
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
        assert "theirs: Theirs" in text_of(app)
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


# ---- the draft, without a terminal


def test_every_model_has_fields_whose_texts_read_back() -> None:
    models = [record_model(kind) for kind in KINDS] + [entry_model(kind) for kind in ENTRIES]
    for model in models:
        for field in fields_of(model):
            if not field.is_typed:
                continue
            text = write_value(field, field.default)
            again = read(field, text, TODAY)
            assert write_value(field, again) == text


def test_free_texts_keep_their_commas_and_pairs_their_names() -> None:
    fields = {one.path: one for one in fields_of(record_model("project"))}
    links, effort = fields["links",], fields["effort",]
    assert read(links, "a, b\n\nc", TODAY) == ["a, b", "c"]
    assert read(effort, "ml = 2\nlabelling = 0.5", TODAY) == {"ml": 2, "labelling": 0.5}
    with pytest.raises(TextRefused):
        read(effort, "ml 2", TODAY)


def test_a_draft_changes_nothing_that_was_not_touched() -> None:
    base = {"title": "T", "links": ["a, b"], "estimate": (1.0, 2.0, 3.5), "notes": "x\r\ny"}
    draft = Draft(Subject(CARD).fields(base, Plan()), base, TODAY)
    assert draft.changes() == {}
    draft.texts["estimate",] = "1/2/3.5 "
    assert draft.changes() == {}
    draft.texts["estimate",] = "1/2/4"
    assert draft.changes() == {("estimate",): [1, 2, 4]}
