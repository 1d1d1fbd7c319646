"""What can be done on Strategy: goals, requirements, metrics, stages."""

from __future__ import annotations

from ..action import AROUND, CHANGE, FIND, Action
from ..action_context import all_of, needs, writable

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("strategy.open", ("enter", "e"), "edit", "edit what the row is about in a form, beginning at what it shows",
           CHANGE, contexts=("strategy",), shown=2, enabled=all_of(writable, needs("row"))),
    Action("strategy.add", ("a",), "add", "add one of what this section lists; on a technical requirement one of those",
           CHANGE, contexts=("strategy",), shown=3, enabled=all_of(writable, needs("project", "kind"))),
    Action("strategy.value", ("v",), "value", "set its figure: target, actual value, cap, share, price, money spent",
           CHANGE, contexts=("strategy",), shown=4, enabled=all_of(writable, needs("row", "value"))),
    Action("strategy.day", ("d",), "date", "set the day by which it is wanted", CHANGE, contexts=("strategy",),
           shown=5, enabled=all_of(writable, needs("row", "day"))),
    Action("strategy.owner", ("o",), "owner", "pick who answers for it; of a stage, who approved its money", CHANGE,
           contexts=("strategy",), enabled=all_of(writable, needs("row", "owner"))),
    Action("strategy.remove", ("D",), "remove", "remove it, after asking; undo brings it back", CHANGE,
           contexts=("strategy",), enabled=all_of(writable, needs("row", "removable"))),
    Action("strategy.editor", ("E",), "editor", "edit the file that holds it in $EDITOR", CHANGE,
           contexts=("strategy",), enabled=all_of(writable, needs("row"))),
    Action("strategy.sizes", ("=",), "take sizes", "keep the technical requirements that follow from the business ones",
           CHANGE, contexts=("strategy",), enabled=all_of(writable, needs("project"))),
    Action("strategy.next", ("tab", "l", "right"), "section", "the next section: goals, requirements, metrics, stages",
           AROUND, contexts=("strategy",), shown=6, enabled=needs("project")),
    Action("strategy.before", ("shift+tab", "h", "left"), "before", "the section before", AROUND,
           contexts=("strategy",), enabled=needs("project")),
    Action("strategy.why", ("w",), "why", "all that is known of it, with the arithmetic of its figures", FIND,
           contexts=("strategy",), shown=7, enabled=needs("row")),
)
# fmt: on
