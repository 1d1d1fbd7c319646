"""What waits for what, and the milestones that each card leads to.

They are the same as long as no need and no milestone changes, so that they are carried along from state to state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from .tasks import Task, milestone_key

Key = tuple[str, str]
"""Project and id of a milestone; an empty id stands for the project's end."""


class Downstream:
    """What waits for each of some tasks, and which milestones it leads to."""

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        self._tasks = tasks

    def following(self, tasks: Mapping[str, Task], changed: Sequence[Task]) -> Downstream:
        """That of the same tasks where some have other figures, and all have the needs that they had."""
        is_same = all(milestone_key(self._tasks[one.id].card) == milestone_key(one.card) for one in changed)
        return self if is_same else Downstream(tasks)

    @cached_property
    def needed_by(self) -> Mapping[str, tuple[str, ...]]:
        """For each card, those that name it as a need, in progress or not."""
        found: dict[str, list[str]] = {}
        for task in self._tasks.values():
            for name in task.named:
                if name in self._tasks:
                    found.setdefault(name, []).append(task.id)
        return {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}

    @cached_property
    def leads_to(self) -> Mapping[str, tuple[Key, ...]]:
        """The milestones of each card: its own, and those of all that wait for it."""
        numbers: dict[Key, int] = {}
        masks: dict[str, int] = {}
        for task in self._tasks.values():
            key = milestone_key(task.card)
            masks[task.id] = 1 << numbers.setdefault(key, len(numbers)) if key else 0
        if numbers:
            for name in _from_the_end(self._tasks, self.needed_by):
                for after in self.needed_by.get(name, ()):
                    masks[name] |= masks[after]
        keys = list(numbers)
        known: dict[int, tuple[Key, ...]] = {}
        for mask in set(masks.values()):
            known[mask] = tuple(key for at, key in enumerate(keys) if mask >> at & 1)
        return {name: known[mask] for name, mask in masks.items()}

    @cached_property
    def keys(self) -> Mapping[str, tuple[Key, ...]]:
        """The milestones of each card, then its project's end."""
        known: dict[tuple[tuple[Key, ...], str], tuple[Key, ...]] = {}
        found: dict[str, tuple[Key, ...]] = {}
        for name, keys in self.leads_to.items():
            project = self._tasks[name].project
            group = known.get((keys, project))
            if group is None:
                group = known[keys, project] = (*keys, (project, ""))
            found[name] = group
        return found

    @cached_property
    def members(self) -> Mapping[Key, list[str]]:
        """The cards that lead to each milestone, in the order of the board."""
        return by_key(self.leads_to)


def by_key(keys_of: Mapping[str, tuple[Key, ...]]) -> dict[Key, list[str]]:
    """The cards by what they lead to."""
    found: dict[Key, list[str]] = {}
    for card, keys in keys_of.items():
        for key in keys:
            found.setdefault(key, []).append(card)
    return found


def _from_the_end(tasks: Mapping[str, Task], needed_by: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Each card after all that wait for it; those in loops last, in no order that matters."""
    waits = {name: sum(1 for _ in needed_by.get(name, ())) for name in tasks}
    ready = [name for name, count in waits.items() if not count]
    seen: set[str] = set()
    while ready:
        name = ready.pop()
        seen.add(name)
        yield name
        for before in dict.fromkeys(tasks[name].named):
            if before in waits:
                waits[before] -= 1
                if not waits[before]:
                    ready.append(before)
    yield from (name for name in tasks if name not in seen)
