"""The place of a thing among its neighbours, as a text that sorts between theirs.

A list of ids in one file makes every two reorderings on two branches a conflict. A rank is one line in one file,
and a move writes that line only. The scheme is the fractional index that Figma describes (Evan Wallace,
"Realtime editing of ordered sequences", 2017) with the variable-length whole number of David Greenspan
("Implementing fractional indexing", 2020): the first letter says how many digits the whole number has, so that
a thousand things put at the end have ranks of four characters rather than hundreds.

    a0 … az, b00 … bzz, c000 …    upwards
    Zz … Z0, Yzz … Y00, Xzzz …    downwards
    a0V                           between a0 and a1: whole number a0, fraction V

A rank that a person wrote in another form is read as a plain fraction in base 62, so that any two ranks that
differ in more than trailing zeros have room between them.
"""

from __future__ import annotations

from collections.abc import Sequence

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""In the order of their code points, so that plain text comparison is numeric comparison."""
START = "a0"
"""The rank of the first thing."""
LONGEST = 200
"""The most characters that a record takes as a rank."""

_VALUE = {digit: value for value, digit in enumerate(DIGITS)}
_BASE = len(DIGITS)


def between(before: str | None, after: str | None) -> str:
    """A short rank strictly between two ranks; None stands for the end of the list on that side.

    Its fraction never ends in `0`, so that there is always room on both sides of it. Raises ValueError where
    `before` does not sort before `after`, where nothing fits between them (`a` and `a0`), where the result
    would be too long, and for a text that is no rank.
    """
    for rank in (before, after):
        if rank is not None and (not rank or any(digit not in _VALUE for digit in rank)):
            raise ValueError(f"a rank is made of 0-9, A-Z and a-z: {rank!r}")
    if before is not None and after is not None and before >= after:
        raise ValueError(f"{before!r} does not sort before {after!r}")
    low = _split(before) if before is not None else None
    high = _split(after) if after is not None else None
    usual = (before is None or low) and (after is None or high)
    found = (_between_numbers(low, high) if usual else None) or _midpoint(before or "", after)
    if len(found) > LONGEST:
        raise ValueError(f"between {before!r} and {after!r} only ranks are left that are too long")
    return found


def place(ranks: Sequence[str], index: int) -> str | None:
    """The rank that puts a thing before `ranks[index]`, or last where `index` is the length.

    `ranks` are those of its group in order, without its own. None where the neighbours have equal ranks or leave
    no room: then the whole group takes new ones from `spread`.
    """
    before = ranks[index - 1] if index > 0 else None
    after = ranks[index] if index < len(ranks) else None
    try:
        return between(before, after)
    except ValueError:
        return None


def spread(count: int) -> list[str]:
    """Short ranks for a whole group, in order, with room before, between and after them."""
    ranks: list[str] = []
    for _ in range(count):
        ranks.append(between(ranks[-1], None) if ranks else START)
    return ranks


def _split(rank: str) -> tuple[str, str] | None:
    """Whole number and fraction of a rank; None where a person wrote it in another form."""
    head = rank[0]
    if "a" <= head <= "z":
        length = ord(head) - ord("a") + 2
    elif "A" <= head <= "Z":
        length = ord("Z") - ord(head) + 2
    else:
        return None
    number, fraction = rank[:length], rank[length:]
    return None if len(number) < length or fraction.endswith("0") else (number, fraction)


def _between_numbers(low: tuple[str, str] | None, high: tuple[str, str] | None) -> str | None:
    """The shortest rank of the usual form; None where the whole numbers are used up."""
    if low is None and high is None:
        return START
    if low is None:
        assert high is not None
        # A fraction is the place after its whole number, so that the bare number is already before it.
        return high[0] if high[1] else _step(high[0], -1)
    number, fraction = low
    following = _step(number, +1)
    if high is None:
        return following or number + _midpoint(fraction, None)
    if number == high[0]:
        return number + _midpoint(fraction, high[1])
    if following is not None and (following, "") < high:
        return following
    return number + _midpoint(fraction, None)


def _step(number: str, by: int) -> str | None:
    """The whole number above (+1) or below (-1); None beyond the largest and the smallest."""
    head, digits = number[0], list(number[1:])
    wraps_at, wraps_to = (DIGITS[-1], DIGITS[0]) if by > 0 else (DIGITS[0], DIGITS[-1])
    for index in reversed(range(len(digits))):
        if digits[index] != wraps_at:
            digits[index] = DIGITS[_VALUE[digits[index]] + by]
            return head + "".join(digits)
        digits[index] = wraps_to
    if head == ("z" if by > 0 else "A"):
        return None
    if head == ("Z" if by > 0 else "a"):
        return START if by > 0 else "Z" + DIGITS[-1]
    grows = head >= "a" if by > 0 else head <= "Z"
    count = len(digits) + (1 if grows else -1)
    return chr(ord(head) + by) + wraps_to * count


def _midpoint(low: str, high: str | None) -> str:
    """A short base-62 fraction strictly between two; None is the upper end, where every digit is still free."""
    low, high = low.rstrip("0"), high.rstrip("0") if high is not None else None
    if high is not None and low >= high:
        raise ValueError(f"there is no rank between {low!r} and {high!r}")
    digits: list[str] = []
    index = 0
    while True:
        floor = _VALUE[low[index]] if index < len(low) else 0
        ceiling = _VALUE[high[index]] if high is not None else _BASE
        if ceiling - floor > 1:
            return "".join(digits) + DIGITS[(floor + ceiling + 1) // 2]
        if ceiling > floor:
            if high is not None and index + 1 < len(high):
                return "".join(digits) + DIGITS[ceiling]
            high = None
        digits.append(DIGITS[floor])
        index += 1
