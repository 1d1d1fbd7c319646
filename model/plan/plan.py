"""The plan: all records of a folder, and what is found in them quickly.

A plan never changes; `change.apply` makes a new one that shares what is the same. Indexes are built when they
are first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

from ..records.address import Address
from ..records.base import Entry, Record
from ..records.kinds import ENTRIES, KINDS
from .ids import ending

if TYPE_CHECKING:
    from ..records.assessment import Answer, Assessment
    from ..records.board import Board
    from ..records.card import Card
    from ..records.dataset import Dataset
    from ..records.person import Person
    from ..records.project import Project
    from ..records.requirements import Requirements
    from ..records.strategy import Strategy

R = TypeVar("R", bound=Record)


class Plan:
    """An immutable mapping of records by address, with indexes."""

    def __init__(self, records: Mapping[Address, Record] = MappingProxyType({})) -> None:
        self.records = records
        self._in_projects: dict[str, dict[str, list[Record]]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self.records == other.records

    __hash__ = None  # pyright: ignore[reportAssignmentType]  a plan is compared, never a key

    def __repr__(self) -> str:
        return f"Plan({len(self.records)} records)"

    def get(self, address: Address) -> Record | None:
        """The record at an address."""
        return self.records.get(address)

    def copied(self) -> MutableMapping[Address, Record]:
        """The records, to be changed."""
        return dict(self.records)

    def with_records(self, records: MutableMapping[Address, Record]) -> Plan:
        """A plan of these records."""
        return Plan(records)

    def names(self, kind: str | None = None) -> Iterable[Address]:
        """Addresses of a kind, or of all; in a plan that is read bit by bit, of files that cannot be read too."""
        return self.records if kind is None else self.by_kind.get(kind, ())

    def of_kind(self, kind: str, project: str | None = None) -> Iterator[Record]:
        """All records of a kind, of one project or of all, in no promised order."""
        if project is None:
            yield from self.by_kind.get(kind, {}).values()
        else:
            yield from self._by_project(kind).get(project, ())

    def _by_project(self, kind: str) -> dict[str, list[Record]]:
        """The records of a kind by project: rules ask for those of each project in turn."""
        if kind not in self._in_projects:
            found: dict[str, list[Record]] = {}
            for record in self.by_kind.get(kind, {}).values():
                found.setdefault(record.project, []).append(record)
            self._in_projects[kind] = found
        return self._in_projects[kind]

    @cached_property
    def by_kind(self) -> dict[str, dict[Address, Record]]:
        """Records by kind, and by address."""
        found: dict[str, dict[Address, Record]] = {}
        for address, record in self.records.items():
            found.setdefault(address.kind, {})[address] = record
        return found

    @cached_property
    def board(self) -> Board:
        """The plan's settings; the defaults where there is no board file."""
        from ..records.board import Board

        return cast("Board", self.records.get(Address("board", "", "board")) or Board(id="board"))

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """Cards by id. Of two with the same id, the one of the first project."""
        cards = cast("list[Card]", sorted(self.of_kind("card"), key=_place, reverse=True))
        return {card.id: card for card in cards}

    @cached_property
    def projects(self) -> dict[str, Project]:
        """Projects by id, in the order of the portfolio board."""
        projects = cast("Iterator[Project]", self.of_kind("project"))
        return {project.id: project for project in sorted(projects, key=_order)}

    @cached_property
    def people(self) -> dict[str, Person]:
        """People by id."""
        return {one.id: one for one in cast("list[Person]", sorted(self.of_kind("person"), key=_place))}

    def strategy(self, project: str) -> Strategy:
        """The strategy of a project; an empty one where there is no file."""
        from ..records.strategy import Strategy

        found = self.records.get(Address("strategy", project, "strategy"))
        return cast("Strategy", found or Strategy(id="strategy", project=project))

    def assessment(self, project: str) -> Assessment | None:
        """The record of a project's answers; None where there is no file."""
        return cast("Assessment | None", self.records.get(Address("assessment", project, "assessment")))

    def answers(self, project: str) -> Mapping[str, Answer]:
        """The answers of a project, by question; none where there is no file."""
        found = self.assessment(project)
        return found.answers if found is not None else {}

    def requirements(self, project: str) -> Requirements | None:
        """The requirements of a project; None where there is no file."""
        return cast("Requirements | None", self.records.get(Address("requirements", project, "requirements")))

    def datasets(self, project: str) -> list[Dataset]:
        """The datasets of a project by id."""
        return cast("list[Dataset]", sorted(self.of_kind("dataset", project), key=_place))

    @cached_property
    def needed_by(self) -> Mapping[str, tuple[str, ...]]:
        """For each card id, the ids of the cards that need it, sorted, each once."""
        found: dict[str, list[str]] = {}
        meant = _TargetsByText().__getitem__
        for card in self.cards.values():
            for target in set(map(meant, card.needs)):
                found.setdefault(target, []).append(card.id)
        return {key: tuple(sorted(ids)) for key, ids in found.items()}

    @cached_property
    def by_ending(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of cards by their random ending, sorted; those without one together."""
        found: dict[str, list[str]] = {}
        for card_id in self.cards:
            found.setdefault(ending(card_id), []).append(card_id)
        return {key: tuple(sorted(ids)) for key, ids in found.items()}

    @cached_property
    def cards_of(self) -> dict[str, list[Card]]:
        """Cards of each project, in the order of the board (rank, then id)."""
        found: dict[str, list[Card]] = {}
        for card in sorted(self.cards.values(), key=_order):
            found.setdefault(card.project, []).append(card)
        return found

    def group(self, project: str, place: str) -> list[Card]:
        """The cards of a project at a place, in the order of the board."""
        return [card for card in self.cards_of.get(project, ()) if card.place == place]

    def entries(self, kind: str, project: str | None = None) -> Iterator[tuple[Address, Entry]]:
        """Entries of a kind (`metric`, `goal` …), each with its own address."""
        where = ENTRIES[kind]
        for record in self.of_kind(where.record, project):
            for key, entry in getattr(record, where.section).items():
                yield Address(kind, record.project, key), entry

    def ids(self, kind: str, project: str | None = None) -> list[str]:
        """Ids of a kind of record or entry, sorted."""
        if kind in KINDS:
            return sorted({record.id for record in self.of_kind(kind, project)})
        return sorted({address.id for address, _ in self.entries(kind, project)})

    def has(self, kind: str, target: str, project: str) -> bool:
        """Whether an id (or `project/id`) names something, seen from a project."""
        scope, _, name = target.rpartition("/")
        if kind == "card":
            return Address("card", scope, name) in self.records if scope else name in self.cards
        if kind in KINDS:
            in_project = KINDS[kind].in_project
            own = name if kind == "project" else (scope or project)
            return Address(kind, own if in_project else "", name) in self.records
        where = ENTRIES[kind]
        record = self.records.get(
            Address(where.record, scope or project, holder_id(where.record, scope or project))
        )
        return record is not None and name in getattr(record, where.section)


_place = attrgetter("project", "id")
_order = attrgetter("rank", "id")


class _TargetsByText(dict[str, str]):
    """The targets of needs by their text: hundreds of cards may need one."""

    def __missing__(self, text: str) -> str:
        self[text] = found = target_of(text)
        return found


def target_of(need: str) -> str:
    """The card id in a need: the first word, without a project before it."""
    return need.partition(" ")[0].rpartition("/")[2]


def holder_id(kind: str, project: str) -> str:
    """The id of the one record of a kind in a project: the project's own id, or the kind's name."""
    return project if kind == "project" else kind
