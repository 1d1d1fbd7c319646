"""Undo and texts of a plan that others write too, what may not be written, and opening."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kedge.model.plan.change import Batch
from kedge.storage.disk import staging
from kedge.storage.disk.errors import (
    ChangedOutside,
    KedgeError,
    NewerFormat,
    NothingToUndo,
    NotReadable,
    NotWritable,
)
from kedge.storage.plan.journal import FileStep, Journal
from kedge.storage.plan.workspace import Workspace

from .plans import CARD, FILES, OTHER, make, opened, texts
from .staged_cases import ADDRESS, AUDIT, MIRA, card, field

# ---- undo, texts, and what may not be written


def test_undo_tells_what_stands_in_its_way_in_the_word_of_the_command(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    space.commit(field(space, "title", "Mine"))
    made = texts(root)
    (root / CARD).write_text(made[CARD] + "# x\n")
    with pytest.raises(NothingToUndo, match="cannot undo "):
        space.undo()
    (root / CARD).write_text(made[CARD])
    space.refresh()
    told = list[Batch]()
    space.listeners.append(told.append)
    label, touched = space.undo()
    assert (touched, texts(root), card(space).title) == ({ADDRESS}, FILES, "Build the feature table")
    assert [step.label for step in told] == [label]
    (root / CARD).write_text(FILES[CARD] + "# x\n")
    with pytest.raises(NothingToUndo, match="cannot redo "):
        space.redo()
    (root / CARD).write_text(FILES[CARD])
    assert space.redo() == (label, {ADDRESS})
    assert texts(root) == made


def test_texts_that_say_the_same_are_one_step(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    new = {CARD: FILES[CARD].replace("0x2a", "42"), OTHER: FILES[OTHER]}
    assert space.rewrite("format", new) == {ADDRESS, AUDIT}
    assert texts(root) == {**FILES, **new}
    assert space.refresh() == frozenset()
    # What is the same already is no part of the step.
    assert [file.path for file in space.journal.to_undo().files] == [CARD]
    assert space.undo()[0] == "format"
    assert texts(root) == FILES
    with pytest.raises(NothingToUndo):
        space.undo()


def test_texts_are_not_written_over_what_another_saved(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    assert space.prepare_rewrite({MIRA: "x"}) == [FileStep(MIRA, FILES[MIRA].encode(), b"x")]
    (root / CARD).write_text(FILES[CARD] + "# x\n")
    (root / OTHER).unlink()
    before = texts(root)
    for path in (CARD, OTHER):
        with pytest.raises(ChangedOutside, match=f"{path} was changed by someone else"):
            space.rewrite("format", {MIRA: 'name  = "Mira"\n', path: "x = 1\n"})
    assert texts(root) == before


def test_a_step_without_a_change_leaves_no_step(tmp_path: Path) -> None:
    space = opened(make(tmp_path))
    space.commit(Batch("nothing", ()))
    space.rewrite("format", {CARD: FILES[CARD]})
    with pytest.raises(NothingToUndo):
        space.undo()


def test_a_plan_that_is_barred_can_be_read_and_in_no_way_written(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    space.commit(field(space, "title", "Mine"))
    made = texts(root)
    reason = KedgeError("another checkout has it", "go there")
    barred = Workspace.open(str(root), {"KEDGE_STATE": str(tmp_path / "state")}, barred=reason)
    assert (space.barred, barred.barred) == (None, reason)
    batch = field(barred, "title", "Other")
    for write in (
        lambda: barred.commit(batch),
        lambda: barred.preview(batch),
        lambda: barred.rewrite("x", {CARD: "x"}),
        barred.undo,
        barred.redo,
    ):
        with pytest.raises(KedgeError, match="another checkout has it"):
            write()
    assert texts(root) == made
    assert card(barred).title == "Mine"
    newer = opened(make(tmp_path / "newer", {**FILES, "board.toml": "format = 2\n"}))
    assert isinstance(newer.barred, NewerFormat)


# ---- opening


@pytest.mark.skipif(
    os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="the rights of a person count"
)
@pytest.mark.parametrize("mode", [0o300, 0o600])
def test_a_folder_that_cannot_be_read_is_no_empty_plan(tmp_path: Path, mode: int) -> None:
    root = make(tmp_path)
    root.chmod(mode)
    try:
        with pytest.raises(NotReadable, match="cannot read"):
            opened(root)
    finally:
        root.chmod(0o700)


def test_a_folder_that_is_not_there_is_no_empty_plan(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="cannot read"):
        opened(tmp_path / "nothing")


def test_opening_finishes_a_step_and_sweeps_what_was_left(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    space.journal.begin(
        "half", (FileStep(CARD, FILES[CARD].encode(), b'title = "Half"\nplace = "execute"\n'),)
    )
    assert card(opened(root)).title == "Half"
    assert not opened(root).journal.has_unfinished()
    (root / staging.NAME).mkdir()
    (root / staging.NAME / "7-0").write_text("x")
    opened(root)
    assert not (root / staging.NAME).exists()


def test_a_write_that_fails_leaves_nothing_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path)
    space = opened(root)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "begin", full)
        with pytest.raises(NotWritable, match="disk is full"):
            space.commit(field(space, "title", "Mine"))
    assert card(space).title == "Build the feature table"
    with pytest.raises(NothingToUndo):
        space.undo()
