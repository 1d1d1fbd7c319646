"""The contract of the screens: each is one entry of a registry, says what can be done, and makes steps one way."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from textual.app import ComposeResult

import kedge.tui
from kedge.model.edit import edits
from kedge.model.records.address import Address
from kedge.model.records.findings import Finding
from kedge.tui.app.screens import SCREENS, ScreenEntry
from kedge.tui.board import board as board_module
from kedge.tui.board.board_moves import drop_in
from kedge.tui.dialogs.ask import Confirm
from kedge.tui.dialogs.palette import Palette
from kedge.tui.draw.spans import line
from kedge.tui.forms.form import FormScreen
from kedge.tui.keys.actions import BY_ID, reason_against
from kedge.tui.screens import cards_screen, plan_screen
from kedge.tui.screens.plan_screen import PlanScreen
from kedge.tui.widgets.acting import ActingScreen
from kedge.tui.widgets.key_line import KeyLine
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start, write

TUI = Path(kedge.tui.__path__[0])
THREADS = {"threading", "multiprocessing", "_thread"}


# ---- a screen is one entry


class ToyScreen(PlanScreen):
    """The least that a screen is."""

    CONTEXT = "screen"

    def compose(self) -> ComposeResult:
        yield LineView()
        yield KeyLine()

    def on_mount(self) -> None:
        self.adopt()
        self.foot()

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:
        self.query_one(LineView).show(
            lambda _: [line(f"{len(self.plan.cards)} cards for {self.project_before}")]
        )


async def test_a_new_screen_is_one_entry_of_the_registry(
    plan: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(SCREENS, "screen.strategy")
    async with start(plan.root) as on:
        await on.act("screen.strategy")
        assert on.app.screen is on.board
        assert "the Strategy screen is not there yet" in on.foot()
    monkeypatch.setitem(SCREENS, "screen.strategy", ScreenEntry(__name__, "ToyScreen"))
    async with start(plan.root) as on:
        await on.act("screen.strategy")
        assert isinstance(on.app.screen, ToyScreen)
        assert "6 cards for churn" in on.text()
        # What all screens can do is there: undo with its message, the palette with every screen, the way back.
        await on.act("plan.undo")
        await on.saved()
        assert "nothing to undo" in on.foot().lower()
        await on.act("find.command")
        assert isinstance(on.app.screen, Palette)
        await on.type("assess")
        await on.press("escape")
        await on.act("focus.leave")
        assert on.app.screen is on.board


# ---- every action can be done, or says why not


def _emptied(plan: PlanFolder) -> None:
    for path in (plan.root / "projects").rglob("cards/*.toml"):
        path.unlink()


def _without_projects(plan: PlanFolder) -> None:
    _emptied(plan)
    for path in (plan.root / "projects").rglob("project.toml"):
        path.unlink()


def _as_it_is(_: PlanFolder) -> None: ...


async def _stay(_: Driver) -> None: ...


def _opened(*actions: str, card: str = "") -> Callable[[Driver], object]:
    async def opened(on: Driver) -> None:
        if card:
            await on.go_to(card)
        await on.act(*actions)

    return opened


def _form(about: Address) -> Callable[[Driver], object]:
    async def opened(on: Driver) -> None:
        on.app.host.open_form(about)

    return opened


async def _several(on: Driver) -> None:
    await on.act("card.mark_all", "card.edit")


async def _removed_card(on: Driver) -> None:
    await on.go_to("labels")
    await on.act("focus.open")
    screen = on.app.screen
    assert isinstance(screen, PlanScreen)
    screen.make(lambda: edits.remove(screen.plan, [screen.plan.cards["labels"].address]))


PLACES = {
    "the board": (_as_it_is, _opened(card="labels")),
    "a board without cards": (_emptied, _stay),
    "a board without projects": (_without_projects, _stay),
    "a card": (_as_it_is, _opened("focus.open", card="labels")),
    "a card that is gone": (_as_it_is, _removed_card),
    "problems": (_as_it_is, _opened("screen.problems")),
    "no problems": (_emptied, _opened("screen.problems")),
    "questions": (_as_it_is, _opened("screen.assess")),
    "questions of no project": (_without_projects, _opened("screen.assess")),
    "the portfolio": (_as_it_is, _opened("screen.portfolio")),
    "a portfolio of nothing": (_without_projects, _opened("screen.portfolio")),
    "a form": (_as_it_is, _opened("card.edit", card="labels")),
    "a form of several cards": (_as_it_is, _several),
    "a form of something new": (_as_it_is, _form(Address("metric", "churn", ""))),
}
LEAVING = {"kedge.quit", "kedge.suspend"}


@asynccontextmanager
async def _at(
    name: str, plan: PlanFolder, start: Start
) -> AsyncIterator[tuple[Driver, ActingScreen[object]]]:
    prepare, go = PLACES[name]
    prepare(plan)
    async with start(plan.root) as on:
        await go(on)
        await _quiet(on)
        screen = on.app.screen
        assert isinstance(screen, ActingScreen)
        yield on, screen


async def _quiet(on: Driver) -> None:
    await on.saved()
    await on.found_out()


@pytest.mark.parametrize("name", PLACES)
async def test_every_action_can_be_done_or_says_why_not(name: str, plan: PlanFolder, start: Start) -> None:
    async with _at(name, plan, start) as (on, screen):
        now = screen.situation()
        reasons = {one.id: reason_against(one, now) for one in screen.actions()}
        assert "" not in reasons.values()
        # What cannot be done is still listed, with its reason.
        listed = {label: reason for _, entries in screen.help_groups() for _, label, _, reason in entries}
        for action, reason in reasons.items():
            if reason is not None:
                assert listed[screen.label_of(BY_ID[action])] == reason
                stack = list(on.app.screen_stack)
                screen.act(action)
                await on.pilot.pause()
                assert on.app.screen_stack == stack
                assert reason.split(":")[0][: on.app.size.width - 2] in on.foot()


@pytest.mark.parametrize("name", PLACES)
async def test_no_action_that_can_be_done_fails(
    name: str, plan: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    async with _at(name, plan, start) as (on, screen):
        for action in [one.id for one in screen.actions() if one.id not in LEAVING]:
            if screen not in on.app.screen_stack:
                break
            while on.app.screen is not screen:
                on.app.pop_screen()
            if action in screen.handlers() and reason_against(BY_ID[action], screen.situation()) is None:
                screen.act(action)
                await on.pilot.pause()
        assert on.app.crash is None


# ---- one way to make a step


@pytest.fixture
def limited(plan: PlanFolder) -> PlanFolder:
    """A plan in which no card more may be in progress."""
    write(plan.root / "board.toml", 'format = 1\ntitle = "Test"\n\n[limits]\nexecute = 1\n')
    return plan


def _in_progress(on: Driver) -> set[str]:
    return {one.id for one in on.board.session.plan.cards.values() if one.status == "doing"}


async def _typed_in_a_form(on: Driver, *actions: str) -> None:
    await on.act(*actions)
    form = on.app.screen
    assert isinstance(form, FormScreen)
    form.view.go_to_path(("status",))
    form.view.put("doing")
    await on.act("form.save")


async def _by_status(on: Driver) -> None:
    await on.act("card.next_status")


async def _by_move(on: Driver) -> None:
    await on.go_to("budget")
    await on.act("card.move_execute")


async def _by_mouse(on: Driver) -> None:
    drop_in(on.board, "budget", "execute")


async def _on_the_card(on: Driver) -> None:
    await on.act("focus.open", "item.next")


async def _in_a_form(on: Driver) -> None:
    await _typed_in_a_form(on, "card.edit")


async def _in_a_form_of_several(on: Driver) -> None:
    await _typed_in_a_form(on, "card.mark_all", "card.edit")


async def _in_a_form_of_a_new_card(on: Driver) -> None:
    on.app.host.open_form(Address("card", "churn", ""), typed={"title": "New", "place": "execute"})
    await on.pilot.pause()
    await _typed_in_a_form(on)


async def _on_a_screen(on: Driver, action: str) -> None:
    await on.act(action)
    screen = on.app.screen
    assert isinstance(screen, PlanScreen)
    screen.make(lambda: edits.set_status([screen.plan.cards["labels"]], "doing"))


async def _by_a_question(on: Driver) -> None:
    await _on_a_screen(on, "screen.assess")


async def _from_the_portfolio(on: Driver) -> None:
    await _on_a_screen(on, "screen.portfolio")


async def _by_a_fix(on: Driver) -> None:
    await on.act("screen.problems")
    await _quiet(on)
    await on.act("focus.first", "problem.fix")
    await on.press("f")


ROADS = [
    *(_by_status, _by_move, _by_mouse, _on_the_card, _in_a_form, _in_a_form_of_several),
    *(_in_a_form_of_a_new_card, _by_a_question, _from_the_portfolio, _by_a_fix),
]


@pytest.mark.parametrize("road", ROADS, ids=lambda one: one.__name__.strip("_"))
async def test_limits_are_asked_about_on_every_road(
    road: Callable[[Driver], object], limited: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(*_: object) -> list[Finding]:
        return [Finding("R999", "warning", "a rule that offers to begin a card", fix="begin it")]

    monkeypatch.setattr("kedge.tui.session.problems.find_problems", found)
    async with start(limited.root, size=(120, 40)) as on:
        cards = on.board.session.plan.cards
        monkeypatch.setattr(
            "kedge.model.rules.fixes.fix", lambda *_: edits.set_status([cards["labels"]], "doing")
        )
        await on.go_to("labels")
        before = _in_progress(on)
        await road(on)
        await _quiet(on)
        assert isinstance(on.app.screen, Confirm), on.text()
        assert "limit" in on.text()
        await on.press("n")
        await on.saved()
        assert _in_progress(on) == before
        assert {card.place for card in on.on_disk().values() if card.id == "budget"} == {"plan/architect"}


def test_only_one_place_makes_steps() -> None:
    calls = {
        path.relative_to(TUI).as_posix()
        for path in TUI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("do", "stage")
    }
    # The session itself stages what it is given, and tries again what could not be written.
    assert calls == {"screens/step_screen.py", "session/session.py"}


# ---- Textual's private parts


PRIVATE = (
    "kedge.tui.keys.textual_internals",
    "kedge.tui.keys.textual_input",
    "kedge.tui.app.terminal_driver",
)
"""The modules for them: of the app, of reading a terminal, and of the driver, which Windows does not have."""


def test_private_parts_of_textual_are_used_where_they_are_explained() -> None:
    for module in pkgutil.walk_packages(kedge.tui.__path__, "kedge.tui."):
        importlib.import_module(module.name)
    found: set[str] = set()
    for path in TUI.rglob("*.py"):
        name = ".".join(("kedge.tui", *path.relative_to(TUI).with_suffix("").parts))
        if name in PRIVATE:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        found |= {
            f"{name}: {node.module}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("textual")
            and "._" in (node.module or "")
        }
        if not name.endswith("__init__"):
            module = importlib.import_module(name)
            for made in vars(module).values():
                if isinstance(made, type) and made.__module__ == name:
                    found |= {f"{name}.{made.__name__}: {one}" for one in _private_of_bases(made)}
    assert found == set()


def _private_of_bases(made: type) -> set[str]:
    """Private names in a class that its bases in Textual have as well."""
    bases = [one for one in made.__mro__ if one.__module__.startswith("textual")]
    return _private_names(made) & {name for base in bases for name in _private_names(base)}


@cache
def _private_names(made: type) -> set[str]:
    return set(re.findall(r"(?:self\.|def )(_[a-z]\w*)", inspect.getsource(made)))


@pytest.mark.parametrize(
    ("table", "load"),
    [
        (plan_screen.ON_PLAN, plan_screen.load_plan_actions),
        (cards_screen.ON_CARDS, cards_screen.load_card_actions),
        (board_module.ON_BOARD, board_module.load_board_actions),
    ],
)
def test_actions_that_are_loaded_later_are_those_that_are_there(
    table: Mapping[str, object], load: Callable[[], Mapping[str, object]]
) -> None:
    assert list(table) == list(load())


def test_no_screen_has_threads_of_its_own() -> None:
    """What takes long is asked of the session's worker, which tells how far it is and can be stopped."""
    found: list[str] = []
    for path in sorted(TUI.rglob("*.py")):
        if path.is_relative_to(TUI / "session"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Import(names=names) if {one.name for one in names} & THREADS:
                    found.append(f"{path.relative_to(TUI)}: {ast.unparse(node)}")
                case ast.ImportFrom(module="threading" | "multiprocessing" | "_thread"):
                    found.append(f"{path.relative_to(TUI)}: {ast.unparse(node)}")
                case ast.Attribute(attr="to_thread" | "run_in_executor"):
                    found.append(f"{path.relative_to(TUI)}: {ast.unparse(node)}")
                case ast.keyword(arg="thread", value=ast.Constant(value=True)):
                    found.append(f"{path.relative_to(TUI)}: a worker in a thread")
                case _:
                    pass
    assert found == []
