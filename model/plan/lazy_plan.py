"""A plan that is read bit by bit: who asks for one card of ten thousand does not wait for the others.

It answers as the whole plan would. Names are known at once, from the names of files; a record is read when it is
looked at, and what refers to it is looked for in the texts of files first.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from functools import cached_property
from operator import attrgetter
from typing import cast

from ..records.address import Address
from ..records.base import Record
from ..records.card import Card
from .ids import ending
from .plan import Plan, target_of


class UnreadRecords(MutableMapping[Address, Record]):
    """Records by address, each read when it is looked at. To go through them is to read all of them."""

    @abstractmethod
    def names(self, kind: str | None = None) -> Iterable[Address]:
        """Addresses, of one kind or of all, for which there is a file; it may turn out to hold no record."""

    @abstractmethod
    def mentioning(self, addresses: Iterable[Address], texts: Iterable[str]) -> Iterator[Record]:
        """Of some records those whose files may hold one of some texts."""

    @abstractmethod
    def copy(self) -> UnreadRecords:
        """The same records, to be changed apart from these."""


class LazyPlan(Plan):
    """A plan of which only so much is read as is asked for."""

    def __init__(self, records: UnreadRecords) -> None:
        super().__init__(records)
        self._unread = records

    def copied(self) -> UnreadRecords:
        """The records, to be changed."""
        return self._unread.copy()

    def with_records(self, records: MutableMapping[Address, Record]) -> LazyPlan:
        """A plan of these records."""
        return LazyPlan(cast("UnreadRecords", records))

    def names(self, kind: str | None = None) -> Iterable[Address]:
        """Addresses of the records that have a file."""
        return self._unread.names(kind)

    def of_kind(self, kind: str, project: str | None = None) -> Iterator[Record]:
        """All records of a kind, of one project or of all; only these are read."""
        for address in self._unread.names(kind):
            if project in (None, address.project) and (record := self.get(address)) is not None:
                yield record

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """Cards by id, each read when it is looked at."""
        return _Cards(self._unread)

    @cached_property
    def needed_by(self) -> Mapping[str, tuple[str, ...]]:
        """For each card id, the ids of the cards that need it, looked for when it is asked for."""
        return _NeededBy(self)

    @cached_property
    def by_ending(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of cards by their random ending, also of those that cannot be read: their endings are taken."""
        return _Endings({one.id for one in self._unread.names("card")})

    def group(self, project: str, place: str) -> list[Card]:
        """The cards of a project at a place, in the order of the board."""
        names = [one for one in self._unread.names("card") if one.project == project]
        if place == Card.model_fields["place"].default:
            found = (self.get(one) for one in names)  # it need not be written anywhere
        else:
            found = self._unread.mentioning(names, (f'{place}"', f"{place}'"))
        cards = [
            one for one in cast("Iterator[Card | None]", found) if one is not None and one.place == place
        ]
        return sorted((one for one in cards if self.cards[one.id] is one), key=_order)

    def needing(self, card_id: str) -> tuple[str, ...]:
        """Ids of the cards that need a card, sorted."""
        found = cast("Iterator[Card]", self._unread.mentioning(self._unread.names("card"), (card_id,)))
        return tuple(
            sorted(
                card.id
                for card in found
                if card_id in map(target_of, card.needs) and self.cards[card.id] is card
            )
        )


class _Cards(Mapping[str, Card]):
    """Cards by id; where two projects hold the same id, the first by project that can be read."""

    def __init__(self, records: UnreadRecords) -> None:
        self._records = records
        self._places: dict[str, list[Address]] = {}
        for address in records.names("card"):
            self._places.setdefault(address.id, []).append(address)

    def __getitem__(self, card_id: str) -> Card:
        for address in sorted(self._places[card_id]):
            if (record := self._records.get(address)) is not None:
                return cast("Card", record)
        raise KeyError(card_id)

    def __iter__(self) -> Iterator[str]:
        return (card_id for card_id in self._places if card_id in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _NeededBy(Mapping[str, tuple[str, ...]]):
    """Ids of cards by what they need."""

    def __init__(self, plan: LazyPlan) -> None:
        self._plan = plan

    def __getitem__(self, card_id: str) -> tuple[str, ...]:
        if found := self._plan.needing(card_id):
            return found
        raise KeyError(card_id)

    def __iter__(self) -> Iterator[str]:
        cards = self._plan.cards.values()
        return iter({target_of(need): None for card in cards for need in card.needs})

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Endings(Mapping[str, tuple[str, ...]]):
    """Ids by their random ending; asked for one it looks for that one."""

    def __init__(self, ids: Collection[str]) -> None:
        self._ids = ids

    def __getitem__(self, end: str) -> tuple[str, ...]:
        found = tuple(sorted(one for one in self._ids if one.endswith(end) and ending(one) == end))
        if not found:
            raise KeyError(end)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter({ending(one): None for one in self._ids})

    def __len__(self) -> int:
        return sum(1 for _ in self)


_order = attrgetter("rank", "id")
