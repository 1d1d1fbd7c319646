"""A change is known by what it says; a note stays with its thing and says whether that has changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kedge.model.plan.change import Change, FieldChange
from kedge.model.plan.plan import Plan
from kedge.model.playbook.playbook import Playbook
from kedge.model.records.card import Card
from kedge.model.review.changes import Difference, RecordChange
from kedge.model.review.items import CHANGED, GONE, Item, items_of, notes_on
from kedge.model.review.memory import LONGEST_LINE, LONGEST_NOTE, MOST_NOTES, MOST_READ, Memory, Note
from kedge.model.review.words import Wording
from kedge.model.snapshot.snapshot import Snapshot
from kedge.storage.disk.errors import NotWritable
from kedge.storage.plan.review_memory import NAME, ReviewMemory

from ..tui.driver import TODAY


def item(owner: str, name: str = "table") -> Item:
    """A card that goes from mira to someone else."""
    before, after = (
        Card(id=name, project="churn", title="Table", place="execute", owner=one) for one in ("mira", owner)
    )
    change = RecordChange(Change(before, after), "changed", fields=(FieldChange(("owner",), "mira", owner),))
    empty = Snapshot.of(Plan(), Playbook(), TODAY)
    return items_of(Difference(empty, empty, {}, (), (change,)))[0]


WORDING = Wording(TODAY, "EUR")


def test_a_mark_says_what_a_change_says() -> None:
    assert item("sam").mark == item("sam").mark
    assert len({item("sam").mark, item("jonas").mark, item("sam", "other").mark}) == 3
    assert item("sam").key == item("jonas").key


def test_reading_is_taken_back_and_the_oldest_are_forgotten() -> None:
    memory = Memory().with_read("a", is_read=True).with_read("b", is_read=True)
    assert list(memory.with_read("a", is_read=True).read) == ["b", "a"]
    assert list(memory.with_read("a", is_read=False).read) == ["b"]
    full = Memory(read=dict.fromkeys(map(str, range(MOST_READ)))).with_read("new", is_read=True)
    assert len(full.read) == MOST_READ
    assert "0" not in full.read
    assert "new" in full.read


def test_notes_say_what_became_of_their_change() -> None:
    one, other = item("sam"), item("sam", "other")
    memory = (
        Memory()
        .with_note(one.key, one.noted("why?", WORDING))
        .with_note(other.key, other.noted("so", WORDING))
    )
    assert [state for _, state in notes_on(memory, (one, other))] == ["", ""]
    assert [state for _, state in notes_on(memory, (item("jonas"),))] == [CHANGED, GONE]
    note = memory.notes[one.key]
    assert note.quoted == ("owner mira → sam",)
    assert not memory.with_note(one.key, None).notes.keys() & {one.key}


def kept(tmp_path: Path) -> ReviewMemory:
    return ReviewMemory(str(tmp_path / "plan"), {"KEDGE_STATE": str(tmp_path / "state")})


def test_what_is_kept_is_read_again_to_the_letter(tmp_path: Path) -> None:
    one = item("sam")
    note = one.noted("\x1b[31m \ud800 ✓\n" + "x" * 2 * LONGEST_NOTE, WORDING)
    memory = kept(tmp_path)
    memory.change(lambda now: now.with_note(one.key, note).with_read(one.mark, is_read=True))
    # Another kedge keeps something of its own.
    kept(tmp_path).change(lambda now: now.with_read("b", is_read=True))
    found = memory.load()
    assert list(found.read) == [one.mark, "b"]
    assert found.notes == {one.key: Note(note.text[:LONGEST_NOTE], note.mark, note.title, note.quoted)}


@pytest.mark.parametrize("damage", ["cut", "link", "folder", "foreign"])
def test_a_torn_or_foreign_file_is_never_used(tmp_path: Path, damage: str) -> None:
    memory = kept(tmp_path)
    memory.change(lambda now: now.with_read("a", is_read=True))
    path = next(tmp_path.rglob(NAME))
    content = path.read_bytes()
    secret = tmp_path / "secret"
    secret.write_bytes(content)
    if damage == "cut":
        path.write_bytes(content[:-5])
    elif damage == "foreign":
        if not hasattr(os, "geteuid"):
            pytest.skip("files have no modes here")
        path.chmod(0o666)
    else:
        path.unlink()
        path.symlink_to(secret) if damage == "link" else path.mkdir()
    assert memory.load() == Memory()
    memory.change(lambda now: now.with_read("b", is_read=True))
    assert list(memory.load().read) == ["b"]
    assert secret.read_bytes() == content


def test_notes_are_refused_where_no_more_fit_and_none_is_forgotten(tmp_path: Path) -> None:
    memory = kept(tmp_path)
    note = item("sam").noted("why?", WORDING)
    memory.change(lambda _: Memory(notes={str(at): note for at in range(MOST_NOTES)}))
    with pytest.raises(NotWritable, match="no more fits"):
        memory.change(lambda now: now.with_note("one more", note))
    with pytest.raises(NotWritable, match="no more fits"):
        # A key that would not be taken for kedge's own puts no note at risk.
        memory.change(lambda now: now.with_note("0", None).with_note("k" * 2 * LONGEST_LINE, note))
    assert set(memory.load().notes) == {str(at) for at in range(MOST_NOTES)}


def test_every_file_that_kedge_did_not_write_is_kept(tmp_path: Path) -> None:
    memory = kept(tmp_path)
    memory.change(lambda now: now.with_read("a", is_read=True))
    path = next(tmp_path.rglob(NAME))
    for content in ("{", "[]", "words"):
        path.write_text(content)
        memory.change(lambda now: now.with_read("a", is_read=True))
    aside = [one.read_text() for one in sorted(path.parent.glob(f"{NAME}.unreadable*"))]
    assert sorted(aside) == ["[]", "words", "{"]
