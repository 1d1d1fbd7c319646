"""From a step to its files: what is refused against the disk, what a diff shows, how a value is written."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random

import pytest

from kedge.model.edit import edits, renames
from kedge.model.plan.change import Batch, Change, field_changes
from kedge.model.plan.validate import parse
from kedge.model.records.address import Address
from kedge.model.records.base import to_data
from kedge.storage.disk.errors import BrokenFile, ChangedOutside, SavedMeanwhile, WriteRefused
from kedge.storage.plan import file_steps
from kedge.storage.plan.file_steps import changes_of, current, diff_of, files_of, plain
from kedge.storage.plan.journal import FileStep

from .plans import CARD, FILES, OTHER, make, opened, texts

ADDRESS = Address("card", "churn", "feature-table-7k2m")
AUDIT = Address("card", "churn", "label-audit-9x4p")
PERSON = Address("person", "", "mira")
MIRA = "people/mira.toml"
RISK = "projects/churn/risks/gap.toml"


def test_a_file_that_was_removed_meanwhile_is_not_written(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    batch = edits.set_status([space.plan.cards[ADDRESS.id]], "done")
    (root / CARD).unlink()
    left = texts(root)
    with pytest.raises(ChangedOutside, match=f"{CARD} was removed by someone else"):
        space.prepare(batch)
    with pytest.raises(ChangedOutside, match=f"{CARD} was removed by someone else"):
        space.commit(batch)
    assert texts(root) == left
    assert ADDRESS.id not in space.plan.cards


def test_a_removal_takes_the_file_and_an_outside_change_stops_it(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    batch = edits.remove(space.plan, [PERSON])
    removal = next(one for one in space.prepare(batch) if one.path == MIRA)
    assert removal == FileStep(MIRA, FILES[MIRA].encode(), None)
    by_hand = FILES[MIRA] + "# knows the data\n"
    (root / MIRA).write_text(by_hand)
    before = texts(root)
    with pytest.raises(ChangedOutside, match=f"{MIRA} was changed by someone else"):
        space.commit(batch)
    assert texts(root) == before
    assert before[MIRA] == by_hand
    # Now that it was looked at, it goes.
    space.refresh()
    space.commit(edits.remove(space.plan, [PERSON]))
    assert not (root / MIRA).exists()


def test_a_file_of_which_nothing_is_known_is_merged_and_may_be_removed(tmp_path: Path) -> None:
    """As after a step of another kedge that this one has not looked at."""
    root = make(tmp_path)
    plan = opened(root).plan
    change = edits.set_status([plan.cards[ADDRESS.id]], "done")
    (step,) = file_steps.files_of(str(root), {}, change)
    assert step == FileStep(CARD, FILES[CARD].encode(), FILES[CARD].replace('"todo"', '"done"').encode())
    removal = Batch("x", (Change(plan.people[PERSON.id], None),))
    assert file_steps.files_of(str(root), {}, removal) == [FileStep(MIRA, FILES[MIRA].encode(), None)]
    assert file_steps.remarks({}, removal) == []


def test_a_file_that_goes_is_brought_into_no_other_form(tmp_path: Path) -> None:
    root = make(tmp_path, {**FILES, CARD: FILES[CARD] + 'links = "a"\n'})
    space = opened(root)
    card = space.plan.cards[ADDRESS.id]
    assert file_steps.remarks(space.files, edits.edit(space.plan, card.address, {("links",): ("b",)}))
    assert file_steps.remarks(space.files, Batch("x", (Change(card, None),))) == []


def test_a_name_that_is_taken_on_disk_is_not_taken_again(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    rename = renames.rename(space.plan, AUDIT, "audit-9x4p")
    (root / "projects/churn/cards/audit-9x4p.toml").write_text('title = "Theirs"\n')
    added = edits.add_card(space.plan, "churn", "Mine", {}, Random(1))
    (root / f"projects/churn/cards/{added.changes[0].address.id}.toml").write_text('title = "Theirs"\n')
    before = texts(root)
    for batch in (rename, added):
        with pytest.raises(ChangedOutside, match="exists already"):
            space.prepare(batch)
    assert texts(root) == before


def test_a_file_that_is_being_saved_is_waited_for_with_what_was_read_of_it(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    batch = edits.set_status([space.plan.cards[ADDRESS.id]], "done")
    (root / CARD).write_text(FILES[CARD][:60])
    with pytest.raises(SavedMeanwhile, match="cut short a moment ago"):
        space.prepare(batch)


def test_an_edit_that_the_text_cannot_take_is_refused(tmp_path: Path) -> None:
    from kedge.storage.toml import patch

    root = make(tmp_path)
    space = opened(root)
    batch = edits.set_status([space.plan.cards[ADDRESS.id]], "done")

    def refuse(*_: object) -> str:
        raise patch.PatchRefused("a comment would be lost: # x")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(patch, "patch", refuse)
        with pytest.raises(WriteRefused, match=f"{CARD} cannot be changed safely: a comment would be lost"):
            space.commit(batch)
    assert texts(root) == FILES
    assert space.plan.cards[ADDRESS.id].status == "todo"


def test_what_cannot_be_read_stops_a_step(tmp_path: Path) -> None:
    root = make(tmp_path)
    (root / CARD).unlink()
    (root / CARD).mkdir()
    assert current(str(root), "projects/churn/cards/nothing.toml") is None
    with pytest.raises(BrokenFile, match=f"{CARD} cannot be read: "):
        current(str(root), CARD)


def test_a_step_only_says_of_the_fields_that_it_touches_that_they_get_another_form(tmp_path: Path) -> None:
    text = 'title = "T"\nplace = "execute"\ntags = "data, infra"\nlinks = "a.md"\n'
    space = opened(make(tmp_path, {**FILES, CARD: text}))
    card = space.plan.cards[ADDRESS.id]
    assert space.remarks(edits.set_status([card], "done")) == []
    (said,) = space.remarks(edits.edit(space.plan, ADDRESS, {("links",): ("a.md", "b.md")}))
    assert said.startswith(f"{CARD}: links was ")
    touching_both = edits.edit(space.plan, ADDRESS, {("links",): ("b.md",), ("tags",): ("x",)})
    assert len(space.remarks(touching_both)) == 2
    assert space.remarks(edits.add_card(space.plan, "churn", "New", {}, Random(1))) == []
    space.commit(edits.set_status([card], "done"))
    assert 'tags = "data, infra"' in texts(Path(space.root))[CARD]


def test_a_diff_of_files_that_come_and_go_is_what_git_applies(tmp_path: Path) -> None:
    root = make(tmp_path, {**FILES, OTHER: FILES[OTHER].removesuffix("\n")})
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    space = opened(root)
    rename = renames.rename(space.plan, AUDIT, "audit-9x4p")
    diff = space.preview(rename)
    assert f"--- a/plan/{OTHER}\n+++ /dev/null\n" in diff
    assert "--- /dev/null\n+++ b/plan/projects/churn/cards/audit-9x4p.toml\n" in diff
    assert f"--- a/plan/{CARD}\n+++ b/plan/{CARD}\n" in diff
    assert '\n-rank = "a2"\n\\ No newline at end of file\n' in diff
    subprocess.run(["git", "apply", "-"], input=diff.encode(), cwd=tmp_path, check=True)
    applied = texts(root)
    subprocess.run(["git", "apply", "-R", "-"], input=diff.encode(), cwd=tmp_path, check=True)
    space.commit(rename)
    assert texts(root) == applied


def test_only_a_line_feed_ends_a_line_of_a_diff(tmp_path: Path) -> None:
    step = FileStep(CARD, "a = 'x\x0c\u2028y'\r\n".encode(), b"a = 'z'\r\n")
    diff = diff_of(str(tmp_path), [step])
    assert diff.splitlines(keepends=False)[0].endswith(CARD)
    assert "-a = 'x\x0c\u2028y'\r\n+a = 'z'\r\n" in diff


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2.0, 2),
        (2.5, 2.5),
        (-3.0, -3),
        (1e15, 1e15),
        (1e15 - 1, 10**15 - 1),
        (1e300, 1e300),
        (True, True),
        ("2.0", "2.0"),
    ],
)
def test_a_number_is_written_as_a_person_writes_it(value: object, written: object) -> None:
    for found in (plain(value), plain((value,))[0], plain({"a": [value]})["a"][0]):
        assert (found, type(found)) == (written, type(written))


def test_a_conflict_shows_both_values_short(tmp_path: Path) -> None:
    root = make(tmp_path)
    mine, theirs = opened(root), opened(root)
    exactly, longer = "x" * 40, "y" * 41
    theirs.commit(edits.edit(theirs.plan, ADDRESS, {("title",): longer, ("owner",): None}))
    batch = edits.edit(mine.plan, ADDRESS, {("title",): exactly, ("owner",): "sam"})
    with pytest.raises(ChangedOutside) as refused:
        mine.commit(batch)
    said = str(refused.value)
    assert f"title: here {exactly}, there {'y' * 39}…" in said
    assert "owner: here sam, there removed" in said
    assert {one.path for one in refused.value.conflicts} == {("title",), ("owner",)}


def test_files_that_are_written_say_what_changed() -> None:
    text = FILES[CARD].encode()
    done = text.replace(b'status = "todo"', b'status = "done"')
    assert done != text
    (change,) = changes_of([FileStep(CARD, text, done)])
    assert change.before is not None
    assert change.after is not None
    assert (change.before.address, change.after.address) == (ADDRESS, ADDRESS)
    assert [one.path for one in field_changes(to_data(change.before), to_data(change.after))] == [("status",)]
    (made,) = changes_of([FileStep(CARD, None, text)])
    assert (made.before, made.after) == (None, change.before)
    (gone,) = changes_of([FileStep(CARD, text, None)])
    assert (gone.before, gone.after) == (change.before, None)


def test_a_file_that_says_nothing_is_no_change() -> None:
    text = FILES[CARD].encode()
    assert (
        changes_of([FileStep("README.md", b"a = 1", b"a = 2"), FileStep(CARD, b"= broken", b"= more")]) == []
    )
    (mended,) = changes_of([FileStep(CARD, b"= broken", text)])
    assert mended.before is None


def test_a_record_that_only_got_another_name_is_one_change() -> None:
    text, mira = FILES[CARD].encode(), FILES[MIRA].encode()
    new = CARD.replace("feature", "other")
    steps = [FileStep(new, None, text), FileStep(CARD, text, None), FileStep(MIRA, mira, None)]
    for order in (steps, steps[::-1]):
        renamed, removed = changes_of(order)
        assert renamed.before is not None
        assert renamed.after is not None
        assert (renamed.before.address, renamed.after.address.id) == (ADDRESS, "other-table-7k2m")
        assert (removed.before.address if removed.before else None, removed.after) == (PERSON, None)
    # With another content, or as another kind of record, it is one that came and one that went.
    title = b'title = "A gap"\n'
    for made, gone in (
        (FileStep(new, None, FILES[OTHER].encode()), FileStep(CARD, text, None)),
        (FileStep(RISK, None, title), FileStep(RISK.replace("risks", "experiments"), title, None)),
    ):
        found = changes_of([made, gone])
        assert [(one.before is None, one.after is None) for one in found] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("written", "is_kept"),
    [
        ('# why\ntitle = "New"\nplace = "plan"\n', True),
        ('title = "Another"\nplace = "plan"\n', False),
        ("title = ", False),
        ("", False),
    ],
)
def test_a_new_record_is_as_someone_wrote_it_where_that_says_the_same(
    tmp_path: Path, written: str, *, is_kept: bool
) -> None:
    root = make(tmp_path)
    record = parse("card", "churn", "new-2c3d", {"title": "New", "place": "plan"})
    batch = Batch("add", (Change(None, record),), texts={record.address: written})
    (step,) = files_of(str(root), {}, batch)
    assert (step.path, step.before) == ("projects/churn/cards/new-2c3d.toml", None)
    assert step.after is not None
    assert (step.after == written.encode()) == is_kept
    (made,) = changes_of([step])
    assert made.after == record
