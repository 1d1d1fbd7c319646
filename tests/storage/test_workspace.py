"""The workspace: small writes, merges with what others did, undo, and nothing ever half done."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from random import Random

import pytest

from kedge.model.edit import edits, renames
from kedge.model.plan.change import Batch
from kedge.model.records.address import Address
from kedge.storage.disk import atomic
from kedge.storage.disk.errors import (
    BrokenFile,
    ChangedOutside,
    NewerFormat,
    NothingToUndo,
    NotWritable,
)
from kedge.storage.plan import workspace as workspace_module
from kedge.storage.plan.read import read_plan

from .plans import CARD, FILES, OTHER, make, opened, texts

ADDRESS = Address("card", "churn", "feature-table-7k2m")


def changed_lines(before: str, after: str) -> list[str]:
    diff = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in diff if line.startswith(("+ ", "- "))]


def test_a_status_is_one_line_and_the_rest_stays(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    touched = space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "done"))
    after = texts(root)
    assert touched == {ADDRESS}
    assert changed_lines(FILES[CARD], after.pop(CARD)) == [
        '- status = "todo"   # since Monday',
        '+ status = "done"   # since Monday',
    ]
    assert after == {name: text for name, text in FILES.items() if name != CARD}
    assert opened(root).plan == space.plan


def test_a_placeholder_is_taken_over_and_left_again(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    import datetime as dt

    space.commit(edits.edit(space.plan, ADDRESS, {("due",): dt.date(2026, 12, 1)}))
    assert changed_lines(FILES[CARD], texts(root)[CARD]) == ["- #due =", "+ due = 2026-12-01"]
    space.commit(edits.edit(space.plan, ADDRESS, {("due",): None}))
    assert texts(root)[CARD] == FILES[CARD]


def test_a_new_card_is_written_in_the_canonical_layout(tmp_path: Path) -> None:
    from kedge.storage.plan.layouts import layout_of
    from kedge.storage.toml.emit import canonical

    root = make(tmp_path)
    space = opened(root)
    batch = edits.add_card(space.plan, "churn", "Shadow run", {"estimate": (2.0, 3.0, 8.0)}, Random(3))
    space.commit(batch)
    text = (root / f"projects/churn/cards/{batch.changes[0].address.id}.toml").read_text()
    assert text.startswith('title = "Shadow run"\n\nplace = "execute"\n')
    assert "estimate = [2, 3, 8]\n" in text
    assert "#owner =\n" in text
    assert canonical(text, layout_of("card")) == text
    assert opened(root).plan == space.plan


def test_undo_and_redo_across_processes(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "doing"))
    space.commit(edits.block([space.plan.cards[ADDRESS.id]], "waits for legal"))
    both = texts(root)
    assert opened(root).undo()[0] == 'block "Build the feature table"'
    assert opened(root).undo()[0] == 'mark "Build the feature table" as in progress'
    assert texts(root) == FILES
    with pytest.raises(NothingToUndo, match="nothing to undo"):
        opened(root).undo()
    again = opened(root)
    again.redo()
    assert again.redo()[0] == 'block "Build the feature table"'
    assert texts(root) == both
    assert again.plan == opened(root).plan


def test_a_new_step_ends_what_could_be_redone(tmp_path: Path) -> None:
    space = opened(make(tmp_path))
    space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "doing"))
    space.undo()
    space.commit(edits.block([space.plan.cards[ADDRESS.id]], "x"))
    with pytest.raises(NothingToUndo, match="nothing to redo"):
        space.redo()


def test_undo_is_refused_when_the_file_has_changed_since(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "doing"))
    (root / CARD).write_text((root / CARD).read_text() + "# a note by hand\n")
    by_hand = texts(root)
    with pytest.raises(NothingToUndo, match=f"{CARD} has changed since"):
        opened(root).undo()
    assert texts(root) == by_hand


def test_different_fields_changed_by_two_merge(tmp_path: Path) -> None:
    root = make(tmp_path)
    mine, theirs = opened(root), opened(root)
    theirs.commit(edits.edit(theirs.plan, ADDRESS, {("owner",): None}))
    mine.commit(edits.set_status([mine.plan.cards[ADDRESS.id]], "doing"))
    card = opened(root).plan.cards[ADDRESS.id]
    assert (card.status, card.owner) == ("doing", None)
    assert mine.plan.cards[ADDRESS.id] == card


def test_the_same_field_changed_by_two_is_refused_with_both_values(tmp_path: Path) -> None:
    root = make(tmp_path)
    mine, theirs = opened(root), opened(root)
    theirs.commit(edits.edit(theirs.plan, ADDRESS, {("title",): "Theirs"}))
    with pytest.raises(ChangedOutside, match="title: here Mine, there Theirs"):
        mine.commit(edits.edit(mine.plan, ADDRESS, {("title",): "Mine"}))
    assert opened(root).plan.cards[ADDRESS.id].title == "Theirs"
    assert mine.plan.cards[ADDRESS.id].title == "Theirs"


def test_a_broken_file_keeps_its_card_and_is_never_written(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    broken = FILES[CARD] + "oops = [\n"
    (root / CARD).write_text(broken)
    assert space.refresh() == {ADDRESS}
    assert space.plan.cards[ADDRESS.id].title == "Build the feature table"
    assert space.broken() == {ADDRESS}
    with pytest.raises(BrokenFile, match=CARD):
        space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "done"))
    assert (root / CARD).read_text() == broken
    (root / CARD).write_text(FILES[CARD])
    assert space.refresh() == {ADDRESS}
    assert not space.broken()


def test_a_rename_follows_references_in_one_step(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    space.commit(renames.rename(space.plan, Address("card", "churn", "label-audit-9x4p"), "audit-9x4p"))
    after = texts(root)
    assert OTHER not in after
    assert after["projects/churn/cards/audit-9x4p.toml"] == FILES[OTHER]
    assert changed_lines(FILES[CARD], after[CARD]) == [
        '-   "label-audit-9x4p SS+2d",',
        '+   "audit-9x4p SS+2d",',
    ]
    opened(root).undo()
    assert texts(root) == FILES


def test_a_plan_of_a_newer_format_is_not_written(tmp_path: Path) -> None:
    root = make(tmp_path, {**FILES, "board.toml": "format = 2\n"})
    space = opened(root)
    with pytest.raises(NewerFormat):
        space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "done"))
    assert texts(root)[CARD] == FILES[CARD]


def test_outside_changes_are_found_by_a_rescan(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    assert space.refresh() == frozenset()
    (root / OTHER).unlink()
    (root / "people/sam.toml").write_text('name = "Sam"\n')
    os.replace(root / CARD, root / "tmp")
    (root / CARD).write_text(FILES[CARD].replace('"todo"', '"done"'))
    touched = space.refresh()
    assert touched == {Address("card", "churn", "label-audit-9x4p"), Address("person", "", "sam"), ADDRESS}
    (root / "tmp").unlink()
    assert space.plan == opened(root).plan


def test_indexes_are_carried_along_when_a_file_changes_outside_or_a_step_is_undone(tmp_path: Path) -> None:
    root = make(tmp_path)
    space, told = opened(root), list[Batch]()
    space.listeners.append(told.append)
    before = space.plan
    assert all((before.by_kind, before.cards, before.cards_of, before.needed_by, before.people, before.board))
    path = root / CARD
    path.write_text(path.read_text().replace("Build the", "Make the"))
    space.refresh()
    assert [step.touched for step in told] == [{ADDRESS}]
    # Carried along, not made when asked for; what the step does not touch is the same object.
    indexes = vars(space.plan)
    assert {"by_kind", "cards", "cards_of", "needed_by", "people", "board"} <= indexes.keys()
    assert indexes["needed_by"] is before.needed_by
    assert indexes["people"] is before.people
    assert space.plan.cards[ADDRESS.id].title == "Make the feature table"
    space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "done"))
    label, touched = space.undo()
    assert (told[-1].label, told[-1].touched) == (label, touched)
    assert {"by_kind", "cards", "cards_of"} <= vars(space.plan).keys()
    assert space.plan == read_plan(str(root)).plan


def test_our_own_writes_are_no_changes_by_others(tmp_path: Path) -> None:
    space = opened(make(tmp_path))
    space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "doing"))
    assert space.refresh() == frozenset()


def test_a_preview_writes_nothing(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    diff = space.preview(edits.set_status([space.plan.cards[ADDRESS.id]], "done"))
    assert '-status = "todo"   # since Monday\n+status = "done"   # since Monday\n' in diff
    assert texts(root) == FILES


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    root = make(tmp_path)
    script = textwrap.dedent("""
        import sys
        from random import Random
        from kedge.model.edit import edits, renames
        from kedge.storage.plan.workspace import Workspace
        space = Workspace.open(sys.argv[1], {"KEDGE_STATE": sys.argv[2]})
        for number in range(15):
            space.refresh()
            space.commit(edits.add_card(space.plan, "churn", f"{sys.argv[3]} {number}", {}, Random()))
            card = space.plan.cards["feature-table-7k2m"]
            space.commit(edits.edit_all([card], {(sys.argv[4],): f"{number} by me"}, "x"))
    """)
    arguments = [sys.executable, "-c", script, str(root), str(tmp_path / "state")]
    running = [
        subprocess.Popen([*arguments, name, field]) for name, field in (("one", "skill"), ("two", "blocked"))
    ]
    assert [process.wait() for process in running] == [0, 0]
    plan = opened(root).plan
    assert len(plan.cards) == 2 + 30
    assert (plan.cards[ADDRESS.id].skill, plan.cards[ADDRESS.id].blocked) == ("14 by me", "14 by me")


def test_a_staged_step_is_in_memory_at_once_and_goes_back_when_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = opened(make(tmp_path))
    batch = edits.set_status([space.plan.cards[ADDRESS.id]], "done")
    space.stage(batch)
    assert space.plan.cards[ADDRESS.id].status == "done"

    def full(path: str, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "replace", full)
    with pytest.raises(NotWritable):
        space.write(batch)
    assert space.plan.cards[ADDRESS.id].status == "todo"


def test_mode_and_symlinks_survive(tmp_path: Path) -> None:
    root = make(tmp_path)
    link, target = root / CARD, root / "real.txt"
    link.rename(target)
    target.chmod(0o640)
    link.symlink_to("../../../real.txt")
    space = opened(root)
    space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "done"))
    assert link.is_symlink()
    assert 'status = "done"' in target.read_text()
    assert target.stat().st_mode & 0o777 == 0o640
    assert set(texts(root)) == {*FILES, "real.txt"}
    opened(root).undo()
    assert link.is_symlink()
    assert target.read_text() == FILES[CARD]


def test_readers_never_meet_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    contents = [bytes([65 + number]) * 50_000 for number in range(8)]
    path.write_bytes(contents[0])
    stop = threading.Event()
    torn: list[int] = []

    def read() -> None:
        while not stop.is_set():
            content = path.read_bytes()
            if content not in contents:
                torn.append(len(content))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(10):
        for content in contents:
            atomic.replace(str(path), content)
    stop.set()
    reader.join()
    assert torn == []


def test_only_the_files_that_are_named_are_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path)
    space = opened(root)
    scans: list[str] = []
    real = workspace_module.scan

    def scan(root: str) -> object:
        scans.append(root)
        return real(root)

    monkeypatch.setattr(workspace_module, "scan", scan)
    path = str(CARD).removeprefix("plan/")
    (root / path).write_text('title = "Another"\n')
    assert space.refresh([path]) == {ADDRESS}
    assert space.refresh([path]) == frozenset()
    (root / path).unlink()
    assert space.refresh([path]) == {ADDRESS}
    assert scans == []
    (root / path).mkdir()
    space.refresh([path])
    assert len(scans) == 1
    assert [one.file for one in space.strays] == [path]
    (root / path).rmdir()
    space.refresh([path])
    assert len(scans) == 2
    assert not space.strays
