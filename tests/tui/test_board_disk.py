"""The board and the disk: saves that fail, changes by others, broken files, git, and the watching thread."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from kedge.model.edit.edits import edit_all
from kedge.model.plan.change import Batch, ChangeRefused
from kedge.storage.disk import atomic
from kedge.storage.disk.errors import NotWritable
from kedge.storage.plan.workspace import Workspace
from kedge.tui.dialogs.ask import Confirm
from kedge.tui.session.session import Event, Failed, SaveFailed, Session
from kedge.tui.widgets.banner import Banner

from .disks import git
from .driver import TODAY, Driver, PlanFolder, Start, write


def banner(on: Driver) -> str:
    lines = on.board.query_one(Banner).lines
    return "".join(text for line in lines for text, _ in line)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Switches a full disk on and off."""
    real = atomic.replace

    def switch(full: bool) -> None:
        def refuse(path: str, content: bytes) -> None:
            raise OSError(28, "No space left on device", path)

        monkeypatch.setattr(atomic, "replace", refuse if full else real)

    return switch


async def test_a_save_that_fails_stays_in_a_banner_until_it_succeeds(
    plan: PlanFolder, start: Start, full_disk: Callable[[bool], None]
) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        full_disk(True)
        await on.act("card.next_status")
        await on.saved()
        assert banner(on).startswith(" NOT SAVED, R tries again: the disk is full: cannot write ")
        assert banner(on).endswith('(mark "Card labels" as in progress)')
        assert on.card("labels").status == "todo"
        await on.act("focus.down", "plan.reload")
        await on.saved()
        assert "NOT SAVED" in banner(on)
        full_disk(False)
        await on.act("plan.reload")
        await on.saved()
        assert not banner(on)
        assert on.card("labels").status == on.on_disk()["labels"].status == "doing"


async def test_two_steps_on_one_card_that_could_not_be_saved_are_both_saved_later(
    plan: PlanFolder, start: Start, full_disk: Callable[[bool], None]
) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        full_disk(True)
        await on.act("card.next_status")
        await on.saved()
        await on.act("card.move_left")
        await on.saved()
        assert (on.card("labels").status, on.card("labels").phase) == ("todo", "execute")
        full_disk(False)
        await on.act("plan.reload")
        await on.saved()
        assert not banner(on)
        card = on.on_disk()["labels"]
        assert (card.status, card.phase) == ("doing", "plan")


async def test_quitting_with_something_unsaved_asks(
    plan: PlanFolder, start: Start, full_disk: Callable[[bool], None]
) -> None:
    async with start(plan.root) as on:
        full_disk(True)
        await on.act("card.next_status")
        await on.saved()
        await on.act("kedge.quit")
        assert isinstance(on.app.screen, Confirm)
        await on.press("n")
        assert not on.app._exit


async def test_a_step_that_no_longer_fits_can_be_given_up(
    plan: PlanFolder, start: Start, full_disk: Callable[[bool], None]
) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        full_disk(True)
        await on.act("card.next_status")
        await on.saved()
        full_disk(False)
        plan.card("labels", "execute/data-pipeline", 'status = "done"\n')
        assert on.app.session
        on.app.session.refresh()
        await on.saved()
        await on.act("plan.reload")
        assert isinstance(on.app.screen, Confirm)
        await on.press("y")
        assert not banner(on)
        assert on.card("labels").status == "done"


async def test_changes_by_others_keep_focus_scroll_and_marks(plan: PlanFolder, start: Start) -> None:
    for number in range(40):
        plan.card(f"more-{number:02d}", "execute/training-pipeline")
    async with start(plan.root) as on:
        await on.go_to("more-20")
        await on.act("card.mark")
        focus, scroll = on.focus, on.board.state.scroll["execute"]
        plan.card("more-05", "execute/training-pipeline", 'status = "done"\n')
        plan.path("more-39").unlink()
        assert on.app.session
        on.app.session.refresh()
        await on.saved()
        assert on.card("more-05").status == "done"
        assert "more-39" not in on.board.plan.cards
        assert (on.focus, on.board.state.scroll["execute"]) == (focus, scroll)
        assert on.board.state.marks == {"more-20"}


async def test_the_neighbour_gets_the_focus_of_a_card_that_others_removed(
    plan: PlanFolder, start: Start
) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        plan.path("features").unlink()
        assert on.app.session
        on.app.session.refresh()
        await on.saved()
        assert on.focus == "labels"


async def test_a_card_whose_file_breaks_stays_and_is_marked(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        write(plan.path("labels"), "title = 'no end\n")
        assert on.app.session
        on.app.session.refresh()
        await on.saved()
        assert on.focus == "labels"
        assert "file cannot be read" in on.text()


async def test_checkout_of_another_branch_is_followed(plan: PlanFolder, start: Start) -> None:
    git(plan.folder, "init", "-q", "-b", "main")
    git(plan.folder, "add", ".")
    git(plan.folder, "commit", "-qm", "one")
    git(plan.folder, "checkout", "-qb", "other")
    plan.card("only-there", "plan")
    plan.path("train").unlink()
    git(plan.folder, "add", ".")
    git(plan.folder, "commit", "-qm", "two")
    git(plan.folder, "checkout", "-q", "main")
    async with start(plan.root) as on:
        await on.go_to("labels")
        git(plan.folder, "checkout", "-q", "other")
        assert on.app.session
        on.app.session.refresh()
        await on.saved()
        assert {"only-there", "labels"} <= set(on.board.plan.cards)
        assert "train" not in on.board.plan.cards
        assert on.focus == "labels"


# ---- the session


def test_an_unexpected_error_does_not_end_the_writer(
    plan: PlanFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.open(str(plan.root), os.environ)
    events: list[Event] = []
    session = Session(workspace, TODAY, events.append)
    monkeypatch.setattr(workspace, "refresh", lambda: 1 / 0)
    session.refresh()
    session.wait()
    assert isinstance(events[0], Failed)
    card = workspace.plan.cards["labels"]
    session.do(edit_all([card], {("owner",): "sam"}, "owner"))
    session.close()
    assert workspace.plan.cards["labels"].owner == "sam"
    assert not session.unsaved


def test_a_step_that_could_not_be_written_is_kept(plan: PlanFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.open(str(plan.root), os.environ)
    events: list[Event] = []
    session = Session(workspace, TODAY, events.append)

    def refuse(_: Batch) -> None:
        raise NotWritable("the disk is full")

    monkeypatch.setattr(workspace, "write", refuse)
    batch = edit_all([workspace.plan.cards["labels"]], {("owner",): "sam"}, "owner")
    session.do(batch)
    session.wait()
    assert isinstance(events[0], SaveFailed)
    assert session.unsaved == [batch]
    session.give_up()
    assert not session.unsaved
    session.close()


def test_a_step_made_while_another_is_taken_back_is_refused_not_lost(plan: PlanFolder) -> None:
    workspace = Workspace.open(str(plan.root), os.environ)
    session = Session(workspace, TODAY, lambda _: None)
    session.do(edit_all([workspace.plan.cards["labels"]], {("owner",): "sam"}, "owner"))
    late = edit_all([workspace.plan.cards["labels"]], {("owner",): "omar"}, "owner")
    session.undo()
    with pytest.raises(ChangeRefused):
        session.do(late)
    session.close()
    assert not session.unsaved
    assert workspace.plan.cards["labels"].owner == "mira"
