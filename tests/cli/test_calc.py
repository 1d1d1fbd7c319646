"""`kedge calc`: calculators on typed figures, and on a project's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .running import TODAY, Ran, kedge

Sample = Callable[[str], Path]


@pytest.fixture
def plan(sample: Sample) -> Path:
    return sample("churn")


def run(plan: Path, *arguments: str) -> Ran:
    return kedge(*arguments, "--plan", str(plan), "--today", TODAY)


def test_no_plan_is_needed(tmp_path: Path) -> None:
    env = {"KEDGE_PLAN": ""}
    ran = kedge("calc", "eval-size", "p=0.5", "margin=5%", cwd=tmp_path, env=env)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Test examples: 385 examples\n")
    assert "source   Cochran" in ran.out
    listed = kedge("calc", cwd=tmp_path, env=env)
    assert "learning-curve    How much more data\n" in listed.out
    data = json.loads(kedge("calc", "kappa", "table=20,5/10,15", "--json", cwd=tmp_path, env=env).out)["data"]
    assert data["value"] == pytest.approx(0.4)
    assert data["from_project"] == []
    assert {one["calculator"] for one in json.loads(kedge("calc", "--json", cwd=tmp_path).out)["data"]} >= {
        "calc-gain",
        "calc-annotation-cost",
    }


@pytest.mark.parametrize(
    ("calculator", "said", "typed"),
    [
        (
            "budget",
            "lines=[[80, 100, 160], [30, 40, 80], [10, 12, 20]]",
            "lines=80,100,160/30,40,80/10,12,20",
        ),
        ("schedule by=28", "path=[[5,8,17],[3,5,7]]", "path=5,8,17/3,5,7"),
        ("throughput backlog=30", "samples=[3, 3, 4, 4, 7]", "samples=3,3,4,4,7"),
        (
            "schedule by=28 method=beta-pert",
            "paths=[[[4,6,12],[1,2,3]],[[2,4,9]]]",
            "paths=4,6,12/1,2,3;2,4,9",
        ),
    ],
)
def test_rows_can_be_pasted_from_the_playbook(calculator: str, said: str, typed: str, tmp_path: Path) -> None:
    words = ("calc", *calculator.split())
    pasted, usual = (kedge(*words, one, cwd=tmp_path, env={"KEDGE_PLAN": ""}) for one in (said, typed))
    assert (pasted.code, pasted.out) == (0, usual.out)


def test_how_rows_are_typed_is_said_where_they_are_typed_in_another_way(tmp_path: Path) -> None:
    ran = kedge("calc", "schedule", "path=5/8/17,3/5/7", cwd=tmp_path, env={"KEDGE_PLAN": ""})
    assert ran.code == 2
    assert "path: rows of numbers, such as 20,5/10,15" in ran.err


def test_the_project_gives_what_is_not_typed(plan: Path) -> None:
    ran = run(plan, "calc", "expected-value")
    assert ran.code == 0
    # 0.6303 × (0.6303 × 1,066,294 - 193,333) - 145,500: data and compute in the cost, 29 weeks before the first gain.
    assert ran.out.startswith("Expected value of the staged bet: 156,210 EUR\n")
    assert ran.err == "from the project: value, stages\n"
    other = json.loads(run(plan, "calc", "confidence", "adoption=proven", "--json").out)["data"]
    assert other["inputs"]["adoption"] == "proven"
    assert other["from_project"] == ["data", "technique", "value"]
    # Rates that nobody measured yet are not made up.
    errors = run(plan, "calc", "error-cost")
    assert errors.code == 2
    assert "missing: prevalence, recall, fpr" in errors.err


def test_what_a_question_keeps_is_reckoned_with(plan: Path) -> None:
    rates = ("prevalence=0.02", "recall=0.8", "false-alarm=0.01", "cases=100k")
    assert run(plan, "answer", "pri-errors", *rates).code == 0
    ran = run(plan, "assess", "pri-errors", "--explain")
    assert ran.out.startswith("Cost of errors: 5,138 EUR per year\n")
    assert run(plan, "calc", "error-cost").out.startswith("Cost of errors: 5,138 EUR\n")
    labels = ("items=10k", "labels=3", "seconds=20", "rate=12", "review=0.1", "rework=0.05")
    assert run(plan, "answer", "data-cost", *labels).code == 0
    assert "answer       2,310\n" in run(plan, "assess", "data-cost").out
    # Another way of reckoning takes only what both need from the project.
    price = run(plan, "calc", "annotation-cost", "price=0.036")
    assert price.out.startswith("Cost of labels: 360 EUR\n")


def test_every_figure_of_a_project(plan: Path) -> None:
    ran = run(plan, "assess", "--explain")
    for name in ("Yearly gain: ", "Present value if it works: ", "Chance of success: ", "Cost of delay: "):
        assert name in ran.out
    data = json.loads(run(plan, "assess", "pri-ev-tech", "--explain", "--json").out)["data"]
    assert [one["name"] for one in data["figures"]] == ["Chance of success"]
    assert data["figures"][0]["lines"][0] == "Chance of success: 0.3972"
    without = data["moves"][0]
    assert without["answer"] == "without it"
    moved = {one["name"]: (one["before"], one["after"]) for one in without["figures"]}
    # Without evidence for the technique 0.50 stands where 0.85 stood.
    assert moved["Chance of success"] == pytest.approx((0.39722, 0.39722 * 0.50 / 0.85), abs=1e-4)
    assert moved.keys() == {"Chance of success", "Expected value of the staged bet"}


def test_what_moves_with_another_answer(plan: Path) -> None:
    said = run(plan, "assess", "stage-poc-move", "--explain").out
    assert "What moves with another answer\n  if it were no\n" in said
    assert "    Chance of success: 0.3972 → 0.3376\n" in said
    nothing = run(plan, "assess", "disc-simpler", "--explain").out.splitlines()
    assert nothing == ["No figure moves with another answer.", '"Worth doing, with ML?" waits for it.']


REFUSED = {
    "unknown": (("abacus",), "no calculator has the id 'abacus'"),
    "unknown calculator": (("qqqq",), "kedge calc lists them"),
    "no input": (("kappa", "20"), "'20' is not INPUT=VALUE"),
    "unknown input": (("kappa", "tables=1"), "no input has the id 'tables'"),
    "no number": (("kappa", "table=1,2/a"), "table: expected rows of whole numbers"),
    "not square": (("kappa", "table=1,2/3"), "a square table of counts is expected"),
    "no level": (("confidence", "value=sure"), "value: one of nothing, opinion"),
    "no way": (("confidence", "results=data"), "results: expected which way a factor points"),
    "no factor": (("confidence", "results=bogus:against"), "of value, data, technique, adoption; not"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_refuses(plan: Path, name: str) -> None:
    arguments, message = REFUSED[name]
    ran = run(plan, "calc", *arguments)
    assert ran.code == 2
    assert message in ran.err


def test_an_input_that_is_not_there_is_answered_with_those_that_are() -> None:
    ran = kedge("calc", "retrain-interval", "zzz=3")
    assert ran.code == 2
    assert "no input has the id 'zzz'" in ran.err
    assert "there are: c, k" in ran.err
