"""The board under what a terminal sends: nothing that is no text is typed or ends it, and how it ends is told."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from random import Random

import pytest
from textual.css.query import NoMatches
from textual.events import Resize
from textual.geometry import Size
from textual.widgets import Input, TextArea

from kedge.tui.keys.terminal_input import Parser

from .driver import Driver, PlanFolder, Start
from .sequences import REPLIES, SILENT_KEYS, random_mouse, random_sequence
from .test_terminal_input import SEQUENCES


async def send(on: Driver, *parts: str, pause: bool = True) -> None:
    """Sends what a terminal sends, each part by itself, through the board's driver."""
    driver = on.app._driver
    assert driver is not None
    parser = Parser()
    for part in parts:
        for event in (
            *parser.feed(part),
            *(parser.rest() if pause else ()),
            *(parser.rest() if pause else ()),
        ):
            driver.process_message(event)
    for event in parser.rest():
        driver.process_message(event)
    await on.pilot.pause()
    await on.app.typed.done()
    await on.pilot.pause()


def field(on: Driver) -> str:
    """What stands in the field that is typed into."""
    return on.app.screen.query_one(Input).value


async def test_what_is_no_text_is_not_typed_into_a_field(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await send(on, "a")
        for one in (*REPLIES, *SILENT_KEYS):
            await send(on, f"{one}x", pause=False)
        assert field(on) == "x" * len((*REPLIES, *SILENT_KEYS))
        assert on.app.crash is None


async def test_random_sequences_neither_type_nor_end_the_board(plan: PlanFolder, start: Start) -> None:
    random = Random(17)
    async with start(plan.root) as on:
        await send(on, "a")
        count = SEQUENCES // 10
        for _ in range(count):
            sent = random_mouse(random, 20) if random.random() < 0.25 else random_sequence(random)
            await send(on, sent + "x", pause=False)
        assert field(on) == "x" * count
        assert on.app.crash is None


OUTSIDE = ("\x1b[<64;500;400M", "\x1b[<0;500;9M\x1b[<32;600;9M\x1b[<0;600;9m", "\x1b[<35;9;400M")
INSIDE = ("\x1b[<65;20;8M", "\x1b[<0;20;8M\x1b[<0;20;8m", "\x1b[<0;20;8M\x1b[<32;90;8M\x1b[<0;90;8m")
AWAY = ("\x1b[O", "\x1b[O\x1b[I", "\x1b[I", "\x1b[O\x1b[<65;20;8M\x1b[<64;500;400M")


@pytest.mark.parametrize("opened", ["a", "/", "b", "t", "r"])
async def test_nothing_but_keys_changes_what_is_typed_where(
    plan: PlanFolder, start: Start, opened: str
) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        keys = {"b": "card.block", "t": "card.tags", "r": "card.rename"}
        await on.act(keys.get(opened, {"a": "card.add", "/": "find.filter"}.get(opened, "")))
        before = field(on)
        typed = ""
        for number, one in enumerate((*OUTSIDE, *INSIDE, *AWAY)):
            letter = "abcdefghijklmnop"[number]
            await send(on, f"{one}{letter}", pause=False)
            typed += letter
        await on.pilot.resize_terminal(60, 12)
        await send(on, "\x1b[<64;100;20Mz", pause=False)
        assert field(on) == f"{before}{typed}z"


async def test_a_drag_ends_when_a_dialog_opens_over_it(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        x = on.view.query("ColumnView")[2].region.x + 4
        y = next(at for at, line in enumerate(on.lines(), 1) if "Card features" in line)
        await send(on, f"\x1b[<0;{x};{y}M", f"\x1b[<32;{x - 40};{y}M")
        await on.act("card.block")
        await send(on, f"\x1b[<0;{x - 40};{y}m", "why", "\r")
        await on.saved()
        assert on.card("features").blocked == "why"
        await send(on, f"\x1b[<0;{x - 40};{y}M", f"\x1b[<0;{x - 40};{y}m")
        assert on.card("features").phase == "execute"


async def test_an_emoji_of_the_keyboard_protocol_is_typed_whole(plan: PlanFolder, start: Start) -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    async with start(plan.root) as on:
        await send(on, "a", f"\x1b[0;;{':'.join(str(ord(one)) for one in family)}u", "\x1b[13;129:1u")
        await on.saved()
        assert family in {card.title for card in on.on_disk().values()}


async def test_an_emoji_in_plain_characters_is_typed_whole(plan: PlanFolder, start: Start) -> None:
    text = "👩\u200d💻 1\ufe0f\u20e3 👍🏽 🇩🇪 می\u200cخواهم"
    async with start(plan.root) as on:
        await send(on, "a", *text, "\r")
        await on.saved()
        assert text in {card.title for card in on.on_disk().values()}


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n", "\r\r"])
async def test_lines_pasted_without_marks_are_one_line_of_a_field(
    plan: PlanFolder, start: Start, ending: str
) -> None:
    async with start(plan.root) as on:
        await send(on, "a")
        await send(on, f"first line{ending}second line{ending}")
        assert field(on) == "first line second line"


async def test_lines_pasted_without_marks_are_lines_of_a_long_text(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act("card.edit")
        for _ in range(40):
            if isinstance(on.app.focused, TextArea):
                break
            await on.act("form.next")
        assert isinstance(on.app.focused, TextArea)
        await send(on, "one\rtwo\r\nthree")
        assert on.app.focused.text.endswith("one\ntwo\nthree")


async def test_a_key_that_is_let_go_does_nothing(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await send(on, "\x1b[106;1:3u", "\x1b[76:76;2:3;76u", "\x1b[1;1:3B", "\x1b[113;1:3u")
        assert on.focus == "features"
        assert on.app.is_running
        await send(on, "\x1b[106;1:1;106u")
        assert on.focus == "labels"


async def test_a_size_that_is_out_of_date_is_laid_out_no_more(
    plan: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sizes at once, from a window whose edge is dragged: the screen must not go to and fro between them."""
    async with start(plan.root) as on:
        laid_out: list[Size] = []
        monkeypatch.setattr(
            on.board, "_refresh_layout", lambda size=None, scroll=False: laid_out.append(size)
        )
        on.board.post_message(Resize(Size(50, 10), Size(50, 10)))
        await on.pilot.pause()
        assert set(laid_out) <= {on.app.size, None}


async def ended(plan: PlanFolder, start: Start, act: Callable[[Driver], None]) -> BaseException | None:
    """What ended the board after something was done to it."""
    app = None
    with contextlib.suppress(LookupError, RuntimeError):  # the pilot raises it again
        async with start(plan.root) as on:
            app = on.app
            act(on)
            await on.pilot.pause()
    assert app is not None
    return app.crash


async def test_whatever_textual_gives_up_for_ends_the_board_as_an_error(
    plan: PlanFolder, start: Start
) -> None:
    crash = await ended(plan, start, lambda on: on.app.panic("no more"))
    assert str(crash) == "no more"


async def test_what_comes_too_late_while_the_board_ends_is_no_error(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        on.app.exit(return_code=130)
        on.app._handle_exception(NoMatches("its widgets have gone"))
        assert on.app.crash is None


@pytest.mark.parametrize("where", ["thread", "callback"])
async def test_an_error_beside_the_screens_ends_the_board(plan: PlanFolder, start: Start, where: str) -> None:
    def fail() -> None:
        raise LookupError("unforeseen")

    def begin(_: Driver) -> None:
        if where == "callback":
            asyncio.get_running_loop().call_soon(fail)
        else:
            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()

    assert isinstance(await ended(plan, start, begin), LookupError)
