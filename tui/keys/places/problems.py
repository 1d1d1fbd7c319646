"""What can be done on Problems: findings and their fixes."""

from __future__ import annotations

from ..action import AROUND, CHANGE, FIND, Action
from ..action_context import all_of, needs, writable

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("problem.open", ("enter",), "open", "go to the place: the card, or the file at its line", AROUND,
           contexts=("problems",), shown=2, enabled=needs("finding")),
    Action("problem.edit", ("e",), "edit", "edit the record in a form", CHANGE, contexts=("problems",),
           enabled=all_of(writable, needs("finding"))),
    Action("problem.editor", ("E",), "editor", "open the file in $EDITOR at the line", AROUND,
           contexts=("problems",), shown=3, enabled=needs("finding", "file")),
    Action("problem.fix", ("F",), "fix", "apply the fix that the rule offers, after a look at it", CHANGE,
           contexts=("problems",), shown=4, enabled=all_of(writable, needs("finding", "fix"))),
    Action("problem.fix_all", ("A",), "fix all", "apply every fix that is offered, after a look at them",
           CHANGE, contexts=("problems",), enabled=all_of(writable, needs("fixes"))),
    Action("problem.group", ("s",), "group", "list by rule or by file", FIND, contexts=("problems",),
           shown=5),
    Action("problem.why", ("w",), "why", "what the rule wants", FIND, contexts=("problems",), shown=6,
           enabled=needs("finding")),
)
# fmt: on
