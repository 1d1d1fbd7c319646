"""What can be done on Strategy besides what all screens in sections have."""

from __future__ import annotations

from ..action import CHANGE, Action
from ..action_context import all_of, needs, writable

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("strategy.value", ("v",), "value", "set its figure: target, actual value, cap, share, price, money spent",
           CHANGE, contexts=("strategy",), shown=4, enabled=all_of(writable, needs("row", "value"))),
    Action("strategy.day", ("d",), "date", "set its due date", CHANGE, contexts=("strategy",),
           shown=5, enabled=all_of(writable, needs("row", "day"))),
    Action("strategy.sizes", ("=",), "take sizes", "keep the technical requirements that follow from the business ones",
           CHANGE, contexts=("strategy",), enabled=all_of(writable, needs("project"))),
)
# fmt: on
