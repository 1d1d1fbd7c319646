"""What can be done on Flow: its charts, and the cards on them."""

from __future__ import annotations

from ..action import AROUND, FIND, Action
from ..action_context import needs

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("flow.next", ("tab", "l", "right"), "next chart", "the next chart", AROUND, contexts=("flow",), shown=2),
    Action("flow.before", ("shift+tab", "h", "left"), "chart before", "the chart before", AROUND, contexts=("flow",)),
    Action("flow.numbers", ("n",), "numbers", "the figures behind the chart, or the chart again", FIND,
           contexts=("flow",), shown=3),
    Action("flow.open", ("enter",), "open", "open the card", AROUND, contexts=("flow",), shown=4,
           enabled=needs("row")),
)
# fmt: on
