"""What the Portfolio screen has worked out in threads: the set that is chosen, how firm it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from ..model.firmness import cautions, spread
from ..model.plan import Plan
from ..model.proposal import Proposal, propose
from ..model.sensitivity import Tipping, overtakings, tippings
from ..model.worth import ranking
from ..storage.playbook import playbook_of
from ..storage.read import SourceFile
from .portfolio_lines import Chosen


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


def moves_of(
    proposal: Proposal, files: Mapping[str, SourceFile], project: str, stop: Callable[[], bool]
) -> list[Tipping]:
    """How far inputs of a project must move until it comes in, drops out, or overtakes the next one."""
    playbook, _ = playbook_of(files)
    overtaking = [one for one in overtakings(proposal.ranking, playbook) if one.project == project]
    return [*tippings(proposal, playbook, project, stop=stop), *overtaking]
