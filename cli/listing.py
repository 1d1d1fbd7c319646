"""Lists of cards: all of them, those that a query finds, those that can be started.

A listing reads the kinds of records that it needs and no others: ten thousand cards without the model of a rollout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..storage.disk.errors import BadValue
from . import context, output
from .command import Command
from .completing import complete_query
from .plan_folder import plan_root
from .settings import Settings

if TYPE_CHECKING:
    from ..model.plan.plan import Plan
    from ..model.query.context import CardDates
    from ..model.query.syntax import Query
    from ..model.records.card import Card
    from ..storage.plan.read import Loaded

_COLUMNS = ("id", "status", "place", "title", "owner", "estimate", "due", "milestone", "tags")
_ON_TERMINAL = ("title", "id", "owner", "due", "status", "estimate", "project", "place", "milestone", "tags")
"""The order in which a person reads; a file or a program gets ids first, and whole."""
_LEAST = ("TAGS", "MILESTONE", "PLACE", "PROJECT", "ESTIMATE")
"""What a narrow terminal does without, the first of them first."""
_FIELDS = (
    *("id", "project", "phase", "step", "place", "rank", "status", "stage", "milestone", "title"),
    *("owner", "skill", "estimate", "remaining", "not_before", "fixed", "due"),
    *("needs", "datasets", "tags", "blocked", "dropped", "links", "offered_by"),
)
"""Names for `--csv` and `--format`, in the order of their columns."""
_PLAIN_FIELDS = frozenset(
    {"title", "id", "notes", "phase", "step", "status", "stage", "skill", "tag", "due"}
    | {"not_before", "fixed", "estimate", "remaining", "has", "no"}
)
"""Fields of the query language that a card answers alone."""
_PLAIN_STATES = frozenset({"open", "todo", "doing", "done", "dropped", "mine", "blocked"})
_SCHEDULED = frozenset({"start", "end", "slack"})
_SCHEDULED_STATES = frozenset({"critical", "late"})
"""What is asked of the schedule, which reads more than cards."""


@click.command(cls=Command, name="list", reads=True)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values with a line of names.")
@click.option("--format", "template", metavar="TEXT", help='A line for each card, such as "{id} {title}".')
@click.option("--fields", "names", metavar="NAMES", help="Only these fields, such as id,title,notes.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The first N cards only.")
@click.pass_obj
def list_cards(
    settings: Settings,
    query: tuple[str, ...],
    *,
    as_csv: bool,
    template: str | None,
    names: str | None,
    limit: int | None,
) -> None:
    """List cards, all or those that a QUERY finds.

    QUERY: owner:mira status:doing phase:execute #tag "due<fri" is:ready -word (a or b). Names for --format and
    --fields are those of --csv, and notes. With --json cards come without their notes, unless --fields asks for them.

    For example: kedge list owner:me is:open
    """
    tree = _tree(query)
    fields = _named_fields(names, settings) if names is not None else ()
    loaded = context.read(settings, _kinds(tree) if tree else {"card"})
    chosen = _chosen(settings, loaded, tree)
    shown = chosen[:limit]
    _print(settings, loaded.plan, shown, _Form(as_csv, template, fields))
    if len(shown) < len(chosen):
        output.complain(f"kedge: {len(shown)} of {len(chosen)} cards; a larger --limit shows more")


class _Form(NamedTuple):
    """How cards are listed."""

    as_csv: bool
    template: str | None
    fields: tuple[str, ...]
    """Only these; empty for the usual ones."""


def _named_fields(text: str, settings: Settings) -> tuple[str, ...]:
    """The fields that `--fields` names. Raises BadValue."""
    known = (*_FIELDS, "notes", *(("checklist",) if settings.json else ()))
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    wrong = [name for name in names if name not in known]
    if wrong or not names:
        raise BadValue(
            f"--fields: there is no field {wrong[0]!r}" if wrong else "--fields names no field",
            f"fields are {', '.join(known)}",
        )
    return names


@click.command(cls=Command, reads=True)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.pass_obj
def ready(settings: Settings, query: tuple[str, ...]) -> None:
    """List what can be started now, most urgent first, each with why.

    A card is as urgent as the earliest day of anything that waits for it: its own, its milestone's, or that of a
    card further on. For example, what Mira can start: kedge ready owner:mira
    """
    from ..model.cards.urgency import by_urgency
    from ..model.plan.ids import short_ids

    tree = _tree(query)
    loaded = context.read(settings, {"board", "card", "project", "person", "strategy"})
    plan = loaded.plan
    wanted = {card.id for card in _chosen(settings, loaded, tree)}
    found = [one for one in by_urgency(plan, settings.today) if one.card.id in wanted]
    _say_behind(settings)
    if settings.json:
        output.data(
            "ready",
            [
                {
                    **card_data(one.card),
                    "wanted_by": one.by.isoformat() if one.by else None,
                    "because": one.because,
                    "waiting": one.waiting,
                }
                for one in found
            ],
        )
        return
    if not found:
        output.say(
            settings, "nothing can be started: kedge list is:blocked shows what waits, kedge show ID says why"
        )
        return
    head = ("ID", "TITLE", "OWNER", "ESTIMATE", "WHY")
    short = short_ids(plan.cards) if output.room() else {}
    rows = []
    for one in found:
        fields = card_texts(one.card)
        waits = (
            f"{one.waiting} card{'s' if one.waiting > 1 else ''} wait{'' if one.waiting > 1 else 's'} for it"
        )
        why = "; ".join(text for text in (one.because, waits if one.waiting else "") if text)
        row = (short.get(one.card.id, one.card.id), fields["title"], fields["owner"], fields["estimate"], why)
        rows.append(row)
    if short:
        head, *rows = ((row[1], row[0], *row[2:]) for row in (head, *rows))
    output.table(head, rows, settings, elastic="TITLE", least=("ESTIMATE",))


def _say_behind(settings: Settings) -> None:
    """Says where others have changed the plan since this branch left the main one: what is ready here may be done."""
    from ..model.text.amounts import counted
    from ..storage.disk.repository import GitProblem
    from ..storage.git.behind import behind_main

    if settings.at:
        return
    found = behind_main(plan_root(settings), settings.environment)
    if isinstance(found, GitProblem):
        if not found.is_expected:
            output.say(
                settings, f"kedge: whether the plan is behind the main branch is not known: {found.message}"
            )
    elif found.commits:
        commits = counted(found.commits, "commit")
        output.say(
            settings,
            f"kedge: the plan is {commits} behind {found.branch}; kedge at {found.branch} ready shows it there",
        )


def _tree(words: Sequence[str]) -> Query | None:
    """The query; None where nothing is asked, which needs no language. Raises QueryError."""
    if not "".join(words).strip():
        return None
    from ..model.query.syntax import parse_query

    return parse_query(" ".join(words))


def _kinds(query: Query) -> set[str]:
    """The kinds of records that a query has to look at."""
    kinds = {"card"}
    for name, values in _comparisons(query):
        if name in _PLAIN_FIELDS or (name == "is" and _PLAIN_STATES.issuperset(values)):
            continue
        if name in _SCHEDULED or (name == "is" and _SCHEDULED_STATES.intersection(values)):
            kinds.add("board")
        kinds |= {
            "owner": {"person"},
            "needs": set[str](),
            "project": {"project"},
            "milestone": {"strategy"},
        }.get(name, {"project", "person", "strategy"})
    return kinds


def _comparisons(query: Query) -> list[tuple[str, tuple[str, ...]]]:
    from ..model.query.syntax import And, Comparison, Not, Or

    match query:
        case Comparison():
            return [(query.name, query.values)]
        case Not():
            return _comparisons(query.inner)
        case And() | Or():
            return [one for part in query.parts for one in _comparisons(part)]
        case _:
            return []


def _chosen(settings: Settings, loaded: Loaded, query: Query | None) -> list[Card]:
    """The cards of the named project (or of all) that a query finds, in the order of the board."""
    from ..model.cards.urgency import board_order

    plan = loaded.plan
    project = context.named_project(settings, context.project_ids(settings))
    cards = [card for card in plan.cards.values() if project in (None, card.project)]
    if query is not None:
        from ..model.query.compiler import compile_query
        from ..model.query.context import Context

        def dates() -> Mapping[str, CardDates]:
            from ..model.schedule.card_dates import card_dates

            return card_dates(context.derived(settings, loaded).schedule())

        matches = compile_query(query, Context(plan, settings.today, settings.me, dates))
        cards = [card for card in cards if matches(card)]
    return sorted(cards, key=board_order)


def _print(settings: Settings, plan: Plan, cards: Sequence[Card], form: _Form) -> None:
    if form.template is not None:
        fill = output.formatted(form.template, (*_FIELDS, "notes"))
        output.write("".join(f"{fill(card_texts(card))}\n" for card in cards))
    elif settings.json:
        output.data("cards", [_listed_data(card, form.fields) for card in cards])
    elif form.as_csv:
        names = form.fields or _FIELDS
        output.csv(names, ([texts[name] for name in names] for texts in map(card_texts, cards)))
    else:
        columns = form.fields or _usual_columns(cards)
        if cards:
            rows = _rows(plan, cards, columns)
            least = () if form.fields else _LEAST
            output.table([name.upper() for name in columns], rows, settings, "TITLE", least)
        else:
            output.say(
                settings,
                "no card fits the query" if plan.cards else "there is no card yet: kedge add makes one",
            )


def _usual_columns(cards: Sequence[Card]) -> tuple[str, ...]:
    columns = _COLUMNS if output.room() == 0 else _ON_TERMINAL
    several = len({card.project for card in cards}) > 1
    if several and "project" not in columns:
        return ("id", "project", *_COLUMNS[1:])
    return columns if several else tuple(name for name in columns if name != "project")


def _listed_data(card: Card, fields: Sequence[str]) -> Mapping[str, object]:
    """A card of a list for programs: the fields that are asked for, else all but its notes."""
    data = card_data(card)
    if fields:
        return {name: data[name] for name in (*fields, "unreadable") if name in data}
    return {name: value for name, value in data.items() if name != "notes"}


def _rows(plan: Plan, cards: Sequence[Card], columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    from ..model.cards.status import is_blocked
    from ..model.plan.ids import short_ids

    values = zip(*map(attrgetter(*columns, "id"), cards), strict=True)
    texts = [[value if type(value) is str else _text(value) for value in column] for column in values][:-1]
    status = columns.index("status") if "status" in columns else None
    if output.room() and "id" in columns:
        short = short_ids(plan.cards)
        texts[columns.index("id")] = [short[card.id] for card in cards]
    for at, card in enumerate(cards):
        if status is not None and (card.blocked or card.needs) and is_blocked(plan, card):
            texts[status][at] += ", blocked"
        for name in _unread(card) if card.unfit else ():
            if name in columns:
                texts[columns.index(name)][at] = output.UNREADABLE
    return zip(*texts, strict=True)


def card_texts(card: Card) -> dict[str, str]:
    """The fields of a card as text, empty where nothing is set."""
    texts = {name: _text(getattr(card, name)) for name in (*_FIELDS, "notes")}
    return {**texts, **dict.fromkeys(_unread(card), output.UNREADABLE)} if card.unfit else texts


def _unread(card: Card) -> list[str]:
    """The fields of a card that could not be read."""
    from ..model.plan.unfit import field_of

    return [name for one in card.unfit for name in field_of(one)[:1] if name in _FIELDS]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or value == () else _written(value)


@lru_cache(maxsize=4096)
def _written(value: Any) -> str:
    """The text of a value that is none yet; the same few estimates and tags come again and again."""
    if isinstance(value, tuple):
        separator = "/" if isinstance(value[0], int | float) else ", "
        return separator.join(map(_text, value))
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def card_data(card: Card) -> Mapping[str, object]:
    """A card for programs: all its fields, whether set or not, with the derived phase and step."""
    from ..model.plan.unfit import field_of, unreadable
    from .showing import entry_data

    data = {**entry_data(card), "phase": card.phase, "step": card.step}
    if card.unfit:
        data["unreadable"] = {field_of(one)[0]: unreadable(one) for one in card.unfit}
    return data
