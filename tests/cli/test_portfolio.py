"""`kedge portfolio`: ranking, choice, map and sensitivity, to the letter and under other limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

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


def test_with_and_without_a_project_on_trial() -> None:
    found = data("--without", "ticket", "--with", "next-best-offer")
    assert {"card-fraud", "next-best-offer"} <= set(found["chosen"])
    assert found["left_out"]["ticket-routing"] == "taken out on trial"
    assert found["worth"] < data()["worth"]
    ran = kedge(
        "portfolio", "--with", "ticket", "--without", "ticket", "--plan", str(PORTFOLIO), "--today", TODAY
    )
    assert ran.code == 1
    assert (
        '"Routing of support tickets to nine queues" (ticket-routing) must be in, or comes with one that must, '
        "and is excluded" in " ".join(ran.out.split())
    )


def test_people_of_a_skill_bound_the_choice() -> None:
    none = data("--people", "language=0")
    assert "invoice-extraction" not in none["chosen"]
    assert "ticket-routing" not in none["chosen"]
    few = data("--people", "1")
    assert [limit["name"] for limit in few["limits"]] == ["money", "people"]


def test_obligations_that_do_not_fit_are_named() -> None:
    ran = kedge("portfolio", "--budget", "100k", "--plan", str(PORTFOLIO), "--today", TODAY)
    assert ran.code == 1
    said = " ".join(ran.out.split())
    assert 'problem: "Fraud screening for the customer payment card" (card-fraud) must be in' in said
    assert "Chosen: nothing" in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--budget", "lots"), "--budget: a number"),
        (("--budget", "-5"), "a number of at least 0 is expected"),
        (("--people", "sql="), "--people sql: a number"),
        (("--people", "3", "--people", "sql=2"), "not both"),
        (("--explain", "nobody"), "no project has the id"),
    ],
)
def test_limits_that_are_none_are_refused(arguments: tuple[str, ...], says: str) -> None:
    ran = kedge("portfolio", *arguments, "--plan", str(PORTFOLIO))
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
