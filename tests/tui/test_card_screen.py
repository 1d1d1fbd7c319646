"""The card's screen: everything can be read, the checklist ticked, and one goes along the needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from kedge.model.plan.change import MISSING, FieldChange
from kedge.model.plan.change_text import FieldWords
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.records.address import Address
from kedge.model.records.base import Record
from kedge.storage.git.code_commits import CodeCommit
from kedge.storage.git.history import Revision
from kedge.storage.git.log import Commit
from kedge.tests.tui.hosts import OPEN, TODAY, SessionHost, text_of, write
from kedge.tui.card.card_lines import TREE_ROWS, Key, Known, card_lines
from kedge.tui.card.card_screen import CardScreen
from kedge.tui.forms.form import FormScreen
from kedge.tui.keys.actions import in_context
from kedge.tui.keys.keymap import Keymap
from kedge.tui.session.session import Failed, SaveFailed
from kedge.tui.widgets.lines import LineView

CARD = Address("card", "churn", "table-7k2m")
FOLDER = "projects/churn/cards/"
FILES = {
    "board.toml": "format = 1\n",
    "people/mira.toml": 'name = "Mira Solberg"\n',
    "projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n',
    FOLDER + "table-7k2m.toml": 'title = "Feature table"\nplace = "execute"\nowner = "mira"\nowner-key = 1\n'
    'needs = ["audit-9x4p SS+2d"]\nnotes = """\n# Why\n- [x] see [plan](docs/p.md)\n"""\n'
    '[checklist.bbbb]\ndone = false\nrank = "a0"\ntext = "first [b]line[/]"\n'
    '[checklist.cccc]\ndone = true\nrank = "a1"\ntext = "second"\n',
    FOLDER + "audit-9x4p.toml": 'title = "Audit the labels"\nplace = "execute"\nneeds = ["grant-bcdf"]\n',
    FOLDER + "grant-bcdf.toml": 'title = "Get access"\nplace = "execute"\n',
    FOLDER + "train-fghj.toml": 'title = "Train"\nplace = "execute"\nneeds = ["table-7k2m"]\n',
}
Shown = tuple[SessionHost, Pilot[None], CardScreen]


@pytest.fixture
def screen(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Shown]]:
    """Opens a card of a plan."""

    @asynccontextmanager
    async def opened(card: str = CARD.id, size: tuple[int, int] = (80, 40)) -> AsyncIterator[Shown]:
        app = SessionHost(write(tmp_path / "plan", FILES))
        async with app.run_test(size=size) as pilot:
            shown = CardScreen(app.session, card)
            app.open(shown)
            await app.settle(pilot)
            yield app, pilot, shown

    return opened


async def do(shown: Shown, *actions: str) -> None:
    """Presses the keys of actions."""
    app, pilot, _ = shown
    for action in actions:
        await pilot.press(*Keymap().keys_of(action)[0].split())
        await app.settle(pilot)


def go_to(shown: Shown, key: Key) -> None:
    shown[2].query_one(LineView).go_to(key)


async def test_everything_can_be_read(screen: Any) -> None:
    async with screen(size=(80, 60)) as shown:
        text = text_of(shown[0])
    for part in (
        *("Feature table", "Mira Solberg", "SS+2d", "Audit the labels", "Get access", "Train", "[x] second"),
        *("first [b]line[/]", "# Why", "plan (docs/p.md)", "(audit-9x4p)", "unknown to kedge", "F105"),
        *("not in a git repository", "not set:", "churn/table-7k2m"),
    ):
        assert part in text


async def test_a_line_of_the_checklist_is_ticked_and_elsewhere_the_status_goes_on(screen: Any) -> None:
    async with screen() as shown:
        app = shown[0]
        go_to(shown, Key("item", "bbbb"))
        await do(shown, "item.next")
        card: Any = app.session.plan.get(CARD)
        assert card.checklist["bbbb"].done
        assert "done = true" in (app.root / FOLDER / "table-7k2m.toml").read_text()
        go_to(shown, Key("field", "owner"))
        await do(shown, "item.next")
        card = app.session.plan.get(CARD)
        assert (card.status, shown[2].query_one(LineView).key) == ("doing", Key("field", "owner"))


