"""What moves the chance of success or a cost besides evidence and estimates: answers and facts of the records.

The playbook says which, by how much and on whose word (`scoring.moves`). Each that holds is a step of the arithmetic
and names the question that caused it. What was not answered moves nothing: a first idea is not held against itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType

from ..playbook.conditions import Reply
from ..playbook.item import Item
from ..playbook.scoring import Fact, Move
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, written
from .project_figures import Answers, complexity, proposed_complexity, weakest_grades

WEAK_DATA = 2.5
"""Average over the datasets, each by its weakest grade, up to which data counts as weak."""
UNAWARE = 2
"""How well a stakeholder knows what ML can do, up to which that counts as not knowing it."""
USUAL_RANDOMNESS = 3
ABOUT_CHANCE = ("dec-go", "dec-gain", "dec-confidence")
ABOUT_COST = ("dec-cost", "dec-budget", "dec-data-work", "dec-schedule")
"""Decisions that an unknown could change, by what that would move."""


@dataclass(frozen=True)
class Moved:
    """A move that holds, and what it follows from."""

    move: Move
    cause: str
    """The question, and what it says."""

    @property
    def step(self) -> str:
        """The factor with its reason."""
        return f"× {written(self.move.by)}, {self.move.means} ({self.cause})"


def moves_of(snapshot: Snapshot, project: Project, said: Answers) -> tuple[Moved, ...]:
    """The moves that hold for a project, in the order of the playbook."""
    found: list[Moved] = []
    for move in snapshot.playbook.scoring.moves:
        if move.by != 1:
            find = (
                _by_answer(snapshot, said, move)
                if move.fact is None
                else _FACTS[move.fact](snapshot, project, said)
            )
            found += [Moved(move, cause) for cause in islice(find, move.most)]
    return tuple(found)


def move_chance(chance: Explained, moves: Sequence[Moved], lowest: float) -> Explained:
    """The chance of success after the moves; never below the lowest one that the playbook has."""
    holding = [one for one in moves if one.move.figure == "chance"]
    if not holding:
        return chance
    p, steps = chance.value, list(chance.steps)
    for one in holding:
        steps.append(f"{written(p)} {one.step} = {written(p * one.move.by)}")
        p *= one.move.by
    if p < lowest:
        p = lowest
        steps.append(f"not below {written(lowest)}")
    return replace(chance, value=p, steps=tuple(steps), figures={**chance.figures, "p": p})


def _by_answer(snapshot: Snapshot, said: Answers, move: Move) -> Iterator[str]:
    if move.when is None:
        return
    item, answer = snapshot.playbook.item(move.when.item), said.answer(move.when.item)
    if item is None or answer is None or not _is_asked(item, said):
        return
    reply = Reply(answer.verdict, answer.values, answer.checked)
    if move.when.holds({item.id: reply}):
        yield str(move.when)


def _is_asked(item: Item, said: Answers) -> bool:
    """Whether a question applies, as far as the question that decides it was answered."""
    if item.when is None:
        return True
    other = said.answer(item.when.item)
    return other is not None and item.when.holds(
        {item.when.item: Reply(other.verdict, checked=other.checked)}
    )


def _proof_failed(snapshot: Snapshot, project: Project, said: Answers) -> Iterator[str]:  # noqa: ARG001
    tried, answer = said.answer("pri-ev-tech"), said.answer("stage-poc")
    # Evidence that points against the method says the same already.
    counted = tried is not None and tried.result == "against"
    if answer is not None and answer.verdict == "does not solve it" and not counted:
        yield "stage-poc: does not solve it"


def _weak_data(snapshot: Snapshot, project: Project, said: Answers) -> Iterator[str]:  # noqa: ARG001
    weakest = weakest_grades(snapshot.plan, project)
    if weakest and sum(weakest) / len(weakest) <= WEAK_DATA:
        yield f"data-inventory: weakest grades {', '.join(map(str, weakest))}"


def _skills_missing(snapshot: Snapshot, project: Project, said: Answers) -> Iterator[str]:  # noqa: ARG001
    there = {skill for person in snapshot.plan.people.values() for skill in person.skills}
    if there:  # a plan that keeps no skills has none to miss
        for skill, months in project.effort.items():
            if months > 0 and skill not in there:
                yield f"effort: {skill}"


def _unaware(snapshot: Snapshot, project: Project, said: Answers) -> Iterator[str]:  # noqa: ARG001
    for name, one in project.stakeholders.items():
        if one.interest in ("decides", "pays") and one.aware is not None and one.aware <= UNAWARE:
            yield f"disc-stakeholders: {name} {one.interest}, aware {one.aware}"


def _randomness(snapshot: Snapshot, project: Project, said: Answers) -> Iterator[str]:  # noqa: ARG001
    grade = said.figure("pri-complexity", "randomness of the problem 1-5") or 0
    for _ in range(USUAL_RANDOMNESS, round(min(grade, 5))):
        yield f"pri-complexity: randomness {written(grade)}"


def _about_chance(snapshot: Snapshot, project: Project, said: Answers) -> Iterator[str]:  # noqa: ARG001
    return _unknowns(project, ABOUT_CHANCE)


def _about_cost(snapshot: Snapshot, project: Project, said: Answers) -> Iterator[str]:  # noqa: ARG001
    return _unknowns(project, ABOUT_COST)


def _unknowns(project: Project, about: Sequence[str]) -> Iterator[str]:
    for name, one in project.unknowns.items():
        if one.could_change in about and not (one.answer or "").strip():
            yield f"disc-unknowns: {name}"


def _too_simple(snapshot: Snapshot, project: Project, said: Answers) -> Iterator[str]:
    answer = said.answer("pri-complexity")
    stated = complexity(snapshot.plan, said, project)
    proposed = proposed_complexity(snapshot.plan, said, project)
    if not isinstance(stated, Explained) or not isinstance(proposed, Explained):
        return
    if answer is not None and answer.because:
        return
    for _ in range(round(stated.value), round(proposed.value)):
        yield f"pri-complexity: {written(stated.value)}, the data propose {written(proposed.value)}"


_FACTS: Mapping[Fact, Callable[[Snapshot, Project, Answers], Iterator[str]]] = MappingProxyType(
    {
        "proof failed": _proof_failed,
        "weak data": _weak_data,
        "skills missing": _skills_missing,
        "open unknowns about chance": _about_chance,
        "open unknowns about cost": _about_cost,
        "unaware deciders": _unaware,
        "randomness above 3": _randomness,
        "complexity below the data's": _too_simple,
    }
)
"""By fact, its causes in a project: one for each time that it holds."""
