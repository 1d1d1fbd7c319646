"""What can be done on all screens: move, undo, find, open another screen, and what concerns Kedge itself."""

from __future__ import annotations

from ..action import (
    ALWAYS,
    AROUND,
    CHANGE,
    EVERYWHERE,
    FIND,
    IN_SECTIONS,
    INSIDE,
    KEDGE,
    LISTS,
    LOOK_BACK,
    OPEN,
    SCREENS,
    Action,
)
from ..action_context import (
    in_a_project,
    needs,
    read,
    with_project,
    with_projects,
    with_screen,
    with_shell,
    with_views,
    writable,
)


def _screen(name: str, key: str, label: str, about: str) -> Action:
    """The action that opens a screen."""
    shows = with_screen(name, label)
    return Action(name, (key,), label, about, OPEN, contexts=EVERYWHERE, enabled=shows)


# fmt: off
MOVES: tuple[Action, ...] = (
    Action("focus.left", ("h", "left"), "left", "focus the column to the left; the page before", AROUND,
           contexts=("board", "dialog")),
    Action("focus.down", ("j", "down"), "down", "go to the next card or row", AROUND, contexts=LISTS),
    Action("focus.up", ("k", "up"), "up", "go to the card or row above", AROUND, contexts=LISTS),
    Action("focus.right", ("l", "right"), "right", "focus the column to the right; the next page", AROUND,
           contexts=("board", "dialog")),
    Action("focus.first", ("g g", "home"), "first", "go to the first of them", AROUND,
           contexts=tuple(one for one in LISTS if one != "assess")),
    Action("focus.last", ("G", "end"), "last", "go to the last of them", AROUND, contexts=LISTS),
    Action("focus.half_down", ("ctrl+d", "pagedown"), "page down", "go down half a page", AROUND,
           contexts=LISTS),
    Action("focus.half_up", ("ctrl+u", "pageup"), "page up", "go up half a page", AROUND, contexts=LISTS),
    Action("focus.leave", ("escape",), "back", "go back to where you came from", AROUND, contexts=INSIDE,
           shown=1),
)
STEPS: tuple[Action, ...] = (
    Action("plan.undo", ("u",), "undo", "take back the last step", CHANGE, enabled=writable, shown=8,
           required=True, contexts=ALWAYS),
    Action("plan.redo", ("ctrl+r",), "redo", "make the step again that was taken back", CHANGE,
           enabled=writable, contexts=ALWAYS),
)
FINDS: tuple[Action, ...] = (
    Action("find.filter", ("/",), "filter", "filter as you type: on the board in the query language, keys by a word",
           FIND, contexts=(*(one for one in SCREENS if one not in ("card", "flow")), "trial", "dialog"), shown=7),
    Action("find.copy", ("y",), "copy", "copy the id, or the place of the finding", FIND,
           contexts=("problems", "assess", "portfolio", *IN_SECTIONS, "flow"), enabled=needs("row")),
    Action("find.views", ("f",), "views", "pick, change or remove a saved view, or save this one", FIND,
           enabled=with_views),
    Action("find.group", ("s",), "group", "group by step, status, owner, milestone or stage", FIND,
           enabled=in_a_project),
    Action("find.project", ("p",), "project", "switch to another project", FIND, enabled=with_projects,
           contexts=("board", "assess", "portfolio", *IN_SECTIONS, "timeline", "flow")),
    Action("find.command", (":", "ctrl+p"), "commands", "every command, screen, saved view, card and record", FIND,
           contexts=EVERYWHERE, shown=9),
    Action("find.record", ("i",), "records",
           "open a record other than a card in its form: project, person, goal, metric, risk, stage, settings", FIND,
           contexts=EVERYWHERE, enabled=read),
)
DOORS: tuple[Action, ...] = (
    _screen("screen.board", "1", "Board", "the four columns"),
    _screen("screen.assess", "2", "Assess", "the questions of the method, with answers"),
    _screen("screen.portfolio", "3", "Portfolio", "projects ranked, gain against cost"),
    _screen("screen.strategy", "4", "Strategy", "goals, metrics, stages, people, budget"),
    _screen("screen.timeline", "5", "Timeline", "dates, critical path, load"),
    _screen("screen.operate", "6", "Operate", "tracks, rollouts, monitors"),
    _screen("screen.flow", "7", "Flow", "figures from history, the cycle's review"),
    _screen("screen.review", "8", "Review", "the plan at two revisions"),
    _screen("screen.problems", "9", "Problems", "all findings, by rule and by file"),
)
REST: tuple[Action, ...] = (
    Action("cycle.review", ("B",), "look back", f"{LOOK_BACK}; on Timeline g B", CHANGE,
           contexts=("board", "assess", "portfolio", *IN_SECTIONS, "flow"), enabled=with_project),
    Action("plan.reload", ("R",), "read again",
           "read the plan again, and try once more what could not be saved", KEDGE, contexts=EVERYWHERE,
           enabled=read),
    Action("plan.settle", ("S",), "settle", "settle what a git merge left in conflict, field by field", KEDGE,
           contexts=EVERYWHERE, enabled=writable),
    Action("kedge.help", ("?", "f1"), "help", "all keys that work here", KEDGE, contexts=ALWAYS,
           shown=1, required=True),
    Action("kedge.tour", ("T",), "tour", "the short tour of the first time, again", KEDGE),
    Action("kedge.theme", ("f9",), "colours", "pick a theme: dark, light, or the terminal's own colours", KEDGE,
           contexts=ALWAYS),
    Action("kedge.suspend", ("ctrl+z",), "suspend", "back to the shell for a while; its fg comes back here", KEDGE,
           contexts=ALWAYS, enabled=with_shell),
    Action("kedge.quit", ("q",), "quit", "quit; everything is saved first", KEDGE, contexts=EVERYWHERE,
           shown=11, required=True),
)
# fmt: on
