"""What the board reads again when files of the plan change outside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedge.model.edit import edits
from kedge.model.plan.change import Batch
from kedge.model.records.address import Address
from kedge.storage.disk import saving
from kedge.storage.plan import known_files
from kedge.storage.plan.workspace import Workspace

from .plans import CARD, FILES, OTHER, make, opened, reading_findings

ADDRESS = Address("card", "churn", "feature-table-7k2m")
STRAY = "projects/churn/cards/third-5555.TOML"


def heard(space: Workspace) -> list[Batch]:
    """The steps that listeners get from now on."""
    found: list[Batch] = []
    space.listeners.append(found.append)
    return found


@pytest.mark.parametrize("paths", [None, [STRAY], [CARD, STRAY], [STRAY, CARD]])
def test_a_file_of_another_name_is_found_and_told_once(tmp_path: Path, paths: list[str] | None) -> None:
    space = opened(make(tmp_path))
    steps = heard(space)
    (Path(space.root) / STRAY).write_text('title = "Third"\n')
    assert space.refresh(paths) == frozenset()
    assert [one.file for one in reading_findings(space) if one.file == STRAY] == [STRAY]
    assert [step.changes for step in steps] == [()]
    assert space.refresh(paths) == frozenset()
    assert len(steps) == 1


def test_a_file_of_another_name_and_a_change_are_one_step(tmp_path: Path) -> None:
    space = opened(make(tmp_path))
    steps = heard(space)
    (Path(space.root) / STRAY).write_text('title = "Third"\n')
    (Path(space.root) / CARD).write_text(FILES[CARD].replace("mira", "sam"))
    assert space.refresh() == {ADDRESS}
    assert len(steps) == 1


def test_a_folder_that_became_a_file_is_told_too(tmp_path: Path) -> None:
    space = opened(make(tmp_path))
    for path in (CARD, OTHER):
        (Path(space.root) / path).unlink()
    folder = (Path(space.root) / CARD).parent
    folder.rmdir()
    folder.write_text("")
    space.refresh([CARD])
    assert not space.plan.cards
    assert reading_findings(space) == reading_findings(opened(Path(space.root)))


def test_a_file_that_is_being_saved_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = opened(make(tmp_path))
    path = Path(space.root) / CARD
    path.write_text("")

    def save(_: float) -> None:
        path.write_text(FILES[CARD].replace("mira", "sam"))

    monkeypatch.setattr(saving, "PATIENCE", 60)
    monkeypatch.setattr(saving.time, "sleep", save)
    steps = heard(space)
    assert space.refresh([CARD]) == {ADDRESS}
    assert space.plan.cards[ADDRESS.id].owner == "sam"
    assert len(steps) == 1


def test_a_file_that_went_in_the_moment_after_it_was_written_is_found_to_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = opened(make(tmp_path))

    def gone(path: str) -> None:
        Path(path).unlink()
        raise FileNotFoundError(path)

    monkeypatch.setattr(known_files, "read_bytes", gone)
    space.commit(edits.set_status([space.plan.cards[ADDRESS.id]], "done"))
    assert space.refresh([CARD]) == {ADDRESS}
    assert ADDRESS.id not in space.plan.cards
