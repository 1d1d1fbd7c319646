"""Doors: every list of causes leads on, the head can be clicked, keys can be looked for, and leaving says itself."""

from __future__ import annotations

import re

import pytest

from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.dialogs.message import HelpOverlay, Message
from kedge.tui.forms.form import FormScreen
from kedge.tui.keys.actions import BY_ID, OPENING
from kedge.tui.problems.problems_screen import ProblemsScreen
from kedge.tui.timeline.timeline_screen import TimelineScreen
from kedge.tui.widgets.head_line import HeadLine
from kedge.tui.widgets.lines import LineView

from .driver import PlanFolder, Start, write

CHAIN = 'needs = ["first-step"]\n'


@pytest.fixture
def tied(plan: PlanFolder) -> PlanFolder:
    """A card that waits for another one."""
    plan.card("alone", "execute")
    plan.card("first-step", "execute")
    plan.card("second-step", "execute", CHAIN)
    return plan


async def test_a_cause_on_the_board_leads_to_its_card(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        await on.go_to("second-step")
        await on.act("card.why")
        assert isinstance(on.app.screen, Message)
        assert "Enter go there" in on.text()
        await on.act("dialog.take")
        assert on.app.screen is on.board
        assert on.focus == "first-step"


async def test_a_line_that_leads_on_is_no_heading(tied: PlanFolder, start: Start) -> None:
    lines = ["Causes", '  "First" (first-step)', 'waits for "First" (first-step)', "  not started"]
    async with start(tied.root) as on:
        on.board.show_dialog(Message("Why", lines, on.board.door))
        await on.pilot.pause()
        drawn = on.app.screen.query_one(LineView).lines
        assert [one.text for one in drawn if any(look == "heading" for _, look in one.spans)] == ["Causes"]


async def test_what_leads_nowhere_is_closed(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        await on.go_to("alone")
        await on.act("card.why")
        assert "Enter close" in on.text()
        await on.act("dialog.take")
        assert (on.app.screen, on.focus) == (on.board, "alone")


async def test_what_holds_the_gate_leads_to_the_question(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root, size=(100, 30)) as on:
        await on.act("screen.assess")
        await on.saved()
        await on.found_out()
        screen = on.app.screen
        assert isinstance(screen, AssessScreen)
        await on.act("question.gate")
        view = on.app.screen.query_one(LineView)
        keys = [one.key for one in view.lines if isinstance(one.key, tuple)]
        wanted = next(one for one in keys if one[0].id != screen.row)
        view.go_to(wanted)
        await on.act("dialog.take")
        await on.found_out()
        assert on.app.screen is screen
        assert screen.row == wanted[0].id


async def test_a_question_is_gone_to_from_another_screen(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        assert on.app.session is not None
        playbook = on.app.session.derived.snapshot.playbook
        item = playbook.items_of(playbook.steps_of("plan")[0].id)[0]
        to = on.board.door(f"  ! {item.id}: not answered yet")
        assert to is not None
        on.app.host.follow(to)
        await on.pilot.pause()
        await on.found_out()
        screen = on.app.screen
        assert isinstance(screen, AssessScreen)
        assert (screen.phase, screen.row) == ("plan", item.id)


async def test_a_word_of_a_sentence_is_no_door(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        assert on.board.door("labels are wanted for it") is None
        found = on.board.door(f'needs "{on.card("labels").label}" (labels): not started')
        assert found is not None
        assert found.id == "labels"


METRIC = '[metrics.recall]\ntitle = "Recall of the list"\nrole = "primary"\ntarget = 0.3\n'


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ('"Recall of the list": missing: actual (kedge metric set recall actual=…)', "metric", "recall"),
        ('"Recall of the list" (recall): 0.2 outside 0.3', "metric", "recall"),
        ("answered by Mira Test (mira)", "person", "mira"),
    ],
)
async def test_a_record_that_a_cause_names_opens_in_its_form(
    tied: PlanFolder, start: Start, text: str, kind: str, name: str
) -> None:
    write(tied.root / "projects" / "churn" / "strategy.toml", METRIC)
    async with start(tied.root) as on:
        to = on.board.door(text)
        assert to is not None
        assert (to.kind, to.id) == (kind, name)
        on.app.host.follow(to)
        await on.pilot.pause()
        assert isinstance(on.app.screen, FormScreen)
        assert on.board.door("nothing is called so (no-such-thing): kedge metric set other actual=…") is None


async def test_enter_goes_nowhere_that_is_out_of_sight(tied: PlanFolder, start: Start) -> None:
    lines = ["a line"] * 40
    async with start(tied.root, size=(80, 24)) as on:
        on.board.show_dialog(Message("Why", [*lines, 'waits for "First" (first-step)'], on.board.door))
        await on.pilot.pause()
        assert "Enter close" in on.text()
        await on.act(*["focus.down"] * 30)
        assert "Enter go there" in on.text()
        await on.act("dialog.take")
        assert on.focus == "first-step"


async def test_the_way_to_a_date_leads_to_its_cards(plan: PlanFolder, start: Start) -> None:
    plan.card("first-step", "execute", "estimate = [1, 2, 4]\n")
    plan.card("second-step", "execute", f"estimate = [1, 2, 4]\n{CHAIN}")
    async with start(plan.root, size=(120, 40)) as on:
        await on.act("screen.timeline")
        await on.found_out()
        screen = on.app.screen
        assert isinstance(screen, TimelineScreen)
        screen.show_card("second-step")
        await on.act("card.why")
        view = on.app.screen.query_one(LineView)
        view.go_to(
            next(one.key for one in view.lines if isinstance(one.key, tuple) and "(first-step)" in one.text)
        )
        await on.act("dialog.take")
        assert on.app.screen is screen
        assert screen.card_id == "first-step"


@pytest.mark.parametrize("width", [80, 100, 160])
async def test_screens_are_clicked_by_their_whole_names_from_everywhere(
    tied: PlanFolder, start: Start, width: int
) -> None:
    async with start(tied.root, size=(width, 30)) as on:
        for way in ("screen.board", "screen.portfolio", "focus.leave", "focus.open"):
            await on.act(way)
            await on.pilot.click(HeadLine, offset=(on.lines()[1].index("Problems"), 1))
            await on.pilot.pause()
            assert isinstance(on.app.screen, ProblemsScreen), way
            row = on.lines()[1]
            opening = [BY_ID[one] for one in OPENING if one in on.app.host.screens]
            assert re.findall(r"\d", row) == [one.keys[0] for one in opening]
            assert re.findall(r"[A-Z][a-z]+", row) == [one.label for one in opening]
            assert re.fullmatch(r".*\[9 ?Problems\]", row)
            await on.act("screen.board")


async def test_the_keys_can_be_searched(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        await on.act("kedge.help", "find.filter")
        await on.type("copy branch")
        screen = on.app.screen
        assert isinstance(screen, HelpOverlay)
        rows = [one.text for one in screen.query_one(LineView).lines if "copy" in one.text]
        assert rows
        assert all("branch" in one for one in rows)
        await on.press("enter", "j", "escape")
        assert on.app.screen is on.board
        await on.act("kedge.help", "find.filter")
        await on.type("zzz")
        assert "no key fits" in on.text()
        await on.press("escape")
        assert on.app.screen is not on.board
        assert "no key fits" not in on.text()


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_what_ends_other_programs_says_how_to_leave(tied: PlanFolder, start: Start, key: str) -> None:
    async with start(tied.root) as on:
        await on.press(key)
        assert "q quits" in on.foot()
        await on.act("kedge.help")
        await on.press(key)
        assert "Esc goes back" in on.text()
        assert on.app.is_running


async def test_one_key_to_done(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        await on.go_to("first-step")
        await on.act("card.done")
        assert on.card("first-step").status == "done"
        await on.act("plan.undo")
        await on.saved()
        assert on.card("first-step").status == "todo"


async def test_a_question_is_waived_with_a_key(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        await on.act("screen.assess")
        await on.saved()
        await on.found_out()
        screen = on.app.screen
        assert isinstance(screen, AssessScreen)
        row = screen.row
        await on.act("question.waive")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        assert form.subject.kind == "waiver"
        assert row in on.text()


# ---- the add line


async def test_what_a_line_names_is_added_with_the_card_after_a_second_enter(
    tied: PlanFolder, start: Start
) -> None:
    async with start(tied.root) as on:
        await on.act("card.add")
        await on.type("Try it @jo !pilot-ready")
        await on.act("text.save")
        assert "not in the plan yet: person jo and milestone pilot-ready" in " ".join(on.text().split())
        assert on.board.entry_line.field.value == "Try it @jo !pilot-ready"
        await on.act("text.save")
        plan = on.board.plan
        (card,) = [one for one in plan.cards.values() if one.title == "Try it"]
        assert (card.owner, card.milestone, on.focus) == ("jo", "pilot-ready", card.id)
        await on.act("plan.undo")
        await on.saved()
        plan = on.board.plan
        assert "jo" not in plan.people
        assert card.id not in plan.cards
        assert "pilot-ready" not in plan.strategy("churn").milestones


async def test_another_text_takes_the_offer_back(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        await on.act("card.add")
        await on.type("Try it @jo")
        await on.act("text.save")
        await on.press("e")
        await on.act("text.save")
        assert "person joe" in on.text()
        assert not {"jo", "joe"} & set(on.board.plan.people)


async def test_the_line_stays_open_for_the_next_card(tied: PlanFolder, start: Start) -> None:
    async with start(tied.root) as on:
        await on.act("card.add")
        await on.type("One of them")
        await on.act("text.another")
        assert on.board.entry_line.is_open
        await on.type("Two of them")
        await on.act("text.save")
        titles = {one.title for one in on.board.plan.cards.values()}
        assert {"One of them", "Two of them"} <= titles
        assert not on.board.entry_line.is_open
