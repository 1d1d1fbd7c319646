"""How counts and shares are written for people: never in powers of ten, and never as more or less than they are."""

from __future__ import annotations

from math import floor


def counted(number: int, what: str) -> str:
    """A number of things: '1 row', '1,200 rows'."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def counted_of(number: int, what: str) -> str:
    """A number of things that are named in the plural: '1 card without an estimate', '2 people without a rate'."""
    if number != 1:
        return f"{number:,} {what}"
    first, _, rest = what.partition(" ")
    singular = {"people": "person"}.get(first, first.removesuffix("s"))
    return f"1 {singular} {rest}".rstrip()


def with_article(what: str) -> str:
    """A noun after its article: 'a card', 'an experiment'."""
    return f"{'an' if what[:1].lower() in 'aeiou' else 'a'} {what}"


def percent(part: float, whole: float = 1) -> str:
    """A share that never rounds some to none, nor nearly all to all: two digits below ten, else four."""
    value = 100 * part / whole if whole else 0.0
    if 0 < value < 0.01:
        return "under 0.01 %"
    if part < whole and value > 99.99:
        return "over 99.99 %"
    return f"{_digits(value, 2 if value < 10 else 4)} %"


def whole_percent(share: float) -> str:
    """A share in whole percent, for estimates, which are no finer."""
    return f"{100 * share:.0f} %"


def percent_reached(share: float) -> str:
    """A share in tenths of a percent, rounded down: what is not all is never said to be."""
    return f"{floor(1000 * share) / 10:g} %"


def percent_in_short(part: float) -> str:
    """A share for a narrow column, by the same rule with fewer digits; nothing for none."""
    if not part:
        return ""
    if part < 0.0001:
        return "<0.01 %"
    value = 100 * part
    if value < 10:
        return f"{_digits(value, 2)} %"
    return f"{_digits(min(value, 99.9) if part < 1 else value, 3)} %"


def _digits(value: float, most: int) -> str:
    """A number with so many digits that count, without a power of ten and without zeros at its end."""
    rounded = float(f"{value:.{most}g}")
    return f"{rounded:.{most + 4}f}".rstrip("0").rstrip(".")
