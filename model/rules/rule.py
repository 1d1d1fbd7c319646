"""What a rule of `check` is: what it says about itself, what it looks at, and the pure function that looks.

A function looks at one subject (a record, a project, the plan) and yields hits; code and severity are added in one
place, so that a rule states them once and a plan may change them. Each rule says what its function reads, so that
after a change only that is looked at again which may have come out differently.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..assess.standing import Standing, standings
from ..records.address import Address
from ..records.base import Record
from ..records.findings import Finding, Severity
from ..records.kinds import ENTRIES
from ..snapshot.snapshot import Snapshot
from ..value.worth import Worth, worth
from .naming import Suggestion, has, suggestion

if TYPE_CHECKING:
    import datetime as dt

    from ..operations.experiments import Trial
    from ..operations.reading import ExperimentRead
    from ..plan.plan import Plan
    from ..playbook.playbook import Playbook
    from ..records.project import Project
    from ..schedule.schedule import Schedule

FAMILIES = {
    "F": "files and format",
    "R": "references and links",
    "A": "assess",
    "P": "plan",
    "E": "execute",
    "I": "iterate",
    "D": "compared with another revision",
}
"""Letters that codes begin with. A plan may speak of a family that this version has no rule of."""


PLAYBOOK = "docs/playbook.md: "
"""What a source in the playbook begins with."""
FIGURES = ("assessment", "dataset", "model", "strategy")
"""Kinds of records that the figures of a project come from, besides the project's own."""


class Hit(NamedTuple):
    """A place in the plan where a rule does not hold."""

    address: Address
    message: str
    """What is wrong, with the facts in it, in one line."""
    field: tuple[str | int, ...] = ()
    hint: str = ""
    """What to do about it."""
    fix: str = ""
    """Label of the change that mends it safely; empty where there is none."""


MOST_SUGGESTIONS = 25
"""Names that are compared with all others; a plan with more wrong ones has another trouble than typing errors."""


class View:
    """A snapshot as the functions of rules see it, with what several of them ask for."""

    def __init__(
        self, snapshot: Snapshot, naming: Naming | None = None, rules: Mapping[str, Rule] | None = None
    ) -> None:
        """`naming` gives the records that name an id, `rules` all rules by code; without them none are looked up."""
        self.snapshot = snapshot
        self.plan: Plan = snapshot.plan
        self.today: dt.date = snapshot.today
        self.naming: Naming = naming if naming is not None else {}
        self.rules: Mapping[str, Rule] = rules if rules is not None else {}
        self.memo: dict[Hashable, Suggestion] = {}
        """What was probably meant by names that nothing has."""
        self._worths: dict[str, Worth] = {}
        self._standings: dict[str, Mapping[str, Standing]] = {}
        self._reads: dict[Address, ExperimentRead | None] = {}

    @property
    def playbook(self) -> Playbook:
        """The questions themselves."""
        return self.snapshot.playbook

    @cached_property
    def schedule(self) -> Schedule | None:
        """The schedule; None where no card says how long it takes or when it is to start."""
        from ..schedule.schedule import schedule

        cards = self.plan.cards.values()
        if not any(card.is_open and (card.estimate or card.fixed) for card in cards):
            return None
        return schedule(self.snapshot)

    def standings(self, project: str) -> Mapping[str, Standing]:
        """How far a project is with every question, worked out once."""
        found = self._standings.get(project)
        if found is None:
            found = self._standings[project] = standings(self.snapshot, project)
        return found

    def worth(self, project: Project) -> Worth | None:
        """The figures of a project, worked out once; None where a record that they come from cannot be read."""
        if any(self.unread(kind, project.id) for kind in FIGURES):
            return None
        found = self._worths.get(project.id)
        if found is None:
            found = self._worths[project.id] = worth(self.snapshot, project)
        return found

    def read(self, trial: Trial) -> ExperimentRead | None:
        """What the counts of a live test say, worked out once; None where they are missing or contradict each other."""
        from ..operations.reading import read_experiment

        record = trial.record
        if record.address not in self._reads:
            arms, found = record.arms.values(), None
            if len(arms) > 1 and all(arm.units is not None for arm in arms):
                with suppress(ValueError):
                    found = read_experiment(trial, self.today)
            self._reads[record.address] = found
        return self._reads[record.address]

    @cached_property
    def has_dropped(self) -> bool:
        """Whether any card was dropped."""
        return any(card.status == "dropped" for card in self.plan.cards.values())

    @cached_property
    def places(self) -> frozenset[str]:
        """Where a card may be: `execute`, `execute/data-pipeline`."""
        return frozenset(self.playbook.places())

    @cached_property
    def items(self) -> frozenset[str]:
        """Ids of the playbook's questions."""
        return frozenset(item.id for item in self.playbook.items)

    @cached_property
    def gates(self) -> frozenset[str]:
        """Ids of the playbook's gates."""
        return frozenset(gate.id for gate in self.playbook.gates)

    def has(self, kind: str, target: str, project: str) -> bool:
        """Whether an id (or `project/id`) names something; what cannot be read at present counts as there."""
        return has(self.snapshot, kind, target, project)

    def unread(self, kind: str, project: str) -> bool:
        """Whether a record of a kind cannot be read at present, so that nothing can be said to be missing."""
        return (kind, project) in self.snapshot.unreadable_in

    def suggestion(self, kind: str, target: str, project: str) -> Suggestion:
        """What was meant by a name that the plan does not have."""
        return self.meant((kind, target, project), lambda: suggestion(self.snapshot, kind, target, project))

    def meant(self, key: Hashable, find: Callable[[], Suggestion]) -> Suggestion:
        """What was probably meant, found once for each key; nothing beyond the first few keys of a plan."""
        found = self.memo.get(key)
        if found is None:
            is_few = len(self.memo) < MOST_SUGGESTIONS
            found = self.memo[key] = find() if is_few else Suggestion()
        return found


