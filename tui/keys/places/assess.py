"""What can be done on Assess: questions, answers, the gate."""

from __future__ import annotations

from ..action import AROUND, CHANGE, FIND, Action
from ..action_context import all_of, needs, writable

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("question.first", ("home",), "first", "focus the first question", AROUND, contexts=("assess",)),
    Action("question.tab_next", ("tab", "l", "right"), "next step", "the next step; after the last the datasets",
           AROUND, contexts=("assess",), shown=6, enabled=needs("project")),
    Action("question.tab_back", ("shift+tab", "h", "left"), "step before", "the step before", AROUND,
           contexts=("assess",), enabled=needs("project")),
    Action("question.phase", ("s",), "phase", "the questions of the next phase", AROUND, contexts=("assess",),
           enabled=needs("project")),
    Action("question.next", ("n",), "next open", "go to the question to ask next, those that hold the gate first",
           AROUND, contexts=("assess",), shown=3, enabled=needs("project")),
    Action("question.answer", ("enter", "space"), "answer",
           "answer the question, and go to the next open one; on a dataset open its form", CHANGE,
           contexts=("assess",), shown=2, enabled=all_of(writable, needs("row"))),
    Action("question.form", ("e",), "edit", "edit the whole answer in a form: evidence, confidence, notes",
           CHANGE, contexts=("assess",), enabled=all_of(writable, needs("row"))),
    Action("question.add", ("a",), "add", "add a record that answers the question, or a dataset", CHANGE,
           contexts=("assess",), enabled=all_of(writable, needs("project"))),
    Action("question.measure", ("M",), "measure", "measure the focused dataset from its files; shows the change first",
           CHANGE, contexts=("assess",), enabled=all_of(writable, needs("dataset"))),
    Action("question.unknown", ("U",), "unknown", "mark the answer as unknown; that blocks until it is known",
           CHANGE, contexts=("assess",), enabled=all_of(writable, needs("question"))),
    Action("question.not_applicable", ("X",), "not here", "say that it does not apply, with the reason",
           CHANGE, contexts=("assess",), enabled=all_of(writable, needs("question"))),
    Action("question.waive", ("W",), "waive", "set it aside until a day: the form of a waiver, with who agrees to it",
           CHANGE, contexts=("assess",), enabled=all_of(writable, needs("question"))),
    Action("question.confirm", ("C",), "confirm", "say that an answer from an earlier cycle still holds, and go on",
           CHANGE, contexts=("assess",), enabled=all_of(writable, needs("question"))),
    Action("question.clear", ("D",), "clear", "take the answer away", CHANGE, contexts=("assess",),
           enabled=all_of(writable, needs("question"))),
    Action("question.card", ("c",), "card", "make the card that is offered, once", CHANGE,
           contexts=("assess",), shown=4, enabled=all_of(writable, needs("project", "offer"))),
    Action("question.decide", ("d",), "decide", "record the decision at the gate; the project moves with it",
           CHANGE, contexts=("assess",), enabled=all_of(writable, needs("project", "decision"))),
    Action("question.gate", ("g",), "gate", "what the gate asks, with its conditions and their arithmetic",
           FIND, contexts=("assess",), shown=5, enabled=needs("project", "gate")),
    Action("question.matrix", ("v",), "qualities", "qualities and concerns, needed against reached; enter edits one",
           FIND, contexts=("assess",), enabled=needs("project")),
    Action("question.why", ("w",), "why", "its figures, what moves with another answer, why it is asked",
           FIND, contexts=("assess",), shown=7, enabled=needs("question")),
    Action("question.calculator", ("=",), "calculator", "a calculator, with the project's own figures to try others",
           FIND, contexts=("assess",), enabled=needs("project")),
    Action("question.open_only", ("f",), "open only", "show open questions only, or all", FIND,
           contexts=("assess",)),
)
# fmt: on
