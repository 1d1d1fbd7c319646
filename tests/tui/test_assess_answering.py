"""Answering on the screen of questions, with its arithmetic and the next cycle."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from kedge.model.playbook import shipped
from kedge.tui.dialogs.figures import Figures
from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.dialogs.ticks import Ticks
from kedge.tui.forms.form import FormScreen

from .asking import answered, answers_on_disk, go_to, looked, opened
from .driver import PlanFolder, Start

# ---- answering


async def test_yes_or_no_and_on_to_the_next_question(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        found = await answered(on, "disc-simpler", "n")
        assert (found.verdict, found.because) == (False, "A rule finds half of them")
        assert screen.row != "disc-simpler"
        assert "(disc-simpler) is met" in on.foot()
        assert screen.asked is not None
        assert not screen.asked.standing[screen.row].met


async def test_an_answer_is_one_step_to_undo(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await answered(on, "disc-simpler", "n")
        await on.act("plan.undo")
        await looked(on)
        assert answers_on_disk(on)["disc-simpler"].verdict is True
        assert "undid" in on.foot()


@pytest.mark.parametrize(
    ("question", "keys", "verdict"),
    [
        ("disc-fit", ("4", "enter"), 4),
        ("disc-risk-class", (*"minimal", "enter"), "minimal risk"),
        ("disc-benefit", (*"revenue", "enter", *"lower", "enter", "enter"), ("more revenue", "lower risk")),
        ("disc-reach", (*"170k", "enter"), 170000),
        ("disc-problem", (*"They leave", "enter"), "They leave"),
    ],
)
async def test_a_control_for_each_kind(
    asked: PlanFolder, start: Start, question: str, keys: tuple[str, ...], verdict: object
) -> None:
    async with start(asked.root) as on:
        await opened(on)
        assert (await answered(on, question, *keys)).verdict == verdict


async def test_a_choice_with_the_way_that_the_evidence_points(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        found = await answered(on, "pri-ev-tech", *"test", "enter", *"mixed", "enter")
        assert (found.verdict, found.result) == ("test", "mixed")
        found = await answered(on, "pri-ev-tech", *"opinion", "enter", "escape")
        assert found.verdict == "opinion"


async def test_what_cannot_be_read_stays_in_the_field(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-reach")
        await on.act("question.answer")
        await on.press(*"many", "enter")
        assert isinstance(on.app.screen, Prompt)
        assert on.app.screen.query_one(Input).value == "many"
        assert "a number" in on.text()


async def test_named_figures_are_one_step(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root, size=(80, 24)) as on:
        await opened(on)
        await go_to(on, "pri-gain")
        await on.act("question.answer")
        assert isinstance(on.app.screen, Figures)
        await on.press(*"90k", "enter", *"80k", "enter", *"100k", "enter", "enter")
        assert isinstance(on.app.screen, Figures)
        assert "must not decrease" in on.text()
        on.app.screen.query(Input)[0].value = "70k"
        await on.press("ctrl+s")
        await looked(on)
        assert answers_on_disk(on)["pri-gain"].values == {"low": 70000, "likely": 80000, "high": 100000}


async def test_lines_of_a_checklist_are_ticked_with_space(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-aware")
        await on.act("question.answer")
        screen = on.app.screen
        assert isinstance(screen, Ticks)
        item = shipped().item("disc-aware")
        assert item is not None
        assert screen.checked == {item.lines[0]}
        await on.press("j", "space", "escape")
        assert "press escape again" in on.text()
        await on.press("enter")
        await looked(on)
        assert set(answers_on_disk(on)["disc-aware"].checked) == set(item.lines[:2])


async def test_a_record_is_made_in_its_form(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        await go_to(on, "disc-outcome")
        await on.act("question.answer")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        assert form.subject.kind == "goal"
        await on.press(*"Keep them")
        form.save()
        await looked(on)
        assert on.app.screen is screen
        assert [address.id for address, _ in on.app.session.plan.entries("goal")] == ["keep-them"]  # pyright: ignore[reportOptionalMemberAccess]
        assert screen.asked is not None
        # Half a goal is saved, and the question says what it lacks.
        assert screen.row == "disc-outcome"
        assert (
            "goal keep-them: no unit, no start, no target, no by"
            in screen.asked.standing["disc-outcome"].lacks()
        )
        assert "(disc-outcome) is not met" in on.foot()


async def test_unknown_not_applicable_and_no_answer(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-reach")
        await on.act("question.unknown")
        await looked(on)
        assert answers_on_disk(on)["disc-reach"].state == "unknown"
        await go_to(on, "disc-reach")
        await on.act("question.not_applicable")
        await on.press("enter")
        assert "a few words are wanted" in on.text()
        await on.press(*"no users yet", "enter")
        await looked(on)
        found = answers_on_disk(on)["disc-reach"]
        assert (found.state, found.because) == ("not-applicable", "no users yet")
        await go_to(on, "disc-reach")
        await on.act("question.clear")
        await looked(on)
        assert "disc-reach" not in answers_on_disk(on)


async def test_the_whole_answer_in_its_form(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-problem")
        await on.act("question.answer")
        await on.press(*"They leave", "tab")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        assert form.draft.texts["verdict",] == "They leave"
        form.save()
        await looked(on)
        assert answers_on_disk(on)["disc-problem"].verdict == "They leave"
        await go_to(on, "disc-problem")
        await on.act("question.form")
        assert isinstance(on.app.screen, FormScreen)
        assert on.app.screen.subject.id == "disc-problem"


# ---- arithmetic


async def test_why_shows_the_arithmetic_of_a_figure(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root, size=(120, 40), project="churn") as on:
        await opened(on)
        await answered(on, "pri-gain", *"100", "enter", *"200", "enter", *"300", "ctrl+s")
        await go_to(on, "pri-gain")
        await on.act("question.why")
        assert isinstance(on.app.screen, Message)
        assert "mean = (100 + 4 × 200 + 300) / 6 = 200" in on.text()


async def test_a_calculator_takes_the_figures_of_the_project(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root, size=(120, 40), project="churn") as on:
        await opened(on)
        await answered(on, "pri-gain", *"100", "enter", *"200", "enter", *"300", "ctrl+s")
        before = answers_on_disk(on)
        await go_to(on, "pri-gain")
        await on.act("question.calculator")
        assert isinstance(on.app.screen, Pick)
        # That of the question comes first.
        await on.press("enter")
        assert isinstance(on.app.screen, Figures)
        assert on.app.screen.texts == {"low": "100", "likely": "200", "high": "300"}
        await on.press("end", *"0", "ctrl+s")
        assert "low <= likely <= high is expected" in on.text()
        await on.press("backspace", "ctrl+s")
        assert isinstance(on.app.screen, Message)
        assert "Yearly gain: 200" in on.text()
        # Trying figures out changes none.
        assert answers_on_disk(on) == before


async def test_a_number_is_reckoned_from_its_parts(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root, size=(120, 40), project="churn") as on:
        await opened(on)
        assert (await answered(on, "data-cost", *"1.2k", "enter")).verdict == 1200
        keys = [*"10k", "enter", *"3", "enter", *"20", "enter", *"12", "ctrl+s"]
        found = await answered(on, "data-cost", "tab", *keys)
        assert (found.verdict, found.values["items"]) == (2000, 10000)


async def test_impact_may_stand_for_a_value_in_money(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root, size=(120, 40), project="churn") as on:
        screen = await opened(on)
        found = await answered(on, "pri-gain", "enter", "enter", "enter", *"2", "enter")
        assert dict(found.values) == {"impact": 2}
        assert screen.asked is not None
        assert screen.asked.standing["pri-gain"].met


# ---- the next cycle


async def test_what_is_carried_over_is_confirmed_by_one_key(asked: PlanFolder, start: Start) -> None:
    asked.project("churn", phase="assess", more='lead = "mira"\ncycle = 2\n')
    async with start(asked.root, size=(80, 24), project="churn") as on:
        screen = await opened(on)
        assert "2 of 46 met, 2 to confirm" in on.text()
        await go_to(on, "disc-decision")
        assert "confirm" in on.text()
        assert "carried over from an earlier cycle" in on.text()
        await on.act("question.confirm")
        await looked(on)
        assert answers_on_disk(on)["disc-decision"].cycle == 2
        assert screen.row != "disc-decision"
        assert "1 to confirm" in on.text()
        await on.act("plan.undo")
        await looked(on)
        assert "2 to confirm" in on.text()
        # An answer that is given anew, or saved from its form, is for this cycle.
        assert (await answered(on, "disc-decision", "!", "enter")).cycle == 2
        await go_to(on, "disc-simpler")
        await on.act("question.confirm")
        assert "nothing of an earlier cycle" in on.text()


async def test_a_form_that_is_saved_confirms(asked: PlanFolder, start: Start) -> None:
    asked.project("churn", phase="assess", more='lead = "mira"\ncycle = 3\n')
    async with start(asked.root, size=(80, 24), project="churn") as on:
        await opened(on)
        await go_to(on, "disc-decision")
        await on.act("question.form")
        assert isinstance(on.app.screen, FormScreen)
        on.app.screen.view.go_to_path(("because",))
        await on.type("still so")
        await on.press("ctrl+s")
        await looked(on)
        saved = answers_on_disk(on)["disc-decision"]
        assert (saved.because, saved.cycle) == ("still so", 3)


async def test_every_word_of_an_answer_is_drawn_as_soon_as_its_form_opens(
    asked: PlanFolder, start: Start
) -> None:
    said = "Support calls the ten most likely leavers each Monday; the talk stays with people"
    async with start(asked.root, size=(80, 24)) as on:
        await opened(on)
        await answered(on, "disc-problem", *said, "enter")
        await go_to(on, "disc-problem")
        await on.act("question.form")
        assert isinstance(on.app.screen, FormScreen)
        assert [one for one in said.split() if one not in on.text()] == []


async def test_the_form_of_a_waiver_marks_what_it_does_not_count_without(
    asked: PlanFolder, start: Start
) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-problem")
        await on.act("question.waive")
        screen = on.app.screen
        assert isinstance(screen, FormScreen)
        assert screen.view.field.name == "approved_by"
        marked = [row.split(" *")[0].split()[-1] for row in on.lines() if " *" in row]
        assert marked == ["Question", "by", "Reason", "Until"]
