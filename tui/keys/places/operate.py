"""What can be done on Operate besides what all screens in sections have."""

from __future__ import annotations

from ..action import CHANGE, Action
from ..action_context import all_of, needs, writable

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("operate.record", ("v",), "record", "record a reading, the counts of a test, the values of a rollout's step",
           CHANGE, contexts=("operate",), shown=4, enabled=all_of(writable, needs("row", "value"))),
    Action("operate.next", ("space",), "start/end", "start the next step of a rollout; start or end a live test",
           CHANGE, contexts=("operate",), shown=5, enabled=all_of(writable, needs("row", "runs"))),
    Action("operate.tested", ("t",), "tested", "say that the alarm was fired on purpose today, and was seen",
           CHANGE, contexts=("operate",), enabled=all_of(writable, needs("row", "alarm"))),
)
# fmt: on
