"""The needs between some cards as links for the solvers, without those that other links imply.

Where C needs B and B needs A, it holds nothing back that C needs A as well. A plan may name a hundred needs where one
would do: with all of them every pass over it, and every run of a forecast, would cost a hundred times as much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..solvers.activity_network import Link
from .tasks import Task

_TRIED = 12
"""Needs of a card of which it is looked at what they imply: enough for 500 that follow each other, and a bound on the
work where none implies anything."""


_NONE: frozenset[str] = frozenset()


def links_of(tasks: Sequence[Task]) -> list[Link]:
    """The needs between some tasks, by their positions, but for plain ones that other plain ones imply.

    Plain is an end before a start without a lag. What is pinned keeps no need, so that nothing is implied through it.
    """
    at = {task.id: number for number, task in enumerate(tasks)}
    plain = {
        task.id: frozenset([before for before, kind, lag in task.needs if kind == "FS" and not lag])
        for task in tasks
        if task.fixed is None
    }
    found: list[Link] = []
    for number, task in enumerate(tasks):
        implied = _implied(plain.get(task.id, _NONE), plain)
        found += [
            Link(at[before], number, kind, lag)
            for before, kind, lag in task.needs
            if (before not in implied or kind != "FS" or lag) and before in at
        ]
    return found


def _implied(needs: frozenset[str], plain: Mapping[str, frozenset[str]]) -> set[str]:
    """Those of a card's plain needs that another one of them needs, too."""
    implied: set[str] = set()
    if len(needs) < 2:
        return implied
    left = sorted(needs)
    for _ in range(min(_TRIED, len(left))):
        # Of some that follow each other the one in the middle implies half of them.
        gone = plain.get(left.pop(len(left) // 2), _NONE) & needs
        if gone:
            implied |= gone
            left = [name for name in left if name not in gone]
        if not left:
            break
    return implied
