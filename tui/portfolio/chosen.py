"""What was chosen under some limits, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...model.portfolio.concentration import Caution
from ...model.portfolio.proposal import Proposal
from ...model.solvers.choose import Choice
from ...model.text.figure import Explained
from ...model.value.worth import Worth


@dataclass(frozen=True)
class Chosen:
    """A set of projects with all figures of its ranking."""

    proposal: Proposal
    currency: str
    cautions: tuple[Caution, ...]
    spread: Explained | None
    """How concentrated the money is; None where none is spent."""
    frontier: tuple[tuple[float, Choice], ...] | None = None
    """The best sets with the money that they need, the cheapest first; None while they are looked for."""
    trial: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """Projects that are in, or out, only to see what that does."""

    @property
    def ids(self) -> frozenset[str]:
        """The chosen projects."""
        return frozenset(one.project.id for one in self.proposal.chosen)

    @property
    def numbers(self) -> Mapping[str, int]:
        """For each project its place in the lists, which the map shows."""
        return {one.worth.project.id: at for at, one in enumerate(self.proposal.ranking.all, start=1)}

    def worth(self, project: str) -> Worth | None:
        """The figures of a project."""
        return next((one for one in self.proposal.worths if one.project.id == project), None)