async def test_lines_of_the_checklist_are_added_changed_and_removed(screen: Any) -> None:
    async with screen() as shown:
        app, pilot, _ = shown
        await do(shown, "item.add")
        await pilot.press("n", "e", "w", "enter")
        await app.settle(pilot)
        card: Any = app.session.plan.get(CARD)
        assert "new" in [item.text for item in card.checklist.values()]
        go_to(shown, Key("item", "cccc"))
        await do(shown, "focus.open")
        await pilot.press("!", "enter")
        await app.settle(pilot)
        card = app.session.plan.get(CARD)
        assert card.checklist["cccc"].text == "second!"
        go_to(shown, Key("item", "bbbb"))
        await do(shown, "item.remove")
        card = app.session.plan.get(CARD)
        assert "bbbb" not in card.checklist


async def test_one_goes_along_needs_and_back_and_forward(screen: Any) -> None:
    async with screen() as shown:
        app, _, card = shown
        go_to(shown, Key("card", "grant-bcdf"))
        await do(shown, "focus.open")
        assert card.card_id == "grant-bcdf"
        assert "Needed by" in text_of(app)
        await do(shown, "card.previous")
        assert card.card_id == CARD.id
        await do(shown, "card.next")
        assert card.card_id == "grant-bcdf"
        await do(shown, "card.next")
        assert "no card further on" in text_of(app)
        await do(shown, "focus.leave")
        assert app.answer is None


async def test_enter_on_a_field_opens_the_form_in_it(screen: Any) -> None:
    async with screen() as shown:
        app = shown[0]
        go_to(shown, Key("field", "owner"))
        await do(shown, "focus.open")
        assert isinstance(app.screen, FormScreen)
        assert app.screen.view.field.name == "owner"


@pytest.mark.parametrize(
    "action",
    [
        one.id
        for one in in_context("card")
        if one.id.startswith(("card.", "plan.", "find.", "kedge."))
        and one.id
        not in ("card.edit", "card.editor", "card.previous", "card.next", "kedge.quit", "kedge.suspend")
    ],
)
async def test_every_verb_of_the_board_works_here(screen: Any, action: str) -> None:
    async with screen() as shown:
        app, pilot, card = shown
        await do(shown, action)
        await pilot.press("escape", "escape") if app.screen is not card else None
        await app.settle(pilot)
        assert app.answer is OPEN or app.screen is not card
        assert not [one for one in app.events if isinstance(one, SaveFailed | Failed)]


async def test_a_card_that_somebody_removes_does_not_break_the_screen(screen: Any) -> None:
    async with screen() as shown:
        app, pilot, _ = shown
        (app.root / FOLDER / "table-7k2m.toml").unlink()
        app.session.refresh()
        await app.settle(pilot)
        assert "not in the plan any more" in text_of(app)
        await do(shown, "item.next", "focus.open", "card.why")
        assert app.answer is OPEN
        await do(shown, "focus.leave")
        assert app.answer is None


@pytest.mark.parametrize("size", [(40, 10), (200, 60)])
async def test_any_size_shows_the_card(screen: Any, size: tuple[int, int]) -> None:
    async with screen(size=size) as shown:
        assert "Feature table" in text_of(shown[0])
        assert len(list(shown[0].screen.walk_children())) < 10


# ---- rows, without a terminal


def plan_of(*cards: tuple[str, dict[str, Any]]) -> Plan:
    records: list[Record] = [parse("card", "churn", name, {"title": name, **data}) for name, data in cards]
    return Plan({record.address: record for record in records})


def text(plan: Plan, card: str, **known: Any) -> str:
    return "\n".join(one.text for one in card_lines(Known(plan, plan.cards[card], TODAY, **known), 80))


def test_a_loop_and_a_missing_card_are_said_and_not_followed() -> None:
    plan = plan_of(("a", {"needs": ["b", "gone"]}), ("b", {"needs": ["a", "c"]}), ("c", {"needs": ["b"]}))
    shown = text(plan, "a")
    assert shown.count("a loop") == 4
    assert "gone  not in the plan" in shown


def test_a_card_that_is_reached_twice_is_followed_once() -> None:
    plan = plan_of(("a", {"needs": ["b", "c"]}), ("b", {"needs": ["d"]}), ("c", {"needs": ["d"]}), ("d", {}))
    assert text(plan, "a").count("as above") == 1


def test_a_chain_of_thousands_is_cut_with_a_word() -> None:
    cards = [(f"c{number}", {"needs": [f"c{number + 1}"]} if number < 2999 else {}) for number in range(3000)]
    found = card_lines(Known(plan_of(*cards), plan_of(*cards).cards["c0"], TODAY), 80)
    assert sum(one.key is not None and one.key[0] == "card" for one in found) == TREE_ROWS  # pyright: ignore[reportIndexIssue]
    (more,) = [one for one in found if "more cards behind" in one.text]
    assert more.key == Key("more", "needs")


