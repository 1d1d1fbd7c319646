"""A trial: steps that are made on the plan in memory only, until they are kept as one step or dropped."""

from __future__ import annotations

import threading

from ...model.derived.derived import Derived
from ...model.edit.merge import rebased
from ...model.plan.change import Batch, ChangeRefused, folded


class Trial:
    """Steps that no file has; the plan with them, and what follows from it."""

    def __init__(self, before: Derived) -> None:
        """`before` is what follows from the plan without them."""
        self._guard = threading.RLock()
        self.before = before
        self.derived = before.apart()
        self.steps: tuple[Batch, ...] = ()
        self._undone: list[Batch] = []

    def do(self, batch: Batch) -> None:
        """Makes a step. Raises ChangeRefused where it does not fit the plan with the steps before it."""
        with self._guard:
            self._make(batch)
            self._undone.clear()

    def _make(self, batch: Batch) -> None:
        self.derived = self.derived.after(self.derived.snapshot.after(batch.changes), batch.changes)
        self.steps = (*self.steps, batch)

    def undo(self) -> Batch | None:
        """Takes back the last step, and gives it; None where there is none."""
        with self._guard:
            if not self.steps:
                return None
            *kept, last = self.steps
            self._rest_on(kept)
            self._undone.append(last)
            return last

    def redo(self) -> Batch | None:
        """Makes the step again that was taken back last, and gives it; None where there is none."""
        with self._guard:
            if not self._undone:
                return None
            batch = self._undone.pop()
            self._make(batch)
            return batch

    def follow(self, before: Derived) -> list[Batch]:
        """Goes on from a plan that was changed elsewhere; the steps that no longer fit it, and are given up."""
        with self._guard:
            self.before = before
            self._undone.clear()
            return self._rest_on(self.steps)

    def _rest_on(self, steps: tuple[Batch, ...] | list[Batch]) -> list[Batch]:
        """Makes steps on top of the plan without any; those that do not fit it."""
        self.derived, self.steps = self.before.apart(), ()
        unfit: list[Batch] = []
        for batch in steps:
            try:
                self._make(rebased(self.derived.plan, batch))
            except ChangeRefused:
                unfit.append(batch)
        return unfit

    def batch(self) -> Batch:
        """All steps as one."""
        with self._guard:
            if len(self.steps) == 1:
                return self.steps[0]
            renamed = tuple(name for one in self.steps for name in one.renamed)
            labels = "; ".join(one.label for one in self.steps)
            changes = folded(change for one in self.steps for change in one.changes)
            return Batch(f"{len(self.steps)} edits: {labels}", changes, renamed)
