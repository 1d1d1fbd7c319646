"""Dialogs: what they give back, what they say, and that nothing typed or marked goes by one wrong key."""

from __future__ import annotations

from typing import Any

import pytest

from kedge.tests.tui.hosts import OPEN, TODAY, Host, pressed
from kedge.tui.dialogs.ask import Ask, Confirm
from kedge.tui.dialogs.date_prompt import DatePrompt
from kedge.tui.dialogs.message import HelpOverlay, Message
from kedge.tui.dialogs.palette import Palette
from kedge.tui.dialogs.pick import Pick, PickItem
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.draw.matching import SHOWN, find
from kedge.tui.draw.spans import fold, line, wrap
from kedge.tui.widgets.lines import LineView

# ---- prompt


async def test_a_prompt_gives_the_text() -> None:
    app = await pressed(Prompt("Block", "Why?", "no access"), "!", "enter")
    assert app.answer == "no access!"


async def test_a_text_that_can_only_be_shown_with_escapes_is_given_back_as_it_was() -> None:
    assert (
        await pressed(Prompt("Block", "Why?", "no\n\x1b[31maccess"), "enter")
    ).answer == "no\n\x1b[31maccess"
    assert (await pressed(Prompt("Block", "Why?", "\x1b"), "!", "enter")).answer == "\\x1b!"


async def test_a_prompt_says_below_the_field_what_is_wrong_and_stays() -> None:
    prompt = Prompt("Drop", "Why?", validate=lambda text: None if text.strip() else "say why")
    app = await pressed(prompt, "enter")
    assert app.answer is OPEN
    assert "say why" in app.shown


async def test_escape_asks_before_it_loses_what_was_typed() -> None:
    app = await pressed(Prompt("Block", "Why?"), "x", "escape")
    assert app.answer is OPEN
    assert "escape again" in app.shown
    assert (await pressed(Prompt("Block", "Why?"), "x", "escape", "escape")).answer is None
    assert (await pressed(Prompt("Block", "Why?"), "x", "escape", "y", "escape")).answer is OPEN
    assert (await pressed(Prompt("Block", "Why?", "given"), "escape")).answer is None


async def test_tab_goes_on_where_there_is_more() -> None:
    went: list[str] = []
    app = await pressed(Prompt("Add", "Card", "x", more=("whole form", went.append)), "y", "tab")
    assert (app.answer, went) == (None, ["xy"])


async def test_a_date_is_echoed_as_it_is_typed_and_given_as_the_files_have_it() -> None:
    app = await pressed(DatePrompt("Due", "When?", TODAY), *"fri")
    assert "fri → Fri 27 Nov 2026" in app.shown
    app = await pressed(DatePrompt("Due", "When?", TODAY), *"fri", "enter")
    assert app.answer == "2026-11-27"
    app = await pressed(DatePrompt("Due", "When?", TODAY), *"soon", "enter")
    assert app.answer is OPEN
    assert "expected a date" in app.shown
    app = await pressed(DatePrompt("Due", "When?", TODAY, "2026-12-01"), "ctrl+u", "enter")
    assert app.answer == ""


# ---- ask, confirm


async def test_confirm_is_answered_by_letter_by_cursor_and_by_escape() -> None:
    assert (await pressed(Confirm("Quit", "Unsaved text."), "y")).answer is True
    assert (await pressed(Confirm("Quit", "Unsaved text."), "down", "enter")).answer is True
    assert (await pressed(Confirm("Quit", "Unsaved text."), "enter")).answer is False
    assert (await pressed(Confirm("Quit", "Unsaved text."), "escape")).answer is False


async def test_ask_gives_the_key_of_the_option() -> None:
    options = (("m", "mine"), ("t", "theirs"))
    assert (await pressed(Ask("owner", "Both sides changed it.", options), "t")).answer == "t"
    assert (await pressed(Ask("owner", "Both sides changed it.", options), "z")).answer is OPEN
    assert (await pressed(Ask("owner", "Both sides changed it.", options), "escape")).answer is None


# ---- pick


PEOPLE = [PickItem("mira", "Mira Solberg", "ml"), PickItem("sam", "Sam Okoro"), PickItem("lena", "Lena Miró")]


async def test_pick_one_by_a_part_of_the_name() -> None:
    assert (await pressed(Pick("Owner", PEOPLE), *"oko", "enter")).answer == ("sam",)
    assert (await pressed(Pick("Owner", PEOPLE), "down", "down", "enter")).answer == ("lena",)
    app = await pressed(Pick("Owner", PEOPLE), *"nobody here", "enter")
    assert app.answer is OPEN
    assert "nothing fits" in app.shown


async def test_pick_several_by_typing_and_by_marks() -> None:
    pick = Pick("Needs", PEOPLE, multiple=True, chosen=("lena",))
    app = await pressed(pick, *"sam", "enter", "enter")
    assert app.answer == ("lena", "sam")
    pick = Pick("Needs", PEOPLE, multiple=True, chosen=("lena",))
    app = await pressed(pick, "tab", "enter")
    assert app.answer == ()


