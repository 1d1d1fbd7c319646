"""Every action of the registry is pressed by its name in some test; here are those that no other file presses."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from kedge.storage.disk.userconfig import config_path
from kedge.tui.assess.asked import DATASETS
from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.forms import editor
from kedge.tui.forms.form import FormScreen
from kedge.tui.keys.actions import ACTIONS
from kedge.tui.problems.problems_screen import ProblemsScreen
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start, write


def test_no_action_is_left_out() -> None:
    tests = [*Path(__file__).parent.glob("*.py"), *Path(__file__).parents[1].glob("end_to_end/*.py")]
    named = {name for path in tests for name in re.findall(r'"([a-z_]+\.[a-z_]+)"', path.read_text("utf-8"))}
    # The screens are gone through as a whole in test_board_actions.
    missing = [one.id for one in ACTIONS if one.id not in named and not one.id.startswith("screen.")]
    assert missing == []


async def looked(on: Driver, group: str) -> None:
    """Waits for what a screen finds out in a thread."""
    await on.saved()
    await on.app.workers.wait_for_complete([one for one in on.app.workers if one.group == group])
    await on.found_out()


async def test_the_editor_opens_at_the_line_of_the_problem(
    plan: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[Sequence[str]] = []

    def run(words: Sequence[str]) -> int:
        commands.append(words)
        return 0

    monkeypatch.setenv("VISUAL", "vi")
    monkeypatch.setattr(editor, "in_terminal", lambda _: run)
    plan.card("wrong", "execute", 'owner = "nobody"\n')
    async with start(plan.root) as on:
        await on.act("screen.problems")
        await looked(on, "problems")
        screen = on.app.screen
        assert isinstance(screen, ProblemsScreen)
        view = screen.query_one(LineView)
        view.go_to(next(one.key for one in view.lines if isinstance(one.key, tuple) and one.key[0] == "R201"))
        await on.act("problem.editor")
        await looked(on, "editor")
    ((program, line, path),) = commands
    assert (program, line, Path(path).name) == ("vi", "+6", "wrong.toml")


@pytest.mark.parametrize("place", ["board", "card", "portfolio"])
async def test_a_record_goes_to_the_editor_and_comes_back(
    plan: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    plan.project("second", rank="a1")

    def run(words: Sequence[str]) -> int:
        path = Path(words[-1])
        path.write_text(path.read_text().replace('title = "', 'title = "Edited '))
        return 0

    monkeypatch.setenv("VISUAL", "vi")
    monkeypatch.setattr(editor, "in_terminal", lambda _: run)
    async with start(plan.root, project="churn") as on:
        await on.go_to("labels")
        await on.act(*{"board": (), "card": ("focus.open",), "portfolio": ("screen.portfolio",)}[place])
        await on.found_out()
        await on.act("project.editor" if place == "portfolio" else "card.editor")
        await looked(on, "editor")
        await on.saved()
        file = plan.path("labels") if place != "portfolio" else plan.root / "projects/churn/project.toml"
        assert 'title = "Edited ' in file.read_text()
        await on.act("plan.undo")
        await on.saved()
        assert "Edited" not in file.read_text()


async def test_all_fixes_are_shown_and_made_as_one_step(plan: PlanFolder, start: Start) -> None:
    plan.card("round", "execute", 'needs = ["round"]\n')
    plan.card("circle", "execute", 'needs = ["circle"]\n')
    async with start(plan.root) as on:
        await on.act("screen.problems")
        await looked(on, "problems")
        await on.act("problem.fix_all")
        assert on.text().count("-needs = ") == 2
        await on.press("f")
        await looked(on, "problems")
        assert (on.on_disk()["round"].needs, on.on_disk()["circle"].needs) == ((), ())
        await on.act("focus.leave", "plan.undo")
        await on.saved()
        assert on.on_disk()["round"].needs == ("round",)
        assert on.on_disk()["circle"].needs == ("circle",)


async def test_the_first_question_and_a_new_dataset(plan: PlanFolder, start: Start) -> None:
    write(plan.root / "projects/churn/project.toml", 'title = "Churn"\nphase = "assess"\nlead = "mira"\n')
    async with start(plan.root) as on:
        await on.act("screen.assess")
        await looked(on, "gate")
        screen = on.app.screen
        assert isinstance(screen, AssessScreen)
        first = screen.row
        await on.act("focus.last")
        assert screen.row != first
        await on.act("question.first")
        assert screen.row == first
        screen.to_tab(DATASETS)
        await on.pilot.pause()
        await on.act("question.add")
        assert isinstance(on.app.screen, FormScreen)


async def test_any_record_opens_in_a_form_from_the_list_and_from_the_palette(
    plan: PlanFolder, start: Start
) -> None:
    async with start(plan.root) as on:
        for action, typed, expected in (
            ("find.record", "mira", "Edit person mira"),
            ("find.record", "new goal", "New goal in churn"),
            ("find.record", "board", "Edit board"),
            ("find.command", "project churn", "Edit project churn"),
        ):
            await on.act(action)
            await on.type(typed)
            await on.press("enter")
            assert isinstance(on.app.screen, FormScreen)
            assert expected in " ".join(on.lines()[0].split())
            await on.press("escape")


async def test_a_form_opens_its_file_and_removes_what_it_is_about(
    plan: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(editor, "edit_record", lambda _app, _session, address, *_: opened.append(address))
    async with start(plan.root) as on:
        await on.act("find.record")
        await on.type("person sam")
        await on.press("enter")
        await on.act("form.editor")
        assert opened == [("person", "", "sam")]
        await on.act("form.remove")
        await on.press("r")
        await on.saved()
        assert not (plan.root / "people" / "sam.toml").exists()
        assert on.app.screen is on.board


async def test_qualities_and_concerns_are_seen_and_graded_from_the_assess_screen(
    plan: PlanFolder, start: Start
) -> None:
    file = plan.root / "projects" / "churn" / "requirements.toml"
    for size, ascii_only in (((80, 24), True), ((120, 30), False)):
        file.unlink(missing_ok=True)
        async with start(plan.root, size=size, ascii_only=ascii_only) as on:
            await on.act("screen.assess", "question.matrix")
            assert "not set     reliability      .....  needs ?, has ?" in on.text()
            await on.type("reliability")
            await on.press("enter")
            screen = on.app.screen
            assert isinstance(screen, FormScreen)
            for field, text in (("needed", "5"), ("reached", "3")):
                screen.view.go_to_path((field,))
                await on.press("backspace", *text)
            await on.act("form.save")
            await on.saved()
            await on.act("question.matrix")
            assert (
                f"{'x' if ascii_only else '✗'} short by 2  reliability      ###--  needs 5, has 3"
                in on.text()
            )
        assert "[qualities.reliability]" in file.read_text()


async def test_a_theme_is_picked_seen_at_once_and_kept(plan: PlanFolder, start: Start) -> None:
    settings = Path(config_path(os.environ))
    write(settings, '# mine\nme = "mira"\n\n[keys]\n"card.block" = "B"\n')
    async with start(plan.root) as on:
        before = on.view.looks.style("title-card")
        await on.act("kedge.theme")
        assert "kedge-dark  dark, as now" in on.text()
        await on.type("kedge-light")
        await on.press("enter")
        assert on.app.theme == "kedge-light"
        assert on.view.looks.style("title-card") != before
        assert "theme kedge-light, kept in" in on.foot()
    assert (
        settings.read_text() == '# mine\nme = "mira"\ntheme = "kedge-light"\n\n[keys]\n"card.block" = "B"\n'
    )


@pytest.mark.parametrize("settings", ["theme = \n", None], ids=["a broken file", "a folder in its place"])
async def test_a_theme_that_cannot_be_kept_is_there_until_one_leaves(
    plan: PlanFolder, start: Start, settings: str | None
) -> None:
    path = Path(config_path(os.environ))
    if settings is None:
        path.mkdir(parents=True)
    else:
        write(path, settings)
    async with start(plan.root) as on:
        await on.act("kedge.theme")
        await on.type("ansi-light")
        await on.press("enter")
        assert on.app.theme == "ansi-light"
        assert "theme ansi-light, until you leave" in on.foot()
    assert settings is None or path.read_text() == settings


async def test_a_theme_without_colours_says_so(
    plan: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with start(plan.root) as on:
        await on.act("kedge.theme")
        await on.press("enter")
        assert "NO_COLOR is set" in on.foot()
    assert not Path(config_path(os.environ)).exists()


async def test_a_terminal_without_a_shell_keeps_the_program(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("kedge.suspend")
        assert "there is no shell here" in on.foot()
