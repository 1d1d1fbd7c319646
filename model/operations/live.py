"""Since when real users see what a project has built."""

from __future__ import annotations

import datetime as dt
from typing import cast

from ..plan.plan import Plan
from ..records.delivery import Model, Rollout, Step
from ..text.dates import has_come


def live_models(plan: Plan, project: str, today: dt.date) -> list[Model]:
    """The models that are in production on a day."""
    models = [cast("Model", one) for one in plan.of_kind("model", project)]
    return [
        one
        for one in models
        if one.live_from is not None
        and one.live_from <= today
        and (one.live_to is None or one.live_to >= today)
    ]


def live_since(plan: Plan, project: str, today: dt.date) -> dt.date | None:
    """The first day on which real users met a model that is still live, or a rollout that goes on; None before."""
    days = [one.live_from for one in live_models(plan, project, today)]
    for record in plan.of_kind("rollout", project):
        rollout = cast("Rollout", record)
        if rollout.ended is None:
            days += [step.started for step in rollout.steps.values() if reaches_users(step)]
    return min((day for day in days if has_come(day, today)), default=None)


def reaches_users(step: Step) -> bool:
    """Whether real users get what a step of a rollout serves: a shadow run answers no user."""
    return step.kind != "shadow" and (step.share is None or step.share > 0)


_KINDS = ("shadow", "canary", "ramp", "full")


def in_order(rollout: Rollout) -> list[tuple[str, Step]]:
    """The steps of a rollout in order, with their ids: by rank, then from shadow to full, small shares first."""
    return sorted(
        rollout.steps.items(),
        key=lambda one: (one[1].rank, _KINDS.index(one[1].kind), one[1].share or 0, one[0]),
    )
