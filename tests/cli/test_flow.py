"""`kedge flow`: figures and charts from a real repository, and what it says where there is no history."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kedge.cli.flow import CHARTS
from kedge.model.flow.charts import TITLES
from kedge.tests.storage.repositories import git, write

from .running import CHURN, TODAY, kedge

CARDS = "plan/projects/churn/cards"
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def card(status: str, more: str = "") -> str:
    return f'title = "A card"\nplace = "execute"\nstatus = "{status}"\nowner = "mira"\nestimate = [1, 2, 4]\n{more}'


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven weeks in which a card a week is begun on its Monday morning and done on Thursday; one is open."""
    made = tmp_path_factory.mktemp("flow")
    git(made, "init", "-q")
    write(made, {"plan/board.toml": "format = 1\n", "plan/people/mira.toml": 'name = "Mira"\n'})
    names = [f"c{number}" for number in range(8)]
    project = {"plan/projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n'}

    def on(day: str, **cards: str) -> None:
        files = {f"{CARDS}/{name}.toml": text for name, text in cards.items()}
        write(made, files)
        git(made, "add", "-A")
        git(made, "commit", "-qm", "x", day=day)

    write(made, project)
    on("2026-09-28", **dict.fromkeys(names, card("todo")))
    days = ["09-28", "10-05", "10-12", "10-19", "10-26", "11-02", "11-09"]
    for name, day in zip(names, days, strict=False):
        monday = f"2026-{day}"
        on(monday, **{name: card("doing")})
        thursday = dt.date.fromisoformat(monday) + dt.timedelta(days=3)
        on(thursday.isoformat(), **{name: card("done")})
    on("2026-11-16", c7=card("doing", 'blocked = "waits"\n'))
    return made


def data(top: Path, *words: str) -> Any:
    ran = kedge("--plan", str(top / "plan"), "--today", TODAY, *words, "--json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["data"]


def test_the_figures_for_programs(top: Path) -> None:
    found = data(top, "flow")
    assert found["cycle_time"] == [{"phase": "execute", "p50": 3.5, "p85": 3.5, "p95": 3.5, "n": 7}]
    assert [one["done"] for one in found["throughput"]] == [1, 1, 1, 1, 1, 1, 1, 0]
    assert found["throughput"][0] == {"week": "2026-09-28", "done": 1, "whole": True}
    assert [(one["id"], one["days"], one["blocked"], one["p85"]) for one in found["ageing"]] == [
        ("c7", 5, True, 3.5)
    ]
    assert found["burn_up"] == {
        "done": 7,
        "open": 1,
        "p50": "2026-11-27",
        "p85": "2026-11-27",
        "p95": "2026-11-27",
        "why_not": None,
    }
    assert found["cumulative"][-1] == {"date": TODAY, "done": 7, "blocked": 1, "doing": 0, "todo": 0}
    assert [(one["by"], one["id"], one["n"], one["factor"]) for one in found["calibration"]] == [
        ("all", "", 7, 1.75),
        ("person", "mira", 7, 1.75),
        ("kind", "execute", 7, 1.75),
    ]
    assert found["not_counted"] == []


def test_every_chart_is_drawn_and_named(top: Path) -> None:
    assert tuple(TITLES) == CHARTS
    whole = kedge("--plan", str(top / "plan"), "--today", TODAY, "flow").out
    for name, title in TITLES.items():
        assert f"{title}  (kedge flow {name})" in whole
        ran = kedge("--plan", str(top / "plan"), "--today", TODAY, "flow", name)
        lines = ran.out.splitlines()
        assert ran.code == 0
        assert len(lines) > 2
        assert max(map(len, lines)) <= 80
    assert "! A card" in whole
    assert "85 % of cards are done within 3.5 days" in whole


def test_at_a_revision_the_history_ends_there(top: Path) -> None:
    earlier = git(top, "rev-parse", "HEAD~4")
    found = data(top, "--at", earlier, "flow")
    assert len(found["done"]) == 5


def test_a_project_alone_and_a_short_history(top: Path) -> None:
    assert data(top, "--project", "churn", "flow")["project"] == "churn"
    ran = kedge("--plan", str(top / "plan"), "--today", "2026-10-08", "flow")
    assert "1 whole week of history, and a pace takes 5" in ran.out
    assert "steps of cards dated after today" in ran.out


def test_without_a_history_it_says_what_is_missing(tmp_path: Path) -> None:
    plan = shutil.copytree(CHURN, tmp_path / "plan")
    ran = kedge("--plan", str(plan), "flow")
    assert (ran.code, ran.out) == (2, "")
    assert "no figures of flow without the history of the plan" in ran.err
    git(tmp_path, "init", "-q")
    ran = kedge("--plan", str(plan), "flow")
    assert ran.code == 0
    assert "no card is committed yet" in ran.out
    assert json.loads(kedge("--plan", str(plan), "flow", "--json").out)["data"]["cycle_time"] == []


def test_a_clone_without_the_whole_history_says_so(top: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "3", f"file://{top}", "shallow")
    ran = kedge("--plan", str(tmp_path / "shallow" / "plan"), "--today", TODAY, "flow")
    assert "the history of this clone begins Mon 9 Nov: git fetch --unshallow" in ran.err
    ran = kedge("--plan", str(tmp_path / "shallow" / "plan"), "--today", "2026-08-01", "flow")
    assert "the history of this clone begins later: git fetch --unshallow" in ran.out
    assert data(tmp_path / "shallow", "flow")["cut_off"] is True


def test_past_forecasts_are_held_against_what_came(top: Path) -> None:
    found = data(top, "forecast", "--backtest", "--runs", "100")
    assert found["made"] == len(found["rows"]) > 20
    assert len(found["weeks"]) == 7
    for name in ("p50", "p80"):
        known = [one["held"][name] for one in found["rows"] if one["held"][name] is not None]
        assert found["counted"][name] == len(known)
        assert found["held"][name] == sum(known) / len(known)
    first = next(one for one in found["rows"] if one["id"] == "c1")
    assert (first["date"], first["done"], first["kind"]) == ("2026-10-01", "2026-10-08", "card")
    ran = kedge("--plan", str(top / "plan"), "--today", TODAY, "forecast", "--backtest", "--runs", "100")
    assert "The plan of 7 past weeks" in ran.out
    assert "P80 held" in ran.out


def test_a_calibrated_forecast_says_by_what(top: Path) -> None:
    found = data(top, "forecast", "--calibrated")
    (mira, everyone) = found["calibrated"]
    assert (mira["person"], mira["n"], everyone["person"]) == ("mira", 7, None)
    assert mira["factor"] == pytest.approx(1.75 ** (7 / 12), abs=1e-4)
    assert found["projects"][0]["p80"] > data(top, "forecast")["projects"][0]["p80"]
    ran = kedge("--plan", str(top / "plan"), "--today", TODAY, "forecast", "--calibrated")
    assert "mira: days x 1.39" in ran.out
    early = kedge("--plan", str(top / "plan"), "--today", "2026-10-08", "forecast", "--calibrated")
    assert "nothing is corrected" in early.out


def test_what_does_not_go_together_is_refused(top: Path) -> None:
    ran = kedge("--plan", str(top / "plan"), "forecast", "--backtest", "--calibrated")
    assert ran.code == 2
    assert "--backtest goes with --runs, --seed and --project only" in ran.err


def test_without_a_history_nothing_is_corrected_or_tested(tmp_path: Path) -> None:
    plan = shutil.copytree(CHURN, tmp_path / "plan")
    for option in ("--calibrated", "--backtest"):
        ran = kedge("--plan", str(plan), "--today", TODAY, "forecast", option)
        assert (ran.code, ran.out) == (2, "")
        assert f"no {option} without the history of the plan" in ran.err
