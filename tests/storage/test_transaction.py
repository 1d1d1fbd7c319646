"""Carrying a step out: every file of it or none, and what a stopped kedge left is finished."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kedge.storage.disk import atomic, lock, staging, swap
from kedge.storage.disk.errors import (
    KeptBoth,
    LeftHalfDone,
    Locked,
    NotReadable,
    NotWritable,
    SavedMeanwhile,
    WriteRefused,
)
from kedge.storage.disk.locate import state_folder
from kedge.storage.plan.journal import FileStep, Journal, State
from kedge.storage.plan.transaction import carry_out, finish_unfinished, get_ready
from kedge.storage.plan.workspace import Workspace

from ..cli.running import kedge
from .plans import CARD, FILES, OTHER, make, texts

MIRA = "people/mira.toml"
NEW = "people/sam.toml"
STEP = (
    FileStep(CARD, FILES[CARD].encode(), b'title = "Changed"\n'),
    FileStep(NEW, None, b'name = "Sam"\n'),
    FileStep(MIRA, FILES[MIRA].encode(), None),
)
MADE = {
    **{name: text for name, text in FILES.items() if name != MIRA},
    CARD: 'title = "Changed"\n',
    NEW: 'name = "Sam"\n',
}


def begun(tmp_path: Path) -> tuple[Path, Journal]:
    return make(tmp_path), Journal(str(tmp_path / "state"))


def states(journal: Journal) -> list[str]:
    return [name.split(".")[1] for name in sorted(os.listdir(journal.folder))]


def failing(monkeypatch: pytest.MonkeyPatch, method: str, path: str, error: BaseException) -> None:
    """Lets a method of the swap of one file fail."""
    real = getattr(swap.Swap, method)

    def fail(self: swap.Swap) -> None:
        if self.path == path:
            raise error
        real(self)

    monkeypatch.setattr(swap.Swap, method, fail)


def test_every_file_of_a_step_is_written_and_its_folder_put_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, journal = begun(tmp_path)
    synced: list[str] = []
    real = atomic.sync_folder

    def sync(folder: str) -> None:
        if "people" in folder:
            # The files have their names, and the journal does not yet say that they do.
            assert texts(root)[NEW] == MADE[NEW]
            assert states(journal) == ["doing"]
        synced.append(os.path.relpath(folder, root))
        real(folder)

    monkeypatch.setattr(atomic, "sync_folder", sync)
    carry_out(str(root), journal, journal.begin("x", STEP))
    assert {"people", "projects/churn/cards"} <= set(synced)
    assert texts(root) == MADE
    assert states(journal) == ["done"]


@pytest.mark.parametrize("path", [CARD, NEW, MIRA])
@pytest.mark.parametrize("method", ["prepare", "make", "check"])
def test_where_one_file_cannot_be_written_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    root, journal = begun(tmp_path)
    step = journal.begin("x", STEP)
    is_check = method == "check"
    failing(monkeypatch, method, path, SavedMeanwhile(path) if is_check else OSError(28, "No space left"))
    with pytest.raises(SavedMeanwhile if is_check else NotWritable):
        carry_out(str(root), journal, step)
    assert texts(root) == FILES
    assert states(journal) == []


def test_a_file_that_is_not_what_the_step_begins_from_stops_all_of_it(tmp_path: Path) -> None:
    root, journal = begun(tmp_path)
    (root / MIRA).write_text('name = "Mira M."\n')
    before = texts(root)
    with pytest.raises(SavedMeanwhile):
        carry_out(str(root), journal, journal.begin("x", STEP))
    assert texts(root) == before
    assert states(journal) == []


@pytest.mark.parametrize(("state", "left"), [("undoing", "done"), ("redoing", "undone")])
def test_undo_and_redo_that_fail_leave_the_step_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: State, left: str
) -> None:
    root, journal = begun(tmp_path)
    step = journal.begin("x", STEP)
    carry_out(str(root), journal, step)
    step = journal.to_undo()
    if state == "redoing":
        carry_out(str(root), journal, journal.moved(step, "undoing"))
        assert texts(root) == FILES
        step = journal.to_redo()
    before = texts(root)
    failing(monkeypatch, "make", MIRA, OSError(28, "No space left"))
    with pytest.raises(NotWritable):
        carry_out(str(root), journal, journal.moved(step, state))
    assert texts(root) == before
    assert states(journal) == [left]


def test_a_step_that_cannot_be_taken_back_stays_in_the_journal_and_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, journal = begun(tmp_path)
    step = journal.begin("x", STEP)
    with monkeypatch.context() as patch:
        failing(patch, "make", MIRA, OSError(28, "No space left"))
        failing(patch, "take_back", CARD, OSError(5, "Input/output error"))
        with pytest.raises(LeftHalfDone, match=f"{CARD} could not be taken back: Input/output error"):
            carry_out(str(root), journal, step)
    assert states(journal) == ["doing"]
    finish_unfinished(str(root), journal)
    assert texts(root) == MADE
    assert states(journal) == ["done"]


def test_a_step_that_stays_in_the_journal_is_said_to_be_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, journal = begun(tmp_path)
    step = journal.begin("x", STEP)

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        failing(patch, "make", MIRA, OSError(28, "No space left"))
        patch.setattr(journal, "abandoned", fail)
        with pytest.raises(LeftHalfDone, match="could not be taken out of"):
            carry_out(str(root), journal, step)
    assert texts(root) == FILES
    assert states(journal) == ["doing"]


def test_a_journal_that_takes_no_more_stops_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, journal = begun(tmp_path)
    step = journal.begin("x", STEP)

    def full(*_: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(journal, "finished", full)
    with pytest.raises(NotWritable):
        carry_out(str(root), journal, step)
    assert texts(root) == FILES
    assert states(journal) == []


def test_what_cannot_be_removed_afterwards_undoes_no_step_and_is_swept_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, journal = begun(tmp_path)
    step = journal.begin("x", STEP)
    real = swap.Swap.check

    def check(self: swap.Swap) -> None:
        # From here on nothing that lies aside can be removed.
        failing(monkeypatch, "drop", CARD, PermissionError(13, "Permission denied"))
        real(self)

    with monkeypatch.context() as patch:
        patch.setattr(swap.Swap, "check", check)
        drop = swap.Swap.drop
        carry_out(str(root), journal, step)
    monkeypatch.setattr(swap.Swap, "drop", drop)
    assert {name: text for name, text in texts(root).items() if staging.NAME not in name} == MADE
    assert (root / staging.NAME).exists()
    assert states(journal) == ["done"]
    finish_unfinished(str(root), journal)
    assert texts(root) == MADE
    assert not (root / staging.NAME).exists()


@pytest.mark.parametrize("count", range(4))
@pytest.mark.parametrize("state", ["doing", "undoing", "redoing"])
def test_what_a_stopped_kedge_left_is_finished_in_the_direction_in_which_it_went(
    tmp_path: Path, state: State, count: int
) -> None:
    """As many files as `count` had their new content when it was stopped."""
    root, journal = begun(tmp_path)
    step = journal.begin("x", STEP)
    if state != "doing":
        carry_out(str(root), journal, step)
        journal.moved(journal.to_undo(), state)
    goal = FILES if state == "undoing" else MADE
    start = MADE if goal is FILES else FILES
    for path in {**FILES, **MADE}:
        (root / path).unlink(missing_ok=True)
    reached = [one.path for one in STEP][:count]
    for path in {**FILES, **MADE}:
        content = (goal if path in reached else start).get(path)
        if content is not None:
            (root / path).write_text(content)
    finish_unfinished(str(root), journal)
    assert texts(root) == goal
    assert states(journal) == ["undone" if state == "undoing" else "done"]


def test_what_is_finished_is_on_the_disk_before_the_journal_says_so_and_leaves_nothing_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the system cannot lock the plan, so that nothing is swept that may be another kedge's."""
    root, journal = begun(tmp_path)
    journal.begin("x", STEP)
    synced: list[str] = []

    @contextmanager
    def held(folder: str, patience: float = 0.0) -> Iterator[bool]:
        yield False

    def sync(folder: str) -> None:
        if folder != journal.folder:
            assert states(journal) == ["doing"]
        synced.append(os.path.relpath(folder, root))

    monkeypatch.setattr(lock, "held", held)
    monkeypatch.setattr(atomic, "sync_folder", sync)
    finish_unfinished(str(root), journal)
    assert {"people", "projects/churn/cards"} <= set(synced)
    assert texts(root) == MADE
    assert not (root / staging.NAME).exists()


