"""What a merge has lost: edits of one side that its result does not have, though no one was asked about them.

Git merges files, and guesses which files belong together. An edit of a card that the other side removed may so end in
a card that looks much like it. Here the records are merged once more, by their ids, and held against what the merge
has made of them. What a person may have settled by hand is no loss: a field that both sides changed, lines that both
changed, a value that neither side had, a record that was taken whole from one side while it was in question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import eq
from typing import Any, Literal, TypeGuard

from ..edit.identity import OTHER, Side, identity
from ..edit.merge import Conflict, Merged, merge
from ..edit.units import are_mixed_points
from ..plan.change import FieldChange, Path, field_changes, get_path
from ..records.address import Address
from ..records.values import is_list, same

Data = Mapping[str, Any]
State = Mapping[Address, Data]
"""Plain values of records; those that do not matter to a merge are left out."""
Names = Mapping[Address, Address]
"""Names of records in the base with those that a side has given them."""
SIDES: tuple[Side, Side] = ("ours", "theirs")


@dataclass(frozen=True)
class LostField:
    """A field that is not as both sides together would have it."""

    path: Path
    merged: object
    """What the merge has; MISSING where it is not set."""
    wanted: object


@dataclass(frozen=True)
class LostEdit:
    """What one side did to a record, and what is not in the merge."""

    side: Side
    address: Address
    """The record that the edit belongs to: its name in the merge, or on the side that has it."""
    at: Address
    """Its name on the side that edited it."""
    what: Literal["fields", "record", "removal", "stray"]
    """Some fields; the record with all that was done to it; that it was removed; nothing, but another record got it,
    too."""
    fields: tuple[LostField, ...] = ()
    """Those that were edited; of a record that is gone what it should say."""
    landed: Address | None = None
    """Another record that has got the edit."""
    strange: tuple[LostField, ...] = ()
    """What that record says because of it."""
    text: str = ""
    """The file of a record that is gone, with its comments; empty where it has to be written again."""


@dataclass(frozen=True)
class Merge:
    """The four states of a merge, of which two are its sides."""

    base: State
    ours: State
    theirs: State
    merged: State
    names: tuple[Names, Names]
    """The new names of records, on our side and on theirs."""
    by_lines: Callable[[Address, Address, Address], frozenset[Path]]
    """The fields of a record in which lines of both sides clash, by its name in the base, in ours and in theirs."""
    by_chance: Callable[[Address, Address, Side, Address], bool]
    """Whether git may have taken a record of the base and of the side that kept it, and one that the other side made,
    for one, and the merge of them is just what the merge has of the latter."""
    is_asked: Callable[[Address, Mapping[Side, Address]], bool | None]
    """Whether a person was asked about a record of the base, which has these names on the sides; None where that is
    not known."""
    can_land: Callable[[Address], bool]
    """Whether a record may have got edits of another one that no one was asked about."""


def lost_edits(merge_commit: Merge) -> list[LostEdit]:
    """The edits of both sides that a merge has neither kept nor asked about."""
    return _Search(merge_commit).found()


class _Search:
    """One merge, as it is looked through."""

    def __init__(self, states: Merge) -> None:
        self._states = states
        self._sides: Mapping[Side, State] = {"ours": states.ours, "theirs": states.theirs}
        self._names: Mapping[Side, Names] = dict(zip(SIDES, states.names, strict=True))
        self._strange: dict[Address, tuple[LostField, ...]] = {}
        """Records of the merge with what they say and no side has said."""
        self._gone: list[tuple[Address, Side]] = []
        """Records of the base that one side edited and the other removed, and that the merge does not have."""

    def found(self) -> list[LostEdit]:
        lost = [*self._of_base(), *self._of_new()]
        lost = [self._with_landing(one) if one.what == "fields" else one for one in lost]
        for address, side in self._gone:
            one = self._landed(address, side)
            if one is not None:
                lost.append(one)
        landed = {one.landed for one in lost}
        lost += [
            stray
            for name, strange in self._strange.items()
            if strange and name not in landed and (stray := self._stray(name, strange)) is not None
        ]
        return sorted(lost, key=lambda one: (str(one.address), one.side))

    # ---- records that there were

    def _of_base(self) -> Iterator[LostEdit]:
        for address, base in self._states.base.items():
            at: dict[Side, Address] = {side: self._names[side].get(address, address) for side in SIDES}
            ours, theirs = (self._sides[side].get(at[side]) for side in SIDES)
            now = self._merged_name(address, at)
            if ours is not None and theirs is not None:
                yield from self._of_both(address, at, now)
                continue
            kept: Side = "ours" if ours is not None else "theirs"
            left = self._sides[kept].get(at[kept])
            if left is None:
                continue
            if now is None and not same(left, base):
                self._gone.append((address, kept))
            elif now is not None and same(left, base) and at[kept] == address:
                yield LostEdit(OTHER[kept], now, address, "removal")

    def _merged_name(self, address: Address, at: Mapping[Side, Address]) -> Address | None:
        """What a record is called in the merge: as a side renamed it, else as it was."""
        names = [name for name in (*at.values(), address) if name in self._states.merged]
        return next((name for name in names if name != address), names[0] if names else None)

    def _of_both(
        self, address: Address, at: Mapping[Side, Address], now: Address | None
    ) -> Iterator[LostEdit]:
        """What the merge has of a record that both sides have."""
        states = self._states
        base, ours, theirs = states.base[address], states.ours[at["ours"]], states.theirs[at["theirs"]]
        wanted = merge(base, ours, theirs, address.kind)
        if now is None:
            for side, data in zip(SIDES, (ours, theirs), strict=True):
                if not same(base, data):
                    yield LostEdit(side, at[side], at[side], "record", tuple(_fields({}, wanted.data)))
            return
        merged = states.merged[now]
        if now != address and address in states.merged:
            return
        unasked = self._unasked(address, at, wanted)
        asked = {one.path for one in wanted.conflicts if unasked is None or one not in unasked}
        if unasked is None:
            asked |= states.by_lines(address, at["ours"], at["theirs"])
        if asked and (same(merged, ours) or same(merged, theirs)):
            return
        settled = {*asked, *(one.path for one in unasked or ())}
        left = [
            one
            for one in _fields(merged, wanted.data)
            if not any(_overlap(one.path, path) for path in settled)
        ]
        known = [
            one
            for one in left
            if any(same(one.merged, get_path(data, one.path)) for data in (base, ours, theirs))
        ]
        self._strange[now] = tuple(one for one in left if one not in known)
        for side, data in zip(SIDES, (ours, theirs), strict=True):
            both = [
                LostField(one.path, get_path(merged, one.path), _of(one, side))
                for one in unasked or ()
                # What has points of both sides has lost none of them: it is a mixed unit.
                if not are_mixed_points(one.base, one.mine, one.theirs, get_path(merged, one.path))
            ]
            fields = tuple(
                one
                for one in (*known, *both)
                if _is_lost(one, get_path(base, one.path), get_path(data, one.path))
            )
            if fields:
                yield LostEdit(side, now, at[side], "fields", fields)

    def _unasked(self, address: Address, at: Mapping[Side, Address], wanted: Merged) -> list[Conflict] | None:
        """What both sides changed in a record that no one was asked about; None where someone may have been.

        Fields that only make sense together are in question for the driver alone, which may have run elsewhere.
        """
        if self._states.is_asked(address, at) is not False:
            return None
        changed = [one for one in wanted.conflicts if not same(one.base, one.mine)]
        return [one for one in changed if not same(one.base, one.theirs)]

    # ---- records that came

    def _of_new(self) -> Iterator[LostEdit]:
        known = {*self._states.base}
        for side in SIDES:
            other = self._sides[OTHER[side]]
            renamed = set(self._names[side].values())
            for address, made in self._sides[side].items():
                if address in known or address in renamed or address in other:
                    continue
                merged = self._states.merged.get(address)
                if merged is None:
                    yield LostEdit(side, address, address, "record", tuple(_fields({}, made)))
                elif not same(merged, made):
                    self._strange[address] = tuple(_fields(merged, made))

    # ---- edits that went elsewhere

    def _landed(self, address: Address, side: Side) -> LostEdit | None:
        """The loss of what a side did to a record that the other side removed, where git did not ask about it."""
        states = self._states
        base = states.base[address]
        at = self._names[side].get(address, address)
        edited = self._sides[side][at]
        edits = field_changes(base, edited)
        likely = self._likely(edits, lambda name: not self._is_same(address, name, side), address.kind)
        by_chance = (name for name in self._came(address, side) if states.by_chance(address, at, side, name))
        best = next(filter(states.can_land, chain(likely, by_chance)), None)
        if best is None or states.is_asked(address, {side: at}):
            return None
        fields = tuple(_fields({}, edited))
        return LostEdit(side, at, at, "record", fields, best, self._strange.get(best, ()))

    def _likely(
        self, edits: Sequence[FieldChange], may_be: Callable[[Address], bool], kind: str
    ) -> list[Address]:
        """The records that say what edits explain and no side has said, the likeliest first."""
        scores = {
            name: sum(_match(one, edits) for one in strange)
            for name, strange in self._strange.items()
            if name.kind == kind and may_be(name)
        }
        return [name for name in sorted(scores, key=lambda one: -scores[one]) if scores[name]]

    def _with_landing(self, lost: LostEdit) -> LostEdit:
        """The loss of some fields, with the record that has got them instead, if there is one."""
        edits = [FieldChange(one.path, one.merged, one.wanted) for one in lost.fields]
        likely = self._likely(edits, lambda name: name != lost.address, lost.address.kind)
        if not likely:
            return lost
        strange = tuple(one for one in self._strange[likely[0]] if _match(one, edits))
        return replace(lost, landed=likely[0], strange=strange)

    def _stray(self, name: Address, strange: tuple[LostField, ...]) -> LostEdit | None:
        """The edit of another record that explains what a record says and no side has said."""
        states = self._states
        for address, base in states.base.items():
            for side in SIDES:
                other = OTHER[side]
                at, own = (self._names[one].get(address, address) for one in (side, other))
                edited = self._sides[side].get(at)
                # Git takes only files for others that went.
                if (
                    address.kind != name.kind
                    or own == name
                    or address in self._sides[other]
                    or edited is None
                ):
                    continue
                edits = field_changes(base, edited)
                explained = all(any(_explains(edit, one) for edit in edits) for one in strange)
                if explained and states.is_asked(address, {other: name}) is False:
                    return LostEdit(side, own, at, "stray", landed=name, strange=strange)
        return None

    def _came(self, address: Address, side: Side) -> Iterator[Address]:
        """Records of the same kind that the side that removed one has made or renamed."""
        for name in self._sides[OTHER[side]]:
            is_new = name not in self._states.base and name in self._states.merged
            if is_new and name.kind == address.kind and not self._is_same(address, name, side):
                yield name

    def _is_same(self, address: Address, name: Address, side: Side) -> bool:
        """Whether a record of the other side is the one that seems to be removed, under another name."""
        data = self._sides[OTHER[side]].get(name)
        if data is None:
            return False
        return identity(address.kind, self._states.base[address], data) == "same"


def _fields(merged: Data, wanted: Data) -> Iterator[LostField]:
    for one in field_changes(merged, wanted):
        yield LostField(one.path, one.before, one.after)


def _of(conflict: Conflict, side: Side) -> object:
    return conflict.mine if side == "ours" else conflict.theirs


def _overlap(one: Path, other: Path) -> bool:
    return all(map(eq, one, other))


def _is_of_items(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a value is a list that merges item by item: the figures of an estimate are one value."""
    return is_list(value) and not any(isinstance(one, int | float) for one in value)


