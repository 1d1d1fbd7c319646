"""Clones of one plan, edited at the same time and merged by the real git: nothing is lost without a question."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from kedge.tests.clones import Team, play, play_pairs


@pytest.mark.long
@pytest.mark.parametrize("with_driver", [True, False])
def test_no_edit_is_lost_and_all_clones_end_equal(tmp_path: Path, with_driver: bool) -> None:
    team = Team(tmp_path, clones=3, cards=12, rng=Random(5), with_driver=with_driver)
    play(team, rounds=2, edits_each=8)
    assert team.faults == []
    assert team.counts["merges"] >= 2
    if with_driver:
        assert team.counts["merges in conflict"] == team.counts["merges with a question of their own"]


@pytest.mark.long
def test_what_the_driver_asks_is_in_question_and_the_lines_of_others_are_not(tmp_path: Path) -> None:
    team = Team(tmp_path, clones=2, cards=5, rng=Random(3), with_driver=True)
    play_pairs(team, rounds=3, edits_each=10)
    assert team.faults == []
    assert team.counts["merges"] == 3
    assert team.counts["files in conflict"] == team.counts["files with a question of their own"]
