"""A team's playbook lies over the shipped one, and its mistakes have a place."""

from __future__ import annotations

from pathlib import Path

from kedge.model.playbook import shipped
from kedge.storage.plan.playbook import playbook_of
from kedge.storage.plan.read import read_plan

from .plans import FILES, make

TEAM = """\
[item.disc-fit]
must = "growth"

[item.disc-imperfect]
remove = true

[item.disc-nothing]
must = "sometimes"
"""


def test_a_plan_without_one_follows_the_shipped_playbook(tmp_path: Path) -> None:
    playbook, findings = playbook_of(read_plan(str(make(tmp_path))).files)
    assert playbook is shipped()
    assert findings == []


def test_a_team_changes_removes_and_errs_in_a_line(tmp_path: Path) -> None:
    playbook, findings = playbook_of(read_plan(str(make(tmp_path, {**FILES, "playbook.toml": TEAM}))).files)
    fit = playbook.item("disc-fit")
    assert fit is not None
    assert fit.must == "growth"
    assert playbook.item("disc-imperfect") is None
    assert {one.file for one in findings} == {"playbook.toml"}
    assert 7 <= min(one.line for one in findings) <= 8


def test_a_broken_one_leaves_the_shipped_playbook(tmp_path: Path) -> None:
    loaded = read_plan(str(make(tmp_path, {**FILES, "playbook.toml": "[item\n"})))
    assert playbook_of(loaded.files) == (shipped(), [])
    assert [one.code for one in loaded.findings if one.file == "playbook.toml"] == ["F101"]
