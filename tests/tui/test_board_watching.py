"""What the board finds out of the disk and of git, and limits of work in progress."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from kedge.model.cards.wip_limits import limits_exceeded_by
from kedge.model.edit.edits import edit_all
from kedge.model.edit.refusal import EditRefused
from kedge.storage.disk.network_fs import is_shared
from kedge.storage.disk.repository import GitProblem, Reason, Repository, find_repository
from kedge.storage.disk.scan import Stamp
from kedge.storage.git.working_tree import WorkingTree, working_tree
from kedge.storage.plan.workspace import Workspace
from kedge.tui.session import watch
from kedge.tui.session.watch import Watcher

from .disks import git
from .driver import PlanFolder, write

# ---- limits of work in progress


def test_a_limit_speaks_only_where_it_is_passed(plan: PlanFolder) -> None:
    write(plan.root / "board.toml", "format = 1\n\n[limits]\nexecute = 1\ndoing_per_person = 1\n")
    loaded = Workspace.open(str(plan.root), os.environ).plan
    labels, features = loaded.cards["labels"], loaded.cards["features"]
    assert limits_exceeded_by(loaded, edit_all([labels], {("status",): "doing"}, "")) == [
        'Execute in "Project churn" would have 2 cards in progress; its limit is 1',
        "Mira Test would have 2 cards in progress; the limit for one person is 1",
    ]
    assert limits_exceeded_by(loaded, edit_all([features], {("owner",): "sam"}, "")) == [
        "Sam Test would have 2 cards in progress; the limit for one person is 1"
    ]
    assert limits_exceeded_by(loaded, edit_all([features], {("title",): "New"}, "")) == []
    with pytest.raises(EditRefused):
        edit_all([features], {("status",): "nonsense"}, "")


# ---- git


def tree_of(folder: Path) -> WorkingTree:
    found = working_tree(str(folder), os.environ)
    assert isinstance(found, WorkingTree)
    return found


def test_the_working_tree_is_counted(plan: PlanFolder) -> None:
    assert working_tree(str(plan.root), os.environ) == GitProblem(Reason.NO_REPOSITORY)
    git(plan.folder, "init", "-q", "-b", "main")
    assert tree_of(plan.root).branch == "main"
    git(plan.folder, "add", ".")
    git(plan.folder, "commit", "-qm", "one")
    clean = tree_of(plan.root)
    assert (clean.branch, clean.summary) == ("main", "")
    plan.card("new one".replace(" ", "-"))
    plan.path("train").unlink()
    plan.card("labels", "plan")
    write(plan.folder / "elsewhere.txt", "not the plan's\n")
    assert tree_of(plan.root).summary == "+1 ~1 -1"


def test_no_git_is_no_error(plan: PlanFolder, tmp_path: Path) -> None:
    git(plan.folder, "init", "-q", "-b", "main")
    found = working_tree(str(plan.root), {"PATH": str(tmp_path)})
    assert found == GitProblem(Reason.NO_GIT)
    assert found.is_expected


def test_the_git_folder_of_a_worktree_is_found(plan: PlanFolder, tmp_path: Path) -> None:
    git(plan.folder, "init", "-q", "-b", "main")
    git(plan.folder, "add", ".")
    git(plan.folder, "commit", "-qm", "one")
    tree = tmp_path / "other tree"
    git(plan.folder, "worktree", "add", "-q", str(tree), "-b", "side")
    found = find_repository(str(tree / "plan"))
    common = plan.folder / ".git"
    assert found == Repository(str(tree), str(common / "worktrees" / "other-tree"), str(common))
    assert tree_of(tree / plan.root.relative_to(plan.folder)).branch == "side"


# ---- watching


class Watched:
    """A watcher whose findings a test can wait for."""

    def __init__(
        self,
        root: Path,
        git: Path | None = None,
        is_known: Callable[[str, Stamp | None], bool] | None = None,
    ) -> None:
        self.changed = threading.Event()
        known = {"is_known": is_known} if is_known else {}
        self.watcher = Watcher(str(root), str(git) if git else None, lambda _: self.changed.set(), **known)

    def __enter__(self) -> Watched:
        self.watcher.start()
        assert self.watcher.ready.wait(10)
        # It asks once for what changed between the reading of the plan and its own first look.
        assert self.changed.is_set()
        self.changed.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self.watcher.close()


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "INTERVAL", 0.01)
    monkeypatch.setattr(watch, "INTERVAL_ALONE", 0.01)
    monkeypatch.setattr(watch, "QUIET", 0.01)


@pytest.fixture(params=["events", "no library", "no watches left"])
def source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What wakes the watcher: the system's events, or time alone where there are none."""
    match request.param:
        case "events":
            # Without one, all files are looked at once a year.
            monkeypatch.setattr(watch, "SHARE", 1e-10)
        case "no library":
            monkeypatch.setitem(sys.modules, "watchfiles", None)
        case _:

            def refuse(*_: object, **__: object) -> None:
                raise OSError(28, "No space left on device")

            monkeypatch.setattr("watchfiles.watch", refuse)
    return request.param


