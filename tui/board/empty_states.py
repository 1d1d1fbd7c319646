"""What an empty column says: what belongs there, and which keys fill it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from ..draw.spans import fold
from .columns import Column

Paragraphs = tuple[str, ...]

_BELONGS: Mapping[str, str] = {
    "assess": "What is the problem, are the data there, is it worth it? Work that finds out goes here.",
    "plan": "How is it built, by whom, until when? Work on architecture, strategy and tactics goes here.",
    "execute": "Pipelines, training, tests in production, monitors and documents are built here.",
    "iterate": "What came of it, and what comes next? Results, lessons and the next round go here.",
}


def words_where_empty(
    columns: Iterable[Column], phase: str, *, in_project: bool, key_of: Callable[[str], str]
) -> Mapping[str, Paragraphs]:
    """The paragraphs of each column in which nothing is shown, by its phase.

    `phase` is the focused one, which says most while there is nothing at all; `key_of` gives the key of an action.
    """
    columns = tuple(columns)

    def key(action: str) -> str:
        return key_of(action) or f"({action})"

    is_new = not any(column.total for column in columns)
    return {
        column.phase: tuple(
            _words(column, in_project=in_project, is_first=is_new and column.phase == phase, key_of=key)
        )
        for column in columns
        if not column.items and not column.groups
    }


@lru_cache(maxsize=64)
def rows_of(paragraphs: Paragraphs, width: int) -> tuple[str, ...]:
    """Paragraphs broken into rows of a width; an empty one is an empty row."""
    return tuple(row.rstrip() for one in paragraphs for row in fold(one, max(1, width)))


def _words(
    column: Column, *, in_project: bool, is_first: bool, key_of: Callable[[str], str]
) -> Iterator[str]:
    if column.total:
        yield f"all hidden by the filter; {key_of('focus.back')} clears it"
        return
    yield f"nothing here; {key_of('card.add')} adds a {'card' if in_project else 'project'}"
    if in_project:
        yield ""
        yield _BELONGS.get(column.phase, "")
    if is_first:
        yield ""
        yield f"{key_of('screen.assess')} asks what the method asks, and offers cards for what is open."
        yield f"{key_of('kedge.tour')} shows the short tour, {key_of('kedge.help')} all keys."
