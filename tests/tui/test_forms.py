"""Forms: what they write, what they merge, and that nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import TextArea

from kedge.model.plan.field_spec import TextRefused
from kedge.model.plan.plan import Plan
from kedge.model.records.address import Address
from kedge.model.records.kinds import ENTRIES, KINDS, entry_model, record_model
from kedge.tests.tui.hosts import OPEN, TODAY, text_of
from kedge.tui.dialogs.pick import Pick
from kedge.tui.forms.draft import Draft
from kedge.tui.forms.fields import fields_of, read
from kedge.tui.forms.fields import write as write_value
from kedge.tui.forms.form import FormScreen
from kedge.tui.forms.subject import Subject

from .filling import CARD, fill, on_disk, save, unfold

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
        await unfold(shown)
        screen.view.go_to(0)
        await pilot.pause()
        for _ in screen.view.fields:
            seen.append(screen.view.field.name)
            assert screen.view.field.label[:8] in text_of(app)
            assert app.focused is not None
            assert app.focused.region.bottom <= 10
            await pilot.press("tab")
            await pilot.pause()
        assert sorted(filter(None, seen)) == sorted(one.name for one in fields_of(record_model("card")))
        assert len(list(app.screen.walk_children())) < 15


async def test_typed_keys_reach_the_field_and_the_text_area(form: Any) -> None:
    async with form(lambda session: FormScreen(session, CARD, first=("notes",))) as shown:
        app, pilot, screen = shown
        assert screen.query_one(TextArea).has_focus
        await pilot.press("H", "i", "enter", "tab", "enter")
        await fill(shown, "offered_by", "x")
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
