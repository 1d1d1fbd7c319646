"""Cards, gates and datasets on the screen of questions."""

from __future__ import annotations

from typing import Any

import pytest

from kedge.tui.assess.asked import DATASETS
from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.forms.form import FormScreen
from kedge.tui.widgets.lines import LineView

from .asking import go_to, looked, opened
from .driver import PlanFolder, Start, write

# ---- cards, gates, datasets


async def test_an_offered_card_is_made_once(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        assert screen.asked is not None
        question = next(source for source, _, _ in screen.asked.offers if source.startswith("disc-"))
        await go_to(on, question)
        await on.act("question.card")
        await looked(on)
        made = [card for card in on.on_disk().values() if card.offered_by == question]
        assert [card.place for card in made] == ["assess/discovery"]
        await go_to(on, question)
        await on.act("question.card")
        await looked(on)
        assert "already" in on.foot()
        assert len(on.on_disk()) == 1


async def test_gaps_of_a_dataset_offer_cards(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        screen.to_tab(DATASETS)
        await on.pilot.pause()
        assert screen.row == "events"
        await on.act("question.card")
        assert isinstance(on.app.screen, Pick)
        await on.press(*"zones", "enter")
        await looked(on)
        assert [card.offered_by for card in on.on_disk().values()] == ["gap:events:time zones are mixed"]
        await on.act("question.answer")
        assert isinstance(on.app.screen, FormScreen)
        assert on.app.screen.subject.id == "events"


async def test_the_gate_with_its_conditions(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root, size=(100, 40)) as on:
        await opened(on)
        await on.act("question.gate")
        assert isinstance(on.app.screen, Message)
        rows = "\n".join(one.text for one in on.app.screen.query_one(LineView).lines)
        for part in ("It is closed", "disc-simpler", "Conditions", "Decided by"):
            assert part in rows


async def test_a_decision_moves_the_project(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        await on.act("question.decide")
        await on.press(*"go", "enter", *"sam", "enter")
        # One form has all that is typed for a closed gate.
        for asked_for in ("The gate is closed:", "why go", "although it is closed", "agreed with that"):
            assert asked_for in on.text()
        await on.press(*"it is worth it to us", "enter", "x", "enter", *"data by May", "enter")
        assert "a few words are wanted" in on.text()
        await on.press("escape")
        assert "escape again" in on.text()
        await on.press("shift+tab", "backspace", *"the board wants it", "enter", "enter")
        await looked(on)
        assert on.app.session is not None
        assert on.app.session.plan.projects["churn"].phase == "plan"
        assert screen.phase == "plan"
        decisions: Any = on.app.session.plan.of_kind("decision", "churn")
        assert [(one.by, one.override, one.conditions) for one in decisions] == [
            ("sam", "the board wants it", ("data by May",))
        ]


async def test_a_decision_that_is_refused_says_why(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await on.act("question.decide")
        await on.press(*"go", "enter", *"mira", "enter")
        assert isinstance(on.app.screen, Pick)
        assert "mira leads churn" in on.text()
        await on.press("escape")
        await on.act("question.decide")
        await on.press(*"kill", "enter", *"sam", "enter")
        assert "without a lesson" in on.text()


async def test_a_hold_asks_for_the_day_on_which_it_is_looked_at_again(
    asked: PlanFolder, start: Start
) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await on.act("question.decide")
        await on.press(*"hold", "enter", *"sam", "enter", *"2026-11-01", "enter")
        assert "a day ahead" in on.text()
        for _ in range(len("2026-11-01")):
            await on.press("backspace")
        await on.press("enter")
        assert "a day is needed" in on.text()
        await on.press(*"2027-02-01", "enter", *"no data yet", "enter")
        await looked(on)
        assert on.app.session is not None
        assert on.app.session.plan.projects["churn"].state == "hold"
        assert '"Project churn" is on hold, in Assess' in on.foot()


async def test_of_several_gates_of_a_phase_it_is_asked_which_is_decided(
    plan: PlanFolder, start: Start
) -> None:
    plan.project("churn", "execute", more='lead = "mira"\n')
    write(plan.root / "people" / "sam.toml", 'name = "Sam Test"\nrole = "mlops"\n')
    async with start(plan.root) as on:
        await opened(on)
        await on.act("question.decide")
        assert "Which gate is decided?" in on.text()
        await on.press(*"real users", "enter")
        assert "May real users see it? How does it end?" in on.text()
        await on.press(*"kill", "enter")
        assert "Who decides?" in on.text()
        await on.press("escape")
        await on.act("question.decide")
        await on.press(*"others run", "enter")
        assert "Did it work, and can others run it? How does it end?" in on.text()


async def test_an_agent_decides_no_gate(
    asked: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEDGE_ACTOR", "agent")
    async with start(asked.root) as on:
        await opened(on)
        await on.act("question.decide")
        await on.press(*"recycle", "enter", *"sam", "enter")
        await on.press(*"the labels come too late", "enter")
        await looked(on)
        assert "this needs a person" in on.foot()
        assert on.app.session is not None
        # It is neither kept for another try nor shown as made.
        assert not on.app.session.unsaved
        assert list(on.app.session.plan.of_kind("decision", "churn")) == []
        assert not list(asked.root.glob("projects/churn/decisions/*"))


async def test_a_form_of_an_agent_stays_open_with_what_a_person_has_to_do(
    asked: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEDGE_ACTOR", "agent")
    before = (asked.root / "projects" / "churn" / "project.toml").read_text()
    async with start(asked.root) as on:
        await on.press("3")
        await on.found_out()
        await on.act("project.edit")
        await on.press("tab", "tab", "right")
        await on.save_form()
        await on.until("this needs a person: churn: the project's phase")
        assert (asked.root / "projects" / "churn" / "project.toml").read_text() == before
        # With the phase as it was the form saves what an agent may change.
        await on.press("left", "shift+tab", *"who leaves")
        await on.save_form()
        await on.saved()
        assert "who leaves" in (asked.root / "projects" / "churn" / "project.toml").read_text()
