"""What can be done on the Timeline, and in a trial there."""

from __future__ import annotations

from ..action import AROUND, CHANGE, FIND, LOOK_BACK, WITH_TIME, Action
from ..action_context import all_of, needs, with_project, writable

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("time.open", ("enter",), "open", "open the card; on a milestone or a person its form", AROUND,
           contexts=("timeline",), shown=2, enabled=needs("row")),
    Action("time.earlier", ("h", "left"), "earlier", "scroll to what is earlier", AROUND, contexts=WITH_TIME,
           enabled=needs("time")),
    Action("time.later", ("l", "right"), "later", "scroll to what is later", AROUND, contexts=WITH_TIME,
           enabled=needs("time")),
    Action("time.today", ("g t",), "today", "scroll to today", AROUND, contexts=WITH_TIME,
           enabled=needs("chart")),
    Action("time.bar", ("g b",), "to its bar", "scroll to where the focused card is", AROUND,
           contexts=WITH_TIME, enabled=needs("chart", "row")),
    Action("time.finer", ("+", "="), "zoom in", "finer columns: from weeks to days to half days", FIND,
           contexts=WITH_TIME, shown=5, enabled=needs("time")),
    Action("time.coarser", ("-",), "zoom out", "coarser columns: from days to weeks to months", FIND,
           contexts=WITH_TIME, shown=5, enabled=needs("time")),
    Action("time.critical", ("c",), "critical", "show only cards without slack, or all", FIND,
           contexts=WITH_TIME, shown=6, enabled=needs("chart")),
    Action("time.baseline", ("B",), "baseline", "the dates planned at another revision, below those of now; or no more",
           FIND, contexts=WITH_TIME, enabled=needs("chart")),
    Action("time.review", ("g B",), "look back", LOOK_BACK, CHANGE, contexts=("timeline",), enabled=with_project),
    Action("time.panel", ("tab",), "load", "the chart, the load by week, the hand-overs, the forecast", FIND,
           contexts=WITH_TIME, shown=4),
    Action("time.load", ("L",), "load", "people and teams by week, against the time that they have", FIND,
           contexts=WITH_TIME),
    Action("time.forecast", ("f",), "forecast", "when the milestone is reached in how many of the runs", FIND,
           contexts=WITH_TIME, shown=6),
    Action("time.handovers", ("H",), "hand-overs", "what one team gives to another, by date, with its slack", FIND,
           contexts=WITH_TIME),
    Action("time.try", ("T",), "try", "try edits: what they do to dates, money and load is shown, and nothing is saved",
           CHANGE, contexts=("timeline",), shown=7, enabled=writable),
    Action("trial.keep", ("enter",), "keep", "keep the edits of the trial as one step", CHANGE, contexts=("trial",),
           shown=1, enabled=all_of(writable, needs("tried")), required=True),
    Action("trial.drop", ("escape",), "drop", "drop the edits of the trial: the plan is as it was", CHANGE,
           contexts=("trial",), shown=2, required=True),
    Action("trial.effect", ("D",), "effect", "all that the edits of the trial change, and the edits", FIND,
           contexts=("trial",), shown=3, enabled=needs("tried")),
)
# fmt: on
