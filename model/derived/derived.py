"""One store of what follows from a snapshot: each value is worked out when it is first asked for, and once.

Screens and commands ask here, so that none of them works out, or keeps, anything of its own. A value may be asked for
from several threads: the second one waits for the first. The next snapshot takes over what its changes leave alone.
Who asks by way of `told` hears how far a value has come that takes long, and can stop waiting for it.

A further value is a further method: what it reads is said in `_READS`, so that it can be carried along.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..plan.change import Change
from ..plan.plan import Plan
from ..records.kinds import ENTRIES
from ..snapshot.repository_files import RepositoryFiles
from ..snapshot.snapshot import Snapshot
from .progress import Progress, silent

if TYPE_CHECKING:
    # What works a value out is imported by the method that is asked for it: the board is painted before any is.
    from ..assess.standing import Standing
    from ..budget.budget import Budgets
    from ..flow.calibration import Corrections
    from ..forecast.forecast import Forecast
    from ..gates.gates import GateReport
    from ..portfolio.proposal import Proposal
    from ..rules.finding_index import FindingIndex
    from ..schedule.schedule import PartCache, Schedule
    from ..value.worth import Ranking, Worth

T = TypeVar("T")
Key = tuple[Any, ...]
"""The name of a value, then what it is asked with; where it is of one project, that comes first."""

_FIGURES = frozenset({"project", "assessment", "dataset", "model", "strategy", "person"})
_READS: Mapping[str, frozenset[str]] = {
    "worth": _FIGURES,
    "ranking": _FIGURES,
    "proposal": _FIGURES | {"decision"},
}
"""By value, the kinds of records that it reads; others are worked out again after every change, except the schedule,
which says field by field what can move a date.

All may read the board, the playbook and the day: when one of these changes, nothing is carried along.
"""
_OF_PROJECT = frozenset({"worth", "standings"})
"""Values that read records of their own project only, and people."""


_PATIENCE = 0.1
"""Seconds after which one who waits for another one's work is asked whether the value is still wanted."""


