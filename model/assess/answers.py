"""From typed words to an answer: what a person says to a question, read by the question's kind.

The command line and the board share it. A refusal names what the question expects, so that it need not be looked up;
nothing is guessed where two readings are possible.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from ..calculators.inputs import calculated
from ..edit.edits import edit, put_entry
from ..edit.refusal import EditRefused
from ..plan.change import MISSING, Batch
from ..plan.field_spec import TextRefused, read_text, shapes
from ..plan.plan import Plan
from ..playbook.fit import POINTS, is_none, number_misfit, unordered
from ..playbook.item import Figure, Item
from ..records.address import Address
from ..records.assessment import Answer
from ..text.dates import parse_date
from ..text.named import named, quoted
from ..text.wording import lacks_words
from .records_asked import wanted_records
from .standing import Standing

Fields = dict[str, object]
"""Fields of an `Answer` as plain values; None clears one."""

_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[,_]\d{3})+|\d+)?(\.\d+)?\s*([kKmM])?(?![\w.,])\s*(.*)", re.DOTALL)
_TIMES = {"k": 1e3, "m": 1e6}
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
                return _computed(item, _figures(item, words, before, today))
            return {"verdict": read_number(item.id, text, item.unit)}
        case "numbers":
            return _computed(item, _figures(item, words, before, today))
        case "choice":
            return {"verdict": _choices(item, words) if item.multiple else _choice(item, text)}
        case "check":
            return {"checked": check_lines(item, words, before.checked if before else ())}
        case "record" if not item.takes_words:
            raise TextRefused(f"{item.id} is answered by records, not by a verdict: {expects(item)}")
        case _:
            return {"verdict": text}


def expects(item: Item) -> str:
    """What the question wants to hear, in a line."""
    match item.kind:
        case "yesno":
            return "yes or no"
        case "scale":
            return "a grade from 1 to 5: " + "; ".join(item.labels)
        case "number":
            one = f"a number ({item.unit})" if item.unit else "a number"
            return f"{one}, or NAME=VALUE for what it is computed from" if item.beside else one
        case "numbers":
            names = ", ".join(f"{figure.id!r} ({figure.unit})" for figure in item.fields)
            others = ", ".join(f"{figure.id!r} ({figure.unit})" for figure in item.instead)
            return f"NAME=VALUE for {names}{f'; or for {others}' if others else ''}"
        case "choice":
            how = "one or more of" if item.multiple else "one of"
            return f"{how}: {', '.join(item.choices)}"
        case "check":
            lines = "; ".join(f"{number} {line}" for number, line in enumerate(item.lines, start=1))
            return f"lines that hold, by number or words: {lines}"
        case "record":
            how = " or ".join(f"kedge {kind} add" for kind in item.record)
            return f"{how} ({wanted_records(item)})"
        case _:
            return "a text of a few words at least"


def set_answer(plan: Plan, project: str, item: Item, fields: Fields, before: Answer | None) -> Batch:
    """The step that puts fields of an answer into a project's assessment.

    A verdict takes the place of `unknown` and `not-applicable`, and the other way round. Raises EditRefused where the
    question is said not to apply without a reason, and where a way of the evidence is said that is not asked for.
    """
    fields = dict(fields)
    state = fields.get("state")
    if state is not None:
        fields |= {"verdict": None}
        because = str(fields.get("because") or (before.because if before else None) or "")
        wrong = lacks_words(because, item.text) if state == "not-applicable" else ""
        if wrong:
            raise EditRefused(f"{named(item.text, item.id)} does not apply: say why with a reason; {wrong}")
    elif before is not None and before.state is not None and {"verdict", "values", "checked"} & fields.keys():
        fields |= {"state": None, "approved_by": None}
    stored = plan.answers(project).get(item.id)
    if stored is not None and item.is_over(stored.cycle, plan.projects[project].cycle):
        # Nothing of it is about this cycle.
        fields = dict.fromkeys(name for name in stored.model_fields_set if name != "unfit") | fields
    if fields.get("result") is not None and not item.result:
        raise EditRefused(f"{named(item.text, item.id)} does not ask which way the evidence points")
    return put_entry(
        plan,
        "answer",
        project,
        item.id,
        fields | _this_cycle(plan, project),
        f"{project}: answer {quoted(item.text)}",
    )


def _this_cycle(plan: Plan, project: str) -> Fields:
    """The cycle for which something is said; nothing in the first, where there is no other."""
    cycle = plan.projects[project].cycle
    return {"cycle": cycle} if cycle > 1 else {}


def confirm(plan: Plan, project: str, one: Standing) -> Batch:
    """The step that says of an answer from an earlier cycle that it still holds. Raises EditRefused."""
    item = one.item
    if not one.to_confirm:
        raise EditRefused(
            f"{named(item.text, item.id)} is {one.word}: there is nothing of an earlier cycle to confirm"
        )
    return put_entry(
        plan,
        "answer",
        project,
        item.id,
        _this_cycle(plan, project),
        f"{project}: {quoted(item.text)} still holds",
    )


def clear_answer(plan: Plan, project: str, item: Item) -> Batch:
    """The step that takes an answer away. Raises EditRefused where there is none."""
    if item.id not in plan.answers(project):
        raise EditRefused(f"{named(item.text, item.id)} has no answer to take away")
    return edit(
        plan,
        Address("assessment", project, "assessment"),
        {("answers", item.id): MISSING},
        f"{project}: no answer to {quoted(item.text)}",
    )


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


def read_number(name: str, text: str, unit: str) -> int | float:
    """`29`, `170k`, `1,100,000`, `29 weeks`; a unit that is written must be the one that is asked for.

    Raises TextRefused with the name and what was expected.
    """
    found = _NUMBER.fullmatch(text.strip())
    asked = f"{name}: a number ({unit}) is expected" if unit else f"{name}: a number is expected"
    if found is None or not (found[2] or found[3]):
        raise TextRefused(f"{asked}, not {text!r}")
    if found[5] and not _is_unit(found[5], unit):
        raise TextRefused(f"{asked}, not {text!r}")
    digits = re.sub("[,_]", "", found[2] or "0") + (found[3] or "")
    value = float(digits) * _TIMES.get((found[4] or "").lower(), 1)
    if found[1] == "-" and value:
        value = -value
    if found[5] == "%" and unit.startswith("share"):
        value /= 100
    if wrong := number_misfit(value, unit):
        raise TextRefused(f"{name}: {wrong}")
    # Products such as 1.1 x 1,000,000 leave a trace in binary.
    value = round(value, 9)
    return int(value) if value.is_integer() else value


def _is_unit(typed: str, unit: str) -> bool:
    """Whether typed words are the unit, or its first word: `week` for weeks, `%` for percent, a currency for money."""
    typed, words = typed.strip().casefold(), unit.casefold().split()
    if not words:
        return False
    if words[0] == "money":
        return re.fullmatch(r"[a-z]{3}|[€$£¥]|money", typed) is not None
    if typed == "%":
        return words[0] in ("percent", "share")
    return typed in (unit.casefold(), words[0]) or typed == words[0].removesuffix("s")


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
) -> list[str] | None:
    """Lines of a checklist after some were checked, or unchecked; `all` and `none` mean every line.

    A word is a line's number, or a part of its text; words that make no sense alone are read as one text. None where
    no line is left.
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
    return known + sorted(checked.difference(item.lines)) or None


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


