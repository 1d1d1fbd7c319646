"""What can be done in a dialog that is answered with keys."""

from __future__ import annotations

from ..action import ASKING, DIALOGS, Action

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("dialog.take", ("enter",), "take", "take the line under the cursor; close what is only read", DIALOGS,
           contexts=ASKING, shown=1, required=True),
    Action("dialog.tick", ("space",), "tick", "tick the line, or untick it", DIALOGS, contexts=ASKING, shown=2),
    Action("dialog.tick_all", ("a",), "all or none", "tick all lines, or none", DIALOGS, contexts=ASKING,
           shown=3),
    Action("dialog.leave", ("escape", "q"), "back", "close without an answer", DIALOGS, contexts=ASKING,
           shown=9, required=True),
    Action("dialog.help", ("?", "f1"), "help", "all keys that work here", DIALOGS, contexts=ASKING, shown=10,
           required=True),
)
# fmt: on
