"""What the Portfolio screen has worked out meanwhile: the set that is chosen, how firm it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...model.derived.derived import Derived
from ...model.playbook.playbook import Playbook
from ...model.portfolio.break_even import BreakEven, break_evens_of, rank_changes
from ...model.portfolio.concentration import cautions, money_concentration
from ...model.portfolio.proposal import Proposal
from .portfolio_lines import Chosen


def choose_set(
    derived: Derived,
    budget: float | None,
    headcount: float | None,
    stop: Callable[[], bool],
    tell: Callable[[float, float], None],
) -> Chosen:
    """Ranks and chooses; `stop` ends the search with the best set so far, `tell(value, bound)` hears how far it is."""
    proposal = derived.proposal(budget, headcount, stop=stop, tell=tell)
    said = cautions(derived.snapshot, proposal)
    return Chosen(proposal, derived.plan.board.currency, said, money_concentration(proposal.chosen))


def moves_of(
    proposal: Proposal, playbook: Playbook, project: str, stop: Callable[[], bool]
) -> Iterator[BreakEven]:
    """How far inputs of a project must move until it overtakes the next one, comes in, or drops out, as it is found."""
    yield from (one for one in rank_changes(proposal.ranking, playbook) if one.project == project)
    yield from break_evens_of(proposal, playbook, project, stop=stop)
