"""Assess: every kind of question is answered with its own control, and what is saved is on disk and can be undone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from textual.widgets import Input

from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.records.assessment import Answer, Assessment
from kedge.storage.plan.workspace import Workspace
from kedge.tui.assess import assess_screen
from kedge.tui.assess.assess_lines import DATASETS, Asked
from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.dialogs import Ask, Message, Pick, Prompt
from kedge.tui.dialogs.figures import Figures
from kedge.tui.dialogs.ticks import Ticks
from kedge.tui.forms import FormScreen
from kedge.tui.keys.actions import in_context
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start, write

Compare = Callable[[str, Sequence[str]], None]
ASSESSMENT = "projects/churn/assessment.toml"
ANSWERS = """\
[answers.disc-decision]
verdict = "The agent calls [b]those[/b] who are about to leave"

[answers.disc-simpler]
verdict = true
because = "A rule finds half of them"

[answers.disc-aware]
checked = ["told what ML can and cannot solve here"]

[answers.data-labels]
state = "unknown"
"""
DATASET = """\
title = "Usage events"
access = "asked"
origin = "client"
available = 4
quality = 2
cost = 1200
gaps = ["no data before 2024", "time zones are mixed"]
"""


@pytest.fixture
def asked(tmp_path: Any) -> PlanFolder:
    """A project in Assess, with some answers and a dataset."""
    made = PlanFolder(tmp_path)
    made.project("churn", phase="assess", more='lead = "mira"\n')
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


# ---- what is seen


@pytest.mark.parametrize("context", ["assess", "portfolio"])
def test_no_key_does_two_things(context: Any) -> None:
    keys = [key for action in in_context(context) for key in action.keys]
    assert sorted(keys) == sorted(set(keys))
    first = {key.split(" ")[0] for key in keys if " " in key}
    assert not first & set(keys)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_questions(
    asked: PlanFolder, start: Start, matches_snapshot: Compare, size: tuple[int, int]
) -> None:
    async with start(asked.root, size=size, project="churn") as on:
        await opened(on)
        await go_to(on, "disc-simpler")
        matches_snapshot(f"assess-{size[0]}x{size[1]}", on.lines())
        assert len(on.app.screen.query("*")) <= 60


async def test_the_datasets_and_ascii(asked: PlanFolder, start: Start, matches_snapshot: Compare) -> None:
    async with start(asked.root, size=(80, 24), ascii_only=True) as on:
        await opened(on)
        await on.act("question.tab_back")
        while cast("AssessScreen", on.app.screen).tab != DATASETS:
            await on.act("question.tab_back")
        lines = on.lines()
        assert all(sign.isascii() or sign in "…▄▆▁█" for row in lines for sign in row)
        matches_snapshot("assess-datasets-ascii-80x24", lines)


async def test_git_says_who_answered(asked: PlanFolder, start: Start) -> None:
    def commit(author: str) -> None:
        for command in (["add", "-A"], ["commit", "-q", "-m", f"answers of {author}"]):
            names = {f"GIT_{role}_NAME": author for role in ("AUTHOR", "COMMITTER")}
            names |= {f"GIT_{role}_EMAIL": "x@example.org" for role in ("AUTHOR", "COMMITTER")}
            days = {"GIT_AUTHOR_DATE": "2026-11-02T10:00", "GIT_COMMITTER_DATE": "2026-11-02T10:00"}
            subprocess.run(
                ["git", "-C", str(asked.folder), *command], check=True, env={**os.environ, **names, **days}
            )

    subprocess.run(["git", "init", "-q", str(asked.folder)], check=True)
    commit("Mira [b]")
    async with start(asked.root, size=(120, 40), project="churn") as on:
        await opened(on)
        await go_to(on, "disc-decision")
        assert "answered" in on.text()
        assert "Mira [b], 2026-11-02, in " in on.text()
        assert "answers of Mira [b]" in on.text()
        await answered(on, "disc-simpler", "n")
        await go_to(on, "disc-simpler")
        assert "not committed yet" in on.text()
        commit("Sam")
        on.app.host.git_moved()
        await on.pilot.pause()
        await looked(on)
        assert "Sam, 2026-11-02, in " in on.text()


async def test_it_opens_at_the_question_to_ask_next(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        first = screen.asked.next_open("assess") if screen.asked else None
        assert first is not None
        assert screen.row == first.id
        assert screen.reports[-1].gate.id == "gate-assess"
        text = on.text()
        for part in (
            f"{first.id} ",
            "gate-assess  closed",
            "hold it",
            "Discover the problem",
            first.text[:20],
        ):
            assert part in text


async def test_where_a_project_stands_is_worked_out_once_for_a_plan(
    asked: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 0

    class Counted(Asked):
        @classmethod
        def of(cls, *args: Any) -> Asked:
            nonlocal count
            count += 1
            return Asked.of(*args)

    monkeypatch.setattr(assess_screen, "Asked", Counted)
    async with start(asked.root) as on:
        await opened(on)
        before = count
        await on.act("focus.down", "focus.down", "question.tab_next", "question.tab_next", "question.next")
        assert count == before
        await answered(on, "disc-fit", "4", "enter")
        assert count == before + 1


async def test_text_from_files_is_text_at_any_size(asked: PlanFolder, start: Start) -> None:
    write(asked.root / ASSESSMENT, '[answers.disc-decision]\nverdict = "\\u001b[31mred [bold]x"\n')
    async with start(asked.root, size=(120, 30)) as on:
        await opened(on)
        await go_to(on, "disc-decision")
        assert "\\x1b[31mred [bold]x" in on.text()
        for size in ((20, 5), (40, 10), (79, 15), (99, 24), (200, 60)):
            await on.pilot.resize_terminal(*size)
            assert len(on.lines()) == size[1]
            assert "\x1b" not in on.text()
        assert cast("AssessScreen", on.app.screen).row == "disc-decision"


async def test_a_plan_without_a_project_says_so(tmp_path: Any, start: Start) -> None:
    async with start(PlanFolder(tmp_path).root) as on:
        await opened(on)
        assert "no project yet" in on.text()
        for action in in_context("assess"):
            if action.id.startswith("question."):
                await on.press(*action.keys[0].split(" "))
        assert isinstance(on.app.screen, AssessScreen)


# ---- answering


async def test_yes_or_no_and_on_to_the_next_question(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        found = await answered(on, "disc-simpler", "n")
        assert (found.verdict, found.because) == (False, "A rule finds half of them")
        assert screen.row != "disc-simpler"
        assert "disc-simpler is met" in on.foot()
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
        await on.press(*"Keep them", "shift+tab", *"keep-them")
        form.save()
        await looked(on)
        assert on.app.screen is screen
        assert [address.id for address, _ in on.app.session.plan.entries("goal")] == ["keep-them"]  # pyright: ignore[reportOptionalMemberAccess]
        assert screen.asked is not None
        assert screen.asked.standing["disc-outcome"].met
        assert screen.row != "disc-outcome"


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
        assert "say why" in on.text()
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
        for part in ("It is closed", "disc-simpler", "Conditions that are computed", "Decided by"):
            assert part in rows


async def test_a_decision_moves_the_project(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        await on.act("question.decide")
        await on.press(*"go", "enter", *"sam", "enter", *"worth it", "enter")
        assert "passed all the same" in on.text()
        await on.press(*"the board wants it", "enter")
        await looked(on)
        assert on.app.session is not None
        assert on.app.session.plan.projects["churn"].phase == "plan"
        assert screen.phase == "plan"
        decisions: Any = on.app.session.plan.of_kind("decision", "churn")
        assert [(one.by, one.override) for one in decisions] == [("sam", "the board wants it")]


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
        assert "lies ahead" in on.text()
        for _ in range(len("2026-11-01")):
            await on.press("backspace")
        await on.press("enter")
        assert "a day is needed" in on.text()
        await on.press(*"2027-02-01", "enter", *"no data yet", "enter")
        await looked(on)
        assert on.app.session is not None
        assert on.app.session.plan.projects["churn"].state == "hold"
        assert "churn is hold" in on.foot()


# ---- moving around


async def test_tabs_phases_projects_and_back(asked: PlanFolder, start: Start) -> None:
    asked.project("fraud", phase="plan", rank="a1")
    async with start(asked.root, project="churn") as on:
        screen = await opened(on)
        steps = [one.id for one in shipped().steps_of("assess")]
        screen.to_tab(steps[0])
        seen = []
        for _ in range(len(steps) + 1):
            await on.act("question.tab_next")
            seen.append(screen.tab)
        assert seen == [*steps[1:], DATASETS, steps[0]]
        await on.act("question.phase")
        assert screen.phase == "plan"
        await on.act("find.project")
        await on.press(*"fraud", "enter")
        await looked(on)
        assert screen.project == "fraud"
        await on.act("focus.leave")
        assert on.app.screen is on.board


async def test_open_questions_only(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-decision")
        await on.act("question.open_only")
        rows = [one.key for one in on.app.screen.query_one(".questions", LineView).lines]
        assert "disc-decision" not in rows
        assert "disc-simpler" in rows


async def test_why_says_where_a_question_is_from(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-simpler")
        await on.act("question.why")
        assert isinstance(on.app.screen, Message)
        rows = " ".join(one.text for one in on.app.screen.query_one(LineView).lines)
        for part in ("why:", "feeds:", "met when: no", "weight 5 of 5", "sources:"):
            assert part in rows


async def test_what_others_change_is_shown(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        write(asked.root / ASSESSMENT, "[answers.disc-simpler]\nverdict = false\n")
        assert on.app.session is not None
        on.app.session.refresh()
        await looked(on)
        assert screen.asked is not None
        assert screen.asked.standing["disc-simpler"].met
        assert isinstance(on.app.screen, AssessScreen)


async def test_a_yes_or_no_is_left_without_an_answer(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-simpler")
        await on.act("question.answer")
        assert isinstance(on.app.screen, Ask)
        await on.press("escape")
        assert answers_on_disk(on)["disc-simpler"].verdict is True


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
        await on.act("question.reckon")
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
        assert "2 of 44 met, 2 to confirm" in on.text()
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
