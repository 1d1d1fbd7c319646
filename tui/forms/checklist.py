"""A checklist as lines that are typed: `[x] done`, `[ ] open`, or only what is to be done.

Each line keeps the key that it has in the file, so that two people who change different lines do not meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from ...model.plan.ids import slug
from ...model.plan.ranks import place, spread

_LINE = re.compile(r"\s*(?:[-*]\s+)?(?:\[(?P<mark>[ xX]?)\])?\s*(?P<text>.*?)\s*")


def write(entries: object) -> str:
    """The lines of a checklist, in their order."""
    return "\n".join(
        f"[{'x' if one.get('done') else ' '}] {one.get('text', '')}" for _, one in _ordered(entries)
    )


def _ordered(entries: object) -> list[tuple[str, Mapping[str, Any]]]:
    if not isinstance(entries, Mapping):
        return []
    return sorted(entries.items(), key=lambda pair: (pair[1].get("rank", "a0"), pair[0]))


def read(text: str, before: object) -> dict[str, dict[str, Any]]:
    """The entries that lines stand for. A line that is there already, or was only reworded, keeps its key."""
    typed = [(bool((found["mark"] or "").strip()), found["text"]) for found in _typed(text)]
    known = _ordered(before)
    sources = dict(_matches([str(one.get("text", "")) for _, one in known], [words for _, words in typed]))
    taken = {key for key, _ in known}
    made: list[tuple[str, dict[str, Any]]] = []
    for number, (done, words) in enumerate(typed):
        if number in sources:
            key, entry = known[sources[number]][0], dict(known[sources[number]][1])
        else:
            key, entry = _new_key(words, taken), {}
            taken.add(key)
        if entry.get("done", False) != done:
            entry["done"] = done
        entry["text"] = words
        made.append((key, entry))
    _put_in_order(made)
    return dict(made)


def _typed(text: str) -> Iterator[re.Match[str]]:
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found is not None and found["text"]:
            yield found


def _matches(before: list[str], after: list[str]) -> Iterator[tuple[int, int]]:
    """For each new line the old one that it was: of the same words, else the one in whose place it is."""
    left, reworded = set(range(len(before))), []
    for tag, old, old_end, new, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(range(new, new_end), range(old, old_end), strict=True)
            left -= set(range(old, old_end))
        elif tag in ("replace", "insert"):
            reworded.append((range(new, new_end), range(old, old_end)))
    moved: dict[int, int] = {}
    for lines, _ in reworded:
        for line in lines:
            same = next((one for one in sorted(left) if before[one] == after[line]), None)
            if same is not None:
                moved[line] = same
                left.discard(same)
    yield from moved.items()
    for lines, old_lines in reworded:
        free = [one for one in old_lines if one in left]
        yield from zip((line for line in lines if line not in moved), free, strict=False)


def _new_key(words: str, taken: set[str]) -> str:
    base = slug(words, "line")
    return next(
        key
        for number in range(1, len(taken) + 2)
        if (key := base if number == 1 else f"{base[:36]}-{number}") not in taken
    )


def _put_in_order(made: list[tuple[str, dict[str, Any]]]) -> None:
    """Gives ranks to new lines and to those that were moved; the others keep theirs."""
    ranks = [str(entry.get("rank", "")) for _, entry in made]
    kept = _rising(ranks)
    for number, (_, entry) in enumerate(made):
        if number in kept:
            continue
        before = [entry["rank"] for _, entry in made[:number]][-1:]
        after = [ranks[later] for later in sorted(kept) if later > number][:1]
        rank = place([*before, *after], len(before))
        if rank is None:
            for (_, each), new in zip(made, spread(len(made)), strict=True):
                each["rank"] = new
            return
        entry["rank"] = rank


def _rising(ranks: list[str]) -> set[int]:
    """Which places have ranks that rise; the others take new ones."""
    best: list[list[int]] = []
    for number, rank in enumerate(ranks):
        if rank:
            longest = max((one for one in best if ranks[one[-1]] < rank), key=len, default=[])
            best.append([*longest, number])
    return set(max(best, key=len, default=[]))
