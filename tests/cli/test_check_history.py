"""`check --history`: estimates much older than what their cards say, by the commits of the plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..storage.repositories import git, write
from .running import Ran, kedge

PLACE = "plan/projects/churn/cards/{}.toml"
CARD = 'title = "Audit the labels"\nstatus = "{status}"\nowner = "mira"\nestimate = {estimate}\n{more}'
LINE = '\n[checklist.{0}]\ntext = "Look at {0}"\ndone = {1}\n'
FILES = {
    "plan/board.toml": "format = 1\n",
    "plan/people/mira.toml": 'name = "Mira"\n',
    "plan/projects/churn/project.toml": 'title = "Churn"\n',
}


def card(estimate: str = "[1, 2, 3]", more: str = "", status: str = "todo") -> str:
    return CARD.format(estimate=estimate, more=more, status=status)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A card that was estimated seven weeks ago."""
    made = tmp_path / "top"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    step(made, "2026-10-01", {**FILES, PLACE.format("audit-9x4p"): card()})
    return made


def step(top: Path, day: str, files: dict[str, str]) -> None:
    write(top, files)
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "a step", day=day)


def change(top: Path, day: str, text: str) -> None:
    step(top, day, {PLACE.format("audit-9x4p"): text})


def check(top: Path, *words: str) -> Ran:
    environment = {"KEDGE_STATE": str(top.parent / "state")}
    return kedge("--today", "2026-11-20", "check", "--select", "P129", *words, cwd=top, env=environment)


def said(top: Path, *words: str) -> str:
    """What is said of the card; empty where nothing is."""
    ran = check(top, *(words or ("--history",)))
    assert ran.code == 0, ran.err
    found = re.findall(r"advice\[P129\]: (.*)", ran.out)
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        ('notes = "All classes."\n', "notes have"),
        ('links = ["docs/labels.md"]\n', "links have"),
        (LINE.format("birds", "false"), "checklist has"),
        ('notes = "All classes."\n' + LINE.format("birds", "false"), "notes and checklist have"),
    ],
)
def test_a_scope_that_changed_weeks_later_is_found(top: Path, more: str, parts: str) -> None:
    change(top, "2026-11-10", card(more=more))
    assert said(top) == f"estimated Thu 1 Oct; {parts} changed since, last Tue 10 Nov"


def test_a_change_that_no_commit_has_is_of_today(top: Path) -> None:
    write(top, {PLACE.format("audit-9x4p"): card(more='notes = "All classes."\n')})
    assert said(top).endswith("notes have changed since, last today")


def test_a_scope_that_changed_within_two_weeks_is_none(top: Path) -> None:
    change(top, "2026-10-14", card(more='notes = "All classes."\n'))
    assert said(top) == ""
    change(top, "2026-10-15", card(more='notes = "All classes, twice."\n'))
    assert said(top) == "estimated Thu 1 Oct; notes have changed since, last Thu 15 Oct"


def test_what_says_nothing_of_the_work_does_not_count(top: Path) -> None:
    change(top, "2026-10-02", card(more=LINE.format("birds", "false") + LINE.format("bats", "false")))
    change(top, "2026-11-10", card(more=LINE.format("bats", "true") + LINE.format("birds", "true")))
    change(
        top,
        "2026-11-12",
        card(more="due = 2027-01-15\n" + LINE.format("bats", "true") + LINE.format("birds", "true")),
    )
    assert said(top) == ""


def test_there_and_back_is_no_change(top: Path) -> None:
    change(top, "2026-11-01", card(more='notes = "All classes."\n'))
    change(top, "2026-11-10", card())
    assert said(top) == ""


def test_another_estimate_is_a_new_one(top: Path) -> None:
    change(top, "2026-11-10", card(more='notes = "All classes."\n'))
    change(top, "2026-11-12", card("[2, 3, 5]", 'notes = "All classes."\n'))
    assert said(top) == ""
    # The same figures again are given again.
    change(top, "2026-11-13", card(more='notes = "All classes."\n'))
    assert said(top) == ""


def test_an_estimate_that_no_commit_has_is_of_today(top: Path) -> None:
    change(top, "2026-11-10", card(more='notes = "All classes."\n'))
    write(top, {PLACE.format("audit-9x4p"): card("[2, 3, 5]", 'notes = "All classes."\n')})
    assert said(top) == ""


@pytest.mark.parametrize("more", ['status = "done"\n', 'status = "doing"\nremaining = 1\n'])
def test_only_estimates_that_dates_hang_on_count(top: Path, more: str) -> None:
    text = card(more='notes = "All classes."\n').replace('status = "todo"\n', more)
    change(top, "2026-11-10", text)
    assert said(top) == ""


def test_an_exception_with_a_reason(top: Path) -> None:
    change(top, "2026-11-10", card(more='notes = "All classes."\n\n[allow]\nP129 = "looked at, it holds"\n'))
    assert said(top) == ""


def test_since_tells_only_of_what_the_range_has_changed(top: Path) -> None:
    change(top, "2026-11-10", card(more='notes = "All classes."\n'))
    git(top, "tag", "later")
    assert said(top, "--since", "later") == ""
    assert said(top, "--since", "HEAD~1").endswith("last Tue 10 Nov")
    change(top, "2026-11-12", card(more='notes = "All classes, twice."\n'))
    assert said(top, "--since", "later").endswith("last Thu 12 Nov")


def test_at_a_revision_later_commits_do_not_count(top: Path) -> None:
    change(top, "2026-11-10", card(more='notes = "All classes."\n'))
    change(top, "2026-11-12", card("[2, 3, 5]", 'notes = "All classes."\n'))
    assert said(top, "--history", "--at", "HEAD~1").endswith("last Tue 10 Nov")


def test_without_git_nothing_is_said_but_why(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, PLACE.format("audit-9x4p"): card()})
    ran = check(tmp_path, "--history")
    assert (ran.code, ran.out) == (0, "")
    assert "how old estimates are is not known" in ran.err


def test_a_plan_without_commits_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path, {**FILES, PLACE.format("audit-9x4p"): card()})
    ran = check(tmp_path, "--history")
    assert (ran.code, ran.out) == (0, "")


def test_it_is_asked_for(top: Path) -> None:
    change(top, "2026-11-10", card(more='notes = "All classes."\n'))
    assert check(top).out == ""
    ran = check(top, "--staged", "--history")
    assert ran.code == 2
    assert "--staged" in ran.err