def _put_and_taken(before: object, after: Sequence[object]) -> tuple[list[object], list[object]]:
    """What came into a list, and what went out of it; what was not a list before was empty."""
    old = list(before) if is_list(before) else []
    return [one for one in after if one not in old], [one for one in old if one not in after]


def _is_lost(field: LostField, base: object, value: object) -> bool:
    """Whether a merge has not what a side made of a field: of a list all that it put in, and nothing it took out."""
    if same(value, base) or same(field.merged, value):
        return False
    if not _is_of_items(field.merged) or not _is_of_items(value):
        return True
    put, taken = _put_and_taken(base, value)
    return any(one not in field.merged for one in put) or any(one in field.merged for one in taken)


def _explains(edit: FieldChange, strange: LostField) -> bool:
    """Whether an edit would make of what a record should say what it says."""
    if edit.path != strange.path:
        return False
    if _is_of_items(edit.after) and _is_of_items(strange.merged):
        put, taken = _put_and_taken(edit.before, edit.after)
        came, went = _put_and_taken(strange.wanted, strange.merged)
        return came == put and all(one in taken for one in went)
    return same(edit.after, strange.merged)


def _match(strange: LostField, edits: Iterable[FieldChange]) -> int:
    """How well an edit explains what a record says that no side has said: lists and texts may have been merged."""
    for edit in edits:
        if edit.path == strange.path:
            is_merged = _is_of_items(edit.after) or (isinstance(edit.after, str) and "\n" in edit.after)
            return 3 if same(edit.after, strange.merged) else int(is_merged)
    return 0
