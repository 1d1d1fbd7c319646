"""The journal: which step is next, what is forgotten, and that damage in its folder is no damage to the plan."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kedge.storage.disk import atomic
from kedge.storage.disk.errors import NothingToUndo
from kedge.storage.plan import journal
from kedge.storage.plan.journal import FileStep, Journal, Step, sides

from .plans import CARD, OTHER

FILE = FileStep(CARD, b"before", b"after")


def step(steps: Journal, label: str, *files: FileStep) -> Step:
    return steps.finished(steps.begin(label, files or (FILE,)))


def names(steps: Journal) -> list[str]:
    return sorted(os.listdir(steps.folder))


def test_steps_are_numbered_from_one_and_undone_from_the_last(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    made = [step(steps, label) for label in ("first", "second", "third")]
    assert [one.number for one in made] == [1, 2, 3]
    assert names(steps) == ["000001.done.json", "000002.done.json", "000003.done.json"]
    assert steps.to_undo() == made[2]
    assert Journal(str(tmp_path)).to_undo() == made[2]


def test_a_step_keeps_bytes_that_are_no_text_and_files_that_are_not_there(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    files = (
        FileStep(CARD, None, "ä\r\n".encode()),
        FileStep(OTHER, b"\xff\xfe\x00", None),
        FileStep("board.toml", b"", b"x"),
    )
    step(steps, "ü → y", *files)
    found = steps.to_undo()
    assert (found.label, found.files, found.state) == ("ü → y", files, "done")


def test_without_steps_there_is_nothing_to_undo_or_redo(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    with pytest.raises(NothingToUndo, match="nothing to undo"):
        steps.to_undo()
    step(steps, "first")
    with pytest.raises(NothingToUndo, match="nothing to redo"):
        steps.to_redo()


def test_what_was_undone_first_is_redone_last(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    for label in ("first", "second", "third"):
        step(steps, label)
    for wanted in ("third", "second"):
        undone = steps.finished(steps.moved(steps.to_undo(), "undoing"))
        assert (undone.label, undone.state) == (wanted, "undone")
    assert (steps.to_undo().label, steps.to_redo().label) == ("first", "second")
    again = steps.finished(steps.moved(steps.to_redo(), "redoing"))
    assert (again.label, again.state) == ("second", "done")
    assert (steps.to_undo().label, steps.to_redo().label) == ("second", "third")


def test_a_new_step_ends_only_what_was_undone(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    for label in ("first", "second"):
        step(steps, label)
    steps.finished(steps.moved(steps.to_undo(), "undoing"))
    assert steps.begin("third", (FILE,)).number == 3
    assert names(steps) == ["000001.done.json", "000003.doing.json"]


def test_a_step_that_was_not_made_is_forgotten_and_one_on_its_way_goes_back(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    steps.abandoned(steps.begin("never", (FILE,)))
    assert names(steps) == []
    step(steps, "first")
    steps.abandoned(steps.moved(steps.to_undo(), "undoing"))
    assert names(steps) == ["000001.done.json"]
    steps.finished(steps.moved(steps.to_undo(), "undoing"))
    steps.abandoned(steps.moved(steps.to_redo(), "redoing"))
    assert names(steps) == ["000001.undone.json"]


def test_sides_follow_the_direction_of_the_step() -> None:
    forwards, backwards = [(CARD, b"before", b"after")], [(CARD, b"after", b"before")]
    for state, wanted in (
        ("doing", forwards),
        ("done", forwards),
        ("redoing", forwards),
        ("undoing", backwards),
        ("undone", backwards),
    ):
        assert list(sides(Step(1, state, "x", (FILE,)))) == wanted  # pyright: ignore[reportArgumentType]


def test_the_oldest_steps_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT", 3)
    steps = Journal(str(tmp_path))
    for number in range(6):
        step(steps, str(number))
    assert names(steps) == [f"{number:06}.done.json" for number in (3, 4, 5, 6)]
    assert steps.to_undo().label == "5"


@pytest.mark.parametrize("state", ["doing", "undoing", "redoing"])
def test_a_step_in_whose_middle_a_kedge_was_stopped_is_unfinished(tmp_path: Path, state: str) -> None:
    steps = Journal(str(tmp_path))
    assert not steps.has_unfinished()
    assert steps.unfinished() == []
    step(steps, "made")
    assert not steps.has_unfinished()
    assert steps.unfinished() == []
    stopped = steps.moved(step(steps, "stopped"), state)  # pyright: ignore[reportArgumentType]
    assert steps.has_unfinished()
    assert steps.unfinished() == [stopped]


def test_other_files_in_the_folder_are_no_steps_and_remains_of_killed_runs_go(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    step(steps, "first")
    folder = Path(steps.folder)
    for name in ("notes.done.json", "000009.half.json", "000009.txt", f"x{atomic.TEMPORARY}"):
        (folder / name).write_text("{}")
    assert steps.to_undo().label == "first"
    assert steps.begin("second", (FILE,)).number == 2
    assert names(steps) == [
        "000001.done.json",
        "000002.doing.json",
        "000009.half.json",
        "000009.txt",
        "notes.done.json",
    ]


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[]",
        '{"label": "x"}',
        '{"files": []}',
        '{"label": "x", "files": [{"path": "board.toml", "before": null}]}',
        '{"label": "x", "files": [{"path": "board.toml", "before": 1, "after": "x"}]}',
        '{"label": "x", "files": [{"path": "board.toml", "before": "x", "after": ["y"]}]}',
        '{"label": "x", "files": ["board.toml"]}',
    ],
)
def test_a_damaged_step_is_told_and_forgotten(tmp_path: Path, damage: str) -> None:
    steps = Journal(str(tmp_path))
    for label in ("first", "second"):
        step(steps, label)
    (Path(steps.folder) / "000002.done.json").write_text(damage)
    with pytest.raises(NothingToUndo, match="cannot be read and was forgotten"):
        steps.to_undo()
    assert names(steps) == ["000001.done.json"]
    assert steps.to_undo().label == "first"


@pytest.mark.parametrize("path", ["../elsewhere.toml", "/etc/passwd", "projects/churn/cards/../../x.toml"])
def test_a_step_that_names_a_file_outside_the_plan_is_forgotten(tmp_path: Path, path: str) -> None:
    steps = Journal(str(tmp_path))
    step(steps, "first", FILE, FileStep(path, b"x", b"y"))
    with pytest.raises(NothingToUndo, match="outside the plan and was forgotten"):
        steps.to_undo()
    assert names(steps) == []


def test_a_step_that_cannot_be_read_stays(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    step(steps, "first")
    path = Path(steps.folder) / "000001.done.json"
    path.unlink()
    path.mkdir()
    with pytest.raises(NothingToUndo, match=r"000001\.done\.json cannot be read: "):
        steps.to_undo()
    assert names(steps) == ["000001.done.json"]


def test_a_step_that_another_kedge_moves_on_while_it_is_looked_for_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Journal(str(tmp_path))
    for label in ("first", "second"):
        step(steps, label)
    steps.moved(step(steps, "third"), "doing")
    listed = os.listdir(steps.folder)
    os.unlink(os.path.join(steps.folder, "000003.doing.json"))
    os.unlink(os.path.join(steps.folder, "000002.done.json"))
    monkeypatch.setattr(os, "listdir", lambda _: listed)
    assert steps.unfinished() == []
    assert steps.to_undo().label == "first"


def test_forgetting_what_another_kedge_has_forgotten_is_no_fault(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    begun = steps.begin("first", (FILE,))
    os.unlink(os.path.join(steps.folder, "000001.doing.json"))
    steps.abandoned(begun)
    assert names(steps) == []


def test_only_the_person_may_look_into_the_journal(tmp_path: Path) -> None:
    steps = Journal(str(tmp_path))
    step(steps, "first")
    assert os.stat(steps.folder).st_mode & 0o077 == 0
    assert json.loads((Path(steps.folder) / "000001.done.json").read_text())["kedge"] == 1