def _in_place(path: Path, old: bytes, new: bytes) -> None:
    """Changes a file where it lies, so that neither its folder nor its size tells."""
    assert len(old) == len(new)
    folder = path.parent.stat().st_mtime_ns
    with path.open("r+b") as file:
        place = file.read().index(old)
        file.seek(place)
        file.write(new)
    assert path.parent.stat().st_mtime_ns == folder


@pytest.mark.usefixtures("_quick", "source")
@pytest.mark.parametrize("how", ["add", "remove", "replace", "in place", "a new project"])
def test_every_kind_of_change_is_noticed(plan: PlanFolder, how: str) -> None:
    with Watched(plan.root) as seen:
        match how:
            case "add":
                plan.card("new")
            case "remove":
                plan.path("train").unlink()
            case "replace":
                other = plan.folder / "other.toml"
                write(other, 'title = "Other"\n')
                other.replace(plan.path("train"))
            case "in place":
                _in_place(plan.path("train"), b"Card", b"Kard")
            case _:
                plan.project("second")
        assert seen.changed.wait(10)


@pytest.mark.usefixtures("source")
def test_an_edit_in_place_is_noticed_among_many_files(
    plan: PlanFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "INTERVAL", 0.1)
    for number in range(600):
        write(
            plan.path(f"many-{number}"), f'title = "Card {number}"\nplace = "plan"\nrank = "c{number:04d}"\n'
        )
    with Watched(plan.root) as seen:
        _in_place(plan.path("many-300"), b"Card", b"Kard")
        assert seen.changed.wait(10)
        seen.changed.clear()
        _in_place(plan.path("many-301"), b"Card", b"Kard")
        assert seen.changed.wait(10)


@pytest.mark.usefixtures("_quick")
def test_one_file_is_looked_at_where_an_event_names_it(
    plan: PlanFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Collection[str] | None] = []
    watcher = Watcher(str(plan.root), None, told.append)
    name = "projects/churn/cards/train.toml"

    def rounds() -> Iterator[frozenset[str]]:
        monkeypatch.setattr(watcher, "_files", lambda: pytest.fail("all files were looked at"))
        write(plan.folder / "other.toml", 'title = "Other"\n')
        (plan.folder / "other.toml").replace(plan.root / name)
        yield frozenset({name})

    monkeypatch.setattr(watcher, "_rounds", rounds)
    watcher._run()
    assert told == [None, {name}]


@pytest.mark.usefixtures("_quick", "source")
def test_files_of_a_project_that_came_later_are_listened_to(plan: PlanFolder) -> None:
    with Watched(plan.root) as seen:
        plan.project("second")
        path = plan.card("later", project="second")
        assert seen.changed.wait(10)
        seen.changed.clear()
        _in_place(path, b"Card", b"Kard")
        assert seen.changed.wait(10)


@pytest.mark.usefixtures("_quick", "source")
def test_our_own_writing_is_no_change_by_others(plan: PlanFolder) -> None:
    workspace = Workspace.open(str(plan.root), os.environ)
    writing = threading.Lock()

    def is_known(path: str, mark: Stamp | None) -> bool:
        # While a write is under way nothing can be said of its file yet.
        with writing:
            return workspace.known.knows(path, mark)

    with Watched(plan.root, is_known=is_known) as seen:
        for owner in ("sam", "mira"):
            with writing:
                card = workspace.plan.cards["labels"]
                workspace.commit(edit_all([card], {("owner",): owner}, "owner"))
            assert not seen.changed.wait(0.3)
        _in_place(plan.path("train"), b"Card", b"Kard")
        assert seen.changed.wait(10)


class Clock:
    """A time in which rounds of the watcher come, and each look at all files costs as much as it is told."""

    def __init__(self, interval: float, cost: float, took: float) -> None:
        self.now = self.used = 0.0
        self.interval, self.cost, self.took = interval, cost, took
        self.looks: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.used

    def look(self) -> dict[str, Stamp | None]:
        self.looks.append(self.now)
        self.used += self.cost
        self.now += self.took
        return {}

    def rounds(self, seconds: float) -> Iterator[frozenset[str]]:
        while self.now < seconds:
            self.now += self.interval
            yield frozenset()

    def longest_pause(self) -> float:
        return max(later - earlier for earlier, later in pairwise(self.looks))


