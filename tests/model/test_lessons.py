"""Lessons travel to projects that begin and have a tag in common with them (port-lessons)."""

from __future__ import annotations

import pytest

from kedge.model.assess.lessons import lessons_for
from kedge.model.plan.plan import Plan
from kedge.model.records.address import Address
from kedge.model.records.project import Project


def plan_of(*projects: Project) -> Plan:
    return Plan({Address("project", one.id, one.id): one for one in projects})


def project(name: str, phase: str, tags: tuple[str, ...], **lessons: tuple[str, ...]) -> Project:
    found = {key: {"what": f"about {key}", "tags": list(some)} for key, some in lessons.items()}
    return Project.model_validate(
        {"id": name, "project": name, "title": name, "phase": phase, "tags": list(tags), "lessons": found}
    )


@pytest.mark.parametrize(
    ("phase", "tags", "wanted"),
    [
        ("assess", ("retail",), [("old", "both"), ("old", "shop")]),
        ("assess", ("speech",), []),
        ("assess", (), []),
        ("plan", ("retail",), []),
    ],
)
def test_a_project_that_begins_is_told_what_others_with_its_tags_learned(
    phase: str, tags: tuple[str, ...], wanted: list[tuple[str, str]]
) -> None:
    old = project("old", "iterate", (), shop=("retail",), both=("retail", "images"), none=())
    new = project("new", phase, tags, own=("retail",))
    assert [(one.project, one.id) for one in lessons_for(plan_of(old, new), "new")] == wanted


def test_a_lesson_says_why() -> None:
    lesson = {"what": "Ask early", "why": "it takes weeks", "tags": ["retail"]}
    old = Project.model_validate({"id": "old", "project": "old", "title": "Old", "lessons": {"a": lesson}})
    new = project("new", "assess", ("retail",))
    (found,) = lessons_for(plan_of(old, new), "new")
    assert found.words == "lesson from old: Ask early (it takes weeks)"
