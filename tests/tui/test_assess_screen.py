"""Assess: every kind of question is answered with its own control, and what is saved is on disk and can be undone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from kedge.model.playbook import shipped
from kedge.tui.assess import assess_screen
from kedge.tui.assess.asked import DATASETS, Asked
from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.message import Growing, Message
from kedge.tui.keys.actions import in_context
from kedge.tui.session.worker import Known, Unknown
from kedge.tui.widgets.lines import LineView

from .asking import ASSESSMENT, answered, answers_on_disk, go_to, looked, opened
from .driver import PlanFolder, Start, write

Compare = Callable[[str, Sequence[str]], None]


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
            "Worth doing, with ML?  closed",
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
        for part in ("why:", "used for:", "met when: the answer is no", "weight 5 of 5", "sources:"):
            assert part in rows


async def test_why_says_what_moves_with_another_answer(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        await opened(on)
        await go_to(on, "disc-fit")
        await on.act("question.why")
        dialog = on.app.screen
        assert isinstance(dialog, Growing)

        def rows() -> list[str]:
            return [one.text.strip() for one in dialog.query_one(LineView).lines]

        await on.until(lambda: "looking" not in rows())
        at = rows().index("What moves with another answer")
        assert rows()[at + 1] == "if it were 1"
        assert rows()[at + 2].startswith("Chance of success: ")
        assert any(row.startswith("why: ") for row in rows()[at:])


async def test_what_others_change_is_shown(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        write(
            asked.root / ASSESSMENT,
            '[answers.disc-simpler]\nverdict = false\nevidence = ["https://example.org/rule"]\n',
        )
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


async def test_what_others_have_asked_for_is_nothing_to_it(asked: PlanFolder, start: Start) -> None:
    async with start(asked.root) as on:
        screen = await opened(on)
        before = on.text()
        # What loads the board's actions is told to every screen, also where this one was opened before it ended.
        screen.on_told(Known(("actions",), None))
        screen.on_told(Unknown(("counts",), OSError("no")))
        await on.pilot.pause()
        assert on.text() == before
