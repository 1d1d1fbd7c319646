"""What can be done on Portfolio: projects, and what is chosen of them."""

from __future__ import annotations

from ..action import AROUND, CHANGE, FIND, Action
from ..action_context import all_of, needs, writable

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("project.open", ("enter",), "open", "open the board of the project", AROUND,
           contexts=("portfolio",), shown=2, enabled=needs("row")),
    Action("project.add", ("a",), "add", "add a project", CHANGE, contexts=("portfolio",), enabled=writable),
    Action("project.edit", ("e",), "edit", "edit the project in a form", CHANGE, contexts=("portfolio",),
           enabled=all_of(writable, needs("row"))),
    Action("project.editor", ("E",), "editor", "edit the project's file in $EDITOR", CHANGE,
           contexts=("portfolio",), enabled=all_of(writable, needs("row"))),
    Action("choice.panel", ("tab", "m"), "map", "what is chosen and why, the map, or the list alone", AROUND,
           contexts=("portfolio",), shown=7),
    Action("choice.budget", ("b",), "budget", "choose again under another budget; nothing is saved", FIND,
           contexts=("portfolio",), shown=3),
    Action("choice.people", ("n",), "people", "choose again with another number of people; nothing is saved",
           FIND, contexts=("portfolio",), shown=4),
    Action("choice.trial", ("t",), "with/without", "choose with the project, or without it; nothing is saved", FIND,
           contexts=("portfolio",), shown=5, enabled=needs("row")),
    Action("choice.why", ("w",), "why", "the arithmetic of the project, and how far an input must move", FIND,
           contexts=("portfolio",), shown=6, enabled=needs("row")),
)
# fmt: on
