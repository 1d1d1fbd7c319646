"""Keys: the registry has no clashes, and a person's changes are checked before they count."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kedge.storage.userconfig import config_path, read_config
from kedge.tui.actions import ACTIONS, BY_ID, GROUPS, in_context
from kedge.tui.keymap import Keymap, is_key, key_name, keymap

from .driver import PlanFolder, Start, write


@pytest.mark.parametrize("context", ["board", "card", "problems"])
def test_no_key_does_two_things_on_a_screen(context: str) -> None:
    owners: dict[str, str] = {}
    for action in in_context(context):  # pyright: ignore[reportArgumentType]
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
    code = "import kedge.tui.actions, kedge.tui.keymap, sys; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"card.ad": "a"}, "there is no action 'card.ad'; did you mean card.add?"),
        ({"card.add": "ctrl+m"}, "card.add: a terminal sends ctrl+m as enter"),
        ({"card.add": "ctrl+s"}, "card.add: ctrl+s stops the terminal's output in many terminals"),
        ({"card.add": "hyper+x"}, "card.add: there is no key 'hyper+x'"),
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


def test_keys_can_be_swapped() -> None:
    made = keymap({"card.mark": "s", "find.group": ["v", "f2"]})
    assert not made.problems
    assert made.find("board", ("f2",)) is BY_ID["find.group"]
    assert made.find("board", ("s",)) is BY_ID["card.mark"]


def test_key_names_are_short() -> None:
    assert [key_name(key) for key in ("ctrl+d", "space", "g g", "?")] == ["^d", "Space", "g g", "?"]


async def test_remapped_keys_work_and_show(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root, keys=keymap({"card.next_status": "z"})) as on:
        await on.press("z")
        assert on.card("snapshot").status == "doing"
        await on.press("j")
        assert "z status" in on.lines()[-1]


# ---- the settings file


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
