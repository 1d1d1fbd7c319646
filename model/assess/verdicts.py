"""From typed words to an answer: what a person says to a question, read by the question's kind.

The command line and the board share it. A refusal names what the question expects, so that it need not be looked up;
nothing is guessed where two readings are possible.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from ..plan.field_spec import TextRefused, read_text, shapes
from ..playbook.fit import is_none
from ..playbook.item import Item
from ..records.assessment import Answer
from .expected import Fields, expects
from .typed_figures import read_figures, read_number, with_computed

_YES = ("yes", "y", "true")
_NO = ("no", "n", "false")


def read_verdict(item: Item, words: Sequence[str], before: Answer | None, today: dt.date) -> Fields:
    """The fields that some words set: `yes`, `3`, `29 weeks`, `more revenue`, `low=1 likely=2`, `1 4`, a sentence.

    Named figures and checked lines are added to those that are there; `NAME=` clears a figure, `none` clears all
    lines. Raises TextRefused with what was expected.
    """
    text = " ".join(words).strip()
    if not text:
        raise TextRefused(f"{item.id}: {expects(item)}")
    match item.kind:
        case "yesno":
            return {"verdict": _flag(item, text)}
        case "scale":
            return {"verdict": _grade(item, text)}
        case "number":
            if item.beside and "=" in words[0]:
                return with_computed(item, read_figures(item, words, before, today))
            return {"verdict": read_number(item.id, text, item.unit)}
        case "numbers":
            return with_computed(item, read_figures(item, words, before, today))
        case "choice":
            return {"verdict": _choices(item, words) if item.multiple else _choice(item, text)}
        case "check":
            return {"checked": check_lines(item, words, before.checked if before else ())}
        case "record" if not item.takes_words:
            raise TextRefused(f"{item.id} is answered by records, not by a verdict: {expects(item)}")
        case _:
            return {"verdict": text}


def read_level(text: str) -> str:
    """A level of evidence. Raises TextRefused."""
    return str(read_text(shapes(Answer)["confidence"], text, dt.date.min))


def read_result(text: str) -> str:
    """Which way evidence points. Raises TextRefused."""
    return str(read_text(shapes(Answer)["result"], text, dt.date.min))


# ---- one kind after the other


def _flag(item: Item, text: str) -> bool:
    word = text.casefold()
    if word not in _YES + _NO:
        raise TextRefused(f"{item.id}: yes or no is expected, not {text!r}")
    return word in _YES


def _grade(item: Item, text: str) -> int:
    if text not in ("1", "2", "3", "4", "5"):
        means = f" ({'; '.join(item.labels)})" if item.labels else ""
        raise TextRefused(f"{item.id}: a grade from 1 to 5 is expected, not {text!r}{means}")
    return int(text)


def _choice(item: Item, text: str) -> str:
    return _one_of(item.id, text, item.choices)


def _choices(item: Item, words: Sequence[str]) -> list[str]:
    """Several choices: with commas between them, or as words of their own; without quotes one alone."""
    text = " ".join(words)
    if "," in text:
        parts = [part.strip() for part in text.split(",") if part.strip()]
    elif len(words) == 1 or _fitting(text, item.choices):
        parts = [text]
    else:
        parts = list(words)
    chosen = list(dict.fromkeys(_choice(item, part) for part in parts))
    alone = [choice for choice in chosen if is_none(choice)]
    if alone and len(chosen) > 1:
        raise TextRefused(f"{item.id}: {alone[0]!r} goes with no other choice")
    return [choice for choice in item.choices if choice in chosen]


def _one_of(name: str, text: str, known: Sequence[str]) -> str:
    """The one of some texts that is meant: whole, by its beginning, or by a part that no other has."""
    fits = _fitting(text, known)
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise TextRefused(f"{name}: {text!r} may be {', '.join(map(repr, fits))}: write more of it")
    raise TextRefused(f"{name}: {text!r} is none of: {', '.join(known)}")


def _fitting(text: str, known: Sequence[str]) -> list[str]:
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return []
    folded = {one: one.casefold() for one in known}
    for fits in (
        [one for one in known if folded[one] == wanted],
        [one for one in known if folded[one].startswith(wanted)],
        [one for one in known if wanted in folded[one]],
    ):
        if fits:
            return fits
    return []


def check_lines(
    item: Item, words: Sequence[str], current: Sequence[str] = (), *, holds: bool = True
) -> list[str]:
    """Lines of a checklist after some were checked, or unchecked; `all` and `none` mean every line.

    A word is a line's number, or a part of its text; words that make no sense alone are read as one text. That no
    line holds is an answer as well: an empty list.
    """
    if item.kind != "check":
        raise TextRefused(f"{item.id} has no lines: it wants {expects(item)}")
    checked = set(current)
    for line in _lines(item, words):
        if line == "none":
            checked.clear()
        elif holds:
            checked.add(line)
        else:
            checked.discard(line)
    known = [line for line in item.lines if line in checked]
    # Lines that a newer playbook no longer has are not ours to throw away.
    return known + sorted(checked.difference(item.lines))


def _lines(item: Item, words: Sequence[str]) -> list[str]:
    text = " ".join(words).strip()
    if text.casefold() == "all":
        return list(item.lines)
    if text.casefold() == "none":
        return ["none"]
    parts = [part.strip() for word in words for part in _apart(word) if part.strip()]
    if not all(part.isdecimal() for part in parts) and _fitting(text, item.lines):
        parts = [text]
    found: list[str] = []
    for part in parts:
        if part.isdecimal():
            if not 1 <= int(part) <= len(item.lines):
                raise TextRefused(f"{item.id} has lines 1 to {len(item.lines)}; there is no line {part}")
            found.append(item.lines[int(part) - 1])
        else:
            found.append(_one_of(item.id, part, item.lines))
    return found


def _apart(word: str) -> list[str]:
    """`1,4` are two lines; a comma inside a line's own words is none that takes them apart."""
    return word.split(",") if re.fullmatch(r"[\d,\s]+", word) else [word]