class _Cell:
    """A value that is being worked out, or known."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.is_known = False
        self.value: Any = None


@contextmanager
def _held(lock: threading.RLock, progress: Progress, doing: str) -> Generator[None, None, None]:
    """Holds a lock; while another asker works behind it, this one can still be stopped."""
    while not lock.acquire(timeout=_PATIENCE):
        progress(doing, None)
    try:
        yield
    finally:
        lock.release()


class _Trail:
    """The findings of the newest snapshot that was looked at, and what has changed since.

    All stores of one plan share it: a look at the whole plan is of use also when a step came meanwhile, since only
    that step's neighbourhood has to be looked at then.
    """

    def __init__(self) -> None:
        self._looking = threading.RLock()
        self._guard = threading.Lock()
        self._newest = 0
        self._index: FindingIndex | None = None
        self._number = -1
        """Which snapshot the index is of, or will be; below 0 before anybody has asked."""
        self._changes: dict[int, tuple[Change, ...]] = {}
        """Later changes, by the number of the snapshot that they led to."""

    def add(self, changes: tuple[Change, ...]) -> int:
        """The number of the snapshot that some changes lead to from the newest one."""
        with self._guard:
            self._newest += 1
            if self._number >= 0:
                self._changes[self._newest] = changes
            return self._newest

    def findings(self, snapshot: Snapshot, number: int, progress: Progress) -> FindingIndex:
        """The findings of the snapshot with a number."""
        from ..rules.finding_index import FindingIndex

        with _held(self._looking, progress, "checking"):
            with self._guard:
                is_first = self._number < 0
                if number < (self._newest if is_first else self._number):
                    # Of an older one: the changes from it to the newest are not known.
                    return FindingIndex.of(snapshot, progress=progress)
                if is_first:
                    self._number = number
                steps = [self._changes[at] for at in range(self._number + 1, number + 1)]
            changes = [change for step in steps for change in step]
            if self._index is not None:
                found = self._index.after(snapshot, changes)
            else:
                found = FindingIndex.of(snapshot, progress=progress)
            with self._guard:
                for at in range(self._number + 1, number + 1):
                    del self._changes[at]
                self._index, self._number = found, number
            return found


class Derived:
    """What follows from a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._cells: dict[Key, _Cell] = {}
        self._guard = threading.Lock()
        self._trail = _Trail()
        self._number = 0
        self._parts: list[PartCache] = []
        self._progress: Progress = silent
        self._unchecked: list[RepositoryFiles] = []
        """What values were carried along with, until it is known that the files around the plan are still so."""

    def told(self, progress: Progress) -> Derived:
        """The same store for one who hears how far a value has come, and may raise Stopped to end the work on it."""
        new = copy(self)
        new._progress = progress
        return new

    @property
    def plan(self) -> Plan:
        """The plan of the snapshot."""
        return self.snapshot.plan

    def after(self, snapshot: Snapshot, changes: Iterable[Change]) -> Derived:
        """The store of the next snapshot, which some changes led to."""
        changes = tuple(changes)
        new = Derived(snapshot)
        new._trail, new._number = self._trail, self._trail.add(changes)
        new._parts = self._parts
        with self._guard:
            known = {key: cell for key, cell in self._cells.items() if cell.is_known}
            unchecked = [one for one in (*self._unchecked, self.snapshot.files) if one.seen]
        if _is_seen_alike(self.snapshot, snapshot):
            new._cells = {key: cell for key, cell in known.items() if not _touches(changes, key, snapshot)}
            new._unchecked = unchecked
        return new

    def apart(self) -> Derived:
        """The same for a way of its own: what follows on it is no later state of this one, as on a trial."""
        new = copy(self)
        new._trail, new._number, new._unchecked = _Trail(), 0, [*self._unchecked]
        with self._guard:
            new._cells = {key: cell for key, cell in self._cells.items() if key != ("findings",)}
        new._guard = threading.Lock()
        return new

    # ---- values

    def findings(self) -> FindingIndex:
        """What the rules find."""
        return self._value(
            ("findings",), lambda: self._trail.findings(self.snapshot, self._number, self._progress)
        )

    def standings(self, project: str) -> Mapping[str, Standing]:
        """How far a project is with every question, by the question's id."""
        from ..assess.standing import standings

        return self._value(("standings", project), lambda: standings(self.snapshot, project))

    def worth(self, project: str) -> Worth:
        """The figures of a project."""
        from ..value.worth import worth

        record = self.plan.projects[project]
        return self._value(("worth", project), lambda: worth(self.snapshot, record))

    def ranking(self, budget: float | None = None, headcount: float | None = None) -> Ranking:
        """The projects that are not over, ranked; the board's limits where none are given."""
        from ..value.worth import ranking

        def rank() -> Ranking:
            return ranking(
                self.snapshot,
                budget=budget,
                headcount=headcount,
                worth_of=lambda project: self.worth(project.id),
            )

        return self._value(("ranking", budget, headcount), rank)

    def proposal(
        self,
        budget: float | None = None,
        headcount: float | None = None,
        *,
        required: Collection[str] = (),
        excluded: Collection[str] = (),
        stop: Callable[[], bool] | None = None,
    ) -> Proposal:
        """The set of projects that is worth most, on trial with these in and those out.

        `stop` ends the search with the best set so far, which is not kept.
        """
        from ..portfolio.proposal import propose
        from ..solvers.choose import reached

        inside, outside = frozenset(required), frozenset(excluded)
        return self._value(
            ("proposal", budget, headcount, inside, outside),
            lambda: propose(
                self.snapshot,
                self.ranking(budget, headcount),
                required=inside,
                excluded=outside,
                stop=stop,
                tell=lambda value, bound: self._progress("choosing", reached(value, bound)),
            ),
            lambda found: found.choice.proven or found.choice.conflict is not None,
        )

    def schedule(self, effort: int | None = None) -> Schedule:
        """The dates of all cards; `effort` is the number of schedules to try, 0 for the first one that is found.

        Parts of the plan that a change leaves alone keep their dates, and are not worked out again.
        """
        from ..schedule.schedule import PartCache, Schedule, schedule

        def work() -> Schedule:
            first = self._known(("schedule", 0)) if effort is None else None
            if isinstance(first, Schedule) and not first.can_improve:
                return first
            if not self._parts:
                self._parts.append(PartCache())
            return schedule(self.snapshot, effort=effort, cache=self._parts[0], progress=self._progress)

        return self._value(("schedule", effort), work)

    def forecast(
        self, runs: int | None = None, seed: int | None = None, corrections: Corrections | None = None
    ) -> Forecast:
        """What many runs of the schedule say; the usual runs, seed and estimates where nothing else is given."""
        from ..flow.calibration import NO_CORRECTIONS
        from ..forecast.forecast import USUAL_SEED, forecast

        start = USUAL_SEED if seed is None else seed
        by = corrections or NO_CORRECTIONS
        return self._value(
            ("forecast", runs, start, by),
            lambda: forecast(self.schedule(), runs=runs, seed=start, corrections=by, progress=self._progress),
        )

    def budget(
        self, runs: int | None = None, seed: int | None = None, corrections: Corrections | None = None
    ) -> Budgets:
        """What each active project costs, against caps, approvals and what is spent."""
        from ..budget.budget import budgets

        return self._value(
            ("budget", runs, seed, corrections),
            lambda: budgets(self.snapshot, self.forecast(runs, seed, corrections)),
        )

    def gate(self, project: str, gate: str, outcome: str = "") -> GateReport:
        """What a gate asks of a project; `outcome` is how it is about to end, empty where nothing is decided yet."""
        from ..gates.gates import report

        found = self.snapshot.playbook.gate(gate)
        assert found is not None
        return self._value(
            ("gate", project, gate, outcome), lambda: report(self, project, found, outcome=outcome)
        )

    def _value(self, key: Key, work: Callable[[], T], is_kept: Callable[[T], bool] = lambda _: True) -> T:
        with self._guard:
            self._look_again()
            cell = self._cells.setdefault(key, _Cell())
        with _held(cell.lock, self._progress, str(key[0])):
            if cell.is_known:
                return cast("T", cell.value)
            found = work()
            if is_kept(found):
                cell.value, cell.is_known = found, True
            return found

    def _known(self, key: Key) -> object:
        """A value, if it has been worked out."""
        with self._guard:
            cell = self._cells.get(key)
        return cell.value if cell is not None and cell.is_known else None

    def _look_again(self) -> None:
        """Forgets what was carried along where a file around the plan has changed: asked only once, when it matters."""
        earlier = self._unchecked[:]
        self._unchecked.clear()
        if not all(map(self.snapshot.files.agrees_with, earlier)):
            self._cells.clear()


def _is_seen_alike(old: Snapshot, new: Snapshot) -> bool:
    """Whether two snapshots differ in records only."""
    return (old.read_method, old.today, old.unreadable) == (new.read_method, new.today, new.unreadable)


def _touches(changes: Sequence[Change], key: Key, snapshot: Snapshot) -> bool:
    """Whether some changes may make a value another one."""
    name = key[0]
    if name == "schedule":
        from ..schedule.relevance import can_change_schedule

        return any(can_change_schedule(change.before, change.after) for change in changes)
    reads = _asked_of(snapshot) if name == "standings" else _READS.get(name)
    for side in (side for change in changes for side in (change.before, change.after) if side is not None):
        is_own = name not in _OF_PROJECT or not side.project or side.project == key[1]
        if side.KIND == "board" or (is_own and (reads is None or side.KIND in reads)):
            return True
    return False


def _asked_of(snapshot: Snapshot) -> frozenset[str]:
    """Kinds of records that the questions of the playbook look at."""
    asked = {kind for item in snapshot.playbook.items for kind in (*item.record, item.per) if kind}
    return frozenset({ENTRIES[kind].record if kind in ENTRIES else kind for kind in asked}) | {
        "project",
        "assessment",
        "strategy",
        "person",
        "decision",
    }
