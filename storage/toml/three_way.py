"""Two texts of one file that came from a third, as one text that says what the merged data say.

What the sides say is merged elsewhere, as data. Here that data becomes text, with the layout, the words and the
comments of both: by lines where the lines of the sides fit together and say just that, otherwise by patching one of
the texts. Each text is held against the data before anyone sees it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ...model.edit.text_merge import MOST, sided_lines
from ...model.plan.change import MISSING, field_changes
from ...model.records.values import same
from .comments import Commented, wanted_comments, with_comments
from .layout import Layout, Path
from .parse import load
from .patch import patch
from .scan import ScanError, newline_of
from .values import REMOVE, PatchRefused, is_dict, plain, settle

_LINE_END = re.compile(r"\r?\n")
_THIN = re.compile(r'[\s\]"\',]*\n?')
"""Lines that are much the same wherever they are: two places in question with only these between are one."""

OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True)
class Wish:
    """What a merged text has to say, and whose comments it has in tables that one side removed."""

    data: Mapping[str, Any]
    lines: str
    """`ours` or `theirs`: whose lines it has where both changed the same ones."""
    followed: Mapping[Path, str]


class ThreeTexts:
    """The texts of the base, of ours and of theirs, none of which has a byte-order mark."""

    def __init__(self, base: str, ours: str, theirs: str, layout: Layout) -> None:
        """Raises PatchRefused where one of them cannot be followed."""
        self.texts = {"base": base, OURS: ours, THEIRS: theirs}
        self.layout = layout
        try:
            self._commented = {name: Commented(text, layout) for name, text in self.texts.items()}
        except (ScanError, RecursionError) as error:
            raise PatchRefused(f"the text cannot be followed: {error}") from None

    def merged(self, wishes: Sequence[Wish]) -> list[str]:
        """A text for each wish; those after the first begin with it, so that they differ only where they must.

        PatchRefused where no text would say what is wished.
        """
        base, ours, theirs = self.texts.values()
        lines: dict[str, str] = dict(zip((OURS, THEIRS), sided_lines(base, ours, theirs), strict=True))
        by_lines = [lines[wish.lines] for wish in wishes]
        fits = (self._fits(text, wish, as_it_is=True) for text, wish in zip(by_lines, wishes, strict=True))
        if len(set(map(newline_of, by_lines))) == 1 and all(fits):
            return by_lines
        found: list[str] = []
        for wish in wishes:
            starts = [*found[:1], lines[wish.lines], self.texts[OURS], self.texts[THEIRS]]
            found.append(self._first_that_fits(starts if found else starts[1:], wish))
        return found

    def _first_that_fits(self, starts: Iterable[str], wish: Wish) -> str:
        reason = ""
        for start in starts:
            try:
                text = self._changed(start, wish)
            except (PatchRefused, ScanError, RecursionError) as error:
                reason = reason or str(error)
                continue
            if self._fits(text, wish):
                return text
        raise PatchRefused(reason or "the merged text would not say what was merged")

    def _changed(self, text: str, wish: Wish) -> str:
        """A text patched until it says what is wished, with the comments of both sides."""
        changes = field_changes(settled(load(text), self.layout), settled(wish.data, self.layout))
        edits = {one.path: REMOVE if one.after is MISSING else plain(one.after) for one in changes}
        text = patch(text, edits, self.layout) if edits else text
        sources = [self._commented[name] for name in (THEIRS, OURS, "base")]
        return with_comments(text, self._wanted(wish), sources, self.layout)

    def _wanted(self, wish: Wish) -> Counter[str]:
        followed = {path: self._commented[side] for path, side in wish.followed.items()}
        base, ours, theirs = self._commented.values()
        return wanted_comments(base, ours, theirs, followed)

    def _fits(self, text: str, wish: Wish, *, as_it_is: bool = False) -> bool:
        """Whether a text says what is wished, with all comments that it must have; `as_it_is`: and no more."""
        try:
            found = load(text)
            if not same(settled(found, self.layout), settled(wish.data, self.layout)):
                return False
            counted = Commented(text, self.layout).counted()
        except (PatchRefused, ScanError):
            return False
        wanted = self._wanted(wish)
        is_mixed = len(set(_LINE_END.findall(text))) > 1
        if is_mixed and all(len(set(_LINE_END.findall(side))) < 2 for side in self.texts.values()):
            return False
        return not wanted - counted and not (as_it_is and counted - wanted)


def settled(data: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    """The data with sets in order and numbers as they are written, without tables that have nothing in them."""
    return pruned(settle(plain(data), layout))


def pruned(data: dict[str, Any]) -> dict[str, Any]:
    """The data without tables that have nothing in them: a table of a record's has no being of its own."""
    found = {key: pruned(value) if is_dict(value) else value for key, value in data.items()}
    return {key: value for key, value in found.items() if value != {}}


# ---- a text with markers


def with_markers(ours: str, theirs: str, size: int, *, whole: bool = False) -> str:
    """Both texts as one, with git's markers around what differs, or (`whole`) around all of both.

    Taking ours everywhere gives the one, taking theirs everywhere the other.
    """
    newline = newline_of(ours or theirs)
    first, second = _lines(ours), _lines(theirs)
    found: list[str] = []
    for is_equal, mine, others in _parts(first, second, whole=whole):
        if is_equal:
            found += mine
            continue
        found.append(f"{'<' * size} ours{newline}")
        found += _ended(mine, newline)
        found.append(f"{'=' * size}{newline}")
        found += _ended(others, newline)
        found.append(f"{'>' * size} theirs{newline}")
    return "".join(found)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _ended(lines: list[str], newline: str) -> list[str]:
    return [line if line.endswith("\n") else line + newline for line in lines]


def _parts(ours: list[str], theirs: list[str], *, whole: bool) -> Iterator[tuple[bool, list[str], list[str]]]:
    """The lines that are equal, and those of either side between them."""
    head = 0
    while not whole and head < min(len(ours), len(theirs)) and ours[head] == theirs[head]:
        head += 1
    tail = 0
    most = min(len(ours), len(theirs)) - head
    while not whole and tail < most and ours[-1 - tail] == theirs[-1 - tail]:
        tail += 1
    yield True, ours[:head], theirs[:head]
    mine, others = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    if whole or max(len(mine), len(others)) > MOST:
        yield False, mine, others
    else:
        pending: tuple[list[str], list[str]] = [], []
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, mine, others, autojunk=False).get_opcodes():
            is_thin = all(_THIN.fullmatch(line) for line in mine[i1:i2])
            if tag != "equal" or (is_thin and j2 < len(others) and i2 < len(mine) and any(pending)):
                pending[0].extend(mine[i1:i2])
                pending[1].extend(others[j1:j2])
                continue
            if any(pending):
                yield False, *pending
            pending = [], []
            yield True, mine[i1:i2], others[j1:j2]
        if any(pending):
            yield False, *pending
    yield True, ours[len(ours) - tail :], theirs[len(theirs) - tail :]
