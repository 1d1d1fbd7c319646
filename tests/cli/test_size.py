"""`kedge size`: sizes with their arithmetic, on trial and kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .running import CHURN, kedge


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHURN, tmp_path / "plan"))


def test_the_sample_is_sized_and_its_workers_follow(plan: Path):
    ran = kedge("--plan", str(plan), "size")
    assert ran.code == 0
    assert "Batch workers: 1 workers\n    1,144,000 / 1,497,600 = 0.7639: 1\n" in ran.out
    assert "Storage for results: 37.38 GB" in ran.out
    assert "P130" not in kedge("--plan", str(plan), "check").out


def test_inputs_can_be_tried_and_programs_get_the_steps(plan: Path):
    ran = kedge("--plan", str(plan), "size", "churn", "predictions-per-run=11m", "--json")
    results = {one["id"]: one for one in json.loads(ran.out)["data"]["results"]}
    assert results["workers"]["value"] == 8
    assert results["workers"]["steps"] == ["11,440,000 / 1,497,600 = 7.639: 8"]
    assert json.loads(kedge("--plan", str(plan), "size", "--json").out)["data"]["results"][0]["value"] == 1


def test_what_is_written_follows_and_can_be_undone(plan: Path):
    file = plan / "projects" / "churn" / "requirements.toml"
    before = file.read_bytes()
    assert kedge("--plan", str(plan), "size", "--write", "predictions-per-run=11m").code == 0
    text = file.read_text()
    assert "figure = 8" in text
    assert 'title = "Two workers score the subscribers, one of them to spare"' in text
    assert "11,440,000 / 1,497,600 = 7.639: 8" in text
    assert "P130" not in kedge("--plan", str(plan), "check").out
    assert kedge("--plan", str(plan), "undo").code == 0
    assert file.read_bytes() == before


def test_a_load_that_grew_makes_a_kept_size_a_finding(plan: Path):
    kedge("--plan", str(plan), "answer", "arch-load", "predictions per run=11000000")
    found = kedge("--plan", str(plan), "check", "--select", "P130")
    assert "score-workers is 2 workers, and 8 workers follow from what it serves" in found.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("apples=3",), "size has no input 'apples'\n  inputs: requests per day, "),
        (("planned=70",), "planned load: a share is between 0 and 1; 70 % is 0.7 or `70%`"),
        (("hours-per-run=-1",), "hours per run: expected a number of at least 0"),
        (("churn", "other"), "one project is enough"),
    ],
)
def test_what_it_refuses(plan: Path, words: tuple[str, ...], says: str):
    ran = kedge("--plan", str(plan), "size", *words)
    assert ran.code == 2
    assert says in ran.err


def test_every_input_can_be_typed_with_hyphens(plan: Path):
    ran = kedge("--plan", str(plan), "size", "device-hours-per-training=6", "trainings=40", "--json")
    results = {one["id"]: one for one in json.loads(ran.out)["data"]["results"]}
    assert (results["training-compute"]["value"], results["training-compute"]["unit"]) == (600, "EUR")


def test_what_no_business_requirement_asks_for_is_said_when_it_is_kept(tmp_path: Path):
    assert kedge("init", "--project", "P", "-q", cwd=tmp_path).code == 0
    ran = kedge("size", "--write", "requests-per-day=86400", cwd=tmp_path)
    assert ran.code == 0
    assert "no business requirement asks for peak-load" in ran.err
    add = ("business", "add", "Requests of a normal day", "about=requests per day")
    assert kedge(*add, cwd=tmp_path).code == 0
    ran = kedge("size", "--write", cwd=tmp_path)
    assert "note" not in ran.err
    assert "serves requests-of-a-normal-day" in kedge("size", cwd=tmp_path).out


def test_the_question_that_says_a_missing_input_is_named_with_its_own_figure(tmp_path: Path):
    assert kedge("init", "--project", "P", "-q", cwd=tmp_path).code == 0
    out = kedge("size", cwd=tmp_path).out
    assert 'kedge answer data-compute "hours per run=…"' in out
    assert kedge("answer", "data-compute", "hours per run=6", "runs=2", cwd=tmp_path).code == 0
    assert "Training compute: 12 GPU-hours" in kedge("size", cwd=tmp_path).out
