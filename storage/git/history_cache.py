"""What was read of a plan's history, kept outside of the work tree by the names of git's objects.

An object's name says what is in it, so that nothing here grows stale; what decides how objects are read is in the key:
the program, the plan's place, where a shallow clone ends, and the list of names by which git knows people. The file is
used if it is whole and ours, and every value in it has the type that it must have.

    the history up to the last HEAD | commits, and what versions of cards say, from which the next one is worked out
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ... import __version__
from ...model.flow.card_history import CardHistory, CardState, CardStep, PlanHistory
from ..disk.cache_file import UNUSABLE, load, store
from ..disk.locate import state_folder
from ..disk.regular import read_regular
from .card_steps import CardCommit, CardTouch
from .git import Git
from .log import moment

NAME = "history"
WORTH = 50
"""One new commit for so many known ones, and writing the cache again pays."""
_FORMAT = 2
_LARGEST_LIST = 10_000_000
"""Bytes of the list of names, or of commits where a shallow clone ends."""


@dataclass
class Known:
    """What is known of commits and of versions of cards."""

    places: list[str] = field(default_factory=list[str])
    """Folders in which the plan has been."""
    checked: set[str] = field(default_factory=set[str])
    """All commits that were looked at; those that did nothing to cards are in no other list."""
    commits: dict[str, CardCommit] = field(default_factory=dict[str, CardCommit])
    states: dict[str, CardState | None] = field(default_factory=dict[str, CardState | None])
    """What versions of cards say, by the names of the objects; None for one that cannot be read."""


class HistoryCache:
    """The cache of one plan. Where it cannot be read or written, git is asked for everything."""

    def __init__(self, git: Git, root: str, environment: Mapping[str, str]) -> None:
        self._folder = os.path.join(state_folder(root, environment), "cache")
        self._key = _key(git, root)
        self._had = 0
        """Commits that were known when the cache was read."""

    @cached_property
    def _read(self) -> tuple[Mapping[str, Any], list[bytes]]:
        with suppress(*UNUSABLE):
            return load(self._folder, NAME, self._key)
        return {}, []

    def history(self, head: str) -> PlanHistory | None:
        """The history up to a commit, where it is the last one that was written."""
        about, parts = self._read
        with suppress(*UNUSABLE):
            # Of another commit it need not be parsed.
            found = _history(json.loads(parts[0])) if about["at"] == head else None
            return found if found is not None and found.head == head else None
        return None

    def known(self) -> Known:
        """What earlier runs have read."""
        with suppress(*UNUSABLE):
            found = _known(json.loads(self._read[1][1]))
            self._had = len(found.checked)
            return found
        return Known()

    def save(self, history: PlanHistory, known: Known) -> None:
        """Writes both, where enough is new; the history only where nothing may be fetched later that belongs to it.

        Writing takes as long as working it out from what is known: for a commit or two it does not pay.
        """
        if 0 < (len(known.checked) - self._had) * WORTH < self._had:
            return
        data = ({} if history.not_fetched else _history_data(history), _known_data(known))
        parts = [json.dumps(one, separators=(",", ":")).encode() for one in data]
        with suppress(*UNUSABLE):
            store(self._folder, NAME, self._key, parts, {"at": history.head})


class _Numbers(dict[Any, int]):
    """Values by number, since the same ones come again and again."""

    def __missing__(self, value: object) -> int:
        self[value] = len(self)
        return self[value]


def _history_data(history: PlanHistory) -> dict[str, Any]:
    states, commits = _Numbers(), _Numbers()
    cards = [
        [
            *(one.project, one.id, _written(one.removed), one.earlier_ids),
            [
                [step.at.isoformat(), commits[step.commit, step.author], states[step.state]]
                for step in one.steps
            ],
        ]
        for one in history.cards.values()
    ]
    return {
        "head": history.head,
        "unread": history.unread,
        "is_cut_off": history.is_cut_off,
        "states": list(states),
        "commits": list(commits),
        "cards": cards,
    }


def _history(data: dict[str, Any]) -> PlanHistory:
    """Raises one of UNUSABLE."""
    if type(data["unread"]) is not int or type(data["is_cut_off"]) is not bool:
        raise ValueError("counts")
    states = [_state(row) for row in data["states"]]
    commits = [(_text(name), _text(author)) for name, author in data["commits"]]
    times: dict[str, Any] = _Times()
    cards: dict[tuple[str, str], CardHistory] = {}
    for project, name, removed, earlier, rows in data["cards"]:
        steps = tuple(
            CardStep(times[at], *commits[_index(commit)], states[_index(state)]) for at, commit, state in rows
        )
        if not steps:
            raise ValueError("no steps")
        gone = times[removed] if removed else None
        cards[_text(project), _text(name)] = CardHistory(
            project, name, steps, gone, tuple(map(_text, earlier))
        )
    return PlanHistory(_text(data["head"]), cards, data["unread"], is_cut_off=data["is_cut_off"])


class _Times(dict[str, Any]):
    """Times by their texts: thousands of cards come with one commit."""

    def __missing__(self, text: str) -> object:
        self[text] = moment(_text(text))
        return self[text]


def _known_data(known: Known) -> dict[str, Any]:
    names, keys, states = _Numbers(), _Numbers(), _Numbers()
    commits = [
        [
            *(one.id, one.at.isoformat(), one.author),
            [
                [keys[touch.key], [names[name] for name in touch.before], names[touch.after]]
                for touch in one.touches
            ],
        ]
        for one in known.commits.values()
    ]
    said = [[names[name], states[state]] for name, state in known.states.items()]
    return {
        "places": known.places,
        "checked": " ".join(known.checked),
        "commits": commits,
        "said": said,
        "names": list(names),
        "keys": list(keys),
        "states": list(states),
    }


def _known(data: dict[str, Any]) -> Known:
    """Raises one of UNUSABLE."""
    names = list(map(_text, data["names"]))
    keys = [(_text(project), _text(card)) for project, card in data["keys"]]
    states = [None if row is None else _state(row) for row in data["states"]]
    commits: dict[str, CardCommit] = {}
    for name, at, author, rows in data["commits"]:
        touches = tuple(
            CardTouch(keys[_index(key)], tuple(names[_index(one)] for one in before), names[_index(after)])
            for key, before, after in rows
        )
        commits[_text(name)] = CardCommit(name, moment(_text(at)), _text(author), touches)
    said = {names[_index(name)]: states[_index(state)] for name, state in data["said"]}
    return Known(list(map(_text, data["places"])), set(_text(data["checked"]).split()), commits, said)


def _state(row: list[Any]) -> CardState:
    """Raises one of UNUSABLE."""
    place, status, is_blocked, owner, estimate = row
    if type(is_blocked) is not bool or set(map(type, estimate)) - {int, float}:
        raise ValueError("state")
    return CardState(_text(place), _text(status), is_blocked, _text(owner), tuple(map(float, estimate)))


def _text(found: Any) -> str:
    """Raises ValueError for what is no text."""
    if type(found) is not str:
        raise ValueError("text")
    return found


def _index(found: Any) -> int:
    """Raises ValueError for what would count from the end, or is no number."""
    if type(found) is not int or found < 0:
        raise ValueError("index")
    return found


def _written(at: Any) -> str:
    return at.isoformat() if at is not None else ""


def _key(git: Git, root: str) -> str:
    """What decides how the objects of a plan are read, as one text."""
    parts = [repr((_FORMAT, __version__, os.path.realpath(root))).encode("utf-8", "surrogateescape")]
    for path in (os.path.join(git.folder, "shallow"), os.path.join(git.repository.top, ".mailmap")):
        try:
            parts.append(hashlib.sha256(read_regular(path, _LARGEST_LIST)).digest())
        except OSError:
            parts.append(b"-")
    return hashlib.sha256(b"|".join(parts)).hexdigest()
