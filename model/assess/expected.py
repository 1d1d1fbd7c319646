"""What a question wants to hear, in a line: refusals and screens say it, so that it need not be looked up."""

from __future__ import annotations

from ..playbook.item import Item
from .records_asked import wanted_records

Fields = dict[str, object]
"""Fields of an `Answer` as plain values; None clears one."""


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