@pytest.mark.parametrize(
    ("is_alone", "cost", "took", "most", "pause"),
    [
        # Ten thousand files: a look costs 0.04 s where the machine does nothing else, 0.07 s where it does.
        pytest.param(False, 0.04, 0.05, 0.003, 14.1, id="with events"),
        pytest.param(True, 0.04, 0.05, 0.05, 1.1, id="without"),
        pytest.param(True, 0.07, 0.12, 0.05, 1.8, id="without, on a busy machine"),
        pytest.param(True, 0.1, 5.0, 0.05, 15.5, id="without, on a disk that answers slowly"),
        pytest.param(True, 0.0001, 0.0002, 0.001, 0.6, id="without, few files"),
    ],
)
def test_without_events_all_files_are_looked_at_more_often(
    monkeypatch: pytest.MonkeyPatch, is_alone: bool, cost: float, took: float, most: float, pause: float
) -> None:
    clock = Clock(watch.INTERVAL_ALONE if is_alone else watch.INTERVAL, cost, took)
    monkeypatch.setattr(watch, "time", clock)
    monkeypatch.setattr(watch, "is_shared", lambda _: is_alone)
    watcher = Watcher("plan", None, lambda _: None)
    monkeypatch.setattr(watcher, "_files", clock.look)
    monkeypatch.setattr(watcher, "_rounds", lambda: clock.rounds(600.0))
    watcher._run()
    assert (clock.used - cost) / clock.now <= most
    assert clock.longest_pause() <= pause


@pytest.mark.usefixtures("_quick")
def test_a_disk_that_does_not_tell_of_a_change_is_looked_at_more_often_from_then_on(
    plan: PlanFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    intervals: list[float] = []

    def deaf(
        _root: str, _folders: list[str], until: threading.Event, each: float
    ) -> Iterator[frozenset[str]]:
        intervals.append(each)
        while not until.wait(0.01):
            yield frozenset()

    monkeypatch.setattr(watch, "INTERVAL_ALONE", 0.02)
    monkeypatch.setattr(watch, "_events", lambda: deaf)
    with Watched(plan.root) as seen:
        _in_place(plan.path("train"), b"Card", b"Kard")
        assert seen.changed.wait(10)
        seen.changed.clear()
        _in_place(plan.path("train"), b"Kard", b"Card")
        assert seen.changed.wait(10)
        seen.changed.clear()
        _in_place(plan.path("train"), b"Card", b"Kard")
        assert seen.changed.wait(10)
    assert intervals[0] == watch.INTERVAL
    assert intervals[-1] == watch.INTERVAL_ALONE


MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:25 / /srv rw - nfs4 server:/export rw
31 30 8:2 / /srv/local rw - xfs /dev/sdb1 rw
32 22 0:30 / /home/mira/my\040disk rw master:1 - fuse.sshfs mira@host:/ rw
33 22 0:31 / /media/stick rw - fuseblk /dev/sdc1 rw
34 22 0:32 / /late rw - ext4 /dev/sdd1 rw
35 22 0:33 / /late rw - cifs //server/late rw
nonsense
"""


@pytest.mark.parametrize(
    ("folder", "shared"),
    [
        *(("/home/plan", False), ("/srv/plan", True), ("/srv", True), ("/srvx/plan", False)),
        *(("/srv/local/plan", False), ("/home/mira/my disk/plan", True), ("/media/stick", False)),
        ("/late/plan", True),
    ],
)
def test_disks_that_others_change_are_known(tmp_path: Path, folder: str, shared: bool) -> None:
    write(tmp_path / "mountinfo", MOUNTS)
    assert is_shared(folder, str(tmp_path / "mountinfo")) is shared
    assert not is_shared(folder, str(tmp_path / "nothing"))


@pytest.mark.usefixtures("_quick")
def test_a_git_command_in_progress_is_waited_for(plan: PlanFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = plan.folder / ".git" / "index.lock"
    write(lock, "")
    looked = threading.Event()
    real = os.path.exists

    def exists(path: str) -> bool:
        if str(path) == str(lock):
            looked.set()
        return real(path)

    monkeypatch.setattr(watch.os.path, "exists", exists)
    with Watched(plan.root, plan.folder / ".git") as seen:
        plan.card("new")
        assert looked.wait(10)
        assert not seen.changed.is_set()
        lock.unlink()
        assert seen.changed.wait(10)
