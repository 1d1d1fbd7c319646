"""What the reading commands print for the sample plan, to the letter."""

from __future__ import annotations

import csv
import io
import json

import pytest

from .running import CHURN, TODAY, check_golden, kedge

COMMANDS = {
    "list.txt": ("list",),
    "list-query.txt": ("list", "owner:mira", "is:open or #legal"),
    "list.json": ("list", "--json", "step:monitoring"),
    "list.csv": ("list", "--csv", "is:open"),
    "list-format.txt": ("list", "--format", "{id:<50} {estimate:>8} {title}", "phase:plan"),
    "ready.txt": ("ready",),
    "ready.json": ("ready", "--json"),
    "show-card.txt": ("show", "feature-table-7k2m"),
    "show-card.json": ("show", "feature-table-7k2m", "--json"),
    "show-metric.txt": ("metric", "show", "churn-recall"),
    "show-project.txt": ("show", "churn"),
    "risks.txt": ("risk", "list"),
    "metrics.csv": ("metric", "list", "--csv"),
    "milestones.json": ("milestone", "list", "--json"),
    "board.txt": ("board", "show"),
    "matrix.txt": ("matrix",),
    "matrix.json": ("matrix", "--json"),
    "schedule.txt": ("schedule",),
    "schedule-explain.txt": ("schedule", "--explain"),
    "schedule-mermaid.txt": ("schedule", "--mermaid"),
    "critical.txt": ("critical",),
    "critical-card.txt": ("critical", "95m3"),
    "load.txt": ("load",),
    "load-teams.txt": ("load", "--team", "--all"),
    "handovers.txt": ("handovers",),
    "forecast.txt": ("forecast",),
    "forecast-explain.txt": ("forecast", "mvp-live", "--explain"),
    "budget.txt": ("budget", "--explain"),
    "set-dry-run.txt": ("set", "feature-table", "due=+1w", "tags=+late", "--dry-run"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was_agreed(name: str) -> None:
    ran = kedge(*COMMANDS[name], "--plan", str(CHURN), "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    # Paths of a diff are those of the repository around the sample, if there is one.
    check_golden(name, ran.out.replace("/samples/churn/plan/", "/plan/"))


@pytest.mark.parametrize("name", [name for name in COMMANDS if name.endswith(".json")])
def test_data_for_programs_has_an_envelope_and_nothing_else(name: str) -> None:
    ran = kedge(*COMMANDS[name], "--plan", str(CHURN), "--today", TODAY)
    data = json.loads(ran.out)
    assert list(data) == ["kedge", "kind", "data"]
    assert data["kedge"] == 1
    assert data["data"]


def test_keys_of_data_are_the_same_for_every_card() -> None:
    data = json.loads(kedge("list", "--json", "--plan", str(CHURN)).out)["data"]
    assert len(data) > 20
    assert {tuple(card) for card in data} == {tuple(data[0])}


def test_csv_has_a_line_for_each_card() -> None:
    cards = json.loads(kedge("list", "--json", "--plan", str(CHURN)).out)["data"]
    rows = list(csv.DictReader(io.StringIO(kedge("list", "--csv", "--plan", str(CHURN)).out)))
    assert [row["id"] for row in rows] == [card["id"] for card in cards]
    assert [row["title"] for row in rows] == [card["title"] for card in cards]
