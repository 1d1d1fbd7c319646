"""Which run of MLflow is meant: by name or id, by a model's alias, or the newest of an experiment.

The newest run is the newest by its beginning among those that finished: no child of another run, not failed, not
deleted, as in MLflow's own list. Others count only where they are asked for by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...model.operations.observation import Unread

FINISHED = "FINISHED"


@dataclass(frozen=True)
class Run:
    """One run."""

    id: str
    name: str
    experiment: str
    state: str
    begins: int
    """Milliseconds since 1970."""
    is_deleted: bool
    is_child: bool

    @property
    def counts(self) -> bool:
        """Whether it may be the newest."""
        return self.state == FINISHED and not self.is_deleted and not self.is_child

    @property
    def said(self) -> str:
        """What it is called, with what is to be known of it."""
        marks = [self.state.casefold()] if self.state != FINISHED else []
        marks += ["deleted"] if self.is_deleted else []
        return f"run {self.name or self.id}" + (f" ({', '.join(marks)})" if marks else "")


def chosen(runs: Sequence[Run], wanted: str) -> Run | Unread:
    """The run that is meant; `wanted` is empty, `experiment:NAME`, or a run's name or id."""
    if not runs:
        return Unread("there is no run of MLflow in it")
    kind, _, name = wanted.partition(":")
    if wanted and kind != "experiment":
        return _by_name(runs, wanted)
    if kind == "experiment":
        within = [one for one in runs if one.experiment == name]
        if not within:
            known = sorted({one.experiment for one in runs})
            return Unread(f"no experiment {name!r} has a run", f"there are: {', '.join(known[:12])}")
    else:
        within = list(runs)
        known = sorted({one.experiment for one in within if one.counts})
        if len(known) > 1:
            return Unread(
                f"{len(known)} experiments have runs: {', '.join(known[:12])}",
                "--run experiment:NAME says which",
            )
    finished = [one for one in within if one.counts]
    if not finished:
        return Unread("no run has finished", "--run NAME takes one that has not")
    return max(finished, key=lambda one: (one.begins, one.id))


def _by_name(runs: Sequence[Run], wanted: str) -> Run | Unread:
    found = [one for one in runs if one.id == wanted] or [one for one in runs if one.name == wanted]
    # A name may be used again: the deleted ones step back.
    found = [one for one in found if not one.is_deleted] or found
    if len(found) == 1:
        return found[0]
    if found:
        return Unread(
            f"{len(found)} runs are called {wanted!r}",
            f"--run with an id: {', '.join(one.id for one in found[:5])}",
        )
    newest = sorted(runs, key=lambda one: -one.begins)
    return Unread(
        f"there is no run {wanted!r}",
        f"the newest are: {', '.join(one.name or one.id for one in newest[:8])}",
    )
