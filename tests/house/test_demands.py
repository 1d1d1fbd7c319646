"""docs/demands.md names only what there is, and each demand ends in something that follows, or in a reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from kedge.model.playbook import shipped
from kedge.model.rules.catalog import RULES

PAGE = Path(__file__).parents[2] / "docs" / "demands.md"
PLAYBOOK = shipped()
FED = {
    "Yearly gain": "dec-gain",
    "Gain per person or event": "dec-gain",
    "Present value if it works": "dec-gain",
    "Pay-back if it works": "dec-gain",
    "Relative score": "dec-confidence",
    "Expected value of the staged bet": "dec-gain",
    "Running cost": "dec-cost",
    "Cost of errors": "dec-cost",
    "Cost to the next gate": "dec-cost",
    "Cost after it": "dec-cost",
    "Data to the next gate": "dec-cost",
    "Complexity": "dec-cost",
    "Building time": "dec-schedule",
    "Chance of success": "dec-confidence",
}
"""By figure, the decision that a question feeds which moves it."""


class Row(NamedTuple):
    """One demand."""

    asked: str
    questions: tuple[str, ...]
    follows: str

    @property
    def names(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.follows)

    @property
    def figures(self) -> list[str]:
        return re.findall(r"\*([^*]+)\*", self.follows)


ROWS = [
    Row(cells[0], tuple(re.findall(r"`([^`]+)`", cells[1])), cells[2])
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("| ")
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    if cells[0] != "asked"
]


def test_no_demand_is_lost() -> None:
    assert len(ROWS) == len({row.asked for row in ROWS}) == 67


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.asked)
def test_a_demand_is_asked_and_something_follows(row: Row) -> None:
    items = [PLAYBOOK.item(name) for name in row.questions]
    assert items
    assert all(items), row.questions
    gates = {gate.id for gate in PLAYBOOK.gates}
    known = gates | RULES.keys() | {one.id for one in (*PLAYBOOK.portfolio, *PLAYBOOK.calculators)}
    assert set(row.names) <= known
    assert row.names or row.figures or "switches on" in row.follows


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.asked)
def test_what_follows_follows_from_one_of_its_questions(row: Row) -> None:
    items = [item for name in row.questions if (item := PLAYBOOK.item(name)) is not None]
    # Reasons may name figures of other questions.
    figures = Row("", (), row.follows.partition("Why not")[0]).figures
    for figure in figures:
        fed = "dec-schedule" if figure in ("Present value if it works", "Pay-back if it works") else ""
        assert any({FED[figure], fed} & set(item.feeds) for item in items), figure
    for gate in PLAYBOOK.gates:
        if gate.id in Row("", (), row.follows.partition("Why not")[0]).names:
            asked = {one.id for step in gate.steps for one in PLAYBOOK.items_of(step)}
            asked |= {name.item or name.field for name in gate.also}
            reads = {"gate-traffic": {"pri-run", "arch-limits"}}.get(
                gate.id, set()
            )
            assert asked & set(row.questions) or reads & set(row.questions), gate.id
