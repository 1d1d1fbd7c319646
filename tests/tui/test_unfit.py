"""What stands in a file and cannot be read shows on the card and in its form, and saving leaves it alone."""

from __future__ import annotations

from pathlib import Path

from kedge.model.records.address import Address
from kedge.tests.tui.hosts import SessionHost, text_of, write
from kedge.tui.card.card_screen import CardScreen
from kedge.tui.forms.form import FormScreen
from kedge.tui.screens.records import record_items
from kedge.tui.session.session import Saved

CARD = Address("card", "churn", "feature-table-7k2m")
FILE = "projects/churn/cards/feature-table-7k2m.toml"
TEXT = 'title = "Feature table"\nplace = "execute"\ntags = "data, infra"\nestimate = "3 days"\nchecklist = "later"\n'
FILES = {
    "board.toml": "format = 1\n",
    "projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\ngoals = "none"\n',
    FILE: TEXT,
}


async def test_the_card_says_what_cannot_be_read(tmp_path: Path) -> None:
    app = SessionHost(write(tmp_path / "plan", FILES))
    async with app.run_test(size=(120, 40)) as pilot:
        app.open(CardScreen(app.session, CARD.id))
        await pilot.pause()
        shown = text_of(app)
    assert 'estimate = "3 days" does not fit' in shown
    assert 'checklist = "later" does not fit' in shown
    assert "a adds a line" not in shown
    assert "data, infra" in shown


async def test_a_form_shows_it_and_saves_the_others(tmp_path: Path) -> None:
    root = write(tmp_path / "plan", FILES)
    app = SessionHost(root)
    async with app.run_test(size=(120, 40)) as pilot:
        form = FormScreen(app.session, CARD)
        app.open(form)
        await pilot.pause()
        field = form.draft.fields["estimate",]
        assert not field.is_typed
        assert "3 days" in form.draft.texts["estimate",]
        assert "cannot be read" in form.draft.texts["estimate",]
        form.draft.texts["tags",] = "data, infra, ml"
        form.save()
        await app.settle(pilot)
    (saved,) = [one for one in app.events if isinstance(one, Saved)]
    assert saved.remarks == (f"{FILE}: tags was a text, and becomes a list of 2 items",)
    after = (root / FILE).read_text()
    assert 'estimate = "3 days"\n' in after
    assert 'checklist = "later"\n' in after
    assert '"ml",\n' in after


async def test_the_list_of_records_says_it_where_goals_are_missing(tmp_path: Path) -> None:
    app = SessionHost(write(tmp_path / "plan", FILES))
    async with app.run_test():
        labels = [item.label for item in record_items(app.session.plan, "churn")]
    assert any("goals" in label and "cannot be read" in label for label in labels)
