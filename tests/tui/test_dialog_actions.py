"""Every action of dialogs, forms and lines to type into, done by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.figures import Figures, Named
from kedge.tui.dialogs.message import HelpOverlay, Message
from kedge.tui.dialogs.pick import Pick, PickItem
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.dialogs.ticks import Ticks
from kedge.tui.dialogs.tour import Tour
from kedge.tui.forms.form import FormScreen
from kedge.tui.keys.keymap import SHIPPED
from kedge.tui.widgets.lines import LineView

from .driver import PlanFolder, Start
from .hosts import OPEN, Host

PILOT: Mapping[str, str] = {"?": "question_mark"}
PEOPLE = [PickItem(f"person{at:02d}", f"Person {at:02d}") for at in range(40)]


async def answer(screen: Any, *steps: str, size: tuple[int, int] = (80, 24)) -> Any:
    """What a dialog gives after some actions, by their names; other texts are typed."""
    app = Host(screen)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for step in steps:
            keys = SHIPPED.keys_of(step)
            await pilot.press(*(PILOT.get(key, key) for key in (keys[0].split(" ") if keys else step)))
            await pilot.pause()
    return app.answer


@pytest.mark.parametrize(
    ("make", "steps", "expected"),
    [
        (lambda: Message("", ["a"]), ("dialog.take",), None),
        (lambda: Message("", ["a"]), ("dialog.leave",), None),
        (lambda: Message("", ["a"]), ("dialog.tick",), OPEN),
        (lambda: Ask("", "", [("m", "mine"), ("t", "theirs")]), ("focus.down", "dialog.take"), "t"),
        (lambda: Ticks("", "", ["a", "b"], []), ("dialog.tick", "dialog.take"), ("a",)),
        (lambda: Ticks("", "", ["a", "b"], []), ("dialog.tick_all", "dialog.take"), ("a", "b")),
        (lambda: Ticks("", "", ["a"], []), ("dialog.tick", "dialog.leave"), OPEN),
        (lambda: Tour(str), ("focus.right", "focus.left", *(["dialog.take"] * 3)), OPEN),
        (lambda: Tour(str), (*(["dialog.take"] * 4),), None),
        (lambda: Prompt("", "", "a"), ("b", "text.save"), "ab"),
        (lambda: Prompt("", "", "a"), ("text.leave",), None),
        (lambda: Prompt("", "", more=("more", lambda _: None)), ("x", "text.complete"), None),
        (lambda: Pick("", PEOPLE), ("text.down", "text.down", "text.up", "pick.take"), ("person01",)),
        (lambda: Pick("", PEOPLE), ("text.page_down", "text.page_down", "text.page_up", "text.leave"), None),
        (
            lambda: Pick("", PEOPLE, multiple=True),
            ("pick.mark", "text.down", "pick.mark", "pick.take"),
            ("person00", "person01"),
        ),
        (
            lambda: Figures("", "", [Named("a", ""), Named("b", "")], lambda _: None),
            ("1", "form.next", "2", "form.previous", "3", "form.save"),
            {"a": "13", "b": "2"},
        ),
        (
            lambda: Figures("", "", [Named("a", ""), Named("b", "")], lambda _: None),
            ("1", "form.enter", "2", "form.enter"),
            {"a": "1", "b": "2"},
        ),
    ],
)
async def test_what_a_dialog_gives(make: Any, steps: tuple[str, ...], expected: Any) -> None:
    found = await answer(make(), *steps)
    assert found is expected or found == expected


@pytest.mark.parametrize(
    ("make", "action"),
    [(lambda: Message("", ["a"]), "dialog.help"), (lambda: Prompt("", ""), "text.help")],
)
async def test_help_lists_the_keys_of_the_dialog_and_its_key_closes_it_again(make: Any, action: str) -> None:
    app = Host(make())
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen, HelpOverlay)
        rows = "\n".join(one.text for one in app.screen.query_one(LineView).lines)
        assert SHIPPED.shown(action) in rows
        await pilot.press("f1")
        await pilot.pause()
        assert app.screen is app.first
        assert app.answer is OPEN


async def test_the_keys_of_a_form(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("snapshot")
        await on.act("card.edit")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        names = []
        for action in ("form.next", "form.enter", "form.previous", "text.page_down", "text.page_up"):
            await on.act(action)
            names.append(form.view.field.name)
        shown = [one.name for one in form.view.fields]
        assert [shown.index(name) for name in names] == [1, 2, 1, 7, 1]
        form.view.go_to_path(("owner",))
        await on.act("form.choose", "text.down", "pick.take")
        assert form.view.field.name == "owner"
        await on.act("form.save")
        await on.saved()
        assert on.card("snapshot").owner == "sam"


async def test_a_long_text_keeps_the_keys_that_move_in_it(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("snapshot")
        await on.act("card.edit")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        form.view.go_to_path(("notes",))
        await on.pilot.pause()
        await on.press("a", "enter", "b", "up", "c")
        assert form.view.field.name == "notes"
        assert form.draft.texts["notes",] == "ac\nb"


async def test_all_that_is_pasted_stays_on_one_line() -> None:
    from textual import events
    from textual.widgets import Input

    app = Host(Prompt("", ""))
    async with app.run_test() as pilot:
        await pilot.pause()
        app.post_message(events.Paste("  two\r\nlines \x1b[31m\tand 👩\u200d👧\n\n\u202eturned\n"))
        await pilot.pause()
        assert app.screen.query_one(Input).value == "two lines [31m and 👩\u200d👧 turned"
