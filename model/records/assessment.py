"""The assessment: what a project answers to the questions of the playbook."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from .base import Entry, FormGroups, Groups, Record
from .fields import Amount, Checks, Count, ItemId, Line, Paths, PersonId, Text, field

Verdict = bool | int | float | str | Annotated[tuple[str, ...], Field(strict=False)]


class Answer(Entry):
    """What a project says to one question. Who said it, and when, git knows."""

    LABEL: ClassVar[str] = "because"
    GROUPS: ClassVar[Groups] = (
        ("state", "approved_by"),
        ("verdict",),
        ("result", "confidence"),
        ("because",),
        ("checked",),
        ("evidence",),
        ("valid_until",),
        ("cycle",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        (
            "",
            (
                "verdict",
                "checked",
                "values",
                "result",
                "confidence",
                "evidence",
                "notes",
                "state",
                "because",
                "approved_by",
            ),
        ),
    )

    state: Literal["unknown", "not-applicable"] | None = field(
        "why there is no verdict; unset where there is one", label="No answer"
    )
    verdict: Verdict | None = field(
        "yes or no, a grade, a number, a choice (or several), or a text", label="Answer"
    )
    result: Literal["supports", "mixed", "against"] | None = field(
        "which way the evidence points", label="It points"
    )
    approved_by: PersonId | None = field(
        "who agrees that the question does not apply, where it holds a gate; not the lead", label="Agreed by"
    )
    confidence: Literal["nothing", "opinion", "analogue", "test", "rehearsal", "proven"] | None = field(
        "how good the evidence is", label="How sure"
    )
    because: Line | None = field(
        "the reason in one line; needed where the question does not apply", label="Reason"
    )
    checked: Checks = field("lines of a checklist that hold", label="What holds", default=())
    evidence: Paths = field("paths in the repository, or addresses", default=())
    valid_until: dt.date | None = field("until when it holds; after that it is asked again")
    cycle: Count | None = field("the cycle in which it was said or confirmed last; unset: the first")
    notes: Text = field("whatever else there is to say", label="Note", default="")
    values: dict[str, Amount | Line] = field("named figures: name = value", label="Figures", default={})

    def is_current(self, today: dt.date) -> bool:
        """Whether the day until which it is valid has not passed."""
        return self.valid_until is None or self.valid_until >= today


class TestMark(Entry):
    """How far a test of the production readiness rubric is done."""

    __test__: ClassVar[bool] = False  # the name begins as those that pytest collects
    LABEL: ClassVar[str] = "because"
    GROUPS: ClassVar[Groups] = (("mark",), ("because",), ("evidence",))

    mark: Literal["none", "by hand", "automatic"] | None = field(
        "by hand and written down counts half, automatic and repeated counts whole"
    )
    because: Line | None = field("where it is done, or why it is not")
    evidence: Paths = field("paths in the repository, or addresses", default=())


class Assessment(Record):
    """A project's answers, by the id of the question, and the marks of its readiness tests."""

    KIND: ClassVar[str] = "assessment"
    answers: dict[ItemId, Answer] = field("answers by question", default={})
    tests: dict[str, TestMark] = field("marks of the rubric, by the id of the test", default={})
