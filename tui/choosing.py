"""What the Portfolio screen has worked out in threads: the set that is chosen, what budgets buy, how firm it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from ..model.explained import figure_of
from ..model.firmness import Tipping, cautions, overtakings, spread, tippings
from ..model.plan import Plan
from ..model.portfolio import Choice
from ..model.proposal import Proposal, propose
from ..model.worth import ranking
from ..storage.playbook import playbook_of
from ..storage.read import SourceFile
from .portfolio_lines import Chosen

_POINTS = 12
"""Most sets of the efficient frontier that are shown."""


def choose_set(
    plan: Plan,
    files: Mapping[str, SourceFile],
    today: dt.date,
    budget: float | None,
    headcount: float | None,
    stop: Callable[[], bool],
) -> Chosen:
    """Ranks and chooses; `stop` ends the search with the best set so far."""
    playbook, _ = playbook_of(files)
    proposal = propose(
        plan, ranking(plan, playbook, today, budget=budget, headcount=headcount), today, stop=stop
    )
    return Chosen(proposal, plan.board.currency, cautions(plan, playbook, proposal), spread(proposal.chosen))


def best_sets(proposal: Proposal, stop: Callable[[], bool]) -> tuple[tuple[float, Choice], ...]:
    """The efficient frontier: best sets with the money that they need, the cheapest first. Each costs a search."""
    costs = [figure_of(one.cost) for one in proposal.worths]
    points: list[tuple[float, Choice]] = []
    budget = sum(costs)
    while budget > 0 and len(points) < _POINTS and not stop():
        choice = proposal.at_budget(budget)
        if choice.conflict is not None or not choice.chosen:
            break
        used = sum(costs[one] for one in choice.chosen)
        points.append((used, choice))
        # The next smaller budget is the first that no longer pays for this set.
        budget = used * (1 - 1e-6)
    return tuple(reversed(points))


def moves_of(proposal: Proposal, files: Mapping[str, SourceFile], project: str) -> list[Tipping]:
    """How far inputs of a project must move until it comes in, drops out, or overtakes the next one."""
    playbook, _ = playbook_of(files)
    overtaking = [one for one in overtakings(proposal.ranking, playbook) if one.project == project]
    return [*tippings(proposal, playbook, project), *overtaking]
