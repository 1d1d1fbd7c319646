"""`schedule --baseline`: what was planned at another revision, for people, for programs and as a chart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..storage.repositories import commit, git, write
from .running import Ran, kedge

CARDS = "plan/projects/churn/cards"
TABLE, OVER, MORE = (f"{CARDS}/{name}.toml" for name in ("table-7k2m", "over-4d5f", "more-9x4p"))
FILES = {
    "plan/board.toml": "format = 1\n",
    "plan/people/mira.toml": 'name = "Mira"\n',
    "plan/projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n',
    "plan/projects/churn/strategy.toml": '[milestones.live]\ntitle = "Live"\ndue = 2026-12-11\n',
    TABLE: 'title = "Table"\nowner = "mira"\nestimate = [3]\nmilestone = "live"\n',
    OVER: 'title = "Over"\nestimate = [1]\n',
}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Planned on Friday 20 November; today it is Friday a week later, and Tuesday's estimate is a larger one."""
    made = tmp_path / "top"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    commit(made, "plan", FILES)
    write(made, {TABLE: FILES[TABLE].replace("[3]", "[5]"), MORE: 'title = "More"\nestimate = [1]\n'})
    write(made, {OVER: FILES[OVER] + 'status = "done"\n'})
    return made


def run(top: Path, *words: str) -> Ran:
    return kedge("--today", "2026-11-27", *words, cwd=top, env={"KEDGE_STATE": str(top.parent / "state")})


def data(top: Path, *words: str) -> Any:
    found = run(top, *words, "--json")
    assert found.code == 0, found.err
    return json.loads(found.out)["data"]


def test_the_baseline_for_programs(top: Path) -> None:
    found = data(top, "schedule", "--baseline", "main")
    head = found["baseline"]
    assert head["commit"] == git(top, "rev-parse", "main")
    assert (head["today"], head["moved"], head["new"], head["gone"]) == ("2026-11-20", 1, 1, 1)
    cards = {one["id"]: one["baseline"] for one in found["cards"]}
    assert cards["table-7k2m"] == {
        "start": "2026-11-20",
        "start_half": "am",
        "end": "2026-11-24",
        "end_half": "pm",
        "moved": 7.0,
    }
    assert cards["more-9x4p"] is None
    (live,) = found["milestones"]
    assert live["baseline"] == {"date": "2026-11-24", "moved": 7.0}
    assert "baseline" not in data(top, "schedule")


def test_the_baseline_for_people(top: Path) -> None:
    text = run(top, "schedule", "--baseline", "main").out
    head = " ".join(text.split("\n\n")[0].split())
    assert "as planned on Fri 20 Nov: 1 of 2 cards moved, 1 new, 1 gone or done" in head
    lines = text.split("\n")
    under = {
        name: lines[next(at for at, row in enumerate(lines) if row.endswith(name)) + 1].strip()
        for name in ("7k2m Table", "9x4p More")
    }
    assert under == {
        "7k2m Table": "· was Fri 20 Nov to Tue 24 Nov, 7 days later",
        "9x4p More": "· not in the baseline",
    }
    assert "live: Thu 3 Dec, due Fri 11 Dec; was Tue 24 Nov, 7 days later" in text
    assert max(map(len, lines)) <= 80


def test_nothing_has_moved_on_the_day_itself(top: Path) -> None:
    found = kedge("--today", "2026-11-20", "at", "main", "schedule", "--baseline", "main", cwd=top)
    assert "0 of 2 cards moved" in " ".join(found.out.split())
    assert "was" not in found.out


def test_a_commit_later_than_today_is_planned_today(top: Path) -> None:
    ran = kedge("--today", "2026-11-13", "schedule", "--baseline", "main", "--json", cwd=top)
    assert json.loads(ran.out)["data"]["baseline"]["today"] == "2026-11-13"


def test_the_chart_has_a_second_bar_for_what_moved(top: Path) -> None:
    lines = run(top, "schedule", "--mermaid", "--baseline", "main").out.split("\n")
    at = next(at for at, line in enumerate(lines) if "table-7k2m, " in line)
    assert lines[at + 1] == "    as planned :done, table-7k2m-baseline, 2026-11-20 00:00, 2026-11-25 00:00"
    assert sum("-baseline" in line for line in lines) == 1
    assert lines[1].startswith("    title Schedule as of 2026-11-27 against main")


@pytest.mark.parametrize(
    ("revision", "why"),
    [("nowhere", "no such revision"), ("--upload-pack=x", "no such revision"), ("", "the revision is empty")],
)
def test_a_revision_that_is_none(top: Path, revision: str, why: str) -> None:
    ran = run(top, "schedule", f"--baseline={revision}")
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err


def test_without_git_there_is_none(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    ran = run(tmp_path, "schedule", "--baseline", "main")
    assert ran.code == 2
    assert "the plan cannot be read at main" in ran.err
