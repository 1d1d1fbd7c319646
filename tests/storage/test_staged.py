"""The plan in memory while steps wait to be written and files change: what it has, and what listeners are told."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from kedge.model.edit import edits
from kedge.model.plan.change import Batch, ChangeRefused
from kedge.model.records.address import Address
from kedge.storage.disk.errors import (
    ChangedOutside,
)
from kedge.storage.disk.scan import NO_STAMP, Found, stamp_of
from kedge.storage.plan import workspace
from kedge.storage.plan.journal import Journal
from kedge.storage.plan.read import read_plan

from .plans import CARD, FILES, OTHER, make, opened, reading_findings
from .staged_cases import ADDRESS, AUDIT, MIRA, card, field

# ---- steps that wait


def test_a_step_that_waits_is_not_overwritten_by_what_the_disk_says(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    first = field(space, "title", "Mine")
    space.stage(first)
    (root / CARD).write_text(FILES[CARD].replace('"mira"', '"sam"'))
    (root / OTHER).write_text(FILES[OTHER].replace("Audit", "Check"))
    assert space.refresh() == {AUDIT}
    assert (card(space).title, card(space).owner) == ("Mine", "mira")
    assert space.reread([CARD]) == frozenset()
    assert space.write(first) == {ADDRESS}
    assert (card(space).title, card(space).owner) == ("Mine", "sam")
    assert space.plan == read_plan(str(root)).plan
    assert space.refresh() == frozenset()
    # Nothing waits any more, so that the disk counts again.
    (root / CARD).write_text(FILES[CARD])
    assert space.refresh() == {ADDRESS}
    assert card(space).title == "Build the feature table"


def test_writing_the_first_of_two_steps_leaves_the_second_in_memory(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    first = field(space, "title", "First")
    space.stage(first)
    second = field(space, "title", "Second")
    space.stage(second)
    space.write(first)
    assert 'title = "First"' in (root / CARD).read_text()
    assert card(space).title == "Second"
    assert space.refresh() == frozenset()
    assert card(space).title == "Second"
    space.write(second)
    assert 'title = "Second"' in (root / CARD).read_text()
    assert space.plan == read_plan(str(root)).plan


def test_a_step_that_is_refused_leaves_others_that_wait(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    mine, other = field(space, "title", "Mine"), field(space, "title", "Other", AUDIT)
    space.stage(mine)
    space.stage(other)
    (root / CARD).write_text(FILES[CARD].replace("Build the feature table", "Theirs"))
    (root / OTHER).write_text(FILES[OTHER].replace("Audit the labels", "Audit the labels\\nTheirs"))
    with pytest.raises(ChangedOutside, match="title: here Mine, there Theirs"):
        space.write(mine)
    assert (card(space).title, card(space, AUDIT).title) == ("Theirs", "Other")
    space.refresh()
    assert card(space, AUDIT).title == "Other"
    with pytest.raises(ChangedOutside):
        space.write(other)
    assert space.plan == read_plan(str(root)).plan


def test_a_step_that_does_not_fit_is_refused_and_does_not_wait(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    late = field(space, "title", "Late")
    space.commit(field(space, "title", "Early"))
    with pytest.raises(ChangeRefused):
        space.stage(late)
    (root / CARD).write_text(FILES[CARD])
    assert space.refresh() == {ADDRESS}
    assert space.plan == read_plan(str(root)).plan


def test_listeners_are_told_the_stage_what_was_merged_in_and_nothing_twice(tmp_path: Path) -> None:
    root = make(tmp_path)
    space, told = opened(root), list[Batch]()
    space.listeners.append(told.append)
    batch = field(space, "title", "Mine")
    space.stage(batch)
    assert told == [batch]
    space.write(batch)
    assert [(step.label, step.changes) for step in told[1:]] == [(batch.label, ())]
    (root / CARD).write_text((root / CARD).read_text().replace('"mira"', '"sam"'))
    space.commit(field(space, "title", "Again"))
    (merged,) = told[-1].changes
    assert [(one.path, one.after) for one in merged.fields()] == [(("owner",), "sam")]
    count = len(told)
    assert space.refresh() == frozenset()
    assert len(told) == count


# ---- following the disk


def test_a_file_is_known_by_its_stamp(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    assert space.known.knows(CARD, stamp_of(f"{root}/{CARD}"))
    assert not space.known.knows(CARD, NO_STAMP)
    assert not space.known.knows(CARD, None)
    assert space.known.knows("people/sam.toml", None)
    assert not space.known.knows("people/sam.toml", stamp_of(f"{root}/{CARD}"))


def test_what_is_wrong_with_a_file_comes_and_goes_with_it(tmp_path: Path) -> None:
    root = make(
        tmp_path, {**FILES, OTHER: FILES[OTHER] + 'estimate = "soon"\n', "projects/churn/cards/A b.toml": ""}
    )
    space = opened(root)
    assert [Path(one.file).name[:5] for one in reading_findings(space)] == ["A b.t", "featu", "label"]
    assert reading_findings(space) == sorted(reading_findings(space), key=lambda one: one.sort_key)
    (root / "projects/churn/cards/A b.toml").unlink()
    (root / OTHER).write_text(FILES[OTHER])
    assert space.refresh() == {AUDIT}
    assert reading_findings(space) == list(read_plan(str(root)).findings)
    # The record is the same; what was found in its file is not.
    (root / OTHER).write_text(FILES[OTHER] + "onwer = 1\n")
    assert space.refresh() == {AUDIT}
    assert [one.file for one in reading_findings(space)].count(OTHER) == 1
    (root / OTHER).unlink()
    assert space.refresh() == {AUDIT}
    assert OTHER not in {one.file for one in reading_findings(space)}
    assert space.files.keys() == read_plan(str(root)).files.keys()


def test_a_file_that_is_broken_from_the_start_is_named(tmp_path: Path) -> None:
    root = make(tmp_path, {**FILES, OTHER: "x = ["})
    space = opened(root)
    assert space.broken() == {AUDIT}
    os.utime(root / OTHER, (1, 1))
    told = list[Batch]()
    space.listeners.append(told.append)
    assert space.refresh() == frozenset()
    assert told == []
    (root / OTHER).write_text(FILES[OTHER])
    assert space.refresh() == {AUDIT}
    assert space.broken() == frozenset()
    (root / OTHER).write_text("y = [")
    os.utime(root / OTHER, (1, 1))
    assert space.refresh() == {AUDIT}
    (root / OTHER).unlink()
    assert space.refresh() == {AUDIT}
    assert (space.broken(), AUDIT.id in space.plan.cards) == (frozenset(), False)


def test_a_path_that_no_record_has_is_passed_over(tmp_path: Path) -> None:
    space = opened(make(tmp_path))
    (tmp_path / "plan/notes.txt").write_text("x")
    assert space.reread(["notes.txt", "../x.toml"]) == frozenset()
    assert "notes.txt" not in space.files


def test_only_what_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path)
    space, read = opened(root), list[str]()
    real = workspace.read_file

    def noted(place: str, item: Found) -> object:
        read.append(item.path)
        return real(place, item)

    monkeypatch.setattr(workspace, "read_file", noted)
    space.commit(field(space, "title", "Mine"))
    space.rewrite("format", {OTHER: FILES[OTHER] + "# x\n"})
    space.commit(edits.remove(space.plan, [Address("person", "", "mira")]))
    assert space.files.keys() == {path for path in FILES if path != MIRA}
    assert all(space.known.knows(path, stamp_of(f"{root}/{path}")) for path in space.files)
    assert (space.refresh(), read) == (frozenset(), [])
    # A comment is no change of the plan; a line number that a finding names is one of its file.
    (root / OTHER).write_text(FILES[OTHER] + "# another note\n")
    assert (space.refresh(), read) == (frozenset(), [OTHER])
    (root / CARD).write_text((root / CARD).read_text() + "# at the end\n")
    assert space.refresh() == frozenset()
    (root / CARD).write_text("# at the top\n" + (root / CARD).read_text())
    assert space.refresh() == {ADDRESS}
    (root / "people/sam.toml").write_text("x = [")
    os.utime(root / "people/sam.toml", (1, 1))
    assert space.refresh() == space.broken() == {Address("person", "", "sam")}


def test_findings_of_files_keep_their_file_and_come_by_file(tmp_path: Path) -> None:
    space = opened(make(tmp_path, {**FILES, OTHER: FILES[OTHER] + "onwer = 1\n"}))
    found = reading_findings(space)
    placed = space.located(reversed(found))
    assert [one.file for one in placed] == sorted(one.file for one in found)
    elsewhere = replace(found[0], file="", address=Address("card", "churn", "nothing"))
    assert [one.file for one in space.located([elsewhere])] == ["projects/churn/cards/nothing.toml"]
    stray = replace(found[0], file="projects/churn/x.toml", address=None)
    assert [one.file for one in space.located([stray])] == ["projects/churn/x.toml"]


def test_a_file_saved_again_right_after_a_write_is_a_change_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path)
    space = opened(root)
    real = Journal.finished

    def finished(self: Journal, step: object) -> object:
        done = real(self, step)  # pyright: ignore[reportArgumentType]
        (root / CARD).write_text((root / CARD).read_text().replace('"mira"', '"sam"'))
        return done

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "finished", finished)
        space.commit(field(space, "title", "Mine"))
    assert space.refresh() == {ADDRESS}
    assert (card(space).title, card(space).owner) == ("Mine", "sam")


def test_findings_of_rules_get_their_place(tmp_path: Path) -> None:
    import datetime as dt

    from kedge.model.rules.checking import check

    root = make(tmp_path, {**FILES, CARD: FILES[CARD].replace('"mira"', '"nemo"')})
    space = opened(root)
    found = check(space.snapshot(dt.date(2026, 11, 20)))
    placed = space.located(found)
    assert len(placed) == len(found)
    (owner,) = [one for one in placed if one.file == CARD and "nemo" in one.message]
    assert FILES[CARD].splitlines()[owner.line - 1].startswith("owner")
    # Of a file that is broken now only the name is known.
    (root / CARD).write_text("x = [")
    os.utime(root / CARD, (1, 1))
    space.refresh()
    assert {(one.file, one.line) for one in space.located([replace(owner, line=0)])} == {(CARD, 0)}
