"""One state of a plan with all that gives it its meaning, so that nothing else need be handed along.

A playbook takes longer to read than most plans, and many views never ask for it: it is read when it is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..plan.change import Change, apply
from ..plan.plan import Plan
from ..records.address import Address
from ..records.findings import Finding
from .repository_files import RepositoryFiles

if TYPE_CHECKING:
    from ..playbook.playbook import Playbook


class Method(NamedTuple):
    """The playbook that a plan follows, and what is wrong with the team's part of it."""

    playbook: Playbook
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """A plan as it is, or was at a revision, seen on a day."""

    plan: Plan
    read_method: Callable[[], Method]
    """Compared by identity: another callable may mean another playbook."""
    today: dt.date
    reading: tuple[Finding, ...] = ()
    """What was wrong with files and values."""
    unreadable: frozenset[Address] = frozenset()
    """Records that are there but cannot be read at present: nothing is said to be missing because of them."""
    revision: str = ""
    """Of the repository; empty for the work tree."""
    files: RepositoryFiles = field(default_factory=RepositoryFiles)
    """Where it is looked up whether evidence is there."""

    @classmethod
    def of(
        cls,
        plan: Plan,
        playbook: Playbook,
        today: dt.date,
        unreadable: frozenset[Address] = frozenset(),
        files: RepositoryFiles | None = None,
    ) -> Snapshot:
        """A snapshot whose playbook has been read already; without `files` no evidence is looked up."""
        method = Method(playbook)
        return cls(plan, lambda: method, today, unreadable=unreadable, files=files or RepositoryFiles())

    @cached_property
    def method(self) -> Method:
        """The playbook with what is wrong with it."""
        return self.read_method()

    @cached_property
    def unreadable_ids(self) -> frozenset[tuple[str, str]]:
        """Kind and id of each record that cannot be read."""
        return frozenset((one.kind, one.id) for one in self.unreadable)

    @cached_property
    def unreadable_in(self) -> frozenset[tuple[str, str]]:
        """Kind and project of each record that cannot be read."""
        return frozenset((one.kind, one.project) for one in self.unreadable)

    @property
    def playbook(self) -> Playbook:
        """The playbook that the plan follows."""
        return self.method.playbook

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What reading found: in files, in values and in the playbook."""
        return (*self.reading, *self.method.findings)

    def with_plan(self, plan: Plan) -> Snapshot:
        """The same with another plan."""
        return replace(self, plan=plan)

    def after(self, changes: Iterable[Change]) -> Snapshot:
        """The same after some changes."""
        return self.with_plan(apply(self.plan, changes))