def test_a_new_file_is_not_written_through_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    root, journal = begun(tmp_path)
    (root / NEW).symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(WriteRefused):
        carry_out(str(root), journal, journal.begin("x", STEP))
    assert not (tmp_path / "elsewhere.toml").exists()
    assert (root / NEW).is_symlink()
    assert (root / CARD).read_text() == FILES[CARD]


def test_a_file_that_was_changed_since_a_kedge_was_stopped_is_left_alone(tmp_path: Path) -> None:
    root, journal = begun(tmp_path)
    journal.begin("x", STEP)
    (root / CARD).write_text('title = "By hand"\n')
    finish_unfinished(str(root), journal)
    assert texts(root) == {**MADE, CARD: 'title = "By hand"\n'}
    assert states(journal) == ["done"]


def test_a_save_that_a_stopped_kedge_had_put_aside_comes_back(tmp_path: Path) -> None:
    root, journal = begun(tmp_path)
    step = journal.begin("x", STEP)
    (root / CARD).write_bytes(STEP[0].after or b"")
    (root / staging.NAME).mkdir()
    (root / staging.NAME / f"{step.number}-0").write_text('title = "By hand"\n')
    finish_unfinished(str(root), journal)
    assert texts(root) == {**MADE, CARD: 'title = "By hand"\n'}


