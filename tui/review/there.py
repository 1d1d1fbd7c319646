"""Looking at the board or the timeline of either side of a review."""

from __future__ import annotations

from ...storage.plan.past import Past
from ..dialogs import Ask
from ..screens.contract import ActsOnPlan
from .compare import Found

_VIEWS = (("board", "screen.board"), ("timeline", "screen.timeline"))
_KEYS = "btnm"


def ask_side(screen: ActsOnPlan, found: Found) -> None:
    """Asks for what is looked at, and at which side."""
    both = found.compared
    ways = [
        (when, state.title, loaded, what, action)
        for when, state, loaded in (
            ("before", both.before, both.pair.before),
            ("after", both.after, both.pair.after),
        )
        for what, action in _VIEWS
    ]

    def answered(key: str) -> None:
        _, title, loaded, _, action = ways[_KEYS.index(key)]
        workspace = screen.session.workspace
        past = Past(workspace.root, workspace.environment, loaded, title)
        screen.host.open_side(past, title, action, screen.here())

    options = [
        (key, f"the {what} {when}: {title}")
        for key, (when, title, _, what, _) in zip(_KEYS, ways, strict=True)
    ]
    screen.ask(Ask("Look there", "Nothing can be changed there; Esc goes back.", options), answered)
