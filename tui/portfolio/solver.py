"""What the Portfolio screen has worked out meanwhile: the set that is chosen, how firm it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ...model.derived.derived import Derived
from ...model.playbook.playbook import Playbook
from ...model.portfolio.break_even import BreakEven, break_evens_of, rank_changes
from ...model.portfolio.concentration import cautions, money_concentration
from ...model.portfolio.proposal import Proposal
from ..session.worker import Task
from .chosen import Chosen


@dataclass(eq=False)
class Search:
    """A choice that is being worked out."""

    budget: float | None
    headcount: float | None
    trial: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """Projects that are in, or out, only to see what that does."""
    is_stopped: bool = False
    """Whether the person is content with the best set so far."""


def choose_set(derived: Derived, search: Search, task: Task) -> Chosen:
    """Ranks and chooses."""
    proposal = derived.told(task).proposal(
        search.budget,
        search.headcount,
        required=[one for one, is_in in search.trial.items() if is_in],
        excluded=[one for one, is_in in search.trial.items() if not is_in],
        stop=lambda: search.is_stopped or task.is_dropped(),
    )
    said = cautions(derived.snapshot, proposal)
    spread = money_concentration(proposal.chosen)
    return Chosen(proposal, derived.plan.board.currency, said, spread, trial=search.trial)


def moves_of(
    proposal: Proposal, playbook: Playbook, project: str, stop: Callable[[], bool]
) -> Iterator[BreakEven]:
    """How far inputs of a project must move until it overtakes the next one, comes in, or drops out, as it is found."""
    yield from (one for one in rank_changes(proposal.ranking, playbook) if one.project == project)
    yield from break_evens_of(proposal, playbook, project, stop=stop)
