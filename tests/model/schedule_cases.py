"""Random plans for the schedule, and a look at its dates by code that shares nothing with it.

The checker counts calendar days one by one and knows only what a plan says and what came out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any

from kedge.model.cards.network import parse_need
from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped
from kedge.model.schedule.schedule import Schedule, schedule
from kedge.model.snapshot.snapshot import Snapshot

from .plan_from import plan_from

TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
SKILLS = ("python", "sql", "design")


def snapshot_of(plan: Plan, today: dt.date = TODAY) -> Snapshot:
    """A plan on a day."""
    return Snapshot.of(plan, shipped(), today)


def schedule_of(values: Mapping[str, Mapping[str, Any]], effort: int | None = None) -> Schedule:
    """The schedule of a plan from plain values."""
    return schedule(snapshot_of(plan_from(values)), effort=effort)


def random_plan(seed: int, cards: int = 12) -> Plan:
    """A plan with calendars, part-time people, skills, pins, lags and all kinds of links, and no loop."""
    random = Random(seed)
    projects = ["alpha", "beta"][: random.randint(1, 2)]
    values: dict[str, dict[str, Any]] = {
        "board /board": {
            "format": 1,
            "calendar": {
                "holidays": [TODAY + DAY * random.randint(0, 30) for _ in range(random.randint(0, 4))],
                "recurring": random.choice(([], ["FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"])),
            },
        }
    }
    people = ["ana", "ben", "cleo"][: random.randint(1, 3)]
    for name in people:
        values[f"person /{name}"] = {
            "name": name.title(),
            "skills": random.sample(SKILLS, random.randint(0, 2)),
            "share": random.choice((1.0, 1.0, 0.5, 0.7)),
            "team": random.choice(("red", "blue")),
            "absences": _absences(random),
        }
        if random.random() < 0.15:
            values[f"person /{name}"]["start"] = TODAY + DAY * random.randint(0, 20)
        if random.random() < 0.1:
            values[f"person /{name}"]["end"] = TODAY + DAY * random.randint(0, 30)
    for project in projects:
        values[f"project {project}/{project}"] = {"title": project}
        if random.random() < 0.2:
            values[f"project {project}/{project}"]["started"] = TODAY + DAY * random.randint(0, 10)
        shares = {name: {"share": random.choice((0.5, 0.3, 1.0))} for name in people if random.random() < 0.4}
        values[f"strategy {project}/strategy"] = {
            "people": shares,
            "milestones": {"first": {"title": "First", "due": TODAY + DAY * random.randint(5, 40)}},
        }
    ids: list[str] = []
    for number in range(cards):
        name = f"card-{number:04d}"
        values[f"card {random.choice(projects)}/{name}"] = _card(random, ids, people)
        ids.append(name)
    return plan_from(values)


def _absences(random: Random) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for number in range(random.randint(0, 2)):
        first = TODAY + DAY * random.randint(0, 30)
        found[f"away-{number}"] = {"first": first, "last": first + DAY * random.randint(0, 6)}
    return found


def _card(random: Random, ids: list[str], people: list[str]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "title": "A card",
        "place": "execute",
        "rank": f"a{random.randint(0, 9)}",
        "status": random.choice(("todo",) * 8 + ("doing", "done")),
    }
    pick = random.random()
    if pick < 0.6:
        data["owner"] = random.choice(people)
    elif pick < 0.8:
        data["skill"] = random.choice(SKILLS)
    if random.random() < 0.85:
        data["estimate"] = random.choice(([1], [2.5], [1, 2, 6], [0.2], [4]))
    if random.random() < 0.2:
        data["remaining"] = 1.5
    if random.random() < 0.1:
        data["not_before"] = TODAY + DAY * random.randint(-5, 25)
    if random.random() < 0.08:
        data["fixed"] = TODAY + DAY * random.randint(-5, 25)
    if random.random() < 0.2:
        data["due"] = TODAY + DAY * random.randint(-5, 40)
    if random.random() < 0.3:
        data["milestone"] = "first"
    needs = random.sample(ids, min(len(ids), random.choice((0, 0, 1, 1, 2))))
    links = ("", "", " +1d", " SS", " SS+1.5d", " FF", " FF-1d", " SF", " FS-0.5d")
    data["needs"] = [f"{one}{random.choice(links)}" for one in needs]
    return data


# ---- a look from outside


class Days:
    """Half days of a plan's board and people, one by one from the calendar."""

    def __init__(self, plan: Plan, today: dt.date) -> None:
        self.plan = plan
        self.first = today - DAY * 40
        calendar = plan.board.calendar
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        fridays = {dt.date(2001, 1, 5) + DAY * 14 * at for at in range(800)} if calendar.recurring else set()
        self.board = [
            day
            for day in (self.first + DAY * at for at in range(1500))
            if names[day.weekday()] in calendar.weekdays
            and day not in calendar.holidays
            and day not in fridays
        ]

    def works(self, person: str | None, project: str, day: dt.date) -> bool:
        """Whether the board works on a day, and the person is there."""
        if day not in set(self.board):
            return False
        record = self.plan.people.get(person or "")
        part = self.plan.strategy(project).people.get(person or "")
        for one in (record, part):
            if one is not None and ((one.start and day < one.start) or (one.end and day > one.end)):
                return False
        spans = record.absences.values() if record is not None else ()
        return not any(one.first and one.first <= day <= (one.last or one.first) for one in spans)

    def share(self, person: str | None, project: str) -> Fraction:
        """The share that a project has of a person."""
        record = self.plan.people.get(person or "")
        part = self.plan.strategy(project).people.get(person or "")
        own = Fraction(str(record.share)) if record is not None else Fraction(1)
        return min(own, Fraction(str(part.share))) if part is not None and part.share is not None else own


