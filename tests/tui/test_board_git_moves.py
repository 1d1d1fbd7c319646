"""The board while git moves the work tree under it: undo, focus and typed text across checkout, stash and rebase."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from textual.widgets import Input

from kedge.model.review.range_findings import LossyMerge
from kedge.storage.disk.repository import GitProblem
from kedge.storage.git import merge_results
from kedge.storage.git.merge_results import lossy_merge_at
from kedge.tui.forms.form import FormScreen

from .disks import git
from .driver import Driver, PlanFolder, Start

Move = Callable[[PlanFolder], None]


@pytest.fixture
def branched(plan: PlanFolder) -> PlanFolder:
    """On the branch `other` the card `features` has another title, `train` has gone, and `more` has come."""
    git(plan.folder, "init", "-q", "-b", "main")
    git(plan.folder, "add", ".")
    git(plan.folder, "commit", "-qm", "one")
    git(plan.folder, "checkout", "-qb", "other")
    path = plan.path("features")
    path.write_text(path.read_text().replace("Card features", "Theirs"))
    plan.path("train").unlink()
    plan.card("more", "plan")
    git(plan.folder, "add", ".")
    git(plan.folder, "commit", "-qm", "two")
    git(plan.folder, "checkout", "-q", "main")
    return plan


def checkout(plan: PlanFolder) -> None:
    git(plan.folder, "commit", "-qam", "mine", "--allow-empty")
    git(plan.folder, "checkout", "-q", "other")


def stash(plan: PlanFolder) -> None:
    (plan.folder / "code.py").write_text("1\n")
    git(plan.folder, "stash", "-q", "-u")


def reset(plan: PlanFolder) -> None:
    git(plan.folder, "reset", "-q", "--hard")


def rebase(plan: PlanFolder) -> None:
    git(plan.folder, "commit", "-qam", "mine", "--allow-empty")
    git(plan.folder, "rebase", "-q", "other")


BACK: dict[Move, tuple[str, ...]] = {checkout: ("checkout", "-q", "main"), stash: ("stash", "pop", "-q")}


async def moved(on: Driver, move: Callable[[], None]) -> None:
    """Git moves the work tree, and the board has seen it."""
    move()
    assert on.app.session is not None
    on.app.session.refresh()
    await on.saved()
    await on.pilot.pause()


@pytest.mark.parametrize("move", [checkout, stash, reset], ids=lambda one: one.__name__)
async def test_undo_never_writes_into_what_git_has_put_in_place_of_a_step(
    branched: PlanFolder, start: Start, move: Move
) -> None:
    async with start(branched.root) as on:
        await on.go_to("features")
        await on.act("card.next_status")
        await on.saved()
        assert on.on_disk()["features"].status == "done"
        await moved(on, lambda: move(branched))
        assert on.focus == "features"
        before = branched.path("features").read_bytes()
        assert on.card("features").status == "doing"
        await on.act("plan.undo")
        await on.saved()
        assert "cannot undo" in on.foot()
        assert "has changed since" in on.foot()
        assert branched.path("features").read_bytes() == before
        if move not in BACK:
            return
        await moved(on, lambda: git(branched.folder, *BACK[move]))
        assert on.card("features").status == "done"
        await on.act("plan.undo")
        await on.saved()
        assert on.foot().startswith("undid")
        assert on.on_disk()["features"].status == "doing"


async def test_undo_after_a_rebase_leaves_what_others_wrote(branched: PlanFolder, start: Start) -> None:
    async with start(branched.root) as on:
        await on.go_to("features")
        await on.act("card.next_status")
        await on.saved()
        await moved(on, lambda: rebase(branched))
        assert (on.card("features").title, on.card("features").status) == ("Theirs", "done")
        await on.act("plan.undo")
        await on.saved()
        assert on.on_disk()["features"].title == "Theirs"
        assert "cannot undo" in on.foot() or on.on_disk()["features"].status == "doing"


@pytest.mark.parametrize("move", [checkout, stash, reset, rebase], ids=lambda one: one.__name__)
async def test_what_is_typed_in_a_form_outlives_every_move(
    branched: PlanFolder, start: Start, move: Move
) -> None:
    async with start(branched.root) as on:
        await on.go_to("features")
        await on.act("card.edit")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        await on.press("end")
        await on.type(" typed")
        await moved(on, lambda: move(branched))
        assert on.app.screen is form
        assert "Card features typed" in [one.value for one in form.query(Input)]
        before = branched.path("features").read_bytes()
        if b"Theirs" not in before:
            await on.save_form()
            await on.saved()
            assert on.on_disk()["features"].title == "Card features typed"
            return
        # Both sides gave it another title: a person is asked, and nothing is written until then.
        await on.act("form.save")
        await on.until(lambda: on.app.screen is not form)
        await on.until("Card features typed")
        assert "Theirs" in on.text()
        assert branched.path("features").read_bytes() == before
        await on.press("escape")
        assert "Card features typed" in [one.value for one in form.query(Input)]


async def test_a_form_on_a_card_that_the_other_branch_does_not_have_keeps_its_text(
    branched: PlanFolder, start: Start
) -> None:
    async with start(branched.root) as on:
        await on.go_to("train")
        await on.act("card.edit")
        form = on.app.screen
        await on.press("end")
        await on.type(" typed")
        await moved(on, lambda: checkout(branched))
        assert "train" not in on.board.plan.cards
        assert "Card train typed" in [one.value for one in form.query(Input)]
        await moved(on, lambda: git(branched.folder, "checkout", "-q", "main"))
        assert "Card train typed" in [one.value for one in form.query(Input)]


async def test_undo_of_a_new_card_on_another_branch_takes_that_card_and_no_other(
    branched: PlanFolder, start: Start
) -> None:
    async with start(branched.root) as on:
        await on.go_to("features")
        await on.act("card.add")
        await on.type("Mine alone")
        await on.press("enter", "escape")
        await on.saved()
        (mine,) = (one for one in on.on_disk() if one.startswith("mine-alone"))
        await moved(on, lambda: git(branched.folder, "checkout", "-q", "other"))
        assert {mine, "more"} <= set(on.board.plan.cards)
        await on.act("plan.undo")
        await on.saved()
        assert mine not in on.on_disk()
        assert {"more", "features", "labels"} <= set(on.on_disk())


async def test_the_head_says_that_the_last_merge_lost_an_edit_and_looks_through_it_once(
    branched: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(branched.folder, "commit", "-qm", "three", "--allow-empty")
    git(branched.folder, "merge", "-q", "-s", "ours", "-m", "merge", "other")
    looked: list[str] = []

    def counted(root: str, revision: str, environment: Mapping[str, str]) -> LossyMerge | GitProblem | None:
        looked.append(revision)
        return lossy_merge_at(root, revision, environment)

    monkeypatch.setattr(merge_results, "lossy_merge_at", counted)
    async with start(branched.root, size=(120, 30)) as on:
        on.app.background.look()
        await on.found_out()
        assert "the last merge lost an edit" in on.lines()[0]
        await on.go_to("labels")
        await on.act("card.mark")
        on.app.background.look()
        await on.found_out()
        assert "the last merge lost an edit" in on.lines()[0]
    assert len(looked) == 1


async def test_the_head_says_that_a_sparse_checkout_leaves_files_out(
    branched: PlanFolder, start: Start
) -> None:
    pattern = branched.path("features").relative_to(branched.folder).as_posix()
    git(branched.folder, "sparse-checkout", "set", "--no-cone", "/*", f"!{pattern}")
    async with start(branched.root, size=(120, 30)) as on:
        on.app.background.look()
        await on.found_out()
        assert "1 file left out: git sparse-checkout add" in on.lines()[0]
