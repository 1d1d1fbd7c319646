"""What the portfolio may take until the next gates: money, and person-months of each skill.

People with several skills work once, not once for each: beside every skill there is a limit for each group of skills
that share people, so that what fits into the limits can also be shared out (Hall 1935, Gale 1957).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import isfinite

from ..records.person import Person
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, Figure, written

WEEKS_PER_MONTH = 52 / 12
USUAL_WEEKS = 26.0
"""The period that people are counted for where no project has a time box."""
MOST_SKILLS = 8
"""Up to so many skills all groups are looked at; beyond, each skill and all of them together."""


@dataclass(frozen=True)
class Limit:
    """One thing of which there is not enough for everything."""

    name: str
    available: Explained
    skills: frozenset[str] | None = None
    """None for money; an empty name stands for work that anybody can do."""

    def need(self, cost: float, effort: Mapping[str, float]) -> float:
        """What a project takes of it, by its cost to the next gate and its person-months by skill."""
        if self.skills is None:
            return cost
        return sum(months for skill, months in effort.items() if skill in self.skills)

    def moved(self, by: float) -> Limit:
        """The same with more of it, or less."""
        return replace(self, available=replace(self.available, value=self.available.value + by))


def limits(
    snapshot: Snapshot,
    efforts: Iterable[Mapping[str, float]],
    weeks: float,
    *,
    budget: float | None = None,
    headcount: float | None = None,
) -> tuple[Limit, ...]:
    """The limits for projects with these person-months by skill, over the weeks that begin today.

    Without `budget` the money is the board's; where that has none either, money has no limit. `headcount` full-time
    people who can do anything stand in for the people of the plan.
    """
    plan = snapshot.plan
    budget = plan.board.funds.budget if budget is None else budget
    reserve, load = _share(snapshot, "reserve"), planned_load(snapshot)
    found: list[Limit] = []
    if budget is not None and isfinite(budget):
        money = budget * (1 - reserve)
        step = f"{written(budget)} × (1 - {written(reserve)}) = {written(money)}"
        inputs: dict[str, Figure] = {"budget": budget, "reserve": reserve}
        unit = plan.board.currency
        found.append(
            Limit("money", Explained("Money", money, unit, "budget × (1 - reserve)", inputs, (step,), "own"))
        )
    skills = sorted({skill for effort in efforts for skill, months in effort.items() if months > 0})
    if not skills:
        return tuple(found)
    if headcount is not None:
        months = headcount * weeks / WEEKS_PER_MONTH * load
        period = f"{written(weeks)} / {written(WEEKS_PER_MONTH)}"
        step = f"{written(headcount)} × {period} × {written(load)} = {written(months)}"
        inputs = {"people": headcount, "weeks": weeks, "planned load": load}
        people = Explained(
            "People",
            months,
            "person-months",
            "people × weeks / 4.333 × planned load",
            inputs,
            (step,),
            "own",
        )
        return (*found, Limit("people", people, frozenset(skills)))
    months_of = {
        person.id: available_months(person, snapshot.today, weeks) * load for person in plan.people.values()
    }
    who = {
        skill: frozenset(one.id for one in plan.people.values() if not skill or skill in one.skills)
        for skill in skills
    }
    for group in _groups(skills, who):
        people_ids = sorted(frozenset[str]().union(*(who[skill] for skill in group)))
        found.append(_people_limit(group, {one: months_of[one] for one in people_ids}, weeks, load))
    return tuple(found)


def planned_load(snapshot: Snapshot) -> float:
    """The share of people's time that is planned."""
    return _share(snapshot, "planned_load")


def _share(snapshot: Snapshot, name: str) -> float:
    """A share that the board sets; where it does not, the playbook's."""
    funds = snapshot.plan.board.funds
    own: float = getattr(funds, name)
    rule = next((one for one in snapshot.playbook.portfolio if one.id == "port-choose"), None)
    if rule is not None and name not in funds.model_fields_set:
        own = rule.parameters.get(name, own)
    return min(max(own, 0.0), 1.0)


def _groups(skills: Sequence[str], who: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    """Each skill, and each group of them that cannot be split in two without people in both parts."""
    if len(skills) > MOST_SKILLS:
        return [*((skill,) for skill in skills), tuple(skills)]
    largest: dict[frozenset[str], tuple[str, ...]] = {}
    for size in range(2, len(skills) + 1):
        for group in combinations(skills, size):
            if _is_connected(group, who):
                # Of groups with the same people the largest one binds most; sizes grow, so that it comes last.
                largest[frozenset[str]().union(*(who[skill] for skill in group))] = group
    return [*((skill,) for skill in skills), *largest.values()]


def _is_connected(group: Sequence[str], who: Mapping[str, frozenset[str]]) -> bool:
    reached, people = {group[0]}, who[group[0]]
    while True:
        more = {skill for skill in group if skill not in reached and who[skill] & people}
        if not more:
            return len(reached) == len(group)
        reached |= more
        people = people.union(*(who[skill] for skill in more))


def _people_limit(group: Sequence[str], months: Mapping[str, float], weeks: float, load: float) -> Limit:
    total = sum(months.values())
    name = " or ".join(skill or "anybody" for skill in group)
    return Limit(
        name,
        Explained(
            f"People: {name}",
            total,
            "person-months",
            "months there × share of time × planned load, over the people",
            {"weeks": weeks, "planned load": load, **months},
            (f"{' + '.join(written(one) for one in months.values()) or '0'} = {written(total)}",),
            "own",
            notes=() if months else (f"nobody in the plan has the skill {name}",),
        ),
        frozenset(group),
    )


def available_months(person: Person, today: dt.date, weeks: float) -> float:
    """Person-months that a person has for the plan's projects in the weeks that begin today, absences taken off."""
    days = min(max(0, round(weeks * 7)), (dt.date.max - today).days)
    end = min(today + dt.timedelta(days=days), _day_after(person.end) if person.end else dt.date.max)
    now, there = max(today, person.start or today), 0
    away = [(one.first, one.last or one.first) for one in person.absences.values() if one.first is not None]
    for first, last in sorted(away):
        there += max(0, (min(first, end) - now).days)
        now = max(now, _day_after(last))
    there += max(0, (end - now).days)
    return there / 7 / WEEKS_PER_MONTH * person.share


def _day_after(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day + dt.timedelta(days=1)


def share_of_scarcest(limits: Iterable[Limit], cost: float, effort: Mapping[str, float]) -> tuple[float, str]:
    """The largest share of a limit that a project takes, and that limit's name; nothing where nothing is limited."""
    shares = [
        (need / limit.available.value if limit.available.value > 0 else float("inf"), limit.name)
        for limit in limits
        if (need := limit.need(cost, effort)) > 0
    ]
    return max(shares, key=lambda one: one[0], default=(0.0, ""))