def broken_rules(plan: Plan, made: Schedule, today: dt.date = TODAY) -> Iterator[str]:
    """What a schedule does that the plan does not allow."""
    days = Days(plan, today)
    slots = [(day, half) for day in days.board for half in ("am", "pm")]
    at = {slot: number for number, slot in enumerate(slots)}
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    used: dict[tuple[str, int], Fraction] = {}
    taken: dict[tuple[str, str, int], list[str]] = {}
    now = next(number for number, (day, _) in enumerate(slots) if day >= today)
    for name, one in made.cards.items():
        card = plan.cards[name]
        start = made.axis.date(one.start), made.axis.half(one.start)
        end = made.axis.date(one.end - 1), made.axis.half(one.end - 1)
        starts[name], ends[name] = at[start], at[end] + 1
        mine = [
            number
            for number in range(starts[name], ends[name])
            if one.person is None or days.works(one.person, card.project, slots[number][0])
        ]
        share = days.share(one.person, card.project) if one.person is not None else Fraction(1)
        if len(mine) != -(-one.task.work // share):
            yield f"{name}: {len(mine)} half days for {one.task.work} at {share}"
        if card.owner and one.person != card.owner:
            yield f"{name}: done by {one.person}"
        if not card.owner and card.skill and card.skill not in plan.people[one.person or ""].skills:
            yield f"{name}: {one.person} cannot do it"
        if card.status == "doing":
            if starts[name] != now:
                yield f"{name}: in progress, and does not start today"
        elif card.fixed:
            if made.dates.start_date(one) != card.fixed:
                yield f"{name}: the pin has moved"
        else:
            if starts[name] < now:
                yield f"{name}: starts in the past"
            if card.not_before and slots[starts[name]][0] < card.not_before:
                yield f"{name}: starts before it may"
            if not mine or mine[0] != starts[name] or mine[-1] != ends[name] - 1:
                yield f"{name}: begins or ends on a day off"
        if one.person is not None:
            for number in mine:
                key = one.person, number
                used[key] = used.get(key, Fraction(0)) + share
                taken.setdefault((one.person, card.project, number), []).append(name)
    yield from _broken_links(plan, starts, ends)
    free = {name for name in starts if plan.cards[name].status != "doing" and not plan.cards[name].fixed}
    for (person, _, _), names in taken.items():
        if len(names) > 1 and free & set(names):
            yield f"{person}: {names} at the same time"
    for (person, number), share in used.items():
        record = plan.people.get(person)
        names = {
            name
            for (who, _, slot), several in taken.items()
            if (who, slot) == (person, number)
            for name in several
        }
        if share > (Fraction(str(record.share)) if record else 1) and free & names:
            yield f"{person}: more than their share at {slots[number]}: {names}"


def _broken_links(plan: Plan, starts: Mapping[str, int], ends: Mapping[str, int]) -> Iterator[str]:
    for name in starts:
        card = plan.cards[name]
        if card.status == "doing" or card.fixed:
            continue
        for text in card.needs:
            need = parse_need(text)
            if need.target not in starts:
                if plan.cards[need.target].is_open:
                    yield f"{name}: is scheduled, and {need.target} is not"
                continue
            before = (ends if need.link[0] == "F" else starts)[need.target] + round(need.lag_days * 2)
            if (starts if need.link[1] == "S" else ends)[name] < before:
                yield f"{name}: does not keep {text}"
