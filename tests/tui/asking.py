"""The screen of questions, for tests that go about on it."""

from __future__ import annotations

import os
from typing import Any, cast

import pytest

from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.records.assessment import Answer, Assessment
from kedge.storage.plan.workspace import Workspace
from kedge.tui.assess.assess_screen import AssessScreen

from .driver import Driver, PlanFolder, write

ASSESSMENT = "projects/churn/assessment.toml"
ANSWERS = """\
[answers.disc-decision]
verdict = "The agent calls [b]those[/b] who are about to leave"

[answers.disc-simpler]
verdict = true
because = "A rule finds half of them"
evidence = ["https://example.org/rule"]

[answers.disc-aware]
checked = ["told what ML can and cannot solve here"]

[answers.data-labels]
state = "unknown"
"""
DATASET = """\
title = "Usage events"
owner = "sam"
location = "warehouse.events"
access = "asked"
approval_days = 10
origin = "client"
rows = 120000
refresh = "daily"
personal_data = false
available = 4
quality = 2
cost = 1200
gaps = ["no data before 2024", "time zones are mixed"]
"""


@pytest.fixture
def asked(tmp_path: Any) -> PlanFolder:
    """A project in Assess, with some answers and a dataset."""
    made = PlanFolder(tmp_path)
    made.project("churn", phase="assess", more='lead = "mira"\nsponsor = "sam"\n')
    write(made.root / ASSESSMENT, ANSWERS)
    write(made.root / "projects/churn/datasets/events.toml", DATASET)
    return made


async def opened(on: Driver) -> AssessScreen:
    """Goes to the screen, and waits for what the gates say."""
    await on.act("screen.assess")
    await looked(on)
    screen = on.app.screen
    assert isinstance(screen, AssessScreen)
    return screen


async def looked(on: Driver) -> None:
    await on.saved()
    await on.found_out()


async def go_to(on: Driver, question: str) -> None:
    """Puts the cursor on a question, whatever phase it belongs to."""
    screen = on.app.screen
    assert isinstance(screen, AssessScreen)
    item = shipped().item(question)
    assert item is not None
    step = shipped().step(item.step)
    assert step is not None
    screen.to_phase(step.phase)
    screen.go_to(item)
    await looked(on)
    assert screen.row == question


def answers_on_disk(on: Driver) -> dict[str, Answer]:
    plan = Workspace.open(str(on.root), os.environ).plan
    return dict(cast("Assessment", plan.records[Address("assessment", "churn", "assessment")]).answers)


async def answered(on: Driver, question: str, *keys: str) -> Answer:
    """Answers a question with keys; the answer as it is on disk then."""
    await go_to(on, question)
    await on.act("question.answer")
    await on.press(*keys)
    await looked(on)
    return answers_on_disk(on)[question]