async def test_enter_shows_more_of_a_long_chain_to_its_end(screen: Any) -> None:
    async with screen() as shown:
        app, _, card = shown
        count = TREE_ROWS + 50
        for number in range(count):
            needs = f'needs = ["chain-{number + 1}"]\n' if number < count - 1 else ""
            write(app.root, {f"{FOLDER}chain-{number}.toml": f'title = "Link {number}"\n{needs}'})
        app.session.refresh()
        await app.settle(shown[1])
        card.show_card("chain-0")
        view = card.query_one(LineView)
        assert Key("card", f"chain-{count - 1}") not in [one.key for one in view.lines]
        go_to(shown, Key("more", "needs"))
        await do(shown, "focus.open")
        assert Key("card", f"chain-{count - 1}") in [one.key for one in view.lines]


def test_in_a_narrow_tree_the_title_has_room_and_status_and_note_stand() -> None:
    long = "a-title-of-many-words-that-says-what-7k2m"
    plan = plan_of(
        ("top", {"needs": ["other-bcdf", long]}),
        ("other-bcdf", {"needs": [long], "owner": "konstantin"}),
        (
            long,
            {"title": "A title of many words that says what is meant", "owner": "konstantin", "needs": ["x"]},
        ),
        ("x", {}),
    )
    shown = text(plan, "top")
    (row,) = [one for one in shown.split("\n") if one.endswith("  7k2m  konstantin  to do  as above")]
    assert row.startswith("  ⊘ A title of many words that says")
    assert len(row) <= 80
    assert f"  {long}" not in shown
    wide = "\n".join(one.text for one in card_lines(Known(plan, plan.cards["top"], TODAY), 160))
    assert f"what is meant  {long}  konstantin  to do" in wide


def test_long_notes_are_shown_in_parts_and_hostile_text_as_text() -> None:
    plan = plan_of(("a", {"notes": "word \x1b[31m[b] " * 20_000, "blocked": "\u202ex\x07"}))
    shown = text(plan, "a")
    assert "enter: show more" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert len(shown) < 30_000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (FieldChange(("owner",), "mira", "sam"), "owner mira → sam"),
        (FieldChange(("needs",), ["a", "b"], ["b", "c"]), "needs +c, -a"),
        (FieldChange(("due",), MISSING, TODAY), "due 2026-11-21"),
        (FieldChange(("checklist", "x", "done"), False, True), "checklist item x: done no → yes"),
        (FieldChange(("notes",), "a", "b" * 100), f"notes [-a-] {{+{'b' * 100}+}}"),
        (FieldChange(("blocked",), "no data", MISSING), 'blocked cleared (was "no data")'),
    ],
)
def test_a_change_in_words(change: FieldChange, words: str) -> None:
    assert FieldWords(TODAY, "EUR").line("card", change) == words


def test_commits_of_code_stand_below_the_history() -> None:
    when = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
    changed = Revision("c1", dt.date(2026, 11, 20), "Mira", "the card")
    code = (
        CodeCommit(Commit("c2", (), when, "Sam", "s@e.org", "build \x1b[31mit"), "churn/a"),
        CodeCommit(Commit("c1", (), when, "Mira", "m@e.org", "the card"), ""),
    )
    shown = text(plan_of(("a", {})), "a", history=(changed,), code=code)
    assert "Code" in shown
    assert "yesterday  Sam: build" in shown
    assert "on churn/a" in shown
    assert "\x1b" not in shown
    assert shown.count("the card") == 1


def test_a_history_says_moves_renames_and_files_that_came_and_went() -> None:
    day, one = dt.date(2026, 11, 20), plan_of(("a", {}))
    address = Address("card", "churn", "a")
    revisions = (
        Revision("6", day, "Kim", "both", moved=(Address("card", "old", "z"), address)),
        Revision("5", day, "Kim", "layout"),
        Revision("4", day, "Kim", "back", is_first=True),
        Revision("3", day, "Kim", "away", is_last=True),
        Revision("2", day, "Kim", "broken", is_readable=False),
    )
    shown = text(one, "a", history=revisions)
    for words in (
        "moved from project old to churn",
        "renamed from z to a",
        "no field changed: layout or comments",
        "the file was made",
        "the file was removed",
        "the file could not be read",
    ):
        assert words in shown
