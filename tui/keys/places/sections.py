"""What can be done on every screen in sections: a row is opened, added, changed, explained."""

from __future__ import annotations

from ..action import AROUND, CHANGE, FIND, IN_SECTIONS, Action
from ..action_context import all_of, needs, writable

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("row.open", ("enter", "e"), "edit", "open what the row is about: its form, or its question",
           CHANGE, contexts=IN_SECTIONS, shown=2, enabled=all_of(writable, needs("row"))),
    Action("row.add", ("a",), "add", "add one of what the section lists, or of what the row asks for",
           CHANGE, contexts=IN_SECTIONS, shown=3, enabled=all_of(writable, needs("project", "kind"))),
    Action("row.owner", ("o",), "owner", "pick who answers for it, decides on it, or approved its money", CHANGE,
           contexts=IN_SECTIONS, enabled=all_of(writable, needs("row", "owner"))),
    Action("row.remove", ("D",), "remove", "remove it, after asking; undo brings it back", CHANGE,
           contexts=IN_SECTIONS, enabled=all_of(writable, needs("row", "removable"))),
    Action("row.editor", ("E",), "editor", "edit the file that holds it in $EDITOR", CHANGE,
           contexts=IN_SECTIONS, enabled=all_of(writable, needs("row", "record"))),
    Action("section.next", ("tab", "l", "right"), "section", "the next section of the list",
           AROUND, contexts=IN_SECTIONS, shown=6, enabled=needs("project")),
    Action("section.before", ("shift+tab", "h", "left"), "before", "the section before", AROUND,
           contexts=IN_SECTIONS, enabled=needs("project")),
    Action("row.why", ("w",), "why", "all that is known of it, with the arithmetic of its figures", FIND,
           contexts=IN_SECTIONS, shown=7, enabled=needs("row")),
    Action("metric.refresh", ("r",), "refresh", "read metrics again from their files; what changes is shown first",
           CHANGE, contexts=IN_SECTIONS, enabled=all_of(writable, needs("project"))),
)
# fmt: on
