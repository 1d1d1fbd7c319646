"""The production readiness rubric of a project: the mark of every test, the score, and what would raise it.

A mark that was recorded counts; without one the answer to the question that a test names counts half where it is met.
What is not marked counts as not done. Source: Breck et al. 2017, The ML Test Score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from ..assess.standing import Standing
from ..calculators.operating import ml_test_score
from ..playbook.rules import Rubric
from ..records.address import Address
from ..records.assessment import Assessment
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained

RUBRIC = "ml-test-score"
MARKS = ("none", "by hand", "automatic")


@dataclass(frozen=True)
class MarkedTest:
    """A test of the rubric with its mark."""

    id: str
    section: str
    text: str
    mark: str
    """`none`, `by hand` or `automatic`."""
    points: float
    source: str
    """Where the mark comes from: `recorded`, the id of a question, or nothing where it is not marked."""
    because: str = ""

    @property
    def is_unmarked(self) -> bool:
        """Whether nothing is said of it."""
        return not self.source


@dataclass(frozen=True)
class Readiness:
    """The score of a project with every test."""

    tests: tuple[MarkedTest, ...]
    sections: Mapping[str, float]
    score: Explained
    wanted: float
    """The score must be above it at the project's stage."""

    @property
    def is_enough(self) -> bool:
        """Whether the stage's gate is satisfied."""
        return self.score.value > self.wanted

    @property
    def unmarked(self) -> tuple[MarkedTest, ...]:
        """Tests of which nothing is said."""
        return tuple(one for one in self.tests if one.is_unmarked)

    @property
    def next(self) -> tuple[MarkedTest, ...]:
        """The tests of the weakest section that are not done in full: only they raise the score."""
        weakest = min(self.sections, key=lambda one: self.sections[one])
        return tuple(one for one in self.tests if one.section == weakest and one.mark != "automatic")


def rubric_of(snapshot: Snapshot) -> Rubric | None:
    """The rubric of the playbook; None where the team took it out."""
    return next((one for one in snapshot.playbook.rubrics if one.id == RUBRIC and one.tests), None)


def readiness(snapshot: Snapshot, project: str, standing: Mapping[str, Standing]) -> Readiness | None:
    """The marks and the score of a project; None where the playbook has no such rubric."""
    rubric = rubric_of(snapshot)
    stage = snapshot.playbook.stage(snapshot.plan.projects[project].stage)
    if rubric is None or stage is None:
        return None
    record = snapshot.plan.get(Address("assessment", project, "assessment"))
    marks = cast("Assessment", record).tests if record is not None else {}
    points = {
        "none": rubric.marks.get("none", 0.0),
        "by hand": rubric.marks.get("by_hand_and_written_down", 0.5),
        "automatic": rubric.marks.get("automatic_and_repeated", 1.0),
    }
    tests: list[MarkedTest] = []
    for test in rubric.tests:
        own, asked = marks.get(test.id), standing.get(test.item)
        mark, source, because = "none", "", ""
        if own is not None and own.mark is not None:
            mark, source, because = own.mark, "recorded", own.because or ""
        elif asked is not None and asked.met:
            mark, source = "by hand", test.item
        elif asked is not None and asked.reply.is_given:
            source = test.item
        tests.append(MarkedTest(test.id, test.section, test.text, mark, points[mark], source, because))
    sums = {
        section: sum(one.points for one in tests if one.section == section) for section in rubric.sections
    }
    return Readiness(tuple(tests), sums, ml_test_score(sections=list(sums.values())), stage.test_score_above)
