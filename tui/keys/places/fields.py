"""What can be done where text is typed: one line, a list to pick from, a form."""

from __future__ import annotations

from ..action import TYPED, TYPING, Action
from ..action_context import needs

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("text.save", ("enter",), "save", "take the line as it is", TYPING, contexts=("text",), shown=1,
           required=True),
    Action("text.another", ("ctrl+s",), "and another", "take the line, and open it again for the next card",
           TYPING, contexts=("text",), shown=3),
    Action("text.complete", ("tab",), "complete",
           "take the suggestion; where there is none, go on in the whole form", TYPING, contexts=("text",),
           shown=2),
    Action("text.down", ("down", "ctrl+n"), "down", "the next suggestion or item", TYPING,
           contexts=("text", "pick")),
    Action("text.up", ("up", "ctrl+p"), "up", "the suggestion or item above", TYPING,
           contexts=("text", "pick")),
    Action("pick.take", ("enter",), "take",
           "take the item under the cursor; among several, without a text, take what is marked", TYPING,
           contexts=("pick",), shown=1, required=True),
    Action("pick.mark", ("tab",), "mark", "mark the item, or unmark it", TYPING, contexts=("pick",), shown=2),
    Action("pick.change", ("f2", "ctrl+o"), "change", "change the item in a form: what it is called, what it shows",
           TYPING, contexts=("pick",), shown=3),
    Action("pick.remove", ("f8", "ctrl+g"), "remove", "remove the item; undo brings it back", TYPING,
           contexts=("pick",), shown=4),
    Action("form.save", ("ctrl+s", "f2"), "save", "save the form", TYPING, contexts=("form",), shown=1,
           required=True),
    Action("form.another", ("ctrl+n",), "another", "save the form, and go on with a new one of its kind", TYPING,
           contexts=("form",), shown=2, enabled=needs("another")),
    Action("form.enter", ("enter",), "next", "go to the next field", TYPING, contexts=("form",)),
    Action("form.next", ("tab", "down"), "next", "take the path that is offered; else go to the next field", TYPING,
           contexts=("form",), shown=3),
    Action("form.previous", ("shift+tab", "up"), "previous", "go to the field above", TYPING,
           contexts=("form",)),
    Action("form.choose", ("ctrl+o",), "pick", "pick the value from a list", TYPING, contexts=("form",),
           shown=4, enabled=needs("choice")),
    Action("form.editor", ("f4", "ctrl+t"), "file", "open the file in $EDITOR; what is typed here stays", TYPING,
           contexts=("form",), shown=5, enabled=needs("file")),
    Action("form.rename", ("f7",), "rename", "give what the form is about another id; every reference follows", TYPING,
           contexts=("form",), enabled=needs("name")),
    Action("form.remove", ("f8", "ctrl+g"), "remove", "remove what the form is about, after asking", TYPING,
           contexts=("form",), shown=6, enabled=needs("record")),
    Action("text.page_down", ("pagedown",), "page down", "go down half a page", TYPING,
           contexts=("pick", "form")),
    Action("text.page_up", ("pageup",), "page up", "go up half a page", TYPING, contexts=("pick", "form")),
    Action("text.leave", ("escape",), "back", "leave; asks where something typed would be lost", TYPING,
           contexts=TYPED, shown=9, required=True),
    Action("text.help", ("f1",), "help", "all keys that work here", TYPING, contexts=TYPED, shown=10,
           required=True),
)
# fmt: on
