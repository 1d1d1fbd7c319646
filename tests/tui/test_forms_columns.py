"""Forms in two columns, where the terminal is wide enough: which fields are beside each other, and the keys there."""

from __future__ import annotations

from typing import Any

import pytest

from kedge.model.records.base import sections
from kedge.model.records.kinds import ENTRIES, KINDS, entry_model, record_model
from kedge.tests.tui.hosts import text_of
from kedge.tui.forms.fields import fields_of
from kedge.tui.forms.layout import Band, Layout, across, vertical

from .filling import fill, save

WIDE = (120, 40)
MODELS = {record_model(kind) for kind in KINDS} | {entry_model(kind) for kind in ENTRIES}
MODELS |= {inner for model in MODELS for inner in sections(model).values()}


@pytest.mark.parametrize("model", sorted(MODELS, key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_every_field_of_every_model_has_one_place_and_ways_up_and_down(model: Any) -> None:
    layout = Layout.of(model, fields_of(model))
    fields = layout.shown(unfolded=True)
    bands = layout.bands(fields, is_wide=True)
    assert [index for band in bands for index in (*band.left, *band.right)] == list(range(len(fields)))
    for band in bands:
        assert not band.right or not any(fields[index].is_long for index in (*band.left, *band.right))
        assert not band.right or abs(len(band.left) - len(band.right)) <= 3
    for step, end in ((1, bands[-1]), (-1, bands[0])):
        for index in range(len(fields)):
            passed = [index]
            while (there := vertical(bands, passed[-1], step)) != passed[-1]:
                assert there not in passed
                passed.append(there)
            assert passed[-1] in (end.left[0 if step < 0 else -1], *end.right)


def test_across_is_the_field_that_begins_nearest() -> None:
    bands = [Band((0,)), Band((1, 2, 3), (4, 5))]
    tops = {0: 0, 1: 1, 2: 2, 3: 6, 4: 1, 5: 5}
    assert [across(bands, index, tops) for index in tops] == [None, 4, 4, 5, 1, 3]
    assert across(bands, 1, tops, towards=-1) is None
    assert across(bands, 4, tops, towards=1) is None
    assert across(bands, 4, tops, towards=-1) == 1


def test_a_narrow_form_has_one_column() -> None:
    model = record_model("card")
    layout = Layout.of(model, fields_of(model))
    fields = layout.shown(unfolded=False)
    assert not any(band.right for band in layout.bands(fields, is_wide=False))


async def test_whole_groups_are_beside_each_other_and_long_texts_below(form: Any) -> None:
    async with form(size=WIDE) as shown:
        rows = text_of(shown[0]).splitlines()
        assert "Not before" in next(row for row in rows if " Where " in row)
        notes = next(at for at, row in enumerate(rows) if " Notes " in row)
        assert notes > next(at for at, row in enumerate(rows) if " Remaining " in row)


async def test_keys_lead_down_a_column_and_across(form: Any) -> None:
    async with form(size=WIDE) as shown:
        _, pilot, screen = shown

        async def after(*keys: str) -> str:
            await pilot.press(*keys)
            await pilot.pause()
            return screen.view.field.name

        assert await after("down") == "place"
        assert await after("f6") == "not_before"
        assert await after("down", "down") == "due"
        assert await after("up", "up", "up") == "title"
        for action, name in (("form.down", "place"), ("form.across", "not_before"), ("form.up", "title")):
            screen.act(action)
            await pilot.pause()
            assert screen.view.field.name == name
        assert await after("down", "f6", "f6") == "place"
        screen.view.go_to_path(("skill",))
        beside = await after("right")
        assert beside in {"datasets", "tags", "needs"}
        screen.view.put("")
        assert screen.view.beside(1) is None
        assert await after("left") not in {beside}
        screen.view.go_to_path(("remaining",))
        assert await after("tab") == "not_before"
        assert await after("shift+tab") == "remaining"


async def test_left_and_right_move_in_a_text_that_is_there(form: Any) -> None:
    async with form(size=WIDE) as shown:
        _, pilot, screen = shown
        screen.view.go_to_path(("place",))
        await pilot.press("left", "left", "right", "right", "right")
        assert screen.view.field.name == "place"


async def test_one_types_and_reads_what_is_wrong_in_the_right_column(form: Any) -> None:
    async with form(size=WIDE) as shown:
        app, pilot, screen = shown
        await fill(shown, "due", "someday")
        await save(shown)
        rows = text_of(app).splitlines()
        wrong = next(row for row in rows if " ! " in row)
        assert wrong.index("!") >= 60
        assert app.focused.region.x > 60
        assert app.focused.region.right <= 120
        at = next(number for number, row in enumerate(rows) if " Due " in row)
        assert app.focused.region.y == at
        assert rows[at][60] == ">"
        await pilot.resize_terminal(80, 40)
        await pilot.pause()
        assert app.focused.region.x < 60
        assert screen.view.field.name == "due"


async def test_a_click_goes_to_the_field_of_its_column(form: Any) -> None:
    async with form(size=WIDE) as shown:
        app, pilot, screen = shown
        for cell, name in ((85, "not_before"), (30, "place")):
            rows = text_of(app).splitlines()
            row = next(at for at, text in enumerate(rows) if "Not before" in text)
            await pilot.click(offset=(cell, row))
            assert screen.view.field.name == name


async def test_what_is_folded_unfolds_in_two_columns(form: Any) -> None:
    async with form(size=WIDE) as shown:
        app, pilot, screen = shown
        screen.view.go_to(len(screen.view.fields) - 1)
        await pilot.press("enter")
        await pilot.pause()
        assert screen.view.is_unfolded
        row = next(text for text in text_of(app).splitlines() if " Rank " in text)
        assert row.index("Rank") < 60 < len(row.rstrip())
