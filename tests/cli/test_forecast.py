"""`kedge forecast` and `kedge budget`: shapes that programs rely on, and what a person reads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kedge.tests.storage.repositories import write

from .running import CHURN, ROOT, TODAY, kedge

PATH = os.environ["PATH"]
PORTFOLIO = ROOT / "samples" / "portfolio" / "plan"


def data(*arguments: str, plan: Path = CHURN) -> Any:
    ran = kedge(*arguments, "--json", "--plan", str(plan), "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)["data"]


def test_the_forecast_has_the_shape_that_others_rely_on() -> None:
    found = data("forecast")
    assert found.keys() >= {"runs", "seed", "method", "milestones", "cards", "cost", "not_counted"}
    assert (found["runs"], found["seed"]) == (1000, 0)
    for one in found["milestones"]:
        assert one.keys() >= {"id", "project", "plan", "p50", "p80", "p95", "due", "chance"}
    live = next(one for one in found["milestones"] if one["id"] == "mvp-live")
    assert live["p50"] <= live["p80"] <= live["p95"]
    assert 0 < live["chance"] < 1
    assert sum(one["runs"] for one in live["histogram"]) == 1000
    done = next(one for one in found["milestones"] if one["id"] == "poc-read")
    assert (done["p80"], done["chance"], done["done"]) == (None, None, True)
    assert all(0 <= one["criticality"] <= 1 for one in found["cards"])
    assert found["cost"]["p50"] < found["cost"]["p80"]
    assert found["cost"]["unit"] == "EUR"
    assert all(one.keys() == {"what", "count"} for one in found["not_counted"])


def test_months_without_enough_people_are_listed_to_a_number_unasked(tmp_path: Path) -> None:
    files = {
        "board.toml": "format = 1\n",
        "people/mira.toml": 'name = "Mira"\nskills = ["python"]\n',
        "projects/years/project.toml": 'title = "Years"\n',
        "projects/years/cards/a-card-of-years-2222.toml": 'title = "Years"\nowner = "mira"\nestimate = 2000\n',
    }
    write(tmp_path / "plan", files)
    asked = ("budget", "--plan", str(tmp_path / "plan"), "--today", TODAY)
    some, everything = kedge(*asked).out, kedge(*asked, "--explain").out
    assert some.count(" missing\n") == 24
    more = int(some.partition("  and ")[2].partition(" more: kedge budget --explain")[0])
    assert everything.count(" missing\n") == 24 + more > 60


def test_one_milestone_has_its_own_cards() -> None:
    found = data("forecast", "data-ready", "--runs", "200", "--seed", "3")
    assert [one["id"] for one in found["milestones"]] == ["data-ready"]
    assert (found["projects"], found["runs"], found["seed"]) == ([], 200, 3)
    assert 0 < len(found["cards"]) < len(data("forecast", "--runs", "20")["cards"])


def test_the_budget_has_the_shape_that_others_rely_on() -> None:
    found = data("budget")
    assert found.keys() >= {"unit", "stages", "spent", "planned"}
    for stage in found["stages"]:
        assert stage.keys() >= {"id", "p50", "p80", "cap", "approved", "by_kind"}
        assert sum(stage["by_kind"].values()) == pytest.approx(stage["p50"])
        assert stage["p50"] <= stage["p80"]
    assert found["planned"] == pytest.approx(sum(one["planned"] for one in found["projects"]))
    assert {"skill", "month", "needed", "there", "gap"} == found["headcount"]["months"][0].keys()


def test_every_line_fits_eighty_columns() -> None:
    for plan in (CHURN, PORTFOLIO):
        for command in (("forecast",), ("forecast", "--explain"), ("budget", "--explain")):
            ran = kedge(*command, "--plan", str(plan), "--today", TODAY)
            assert ran.code == 0
            assert max(map(len, ran.out.splitlines())) <= 80, command


def test_a_due_date_is_said_in_plain_words() -> None:
    ran = kedge("forecast", "mvp-live", "--plan", str(CHURN), "--today", TODAY)
    chance = data("forecast", "mvp-live")["milestones"][0]["chance"]
    assert f"15 Jan 2027 holds in {100 * chance:.0f} of 100 runs" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("forecast", "nowhere"), 2, "nowhere"),
        (("forecast", "poc-read"), 2, "every card that leads to it is done"),
        (("forecast", "--runs", "1"), 2, "20"),
        (("budget", "--project", "nowhere"), 2, "nowhere"),
    ],
)
def test_what_cannot_be_shown_says_why(arguments: tuple[str, ...], code: int, said: str) -> None:
    ran = kedge(*arguments, "--plan", str(CHURN), "--today", TODAY)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_plan_without_cards_has_nothing_to_forecast(tmp_path: Path) -> None:
    assert kedge("init", cwd=tmp_path).code == 0
    for command in ("forecast", "budget"):
        ran = kedge(command, cwd=tmp_path)
        assert ran.code == 0
        assert ran.out or "no open card has a date" in ran.err


@pytest.mark.skipif(not shutil.which("git"), reason="git is not here")
def test_the_history_says_when_cards_were_done(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    card = plan / "projects" / "p" / "cards" / "one.toml"
    card.parent.mkdir(parents=True)
    (plan / "board.toml").write_text("format = 1\n")
    (plan / "projects" / "p" / "project.toml").write_text('title = "P"\n')
    (card.parent / "open.toml").write_text('title = "Open"\nplace = "execute"\n')

    def commit(day: str, *cards: Path, status: str) -> None:
        for one in cards:
            one.write_text(f'title = "One"\nplace = "execute"\nstatus = "{status}"\n')
        who = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        dates = {f"GIT_{role}_DATE": f"{day}T12:00:00Z" for role in ("AUTHOR", "COMMITTER")}
        for command in (("add", "-A"), ("commit", "-qm", "x")):
            subprocess.run(["git", *command], cwd=tmp_path, check=True, env={**who, **dates, "PATH": PATH})

    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    other = card.with_name("two.toml")
    commit("2026-10-01", card, other, status="todo")
    commit("2026-10-13", card, status="done")
    commit("2026-10-20", card, status="doing")
    commit("2026-11-03", card, status="done")
    commit("2026-11-11", other, status="done")
    found = data("forecast", "--throughput", plan=plan)["throughput"]
    assert found["weeks"] == [0, 0, 0, 0, 1, 1]
    assert found["open"] == 1
    assert found["p50"] is not None
    ran = kedge("forecast", "--throughput", "--plan", str(plan), "--today", TODAY)
    assert "Cards done a week: 0 0 0 0 1 1; 1 card still open" in ran.out


def test_without_a_history_the_pace_is_not_known(tmp_path: Path) -> None:
    plan = shutil.copytree(CHURN, tmp_path / "plan")
    ran = kedge("forecast", "--throughput", "--plan", str(plan), "--today", TODAY)
    assert (ran.code, ran.out) == (2, "")
    assert "no --throughput without the history" in ran.err