@pytest.mark.parametrize(
    "error", [Locked("another kedge"), NotWritable("read-only"), OSError(30, "Read-only")]
)
def test_where_the_plan_cannot_be_held_nothing_is_finished_and_it_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    root, journal = begun(tmp_path)
    journal.begin("x", STEP)

    @contextmanager
    def held(folder: str, patience: float = 0.0) -> Iterator[bool]:
        assert folder == str(root)
        raise error
        yield True

    monkeypatch.setattr(lock, "held", held)
    finish_unfinished(str(root), journal)
    assert texts(root) == FILES
    assert states(journal) == ["doing"]


@pytest.mark.parametrize("alone", [True, False])
def test_what_lies_in_the_staging_folder_is_swept_where_no_other_kedge_can_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, alone: bool
) -> None:
    root, journal = begun(tmp_path)
    (root / staging.NAME).mkdir()
    (root / staging.NAME / "7-0").write_text("x")

    @contextmanager
    def held(folder: str, patience: float = 0.0) -> Iterator[bool]:
        yield alone

    monkeypatch.setattr(lock, "held", held)
    finish_unfinished(str(root), journal)
    assert (root / staging.NAME / "7-0").exists() is not alone


def test_a_link_that_is_removed_goes_and_its_target_stays(tmp_path: Path) -> None:
    root, journal = begun(tmp_path)
    target = tmp_path / "elsewhere.toml"
    (root / OTHER).rename(target)
    (root / OTHER).symlink_to(target)
    content = FILES[OTHER].encode()
    carry_out(str(root), journal, journal.begin("x", (FileStep(OTHER, content, b"# x\n" + content),)))
    assert (root / OTHER).is_symlink()
    assert target.read_bytes() == b"# x\n" + content
    carry_out(str(root), journal, journal.begin("y", (FileStep(OTHER, b"# x\n" + content, None),)))
    assert not os.path.lexists(root / OTHER)
    assert target.read_bytes() == b"# x\n" + content


def test_a_step_that_was_left_half_done_is_finished_before_the_plan_is_read(tmp_path: Path) -> None:
    root, state = make(tmp_path), {"KEDGE_STATE": str(tmp_path / "state")}
    step = FileStep(CARD, FILES[CARD].encode(), b'title = "Changed"\n')
    Journal(state_folder(str(root), state)).begin("x", [step])
    space = Workspace.open_on_demand(str(root), state, lambda _: None)
    assert space.plan.cards["feature-table-7k2m"].title == "Changed"


def test_a_command_that_reads_never_shows_half_a_step(tmp_path: Path) -> None:
    root, state = make(tmp_path), {"KEDGE_STATE": str(tmp_path / "state")}
    Journal(state_folder(str(root), state)).begin("x", STEP)
    # As a kedge leaves it that is killed after its first file.
    (root / CARD).write_text(MADE[CARD])
    (root / staging.NAME).mkdir()
    ran = kedge("list", "--json", "--plan", str(root), env=state)
    assert (ran.code, "Changed" in ran.out) == (0, True)
    assert texts(root) == MADE
    assert not (root / staging.NAME).exists()


def test_what_is_kept_beside_a_file_that_is_taken_back_is_said_when_all_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, journal = begun(tmp_path)
    failing(monkeypatch, "make", MIRA, OSError(28, "No space left"))
    failing(monkeypatch, "take_back", MIRA, KeptBoth(MIRA, "mira.toml.kept-1"))
    with pytest.raises(KeptBoth, match=r"mira\.toml\.kept-1"):
        carry_out(str(root), journal, journal.begin("x", STEP))
    assert texts(root) == FILES
    assert states(journal) == []


def test_a_folder_that_cannot_be_read_is_said_before_anything_is_finished(tmp_path: Path) -> None:
    with pytest.raises(NotReadable):
        get_ready(str(tmp_path / "gone"), str(tmp_path / "state"))
