"""What a screen in sections is made of: parts with a name, each with rows that are about a record or an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from ...model.plan.change import Path
from ...model.records.address import Address
from ...model.text.amounts import with_article
from ...model.text.named import noun
from ..draw.sheet import Dated, Sheet
from ..draw.spans import Line, line


class Place(NamedTuple):
    """What a row is about: a record or an entry, and the field of it that the row shows, where it shows one."""

    address: Address
    field: Path = ()


NOWHERE = Place(Address("", "", ""))
"""Where the cursor is on no row."""
F = TypeVar("F", bound=Dated)


@dataclass(frozen=True)
class Section(Generic[F]):
    """A part of the screen."""

    id: str
    title: str
    kind: str
    """What is added here; empty where nothing is."""
    rows: Callable[[Sheet[F]], Iterator[Line]]
    kinds: tuple[str, ...] = ()
    """What else has rows here."""


def section_rows(
    sections: Sequence[Section[F]], sheet: Sheet[F], project: str
) -> Iterator[tuple[str, list[Line]]]:
    """The rows of each section, its head first; a row that says what adds something where it has none."""
    for section in sections:
        found = list(section.rows(sheet))
        if len(found) == 1 and section.kind:
            place = Place(Address(section.kind, project, ""))
            found.append(line((f"  none yet: a adds {with_article(noun(section.kind))}", "empty"), key=place))
        yield section.id, found
