"""What the Portfolio screen has worked out in threads: the set that is chosen, how firm it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from ...model.plan.plan import Plan
from ...model.portfolio.break_even import Tipping, overtakings, tippings_of
from ...model.portfolio.concentration import cautions, spread
from ...model.portfolio.proposal import Proposal, propose
from ...model.value.worth import ranking
from ...storage.plan.playbook import playbook_of
from ...storage.plan.read import SourceFile
from .portfolio_lines import Chosen


def choose_set(
    plan: Plan,
    files: Mapping[str, SourceFile],
    today: dt.date,
    budget: float | None,
    headcount: float | None,
    stop: Callable[[], bool],
    tell: Callable[[float, float], None],
) -> Chosen:
    """Ranks and chooses; `stop` ends the search with the best set so far, `tell(value, bound)` hears how far it is."""
    playbook, _ = playbook_of(files)
    ranked = ranking(plan, playbook, today, budget=budget, headcount=headcount)
    proposal = propose(plan, ranked, today, stop=stop, tell=tell)
    return Chosen(proposal, plan.board.currency, cautions(plan, playbook, proposal), spread(proposal.chosen))


def moves_of(
    proposal: Proposal, files: Mapping[str, SourceFile], project: str, stop: Callable[[], bool]
) -> Iterator[Tipping]:
    """How far inputs of a project must move until it overtakes the next one, comes in, or drops out, as it is found."""
    playbook, _ = playbook_of(files)
    yield from (one for one in overtakings(proposal.ranking, playbook) if one.project == project)
    yield from tippings_of(proposal, playbook, project, stop=stop)
