"""What speaks against a proposed set, and how far an input must move to change it.

The cautions are the playbook's `port-many`: one project with most of the money, a good chance that nothing ships, one
weak point under all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import cast

from .calculators import concentration
from .explained import Explained, amount, figure_of, written
from .figures import present_value_of_one
from .plan import Plan
from .playbook.playbook import Playbook
from .portfolio import Choice, tipping_point, turning_value
from .proposal import Proposal
from .records.dataset import Dataset
from .visible import one_line
from .worth import Ranking, Worth, bet

FURTHEST = 10.0
"""How many times its present size a gain is followed upwards."""


@dataclass(frozen=True)
class Caution:
    """Something that speaks against the set, by a rule of the playbook."""

    rule: str
    message: str


@dataclass(frozen=True)
class Tipping:
    """How far one input of a project must move, all else equal, until something changes."""

    project: str
    name: str
    unit: str
    now: float
    at: float
    effect: str
    """`comes in`, `drops out`, or `overtakes` with the other project's id."""

    def __str__(self) -> str:
        return (
            f"{self.project} {self.effect} when {self.name.lower()} moves from "
            f"{amount(self.now, self.unit)} to {amount(self.at, self.unit)}"
        )


# ---- concentration


def spread(chosen: Sequence[Worth]) -> Explained | None:
    """How concentrated the money of these projects is, and the chance that none ships; None where none costs money."""
    costs = [figure_of(one.cost) for one in chosen]
    if sum(costs) <= 0:
        return None
    return concentration([cost / sum(costs) for cost in costs], [one.confidence.value for one in chosen])


def cautions(plan: Plan, playbook: Playbook, proposal: Proposal) -> tuple[Caution, ...]:
    """What `port-many` says of the chosen set; nothing where a team took the rule away."""
    rule = next((one for one in playbook.portfolio if one.id == "port-many"), None)
    chosen = proposal.chosen
    if rule is None or not chosen:
        return ()
    found: list[str] = []
    most, unlikely = rule.parameters.get("max_share", 0.5), rule.parameters.get("max_p_none", 0.25)
    total = sum(figure_of(one.cost) for one in chosen)
    for one in chosen:
        cost = figure_of(one.cost)
        if len(chosen) > 1 and cost > most * total:
            share, limit = written(round(100 * cost / total)), written(100 * most)
            found.append(f"{one.project.id} takes {share} % of the money, more than {limit} %")
    whole = spread(chosen)
    if whole is not None and whole.number("p_none") > unlikely:
        chance = written(round(100 * whole.number("p_none")))
        found.append(f"with a chance of {chance} % nothing ships; the limit is {written(100 * unlikely)} %")
    found += [
        f"all {len(chosen)} chosen projects hang on {one_line(point)}" for point in shared(plan, chosen)
    ]
    return tuple(Caution(rule.id, message) for message in found)


def shared(plan: Plan, chosen: Sequence[Worth]) -> tuple[str, ...]:
    """Weak points that all of several projects have in common: an owner of data, a person, a giver or vendor."""
    if len(chosen) < 2:
        return ()
    points = [set(_weak_points(plan, one)) for one in chosen]
    return tuple(sorted(set.intersection(*points)))


def _weak_points(plan: Plan, one: Worth) -> Iterable[str]:
    project = one.project
    for record in plan.of_kind("dataset", project.id):
        dataset = cast("Dataset", record)
        if dataset.owner:
            yield f"data of {dataset.owner}"
        if dataset.location:
            yield f"data at {dataset.location}"
    for person in {*plan.strategy(project.id).people, *filter(None, [project.lead])}:
        yield f"the person {person}"
    for tie in project.dependencies.values():
        if tie.kind == "shares vendor":
            yield f"the vendor {tie.giver or tie.what}"
        elif tie.giver and tie.giver != project.id and tie.state != "done":
            yield f"what {tie.giver} gives"


# ---- sensitivity


def tippings(
    proposal: Proposal, playbook: Playbook, project: str = "", *, stop: Callable[[], bool] | None = None
) -> tuple[Tipping, ...]:
    """How far gain or confidence of a project must move for it to come in or drop out; of every one without an id.

    Costs one search a project. An input that cannot change it, however far it moves, has no entry; nor has a project
    that must be in, cannot be, or has no value in money. Where `stop` ends a search, nothing is said of it.
    """
    found: list[Tipping] = []

    def choosing(required: Sequence[int], excluded: Sequence[int]) -> Choice:
        return proposal.choosing(required, excluded, stop=stop)

    for at, one in enumerate(proposal.worths):
        if (
            one.project.mandatory
            or project not in ("", one.project.id)
            or proposal.choice.conflict is not None
        ):
            continue
        if isinstance(one.expected_value, Explained):
            target = turning_value(choosing, proposal.choice, proposal.values, at)
            if isfinite(target) and not (stop is not None and stop()):
                inside = at in proposal.choice.chosen
                effect = "drops out" if inside else "comes in"
                found += _inputs_for(one, playbook, max(0.0, target), above=inside, effect=effect)
    return tuple(found)


def overtakings(ranking: Ranking, playbook: Playbook) -> tuple[Tipping, ...]:
    """For each project of the money list but the first: how far gain or confidence must rise to overtake the next."""
    found: list[Tipping] = []
    for above, below in zip(ranking.money, ranking.money[1:], strict=False):
        index = below.index
        if isinstance(index, Explained) and isfinite(figure_of(above.index)):
            needed = figure_of(above.index) * index.number("share")
            found += _inputs_for(
                below.worth, playbook, needed, above=False, effect=f"overtakes {above.worth.project.id}"
            )
    return tuple(found)


def _inputs_for(one: Worth, playbook: Playbook, target: float, *, above: bool, effect: str) -> list[Tipping]:
    """Where gain and confidence bring the expected value over (or under) a target."""
    gain, present, chance = one.gain, one.present_value, one.confidence
    if not isinstance(gain, Explained) or not isinstance(present, Explained):
        return []
    factor, scoring = present_value_of_one(playbook), playbook.scoring

    def value(present_value: float, p: float) -> float:
        staked = bet(
            replace(present, value=present_value),
            replace(chance, value=p),
            figure_of(one.cost),
            figure_of(one.later_cost),
        )
        return staked.value

    def by_gain(yearly: float) -> bool:
        return (value(present.value + (yearly - gain.value) * factor, chance.value) > target) != above

    def by_chance(p: float) -> bool:
        return (value(present.value, p) > target) != above

    most = FURTHEST * max(gain.value, 1.0)
    far = (0.0, scoring.floor_confidence) if above else (most, scoring.cap_confidence)
    found: list[Tipping] = []
    for known, changed, furthest in ((gain, by_gain, far[0]), (chance, by_chance, far[1])):
        at = None if changed(known.value) else tipping_point(changed, known.value, furthest)
        if at is not None:
            found.append(Tipping(one.project.id, known.name, known.unit, known.value, at, effect))
    return found
