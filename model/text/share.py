"""What a share is, said once for calculators, answers, fields and files: 0.02 and `2%` are, and 2 is not.

Nothing is guessed: 2 may be 2 % or a slip, and figures that are a hundred times too large decide over projects.
"""

from __future__ import annotations

SHARE_SHAPE = "a share between 0 and 1, such as 0.02 or 2%"


def not_a_share(value: float, typed: str = "") -> str:
    """Why a number is no share, with what was probably meant; empty where it is one. `typed` is how it was written."""
    if 0 <= value <= 1:
        return ""
    said = "a share is between 0 and 1"
    if typed.endswith("%"):
        return f"{said}, or 100%, not {typed}"
    if 1 < value <= 100:
        return f"{said}; {value:g} % is {round(value / 100, 12):g} or `{value:g}%`"
    return f"{said}, not {value:g}"


def not_a_percentage(value: float) -> str:
    """Why a number is no percentage of a whole, with what was probably meant; empty where it is one."""
    if value == 0 or 1 <= value <= 100:
        return ""
    said = "a percentage is between 1 and 100, or 0"
    if 0 < value < 1:
        return f"{said}; the share {value:g} is {round(100 * value, 10):g}"
    return f"{said}, not {value:g}"
