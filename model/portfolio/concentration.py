"""What speaks against a proposed set: how concentrated the bet is, and what all of it hangs on.

The cautions are the playbook's `port-many`: one project with most of the money, a good chance that nothing ships, one
weak point under all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from ..calculators.bets import concentration
from ..plan.plan import Plan
from ..records.dataset import Dataset
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, figure_of, written
from ..text.visible import one_line
from ..value.worth import Worth
from .proposal import Proposal


@dataclass(frozen=True)
class Caution:
    """Something that speaks against the set, by a rule of the playbook."""

    rule: str
    message: str


# ---- concentration


def money_concentration(chosen: Sequence[Worth]) -> Explained | None:
    """How concentrated the money of these projects is, and the chance that none ships; None where none costs money."""
    costs = [figure_of(one.cost) for one in chosen]
    if sum(costs) <= 0:
        return None
    return concentration([cost / sum(costs) for cost in costs], [one.confidence.value for one in chosen])


def cautions(snapshot: Snapshot, proposal: Proposal) -> tuple[Caution, ...]:
    """What `port-many` says of the chosen set; nothing where a team took the rule away."""
    rule = next((one for one in snapshot.playbook.portfolio if one.id == "port-many"), None)
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
    whole = money_concentration(chosen)
    if whole is not None and whole.number("p_none") > unlikely:
        chance = written(round(100 * whole.number("p_none")))
        found.append(f"with a chance of {chance} % nothing ships; the limit is {written(100 * unlikely)} %")
    found += [
        f"all {len(chosen)} chosen projects hang on {one_line(point)}"
        for point in shared_weak_points(snapshot.plan, chosen)
    ]
    return tuple(Caution(rule.id, message) for message in found)


def shared_weak_points(plan: Plan, chosen: Sequence[Worth]) -> tuple[str, ...]:
    """Weak points that all of several projects have in common: an owner of data, a person, a giver or vendor."""
    if len(chosen) < 2:
        return ()
    points = [set(_weak_points(plan, one)) for one in chosen]
    return tuple(sorted(points[0].intersection(*points)))


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
