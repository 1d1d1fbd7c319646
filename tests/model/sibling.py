"""Another honest project: it makes texts, at growth, in francs, for two goals, from two datasets, with a sponsor."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Any

from .honest import ANSWERS, DATASET, PROJECT, STRATEGY, Values, honest

MAILS = "dataset churn/mails"


def _changes() -> list[tuple[str, Any]]:
    first = honest()
    growth = {"proves": "half of the letters go out as they were written", "cap": 190_000.0, "weeks": 26.0}
    return [
        ("board /board|currency", "CHF"),
        *(
            (f"person /{name}|day_rate", rate)
            for name, rate in (("mira", 900.0), ("omar", 850.0), ("helen", 1100.0))
        ),
        (f"{PROJECT}|stage", "growth"),
        (f"{PROJECT}|sponsor", "helen"),
        (f"{ANSWERS}|answers|stage-now|verdict", "growth"),
        (f"{STRATEGY}|stages", {"growth": growth}),
        (f"{STRATEGY}|milestones|poc|stage", "growth"),
        (f"{ANSWERS}|answers|disc-profile|verdict", ["generates content", "personalises per user"]),
        (f"{ANSWERS}|answers|disc-personal", {"verdict": 4}),
        (f"{ANSWERS}|answers|disc-risk-class|verdict", "transparency duties"),
        (f"{ANSWERS}|answers|data-cheaper", {"verdict": ["data that we already have"]}),
        (f"{ANSWERS}|answers|data-compute", {"verdict": 3_000}),
        (
            f"{PROJECT}|methods|trees",
            {"title": "Small language model", "kind": "pre-trained", "origin": "adapt", "output": "content"},
        ),
        (
            f"{PROJECT}|goals|time",
            {
                "title": "Letters are written sooner",
                "unit": "minutes a letter",
                "start": 11.0,
                "target": 6.0,
                "by": dt.date(2027, 12, 31),
                "owner": "omar",
            },
        ),
        (
            MAILS,
            {
                **first[DATASET],
                "title": "Letters",
                "location": "archive, shelf 7",
                "rows": 40_000,
                "available": 3,
            },
        ),
    ]


def sibling(*changes: tuple[str, Any]) -> Values:
    """The other honest plan with some values changed, as `honest` takes them."""
    return honest(*deepcopy(_changes()), *changes)