async def test_a_refused_choice_says_why_in_place() -> None:
    def refuse(key: str) -> str | None:
        return "that would make a loop: sam → mira" if key == "sam" else None

    app = await pressed(Pick("Needs", PEOPLE, multiple=True, refuse=refuse), *"sam", "enter")
    assert app.answer is OPEN
    assert "loop: sam → mira" in app.shown
    app = await pressed(Pick("Needs", PEOPLE, multiple=True, refuse=refuse), *"sam", "tab", "ctrl+u", "enter")
    assert app.answer == ()


async def test_new_words_can_be_taken_where_that_is_allowed() -> None:
    app = await pressed(Pick("Tags", PEOPLE, multiple=True, new="a new tag"), *"gdpr", "enter", "enter")
    assert app.answer == ("gdpr",)


async def test_escape_asks_before_it_loses_marks() -> None:
    app = await pressed(Pick("Needs", PEOPLE, multiple=True), "tab", "escape")
    assert app.answer is OPEN
    assert "escape again" in app.shown


async def test_ten_thousand_items_draw_fifty() -> None:
    items = [PickItem(f"card-{number}", f"Card {number}") for number in range(10_000)]
    app = Host(Pick("Needs", items))
    async with app.run_test() as pilot:
        await pilot.press(*"99")
        await pilot.pause()
        assert len(app.screen.query_one(LineView).lines) == SHOWN
        assert len(list(app.screen.walk_children())) < 15


def test_find_puts_beginnings_first_and_knows_letters_in_order() -> None:
    names = ["rebuild features", "feature table", "the feature", "first eat"]
    assert find("feat", names) == [1, 2, 0, 3]
    assert find("tab feat", names)[:1] == [1]
    assert find("zzz", names) == []
    assert find("", names) == [0, 1, 2, 3]


def test_find_looks_at_every_word_and_prefers_letters_that_lie_close() -> None:
    numbers = ["recall 602 r99t", "recall drift 4", "recall label 99"]
    assert find("recall 99", numbers) == [2, 0]
    assert find("lbl adt", ["recall drift table 3, budget", "late bill audit", "label audit"]) == [2, 1, 0]
    assert find("adt lbl", ["audit of labels", "label audit"]) == [0, 1]


# ---- palette, message, help


async def test_the_palette_finds_in_all_sources_and_says_why_not() -> None:
    sources = [
        ("command", [PickItem("undo", "undo")]),
        ("card", [PickItem("undo-7k2m", "Undo the migration")]),
    ]
    app = await pressed(Palette(sources), *"migr", "enter")
    assert app.answer == ("card", "undo-7k2m")
    app = await pressed(
        Palette(sources, lambda source, _: "nothing to undo" if source == "command" else None), "enter"
    )
    assert app.answer is OPEN
    assert "nothing to undo" in app.shown


async def test_help_shows_why_something_cannot_be_done() -> None:
    groups = [("Cards", [("a", "add", "add a card", None), ("x", "drop", "drop it", "no card is focused")])]
    app = await pressed(HelpOverlay(groups))
    assert "not now: no card is focused" in app.shown
    assert (await pressed(HelpOverlay(groups), "escape")).answer is None


HOSTILE = "[bold]x[/] \x1b[31mred\x07 \u202eabc"


@pytest.mark.parametrize("size", [(80, 24), (40, 10)])
@pytest.mark.parametrize(
    "make",
    [
        lambda: Prompt(HOSTILE, HOSTILE, HOSTILE),
        lambda: Confirm(HOSTILE, HOSTILE * 20),
        lambda: Pick(HOSTILE, [PickItem("a", HOSTILE, HOSTILE)], multiple=True, chosen=("a",)),
        lambda: Message(HOSTILE, [HOSTILE] * 20),
        lambda: HelpOverlay([(HOSTILE, [("a", HOSTILE, HOSTILE, HOSTILE)])]),
        lambda: Palette([("card", [PickItem("a", HOSTILE)])]),
    ],
)
async def test_hostile_text_is_shown_as_text_at_any_size(make: Any, size: tuple[int, int]) -> None:
    app = await pressed(make(), size=size)
    assert not {"\x1b", "\x07", "\u202e"} & set(app.shown)
    assert "[bold]x[/]" in app.shown
    assert 0 < app.foot <= size[1]


# ---- spans


def test_wrapping_keeps_to_the_width_and_loses_no_word() -> None:
    rows = wrap([("one two ", ""), ("three四五六七", "dim"), (" end", "")], 9, "- ", "  ")
    texts = [line(*row).text for row in rows]
    assert [text.rstrip() for text in texts] == ["- one two", "  three四", "  五六七", "  end"]
    assert all(line(*row).cells <= 9 + 1 for row in rows)
    assert "".join(fold("a  b\nc", 20)) == "a  bc"
