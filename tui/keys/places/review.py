"""What can be done on Review: from change to change, read and note them, look elsewhere, take it along."""

from __future__ import annotations

from ..action import AROUND, CHANGE, FIND, Action
from ..action_context import needs

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("review.next", ("n",), "next", "go to the next change", AROUND, contexts=("review",), shown=2,
           enabled=needs("changes")),
    Action("review.before", ("N",), "before", "go to the change before", AROUND, contexts=("review",),
           enabled=needs("changes")),
    Action("review.read", ("space",), "read", "mark the change as read and go on; again: unread", CHANGE,
           contexts=("review",), shown=3, enabled=needs("change")),
    Action("review.note", ("c",), "note", "write a note on the change; it stays on this machine", CHANGE,
           contexts=("review",), shown=4, enabled=needs("change")),
    Action("review.open", ("enter",), "open", "open what the row is about, as it is now", AROUND, contexts=("review",),
           enabled=needs("row")),
    Action("review.side", ("v",), "view there", "look at the board or the timeline at either side", FIND,
           contexts=("review",), shown=5, enabled=needs("found")),
    Action("review.page", ("m",), "Markdown", "the review with your notes as Markdown: to the clipboard, and a file",
           FIND, contexts=("review",), shown=6, enabled=needs("found")),
    Action("review.why", ("w",), "why", "the changes behind a consequence; what follows from a change", FIND,
           contexts=("review",), shown=7, enabled=needs("row")),
    Action("review.sides", ("r",), "revisions", "compare other revisions: A, A B, A...B, as for kedge diff", FIND,
           contexts=("review",), shown=8),
    Action("review.scenarios", ("s",), "scenarios", "branches side by side: dates, P80, cost, scope, risk", FIND,
           contexts=("review",), enabled=needs("git")),
)
# fmt: on
