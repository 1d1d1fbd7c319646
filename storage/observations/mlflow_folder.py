"""Runs of MLflow in folders (`mlruns/`), as it kept them before its database.

Keys with a slash are folders, keys with spaces file names; a line of a metric is its time, value and step. A deleted
run stays where it was, with a mark in its `meta.yaml`.
"""

from __future__ import annotations

from typing import cast

from ...model.operations.observation import Observed, Unread, number
from ...model.records.values import is_table
from .documents import yaml_documents
from .moments import from_milliseconds
from .places import Place
from .runs import FINISHED, Run, chosen

_STATES = {1: "RUNNING", 2: "SCHEDULED", 3: FINISHED, 4: "FAILED", 5: "KILLED"}
_META = "meta.yaml"
MOST_BYTES = 50_000_000
"""Of the file of a metric, which has a line for each step."""


class Folder:
    """The folder of a store, for as many values as are wanted of it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._folders: dict[str, str] = {}
        """The folder of each run, by its id, below the store."""
        self._runs: list[Run] | None = None

    def observe(self, wanted: str, key: str) -> Observed | Unread:
        """The latest value of a metric in a run."""
        if wanted.startswith("model:"):
            return Unread("folders of MLflow keep no aliases of models", "--run NAME says which run")
        try:
            run = chosen(self.runs(), wanted)
            if isinstance(run, Unread):
                return run
            found = self._latest(run, key)
        except (OSError, ValueError) as error:
            return Unread(f"it cannot be read: {error}")
        except RecursionError:
            return Unread(f"it cannot be read: a {_META} is nested too deep")
        if found is None:
            return self._absent(run, key)
        value, at = found
        value = number(value, f"{key} of {run.said}")
        return value if isinstance(value, Unread) else Observed(value, from_milliseconds(at), run.said)

    def runs(self) -> list[Run]:
        """All runs, with what is to be known of them. Raises OSError or ValueError."""
        if self._runs is None:
            self._runs = []
            for experiment in self._place.folders():
                meta = self._meta(experiment)
                if meta is None:
                    continue
                name, is_gone = str(meta.get("name", experiment)), meta.get("lifecycle_stage") == "deleted"
                for folder in self._place.folders(experiment):
                    run = self._run(f"{experiment}/{folder}", name, is_gone=is_gone)
                    if run is not None:
                        self._runs.append(run)
        return self._runs

    def _run(self, folder: str, experiment: str, *, is_gone: bool) -> Run | None:
        meta = self._meta(folder)
        if meta is None:
            return None
        run = str(meta.get("run_id") or meta.get("run_uuid") or folder.rpartition("/")[2])
        self._folders[run] = folder
        begins, state = meta.get("start_time"), meta.get("status")
        name = meta.get("run_name") or self._place.text(f"{folder}/tags/mlflow.runName") or ""
        return Run(
            run,
            str(name),
            experiment,
            _STATES.get(state, str(state)) if isinstance(state, int) else str(state),
            begins if isinstance(begins, int) else 0,
            is_gone or meta.get("lifecycle_stage") == "deleted",
            self._place.text(f"{folder}/tags/mlflow.parentRunId") is not None,
        )

    def _meta(self, folder: str) -> dict[str, object] | None:
        text = self._place.text(f"{folder}/{_META}")
        found = yaml_documents(text) if text is not None else []
        return cast("dict[str, object]", found[0]) if found and is_table(found[0]) else None

    def _latest(self, run: Run, key: str) -> tuple[float, int] | None:
        """Value and time at the highest step, of those the latest, of those the largest."""
        text = self._place.text(f"{self._folders[run.id]}/metrics/{key}", MOST_BYTES)
        lines = (line.split() for line in (text or "").splitlines() if line.strip())
        last = max((_step(line) for line in lines), default=None)
        return (last[2], last[1]) if last is not None else None

    def _absent(self, run: Run, key: str) -> Unread:
        having = [
            one
            for one in self.runs()
            if one.counts and one.experiment == run.experiment and self._has(one, key)
        ]
        if not having:
            return Unread(f"{run.said} has no {key}", "nor has another run of its experiment")
        last = max(having, key=lambda one: one.begins)
        return Unread(
            f"{run.said} has no {key}",
            f"{last.said} had it last: --run {last.name or last.id} takes that one",
        )

    def _has(self, run: Run, key: str) -> bool:
        return self._place.text(f"{self._folders[run.id]}/metrics/{key}", MOST_BYTES) is not None


def _step(words: list[str]) -> tuple[int, int, float]:
    """Step, time and value of a line. Raises ValueError."""
    if len(words) not in (2, 3):
        raise ValueError(f"a line of a metric has {len(words)} words, not its time, value and step")
    return int(words[2]) if len(words) > 2 else 0, int(words[0]), float(words[1])