Naming = dict[str, tuple[Address, ...]]
"""For each id, the records that name it."""
Find = Callable[[Any, View], Iterable[Hit]]
Advise = Callable[[Finding, View], Finding]
Scope = Literal["record", "project", "folder", "plan"]


def _always(before: Record | None, after: Record | None) -> bool:  # noqa: ARG001
    return True


def _none(record: Record, view: View) -> Iterable[Address]:  # noqa: ARG001
    return ()


@dataclass(frozen=True)
class Check:
    """A function that looks for what breaks a rule, and what it reads.

    Every function may read the board, the playbook, the day and what cannot be read: when one of these changes,
    everything is looked at again.
    """

    scope: Scope
    """What it looks at in one call: a record; a project; a folder of a project by its name, with a project file or
    without; the plan."""
    find: Find
    kinds: frozenset[str] = frozenset()
    """Kinds of records that it looks at (record) or reads (else); all where none is named."""
    matters: Callable[[Record | None, Record | None], bool] = _always
    """Whether another state of a record may come out differently."""
    near: Callable[[Record, View], Iterable[Address]] = _none
    """Which records to look at again, too, when this one has changed, come or gone."""
    advise: Advise | None = None
    """Adds what to do about a finding where that takes long to find out; asked when a person looks."""
    needs_schedule: bool = False
    """Whether it looks at the schedule, which is made for `check` and not while a person works."""

    def reads(self, kind: str) -> bool:
        """Whether a change of a record of a kind may come out differently."""
        return not self.kinds or kind in self.kinds

    @property
    def matters_always(self) -> bool:
        """Whether every other state of a record may come out differently."""
        return self.matters is _always

    @property
    def has_near(self) -> bool:
        """Whether the change of one record may have others looked at again."""
        return self.near is not _none


def per_record(
    find: Find,
    *kinds: str,
    matters: Callable[[Record | None, Record | None], bool] = _always,
    near: Callable[[Record, View], Iterable[Address]] = _none,
    advise: Advise | None = None,
) -> Check:
    """A check that looks at each record of some kinds, or of all; of cards with the same id, at the first one."""
    return Check("record", find, frozenset(kinds), matters, near, advise)


def per_project(find: Find, *kinds: str) -> Check:
    """A check that looks at a project and its records of some kinds, or of all."""
    return Check("project", find, frozenset(kinds))


def per_active(
    find: Find, *kinds: str, matters: Callable[[Record | None, Record | None], bool] = _always
) -> Check:
    """The same for projects that are worked on."""

    def find_active(project: Project, view: View) -> Iterable[Hit]:
        return find(project, view) if project.state == "active" else ()

    return Check("project", find_active, frozenset(kinds), matters)


def per_plan(
    find: Find,
    *kinds: str,
    matters: Callable[[Record | None, Record | None], bool] = _always,
    advise: Advise | None = None,
) -> Check:
    """A check that looks at the plan as a whole, and reads records of some kinds, or of all."""
    return Check("plan", find, frozenset(kinds), matters, advise=advise)


def per_schedule(find: Find, *kinds: str) -> Check:
    """A check that looks at the schedule of the plan."""
    return Check("plan", find, frozenset(kinds), needs_schedule=True)


_SECTIONS = {
    kind: tuple((one.name, one.section) for one in ENTRIES.values() if one.record == kind)
    for kind in {one.record for one in ENTRIES.values()}
}
"""By kind of record the kinds of entries in it that others may name, each with its section."""


def naming(record: Record, view: View) -> Iterable[Address]:
    """The records that name this one, or something in it."""
    known = view.naming
    return {address for one in names(record) for address in known.get(one.id, ())}


def names(record: Record | None) -> frozenset[Address]:
    """What other records may name: a record, and the entries in it."""
    if record is None:
        return frozenset()
    sections = _SECTIONS.get(record.KIND)
    if sections is None:
        return frozenset((record.address,))
    entries = (
        Address(name, record.project, key) for name, section in sections for key in getattr(record, section)
    )
    return frozenset((record.address, *entries))


def other_names(before: Record | None, after: Record | None) -> bool:
    """Whether a change makes something nameable, or takes it away."""
    return names(before) != names(after)


@dataclass(frozen=True)
class Rule:
    """One thing that `check` looks for."""

    code: str
    name: str
    """In kebab case; says what is wrong."""
    severity: Severity
    why: str
    """What goes wrong where the rule is broken."""
    wayout: str
    """What to do about it."""
    source: str
    """Where the rule comes from."""
    example: str
    """Lines of a plan that break it, as in its sample."""
    check: Check | None = None
    """None for what shows itself while files are read, before there is a plan."""

    @property
    def family(self) -> str:
        """What the first letter of the code stands for."""
        return FAMILIES[self.code[0]]
