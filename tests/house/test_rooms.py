"""The map of the rooms: that CONTRIBUTING draws the one that is proved, and that each room says what it is for."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
FLOORS = {
    contract["containers"][0].removeprefix("kedge."): [layer.split(" | ") for layer in contract["layers"]]
    for contract in CONTRACTS
    if "containers" in contract
}
ROOMS = sorted(
    path.parent for top in ("cli", "model", "storage", "tui") for path in (ROOT / top).rglob("__init__.py")
)


def drawn(top: str) -> list[set[str]]:
    """The words of each line that CONTRIBUTING's map has for a part of the program."""
    lines = (ROOT / "CONTRIBUTING.md").read_text().split("```")[3].splitlines()
    first = next(number for number, text in enumerate(lines) if text.startswith(f"{top}/"))
    last = next(
        (number for number, text in enumerate(lines) if number > first and text[:1].strip()), len(lines)
    )
    return [set(text.removeprefix(f"{top}/").split()) for text in lines[first:last]]


@pytest.mark.parametrize("top", FLOORS)
def test_the_map_has_every_room_on_its_floor(top: str) -> None:
    at = 0
    lines = drawn(top)
    for floor in FLOORS[top]:
        found = [number for number in range(at, len(lines)) if set(floor) <= lines[number]]
        assert found, f"{top}: no line of the map has {', '.join(floor)} below line {at}"
        at = found[0] + 1


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_a_room_says_what_it_is_for_and_what_it_may_use(room: Path) -> None:
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    assert "May use" in said or "Pure" in said, said


@pytest.mark.parametrize("top", FLOORS)
def test_no_module_is_beside_the_rooms(top: str) -> None:
    assert [path.name for path in (ROOT / top).glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_a_room_loads_none_of_its_modules(room: Path) -> None:
    """Two threads that load a room and one of its modules first would wait for each other; Python ends one of them."""
    tree = ast.parse((room / "__init__.py").read_text())
    loaded = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.level == 1]
    assert [ast.unparse(one) for one in loaded] == []
