"""Keys: the registry has no clashes, and a person's changes are checked before they count."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kedge.model.records.address import Address
from kedge.storage.disk.userconfig import config_path, read_config
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.figures import Figures, Named
from kedge.tui.dialogs.message import HelpOverlay, Message
from kedge.tui.dialogs.pick import Pick, PickItem
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.dialogs.ticks import Ticks
from kedge.tui.dialogs.tour import Tour
from kedge.tui.dialogs.views import PickView
from kedge.tui.forms.form import FormScreen
from kedge.tui.keys.action import SCREENS, TYPED, Context
from kedge.tui.keys.actions import ACTIONS, BY_ID, GROUPS, OPENING, in_context
from kedge.tui.keys.keymap import Keymap, is_key, key_name, keymap
from kedge.tui.session.session import Session
from kedge.tui.widgets.acting import ActingScreen
from kedge.tui.widgets.key_line import KeyLine

from .driver import PlanFolder, Start, write

CONTEXTS = [*SCREENS, "dialog", *sorted(TYPED)]
CARD = Address("card", "churn", "labels")


@pytest.mark.parametrize("context", CONTEXTS)
def test_no_key_does_two_things_in_one_place(context: Context) -> None:
    owners: dict[str, str] = {}
    for action in in_context(context):
        for key in action.keys:
            assert key not in owners, f"{key}: {owners.get(key)} and {action.id}"
            owners[key] = action.id
    first_keys = {key.split(" ")[0] for key in owners if " " in key}
    assert not first_keys & set(owners)


def test_every_action_has_words_and_keys_that_terminals_send() -> None:
    assert len(BY_ID) == len(ACTIONS)
    for action in ACTIONS:
        assert action.group in GROUPS
        assert action.label
        assert len(action.help) > 5
        assert all(is_key(part) for key in action.keys for part in key.split(" "))


def test_the_registry_loads_without_textual() -> None:
    code = "import kedge.tui.keys.actions, kedge.tui.keys.keymap, sys; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"card.ad": "a"}, "there is no action 'card.ad'; did you mean card.add?"),
        ({"card.add": "ctrl+m"}, "card.add: a terminal sends ctrl+m as enter"),
        ({"card.add": "ctrl+z"}, "card.add: ctrl+z suspends the program in many terminals"),
        ({"form.save": "s"}, "form.save: s is needed for typing where this works"),
        ({"pick.mark": "space"}, "pick.mark: Space is needed for typing where this works"),
        ({"text.save": ["f5", "backspace"]}, "text.save: backspace is needed for typing where this works"),
        (
            {"form.save": "ctrl+x ctrl+w"},
            "form.save: it is used while typing, so that it needs a single key",
        ),
        ({"form.save": []}, "form.save needs a key"),
        ({"text.leave": []}, "text.leave needs a key"),
        ({"form.choose": "escape"}, "form.choose: Esc is already the key of text.leave"),
        ({"dialog.tick": "j"}, "dialog.tick: j is already the key of focus.down"),
        ({"card.add": "hyper+x"}, "card.add: there is no key 'hyper+x'"),
        ({"card.add": "Ctrl+W"}, "card.add: there is no key 'Ctrl+W'; did you mean ctrl+w?"),
        ({"card.add": "^w"}, "card.add: there is no key '^w'; did you mean ctrl+w?"),
        ({"card.add": "shift+q"}, "card.add: there is no key 'shift+q'; did you mean Q?"),
        ({"card.add": "PgDn"}, "card.add: there is no key 'PgDn'; did you mean pagedown?"),
        ({"card.add": "inset"}, "card.add: there is no key 'inset'; did you mean insert?"),
        ({"card.add": ""}, "card.add: there is no key ''"),
        ({"card.add": "e"}, "card.add: e is already the key of card.edit"),
        ({"find.group": "g"}, "find.group: g is already the key of focus.first"),
        ({"plan.undo": []}, "plan.undo needs a key"),
        ({"kedge.quit": 7}, "kedge.quit: expected a key or a list of keys"),
    ],
)
def test_a_change_that_cannot_work_is_said_and_left_out(changes: dict[str, object], problem: str) -> None:
    made = keymap(changes)
    assert made.problems == (problem,)
    assert made.keys == Keymap().keys


def test_an_action_that_was_renamed_keeps_the_key_of_a_person() -> None:
    made = keymap({"question.reckon": "&"})
    assert made.problems == ()
    assert made.keys_of("question.calculator") == ("&",)


def test_keys_can_be_swapped() -> None:
    made = keymap({"card.mark": "s", "find.group": ["v", "f2"]})
    assert not made.problems
    assert made.find("board", ("f2",)) is BY_ID["find.group"]
    assert made.find("board", ("s",)) is BY_ID["card.mark"]


def test_key_names_are_short() -> None:
    assert [key_name(key) for key in ("ctrl+d", "space", "g g", "?")] == ["^d", "Space", "g g", "?"]


async def test_remapped_keys_work_and_show(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root, keys=keymap({"card.next_status": "W"})) as on:
        await on.press("W")
        assert on.card("snapshot").status == "doing"
        await on.press("j")
        assert "W status" in on.lines()[-1]


async def test_every_action_is_there_on_its_screen(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        ways = {"screen.board": "board", "focus.open": "card"} | {
            f"screen.{name}": name for name in SCREENS if name not in ("board", "card")
        }
        assert set(ways.values()) == set(SCREENS)
        for way, context in ways.items():
            await on.act(way)
            screen = on.app.screen
            assert isinstance(screen, ActingScreen)
            assert screen.context == context
            there = [
                one for one in in_context(context) if one.id not in OPENING or one.id in on.app.host.screens
            ]  # pyright: ignore[reportArgumentType]
            assert screen.actions() == there


def _dialogs(session: Session) -> list[ActingScreen[Any]]:
    items = [PickItem("a", "a")]
    return [
        *(Message("", [""]), Ask("", "", [("y", "yes")]), Ticks("", "", ["a"], []), Tour(str)),
        *(Prompt("", "", more=("more", lambda _: None)), Pick("", items, multiple=True), PickView(items, "")),
        *(HelpOverlay([]), Figures("", "", [Named("a", "")], lambda _: None), FormScreen(session, CARD)),
    ]


async def test_every_action_is_there_in_some_dialog(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        assert on.app.session is not None
        await on.act("card.add")
        found = {"text": {one.id for one in on.board.actions()}}
        await on.press("escape")
        for dialog in _dialogs(on.app.session):
            await on.app.push_screen(dialog)
            found.setdefault(dialog.context, set()).update(one.id for one in dialog.actions())
            await dialog.dismiss(None)
        for context in ("dialog", *TYPED):
            assert found[context] == {one.id for one in in_context(context)}, context


async def test_keys_of_dialogs_and_forms_are_remapped_shown_and_helped(
    plan: PlanFolder, start: Start
) -> None:
    changes = {"text.save": "f5", "form.save": "f3", "text.help": "f9", "dialog.leave": ["escape", "z"]}
    made = keymap(changes)
    assert not made.problems
    async with start(plan.root, keys=made) as on:
        await on.go_to("snapshot")
        await on.act("card.block")
        assert "F5 save" in on.text()
        await on.type("no access")
        await on.press("enter", "f9")
        assert "take the line as it is" in on.text()
        await on.press("z", "f5")
        assert on.card("snapshot").blocked == "no access"
        await on.act("card.edit")
        assert "F3 save" in on.foot()
        await on.type("!")
        await on.press("f3")
        await on.saved()
        assert on.card("snapshot").title == "Card snapshot!"


async def test_the_line_at_the_foot_has_the_same_keys(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root, keys=keymap({"text.save": "f5", "text.help": "f9"})) as on:
        await on.act("find.filter")
        await on.type("labels")
        await on.press("f9")
        assert "take the line as it is" in on.text()
        await on.press("escape", "x", "backspace", "f5")
        assert (on.board.state.filter, on.board.context) == ("labels", "board")


async def test_a_click_on_a_key_presses_it(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.pilot.click(KeyLine, offset=(on.lines()[-1].index("/ filter"), 0))
        assert on.board.context == "text"
        await on.press("escape")
        await on.pilot.click(KeyLine, offset=(on.lines()[-1].index("m move"), 0))
        await on.pilot.pause()
        await on.pilot.click(KeyLine, offset=(on.lines()[-1].index("p Plan"), 0))
        assert on.card("snapshot").phase == "plan"
        await on.act("card.block")
        row = next(at for at, line in enumerate(on.lines()) if "Esc cancel" in line)
        await on.pilot.click(offset=(on.lines()[row].index("Esc cancel") + 1, row))
        await on.pilot.pause()
        assert on.app.screen is on.board


# ---- the settings file


async def test_what_is_wrong_with_the_settings_is_said_when_the_board_opens(
    plan: PlanFolder, start: Start
) -> None:
    changes: dict[str, object] = {"card.ad": "a", "plan.undo": []}
    problems = keymap(changes).problems
    async with start(plan.root, warnings=problems[:1]) as on:
        assert problems[0] in on.foot()
    async with start(plan.root, warnings=problems, theme="nope") as on:
        words = " ".join(line.strip("│ ") for line in on.lines())
        assert "Settings that cannot be used" in words
        assert "plan.undo needs a key" in words
        assert "there is no theme 'nope'; F9 lists all" in words
        await on.act("dialog.take")
        assert on.app.screen is on.board


def test_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    write(path, 'theme = "ansi-dark"\nascii = true\nme = "mira"\n\n[keys]\n"card.add" = "i"\n')
    config = read_config({"KEDGE_CONFIG": str(path)})
    assert (config.theme, config.ascii, config.me, dict(config.keys)) == (
        "ansi-dark",
        True,
        "mira",
        {"card.add": "i"},
    )
    assert not config.problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("theme = 3", "theme: expected the name of a theme"),
        ("colour = 3", "there is no setting 'colour'"),
        ("theme = ", "config.toml"),
    ],
)
def test_wrong_settings_are_said_and_left_out(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "config.toml"
    write(path, text)
    config = read_config({"KEDGE_CONFIG": str(path)})
    assert len(config.problems) == 1
    assert problem in config.problems[0]
    assert (config.theme, dict(config.keys)) == ("", {})


def test_no_settings_file_is_fine(tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert config_path(environment).endswith("config.toml")
    assert not read_config(environment).problems
