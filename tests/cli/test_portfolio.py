"""`kedge portfolio`: ranking, choice, map and sensitivity, to the letter and under other limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kedge.cli.gain_map import COLUMNS, ROWS, Spot, draw

from .running import CHURN, ROOT, TODAY, check_golden, kedge

PORTFOLIO = ROOT / "samples" / "portfolio" / "plan"
COMMANDS = {
    "portfolio.txt": (),
    "portfolio.json": ("--json",),
    "portfolio-budget.txt": ("--budget", "350k", "--people", "mlops=2", "--people", "language=0.5"),
    "portfolio-explain.txt": ("--explain", "ticket-routing"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was_agreed(name: str) -> None:
    ran = kedge("portfolio", *COMMANDS[name], "--plan", str(PORTFOLIO), "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 80 or name not in ("portfolio.txt", "portfolio-budget.txt")
    check_golden(name, ran.out)


def test_one_project_is_a_portfolio_too() -> None:
    ran = kedge("portfolio", "--plan", str(CHURN), "--today", TODAY)
    assert ran.code == 0
    check_golden("portfolio-churn.txt", ran.out)


def data(*arguments: str) -> dict[str, Any]:
    ran = kedge("portfolio", "--json", *arguments, "--plan", str(PORTFOLIO), "--today", TODAY)
    return json.loads(ran.out)["data"]


def test_the_chosen_set_keeps_its_limits_and_its_links() -> None:
    found = data()
    assert set(found["chosen"]) == {"card-fraud", "fresh-demand", "invoice-extraction", "ticket-routing"}
    assert sorted(found["order"]) == sorted(found["chosen"])
    assert set(found["left_out"]) == {"defect-inspection", "next-best-offer"}
    assert all(limit["used"] <= limit["available"] for limit in found["limits"])
    assert found["proven"]
    needs = [one["needs"] for one in found["frontier"]]
    worth = [one["worth"] for one in found["frontier"]]
    assert needs == sorted(needs)
    assert worth == sorted(worth)


def test_less_money_chooses_less() -> None:
    poor = data("--budget", "300000")
    assert set(poor["chosen"]) < set(data()["chosen"])
    assert "card-fraud" in poor["chosen"]


def test_people_of_a_skill_bound_the_choice() -> None:
    none = data("--people", "language=0")
    assert "invoice-extraction" not in none["chosen"]
    assert "ticket-routing" not in none["chosen"]
    few = data("--people", "1")
    assert [limit["name"] for limit in few["limits"]] == ["money", "people"]


def test_obligations_that_do_not_fit_are_named() -> None:
    ran = kedge("portfolio", "--budget", "100k", "--plan", str(PORTFOLIO), "--today", TODAY)
    assert ran.code == 1
    assert "problem: card-fraud must be in" in ran.out
    assert "Chosen: nothing" in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--budget", "lots"), "--budget: a number"),
        (("--budget", "-5"), "not less than nothing"),
        (("--people", "sql="), "--people sql: a number"),
        (("--people", "3", "--people", "sql=2"), "not both"),
        (("--explain", "nobody"), "no project has the id"),
    ],
)
def test_limits_that_are_none_are_refused(arguments: tuple[str, ...], says: str) -> None:
    ran = kedge("portfolio", *arguments, "--plan", str(PORTFOLIO))
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


# ---- the map


def spot(cost: float, gain: float, chance: float = 0.5, chosen: bool = False) -> Spot:
    return Spot("x", cost, gain, chance, chosen)


def test_the_map_fits_and_shows_everybody() -> None:
    spots = [spot(100, 100) for _ in range(ROWS + 2)] + [spot(0, 0, 0.9, chosen=True), spot(1, 1e9, 0.01)]
    lines = list(draw(spots, "EUR"))
    assert max(map(len, lines)) <= 80
    chart = "\n".join([*lines[1 : ROWS + 1], ""])
    for number in range(1, len(spots) + 1):
        assert any(f"{sign}{number}{end}" in chart for sign in "·∘○●" for end in " ]\n")
    assert f"[●{ROWS + 3}]" in chart


def test_the_map_puts_gain_up_and_cost_to_the_right() -> None:
    lines = list(draw([spot(10, 100), spot(100, 10)], "EUR"))
    cheap, dear = (
        next((row, line.index(name)) for row, line in enumerate(lines[: ROWS + 1]) if name in line)
        for name in ("○1", "○2")
    )
    assert cheap[0] < dear[0]
    assert cheap[1] < dear[1]
    assert dear[1] > COLUMNS // 2


def test_the_map_can_do_with_ascii() -> None:
    assert "\n".join(draw([spot(10, 100, chance) for chance in (0.1, 0.2, 0.5, 0.9)], "EUR", False)).isascii()
