"""`critical`, `load` and `handovers` with `--explain`, and what they say of a plan without dates."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .running import CHURN, TODAY, kedge
from .test_schedule import data


def text(*words: str, plan: Path = CHURN) -> str:
    ran = kedge(*words, "--plan", str(plan), "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


@pytest.mark.parametrize("words", [("load",), ("load", "--all"), ("load", "--team", "--all")])
def test_the_cards_of_a_week_add_up_to_its_load(words: tuple[str, ...]) -> None:
    people = {one["id"]: one["weeks"] for one in data("load")["people"]}
    explained = text(*words, "--explain").partition("\n\njonas: ")[2]
    parts = re.split(r"\n\n(?=\w+: )", f"jonas: {explained}")
    assert {one.partition(":")[0] for one in parts} == people.keys()
    for part in parts:
        name = part.partition(":")[0]
        said = re.split(r"\n  [ !] (?=\d+ \w)", part)[1:]
        sums = [sum(float(row.split()[0]) for row in week.split("\n")[1:] if row.strip()) for week in said]
        loads = [week["load"] for week in people[name] if week["load"]]
        wanted = loads if "--all" in words else loads[: len(sums)]
        assert sums == pytest.approx(wanted, abs=0.02)


def test_each_side_of_a_handover_says_why_it_is_then() -> None:
    plain, explained = text("handovers"), text("handovers", "--explain")
    reasons = {one["id"]: one["reason"]["text"] for one in data("schedule")["cards"]}
    joined = " ".join(explained.split())
    for one in data("handovers"):
        assert " ".join(reasons[one["from"]].split()) in joined
        assert " ".join(reasons[one["to"]].split()) in joined
    assert all(line in explained for line in plain.split("\n"))
    assert len(explained.split("\n")) > len(plain.split("\n"))


def test_cards_beside_the_way_have_their_reason() -> None:
    explained = text("critical", "test-read", "--explain")
    beside = explained.partition("Other cards without slack\n")[2]
    names = data("critical", "test-read")["critical"]
    assert beside.count("starts ") >= len(names) - len(data("critical", "test-read")["path"])
    assert "Drag: the plan is scheduled again" in " ".join(beside.split())
    assert "starts " not in text("critical", "test-read").partition("Other cards without slack\n")[2]


def test_a_plan_without_dates_has_no_way_to_one(tmp_path: Path) -> None:
    assert kedge("init", "--project", "Empty", "-q", cwd=tmp_path).code == 0
    ran = kedge("critical", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert "no open card has a date" in ran.err
    ran = kedge("critical", "--json", cwd=tmp_path)
    assert json.loads(ran.out)["data"] == {"projects": []}
