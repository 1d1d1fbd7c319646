"""What shells complete: live ids, projects, people, tags, fields and their values.

A key press must not wait: ids come from the names of files alone, and only what is inside files is read, one kind
at a time. Where no plan is found there is nothing to complete, and never an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, split_arg_string

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_STATES = ("open", "todo", "doing", "done", "dropped", "blocked", "ready", "late", "mine")


def _items(values: Iterable[str], incomplete: str, prefix: str = "") -> list[CompletionItem]:
    """Values that begin with what was typed; where none does, those that have it somewhere."""
    known = sorted(set(values))
    fits = [one for one in known if one.startswith(incomplete)] or [one for one in known if incomplete in one]
    return [CompletionItem(prefix + one) for one in fits]


def _quietly(complete: Complete) -> Complete:
    """Completion on a broken or missing plan is no completion."""

    def safe(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from ..storage.disk.errors import KedgeError

        try:
            return complete(context, parameter, incomplete)
        except (KedgeError, OSError, ValueError):
            return []

    return safe


def _names(context: click.Context, *kinds: str) -> Iterator[tuple[str, str]]:
    """Project and id of the records of some kinds, without reading them."""
    from ..storage.disk.scan import scan
    from .plan_folder import plan_root
    from .settings import Settings

    settings = context.ensure_object(Settings)
    for found in scan(plan_root(settings), kinds)[0]:
        if settings.project in (None, found.address.project) or not found.address.project:
            yield found.address.project, found.address.id


def ids_of(kind: str) -> Complete:
    """Completes ids of a kind of record or entry."""

    @_quietly
    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _items(_ids(context, kind), incomplete)

    return complete


def _ids(context: click.Context, kind: str) -> Iterable[str]:
    from ..model.records.kinds import ENTRIES, KINDS

    if kind in KINDS:
        return [name for _, name in _names(context, kind)]
    if kind not in ENTRIES:
        return []
    from ..storage.plan.read import read_plan
    from .plan_folder import plan_root
    from .settings import Settings

    root = plan_root(context.ensure_object(Settings))
    return read_plan(root, {ENTRIES[kind].record}).plan.ids(kind)


complete_card = ids_of("card")
complete_project = ids_of("project")


@_quietly
def complete_record(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes ids of all records that have a file of their own name."""
    from ..model.records.kinds import KINDS

    kinds = [name for name, kind in KINDS.items() if not kind.single or name == "project"]
    return _items((name for _, name in _names(context, *kinds)), incomplete)


