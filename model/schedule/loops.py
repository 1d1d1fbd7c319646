"""Loops among tasks: what is in one, or waits for one, has no date and is left out of the schedule."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from ..plan.plan import target_of
from .problem import LOOP, Problem
from .tasks import Task

_NAMED = 50
"""Cards that one finding names at most."""


@dataclass(frozen=True)
class Loops:
    """The tasks that are left out, and a finding for each loop."""

    left_out: frozenset[str]
    problems: tuple[Problem, ...]


def loops_of(tasks: Mapping[str, Task]) -> Loops:
    """The loops among tasks. A card in progress waits for nothing, but it can be part of a loop."""
    needs = {one.id: [name for name in one.named if name in tasks] for one in tasks.values()}
    needed_by: dict[str, list[str]] = {}
    for one, targets in needs.items():
        for target in targets:
            needed_by.setdefault(target, []).append(one)
    waiting = _remaining(set(needs), needs, needed_by)
    if not waiting:
        return Loops(frozenset(), ())
    core = _remaining(waiting, needed_by, needs)
    problems: list[Problem] = []
    left_out: set[str] = set()
    while core:
        first = min(core)
        loop = _shortest_loop(first, needs, core)
        if loop is None:
            core.discard(first)  # between two loops: it waits for one
            continue
        tied = _connected(first, needs, needed_by, core)
        core -= tied
        gone = _waiters(tied, needed_by, tasks)
        left_out |= gone
        problems.append(_problem(tasks[first], loop, sorted(gone - {*loop})))
    return Loops(frozenset(left_out), tuple(problems))


def _problem(task: Task, loop: tuple[str, ...], waiters: list[str]) -> Problem:
    also = ""
    if waiters:
        more = f" and {len(waiters) - _NAMED} more" if len(waiters) > _NAMED else ""
        also = f"; what waits for it is left out too: {', '.join(waiters[:_NAMED])}{more}"
    index = next((at for at, need in enumerate(task.card.needs) if target_of(need) == loop[1 % len(loop)]), 0)
    return Problem(
        LOOP,
        task.card.address,
        f"needs go round in a circle, so that none of them has a date: {' → '.join((*loop, loop[0]))}{also}",
        ("needs", index),
        "take one of these needs out",
    )


def _remaining(
    nodes: set[str], needs: Mapping[str, Iterable[str]], needed_by: Mapping[str, Iterable[str]]
) -> set[str]:
    """What is left when whatever needs nothing that is left is taken away, again and again."""
    left = set(nodes)
    is_left = left.__contains__
    holding = {one: sum(map(is_left, needs.get(one, ()))) for one in left}
    free = [one for one, count in holding.items() if not count]
    while free:
        one = free.pop()
        left.discard(one)
        for other in needed_by.get(one, ()):
            if other in left:
                holding[other] -= 1
                if not holding[other]:
                    free.append(other)
    return left


def _shortest_loop(
    first: str, needs: Mapping[str, Iterable[str]], inside: Set[str]
) -> tuple[str, ...] | None:
    """A shortest way from a card along its needs back to it."""
    came_from: dict[str, str] = {}
    waiting = deque([first])
    while waiting:
        one = waiting.popleft()
        for target in needs[one]:
            if target == first:
                path = [one]
                while path[-1] != first:
                    path.append(came_from[path[-1]])
                return tuple(reversed(path))
            if target in inside and target not in came_from:
                came_from[target] = one
                waiting.append(target)
    return None


def _connected(
    first: str,
    needs: Mapping[str, Iterable[str]],
    needed_by: Mapping[str, Iterable[str]],
    inside: Set[str],
) -> set[str]:
    """What is tied to a card in loops: it can be reached from there, and leads there."""
    return _reach([first], needs, inside) & _reach([first], needed_by, inside)


def _reach(start: Iterable[str], edges: Mapping[str, Iterable[str]], inside: Set[str]) -> set[str]:
    found = set(start)
    open_ids = list(found)
    while open_ids:
        for other in edges.get(open_ids.pop(), ()):
            if other in inside and other not in found:
                found.add(other)
                open_ids.append(other)
    return found


def _waiters(tied: Set[str], needed_by: Mapping[str, Iterable[str]], tasks: Mapping[str, Task]) -> set[str]:
    """Cards in loops with all that wait for them. A card in progress waits for nothing, unless it is in a loop."""
    waits = {one for one, task in tasks.items() if not task.is_running} | tied
    return _reach(tied, needed_by, waits)
