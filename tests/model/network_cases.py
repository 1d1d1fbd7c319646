"""Small random networks with what makes scheduling hard: people with absences, skills, lags, fixed starts."""

from __future__ import annotations

import random

from kedge.model.solvers.activity_network import Activity, ActivityNetwork, Link, Mode
from kedge.model.solvers.working_time import WorkingTime

HORIZON = 220


def network(seed: int, *, loops: bool = False) -> ActivityNetwork:
    """Everything follows from the seed. People are the first resources, each with a calendar of the same position."""
    rng = random.Random(seed)
    people = rng.randint(1, 4)
    count = rng.randint(1, 12)
    calendars = [_calendar(rng) for _ in range(people)]
    capacities: list[int | list[int]] = [rng.choice([1, 1, 1, 2, 4]) for _ in range(people)]
    for _ in range(rng.randint(0, 2)):
        most = rng.randint(1, 5)
        listed = [max(0, most - (rng.random() < 0.1) * rng.randint(1, most)) for _ in range(HORIZON)]
        capacities.append(rng.choice([most, listed]))
    activities = [_activity(rng, people, capacities) for _ in range(count)]
    pairs = {(rng.randrange(count), rng.randrange(count)) for _ in range(rng.randint(0, 2 * count))}
    links = [
        Link(
            before if loops else min(before, after),
            after if loops else max(before, after),
            rng.choice(["FS", "FS", "FS", "SS", "FF", "SF"]),
            rng.choice([0, 0, 0, 1, 3, -1, -4]),
        )
        for before, after in sorted(pairs)
        if before != after or loops
    ]
    due = {one: rng.randint(0, 40) for one in range(count) if rng.random() < 0.2}
    lags = rng.choice([None, _calendar(rng)])
    return ActivityNetwork(activities, links, capacities, calendars, lags, due)


def _calendar(rng: random.Random) -> WorkingTime:
    week = rng.choice([[1], [1] * 10 + [0] * 4, [1, 0], [0] * 3 + [1] * 4])
    periods = [week[at % len(week)] for at in range(HORIZON)]
    for _ in range(rng.randint(0, 3)):
        away = rng.randrange(HORIZON)
        periods[away : away + rng.randint(1, 20)] = [0] * len(periods[away : away + rng.randint(1, 20)])
    if rng.random() < 0.1:
        gone = rng.randint(0, 40)
        periods[gone:] = [0] * (HORIZON - gone)
    return WorkingTime(periods[:HORIZON])


def _activity(rng: random.Random, people: int, capacities: list[int | list[int]]) -> Activity:
    shared = [
        (resource, rng.randint(0, 3)) for resource in range(people, len(capacities)) if rng.random() < 0.5
    ]
    able = rng.sample(range(people), k=rng.randint(1, people)) if rng.random() < 0.8 else []
    work = rng.choice([0, 1, 2, 3, 5, 8])
    modes = [
        Mode(
            work * rng.choice([1, 1, 2]),
            ((person, rng.randint(1, max(1, int(str(capacities[person]))))), *shared),
            person,
        )
        for person in able
    ]
    fixed = rng.randint(0, 30) if rng.random() < 0.1 else None
    return Activity(tuple(modes) or (Mode(work, tuple(shared)),), rng.choice([0, 0, 0, 5, 17]), fixed)
