"""A plan with other people, for the question what more or fewer of a skill would change."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from ..plan.plan import Plan
from ..records.person import Person
from ..text.figure import expect, written


def with_people(plan: Plan, wanted: Mapping[str, float]) -> Plan:
    """The plan as if it had so many full-time people of each skill named, who do nothing else.

    Those who are there lose these skills and keep their others. Raises ValueError for a number that is none.
    """
    records = dict(plan.records)
    for person in plan.people.values():
        skills = tuple(skill for skill in person.skills if skill not in wanted)
        records[person.address] = person.model_copy(update={"skills": skills})
    for skill, count in wanted.items():
        expect(isfinite(count) and count >= 0, f"{skill}: a number of people is expected, not {count!r}")
        # One person with the time of all of them: what is counted is months.
        name = f"{written(count)} with {skill}"
        found = Person(id=f"all-{len(records)}", name=name, skills=(skill,), share=1.0)
        records[found.address] = found.model_copy(update={"share": count})
    return Plan(records)
