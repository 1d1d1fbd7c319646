"""Another state of a plan as a read-only workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ...model.plan.change import Batch, ChangeRefused
from ...model.records.address import Address
from ..disk.errors import WriteRefused
from .read import Loaded
from .workspace import Workspace


class Past(Workspace):
    """A state of a plan that was read from a revision; the files on disk have no say in it."""

    def __init__(self, root: str, environment: Mapping[str, str], loaded: Loaded, name: str) -> None:
        """`name` is which state it is, in words."""
        barred = WriteRefused(f"this is the plan at {name}: it can only be read", "Esc goes back")
        super().__init__(root, environment, loaded, barred)

    def stage(self, batch: Batch) -> None:
        """Raises ChangeRefused: there is no file to write."""
        raise ChangeRefused(next(iter(batch.touched)))

    def refresh(self, paths: Collection[str] | None = None) -> frozenset[Address]:  # noqa: ARG002  none of them is its own
        """What was read stays: a revision does not change."""
        return frozenset()

    def reread(self, paths: Iterable[str], label: str = "") -> frozenset[Address]:  # noqa: ARG002
        """What was read stays."""
        return frozenset()
