"""How long a card may take: its three points, or the spread that the board gives to a single figure."""

from __future__ import annotations

from ..cards.spread import at_least, spread
from ..records.board import Estimates
from ..schedule.tasks import Task
from ..solvers.beta_pert import ThreePoints


def days_of(task: Task, usual: Estimates) -> ThreePoints:
    """The least, the most likely and the greatest days of work of a card that is still to do.

    What remains of a card in progress has the spread of its estimate, by the same shares.
    """
    card = task.card
    estimate = card.estimate or ()
    if task.is_running and card.remaining is not None:
        if len(estimate) == 3 and estimate[1] > 0:
            low, likely, high = estimate
            return at_least(card.remaining * low / likely, card.remaining, card.remaining * high / likely)
        return spread(card.remaining, usual)
    if not estimate:
        return spread(usual.default, usual)
    if len(estimate) == 1:
        return spread(estimate[0], usual)
    return at_least(*estimate)
