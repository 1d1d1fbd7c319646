"""Lessons travel: what other projects have learned is shown where a project begins that has a tag in common."""

from __future__ import annotations

from dataclasses import dataclass

from ..plan.plan import Plan
from ..records.project import Lesson


@dataclass(frozen=True)
class LessonElsewhere:
    """A lesson, and the project that learned it."""

    project: str
    id: str
    lesson: Lesson

    @property
    def words(self) -> str:
        """The lesson in a sentence, with why it is so."""
        why = f" ({self.lesson.why})" if self.lesson.why else ""
        return f"lesson from {self.project}: {self.lesson.what}{why}"


def lessons_for(plan: Plan, project: str) -> tuple[LessonElsewhere, ...]:
    """Lessons of other projects that share a tag with a project in Assess (`port-lessons`); by project and id."""
    record = plan.projects.get(project)
    if record is None or record.phase != "assess":
        return ()
    return tuple(
        LessonElsewhere(other.id, key, lesson)
        for other in sorted(plan.projects.values(), key=lambda one: one.id)
        if other.id != project
        for key, lesson in sorted(other.lessons.items())
        if lesson.what.strip() and not set(lesson.tags).isdisjoint(record.tags)
    )
