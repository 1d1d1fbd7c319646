"""The commands of the schedule: the shapes that programs rely on, what is asked and cannot be shown, holidays."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kedge.tests.storage.repositories import write

from .running import CHURN, ROOT, TODAY, kedge
from .test_gate_plan import write_plan

PORTFOLIO = ROOT / "samples" / "portfolio" / "plan"
CARD_KEYS = [
    *(
        "id",
        "project",
        "start",
        "start_half",
        "end",
        "end_half",
        "days",
        "owner",
        "critical",
        "slack",
        "drag",
    ),
    *("late", "reason"),
]


def data(*arguments: str, plan: Path = CHURN) -> Any:
    ran = kedge(*arguments, "--json", "--plan", str(plan), "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)["data"]


def test_the_schedule_has_the_shape_that_others_rely_on() -> None:
    found = data("schedule")
    assert found.keys() >= {"today", "cards", "milestones", "people", "findings"}
    assert found["today"] == TODAY
    for card in found["cards"]:
        assert list(card)[: len(CARD_KEYS)] == CARD_KEYS
        assert {"kind", "of", "text"} <= card["reason"].keys()
        assert card["critical"] == (card["slack"] == 0)
        assert (card["start"], card["start_half"]) <= (card["end"], card["end_half"])
    live = next(one for one in found["milestones"] if one["id"] == "mvp-live")
    assert live.keys() >= {"id", "project", "date", "due", "late"}
    past = next(one for one in found["milestones"] if one["id"] == "poc-read")
    assert (past["date"], past["done"]) == (None, True)
    weeks = found["people"][0]["weeks"]
    assert weeks[0].keys() >= {"week", "capacity", "load"}
    assert all(dt.date.fromisoformat(week["week"]).weekday() == 0 for week in weeks)
    assert all(one.keys() >= {"code", "id", "message"} for one in found["findings"])


def test_done_and_dropped_cards_are_shown_when_all_are_asked_for() -> None:
    some, everything = data("schedule")["cards"], data("schedule", "--all")["cards"]
    assert len(everything) == 70
    assert {one["id"] for one in some} < {one["id"] for one in everything}
    assert all(one["start"] is None for one in everything if one["status"] in ("done", "dropped"))


def test_one_project_is_shown_of_a_plan_that_is_levelled_as_a_whole() -> None:
    whole = {one["id"]: one for one in data("schedule", plan=PORTFOLIO)["cards"]}
    alone = data("schedule", "--project", "card-fraud", plan=PORTFOLIO)
    assert {one["project"] for one in (*alone["cards"], *alone["milestones"])} == {"card-fraud"}
    assert all(whole[one["id"]]["start"] == one["start"] for one in alone["cards"])


def test_the_same_plan_has_the_same_dates_in_another_folder(tmp_path: Path) -> None:
    shutil.copytree(PORTFOLIO, tmp_path / "plan")
    assert data("schedule", plan=tmp_path / "plan") == data("schedule", plan=PORTFOLIO)


def test_the_way_to_a_milestone_begins_with_its_cause_and_ends_with_its_last_card() -> None:
    found = data("critical", "mvp-live")
    assert (found["target"]["kind"], found["target"]["id"]) == ("milestone", "mvp-live")
    assert found["path"][-1]["end"] == found["target"]["date"]
    assert found["path"][0]["reason"]["card"] is None
    assert {one["id"] for one in found["path"]} <= found["drag"].keys()
    assert data("critical", "7k2m")["target"] == {"kind": "card", "id": "feature-table-7k2m"}
    assert len(data("critical", plan=PORTFOLIO)["projects"]) > 2


def test_slack_and_drag_on_the_way_are_those_to_the_milestone_that_was_asked_for() -> None:
    """The same cards lead to the read of the test in March, and have slack to that."""
    way = {one["id"]: one for one in data("critical", "mvp-live")["path"]}
    whole = {one["id"]: one for one in data("schedule")["cards"]}
    assert [(one["critical"], one["slack"]) for one in way.values()] == [(True, 0.0)] * len(way)
    assert all(one["drag"] > 0 for one in way.values())
    assert not any(whole[name]["critical"] for name in way)


def test_a_card_fixed_in_the_past_does_not_hide_this_week_of_the_load(plan: Path) -> None:
    project = "projects/churn"
    files = {
        "people/mira.toml": 'name = "Mira"\n',
        f"{project}/project.toml": 'title = "Churn"\n',
        f"{project}/cards/old.toml": 'title = "Old"\nowner = "mira"\nestimate = [2]\nfixed = 2026-01-05\n',
        f"{project}/cards/new.toml": 'title = "New"\nowner = "mira"\nestimate = [2]\n',
    }
    write(plan, files)
    ran = kedge("load", "--plan", str(plan), "--today", TODAY)
    assert ran.out.split()[:2] == ["16", "Nov"]
    assert "more weeks: --all" in ran.out
    assert "5 Jan" in kedge("load", "--all", "--plan", str(plan), "--today", TODAY).out


def test_drag_is_left_out_where_finding_it_would_take_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kedge.model.schedule.drag.MOST_ASKED", 10)
    found = data("critical", "mvp-live")
    assert found["path"]
    assert set(found["drag"].values()) == {None}
    assert {one["drag"] for one in found["path"]} <= {None, 0.0}
    ran = kedge("critical", "mvp-live", "--plan", str(CHURN), "--today", TODAY)
    assert "Drag is left out" in ran.out
    assert " drag " not in ran.out.partition("Drag is left out")[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("critical", "poc-read"), "every card that leads to it is done"),
        (("critical", "no-such-thing"), "no milestone or card has the id 'no-such-thing'"),
        (("forecast", "no-such-thing"), "kedge milestone list shows their ids"),
        (("critical", "daily-subscriber-snapshot"), "has no date"),
        (("holidays", "add", "DE", "next year"), "not a span of years"),
        (("holidays", "add", "DE", "2028..2026"), "the first one first"),
        (("list", "slack<soon"), "not a number"),
    ],
)
def test_what_cannot_be_shown_is_said(arguments: tuple[str, ...], said: str) -> None:
    ran = kedge(*arguments, "--plan", str(CHURN), "--today", TODAY)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KEDGE_STATE", str(tmp_path / "state"))
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "board.toml").write_text("format = 1\n\n[calendar]\nholidays = [\n  2026-12-25,\n]\n")
    return folder


def test_an_empty_plan_has_nothing_to_schedule(plan: Path) -> None:
    for command in ("schedule", "load", "handovers", "critical"):
        ran = kedge(command, "--plan", str(plan))
        assert (ran.code, ran.out) == (0, ""), command
        assert ran.err
    assert data("schedule", plan=plan)["cards"] == []


def test_holidays_are_written_where_they_can_be_reviewed(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def country_holidays(country: str, subdiv: str | None = None, years: object = None) -> dict[dt.date, str]:
        asked.append((country, subdiv, years))
        return {
            dt.date(2026, 12, 25): "again",
            dt.date(2026, 12, 26): "a Saturday",
            dt.date(2027, 1, 6): "new",
        }

    package = ModuleType("holidays")
    vars(package)["country_holidays"] = country_holidays
    monkeypatch.setitem(sys.modules, "holidays", package)
    ran = kedge("holidays", "add", "de-by", "2026..2027", "--plan", str(plan))
    assert (ran.code, ran.err) == (0, "1 holiday added: 2027-01-06\n")
    assert asked == [("DE", "BY", range(2026, 2028))]
    assert "2026-12-25,\n  2027-01-06,\n" in (plan / "board.toml").read_text()
    again = kedge("holidays", "add", "de-by", "2026..2027", "--explain", "--plan", str(plan))
    assert "nothing to change" in again.err
    assert "2026-12-26 sat  a Saturday: not a working day" in again.out
    assert "2027-01-06 wed  new: already there" in again.out


def test_holidays_for_programs(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("holidays")
    days = {dt.date(2026, 12, 26): "a Saturday", dt.date(2027, 1, 6): "new"}
    vars(package)["country_holidays"] = lambda *_, **__: days
    monkeypatch.setitem(sys.modules, "holidays", package)
    ran = kedge("holidays", "add", "de-by", "2026..2027", "--json", "--plan", str(plan))
    found = json.loads(ran.out)["data"]
    assert (found["country"], found["first"], found["last"]) == ("DE-BY", 2026, 2027)
    assert [(one["date"], one["added"]) for one in found["days"]] == [
        ("2026-12-26", False),
        ("2027-01-06", True),
    ]
    assert "2027-01-06" in (plan / "board.toml").read_text()


def test_without_the_package_holidays_says_how_to_get_it(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    before = (plan / "board.toml").read_bytes()
    ran = kedge("holidays", "add", "DE", "2026", "--plan", str(plan))
    assert ran.code == 2
    assert "pip install holidays" in ran.err
    assert (plan / "board.toml").read_bytes() == before


def test_every_line_fits_eighty_columns() -> None:
    for plan in (CHURN, PORTFOLIO):
        for command in (("schedule", "--explain"), ("critical",), ("load", "--all"), ("handovers",)):
            ran = kedge(*command, "--plan", str(plan), "--today", TODAY)
            assert ran.code == 0
            assert max(map(len, ran.out.splitlines())) <= 80, command


BLOCKS = re.findall(r"```\n\$ kedge ([^\n]*)\n(.*?)```", (ROOT / "docs" / "plan.md").read_text(), re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_the_page_shows_what_commands_print(command: str, shown: str) -> None:
    ran = kedge(*command.split(), "--plan", str(CHURN), "--today", TODAY)
    assert shown.removesuffix("…\n") in ran.out


def test_a_proof_says_whether_nothing_is_better() -> None:
    pytest.importorskip("ortools", reason="ortools is not installed (extra: optimal)")
    found = data("schedule", "--optimal")
    usual = data("schedule")
    assert found["optimal"].keys() == {"proven", "parts", "proven_parts", "improved_parts"}
    assert found["optimal"]["proven"] == (found["optimal"]["proven_parts"] == found["optimal"]["parts"])
    assert len(found["cards"]) == len(usual["cards"])
    assert "optimal" not in usual
    ran = kedge("schedule", "--optimal", "--plan", str(CHURN), "--today", TODAY)
    assert ("Proven: no order" if found["optimal"]["proven"] else "Not proven") in ran.out


def test_a_proof_without_ortools_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kedge.model.solvers.proof.is_there", lambda: False)
    ran = kedge("schedule", "--optimal", "--plan", str(CHURN), "--today", TODAY)
    assert ran.code != 0
    assert "pip install ortools" in ran.err


def test_dates_far_away_have_their_whole_year(tmp_path: Path) -> None:
    plan = write_plan(tmp_path)
    run = partial(kedge, "--plan", str(plan), "--today", TODAY)
    assert run("set", "work", "fixed=2100-01-04").code == 0
    assert "2100-01-04" in run("schedule").out
    heads = [line for line in run("load", "--all").out.splitlines() if "2100-01" in line]
    assert [line.split() for line in heads] == [["2100-01"]]
    assert "axisFormat %b %Y" in run("schedule", "--mermaid").out
    assert run("set", "work", "fixed=").code == 0
    assert "axisFormat %d %b" in run("schedule", "--mermaid").out
