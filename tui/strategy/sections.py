"""The sections of the Strategy screen, in their order, and what is added in each."""

from __future__ import annotations

from collections.abc import Sequence

from ..screens.sections import Section
from .aims import goals, metrics, requirements
from .course import budget, milestones, people, resources, stages
from .project_data import ProjectData

SECTIONS: Sequence[Section[ProjectData]] = (
    Section("goals", "Goals", "goal", goals),
    Section("requirements", "Requirements", "business", requirements, ("technical",)),
    Section("metrics", "Metrics", "metric", metrics),
    Section("stages", "Stages", "stage", stages),
    Section("milestones", "Milestones", "milestone", milestones),
    Section("people", "People", "allocation", people, ("person",)),
    Section("resources", "Resources", "resource", resources),
    Section("budget", "Budget", "", budget),
)
