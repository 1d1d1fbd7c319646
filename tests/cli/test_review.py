"""`kedge review`: a cycle looked back on, and written down as one step."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .running import ROOT, TODAY, kedge


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "samples" / "portfolio", tmp_path / "portfolio"))


def test_the_look_back_is_meant_where_no_verb_is_said(portfolio: Path) -> None:
    plain = kedge("review", "fresh-demand", "--today", TODAY, cwd=portfolio)
    assert plain == kedge("review", "cycle", "fresh-demand", "--today", TODAY, cwd=portfolio)
    shown = " ".join(plain.out.split())
    assert "thrown away (waste-share): missed, 6 percent, target 5.5, baseline 7.9, 79 % of the way" in shown
    assert "gain a year: actual 232,000 EUR, planned 268,333 EUR, 86 %" in plain.out
    assert "growth-round" in kedge("review", "list", cwd=portfolio).out


def test_programs_get_the_same(portfolio: Path) -> None:
    found = json.loads(kedge("review", "fresh-demand", "--json", "--today", TODAY, cwd=portfolio).out)["data"]
    assert [(one["id"], one["state"]) for one in found["metrics"]] == [
        ("waste-share", "missed"),
        ("changed-lines", "reached"),
        ("sold-out", "reached"),
    ]
    assert found["outcomes"][0]["outcome"] == "next stage"
    assert found["lessons"][0]["shown_in"] == ["next-best-offer"]


def test_recording_is_one_step_that_can_be_undone(portfolio: Path) -> None:
    done = kedge(
        "review", "record", "fresh-demand", "--well", "Weekly corrections", "--today", TODAY, cwd=portfolio
    )
    assert done.code == 0, done.err
    file = portfolio / "plan/projects/fresh-demand/reviews/cycle-3-maturity.toml"
    assert "measured_gain = 232000" in file.read_text()
    assert kedge("undo", cwd=portfolio).code == 0
    assert not file.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "no project has the id 'nowhere'"),
        (("record", "fresh-demand", "--why", "waste-share"), "--why wants METRIC=TEXT"),
        (("record", "fresh-demand", "--next", "more"), "'more' is not an outcome of a cycle"),
    ],
)
def test_what_cannot_be_meant_is_refused(portfolio: Path, words: tuple[str, ...], said: str) -> None:
    found = kedge("review", *words, "--today", TODAY, cwd=portfolio)
    assert found.code == 2
    assert said in found.err
