"""What the Operate screen shows of a project: its records at once; readiness, states and documents from the worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from ...model.derived.derived import Derived
from ...model.operations.coverage import Ways, monitors_of, uncovered_risks, unwatched
from ...model.operations.documents import Document, dated_documents, documents
from ...model.operations.monitors import MonitorState, states_of
from ...model.operations.rubric import Readiness, readiness
from ...model.operations.tracks import Track, tracks
from ...model.operations.trials import TrialState, trial_states
from ...model.plan.change import Path
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.delivery import Model, Monitor, Rollout
from ...model.records.governance import Risk
from ...model.records.project import Project
from ...model.records.strategy import Metric
from ..screens.section_screen import Tell
from ..screens.sections import Place
from ..session.worker import Task

WATCH = "watch"
"""In the place of a kind: a way to go bad that no monitor watches."""
TRACK = "track"
"""In the place of a kind: a track of Execute."""


@dataclass(frozen=True)
class Found:
    """What takes time to find out."""

    tracks: tuple[Track, ...]
    readiness: Readiness | None
    states: tuple[MonitorState, ...]
    """Of the monitors, those that need a person first."""
    documents: tuple[Document, ...]


def find(derived: Derived, project: str, task: Task, tell: Tell) -> Found:
    """Finds it out; what git says of the documents comes last."""
    snapshot, standing = derived.snapshot, derived.told(task).standings(project)
    found = Found(
        tracks(snapshot, project, standing),
        readiness(snapshot, project, standing),
        tuple(states_of(snapshot, project)),
        documents(snapshot.plan, project, standing),
    )
    tell(found)
    task("looking at git", None)
    return replace(found, documents=dated_documents(snapshot.plan, project, standing, snapshot.files))


@dataclass(frozen=True)
class ProjectData:
    """A project as its rows are drawn from."""

    plan: Plan
    project: Project
    today: dt.date
    found: Found | None = None
    """None while it is worked out."""
    ways: Ways = ()
    """What the playbook wants to be watched."""

    def at(self, kind: str, key: str, *path: str) -> Place:
        """The place of a record or an entry of the project."""
        return Place(Address(kind, self.project.id, key), path)

    @cached_property
    def rollouts(self) -> Mapping[str, Rollout]:
        """By id; those that run first, then those to come, then what is over."""
        found = [cast("Rollout", one) for one in self.plan.of_kind("rollout", self.project.id)]
        found.sort(key=lambda one: (one.ended is not None, one.started is None, one.id))
        return {one.id: one for one in found}

    @cached_property
    def trials(self) -> Mapping[str, TrialState]:
        """The live tests, by id."""
        return {one.experiment.id: one for one in trial_states(self.plan, self.project.id, self.today)}

    @cached_property
    def models(self) -> Mapping[str, Model]:
        """By id; those that are live first."""
        found = [cast("Model", one) for one in self.plan.of_kind("model", self.project.id)]
        found.sort(key=lambda one: (one.live_from is None, one.live_to is not None, one.id))
        return {one.id: one for one in found}

    @cached_property
    def monitors(self) -> Mapping[str, Monitor]:
        """By id, as they are recorded."""
        return {one.id: one for one in monitors_of(self.plan, self.project.id)}

    @cached_property
    def states(self) -> Mapping[str, MonitorState]:
        """By the monitor's id; those that need a person first; empty while they are worked out."""
        return {one.monitor.id: one for one in self.found.states} if self.found is not None else {}

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """By the id of the question."""
        return {one.id: one for one in self.found.documents} if self.found is not None else {}

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """By id."""
        return self.plan.strategy(self.project.id).metrics

    def risk(self, name: str) -> str:
        """What a risk is called."""
        one = self.plan.get(Address("risk", self.project.id, name))
        return one.label if one is not None else name

    def called(self, metric: str) -> str:
        """What a metric is called; a signal of the system has no other name than its own."""
        one = self.metrics.get(metric.rpartition("/")[2])
        return one.label if one is not None else metric

    @cached_property
    def risks(self) -> Mapping[str, Risk]:
        """Grave risks that no monitor covers, by id."""
        return {one.id: one for one in uncovered_risks(self.plan, self.project.id)}

    @cached_property
    def unwatched(self) -> list[str]:
        """Ways to go bad that no monitor watches."""
        return unwatched(self.plan, self.project.id, self.ways)

    @property
    def waiting(self) -> int:
        """How many tests and monitors need a person now."""
        fired = sum(one.state == "fired" or _is_spent(one) for one in self.states.values())
        return fired + sum(one.needs_a_person for one in self.trials.values())


def _is_spent(one: MonitorState) -> bool:
    return one.budget is not None and one.budget.is_spent


def step_of(path: Path) -> str:
    """The step of a rollout that a row is about; empty where it is about the rollout."""
    return path[1] if len(path) > 1 and path[0] == "steps" else ""
