"""What-if on the Timeline: edits that no file has, what they do, and how they are kept or dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kedge.model.plan.change import Batch, ChangeRefused
from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.forms.form import FormScreen
from kedge.tui.timeline.timeline_screen import TimelineScreen

from .driver import Driver, PlanFolder, Start
from .test_timeline_screen import dated as dated  # noqa: PLC0414  a fixture
from .test_timeline_screen import opened, part, settled

Compare = Callable[[str, Sequence[str]], None]


def contents(plan: PlanFolder) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in plan.root.rglob("*.toml")}


async def owned_by(on: Driver, screen: TimelineScreen, card: str, person: str) -> None:
    screen.show_card(card)
    await on.act("card.owner")
    assert isinstance(on.app.screen, Pick)
    await on.type(person)
    await on.press("enter")
    await settled(on)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_what_a_trial_shows(
    dated: PlanFolder, start: Start, matches_snapshot: Compare, size: tuple[int, int]
) -> None:
    async with start(dated.root, size=size) as on:
        screen = await opened(on)
        await on.act("time.try")
        await settled(on)
        assert "0 edits, nothing is saved" in part(screen, ".trial")
        await owned_by(on, screen, "train", "mira")
        matches_snapshot(f"timeline-trial-{size[0]}x{size[1]}", on.lines())


async def test_edits_change_no_file_until_they_are_kept_as_one_step(dated: PlanFolder, start: Start) -> None:
    before = contents(dated)
    async with start(dated.root, size=(120, 40)) as on:
        screen = await opened(on)
        await on.act("time.try")
        await owned_by(on, screen, "train", "mira")
        await owned_by(on, screen, "runbook", "mira")
        assert screen.plan.cards["train"].owner == "mira"
        assert contents(dated) == before
        shown = part(screen, ".trial")
        assert "2 edits, nothing is saved" in shown
        assert "Live" in shown
        assert "P80" in shown
        await on.act("trial.effect")
        assert isinstance(on.app.screen, Message)
        assert "owner mira" in on.text()
        await on.press("escape")
        await on.act("trial.keep")
        await settled(on)
        assert screen.session.trial is None
        changed = {path.stem for path, was in before.items() if contents(dated)[path] != was}
        assert changed == {"train", "runbook"}
        # One step: one undo takes both back.
        await on.act("plan.undo")
        await settled(on)
        assert contents(dated) == before


async def test_dropped_edits_leave_plan_and_files_as_they_were(dated: PlanFolder, start: Start) -> None:
    before = contents(dated)
    async with start(dated.root) as on:
        screen = await opened(on)
        dates = (
            {name: bar.start for name, bar in screen.known.chart.bars.items()} if screen.known.chart else {}
        )
        await on.act("time.try")
        await owned_by(on, screen, "train", "mira")
        await on.act("trial.drop")
        await settled(on)
        assert screen.plan.cards["train"].owner == "sam"
        assert contents(dated) == before
        assert screen.known.chart is not None
        assert {name: bar.start for name, bar in screen.known.chart.bars.items()} == dates
        assert "dropped 1 edit" in on.foot()
        assert on.app.screen is screen
        assert not screen.band(".trial").display


async def test_undo_takes_back_a_tried_edit_and_redo_tries_it_again(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root) as on:
        screen = await opened(on)
        await on.act("time.try", "plan.undo")
        await settled(on)
        assert "nothing was tried" in on.foot()
        await owned_by(on, screen, "train", "mira")
        await on.act("plan.undo")
        await settled(on)
        assert screen.plan.cards["train"].owner == "sam"
        assert "took back" in on.foot()
        await on.act("plan.redo")
        await settled(on)
        assert screen.plan.cards["train"].owner == "mira"
        await on.act("plan.undo")
        await settled(on)
        await on.act("trial.keep")
        assert "nothing has been tried yet" in on.foot()


async def test_a_form_is_tried_too(dated: PlanFolder, start: Start) -> None:
    before = contents(dated)
    async with start(dated.root) as on:
        screen = await opened(on)
        await on.act("time.try")
        screen.show_card("train")
        await on.act("card.edit")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        form.view.go_to_path(("estimate",))
        await on.press("ctrl+u")
        await on.type("2")
        await on.act("form.save")
        await settled(on)
        await on.until(lambda: on.app.screen is screen)
        assert screen.plan.cards["train"].estimate == (2,)
        assert "Tried" in on.foot()
        assert contents(dated) == before


async def test_what_changes_outside_comes_in_and_the_trial_goes_on(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root) as on:
        screen = await opened(on)
        await on.act("time.try")
        await owned_by(on, screen, "train", "mira")
        await owned_by(on, screen, "runbook", "mira")
        path = dated.path("train")
        path.write_text(path.read_text().replace('owner = "sam"', 'owner = "jo"'))
        other = dated.path("audit")
        other.write_text(other.read_text().replace("[3]", "[5]"))
        await on.act("plan.undo")
        screen.session.refresh()
        await settled(on)
        assert screen.plan.cards["audit"].estimate == (5,)
        # Both sides have another owner: what is in the file counts, and that edit is no more.
        assert screen.plan.cards["train"].owner == "jo"
        assert screen.session.trial is not None
        assert screen.session.trial.steps == ()


async def test_no_other_screen_is_gone_to_with_edits_on_trial(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root) as on:
        screen = await opened(on)
        await on.act("time.try")
        await owned_by(on, screen, "train", "mira")
        for key in ("1", "3", "q", ":"):
            await on.press(key)
            assert on.app.screen is screen, key
        assert screen.session.trial is not None


async def test_rows_are_filtered_on_trial_without_an_end_to_it(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root) as on:
        screen = await opened(on)
        await on.act("time.try")
        await owned_by(on, screen, "train", "mira")
        await on.act("find.filter")
        await on.type("owner:mira")
        await on.press("enter")
        assert "Runbook" not in part(screen, ".rows")
        assert screen.session.trial is not None
        assert on.app.screen is screen


async def test_a_tried_edit_that_no_longer_fits_is_named(dated: PlanFolder, start: Start) -> None:
    async with start(dated.root, size=(120, 40)) as on:
        screen = await opened(on)
        await on.act("time.try")
        await owned_by(on, screen, "train", "mira")
        path = dated.path("train")
        path.write_text(path.read_text().replace('owner = "sam"', 'owner = "jo"'))
        screen.session.refresh()
        await on.until(lambda: "no longer tried" in on.foot())
        await settled(on)
        assert "0 edits, nothing is saved" in part(screen, ".trial")


async def test_a_trial_goes_on_where_it_cannot_be_kept(
    dated: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(dated.root, size=(120, 40)) as on:
        screen = await opened(on)
        await on.act("time.try")
        await owned_by(on, screen, "train", "mira")
        real = screen.session.workspace.stage

        def refuse(batch: Batch) -> None:
            raise ChangeRefused(batch.changes[0].address)

        monkeypatch.setattr(screen.session.workspace, "stage", refuse)
        await on.act("trial.keep")
        assert "not kept" in on.foot()
        assert "1 edit, nothing is saved" in part(screen, ".trial")
        monkeypatch.setattr(screen.session.workspace, "stage", real)
        await on.act("trial.keep")
        await on.saved()
        assert "mira" in dated.path("train").read_text()