@_quietly
def complete_place(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Completes places, and after `move` first the cards."""
    from ..model.playbook.outline import PLACES

    places = _items(PLACES, incomplete)
    return places if parameter.nargs == 1 else [*complete_card(context, parameter, incomplete), *places]


def assignments_of(kind: str) -> Complete:
    """Completes `field=value` for a kind of record or entry; ids before them where the kind is a card's."""

    @_quietly
    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from ..model.plan.field_spec import shapes
        from ..model.records.kinds import KINDS, entry_model, record_model

        known = shapes(record_model(kind) if kind in KINDS else entry_model(kind))
        name, equals, typed = incomplete.partition("=")
        if equals:
            return _values(context, known.get(name), typed, f"{name}=")
        fields = [
            CompletionItem(one.value + "=", help=known[one.value].description) for one in _items(known, name)
        ]
        if kind != "card":
            return fields
        cards = complete_card(context, parameter, incomplete)
        return [*(one for one in cards if not fields or one.value.startswith(incomplete)), *fields]

    return complete


def _values(context: click.Context, shape: Any, typed: str, prefix: str) -> list[CompletionItem]:
    if shape is None:
        return []
    before, comma, last = typed.rpartition(",")
    prefix += before + comma
    if last[:1] in ("+", "-"):
        prefix, last = prefix + last[0], last[1:]
    if shape.refers:
        return _items(_ids(context, shape.refers), last, prefix)
    if shape.name == "place":
        from ..model.playbook.outline import PLACES

        return _items(PLACES, last, prefix)
    if shape.name == "tags":
        return _items(_tags(context), last, prefix)
    return _items(("yes", "no") if shape.control == "flag" else shape.choices, last, prefix)


def _tags(context: click.Context) -> set[str]:
    from ..storage.disk.source import Disk
    from ..storage.plan.read import read_plan
    from ..storage.plan.record_cache import cache_of
    from .plan_folder import plan_root
    from .settings import Settings

    root = plan_root(context.ensure_object(Settings))
    plan = read_plan(Disk(root, cache_of(root, os.environ)), {"card"}).plan
    return {tag for card in plan.cards.values() for tag in card.tags}


@_quietly
def complete_query(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes the words of a query: fields, and the values of those that have known ones."""
    if incomplete.startswith("#"):
        return _items(_tags(context), incomplete[1:], "#")
    name, colon, typed = incomplete.partition(":")
    from ..model.playbook.outline import PHASES, STAGES, STEPS

    values: dict[str, Callable[[], Iterable[str]]] = {
        "owner": lambda: _ids(context, "person"),
        "project": lambda: _ids(context, "project"),
        "milestone": lambda: _ids(context, "milestone"),
        "needs": lambda: _ids(context, "card"),
        "tag": lambda: _tags(context),
        "phase": lambda: [one.id for one in PHASES],
        "step": lambda: [one.id for one in STEPS],
        "stage": lambda: [one.id for one in STAGES],
        "status": lambda: ("todo", "doing", "done", "dropped"),
        "is": lambda: _STATES,
    }
    if colon:
        return _items(values.get(name, tuple)(), typed, f"{name}:")
    return _items((f"{one}:" for one in values), name)


@_quietly
def complete_quick(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes the marks of the quick syntax."""
    sign = incomplete[:1]
    if sign == "@":
        return _items(_ids(context, "person"), incomplete[1:], "@")
    if sign == "#":
        return _items(_tags(context), incomplete[1:], "#")
    if sign == "!":
        return _items(_ids(context, "milestone"), incomplete[1:], "!")
    name, colon, typed = incomplete.partition(":")
    if not colon:
        return []
    if name == "in":
        from ..model.playbook.outline import PLACES

        return _items(PLACES, typed, "in:")
    kinds = {"owner": "person", "needs": "card", "milestone": "milestone"}
    return _items(_ids(context, kinds[name]), typed, f"{name}:") if name in kinds else []


_PLACES = (":base", ":index", "HEAD", *(f"HEAD~{back}" for back in range(1, 6)))
"""Revisions that every repository has, or may have."""


@_quietly
def complete_revision(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes branches, tags and what is near HEAD, on both sides of `..` and `...`."""
    from ..storage.disk.repository import GitProblem
    from ..storage.git.branches import branches, tags
    from .plan_folder import plan_root
    from .settings import Settings

    settings = context.ensure_object(Settings)
    root = plan_root(settings)
    first, dots, last = _sides_of(incomplete)
    known = list(() if dots else _PLACES[:2]) + list(_PLACES[2:])
    for found in (branches(root, settings.environment), tags(root, settings.environment)):
        known += [] if isinstance(found, GitProblem) else found
    return _items((one for one in known if one.isprintable()), last, first + dots)


def _sides_of(incomplete: str) -> tuple[str, str, str]:
    """What is before `..` or `...`, those dots, and what is after them."""
    dots = "..." if "..." in incomplete else ".." if ".." in incomplete else ""
    first, _, last = incomplete.rpartition(dots) if dots else ("", "", incomplete)
    return first, dots, last


class Bash(BashComplete):
    """Completion for bash, which takes words apart at `:` and `=`; we look at the line instead."""

    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n'
    local response
    response=$(env KEDGE_LINE="${COMP_LINE:0:$COMP_POINT}" %(complete_var)s=bash_complete $1)
    COMPREPLY=()
    local completion
    for completion in $response; do
        COMPREPLY+=("${completion#*,}")
        [[ $completion == *[=:,/] ]] && compopt -o nospace
    done
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and the one that it is in."""
        line = os.environ.get("KEDGE_LINE", "")
        words = split_arg_string(line)[1:]
        unfinished = bool(words) and not line[-1:].isspace()
        return (words[:-1], words[-1]) if unfinished else (words, "")

    def format_completion(self, item: CompletionItem) -> str:
        """What bash has to put in place of what it takes for the current word."""
        _, incomplete = self.get_completion_args()
        cut = max(incomplete.rfind(":"), incomplete.rfind("=")) + 1
        return f"{item.type},{item.value[cut:]}"


def register() -> None:
    """Makes click use our own bash completion."""
    add_completion_class(Bash)
