"""The bare bones of the shipped method: phases, stages, steps.

A command that lists cards needs their names, and must not read the whole playbook for it. These constants say
the same as `method.toml`; a test compares the two. A team may add steps or rename them in its own playbook:
what has that at hand asks `Playbook`.
"""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """An id and what people call it."""

    id: str
    title: str


class StepName(NamedTuple):
    """A step, and the phase that it is part of."""

    phase: str
    id: str
    title: str


PHASES = (
    Named("assess", "Assess"),
    Named("plan", "Plan"),
    Named("execute", "Execute"),
    Named("iterate", "Iterate"),
)

STAGES = (
    Named("mvp", "Minimum viable product"),
    Named("growth", "Growth"),
    Named("maturity", "Maturity"),
)

STEPS = (
    StepName("assess", "discovery", "Discover the problem"),
    StepName("assess", "data-infra", "Assess data and infrastructure"),
    StepName("assess", "stages", "Choose the stage"),
    StepName("assess", "prioritise", "Prioritise"),
    StepName("plan", "architect", "Architect the solution"),
    StepName("plan", "strategy", "Plan strategy"),
    StepName("plan", "tactics", "Plan tactics"),
    StepName("execute", "data-pipeline", "Build the data pipelines"),
    StepName("execute", "training-pipeline", "Build the training pipeline"),
    StepName("execute", "production-pipeline", "Build the production pipeline"),
    StepName("execute", "test-in-production", "Test in production"),
    StepName("execute", "monitoring", "Monitor"),
    StepName("execute", "document", "Document"),
    StepName("iterate", "next-round", "Iterate"),
)

PLACES = tuple(
    place
    for phase in PHASES
    for place in (phase.id, *(f"{phase.id}/{step.id}" for step in STEPS if step.phase == phase.id))
)
"""Where a card may be: a phase, or a step in it, in the order of the board."""


def stage_word(stage: str) -> str:
    """What people call a stage in passing: `MVP`, `growth`."""
    return stage.upper() if stage == "mvp" else stage


def place_titles(place: str) -> list[str]:
    """The titles of a card's phase and of its step, where that says more; of a step of the team's own its id."""
    phase, _, step = place.partition("/")
    titles = [next((one.title for one in PHASES if one.id == phase), phase)]
    if step:
        titles.append(next((one.title for one in STEPS if (one.phase, one.id) == (phase, step)), step))
    return list(dict.fromkeys(titles))
