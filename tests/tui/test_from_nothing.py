"""From a plan that was just made to a gate that is passed, with nothing but keys, at 80x24.

The screen leads: each question is the one where the cursor stands after the answer before it, so that a dead end, or
a question that cannot be answered where it is asked, fails here.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from kedge.cli.main import run
from kedge.model.records.governance import Decision
from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.forms.form import FormScreen

from .driver import TODAY, Driver, Start

TYPED, FIELD = "typed: ", "field: "
ANSWERS: dict[str, Sequence[str]] = {
    "disc-decision": ("typed: The agent gets the likely team for each ticket", "enter"),
    "disc-outcome": (
        "typed: First reply in time",
        "tab",
        "tab",
        "typed: percent",
        "tab",
        "typed: 61",
        "tab",
        "typed: 80",
        "tab",
        "tab",
        "typed: 2027-06-30",
        "ctrl+s",
    ),
    "disc-simpler": ("n",),
    "disc-benefit": ("enter",),  # nothing is marked: the one under the cursor
    "disc-imperfect": ("y",),
    "disc-risk-class": ("typed: outside", "enter"),
    "data-signal": ("4", "enter"),
    "stage-cap": ("typed: 170k", "enter"),
    "pri-gain": ("typed: 180k", "enter", "typed: 480k", "enter", "typed: 900k", "ctrl+s"),
    "disc-problem": ("typed: Tickets go to the wrong team", "enter"),
    "disc-fit": ("4", "enter"),
    "disc-stakeholders": ("typed: Group {n}", "tab", "spaces", "ctrl+s"),
    "disc-aware": ("a", "enter"),
    "disc-profile": ("typed: none of", "enter", "enter"),
    "data-inventory": (
        *("typed: Tickets", "field: owner", "typed: service-desk", "field: location"),
        *(
            "typed: warehouse.tickets",
            "field: origin",
            "space",
            "field: access",
            "space",
            "space",
            "space",
        ),
        *(
            "field: rows",
            "typed: 90000",
            "field: refresh",
            "typed: daily",
            "field: personal_data",
            "space",
            "space",
        ),
        "ctrl+s",
    ),
    "data-first-look": (
        "a",
        "enter",
        "enter",
    ),  # the day of the first look is asked for; today is there already
    "data-labels": ("enter",),
    "data-cost": ("typed: 5k", "enter"),
    "data-rights": ("a", "enter"),
    "stage-now": ("enter",),
    "stage-proof": ("typed: Recall 0.8; stop under 0.6", "enter"),
    "stage-timebox": ("typed: 10 weeks", "enter"),
    "pri-cost": (
        *(
            part
            for figure in ("20k", "30k", "40k", "1k", "2k", "4k", "1")
            for part in (f"typed: {figure}", "tab")
        ),
        "typed: 2",
        "ctrl+s",
    ),
    "pri-ev-value": ("typed: test", "enter", "enter"),
    "pri-ev-tech": ("typed: test", "enter", "enter"),
    "pri-reality": ("a", "enter"),
    # What only counts for the score.
    "pri-delay": ("typed: 8.5k", "enter"),
    "pri-links": ("typed: words", "enter", "typed: None so far", "enter"),
    "disc-methods": (
        *(
            "typed: Method {n}",
            "field: kind",
            "space",
            "field: origin",
            "space",
            "field: baseline",
            "space",
            "ctrl+s",
        ),
    ),
    "disc-reach": ("typed: 200k", "enter"),
    "disc-users": ("a", "enter"),
    "disc-vision": ("4", "enter"),
    "disc-unknowns": (
        *("typed: What about holidays?", "tab", "typed: dec-go", "tab", "typed: Ask one region", "ctrl+s"),
    ),
    "data-like-production": ("4", "enter"),
    "data-truth-delay": ("typed: 2", "enter"),
}
FURTHER = {"disc-stakeholders", "disc-methods"}
"""Questions that want several records: from the second on a list comes first, with a new one at its top."""


async def keys(on: Driver, parts: Sequence[str]) -> None:
    for part in parts:
        if part.startswith(FIELD):
            form = on.app.screen
            assert isinstance(form, FormScreen)
            form.view.go_to_path((part.removeprefix(FIELD),))
            await on.pilot.pause()
        elif part.startswith(TYPED):
            await on.type(part.removeprefix(TYPED))
        else:
            await on.press(part)


async def looked(on: Driver) -> AssessScreen:
    await on.saved()
    await on.found_out()
    screen = on.app.screen
    assert isinstance(screen, AssessScreen), on.text()
    return screen


async def prove(on: Driver, screen: AssessScreen, question: str) -> AssessScreen:
    """Says in the whole form what the answer rests on, without which it counts as none."""
    screen.go_to_row(screen.project, question)
    await on.act("question.form")
    form = on.app.screen
    assert isinstance(form, FormScreen)
    form.view.go_to_path(("evidence",))
    await on.pilot.pause()
    await on.type("https://example.org/a-better-rule")
    await on.save_form()
    return await looked(on)


@pytest.mark.long
async def test_the_keyboard_leads_from_nothing_to_a_passed_gate(start: Start, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    root = tmp_path / "plan"
    assert run(["init", "--plan", str(root), "--project", "Tickets", "--today", TODAY.isoformat(), "-q"]) == 0
    async with start(root, size=(80, 24)) as on:
        assert "2 asks what the method asks" in " ".join(on.text().replace("│", " ").split())
        await on.act("screen.assess")
        screen = await looked(on)
        seen: list[str] = []
        while screen.row != "pri-decision":
            question, again = screen.row, screen.row in seen
            assert question in ANSWERS, f"led to {question} after {seen}\n{on.text()}"
            assert not again or question in FURTHER, f"{question} was asked twice\n{on.text()}"
            seen.append(question)
            assert len(seen) < 60, f"{question} is asked again and again\n{on.text()}"
            await on.press("enter")
            if again:
                await on.press("enter")  # a new one stands first
            parts = [part.replace("{n}", str(len(seen))) for part in ANSWERS[question]]
            # Who benefits, who pays, who decides: each choice is one further.
            spaces = ["space"] * seen.count(question)
            await keys(on, [key for part in parts for key in (spaces if part == "spaces" else [part])])
            screen = await looked(on)
            if question == "disc-simpler":
                screen = await prove(on, screen, question)
            assert (screen.asked and screen.asked.standing[question].met) or question in FURTHER, on.text()
        report = screen.reports[-1]
        assert (report.holding, report.score is not None and report.score >= report.wanted_score) == (
            (),
            True,
        )
        closed = {check.id: "; ".join(check.because) for check in report.checks if check.verdict != "met"}
        assert list(closed) == ["chosen-or-said", "second-person"]
        assert "kedge person add" in closed["chosen-or-said"]
        assert "e on the project" in closed["second-person"]

        # Nobody is in the plan: who decides is added on the way, with the role; who leads is said on the project.
        await on.press("enter")
        assert "needs an override" in on.text()
        await keys(on, ("enter", "enter", "typed: Helen", "tab", "typed: gatekeeper", "ctrl+s"))
        await on.saved()
        await on.found_out()
        await keys(on, ("enter", "enter"))
        assert "tickets has no lead" in on.text()
        await on.press("escape")
        assert run(["person", "add", "Mira", "--plan", str(root), "-q"]) == 0
        assert run(["project", "set", "tickets", "lead=mira", "--plan", str(root), "-q"]) == 0
        await on.act("plan.reload")
        await on.saved()
        await on.found_out()
        await on.press("enter")
        assert "the gate is open" in on.text()
        await keys(on, ("enter", "enter", "typed: It pays back within the year", "enter"))
        screen = await looked(on)
        assert "is active, in Plan" in on.text()
        assert on.board.plan.projects["tickets"].phase == "plan"
        decisions = cast("list[Decision]", on.board.plan.of_kind("decision", "tickets"))
        assert [(one.by, one.override) for one in decisions] == [("helen", None)]
    assert run(["check", "--plan", str(root), "--today", TODAY.isoformat(), "-q"]) == 0
