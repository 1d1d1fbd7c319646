"""Everything that a person can do on the board's screens, in its dialogs and in its forms, said once.

Keys, the key line, the help, the command palette, remapping, `kedge keys` and the documented key table all come from
this table. It loads without textual, so that a command can print it. What cannot be done at the moment stays visible
and gives its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from .action_context import (
    Enabled,
    Situation,
    all_of,
    always,
    in_a_project,
    needs,
    read,
    with_card,
    with_cards,
    with_editable_focus,
    with_focus,
    with_one_card,
    with_projects,
    with_screen,
    with_shell,
    with_single_focus,
    with_views,
    with_work,
    writable,
)

Screen = Literal["board", "card", "problems", "assess", "portfolio", "strategy", "timeline", "operate"]
Context = Screen | Literal["screen", "trial", "dialog", "text", "pick", "form"]
"""Where keys mean something: a screen, or one that has no actions of its own; a trial on the Timeline; a dialog that is
answered with keys; one line, a list, a form to type into."""
SCREENS: tuple[Screen, ...] = get_args(Screen)
TYPED: frozenset[Context] = frozenset(("text", "pick", "form"))
"""Where visible characters are typed, so that no action can have one for its key."""


@dataclass(frozen=True)
class Action:
    """One thing that can be done, with its keys and its words."""

    id: str
    keys: tuple[str, ...]
    """Each a key (`a`, `ctrl+d`, `?`), or a sequence with spaces (`g g`)."""
    label: str
    """One or two words, for the key line."""
    help: str
    """What it does, in one line."""
    group: str
    contexts: tuple[Context, ...] = ("board",)
    enabled: Enabled = field(default=always, compare=False)
    shown: int = 0
    """Its place on the key line, from 1; 0 where it is not shown there."""
    required: bool = False
    """Whether it must stay reachable whatever a person remaps."""


GROUPS = ("Move around", "Cards", "Change", "Find", "Screens", "Dialogs", "Typing", "Kedge")
"""Headings of the help, in order."""

_AROUND, _CARDS, _CHANGE, _FIND, _SCREENS, _DIALOGS, _TYPING, _KEDGE = GROUPS
_EVERYWHERE: tuple[Context, ...] = (*SCREENS, "screen")
_ALWAYS: tuple[Context, ...] = (*_EVERYWHERE, "trial")
_LISTS: tuple[Context, ...] = (*_ALWAYS, "dialog")
_TIME: tuple[Context, ...] = ("timeline", "trial")
_SECTIONS: tuple[Context, ...] = ("strategy", "operate")
_ASKING: tuple[Context, ...] = ("dialog",)
_TYPED: tuple[Context, ...] = ("text", "pick", "form")
_ON_CARDS: tuple[Context, ...] = ("board", "card")
_WITH_DATES: tuple[Context, ...] = (*_ON_CARDS, *_TIME)
_INSIDE: tuple[Context, ...] = (*(one for one in SCREENS if one != "board"), "screen")


def _screen(name: str, key: str, label: str, about: str) -> Action:
    """The action that opens a screen."""
    shows = with_screen(name, label)
    return Action(name, (key,), label, about, _SCREENS, contexts=_EVERYWHERE, enabled=shows)


# One action in a line or two reads as the table that it is.
# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("focus.left", ("h", "left"), "left", "focus the column to the left; the page before", _AROUND,
           contexts=("board", "dialog")),
    Action("focus.down", ("j", "down"), "down", "go to the next card or row", _AROUND, contexts=_LISTS),
    Action("focus.up", ("k", "up"), "up", "go to the card or row above", _AROUND, contexts=_LISTS),
    Action("focus.right", ("l", "right"), "right", "focus the column to the right; the next page", _AROUND,
           contexts=("board", "dialog")),
    Action("focus.first", ("g g", "home"), "first", "go to the first of them", _AROUND,
           contexts=tuple(one for one in _LISTS if one != "assess")),
    Action("focus.last", ("G", "end"), "last", "go to the last of them", _AROUND, contexts=_LISTS),
    Action("focus.half_down", ("ctrl+d", "pagedown"), "page down", "go down half a page", _AROUND,
           contexts=_LISTS),
    Action("focus.half_up", ("ctrl+u", "pageup"), "page up", "go up half a page", _AROUND, contexts=_LISTS),
    Action("focus.open", ("enter",), "open", "open the focused card or project", _AROUND, enabled=with_focus,
           shown=4, contexts=_ON_CARDS),
    Action("view.finished", ("z",), "finished", "show what is finished card by card, or one line a group", _FIND),
    Action("view.density", ("Z",), "density", "lines of a card: as there is room, two, or one", _FIND),
    Action("focus.leave", ("escape",), "back", "go back to where you came from", _AROUND, contexts=_INSIDE,
           shown=1),
    Action("problem.open", ("enter",), "open", "go to the place: the card, or the file at its line", _AROUND,
           contexts=("problems",), shown=2, enabled=needs("finding")),
    Action("problem.edit", ("e",), "edit", "edit the record in a form", _CHANGE, contexts=("problems",),
           enabled=all_of(writable, needs("finding"))),
    Action("problem.editor", ("E",), "editor", "open the file in $EDITOR at the line", _AROUND,
           contexts=("problems",), shown=3, enabled=needs("finding", "file")),
    Action("problem.fix", ("F",), "fix", "apply the fix that the rule offers, after a look at it", _CHANGE,
           contexts=("problems",), shown=4, enabled=all_of(writable, needs("finding", "fix"))),
    Action("problem.fix_all", ("A",), "fix all", "apply every fix that is offered, after a look at them",
           _CHANGE, contexts=("problems",), enabled=all_of(writable, needs("fixes"))),
    Action("problem.group", ("s",), "group", "list by rule or by file", _FIND, contexts=("problems",),
           shown=5),
    Action("problem.why", ("w",), "why", "what the rule wants", _FIND, contexts=("problems",), shown=6,
           enabled=needs("finding")),
    Action("question.first", ("home",), "first", "focus the first question", _AROUND, contexts=("assess",)),
    Action("question.tab_next", ("tab", "l", "right"), "next step", "the next step; after the last the datasets",
           _AROUND, contexts=("assess",), shown=6, enabled=needs("project")),
    Action("question.tab_back", ("shift+tab", "h", "left"), "step before", "the step before", _AROUND,
           contexts=("assess",), enabled=needs("project")),
    Action("question.phase", ("s",), "phase", "the questions of the next phase", _AROUND, contexts=("assess",),
           enabled=needs("project")),
    Action("question.next", ("n",), "next open", "go to the question to ask next, those that hold the gate first",
           _AROUND, contexts=("assess",), shown=3, enabled=needs("project")),
    Action("question.answer", ("enter", "space"), "answer",
           "answer the question, and go to the next open one; on a dataset open its form", _CHANGE,
           contexts=("assess",), shown=2, enabled=all_of(writable, needs("row"))),
    Action("question.form", ("e",), "edit", "edit the whole answer in a form: evidence, confidence, notes",
           _CHANGE, contexts=("assess",), enabled=all_of(writable, needs("row"))),
    Action("question.add", ("a",), "add", "add a record that answers the question, or a dataset", _CHANGE,
           contexts=("assess",), enabled=all_of(writable, needs("project"))),
    Action("question.measure", ("M",), "measure", "measure the focused dataset from its files; shows the change first",
           _CHANGE, contexts=("assess",), enabled=all_of(writable, needs("dataset"))),
    Action("question.unknown", ("U",), "unknown", "mark the answer as unknown; that blocks until it is known",
           _CHANGE, contexts=("assess",), enabled=all_of(writable, needs("question"))),
    Action("question.not_applicable", ("X",), "not here", "say that it does not apply, with the reason",
           _CHANGE, contexts=("assess",), enabled=all_of(writable, needs("question"))),
    Action("question.waive", ("W",), "waive", "set it aside until a day: the form of a waiver, with who agrees to it",
           _CHANGE, contexts=("assess",), enabled=all_of(writable, needs("question"))),
    Action("question.confirm", ("C",), "confirm", "say that an answer from an earlier cycle still holds, and go on",
           _CHANGE, contexts=("assess",), enabled=all_of(writable, needs("question"))),
    Action("question.clear", ("D",), "clear", "take the answer away", _CHANGE, contexts=("assess",),
           enabled=all_of(writable, needs("question"))),
    Action("question.card", ("c",), "card", "make the card that is offered, once", _CHANGE,
           contexts=("assess",), shown=4, enabled=all_of(writable, needs("project", "offer"))),
    Action("question.decide", ("d",), "decide", "record the decision at the gate; the project moves with it",
           _CHANGE, contexts=("assess",), enabled=all_of(writable, needs("project", "decision"))),
    Action("question.gate", ("g",), "gate", "what the gate asks, with its conditions and their arithmetic",
           _FIND, contexts=("assess",), shown=5, enabled=needs("project", "gate")),
    Action("question.matrix", ("v",), "qualities", "qualities and concerns, needed against reached; enter edits one",
           _FIND, contexts=("assess",), enabled=needs("project")),
    Action("question.why", ("w",), "why", "its figures, what moves with another answer, why it is asked",
           _FIND, contexts=("assess",), shown=7, enabled=needs("question")),
    Action("question.calculator", ("=",), "calculator", "a calculator, with the project's own figures to try others",
           _FIND, contexts=("assess",), enabled=needs("project")),
    Action("question.open_only", ("f",), "open only", "show open questions only, or all", _FIND,
           contexts=("assess",)),
    Action("project.open", ("enter",), "open", "open the board of the project", _AROUND,
           contexts=("portfolio",), shown=2, enabled=needs("row")),
    Action("project.add", ("a",), "add", "add a project", _CHANGE, contexts=("portfolio",), enabled=writable),
    Action("project.edit", ("e",), "edit", "edit the project in a form", _CHANGE, contexts=("portfolio",),
           enabled=all_of(writable, needs("row"))),
    Action("project.editor", ("E",), "editor", "edit the project's file in $EDITOR", _CHANGE,
           contexts=("portfolio",), enabled=all_of(writable, needs("row"))),
    Action("choice.panel", ("tab", "m"), "map", "what is chosen and why, the map, or the list alone", _AROUND,
           contexts=("portfolio",), shown=7),
    Action("choice.budget", ("b",), "budget", "choose again under another budget; nothing is saved", _FIND,
           contexts=("portfolio",), shown=3),
    Action("choice.people", ("n",), "people", "choose again with another number of people; nothing is saved",
           _FIND, contexts=("portfolio",), shown=4),
    Action("choice.trial", ("t",), "with/without", "choose with the project, or without it; nothing is saved", _FIND,
           contexts=("portfolio",), shown=5, enabled=needs("row")),
    Action("choice.why", ("w",), "why", "the arithmetic of the project, and how far an input must move", _FIND,
           contexts=("portfolio",), shown=6, enabled=needs("row")),
    Action("row.open", ("enter", "e"), "edit", "open what the row is about: its form, or its question",
           _CHANGE, contexts=_SECTIONS, shown=2, enabled=all_of(writable, needs("row"))),
    Action("row.add", ("a",), "add", "add one of what the section lists, or of what the row asks for",
           _CHANGE, contexts=_SECTIONS, shown=3, enabled=all_of(writable, needs("project", "kind"))),
    Action("strategy.value", ("v",), "value", "set its figure: target, actual value, cap, share, price, money spent",
           _CHANGE, contexts=("strategy",), shown=4, enabled=all_of(writable, needs("row", "value"))),
    Action("strategy.day", ("d",), "date", "set the day by which it is wanted", _CHANGE, contexts=("strategy",),
           shown=5, enabled=all_of(writable, needs("row", "day"))),
    Action("row.owner", ("o",), "owner", "pick who answers for it, decides on it, or approved its money", _CHANGE,
           contexts=_SECTIONS, enabled=all_of(writable, needs("row", "owner"))),
    Action("row.remove", ("D",), "remove", "remove it, after asking; undo brings it back", _CHANGE,
           contexts=_SECTIONS, enabled=all_of(writable, needs("row", "removable"))),
    Action("row.editor", ("E",), "editor", "edit the file that holds it in $EDITOR", _CHANGE,
           contexts=_SECTIONS, enabled=all_of(writable, needs("row", "record"))),
    Action("strategy.sizes", ("=",), "take sizes", "keep the technical requirements that follow from the business ones",
           _CHANGE, contexts=("strategy",), enabled=all_of(writable, needs("project"))),
    Action("section.next", ("tab", "l", "right"), "section", "the next section of the list",
           _AROUND, contexts=_SECTIONS, shown=6, enabled=needs("project")),
    Action("section.before", ("shift+tab", "h", "left"), "before", "the section before", _AROUND,
           contexts=_SECTIONS, enabled=needs("project")),
    Action("row.why", ("w",), "why", "all that is known of it, with the arithmetic of its figures", _FIND,
           contexts=_SECTIONS, shown=7, enabled=needs("row")),
    Action("metric.refresh", ("r",), "refresh", "read metrics again from their files; what changes is shown first",
           _CHANGE, contexts=_SECTIONS, enabled=all_of(writable, needs("project"))),
    Action("operate.record", ("v",), "record", "record a reading, the counts of a test, the values of a rollout's step",
           _CHANGE, contexts=("operate",), shown=4, enabled=all_of(writable, needs("row", "value"))),
    Action("operate.next", ("space",), "start/end", "start the next step of a rollout; start or end a live test",
           _CHANGE, contexts=("operate",), shown=5, enabled=all_of(writable, needs("row", "runs"))),
    Action("operate.tested", ("t",), "tested", "say that the alarm was fired on purpose today, and was seen", _CHANGE,
           contexts=("operate",), enabled=all_of(writable, needs("row", "alarm"))),
    Action("time.open", ("enter",), "open", "open the card; on a milestone or a person its form", _AROUND,
           contexts=("timeline",), shown=2, enabled=needs("row")),
    Action("time.earlier", ("h", "left"), "earlier", "scroll to what is earlier", _AROUND, contexts=_TIME,
           enabled=needs("time")),
    Action("time.later", ("l", "right"), "later", "scroll to what is later", _AROUND, contexts=_TIME,
           enabled=needs("time")),
    Action("time.today", ("g t",), "today", "scroll to today", _AROUND, contexts=_TIME,
           enabled=needs("chart")),
    Action("time.bar", ("g b",), "to its bar", "scroll to where the focused card is", _AROUND,
           contexts=_TIME, enabled=needs("chart", "row")),
    Action("time.finer", ("+", "="), "zoom in", "finer columns: from weeks to days to half days", _FIND,
           contexts=_TIME, shown=5, enabled=needs("time")),
    Action("time.coarser", ("-",), "zoom out", "coarser columns: from days to weeks to months", _FIND,
           contexts=_TIME, shown=5, enabled=needs("time")),
    Action("time.critical", ("c",), "critical", "show only cards without slack, or all", _FIND,
           contexts=_TIME, shown=6, enabled=needs("chart")),
    Action("time.panel", ("tab",), "load", "the chart, the load by week, the hand-overs, the forecast", _FIND,
           contexts=_TIME, shown=4),
    Action("time.load", ("L",), "load", "people and teams by week, against the time that they have", _FIND,
           contexts=_TIME),
    Action("time.forecast", ("f",), "forecast", "when the milestone is reached in how many of the runs", _FIND,
           contexts=_TIME, shown=6),
    Action("time.handovers", ("H",), "hand-overs", "what one team gives to another, by date, with its slack", _FIND,
           contexts=_TIME),
    Action("time.try", ("T",), "try", "try edits: what they do to dates, money and load is shown, and nothing is saved",
           _CHANGE, contexts=("timeline",), shown=7, enabled=writable),
    Action("trial.keep", ("enter",), "keep", "keep the edits of the trial as one step", _CHANGE, contexts=("trial",),
           shown=1, enabled=all_of(writable, needs("tried")), required=True),
    Action("trial.drop", ("escape",), "drop", "drop the edits of the trial: the plan is as it was", _CHANGE,
           contexts=("trial",), shown=2, required=True),
    Action("trial.effect", ("D",), "effect", "all that the edits of the trial change, and the edits", _FIND,
           contexts=("trial",), shown=3, enabled=needs("tried")),
    Action("focus.back", ("escape",), "back",
           "clear marks, then the filter, then leave the project for the portfolio", _AROUND),
    Action("card.add", ("a",), "add", "add right here, in this column and step; Tab opens the whole form",
           _CARDS, enabled=writable, shown=2),
    Action("card.edit", ("e",), "edit", "edit in a form; one for all that are marked", _CARDS,
           enabled=with_editable_focus, shown=3, contexts=_WITH_DATES),
    Action("card.editor", ("E",), "editor", "edit the record's file in $EDITOR", _CARDS,
           enabled=with_single_focus, contexts=_WITH_DATES),
    Action("card.mark", ("v",), "mark", "mark the card; commands then work on all marked ones", _CARDS,
           enabled=with_card),
    Action("card.mark_all", ("V",), "mark all", "mark every card shown, or none", _CARDS,
           enabled=in_a_project),
    Action("card.copy_id", ("y",), "copy id", "copy the id", _CARDS, enabled=with_focus, contexts=_WITH_DATES),
    Action("card.copy_branch", ("Y",), "copy branch", "copy a branch name for the card", _CARDS,
           enabled=with_focus, contexts=_WITH_DATES),
    Action("card.why", ("w",), "why", "explain what is focused: why blocked, why late", _CARDS,
           enabled=with_focus, shown=10, contexts=_WITH_DATES),
    Action("card.previous", ("[", "backspace"), "previous", "back to where you jumped from", _AROUND,
           contexts=_ON_CARDS, enabled=needs("before")),
    Action("card.next", ("]",), "next", "forward again", _AROUND, contexts=_ON_CARDS, enabled=needs("after")),
    Action("card.to_need", ("g n",), "to a need", "go to a card that it needs", _AROUND,
           contexts=_WITH_DATES, enabled=all_of(with_card, needs("needs"))),
    Action("card.to_dependant", ("g d",), "to a dependant", "go to a card that needs it", _AROUND,
           contexts=_WITH_DATES, enabled=all_of(with_card, needs("dependants"))),
    Action("card.next_status", ("space",), "status", "next status: todo, doing, done", _CHANGE,
           enabled=with_cards, shown=6, contexts=("board", *_TIME)),
    Action("card.done", ("C",), "done", "done at once, whatever its status is", _CHANGE, enabled=with_cards,
           contexts=_ON_CARDS),
    Action("card.block", ("b",), "block", "say what blocks it; an empty reason unblocks", _CHANGE,
           enabled=with_cards, contexts=_WITH_DATES),
    Action("card.drop", ("x",), "drop", "drop it, with a reason", _CHANGE, enabled=with_cards,
           contexts=_WITH_DATES),
    Action("card.move_left", ("H", "<"), "move left", "move it one column to the left", _CHANGE,
           enabled=with_work, contexts=_ON_CARDS),
    Action("card.move_right", ("L", ">"), "move right", "move it one column to the right", _CHANGE,
           enabled=with_work, contexts=_ON_CARDS),
    Action("card.move_assess", ("m a",), "to Assess", "move it to Assess", _CHANGE, enabled=with_work,
           contexts=_ON_CARDS),
    Action("card.move_plan", ("m p",), "to Plan", "move it to Plan", _CHANGE, enabled=with_work,
           contexts=_ON_CARDS),
    Action("card.move_execute", ("m e",), "to Execute", "move it to Execute", _CHANGE, enabled=with_work,
           contexts=_ON_CARDS),
    Action("card.move_iterate", ("m i",), "to Iterate", "move it to Iterate", _CHANGE, enabled=with_work,
           contexts=_ON_CARDS),
    Action("card.move_step", ("m s",), "to a step", "move it to a step of the method", _CHANGE,
           enabled=with_cards, contexts=_ON_CARDS),
    Action("card.move_milestone", ("m m",), "to a milestone", "give it a milestone", _CHANGE,
           enabled=with_cards, contexts=_WITH_DATES),
    Action("card.move_project", ("m j",), "to a project", "move it to another project", _CHANGE, contexts=_ON_CARDS,
           enabled=all_of(with_cards, with_projects)),
    Action("card.lower", ("J",), "lower", "put it one place down in its group", _CHANGE,
           enabled=with_editable_focus),
    Action("card.raise", ("K",), "raise", "put it one place up in its group", _CHANGE,
           enabled=with_editable_focus),
    Action("card.owner", ("o",), "owner", "pick who does it", _CHANGE, enabled=with_cards,
           contexts=_WITH_DATES),
    Action("card.tags", ("t",), "tags", "set its tags: +add, -remove, or the whole list", _CHANGE,
           enabled=with_cards, contexts=_WITH_DATES),
    Action("card.due", ("d",), "due", "set the day by which it is wanted", _CHANGE, enabled=with_cards,
           contexts=_WITH_DATES),
    Action("card.rename", ("r",), "rename", "give it another id; every reference follows", _CHANGE,
           enabled=with_one_card, contexts=_ON_CARDS),
    Action("card.needs", ("n",), "needs", "pick the cards that come first", _CHANGE, enabled=with_cards,
           contexts=_WITH_DATES),
    Action("item.next", ("space",), "tick",
           "tick the line of the checklist; elsewhere the card's next status", _CHANGE, contexts=("card",),
           enabled=with_one_card, shown=2),
    Action("item.add", ("a", "c"), "add line", "add a line to the checklist", _CHANGE, contexts=("card",),
           enabled=with_one_card, shown=5),
    Action("item.remove", ("D",), "remove line", "remove the line of the checklist", _CHANGE,
           contexts=("card",), enabled=all_of(with_one_card, needs("item"))),
    Action("plan.undo", ("u",), "undo", "take back the last step", _CHANGE, enabled=writable, shown=8,
           required=True, contexts=_ALWAYS),
    Action("plan.redo", ("ctrl+r",), "redo", "make the step again that was taken back", _CHANGE,
           enabled=writable, contexts=_ALWAYS),
    Action("find.filter", ("/",), "filter", "filter as you type: on the board in the query language, keys by a word",
           _FIND, contexts=(*(one for one in SCREENS if one != "card"), "trial", "dialog"), shown=7),
    Action("find.copy", ("y",), "copy", "copy the id, or the place of the finding", _FIND,
           contexts=("problems", "assess", "portfolio", "strategy", "operate"), enabled=needs("row")),
    Action("find.views", ("f",), "views", "pick, change or remove a saved view, or save this one", _FIND,
           enabled=with_views),
    Action("find.group", ("s",), "group", "group by step, status, owner, milestone or stage", _FIND,
           enabled=in_a_project),
    Action("find.project", ("p",), "project", "switch to another project", _FIND, enabled=with_projects,
           contexts=("board", "assess", "portfolio", "strategy", "timeline", "operate")),
    Action("find.command", (":", "ctrl+p"), "commands", "every command, screen, saved view, card and record", _FIND,
           contexts=_EVERYWHERE, shown=9),
    Action("find.record", ("i",), "records",
           "open what is no card in a form: project, person, goal, metric, risk, stage, settings", _FIND,
           contexts=_EVERYWHERE, enabled=read),
    _screen("screen.board", "1", "Board", "the four columns"),
    _screen("screen.assess", "2", "Assess", "the questions of the method, with answers"),
    _screen("screen.portfolio", "3", "Portfolio", "projects ranked, gain against cost"),
    _screen("screen.strategy", "4", "Strategy", "goals, metrics, stages, people, budget"),
    _screen("screen.timeline", "5", "Timeline", "dates, critical path, load"),
    _screen("screen.operate", "6", "Operate", "tracks, rollouts, monitors"),
    _screen("screen.flow", "7", "Flow", "figures from history, the cycle's review"),
    _screen("screen.review", "8", "Review", "the plan at two revisions"),
    _screen("screen.problems", "9", "Problems", "all findings, by rule and by file"),
    Action("dialog.take", ("enter",), "take", "take the line under the cursor; close what is only read", _DIALOGS,
           contexts=_ASKING, shown=1, required=True),
    Action("dialog.tick", ("space",), "tick", "tick the line, or untick it", _DIALOGS, contexts=_ASKING, shown=2),
    Action("dialog.tick_all", ("a",), "all or none", "tick all lines, or none", _DIALOGS, contexts=_ASKING,
           shown=3),
    Action("dialog.leave", ("escape", "q"), "back", "close without an answer", _DIALOGS, contexts=_ASKING,
           shown=9, required=True),
    Action("dialog.help", ("?", "f1"), "help", "all keys that work here", _DIALOGS, contexts=_ASKING, shown=10,
           required=True),
    Action("text.save", ("enter",), "save", "take the line as it is", _TYPING, contexts=("text",), shown=1,
           required=True),
    Action("text.another", ("ctrl+s",), "and another", "take the line, and open it again for the next card",
           _TYPING, contexts=("text",), shown=3),
    Action("text.complete", ("tab",), "complete",
           "take the suggestion; where there is none, go on in the whole form", _TYPING, contexts=("text",),
           shown=2),
    Action("text.down", ("down", "ctrl+n"), "down", "the next suggestion or item", _TYPING,
           contexts=("text", "pick")),
    Action("text.up", ("up", "ctrl+p"), "up", "the suggestion or item above", _TYPING,
           contexts=("text", "pick")),
    Action("pick.take", ("enter",), "take",
           "take the item under the cursor; among several, without a text, take what is marked", _TYPING,
           contexts=("pick",), shown=1, required=True),
    Action("pick.mark", ("tab",), "mark", "mark the item, or unmark it", _TYPING, contexts=("pick",), shown=2),
    Action("pick.change", ("f2", "ctrl+o"), "change", "change the item in a form: what it is called, what it shows",
           _TYPING, contexts=("pick",), shown=3),
    Action("pick.remove", ("f8", "ctrl+g"), "remove", "remove the item; undo brings it back", _TYPING,
           contexts=("pick",), shown=4),
    Action("form.save", ("ctrl+s", "f2"), "save", "save the form", _TYPING, contexts=("form",), shown=1,
           required=True),
    Action("form.another", ("ctrl+n",), "another", "save the form, and go on with a new one of its kind", _TYPING,
           contexts=("form",), shown=2, enabled=needs("another")),
    Action("form.enter", ("enter",), "next", "go to the next field", _TYPING, contexts=("form",)),
    Action("form.next", ("tab", "down"), "next", "take the path that is offered; else go to the next field", _TYPING,
           contexts=("form",), shown=3),
    Action("form.previous", ("shift+tab", "up"), "previous", "go to the field above", _TYPING,
           contexts=("form",)),
    Action("form.choose", ("ctrl+o",), "pick", "pick the value from a list", _TYPING, contexts=("form",),
           shown=4, enabled=needs("choice")),
    Action("form.editor", ("f4", "ctrl+t"), "file", "open the file in $EDITOR; what is typed here stays", _TYPING,
           contexts=("form",), shown=5, enabled=needs("file")),
    Action("form.rename", ("f7",), "rename", "give what the form is about another id; every reference follows", _TYPING,
           contexts=("form",), enabled=needs("name")),
    Action("form.remove", ("f8", "ctrl+g"), "remove", "remove what the form is about, after asking", _TYPING,
           contexts=("form",), shown=6, enabled=needs("record")),
    Action("text.page_down", ("pagedown",), "page down", "go down half a page", _TYPING,
           contexts=("pick", "form")),
    Action("text.page_up", ("pageup",), "page up", "go up half a page", _TYPING, contexts=("pick", "form")),
    Action("text.leave", ("escape",), "back", "leave; asks where something typed would be lost", _TYPING,
           contexts=_TYPED, shown=9, required=True),
    Action("text.help", ("f1",), "help", "all keys that work here", _TYPING, contexts=_TYPED, shown=10,
           required=True),
    Action("plan.reload", ("R",), "read again",
           "read the plan again, and try once more what could not be saved", _KEDGE, contexts=_EVERYWHERE,
           enabled=read),
    Action("plan.settle", ("S",), "settle", "settle what a git merge left in question, field by field", _KEDGE,
           contexts=_EVERYWHERE, enabled=writable),
    Action("kedge.help", ("?", "f1"), "help", "all keys that work here", _KEDGE, contexts=_ALWAYS,
           shown=1, required=True),
    Action("kedge.tour", ("T",), "tour", "the short tour of the first time, again", _KEDGE),
    Action("kedge.theme", ("f9",), "colours", "pick a theme: dark, light, or the terminal's own colours", _KEDGE,
           contexts=_ALWAYS),
    Action("kedge.suspend", ("ctrl+z",), "suspend", "back to the shell for a while; its fg comes back here", _KEDGE,
           contexts=_ALWAYS, enabled=with_shell),
    Action("kedge.quit", ("q",), "quit", "quit; everything is saved first", _KEDGE, contexts=_EVERYWHERE,
           shown=11, required=True),
)
# fmt: on

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
OPENING: tuple[str, ...] = tuple(one.id for one in ACTIONS if one.group == _SCREENS)
"""The actions that open a screen."""


@dataclass(frozen=True)
class Prefix:
    """The first key of sequences: what it stands for, and its place on the key line."""

    label: str
    help: str
    shown: int = 0


PREFIXES: dict[str, Prefix] = {"g": Prefix("go", "go to"), "m": Prefix("move", "move to", shown=5)}


def in_context(context: Context, actions: Iterable[Action] = ACTIONS) -> list[Action]:
    """What can be done in a place."""
    return [one for one in actions if context in one.contexts]


def where(action: Action) -> str:
    """The places of an action in words; all screens are one word."""
    found = list(action.contexts)
    if set(SCREENS) <= set(found):
        found = ["every screen", *(one for one in found if one not in SCREENS)]
    return ", ".join(one for one in found if one != "screen")


def reason_against(action: Action, now: Situation) -> str | None:
    """Why an action cannot be done now; None where it can."""
    return action.enabled(now)
