"""Reading ahead in a second process: the same plan comes out, whatever happens to that process."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from kedge.storage.disk.locate import state_folder
from kedge.storage.disk.prefetch import MAX_SIZE, Ahead, fetch, fetched, read_bytes
from kedge.storage.disk.scan import scan
from kedge.storage.plan.journal import FileStep, Journal
from kedge.storage.plan.read import Loaded, read_plan
from kedge.storage.plan.workspace import Workspace

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads ahead on Linux only")

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """More files than are told at once, with everything among them that can be wrong with a file."""
    cards = tmp_path / "projects" / "churn" / "cards"
    cards.mkdir(parents=True)
    (tmp_path / "board.toml").write_text("format = 1\n")
    for number in range(450):
        (cards / f"card-{number}.toml").write_text(f'title = "Card {number}"\ndue = 2026-12-01\n')
    (cards / "broken.toml").write_text('title = "never closed\n')
    (cards / "wrong.toml").write_text('title = "x"\ndue = "soon"\n')
    (cards / "latin.toml").write_bytes(b'title = "caf\xe9"\n')
    (cards / "large.toml").write_bytes(b"#" * (MAX_SIZE + 1))
    (cards / "deep.toml").write_text(f'title = "x"\nodd = {"[" * 300}{"]" * 300}\n')
    (tmp_path / "stray.txt").write_text("")
    return str(tmp_path)


def read_ahead(root: str) -> Loaded:
    ahead = Ahead.begin(root)
    assert ahead is not None
    try:
        return read_plan(root, ahead=ahead)
    finally:
        ahead.close()


def same(one: Loaded, other: Loaded) -> bool:
    return (
        one.plan == other.plan
        and dict(one.files) == dict(other.files)
        and list(one.findings) == list(other.findings)
    )


def test_the_same_plan_comes_out(plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str) -> object:
        if path.endswith("card-7.toml"):
            raise PermissionError(13, "Permission denied", path)
        return read_bytes(path)

    monkeypatch.setattr("kedge.storage.disk.prefetch.read_bytes", refused)
    loaded = read_ahead(plan)
    assert same(loaded, read_plan(plan))
    assert len(loaded.plan.cards) > 450
    assert {one.code for one in loaded.findings} >= {"F101", "F103", "F104", "F108", "F110"}


@pytest.mark.parametrize("sample", ["churn", "portfolio", "tiny"])
def test_the_samples_come_out_the_same(sample: str) -> None:
    root = str(SAMPLES / sample / "plan")
    assert same(read_ahead(root), read_plan(root))


def test_nothing_is_opened_twice(plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = Ahead.begin(plan)
    assert ahead is not None
    opened: list[str] = []
    monkeypatch.setattr(
        "kedge.storage.disk.prefetch.fetch", lambda root, path: opened.append(path) or fetch(root, path)
    )
    os.waitid(os.P_PID, ahead._process, os.WEXITED | os.WNOWAIT)
    read_plan(plan, ahead=ahead)
    ahead.close()
    assert not opened


def test_both_processes_meet_and_leave_nothing_out(plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = scan(plan)
    ahead = Ahead.begin(plan)
    assert ahead is not None
    assert ahead.listing() is not None
    waits = iter(range(30))
    told = ahead.part
    # The first files are read here, whatever was told; then what was told comes, and ends where these begin.
    monkeypatch.setattr(ahead, "part", lambda: told() if next(waits, None) is None else None)
    order = [at for at, _ in fetched(plan, found, ahead)]
    ahead.close()
    assert order[:30] == [*range(len(found) - 1, len(found) - 31, -1)]
    assert sorted(order) == [*range(len(found))]


@pytest.mark.parametrize("parts", [0, 1, 2])
def test_a_process_that_dies_is_made_up_for(plan: str, parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told = 0

    def dies_there(root: str, path: str) -> object:
        nonlocal told
        if told == parts * 200:
            os.kill(os.getpid(), signal.SIGKILL)
        told += 1
        return fetch(root, path)

    monkeypatch.setattr("kedge.storage.disk.prefetch.fetch", dies_there)
    ahead = Ahead.begin(plan)
    monkeypatch.undo()
    assert ahead is not None
    loaded = read_plan(plan, ahead=ahead)
    ahead.close()
    assert same(loaded, read_plan(plan))


def test_a_reader_that_goes_away_ends_the_process(plan: str) -> None:
    ahead = Ahead.begin(plan)
    assert ahead is not None
    ahead.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(ahead._process, 0)


def test_what_a_stopped_kedge_left_half_done_is_finished_first(tmp_path: Path) -> None:
    root, environment = tmp_path / "plan", {"KEDGE_STATE": str(tmp_path / "state")}
    root.mkdir()
    (root / "board.toml").write_text('format = 1\ntitle = "old"\n')
    journal = Journal(state_folder(str(root), environment))
    old, new = b'format = 1\ntitle = "old"\n', b'format = 1\ntitle = "new"\n'
    journal.begin("set title", (FileStep("board.toml", old, new),))
    workspace = Workspace.open(str(root), environment, ahead=Ahead.begin(str(root)))
    assert (root / "board.toml").read_bytes() == workspace.files["board.toml"].content
    assert workspace.plan.board.title == {old: "old", new: "new"}[(root / "board.toml").read_bytes()]