# ---- named figures


def _figures(item: Item, words: Sequence[str], before: Answer | None, today: dt.date) -> Fields | None:
    figures = {figure.id: figure for figure in item.figures}
    values: dict[str, object] = dict(before.values) if before else {}
    for name, text in _pairs(item, words):
        for field, typed in _points(item, name, text, list(figures)):
            if not typed.strip():
                values.pop(field, None)
            else:
                values[field] = _figure(figures[field], typed.strip(), today)
    if wrong := next((why for _, why in unordered(item, values)), ""):
        raise TextRefused(wrong)
    return values or None


REACHED: Mapping[str, Mapping[str, str]] = {"tr-quality": {"result": "share", "lower bound": "low"}}
"""Figures of a question that its calculator gives, and the names that they have there."""


def _computed(item: Item, values: Fields | None) -> Fields:
    """Figures, and what the question's calculator makes of them: the verdict where a number is asked."""
    fields: Fields = {"values": values}
    found = calculated(item, values or {})
    if found is not None and item.kind == "number":
        if item.unit != "money" or "cost" in found.figures:
            fields["verdict"] = round(found.value, 4)
    elif found is not None and values is not None:
        values |= {name: round(found.number(one), 6) for name, one in REACHED.get(item.id, {}).items()}
    return fields


def _pairs(item: Item, words: Sequence[str]) -> list[tuple[str, str]]:
    """Names with their texts; words behind a value belong to it: `who=Greta, 14 months`."""
    pairs: list[tuple[str, str]] = []
    for word in words:
        name, equals, text = word.partition("=")
        if equals and name.strip():
            pairs.append((name.strip(), text))
        elif pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {word}")
        else:
            pairs.append(("", word))
    if not any(name for name, _ in pairs) and not (len(pairs) == 1 and pairs[0][1].count("/") == 2):
        raise TextRefused(f"{item.id}: {expects(item)} is expected, not {' '.join(words)!r}")
    return pairs


def _points(item: Item, name: str, text: str, known: Sequence[str]) -> list[tuple[str, str]]:
    """One figure, or `1/2/3` for the three of a group: `likely=5`, `next=1/2/3`."""
    if "/" in text and text.count("/") == 2:
        groups = [one.removesuffix("low") for one in known if one.endswith("low")]
        groups = [one for one in groups if all(one + point in known for point in POINTS)]
        fits = [one for one in groups if not name or _begins(name, one)]
        if len(fits) == 1:
            return [(fits[0] + point, part) for point, part in zip(POINTS, text.split("/"), strict=True)]
        if len(fits) > 1:
            names = " and ".join(repr(one.strip(": ")) for one in fits)
            raise TextRefused(
                f"{item.id}: say which of {names} is meant, such as {fits[0].strip(': ')!r}={text}"
            )
    folded = name.replace("-", " ").casefold()
    begun = [one for one in known if folded and one.replace("-", " ").casefold().startswith(folded)]
    fits = [one for one in known if one.casefold() == name.casefold()] or (
        begun if len(begun) == 1 else [one for one in known if _begins(name, one)]
    )
    if len(fits) == 1:
        return [(fits[0], text)]
    if fits:
        raise TextRefused(f"{item.id}: {name!r} may be {', '.join(map(repr, fits))}: write more of it")
    raise TextRefused(f"{item.id} has no figure {name!r}; it has {', '.join(map(repr, known))}")


def _begins(typed: str, name: str) -> bool:
    """Whether the typed words are beginnings of words of a name, in their order: `next-low` for `to next gate: low`."""
    words = iter(re.findall(r"[^\W_]+", name.casefold()))
    wanted = re.findall(r"[^\W_]+", typed.casefold())
    return bool(wanted) and all(any(word.startswith(one) for word in words) for one in wanted)


def _figure(figure: Figure, text: str, today: dt.date) -> object:
    if figure.unit == "date":
        return parse_date(text, today).isoformat()
    if figure.is_text:
        return text
    return read_number(figure.id, text, figure.unit)
