"""Ids that people can read, type by their end, and make on two branches without a collision.

A card's id is a slug of its title and four random characters. What a person types is resolved to one id, or to
the candidates, or to the nearest ids: which of them to show is the caller's business.
"""

from __future__ import annotations

import difflib
import random
import re
from collections import Counter
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass

from ..text.slug import slug

LETTERS = "bcdfghjkmnpqrstvwxyz"
"""No vowels, so that no word appears by chance, and no `l`, which looks like a one."""
ALPHABET = "23456789" + LETTERS
ENDING_LENGTH = 4
CARD_ID_LENGTH = 31
"""A card's id is typed, read in lists and in names of files: it takes less than half a line."""
_SHORT = 16
"""An id of so many characters is short enough to be written whole."""
_ALIKE = 0.6

_ENDING = re.compile(rf"-([{ALPHABET}]{{{ENDING_LENGTH}}})$")


@dataclass(frozen=True)
class Resolved:
    """What a shortened id means: one match, or several candidates, or none and the nearest there are."""

    match: str | None = None
    candidates: tuple[str, ...] = ()
    """All that fit, sorted, where more than one does."""
    nearest: tuple[str, ...] = ()
    """The most alike, where none fits."""


def card_id(title: str, taken_endings: Container[str], rng: random.Random) -> str:
    """A new id for a card; its ending is not among those taken."""
    while (end := _draw(ALPHABET, ENDING_LENGTH, rng)) in taken_endings:
        pass
    return f"{slug(title, length=CARD_ID_LENGTH - ENDING_LENGTH - 1)}-{end}"


def free_id(wanted: str, taken: Container[str]) -> str:
    """The wanted id, or the first of `wanted-2`, `wanted-3` … that is not taken."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def entry_id(taken: Container[str], rng: random.Random) -> str:
    """A new key of four characters for a table such as a checklist item; it begins with a letter."""
    while (key := _draw(LETTERS, 1, rng) + _draw(ALPHABET, ENDING_LENGTH - 1, rng)) in taken:
        pass
    return key


def ending(record_id: str) -> str:
    """The random ending of an id; empty where a person wrote an id without one."""
    found = _ENDING.search(record_id)
    return found[1] if found else ""


def short_ids(ids: Collection[str]) -> dict[str, str]:
    """The short form of each id that finds it among these: its random ending, or as many of its first words as do."""
    endings = Counter(map(ending, ids))
    short = {name: end for name in ids if (end := ending(name)) and endings[end] == 1}
    others = [name for name in ids if name not in short]
    if others:
        # What `resolve` looks for before a beginning.
        tails = {name[at + 1 :] for name in ids for at in _hyphens(name)}
        ordered = sorted(ids)
        near = {
            name: ordered[max(0, at - 1) : at] + ordered[at + 1 : at + 2] for at, name in enumerate(ordered)
        }
        for name in others:
            shared = max((_shared(name, one) for one in near[name]), default=0)
            fits = (name[:at] for at in _hyphens(name) if at > shared and name[:at] not in tails)
            short[name] = name if len(name) <= _SHORT else next(fits, name)
    return short


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _hyphens(name: str) -> list[int]:
    return [at for at, sign in enumerate(name) if sign == "-"]


def resolve(text: str, ids: Iterable[str]) -> Resolved:
    """What a person means by an id or a part of one.

    `ids` are those that may be meant, each as `id` or as `project/id`; the match is one of them, unchanged.
    The first of these that fits anything decides: the whole id, its end (`7k2m`), its beginning, any part of it.
    `project/part` looks in that project only.
    """
    wanted = text.strip().lower()
    scope, slash, part = wanted.rpartition("/")
    all_ids = list(ids)
    names = [(name.rpartition("/")[2], name) for name in all_ids if not slash or name.startswith(f"{scope}/")]
    if part:
        for found in (
            [name for bare, name in names if bare == part],
            [name for bare, name in names if bare.endswith(f"-{part}")],
            [name for bare, name in names if bare.startswith(part)],
            [name for bare, name in names if part in bare],
        ):
            if len(found) == 1:
                return Resolved(match=found[0])
            if found:
                return Resolved(candidates=tuple(sorted(found)))
    return Resolved(nearest=similar(wanted, all_ids))


def similar(text: str, names: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The names that are most like a text, or have a part that is, best first; none where nothing is like it.

    Comparing takes some 20 µs a name, so that only the hundred names are compared that share most pairs of letters.
    """
    wanted = text.lower()
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    shared = Counter({name: sum(pair in name for pair in pairs) for name in names})
    scored = [(_likeness(name, wanted), name) for name, _ in shared.most_common(100)]
    best = sorted((one for one in scored if one[0] >= _ALIKE), key=lambda one: (-one[0], one[1]))
    return tuple(name for _, name in best[:count])


def _likeness(name: str, wanted: str) -> float:
    """From 0 to 1: of the whole name, or of as many of its parts as were typed (`tabel` of `feature-table-7k2m`)."""
    parts, size = name.split("-"), wanted.count("-") + 1
    texts = {name, *("-".join(parts[at : at + size]) for at in range(len(parts) - size + 1))}
    matcher = difflib.SequenceMatcher(b=wanted)
    best = 0.0
    for text in texts:
        matcher.set_seq1(text)
        best = max(best, matcher.ratio())
    return best


def _draw(alphabet: str, count: int, rng: random.Random) -> str:
    return "".join(rng.choice(alphabet) for _ in range(count))
