"""A cycle looked back on at the board: what is shown, what is written down, and the decision after it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kedge.model.records.governance import Review
from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.screens.cycle_review import CycleDialog
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start, write

STRATEGY = """\
[metrics.recall]
title = "Recall"
role = "primary"
baseline = 0.4
target = 0.8
actual = 0.6
measured_on = 2026-11-02
measured_in = "reports/backtest.json"

[budget]
spent = 61000
"""
ASSESSMENT = """\
[answers.pri-ev-tech]
verdict = "opinion"

[answers.tp-verdict]
verdict = "better"
"""


@pytest.fixture
def ended(plan: PlanFolder) -> PlanFolder:
    """A project at the end of its first cycle."""
    plan.project("churn", "iterate", more='lead = "mira"\nsponsor = "sam"\nstarted = 2026-08-24\n')
    write(plan.root / "projects/churn/strategy.toml", STRATEGY)
    write(plan.root / "projects/churn/assessment.toml", ASSESSMENT)
    return plan


async def looked_back(on: Driver) -> str:
    await on.act("cycle.review")
    await on.found_out()
    assert isinstance(on.app.screen, CycleDialog)
    rows = (one.text for one in on.app.screen.query_one(LineView).lines)
    return " ".join(word for row in rows for word in row.split())


@pytest.mark.parametrize("screen", ["assess", "portfolio", "strategy", "operate", "flow"])
async def test_the_cycle_is_looked_back_on_from_every_screen_of_a_project(
    ended: PlanFolder, start: Start, screen: str
) -> None:
    async with start(ended.root) as on:
        await on.act(f"screen.{screen}")
        await on.found_out()
        text = await looked_back(on)
        for part in (
            "r write it down; 2 things are not known yet",
            "Recall: missed, 0.6, target 0.8, baseline 0.4, 50 % of the way",
            "money: actual 61,000",
            "keep running",
        ):
            assert part in text


async def test_what_is_typed_becomes_the_review_and_the_evidence_moves(
    ended: PlanFolder, start: Start
) -> None:
    async with start(ended.root) as on:
        await looked_back(on)
        await on.press("r")
        assert "why Recall came out as it did" in on.text()
        await on.press(*"small steps; one data sheet", "enter", "enter")
        await on.press(*"../secret", "enter", *"labels came late", "enter")
        assert "../secret is not in the repository" in on.text()
        await on.press("up", *["backspace"] * 9, *"https://ml.example/run/7; reports/none.md")
        await on.press("enter", "enter")
        assert isinstance(on.app.screen, Pick)
        await on.press(*"keep", "enter")
        await on.saved()
        assert on.app.session is not None
        plan = on.app.session.plan
        (review,) = cast("list[Review]", plan.of_kind("review", "churn"))
        assert (review.went_well, review.went_badly) == (("small steps", "one data sheet"), ())
        assert (review.spent, review.next, review.cycle) == (61000, "keep running", 1)
        assert review.results["recall"].why == "labels came late"
        answers = plan.answers("churn")
        assert (answers["pri-ev-tech"].verdict, answers["pri-ev-tech"].result) == ("test", "mixed")
        links = ("https://ml.example/run/7", "reports/none.md", "reports/backtest.json")
        assert answers["pri-ev-tech"].evidence == links
        assert (answers["pri-ev-value"].verdict, answers["pri-ev-value"].result) == ("rehearsal", "supports")
        assert isinstance(on.app.screen, Message)
        assert "evidence for technique: opinion, supports → test, mixed" in on.text()
        assert "there is no reports/none.md in the repository yet" in on.text()
        assert "still missing: gain a year" in on.text()
        await on.press("escape")
        await on.act("plan.undo")
        await on.saved()
        assert list(on.app.session.plan.of_kind("review", "churn")) == []
        assert "add to what is written down" not in await looked_back(on)


async def test_the_timeline_opens_the_look_back_by_its_own_key_and_by_the_palette(
    ended: PlanFolder, start: Start
) -> None:
    async with start(ended.root) as on:
        await on.act("screen.timeline")
        await on.found_out()
        await on.act("time.review")
        await on.found_out()
        assert isinstance(on.app.screen, CycleDialog)
        await on.press("escape", ":", *"look back", "enter")
        await on.found_out()
        assert isinstance(on.app.screen, CycleDialog)


async def test_the_decision_asks_what_its_own_outcome_asks(ended: PlanFolder, start: Start) -> None:
    async with start(ended.root) as on:
        assert "d decide what happens next" in await looked_back(on)
        await on.press("d")
        assert isinstance(on.app.screen, Pick)
        assert "How does it end?" in on.text()
        await on.press(*"keep", "enter", *"sam", "enter", *"it pays as it is", "enter")
        await on.saved()
        assert on.app.session is not None
        (decision,) = cast("list[Any]", on.app.session.plan.of_kind("decision", "churn"))
        assert (decision.outcome, decision.by) == ("keep running", "sam")


async def test_before_the_end_of_a_cycle_there_is_nothing_to_decide(plan: PlanFolder, start: Start) -> None:
    plan.project("churn", "execute")
    async with start(plan.root) as on:
        text = await looked_back(on)
        assert "decide" not in text
        assert "no metric is defined" in text


async def test_where_no_project_is_in_sight_the_key_says_what_helps(plan: PlanFolder, start: Start) -> None:
    plan.project("churn")
    plan.project("routes", rank="a1")
    async with start(plan.root) as on:
        await on.act("screen.flow")
        await on.found_out()
        await on.act("cycle.review")
        assert "no single project is shown" in on.foot()
